"""Paper for those without a phone: an empty pad for each table and question, and slips with the code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from fremtidsbilder.models import Samtalesporsmaal
from fremtidsbilder.tankesmier import inngang
from nettverk.arbeid.gjelder import find, gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.filer.pdf import build_html, html_to_pdf, pdf_name
from nettverk.models import Jobb, Person
from nettverk.side import kode as tegnet
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Samtale

PER_ARK = 8
LINJER = 14
_HOYST = 1500


@dataclass(frozen=True)
class Bordblokk:
    """A page: one question for one table, with lines to write on."""

    sporsmaal: Samtalesporsmaal
    bord: int | None
    qr: SafeString


def pads(samtale: Samtale) -> list[Bordblokk]:
    """Table by table, each with its questions in order; without tables one page for each question."""
    tankesmie = samtale.tankesmie
    bordene: list[int | None] = [*range(1, tankesmie.antall_bord + 1)] or [None]
    sporsmaalene = list(tankesmie.sporsmaal.all())
    ut = []
    for bord in bordene:
        qr = inngang.pad_qr(tankesmie, bord)
        ut += [Bordblokk(sporsmaal, bord, qr) for sporsmaal in sporsmaalene]
    return ut


def pads_html(samtale: Samtale) -> str:
    """The pads as WeasyPrint is given them, in the network's written form."""
    return _html(
        samtale,
        "rolu/pdf/bordblokker.html",
        _("Ark til bordene"),
        blokker=pads(samtale),
        linjer=range(LINJER),
    )


@dataclass(frozen=True)
class Lapp:
    bord: int | None
    qr: SafeString


def slips(samtale: Samtale) -> list[list[Lapp]]:
    """A slip for each table, eight on a sheet; without tables a sheet of equal ones."""
    tankesmie = samtale.tankesmie
    if tankesmie.antall_bord:
        lapper = [
            Lapp(bord, inngang.pad_qr(tankesmie, bord))
            for bord in range(1, tankesmie.antall_bord + 1)
        ]
    else:
        lapper = [Lapp(None, inngang.pad_qr(tankesmie))] * PER_ARK
    return [lapper[n : n + PER_ARK] for n in range(0, len(lapper), PER_ARK)]


def slips_html(samtale: Samtale) -> str:
    return _html(samtale, "rolu/pdf/kodelapper.html", _("Lapper med kode"), ark=slips(samtale))


def _html(samtale: Samtale, mal: str, tittel: str, **mer: Any) -> str:
    samling = samtale.samling
    spraak = samling.nettverk.maalform
    with override(spraak):
        return build_html(
            mal,
            {
                "nettverk": samling.nettverk,
                "samling": samling,
                "tankesmie": samtale.tankesmie,
                "tittel": f"{tittel} – {samtale.tankesmie.tittel}",
                "adresse": tegnet.spoken(inngang.pad_path(samtale.tankesmie)),
                "kode": tegnet.shown(samtale.tankesmie.kode),
                **mer,
            },
            spraak=spraak,
        )


# --- the work


@dataclass(frozen=True)
class Samtaleark:
    """A kind of print: its name in the address and for people, and how it is drawn."""

    navn: str
    tittel: Any
    tekst: Any
    html: Callable[[Samtale], str]

    @property
    def slag(self) -> str:
        return f"rolu.{self.navn}"


ARK = {
    a.navn: a
    for a in (
        Samtaleark(
            "bordblokker",
            gettext_lazy("Ark til bordene"),
            gettext_lazy(
                "Ett ark for hvert bord og spørsmål, til bord der ingen skriver på telefon."
            ),
            pads_html,
        ),
        Samtaleark(
            "kodelapper",
            gettext_lazy("Lapper med kode"),
            gettext_lazy("En lapp for hvert bord, med QR-kode og adresse. Åtte på hvert ark."),
            slips_html,
        ),
    )
}


def order(samtale: Samtale, *, ark: Samtaleark, by: Person) -> Jobb:
    """Ask for a print; the one already under way when there is one."""
    if not samtale.tankesmie.sporsmaal.exists():
        raise KanIkke(_("Skriv et spørsmål først."))
    bord = samtale.tankesmie.antall_bord or 1
    if bord * samtale.tankesmie.sporsmaal.count() > _HOYST:
        raise KanIkke(
            _(
                "Det blir for mange ark. Sett ned antall bord, eller legg noen av spørsmålene i en ny tankesmie."
            )
        )
    return order_jobb(nettverk=samtale.nettverk, slag=ark.slag, gjelder=gjelder(samtale), by=by)


def latest_jobs(samtale: Samtale) -> dict[str, Jobb]:
    """The newest job of each kind. One query."""
    slag = {a.slag: a.navn for a in ARK.values()}
    jobber = Jobb.objects.filter(
        nettverk=samtale.nettverk, slag__in=slag, gjelder=gjelder(samtale)
    ).order_by("pk")
    return {slag[jobb.slag]: jobb for jobb in jobber}


def _make(arbeid: Arbeid, ark: Samtaleark) -> None:
    """Gather, draw, keep. Safe to run twice."""
    samtale = find(arbeid.jobb.gjelder)
    if not isinstance(samtale, Samtale):
        raise JobbFeil(_("Tankesmia finnes ikke lenger."))
    arbeid.report(20, _("Setter opp dokumentet"), straks=True)
    pdf = html_to_pdf(ark.html(samtale))
    arbeid.report(95, _("Lagrer"), straks=True)
    with override(samtale.nettverk.maalform):
        arbeid.resultat = (pdf_name(str(ark.tittel), samtale.tankesmie.tittel), pdf)


def _arkslag(navn: str) -> Callable:
    return jobbslag(
        ARK[navn].slag,
        tillatelse="rolu.print_samtaler",
        resultat_tekst=gettext_lazy("Åpne PDF-en"),
    )


@_arkslag("bordblokker")
def make_pads(arbeid: Arbeid) -> None:
    """The empty pads of a tankesmie."""
    _make(arbeid, ARK["bordblokker"])


@_arkslag("kodelapper")
def make_slips(arbeid: Arbeid) -> None:
    """The slips with its code."""
    _make(arbeid, ARK["kodelapper"])
