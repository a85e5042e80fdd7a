"""Dots: each phone gives a few, to the cards it finds most important."""

import uuid

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fremtidsbilder.models import Prikk, Samtalesporsmaal
from fremtidsbilder.tankesmier.stand import arranging
from nettverk.skriving.konflikt import KanIkke


def give(sporsmaal: Samtalesporsmaal, *, bidrag: int, velger: uuid.UUID) -> None:
    """Give a card a dot; twice is one. KanIkke when the phone has none left, counted while the question is held, so
    that twenty at the same moment are not more than it has."""
    with arranging(sporsmaal) as naa:
        _require_vote(naa)
        kort = naa.bidrag.shown().filter(pk=bidrag).first()
        if kort is None:
            raise KanIkke(_("Bidraget er fjernet."))
        egne = Prikk.objects.filter(velger=velger, bidrag__sporsmaal=naa)
        if egne.filter(bidrag=kort).exists():
            return
        # A dot on a card that is hidden later is free again.
        if egne.filter(bidrag__skjult=False).exclude(bidrag__tekst="").count() >= naa.prikker:
            raise KanIkke(
                ngettext(
                    "Du har gitt prikken din. Fjern prikken fra et annet bidrag først.",
                    "Du har gitt de %(n)s prikkene dine. Fjern en prikk fra et annet bidrag først.",
                    naa.prikker,
                )
                % {"n": naa.prikker}
            )
        Prikk.objects.create(bidrag=kort, velger=velger)


def take_back(sporsmaal: Samtalesporsmaal, *, bidrag: int, velger: uuid.UUID) -> None:
    """Take a dot back."""
    with arranging(sporsmaal) as naa:
        _require_vote(naa)
        Prikk.objects.filter(bidrag=bidrag, bidrag__sporsmaal=naa, velger=velger).delete()


def own(sporsmaal: Samtalesporsmaal, velger: uuid.UUID | None) -> set[int]:
    """The cards the phone has given a dot."""
    if velger is None:
        return set()
    rader = Prikk.objects.filter(
        velger=velger, bidrag__sporsmaal=sporsmaal, bidrag__skjult=False
    ).exclude(bidrag__tekst="")
    return set(rader.values_list("bidrag", flat=True))


def _require_vote(sporsmaal: Samtalesporsmaal) -> None:
    if not sporsmaal.kan_stemmes or sporsmaal.tankesmie.er_over:
        raise KanIkke(_("Prikkene er stengt nå."))
