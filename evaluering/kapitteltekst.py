"""Write in a chapter of the annual report without losing anybody's text."""

from django.db import transaction

from evaluering.models import Aarsrapport, Kapitteltekst
from nettverk.models import Nettverk, Person


class Konflikt(Exception):
    """Somebody else saved the chapter after this text was opened. `deres` is the text as it stands."""

    def __init__(self, deres: Kapitteltekst) -> None:
        super().__init__(deres.noekkel)
        self.deres = deres


class ErLaast(Exception):
    """The report is approved; its text no longer changes."""


@transaction.atomic
def save(
    *, nettverk: Nettverk, aar: int, noekkel: str, tekst: str, versjon: int, by: Person
) -> Kapitteltekst:
    """Save the text that was opened as `versjon` (0 when nothing was written). Makes the year's report
    at its first text. Raises Konflikt or ErLaast, having changed nothing.

    A save that arrives twice is no conflict when the text is the same.
    """
    rapport, _ny = Aarsrapport.objects.get_or_create(nettverk=nettverk, aar=aar)
    # The lock makes writers of one report take turns, so that two first saves cannot both make the row.
    rapport = Aarsrapport.objects.select_for_update().get(pk=rapport.pk)
    if rapport.er_laast:
        raise ErLaast
    lagret = rapport.tekster.filter(noekkel=noekkel).first()
    if lagret is None:
        lagret = Kapitteltekst(aarsrapport=rapport, noekkel=noekkel)
    elif lagret.tekst == tekst:
        return lagret
    elif lagret.versjon != versjon:
        raise Konflikt(lagret)
    lagret.tekst = tekst
    lagret.versjon += 1
    lagret.endret_av = by
    lagret.save()
    return lagret
