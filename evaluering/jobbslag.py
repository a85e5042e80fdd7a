"""The background jobs of evaluering."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluering.aarsrapport import GODKJENT_PDF, PDF, build_html, find_or_new
from evaluering.godkjenning import keep_pdf
from evaluering.models import Aarsrapport
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag
from nettverk.filer.pdf import html_to_pdf, pdf_name
from nettverk.models import Jobb


def _resultat_url(jobb: Jobb) -> str:
    return reverse("evaluering:aarsrapport_pdf", args=[jobb.nettverk.slug, jobb.parametre["aar"]])


@jobbslag(
    PDF,
    tillatelse="evaluering.view_aarsrapport_utkast",
    bestill_tillatelse="evaluering.order_aarsrapport_pdf",
    resultat_tekst=gettext_lazy("Åpne PDF-en"),
    resultat_url=_resultat_url,
)
def aarsrapport_pdf(arbeid: Arbeid) -> None:
    """Gather the year, lay it out, keep the PDF as the job's result."""
    arbeid.resultat = _lay_out(
        arbeid, find_or_new(arbeid.jobb.nettverk, arbeid.jobb.parametre["aar"])
    )


@jobbslag(
    GODKJENT_PDF,
    tillatelse="evaluering.view_aarsrapport_utkast",
    bestill_tillatelse="evaluering.order_aarsrapport_pdf",
    resultat_tekst=gettext_lazy("Åpne PDF-en"),
    resultat_url=_resultat_url,
)
def godkjent_pdf(arbeid: Arbeid) -> None:
    """Lay the approved report out from what was kept of it, and keep the PDF with the report."""
    rapport = find_or_new(arbeid.jobb.nettverk, arbeid.jobb.parametre["aar"])
    if not rapport.er_laast:
        raise JobbFeil(_("Rapporten er ikke godkjent."))
    if rapport.fil:
        return
    navn, innhold = _lay_out(arbeid, rapport)
    with arbeid.writing():
        keep_pdf(rapport, navn=navn, innhold=innhold)


def _lay_out(arbeid: Arbeid, rapport: Aarsrapport) -> tuple[str, bytes]:
    arbeid.report(10, _("Henter tallene"), straks=True)
    html = build_html(rapport)
    arbeid.report(40, _("Setter opp sidene"), straks=True)
    return pdf_name("aarsrapport", rapport.nettverk.slug, rapport.aar), html_to_pdf(html)
