"""Paper for those without a phone: an empty pad for each table and question, slips with the code, and sheets to hand
out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from fremtidsbilder.models import Samtalesporsmaal, Stemmegruppe, Tankesmie
from fremtidsbilder.tankesmier import inngang
from nettverk.arbeid.gjelder import find, gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.filer.pdf import build_html, html_to_pdf, pdf_name
from nettverk.models import Jobb, Person
from nettverk.side import kode as tegnet
from nettverk.skriving.konflikt import KanIkke

PER_ARK = 8
LINJER = 14
# Beside them there is room to draw.
SKJEMALINJER = 5
_MANGE_TEGN = 150
_HOYST = 1500


@dataclass(frozen=True)
class Bordblokk:
    """A page: one question for one table, with lines to write on."""

    sporsmaal: Samtalesporsmaal
    bord: int | None
    qr: SafeString


def pads(tankesmie: Tankesmie) -> list[Bordblokk]:
    """Table by table, each with its questions in order; without tables one page for each question."""
    bordene: list[int | None] = [*range(1, tankesmie.antall_bord + 1)] or [None]
    sporsmaalene = list(tankesmie.sporsmaal.all())
    ut = []
    for bord in bordene:
        qr = inngang.pad_qr(tankesmie, bord)
        ut += [Bordblokk(sporsmaal, bord, qr) for sporsmaal in sporsmaalene]
    return ut


def pads_html(tankesmie: Tankesmie) -> str:
    """The pads as WeasyPrint is given them, in the network's written form."""
    return _html(
        tankesmie,
        "fremtidsbilder/pdf/bordblokker.html",
        _("Ark til bordene"),
        blokker=pads(tankesmie),
        linjer=range(LINJER),
    )


@dataclass(frozen=True)
class Lapp:
    bord: int | None
    qr: SafeString


def slips(tankesmie: Tankesmie) -> list[list[Lapp]]:
    """A slip for each table, eight on a sheet; without tables a sheet of equal ones."""
    if tankesmie.antall_bord:
        lapper = [
            Lapp(bord, inngang.pad_qr(tankesmie, bord))
            for bord in range(1, tankesmie.antall_bord + 1)
        ]
    else:
        lapper = [Lapp(None, inngang.pad_qr(tankesmie))] * PER_ARK
    return [lapper[n : n + PER_ARK] for n in range(0, len(lapper), PER_ARK)]


def slips_html(tankesmie: Tankesmie) -> str:
    mal = "fremtidsbilder/pdf/kodelapper.html"
    return _html(tankesmie, mal, _("Lapper med kode"), ark=slips(tankesmie))


@dataclass(frozen=True)
class Utdelingsark:
    """A sheet to hand out. With much above the lines, `tett`, there is less room to draw."""

    sporsmaal: Samtalesporsmaal
    tett: bool


def forms(tankesmie: Tankesmie, grupper: Sequence[Stemmegruppe]) -> list[Utdelingsark]:
    mye = sum(len(gruppe.navn) for gruppe in grupper) > _MANGE_TEGN
    return [
        Utdelingsark(s, tett=mye or len(s.tekst) + len(s.hjelp) > _MANGE_TEGN)
        for s in tankesmie.sporsmaal.all()
    ]


def forms_html(tankesmie: Tankesmie) -> str:
    """A sheet to hand out for each question, as WeasyPrint is given it: who one is, by the groups that are asked, lines
    to write on and room to draw."""
    grupper = list(tankesmie.grupper.all() or tankesmie.nettverk.stemmegrupper.all())
    return _html(
        tankesmie,
        "fremtidsbilder/pdf/skjemaer.html",
        _("Skjemaer"),
        skjemaene=forms(tankesmie, grupper),
        grupper=grupper,
        qr=inngang.pad_qr(tankesmie),
        linjer=range(SKJEMALINJER),
    )


def _html(tankesmie: Tankesmie, mal: str, tittel: str, **mer: Any) -> str:
    spraak = tankesmie.nettverk.maalform
    with override(spraak):
        return build_html(
            mal,
            {
                "nettverk": tankesmie.nettverk,
                "tankesmie": tankesmie,
                "tittel": f"{tittel} – {tankesmie.tittel}",
                "adresse": tegnet.spoken(inngang.pad_path(tankesmie)),
                "kode": tegnet.shown(tankesmie.kode),
                **mer,
            },
            spraak=spraak,
        )


