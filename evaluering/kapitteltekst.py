"""Write in a chapter of the annual report without losing anybody's text."""

from django.db import transaction
from django.utils.translation import gettext as _

from evaluering.models import Aarsrapport, Kapitteltekst
from nettverk.models import Nettverk, Person
from nettverk.skriving.konflikt import Lukket, write


@transaction.atomic
def save(
    *, nettverk: Nettverk, aar: int, noekkel: str, tekst: str, versjon: int, by: Person
) -> Kapitteltekst:
    """Save the text that was opened as `versjon` (0 when nothing was written). Makes the year's report
    at its first text. Raises Konflikt, or Lukket when the report is approved, having changed nothing.
    """
    rapport, _ny = Aarsrapport.objects.get_or_create(nettverk=nettverk, aar=aar)
    # The lock makes writers of one report take turns, so that two first saves cannot both make the row.
    rapport = Aarsrapport.objects.select_for_update().get(pk=rapport.pk)
    if rapport.er_laast:
        raise Lukket(_("Rapporten er godkjent, og teksten kan ikke endres."))
    lagret = rapport.tekster.filter(noekkel=noekkel).first()
    lagret = lagret or Kapitteltekst(aarsrapport=rapport, noekkel=noekkel)
    return write(lagret, versjon=versjon, felt={"tekst": tekst}, endret_av=by)
