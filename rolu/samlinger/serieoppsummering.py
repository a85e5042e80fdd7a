"""What came of the gatherings of a series, put together: decisions, insights, commitments, and how many came."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from nettverk.arbeid.gjelder import find, gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.filer.pdf import pdf_name, render_pdf
from nettverk.models import Jobb, Person
from nettverk.side.diagram import stolper
from nettverk.side.skrivemaate import dager
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Samling, Samlingsserie, Utfall
from rolu.samlinger.blokkinnhold import (
    Avsnitt,
    Bit,
    Blokkinnhold,
    Blokkliste,
    Blokktabell,
    Dokument,
    Overskrift,
    Tegning,
    for_print,
)
from rolu.samlinger.oppmoete import Tall, counted_each

SLAG = "rolu.serieoppsummering"
_SENEST = "9999"


@dataclass(frozen=True)
class Oppmoete:
    """A gathering that is over, and how many were invited to it and came."""

    samling: Samling
    telt: Tall


def gatherings(serie: Samlingsserie) -> list[Samling]:
    """Those that people have been told of and that are not called off, the first one first. One query."""
    return list(Samling.objects.filter(serie=serie).taking_place().order_by("start", "pk"))


def collect(serie: Samlingsserie, *, med_oppmoete: bool) -> Dokument:
    """The summary of the series, in the written form of the network. `med_oppmoete`: also how many came, for
    those who may count them. Five queries, whatever the size."""
    samlinger = gatherings(serie)
    utfall = _outcomes(samlinger)
    with override(serie.nettverk.maalform):
        deler = [
            ("fakta", _("Kort om serien"), _facts(serie, samlinger, utfall)),
            ("beslutninger", _("Det vi ble enige om"), _per_gathering(samlinger, utfall, _B)),
            ("oppfolginger", _("Hvem som følger opp hva"), _commitments(utfall)),
            ("innsikter", _("Det vi har lært"), _per_gathering(samlinger, utfall, _I)),
        ]
        if med_oppmoete:
            oppmoete = _attendance(attendance(samlinger))
            deler.append(("oppmoete", _("Oppmøte over tid"), oppmoete))
        alle = [Blokkinnhold(slag, tittel, tuple(biter)) for slag, tittel, biter in deler]
    return Dokument(tuple(b for b in alle if not b.er_tom))


_B, _I = Utfall.Type.BESLUTNING, Utfall.Type.INNSIKT


def _outcomes(samlinger: Sequence[Samling]) -> list[Utfall]:
    return list(
        Utfall.objects.filter(samling__in=samlinger)
        .select_related("samling", "kommune", "gruppe")
        .order_by("samling__start", "nummer", "opprettet", "pk")
    )


def attendance(samlinger: Sequence[Samling]) -> list[Oppmoete]:
    """How many came to each of those that are over. Three queries."""
    over = [s for s in samlinger if s.er_over]
    telt = counted_each(s.pk for s in over)
    alle = [Oppmoete(s, telt[s.pk]) for s in over]
    return [o for o in alle if o.telt.inviterte or o.telt.var_der]


# --- in words


def _facts(
    serie: Samlingsserie, samlinger: Sequence[Samling], utfall: Iterable[Utfall]
) -> Iterable[Bit]:
    if serie.om:
        yield Avsnitt(serie.om)
    if not samlinger:
        yield Avsnitt(_("Serien har ingen samlinger ennå."))
        return
    beslutninger = sum(u.type == _B for u in utfall)
    antall = _how_many(samlinger)
    vedtatt = ngettext("%(n)s beslutning", "%(n)s beslutninger", beslutninger) % {"n": beslutninger}
    yield Avsnitt(
        _("%(samlinger)s fra %(fra)s til %(til)s, med %(beslutninger)s.")
        % {
            "samlinger": antall,
            "fra": date_format(samlinger[0].dato),
            "til": date_format(samlinger[-1].dato),
            "beslutninger": vedtatt,
        }
        if len(samlinger) > 1
        else _("%(samlinger)s, %(fra)s, med %(beslutninger)s.")
        % {"samlinger": antall, "fra": date_format(samlinger[0].dato), "beslutninger": vedtatt}
    )


def _how_many(samlinger: Sequence[Samling]) -> str:
    """3 samlinger; while some are still to come: 3 samlinger (2 holdt, 1 kommer)."""
    antall = ngettext("%(n)s samling", "%(n)s samlinger", len(samlinger)) % {"n": len(samlinger)}
    kommer = sum(not s.er_over for s in samlinger)
    if not kommer:
        return antall
    return _("%(samlinger)s (%(holdt)s holdt, %(kommer)s kommer)") % {
        "samlinger": antall,
        "holdt": len(samlinger) - kommer,
        "kommer": kommer,
    }


def _per_gathering(
    samlinger: Sequence[Samling], utfall: Iterable[Utfall], type_: str
) -> Iterable[Bit]:
    per_samling: dict[int, list[Utfall]] = defaultdict(list)
    for u in utfall:
        if u.type == type_:
            per_samling[u.samling_id].append(u)
    for samling in samlinger:
        if egne := per_samling.get(samling.pk):
            yield Overskrift(f"{dager(samling)}: {samling.tittel}")
            yield Blokkliste(tuple((u.nummer, u.tekst) for u in egne))


def _commitments(utfall: Iterable[Utfall]) -> Iterable[Bit]:
    rader = [u for u in utfall if u.type == Utfall.Type.OPPFOLGING]
    for tittel, valgt in (
        (_("Gjenstår"), sorted((u for u in rader if not u.gjort), key=_deadline)),
        (_("Gjort"), [u for u in rader if u.gjort]),
    ):
        if valgt:
            yield Blokktabell(
                tittel,
                (_("Hvem"), _("Hva"), _("Frist"), _("Avtalt")),
                tuple(
                    (
                        str(u.kommune or u.gruppe),
                        u.tekst,
                        date_format(u.frist) if u.frist else _("Ingen frist"),
                        date_format(u.samling.dato),
                    )
                    for u in valgt
                ),
                har_tekst=True,
                korte=frozenset({2, 3}),
            )


def _deadline(u: Utfall) -> str:
    return u.frist.isoformat() if u.frist else _SENEST


def _attendance(rader: Sequence[Oppmoete]) -> Iterable[Bit]:
    if not rader:
        return
    siste = rader[-1]
    yield Tegning(
        stolper(
            [
                (
                    date_format(r.samling.dato, "SHORT_DATE_FORMAT"),
                    r.telt.moett_antall,
                    r.telt.inviterte,
                )
                for r in rader
            ],
            tittel=_("%(moett)s av %(alle)s inviterte var der sist")
            % {"moett": siste.telt.moett_antall, "alle": siste.telt.inviterte},
            radnavn=_("Samling"),
            verdinavn=_("Var der"),
            av_navn=_("Inviterte"),
            beskrivelse=_("Den mørke delen av søylen er de som var der, hele søylen de inviterte."),
            bredde=560,
        )
    )
    hode = [_("Samling"), _("Dato"), _("Invitert"), _("Var der")]
    celler = [
        [
            r.samling.tittel,
            date_format(r.samling.dato),
            str(r.telt.inviterte),
            str(r.telt.moett_antall),
        ]
        for r in rader
    ]
    if any(r.telt.etterpaa.i_tillegg for r in rader):
        hode.append(_("I tillegg"))
        for rad, r in zip(celler, rader, strict=True):
            rad.append("\n".join(r.telt.etterpaa.i_tillegg))
    yield Blokktabell(
        _("Oppmøte på hver samling"),
        tuple(hode),
        tuple(tuple(rad) for rad in celler),
        tall=frozenset({2, 3}),
        korte=frozenset({1}),
        har_tekst=True,
    )


# --- as PDF


def order(serie: Samlingsserie, *, by: Person) -> Jobb:
    """Ask for the PDF; the one already under way when there is one."""
    if not Samling.objects.filter(serie=serie).taking_place().exists():
        raise KanIkke(_("Serien har ingen samlinger å oppsummere ennå."))
    return order_jobb(nettverk=serie.nettverk, slag=SLAG, gjelder=gjelder(serie), by=by)


def jobs(serie: Samlingsserie) -> QuerySet[Jobb]:
    """Those about the series, the newest first."""
    return Jobb.objects.filter(nettverk=serie.nettverk, slag=SLAG, gjelder=gjelder(serie))


@jobbslag(
    SLAG,
    tillatelse="rolu.view_oppsummering_pdf",
    bestill_tillatelse="rolu.order_oppsummering_pdf",
    resultat_tekst=gettext_lazy("Åpne PDF-en"),
)
def make(arbeid: Arbeid) -> None:
    """The work itself, in the network's written form. Safe to run twice."""
    serie = find(arbeid.jobb.gjelder)
    if not isinstance(serie, Samlingsserie):
        raise JobbFeil(_("Serien finnes ikke lenger."))
    arbeid.report(10, _("Samler det som kom ut av samlingene"))
    dokument = collect(serie, med_oppmoete=True)
    arbeid.report(35, _("Setter opp dokumentet"), straks=True)
    with override(serie.nettverk.maalform):
        felles = {
            "nettverk": serie.nettverk,
            "tittel": _("Oppsummering av serien «%(navn)s»") % {"navn": serie.navn},
            "dokument": for_print(dokument),
        }
        pdf = render_pdf("rolu/pdf/oppsummering.html", felles)
        navn = pdf_name(_("oppsummering"), serie.navn)
    arbeid.resultat = (navn, pdf)
