"""The annual report: chapters gathered from every app with KOG's text, as a page and as a PDF."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from evaluering.frysing import freeze, thaw
from evaluering.kapittelrekkefolge import in_order
from evaluering.models import Aarsrapport, Kapitteltekst
from kommuner.gyldighet import idag
from nettverk.aarsrapportkapitler import rapportdato
from nettverk.arbeid.gjelder import find, gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.filer.pdf import build_html as build_pdf_html
from nettverk.filer.pdf import html_to_pdf, pdf_name
from nettverk.flater import Innhold, Tekst, blokkene
from nettverk.models import Jobb, Nettverk, Person
from nettverk.models.jobb import JobbQuerySet
from nettverk.omslag import picture_for_print
from nettverk.register import medlemskap_per
from nettverk.side.kart import Kart, draw_kart

PDF = "evaluering.aarsrapport_pdf"
GODKJENT_PDF = "evaluering.godkjent_pdf"
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

    nummer: int
    noekkel: str
    tittel: Tekst
    innhold: Innhold
    tekst: Kapitteltekst
    ledetekst: Tekst = ""

    @property
    def id(self) -> str:
        return f"kapittel-{self.noekkel}"

    @property
    def har_tekst(self) -> bool:
        return bool(self.tekst.tekst.strip())

    @property
    def har_tall(self) -> bool:
        return bool(self.innhold.mal)


def find_or_new(nettverk: Nettverk, aar: int) -> Aarsrapport:
    """The year's report; one that is not saved when nobody has written in it yet."""
    rapport = Aarsrapport.objects.filter(nettverk=nettverk, aar=aar).first()
    rapport = rapport or Aarsrapport(nettverk=nettverk, aar=aar)
    rapport.nettverk = nettverk
    return rapport


def chapters_of(rapport: Aarsrapport) -> list[Rapportkapittel]:
    """The chapters in order, numbered from 1, each with its text (an unsaved one when none is written).

    A draft is built as things are now; an approved report is what was kept when it was approved.
    """
    return _kept(rapport) if rapport.er_laast else build(rapport)


def build(rapport: Aarsrapport) -> list[Rapportkapittel]:
    """The chapters as things are now."""
    tekster = {}
    if rapport.pk:
        tekster = {t.noekkel: t for t in rapport.tekster.select_related("endret_av")}
    kapitler = [
        Rapportkapittel(
            nr,
            blokk.noekkel,
            blokk.tittel,
            blokk.bygg(),
            tekster.get(blokk.noekkel) or Kapitteltekst(noekkel=blokk.noekkel),
            blokk.ledetekst,
        )
        for nr, blokk in enumerate(in_order(blokkene(rapport.nettverk, rapport.aar)), start=1)
    ]
    return _with_key_figures(kapitler)


def _with_key_figures(kapitler: list[Rapportkapittel]) -> list[Rapportkapittel]:
    """The summary shows the first figures that the other chapters name in `data["nokkeltall"]`."""
    alle = [bit for k in kapitler for bit in k.innhold.data.get("nokkeltall", [])]
    tall = [(verdi, etikett) for verdi, etikett in alle if verdi][:_NOKKELTALL]
    return [
        replace(k, innhold=replace(k.innhold, data={**k.innhold.data, "nokkeltall": tall}))
        if k.noekkel == SAMMENDRAG
        else k
        for k in kapitler
    ]


def without_text(kapitler: list[Rapportkapittel]) -> list[Rapportkapittel]:
    """The chapters in which nothing is written."""
    return [k for k in kapitler if not k.har_tekst]


def is_read_by_members(nettverk: Nettverk) -> bool:
    """Whether there is an approved report. Asked by the menu of every page, so it is remembered for an
    hour; `remember_anew` when one is approved."""
    husket = _members_key(nettverk)
    svar: bool | None = cache.get(husket)
    if svar is None:
        svar = nettverk.aarsrapporter.exclude(status=Aarsrapport.Status.UTKAST).exists()
        cache.set(husket, svar, 3600)
    return svar


