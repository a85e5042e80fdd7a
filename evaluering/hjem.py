"""The annual report on the home page: how far it is, chapter by chapter, and which ones there are to read."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evaluering.kapittelrekkefolge import in_order
from evaluering.models import Aarsrapport, Kapitteltekst
from kommuner.gyldighet import idag
from nettverk.flater import Seksjon, blokkene
from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller

# From November there is enough of the year to write; by the end of February it has been reported.
FRA_MAANED, TIL_MAANED = 11, 2
_MAKS_RAPPORTER = 3


def is_season() -> bool:
    return not TIL_MAANED < idag().month < FRA_MAANED


def writing_season(aar: int) -> tuple[datetime.date, datetime.date]:
    """The first and the last day that the report of a year is written."""
    siste = datetime.date(aar + 1, TIL_MAANED + 1, 1) - datetime.timedelta(days=1)
    return datetime.date(aar, FRA_MAANED, 1), siste


def reporting_year() -> int:
    """This year from November, until then the year before."""
    naa = idag()
    return naa.year if naa.month >= FRA_MAANED else naa.year - 1


@dataclass(frozen=True)
class Kapittelstand:
    """A chapter of the report, and the text written in it; None as long as there is none."""

    nummer: int
    noekkel: str
    tittel: str
    tekst: Kapitteltekst | None


@dataclass(frozen=True)
class Rapportstand:
    """How far the report of a year is. A chapter nobody has written in has its figures all the same."""

    rapport: Aarsrapport
    kapitler: list[Kapittelstand]

    @property
    def skrevet(self) -> int:
        return sum(k.tekst is not None for k in self.kapitler)

    @property
    def uten_tekst(self) -> int:
        return len(self.kapitler) - self.skrevet


def how_far(roller: Roller) -> Rapportstand:
    """The report that is written these days. Two queries, once a page; the list of chapters is remembered
    for an hour."""
    return roller.remembered("evaluering.stand", lambda: _how_far(roller))


def these_days(roller: Roller) -> list[Aarsrapport]:
    """The report that is written these days, when somebody has written in it, and those that are approved and
    not published; the newest first. One query, once a page."""
    return roller.remembered("evaluering.rapporter", lambda: _these_days(roller.nettverk))


def _these_days(nettverk: Nettverk) -> list[Aarsrapport]:
    gjelder = Q(aar=reporting_year()) | Q(status=Aarsrapport.Status.GODKJENT)
    rapporter = Aarsrapport.objects.filter(gjelder, nettverk=nettverk)
    return list(rapporter.defer("frosset").order_by("-aar"))


def _how_far(roller: Roller) -> Rapportstand:
    nettverk, aar = roller.nettverk, reporting_year()
    funnet = (rapport for rapport in these_days(roller) if rapport.aar == aar)
    rapport = next(funnet, None) or Aarsrapport(nettverk=nettverk, aar=aar)
    rapport.nettverk = nettverk
    tekster: dict[str, Kapitteltekst] = {}
    if rapport.pk:
        skrevet = rapport.tekster.exclude(tekst="").select_related("endret_av").defer("tekst")
        tekster = {t.noekkel: t for t in skrevet}
    return Rapportstand(
        rapport,
        [
            Kapittelstand(nummer, noekkel, tittel, tekster.get(noekkel))
            for nummer, (noekkel, tittel) in enumerate(_chapters(nettverk, rapport.aar), start=1)
        ],
    )


def _chapters(nettverk: Nettverk, aar: int) -> list[tuple[str, str]]:
    """Key and title of each, in the language of the page."""
    uten = ",".join(nettverk.uten_deler)
    husket = f"aarsrapport-titler:{nettverk.pk}:{aar}:{get_language()}:{uten}"
    kapitler: list[tuple[str, str]] | None = cache.get(husket)
    if kapitler is None:
        kapitler = [(b.noekkel, str(b.tittel)) for b in in_order(blokkene(nettverk, aar))]
        cache.set(husket, kapitler, 3600)
    return kapitler


# --- the home page


def hjem(roller: Roller) -> Iterable[Seksjon]:
    """To those who write and approve: the report's state. To those who read and research: the reports."""
    if roller.er_stg or (roller.er_kog and not roller.er_koordinator):
        yield from _state(roller)
    elif (roller.er_eva or roller.er_forsker) and not roller.er_kog:
        yield from _to_read(roller)


