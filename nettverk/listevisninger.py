"""Keep a list as one likes to see it, and throw it away again."""

from django.core.exceptions import TooManyFieldsSent
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from nettverk.models import Listevisning, Nettverk, Person
from nettverk.models.listevisning import MAKS_SPORRING
from nettverk.side.liste import SIDETALL
from nettverk.skriving.konflikt import KanIkke

MANGE = 12


def keep(*, by: Person, nettverk: Nettverk, liste: str, navn: str, sporring: str) -> Listevisning:
    """Keep the choices of `liste` under `navn`; the same name once more replaces what it held.

    `sporring` is the address's query; the page one happened to be on is left out. Raises KanIkke when
    the person has as many as a menu can hold, or the choices are more than a view can hold.
    """
    for_mange = _("Det er for mange valg til å lagre dem i én visning.")
    try:
        valg = QueryDict(sporring, mutable=True)
    except TooManyFieldsSent as feil:
        raise KanIkke(for_mange) from feil
    valg.pop(SIDETALL, None)
    # Written as an address writes it, æ takes six signs.
    if len(valg.urlencode()) > MAKS_SPORRING:
        raise KanIkke(for_mange)
    with transaction.atomic():
        # Two tabs at once: the second counts what the first kept.
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        egne = Listevisning.objects.filter(person=by, nettverk=nettverk, liste=liste)
        if egne.exclude(navn=navn).count() >= MANGE:
            raise KanIkke(
                _("Du har %(antall)d visninger av denne lista. Fjern en visning først.")
                % {"antall": MANGE}
            )
        visning, _ny = egne.update_or_create(
            navn=navn,
            defaults={"sporring": valg.urlencode()},
            create_defaults={
                "person": by,
                "nettverk": nettverk,
                "liste": liste,
                "sporring": valg.urlencode(),
            },
        )
    return visning


def forget(visning: Listevisning) -> None:
    """Throw the view away. What it showed stays as it is."""
    visning.delete()


def forget_all(person: Person) -> None:
    """Throw away every view of somebody who has closed the account."""
    Listevisning.objects.filter(person=person).delete()
