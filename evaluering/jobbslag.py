"""The background jobs of evaluering."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluering.aarsrapport import PDF, build_html, find_or_new
from nettverk.arbeid.jobber import Arbeid, jobbslag
from nettverk.filer.pdf import html_to_pdf, pdf_name
from nettverk.models import Jobb


def _resultat_url(jobb: Jobb) -> str:
    return reverse("evaluering:aarsrapport_pdf", args=[jobb.nettverk.slug, jobb.parametre["aar"]])


@jobbslag(
    PDF,
    tillatelse="evaluering.view_aarsrapport",
    bestill_tillatelse="evaluering.change_aarsrapport",
    resultat_tekst=gettext_lazy("Åpne PDF-en"),
    resultat_url=_resultat_url,
)
def aarsrapport_pdf(arbeid: Arbeid) -> None:
    """Gather the year, lay it out, keep the PDF as the job's result."""
    rapport = find_or_new(arbeid.jobb.nettverk, arbeid.jobb.parametre["aar"])
    arbeid.report(10, _("Henter tallene"), straks=True)
    html = build_html(rapport)
    arbeid.report(40, _("Setter opp sidene"), straks=True)
    arbeid.resultat = (
        pdf_name("aarsrapport", rapport.nettverk.slug, rapport.aar),
        html_to_pdf(html),
    )
