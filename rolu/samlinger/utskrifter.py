"""What is printed for a gathering: name badges, the list to sign at the door, the tables and what is needed there, and
proofs of attendance.

Each is gathered as plain data, drawn by a template, and made by a worker: seven hundred badges take a while.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kommuner.sortering import norsk_nokkel
from nettverk.arbeid.gjelder import find, gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.filer.pdf import build_html, html_to_pdf, pdf_name
from nettverk.models import Jobb, Nettverk, Person
from nettverk.side.skrivemaate import varighet
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse, Samling, Samlingsdag
from rolu.samlinger import behov, koder
from rolu.samlinger.bord import utskrift as bordutskrift
from rolu.samlinger.dager import dates_in_words, days, in_words
from rolu.samlinger.hvem_kommer import Utskriftsperson, participants

PER_ARK = 10


@dataclass(frozen=True)
class Skilt:
    deltaker: Utskriftsperson
    qr: SafeString


# --- name badges


def badges(samling: Samling) -> list[list[Skilt]]:
    """The badges, a sheet at a time, each with its own code. Makes the codes that are missing."""
    alle = participants(samling)
    personer, gjester = koder.codes_of(
        samling, [d.person for d in alle if d.person], [d.gjest for d in alle if d.gjest]
    )
    skilt = [
        Skilt(d, koder.qr(personer[d.person] if d.person else gjester[d.gjest or 0])) for d in alle
    ]
    return [skilt[n : n + PER_ARK] for n in range(0, len(skilt), PER_ARK)]


def badges_html(samling: Samling) -> str:
    """The badges as WeasyPrint is given them, in the network's written form."""
    return _draw(
        samling,
        "rolu/pdf/navneskilt.html",
        lambda: {"tittel": _("Navneskilt til «%(tittel)s»"), "ark": badges(samling)},
    )


# --- the list to sign


@dataclass(frozen=True)
class Sted:
    navn: str
    folk: list[Utskriftsperson] = field(default_factory=list)


@dataclass(frozen=True)
class Kommunedel:
    navn: str
    steder: list[Sted] = field(default_factory=list)

    @property
    def antall(self) -> int:
        return sum(len(sted.folk) for sted in self.steder)


def signing_list(samling: Samling) -> list[Kommunedel]:
    """Those who are expected by kommune and place; those of no kommune last."""
    per: dict[str, dict[str, list[Utskriftsperson]]] = {}
    for d in participants(samling):
        per.setdefault(d.kommune, {}).setdefault(d.sted, []).append(d)
    return [
        Kommunedel(
            kommune,
            [Sted(sted, per[kommune][sted]) for sted in sorted(per[kommune], key=norsk_nokkel)],
        )
        for kommune in sorted(per, key=lambda navn: (not navn, norsk_nokkel(navn)))
    ]


def signing_html(samling: Samling) -> str:
    return _draw(
        samling,
        "rolu/pdf/signeringsliste.html",
        lambda: {
            "tittel": _("Signeringsliste til «%(tittel)s»"),
            "undertittel": f"{in_words(samling)}, {samling.sted}",
            "topptekst": f"{samling.tittel}, {dates_in_words(samling)}",
            "kommuner": signing_list(samling),
            "dager": days(samling),
            "tomme": range(8),
        },
    )


# --- the tables


def table_cards_html(samling: Samling) -> str:
    """A card for each table, to stand on it."""
    return _draw(
        samling,
        "rolu/pdf/bordkort.html",
        lambda: {"tittel": _("Bordkort til «%(tittel)s»"), "bord": bordutskrift.cards(samling)},
    )


def table_list_html(samling: Samling) -> str:
    """Everybody by name, with their table, for the wall."""
    return _draw(
        samling,
        "rolu/pdf/bordliste.html",
        lambda: {
            "tittel": _("Bordliste til «%(tittel)s»"),
            "undertittel": f"{in_words(samling)}, {samling.sted}",
            "topptekst": f"{samling.tittel}, {dates_in_words(samling)}",
            "bokstaver": bordutskrift.by_letter(samling),
        },
    )


def table_needs_html(samling: Samling) -> str:
    """How many need what at each table, for the kitchen; nobody is named."""
    return _draw(
        samling,
        "rolu/pdf/bordbehov.html",
        lambda: {
            "tittel": _("Mat og tilrettelegging til «%(tittel)s»"),
            "undertittel": f"{in_words(samling)}, {samling.sted}",
            "topptekst": f"{samling.tittel}, {dates_in_words(samling)}",
            "bord": bordutskrift.needs(samling),
            "totalt": behov.totals(samling),
        },
    )


# --- proof of attendance