# --- the work


@dataclass(frozen=True)
class Arkslag:
    """A kind of print: its name in the address and for people, and how it is drawn."""

    navn: str
    tittel: Any
    tekst: Any
    html: Callable[[Tankesmie], str]

    @property
    def slag(self) -> str:
        return f"fremtidsbilder.{self.navn}"


ARK = {
    a.navn: a
    for a in (
        Arkslag(
            "bordblokker",
            gettext_lazy("Ark til bordene"),
            gettext_lazy(
                "Ett ark for hvert bord og spørsmål, til bord der ingen skriver på telefon."
            ),
            pads_html,
        ),
        Arkslag(
            "kodelapper",
            gettext_lazy("Lapper med kode"),
            gettext_lazy("En lapp for hvert bord, med QR-kode og adresse. Åtte på hvert ark."),
            slips_html,
        ),
        Arkslag(
            "skjemaer",
            gettext_lazy("Skjemaer"),
            gettext_lazy(
                "Ett ark for hvert spørsmål, til å skrive og tegne på. Kopier, del ut, og skann dem når de er fylt ut."
            ),
            forms_html,
        ),
    )
}


def require_printable(tankesmie: Tankesmie) -> None:
    """Raises KanIkke when there is nothing to print, or too much."""
    antall = tankesmie.sporsmaal.count()
    if not antall:
        raise KanIkke(_("Skriv et spørsmål først."))
    if (tankesmie.antall_bord or 1) * antall > _HOYST:
        raise KanIkke(
            _(
                "Det blir for mange ark. Sett ned antall bord, eller legg noen av spørsmålene i en ny tankesmie."
            )
        )


def order(tankesmie: Tankesmie, *, ark: Arkslag, by: Person) -> Jobb:
    """Ask for a print; the one already under way when there is one."""
    require_printable(tankesmie)
    om = gjelder(tankesmie)
    return order_jobb(nettverk=tankesmie.nettverk, slag=ark.slag, gjelder=om, by=by)


def latest_jobs(tankesmie: Tankesmie) -> dict[str, Jobb]:
    """The newest job of each kind. One query."""
    slag = {a.slag: a.navn for a in ARK.values()}
    jobber = Jobb.objects.filter(
        nettverk=tankesmie.nettverk, slag__in=slag, gjelder=gjelder(tankesmie)
    ).order_by("pk")
    return {slag[jobb.slag]: jobb for jobb in jobber}


def make(arbeid: Arbeid, ark: Arkslag, tankesmie: Tankesmie) -> None:
    """Draw and keep. Safe to run twice."""
    arbeid.report(20, _("Setter opp dokumentet"), straks=True)
    pdf = html_to_pdf(ark.html(tankesmie))
    arbeid.report(95, _("Lagrer"), straks=True)
    with override(tankesmie.nettverk.maalform):
        arbeid.resultat = (pdf_name(str(ark.tittel), tankesmie.tittel), pdf)


def _arkslag(navn: str) -> Callable:
    # Who leads one alone gets what one asked for oneself; who leads all of them, also what the others asked for.
    return jobbslag(
        ARK[navn].slag,
        tillatelse="fremtidsbilder.hold_tankesmie",
        bestill_tillatelse="fremtidsbilder.lead_all_tankesmier",
        resultat_tekst=gettext_lazy("Åpne PDF-en"),
    )


def _make_own(arbeid: Arbeid, navn: str) -> None:
    tankesmie = find(arbeid.jobb.gjelder)
    if not isinstance(tankesmie, Tankesmie):
        raise JobbFeil(_("Tankesmia finnes ikke lenger."))
    make(arbeid, ARK[navn], tankesmie)


@_arkslag("bordblokker")
def make_pads(arbeid: Arbeid) -> None:
    """The empty pads of a tankesmie."""
    _make_own(arbeid, "bordblokker")


@_arkslag("kodelapper")
def make_slips(arbeid: Arbeid) -> None:
    """The slips with its code."""
    _make_own(arbeid, "kodelapper")


@_arkslag("skjemaer")
def make_forms(arbeid: Arbeid) -> None:
    """The sheets to hand out."""
    _make_own(arbeid, "skjemaer")
