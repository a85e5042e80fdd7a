"""`manage.py nullstill_tosteg`: remove somebody's lost passkeys and app, a day after it was ordered."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from nettverk.models import Person, Tostegnullstilling
from nettverk.sikkerhet import nullstilling
from nettverk.skriving.konflikt import KanIkke


class Command(BaseCommand):
    help = (
        "Fjern passnøkkel og app fra en konto som har mistet dem. Første gang bestilles det, og personen og "
        "alle administratorer får e-post. Et døgn etter kjøres kommandoen en gang til, og da blir det gjort."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("epost", help="kontoen det gjelder")
        parser.add_argument("--av", help="e-postadressen til administratoren som gjør det")
        parser.add_argument("--stopp", action="store_true", help="stopp en nullstilling som venter")

    def handle(self, *args: Any, **options: Any) -> None:
        person = self._find(options["epost"])
        if options["stopp"]:
            stoppet = nullstilling.stop(
                person=person, by=self._find(options["av"]) if options["av"] else None
            )
            self.stdout.write("Stoppet." if stoppet else "Ingen nullstilling ventet.")
            return
        if not options["av"]:
            raise CommandError("Skriv hvem du er: --av din@adresse")
        av = self._find(options["av"])
        try:
            self._order_or_finish(person, av)
        except KanIkke as feil:
            raise CommandError(str(feil)) from feil

    def _order_or_finish(self, person: Person, av: Person) -> None:
        if Tostegnullstilling.objects.filter(person=person).exists():
            nullstilling.finish(person=person, by=av)
            self.stdout.write(f"Passnøkkel og app er fjernet fra {person.epost}.")
            return
        rad = nullstilling.order(person=person, by=av)
        naar = timezone.localtime(rad.kan_gjoeres)
        self.stdout.write(f"Bestilt. Kjør kommandoen igjen etter {naar:%d.%m.%Y kl. %H.%M}.")

    def _find(self, epost: str) -> Person:
        person = Person.objects.filter(epost=epost.strip().lower()).first()
        if person is None:
            raise CommandError(f"Ingen konto har adressen {epost}.")
        return person
