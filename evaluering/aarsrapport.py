"""The annual report: chapters gathered from every app with KOG's text, as a page and as a PDF."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluering.models import Aarsrapport, Kapitteltekst
from kommuner.gyldighet import idag
from nettverk.aarsrapportkapitler import rapportdato
from nettverk.arbeid.gjelder import gjelder
from nettverk.arbeid.jobber import order_jobb
from nettverk.filer.pdf import build_html as build_pdf_html
from nettverk.filer.pdf import html_to_pdf
from nettverk.flater import Kapittel, Tekst, kapitlene
from nettverk.models import Jobb, Nettverk, Person

PDF = "evaluering.aarsrapport_pdf"
SAMMENDRAG = "sammendrag"
TIDLIGST = 2000
SENEST = 2100
_NOKKELTALL = 5


def is_reportable(aar: int) -> bool:
    """From the first year the portal keeps, to next year."""
    return TIDLIGST <= aar <= min(SENEST, idag().year + 1)


@dataclass(frozen=True)
class Rapportkapittel:
    """A chapter in its place in the report: figures from an app, text from KOG."""

    nr: int
    kapittel: Kapittel
    tekst: Kapitteltekst

    @property
    def noekkel(self) -> str:
        return self.kapittel.noekkel

    @property
    def id(self) -> str:
        return f"kapittel-{self.kapittel.noekkel}"

    @property
    def nummer(self) -> int:
        return self.nr

    @property
    def tittel(self) -> Tekst:
        return self.kapittel.tittel

    @property
    def har_tekst(self) -> bool:
        return bool(self.tekst.tekst.strip())

    @property
    def har_tall(self) -> bool:
        return bool(self.kapittel.mal)


def find_or_new(nettverk: Nettverk, aar: int) -> Aarsrapport:
    """The year's report; one that is not saved when nobody has written in it yet."""
    rapport = Aarsrapport.objects.filter(nettverk=nettverk, aar=aar).first()
    rapport = rapport or Aarsrapport(nettverk=nettverk, aar=aar)
    rapport.nettverk = nettverk
    return rapport


def chapters_of(rapport: Aarsrapport) -> list[Rapportkapittel]:
    """The chapters in order, numbered from 1, each with its text (an unsaved one when none is written)."""
    tekster = {}
    if rapport.pk:
        tekster = {t.noekkel: t for t in rapport.tekster.select_related("endret_av")}
    kapitler = _with_key_figures(kapitlene(rapport.nettverk, rapport.aar))
    return [
        Rapportkapittel(nr, k, tekster.get(k.noekkel) or Kapitteltekst(noekkel=k.noekkel))
        for nr, k in enumerate(kapitler, start=1)
    ]


def _with_key_figures(kapitler: list[Kapittel]) -> list[Kapittel]:
    """The summary shows the first figures that the other chapters name in `data["nokkeltall"]`."""
    alle = [bit for k in kapitler for bit in k.data.get("nokkeltall", [])]
    tall = [(verdi, etikett) for verdi, etikett in alle if verdi][:_NOKKELTALL]
    return [
        replace(k, data={**k.data, "nokkeltall": tall}) if k.noekkel == SAMMENDRAG else k
        for k in kapitler
    ]


def is_chapter(rapport: Aarsrapport, noekkel: str) -> bool:
    """Whether the report has the chapter; costs nothing once something is written in it."""
    if rapport.pk and rapport.tekster.filter(noekkel=noekkel).exists():
        return True
    return noekkel in {k.noekkel for k in kapitlene(rapport.nettverk, rapport.aar)}


def antall_uten_tekst(nettverk: Nettverk, aar: int) -> int:
    """Chapters in which nothing is written. The list of chapters is remembered for an hour."""
    husket = f"aarsrapport-kapitler:{nettverk.pk}:{aar}"
    noekler: list[str] | None = cache.get(husket)
    if noekler is None:
        noekler = [k.noekkel for k in kapitlene(nettverk, aar)]
        cache.set(husket, noekler, 3600)
    skrevet = (
        Kapitteltekst.objects.filter(
            aarsrapport__nettverk=nettverk, aarsrapport__aar=aar, noekkel__in=noekler
        )
        .exclude(tekst="")
        .count()
    )
    return len(noekler) - skrevet


# --- the PDF


def order_pdf(rapport: Aarsrapport, *, by: Person) -> Jobb:
    """Ask for the report as PDF; a worker makes it (`evaluering.jobbslag`). A report that nobody has
    written in yet, is begun."""
    if rapport.pk is None:
        rapport.pk = Aarsrapport.objects.get_or_create(nettverk=rapport.nettverk, aar=rapport.aar)[
            0
        ].pk
    return order_jobb(
        nettverk=rapport.nettverk,
        slag=PDF,
        gjelder=gjelder(rapport),
        by=by,
        parametre={"aar": rapport.aar},
    )


def pdf_jobs(nettverk: Nettverk, aar: int | None = None) -> Any:
    """The jobs that make the network's reports, or the report of one year."""
    jobber = Jobb.objects.filter(nettverk=nettverk, slag=PDF)
    return jobber if aar is None else jobber.filter(parametre__aar=aar)


def build_html(rapport: Aarsrapport) -> str:
    """The report as WeasyPrint is given it, in the network's own målform."""
    with override(rapport.nettverk.maalform):
        kapitler = [k for k in chapters_of(rapport) if k.har_tekst or k.har_tall]
        return build_pdf_html(
            "evaluering/aarsrapport_pdf.html",
            {
                "nettverk": rapport.nettverk,
                "aar": rapport.aar,
                "tittel": _("Årsrapport %(aar)s") % {"aar": rapport.aar},
                "undertittel": rapport.nettverk.undertittel,
                "innholdsliste": kapitler,
                "kapitler": kapitler,
                "forside_linjer": _forside(rapport),
            },
        )


def build_pdf(rapport: Aarsrapport) -> bytes:
    return html_to_pdf(build_html(rapport))


def _forside(rapport: Aarsrapport) -> list[tuple[str, Any]]:
    dato = rapportdato(rapport.aar)
    kommuner = rapport.nettverk.kommuner(dato).with_navn(dato).order_by("sortering")
    linjer = [
        (
            _("Kommuner per %(dato)s") % {"dato": date_format(dato)},
            ", ".join(k.navn_da for k in kommuner),
        ),
        (_("Status"), rapport.get_status_display().capitalize()),
    ]
    if not rapport.er_laast:
        linjer.append((_("Laget"), date_format(idag())))
    return linjer