@dataclass(frozen=True)
class Kursbevis:
    """What one has attended: the days, and the hours of them."""

    deltaker: Utskriftsperson
    dager: list[Samlingsdag]

    @property
    def varighet(self) -> str:
        """Hours and minutes by the clock."""
        sekunder = sum((d.slutt - d.start).total_seconds() for d in self.dager)
        return varighet(round(sekunder / 60))


def certificates(samling: Samling, *, person: int | None = None) -> list[Kursbevis]:
    """For each who met, or for one of them: the days they met. Of a gathering of one day that is it; so is all of
    them for who was ticked before it was told by day."""
    alle = days(samling)
    return [
        Kursbevis(d, [dag for dag in alle if not d.dager or dag.dato in d.dager])
        for d in participants(samling)
        if d.moett and (person is None or d.person == person)
    ]


def certificates_html(samling: Samling, *, person: int | None = None) -> str:
    return _draw(
        samling,
        "rolu/pdf/kursbevis.html",
        lambda: {
            "tittel": _("Kursbevis fra «%(tittel)s»"),
            "bevis": certificates(samling, person=person),
            "utstedt": timezone.localdate(),
        },
    )


def own_certificate(samling: Samling, *, person: Person) -> tuple[str, bytes]:
    """One person's own: the file's name, and the file. KanIkke when they are not registered as having met."""
    if not has_certificate(samling, person):
        raise KanIkke(_("Du er ikke registrert som møtt på samlingen."))
    pdf = html_to_pdf(certificates_html(samling, person=person.pk))
    return pdf_name(_("kursbevis"), samling.tittel, samling.dato.isoformat()), pdf


def has_certificate(samling: Samling, person: Person) -> bool:
    """Whether it is over, and the person met. One query, none before it is over."""
    if not samling.er_publisert or not samling.er_over:
        return False
    return Deltakelse.objects.filter(samling=samling, verv__person=person).met().exists()


def _draw(samling: Samling, mal: str, innhold: Callable[[], dict[str, Any]]) -> str:
    """A print as WeasyPrint is given it, in the network's written form. `innhold` is gathered in that form too; its
    `tittel` has room for the gathering's."""
    spraak = samling.nettverk.maalform
    with override(spraak):
        kontekst = {"nettverk": samling.nettverk, "samling": samling, **innhold()}
        kontekst["tittel"] = kontekst["tittel"] % {"tittel": samling.tittel}
        return build_html(mal, kontekst, spraak=spraak)


# --- the work


class Hvem(models.TextChoices):
    """Whom a print is of, and what is said when there are none of them."""

    KOMMER = "kommer", gettext_lazy("Ingen er påmeldt ennå.")
    MOETT = "moett", gettext_lazy("Ingen har møtt ennå.")
    VED_BORD = "ved_bord", gettext_lazy("Det er ikke laget noe bordkart ennå.")


@dataclass(frozen=True)
class Utskrift:
    """A kind of print: its name in the address and for people, what it is for, and how it is drawn."""

    navn: str
    tittel: Any
    tekst: Any
    html: Callable[[Samling], str]
    hvem: Hvem = Hvem.KOMMER

    @property
    def slag(self) -> str:
        return f"rolu.{self.navn}"

    @property
    def tom(self) -> str:
        """Why there is nothing to print."""
        return str(self.hvem.label)


UTSKRIFTER = {
    u.navn: u
    for u in (
        Utskrift(
            "navneskilt",
            gettext_lazy("Navneskilt"),
            gettext_lazy(
                "Navn, rolle og enhet, med en QR-kode til å sjekke inn med. Ti på hvert A4-ark, 90 × 54 mm, med skjæremerker."
            ),
            badges_html,
        ),
        Utskrift(
            "signeringsliste",
            gettext_lazy("Signeringsliste"),
            gettext_lazy(
                "Alle som er påmeldt, etter kommune og enhet, med en rute til å signere i for hver dag."
            ),
            signing_html,
        ),
        Utskrift(
            "bordkort",
            gettext_lazy("Bordkort"),
            gettext_lazy(
                "Ett A4-ark for hvert bord, til å brette og sette på bordet: nummeret stort på den ene siden, navnene på den andre."
            ),
            table_cards_html,
            Hvem.VED_BORD,
        ),
        Utskrift(
            "bordliste",
            gettext_lazy("Bordliste"),
            gettext_lazy(
                "Alle etter navn, med bordet de sitter ved. Til å henge på veggen ved inngangen."
            ),
            table_list_html,
            Hvem.VED_BORD,
        ),
        Utskrift(
            "bordbehov",
            gettext_lazy("Mat og tilrettelegging"),
            gettext_lazy(
                "Hvor mange som trenger hva ved hvert bord, uten navn. Til kjøkkenet og dem som gjør klar salen."
            ),
            table_needs_html,
            Hvem.VED_BORD,
        ),
        Utskrift(
            "kursbevis",
            gettext_lazy("Kursbevis"),
            gettext_lazy(
                "Ett ark for hver som har møtt, med dagene og timene. Hver deltaker finner også sitt eget på samlingens side."
            ),
            certificates_html,
            Hvem.MOETT,
        ),
    )
}