def _state(roller: Roller) -> Iterable[Seksjon]:
    stand = how_far(roller)
    rapport, slug = stand.rapport, roller.nettverk.slug
    side = "aarsrapport" if roller.er_kog or rapport.er_laast else "forhaandsvis"
    url = reverse(f"evaluering:{side}", args=[slug, rapport.aar])
    yield Seksjon(
        "evaluering/_hjem_rapport.html",
        {
            "stand": stand,
            "funn": _finding(stand),
            "url": url,
            "skriver": roller.er_kog,
            "godkjenner": roller.er_stg,
            "kapittel": "?kapittel=" if side == "aarsrapport" else "#kapittel-",
            "trinn": steps(rapport, stand.skrevet, len(stand.kapitler)),
            "kommer": _ahead(stand, url) if roller.er_stg and not rapport.er_laast else None,
        },
        15,
    )


def _ahead(stand: Rapportstand, url: str) -> dict[str, str]:
    """What will wait for the steering group, and until when it is written; the draft when there is one."""
    aar = stand.rapport.aar
    siste = date_format(writing_season(aar)[1], "MONTH_DAY_FORMAT")
    return {
        "tekst": _(
            "Årsrapporten for %(aar)s blir skrevet frem mot %(dato)s. "
            "Dere får den til godkjenning når teksten er på plass."
        )
        % {"aar": aar, "dato": siste},
        "url": url if stand.skrevet else "",
    }


def _finding(stand: Rapportstand) -> str:
    rapport, alle = stand.rapport, len(stand.kapitler)
    aar: dict[str, Any] = {"aar": rapport.aar}
    if rapport.status == Aarsrapport.Status.PUBLISERT:
        return _("Årsrapporten for %(aar)s er publisert") % aar
    if rapport.er_laast:
        return _("Årsrapporten for %(aar)s er godkjent") % aar
    if not stand.skrevet:
        return _("Ingen har begynt på årsrapporten for %(aar)s") % aar
    return ngettext(
        "Årsrapporten for %(aar)s: %(skrevet)s av %(alle)s kapittel har tekst",
        "Årsrapporten for %(aar)s: %(skrevet)s av %(alle)s kapitler har tekst",
        alle,
    ) % {**aar, "skrevet": stand.skrevet, "alle": alle}


def steps(rapport: Aarsrapport, skrevet: int, alle: int) -> list[tuple[str, str, str]]:
    """The way of a report: each step with `gjort`, `naa` or nothing, and what there is to say of it. It is
    the steering group's turn when every chapter has text; they may read it all the while."""
    trinn = [
        (
            _("Skriv"),
            ngettext(
                "%(skrevet)s av %(alle)s kapittel har tekst",
                "%(skrevet)s av %(alle)s kapitler har tekst",
                alle,
            )
            % {"skrevet": skrevet, "alle": alle}
            if not rapport.er_laast
            else "",
        ),
        (_("Til styrings\u00adgruppa"), ""),
        (_("Godkjent"), date_format(rapport.godkjent) if rapport.godkjent else ""),
        (_("Publisert"), date_format(rapport.publisert) if rapport.publisert else ""),
    ]
    naa = {
        Aarsrapport.Status.UTKAST: 1 if alle and skrevet == alle else 0,
        Aarsrapport.Status.GODKJENT: 2,
        Aarsrapport.Status.PUBLISERT: len(trinn),
    }[Aarsrapport.Status(rapport.status)]
    return [
        (navn, "gjort" if nr < naa else "naa" if nr == naa else "", under)
        for nr, (navn, under) in enumerate(trinn)
    ]


def _to_read(roller: Roller) -> Iterable[Seksjon]:
    """The newest reports they may read, and how many take part. Two queries."""
    enheter: Any = roller.nettverk.medlemskap.gyldig().with_antall_enheter(idag())
    per_kommune = [m.antall_enheter for m in enheter]
    rapporter = Aarsrapport.objects.visible_to(roller).defer("frosset").order_by("-aar")
    data = {
        "rapporter": list(rapporter[:_MAKS_RAPPORTER]),
        "aar": reporting_year(),
        "kommuner": len(per_kommune),
        "enheter": sum(per_kommune),
    }
    yield Seksjon("evaluering/_hjem_lese.html", data, 15)
