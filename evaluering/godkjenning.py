"""STG approves the annual report, and a coordinator publishes it: from then on it stands as it was."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluering.aarsrapport import (
    GODKJENT_PDF,
    keep,
    lay_out,
    order_pdf,
    pdf_url,
    rapport_of,
    remember_anew,
)
from evaluering.models import Aarsrapport
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag
from nettverk.filer.lager import all_or_nothing
from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke, Konflikt


@transaction.atomic
def approve(rapport: Aarsrapport, *, stand: int, by: Person) -> Aarsrapport:
    """Lock the report, keep it as it is now – every chapter's figures and text – and order its PDF.

    `stand` is `rapport.stand` when the person looked: raises Konflikt when the text is another now.
    Raises KanIkke when nothing is written. Approving what is approved changes nothing.
    """
    rad = _locked(rapport)
    if rad.er_laast:
        return rad
    if not rad.tekster.exclude(tekst="").exists():
        raise KanIkke(_("Ingen har skrevet i rapporten ennå."))
    if rad.stand != stand:
        raise Konflikt(rad)
    rad.frosset = keep(rad)
    rad.status = Aarsrapport.Status.GODKJENT
    rad.godkjent = timezone.now()
    rad.godkjent_av = by
    rad.save(update_fields=["frosset", "status", "godkjent", "godkjent_av"])
    order_pdf(rad, by=by)
    transaction.on_commit(lambda: remember_anew(rad.nettverk))
    return rad


@transaction.atomic
def publish(rapport: Aarsrapport, *, by: Person) -> Aarsrapport:
    """Let everyone read the approved report. Publishing what is published changes nothing."""
    rad = _locked(rapport)
    if rad.status == Aarsrapport.Status.PUBLISERT:
        return rad
    if rad.status != Aarsrapport.Status.GODKJENT:
        raise KanIkke(_("Rapporten må være godkjent før den kan publiseres."))
    rad.status = Aarsrapport.Status.PUBLISERT
    rad.publisert = timezone.now()
    rad.publisert_av = by
    rad.save(update_fields=["status", "publisert", "publisert_av"])
    return rad


@transaction.atomic
@all_or_nothing()
def keep_pdf(rapport: Aarsrapport, *, navn: str, innhold: bytes) -> None:
    """Keep the approved report's PDF with the report, where no clearing of old jobs reaches it.

    The first one stands: a job that runs twice makes no second file.
    """
    rad = _locked(rapport)
    if rad.er_laast and not rad.fil:
        rad.fil.save(navn, ContentFile(innhold), save=False)
        rad.save(update_fields=["fil"])


@jobbslag(
    GODKJENT_PDF,
    tillatelse="evaluering.view_aarsrapport_utkast",
    bestill_tillatelse="evaluering.order_aarsrapport_pdf",
    resultat_tekst=gettext_lazy("Åpne PDF-en"),
    resultat_url=pdf_url,
)
def make_godkjent_pdf(arbeid: Arbeid) -> None:
    """Lay the approved report out from what was kept of it, and keep the PDF with the report."""
    rapport = rapport_of(arbeid.jobb)
    if not rapport.er_laast:
        raise JobbFeil(_("Rapporten er ikke godkjent."))
    if rapport.fil:
        return
    navn, innhold = lay_out(arbeid, rapport)
    with arbeid.writing():
        keep_pdf(rapport, navn=navn, innhold=innhold)


def _locked(rapport: Aarsrapport) -> Aarsrapport:
    rad = Aarsrapport.objects.select_for_update(of=["self"]).select_related("nettverk")
    return rad.get(pk=rapport.pk)