def amount(samling: Samling) -> dict[str, int]:
    """How many there would be of each print."""
    alle = participants(samling)
    antall = {
        Hvem.KOMMER: len(alle),
        Hvem.MOETT: sum(d.moett for d in alle),
        Hvem.VED_BORD: bordutskrift.seated(samling, alle),
    }
    return {navn: antall[u.hvem] for navn, u in UTSKRIFTER.items()}


def order(samling: Samling, *, utskrift: Utskrift, by: Person) -> Jobb:
    """Ask for a print; the one already under way when there is one. KanIkke when it would be empty."""
    if not samling.er_publisert:
        raise KanIkke(_("Bare en publisert samling kan skrives ut."))
    if not amount(samling)[utskrift.navn]:
        raise KanIkke(utskrift.tom)
    return order_jobb(
        nettverk=samling.nettverk, slag=utskrift.slag, gjelder=gjelder(samling), by=by
    )


def latest_jobs(samling: Samling) -> dict[str, Jobb]:
    """The newest job of each kind. One query."""
    slag = {u.slag: u.navn for u in UTSKRIFTER.values()}
    jobber = Jobb.objects.filter(
        nettverk=samling.nettverk, slag__in=slag, gjelder=gjelder(samling)
    ).order_by("pk")
    return {slag[jobb.slag]: jobb for jobb in jobber}


def forget_prints(om: Iterable[str]) -> None:
    """Delete the prints of these gatherings (`gjelder`), with their files."""
    slag = [u.slag for u in UTSKRIFTER.values()]
    ferdige = Jobb.objects.exclude(status__in=Jobb.Status.aktive())
    for jobb in ferdige.filter(slag__in=slag, gjelder__in=list(om)):
        jobb.resultat.delete(save=False)
        jobb.delete()


def _make(arbeid: Arbeid, utskrift: Utskrift) -> None:
    """Gather, draw, keep. Safe to run twice."""
    samling = find(arbeid.jobb.gjelder)
    if not isinstance(samling, Samling):
        raise JobbFeil(_("Samlingen finnes ikke lenger."))
    arbeid.report(10, _("Samler navnene"), straks=True)
    html = utskrift.html(samling)
    arbeid.data = {"personer": amount(samling)[utskrift.navn]}
    arbeid.report(35, _("Setter opp dokumentet"), straks=True)
    pdf = html_to_pdf(html)
    arbeid.report(95, _("Lagrer"), straks=True)
    nettverk: Nettverk = samling.nettverk
    with override(nettverk.maalform):
        arbeid.resultat = (
            pdf_name(str(utskrift.tittel), samling.tittel, samling.dato.isoformat()),
            pdf,
        )


# A month: what is printed is printed by then, and names and codes are not to lie in a file for longer.
UTSKRIFT_BEHOLDES = datetime.timedelta(days=30)


def _utskriftsslag(navn: str) -> Callable:
    return jobbslag(
        UTSKRIFTER[navn].slag,
        tillatelse="rolu.print_samlinger",
        resultat_tekst=gettext_lazy("Åpne PDF-en"),
        personliste=True,
        beholdes=UTSKRIFT_BEHOLDES,
    )


@_utskriftsslag("navneskilt")
def make_badges(arbeid: Arbeid) -> None:
    """The badges of a gathering."""
    _make(arbeid, UTSKRIFTER["navneskilt"])


@_utskriftsslag("signeringsliste")
def make_signing_list(arbeid: Arbeid) -> None:
    """The list to sign at the door."""
    _make(arbeid, UTSKRIFTER["signeringsliste"])


@_utskriftsslag("bordkort")
def make_table_cards(arbeid: Arbeid) -> None:
    """The cards of the tables."""
    _make(arbeid, UTSKRIFTER["bordkort"])


@_utskriftsslag("bordliste")
def make_table_list(arbeid: Arbeid) -> None:
    """The list of who sits where."""
    _make(arbeid, UTSKRIFTER["bordliste"])


@_utskriftsslag("bordbehov")
def make_table_needs(arbeid: Arbeid) -> None:
    """What is needed at each table."""
    _make(arbeid, UTSKRIFTER["bordbehov"])


@_utskriftsslag("kursbevis")
def make_certificates(arbeid: Arbeid) -> None:
    """The proofs of attendance of all who met."""
    _make(arbeid, UTSKRIFTER["kursbevis"])