def remember_anew(nettverk: Nettverk) -> None:
    """Forget what `is_read_by_members` answered."""
    cache.delete(_members_key(nettverk))


def _members_key(nettverk: Nettverk) -> str:
    return f"aarsrapport-godkjent:{nettverk.pk}"


def left_out(kapitler: list[Rapportkapittel]) -> list[Rapportkapittel]:
    """The chapters with neither text nor figures: they are not in an approved report."""
    return [k for k in kapitler if not k.har_tekst and not k.har_tall]


def is_chapter(rapport: Aarsrapport, noekkel: str) -> bool:
    """Whether the report has the chapter. No chapter is built to answer."""
    return noekkel in {blokk.noekkel for blokk in blokkene(rapport.nettverk, rapport.aar)}


# --- what is kept of an approved report


def keep(rapport: Aarsrapport) -> dict[str, Any]:
    """The report as it is now, as plain data for `Aarsrapport.frosset`, in the network's own målform.

    Chapters with neither text nor figures are left out, and named; the others keep their numbers.
    """
    with override(rapport.nettverk.maalform):
        alle = build(rapport)
        utelatt = left_out(alle)
        kapitler = [k for k in alle if k not in utelatt]
        return {
            "forside": freeze(_kommuner_linje(rapport)),
            "kart": freeze(_kart(rapport)),
            "utelatt": [str(k.tittel) for k in utelatt],
            "kapitler": [
                {
                    "nummer": k.nummer,
                    "noekkel": k.noekkel,
                    "tittel": str(k.tittel),
                    "mal": k.innhold.mal,
                    "data": freeze(k.innhold.data),
                    "tekst": k.tekst.tekst,
                }
                for k in kapitler
            ],
        }


def _kept(rapport: Aarsrapport) -> list[Rapportkapittel]:
    return [
        Rapportkapittel(
            k["nummer"],
            k["noekkel"],
            k["tittel"],
            Innhold(k["mal"], thaw(k["data"])),
            Kapitteltekst(noekkel=k["noekkel"], tekst=k["tekst"]),
        )
        for k in _frosset(rapport)["kapitler"]
    ]


def _frosset(rapport: Aarsrapport) -> dict[str, Any]:
    """What was kept; an approved report always has it (a constraint holds it to that)."""
    assert rapport.frosset is not None
    return rapport.frosset


# --- the PDF


def order_pdf(rapport: Aarsrapport, *, by: Person) -> Jobb:
    """Ask for the report as PDF; a worker makes it. A report that nobody has written in yet, is begun."""
    if rapport.pk is None:
        begynt, _ny = Aarsrapport.objects.get_or_create(nettverk=rapport.nettverk, aar=rapport.aar)
        rapport.pk = begynt.pk
    return order_jobb(
        nettverk=rapport.nettverk, slag=pdf_slag(rapport), gjelder=gjelder(rapport), by=by
    )


def pdf_slag(rapport: Aarsrapport) -> str:
    """A draft's PDF is the job's own file; an approved report's is kept with the report."""
    return GODKJENT_PDF if rapport.er_laast else PDF


def pdf_jobs(rapport: Aarsrapport) -> JobbQuerySet:
    """The jobs that make the report as it is now, the newest first; none for one not begun."""
    if rapport.pk is None:
        return Jobb.objects.none()
    return Jobb.objects.filter(slag=pdf_slag(rapport), gjelder=gjelder(rapport))


def years_with_pdf(rapporter: list[Aarsrapport]) -> set[int]:
    """The years whose PDF can be opened: kept with the report, or made of the draft. One query."""
    utkast = {gjelder(r): r.aar for r in rapporter if r.pk and not r.er_laast}
    ferdige = Jobb.objects.filter(slag=PDF, status=Jobb.Status.FERDIG, gjelder__in=utkast)
    laget = {utkast[om] for om in ferdige.values_list("gjelder", flat=True)}
    return laget | {r.aar for r in rapporter if r.fil}


