"""Take in what a phone answered: once for each key, the newest edition, as long as the survey takes it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluering.models import Svar, Svarverdi, Undersokelse
from nettverk.skriving.konflikt import KanIkke, Lukket

# A hall of 700 and some more: whoever goes on making answers is stopped here.
MAKS_SVAR = 20_000


@dataclass(frozen=True)
class Verdi:
    """The answer to one question, of its kind (`Sporsmaal`)."""

    tall: int | None = None
    oensket: int | None = None
    tekst: str = ""
    valg: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.tall is not None or bool(self.tekst) or bool(self.valg)

    @property
    def felt(self) -> dict[str, Any]:
        return {
            "tall": self.tall,
            "oensket": self.oensket,
            "tekst": self.tekst,
            "valg": list(self.valg),
        }


@transaction.atomic
def receive(
    undersokelse: Undersokelse,
    *,
    nokkel: uuid.UUID,
    verdier: Mapping[int, Verdi],
    utgave: int | None = None,
) -> None:
    """Keep what the phone with this key answered, by question. Without `utgave` it is newer than what stands.

    An edition that stands, or an older one, changes nothing: it is a retry. Raises Lukket when the survey takes no
    answers, KanIkke when there is nothing in it. Writes no history, and no time of day.
    """
    svarte = {pk: verdi for pk, verdi in verdier.items() if verdi}
    if not svarte:
        raise KanIkke(_("Svar på minst ett spørsmål."))
    # What is sent twice at once waits here for the first.
    ny = Svar(nokkel=nokkel, undersokelse=undersokelse, mottatt=timezone.localdate())
    Svar.objects.bulk_create([ny], ignore_conflicts=True)
    svar = Svar.objects.select_for_update(of=["self"]).get(pk=nokkel)
    if svar.undersokelse_id != undersokelse.pk:
        raise KanIkke(_("Det som ble sendt, kunne ikke brukes."))
    if utgave is None:
        utgave = svar.utgave + 1
    elif utgave <= svar.utgave:
        return
    if not svar.utgave and undersokelse.svar.count() > MAKS_SVAR:
        raise KanIkke(_("Skjemaet har ikke plass til flere svar."))
    svar.utgave = utgave
    svar.save(update_fields=["utgave"])
    _write(svar, svarte)
    # Last, and in one: whether it still takes answers, and that there is something new.
    tar_imot = Undersokelse.objects.taking(timezone.now()).filter(pk=undersokelse.pk)
    if not tar_imot.update(versjon=F("versjon") + 1):
        raise Lukket(closed())


def closed() -> str:
    return _("Skjemaet ble stengt før svaret kom frem, så svaret kom ikke med.")


def _write(svar: Svar, verdier: Mapping[int, Verdi]) -> None:
    """What is the same stands as the row it is; what is other is another row, so that a text that was shown is no
    longer shown when it is written anew (`resultat`)."""
    finnes = {rad.sporsmaal_id: rad for rad in svar.verdier.all()}
    nye = {
        pk: verdi
        for pk, verdi in verdier.items()
        if pk not in finnes or any(getattr(finnes[pk], n) != v for n, v in verdi.felt.items())
    }
    borte = [rad.pk for pk, rad in finnes.items() if pk in nye or pk not in verdier]
    if borte:
        Svarverdi.objects.filter(pk__in=borte).delete()
    Svarverdi.objects.bulk_create(
        Svarverdi(svar=svar, sporsmaal_id=pk, **verdi.felt) for pk, verdi in nye.items()
    )


def own_answer(undersokelse: Undersokelse, nokkel: uuid.UUID) -> dict[int, Verdi] | None:
    """What the phone with this key answered, by question; None when it has not. Two queries."""
    svar = Svar.objects.filter(pk=nokkel, undersokelse=undersokelse).first()
    if svar is None:
        return None
    return {
        rad.sporsmaal_id: Verdi(rad.tall, rad.oensket, rad.tekst, rad.valg)
        for rad in svar.verdier.all()
    }