def pdf_url(jobb: Jobb) -> str:
    """Where the PDF that `jobb` makes is opened; empty when the report is gone."""
    rapport = find(jobb.gjelder)
    if rapport is None or jobb.nettverk is None:
        return ""
    return reverse("evaluering:aarsrapport_pdf", args=[jobb.nettverk.slug, rapport.aar])


def rapport_of(jobb: Jobb) -> Aarsrapport:
    """The report that the job is about. Raises JobbFeil when it is gone."""
    rapport = find(jobb.gjelder)
    if not isinstance(rapport, Aarsrapport):
        raise JobbFeil(_("Rapporten finnes ikke lenger."))
    return rapport


@jobbslag(
    PDF,
    tillatelse="evaluering.view_aarsrapport_utkast",
    bestill_tillatelse="evaluering.order_aarsrapport_pdf",
    resultat_tekst=gettext_lazy("Åpne PDF-en"),
    resultat_url=pdf_url,
)
def make_pdf(arbeid: Arbeid) -> None:
    """Gather the year, lay it out, keep the PDF as the job's result. Safe to run twice."""
    arbeid.resultat = lay_out(arbeid, rapport_of(arbeid.jobb))


def lay_out(arbeid: Arbeid, rapport: Aarsrapport) -> tuple[str, bytes]:
    """The report's PDF and its name, telling the waiting page how far it is."""
    arbeid.report(10, _("Henter tallene"), straks=True)
    html = build_html(rapport)
    arbeid.report(40, _("Setter opp sidene"), straks=True)
    return pdf_name("aarsrapport", rapport.nettverk.slug, rapport.aar), html_to_pdf(html)


def build_html(rapport: Aarsrapport) -> str:
    """The report as WeasyPrint is given it, in the network's own målform."""
    with override(rapport.nettverk.maalform):
        kapitler = chapters_of(rapport)
        return build_pdf_html(
            "evaluering/aarsrapport_pdf.html",
            {
                "nettverk": rapport.nettverk,
                "aar": rapport.aar,
                "er_utkast": not rapport.er_laast,
                "tittel": _("Årsrapport %(aar)s") % {"aar": rapport.aar},
                "undertittel": rapport.nettverk.undertittel,
                "innholdsliste": kapitler,
                "kapitler": kapitler,
                "forside_linjer": _forside(rapport, kapitler),
                "omslag": picture_for_print(rapport.nettverk),
                "kart": thaw(_frosset(rapport).get("kart")) if rapport.er_laast else _kart(rapport),
            },
        )


def _forside(rapport: Aarsrapport, kapitler: list[Rapportkapittel]) -> list[tuple[str, Any]]:
    """Label and value: what a draft lacks, or when the report was approved and what was left out."""
    if rapport.er_laast:
        etikett, kommuner = thaw(_frosset(rapport)["forside"])
        godkjent = date_format(rapport.godkjent) if rapport.godkjent else ""
        linjer = [(etikett, kommuner), (_("Godkjent"), godkjent)]
        if utelatt := _frosset(rapport).get("utelatt"):
            linjer.append((_("Kapitler uten innhold"), get_text_list(utelatt, _("og"))))
        return linjer
    linjer = [
        _kommuner_linje(rapport),
        (_("Status"), rapport.get_status_display().capitalize()),
        (_("Laget"), date_format(idag())),
    ]
    if tomme := without_text(kapitler):
        titler = get_text_list([str(k.tittel) for k in tomme], _("og"))
        linjer.append((_("Kapitler uten tekst"), titler))
    return linjer


def _kart(rapport: Aarsrapport) -> Kart | None:
    """The kommuner of the report's year as tiles, for the cover."""
    medlemskap = medlemskap_per(rapportdato(rapport.aar)).filter(nettverk=rapport.nettverk)
    return draw_kart(list(medlemskap), skjematisk=True)


def _kommuner_linje(rapport: Aarsrapport) -> tuple[str, str]:
    dato = rapportdato(rapport.aar)
    kommuner = rapport.nettverk.kommuner(dato).with_navn(dato).order_by("sortering")
    return (
        _("Kommuner per %(dato)s") % {"dato": date_format(dato)},
        ", ".join(k.navn_da for k in kommuner),
    )
