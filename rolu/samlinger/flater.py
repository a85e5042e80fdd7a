"""What gatherings show on the portal's shared surfaces; called from rolu/portal.py."""

import datetime
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kommuner.gyldighet import idag
from kommuner.models import Enhet
from kommuner.sortering import NorskSortering, named, ranked
from laeringsloyper.kilder import Linjemerke
from laeringsloyper.models import Laeringsloype
from nettverk.flater import (
    Blokk,
    Gjoremaal,
    Gjoremaalssvar,
    Innhold,
    Oppstartssteg,
    Portaldel,
    Seksjon,
    Side,
    Tekst,
    Treff,
    Treffgruppe,
    first_hits,
)
from nettverk.models import Gruppe, Rolle
from nettverk.side.diagram import Aarshjul, Aarspunkt, aarshjul, stolper
from nettverk.side.innhold import fill_in, innhold, join, rolle_i
from rolu.models import Deltakelse, Endringsoenske, Samling
from rolu.models.deltakelse import persons
from rolu.samlinger import (
    bekreftelse,
    doer,
    endringer,
    etterbrev,
    koder,
    oppsummering,
    samlingsbrev,
    samtaleark,
    serieoppsummering,
    utskrifter,
)
from rolu.samlinger.bord import bordkart
from rolu.samlinger.dagen import own_these_days
from rolu.samlinger.dager import dates_in_words, dates_listed, fetch_days, in_words
from rolu.samlinger.overtakelse import choose_leader_url
from rolu.samlinger.paamelding import can_ask_for_change

if TYPE_CHECKING:
    from nettverk.models import Nettverk, Person
    from nettverk.tilgang.roller import Roller

_OFFENTLIG_MAKS = 3
_LOYPE_MAKS = 6


DEL = Portaldel(
    "samlinger",
    gettext_lazy("Samlinger"),
    gettext_lazy("Møter og samlinger med invitasjon, program, deltakere og oppsummering."),
    gettext_lazy(
        "Ingen ser samlingene, programmet eller hvem som kommer, og ingen kan melde seg på. De står heller ikke i årsrapporten eller på den offentlige siden."
    ),
    ("samlinger/",),
    rekkefolge=10,
    valg=tuple((type_.value, type_.label) for type_ in Samling.Type),
    valg_navn=gettext_lazy("Typer samlinger dere bruker"),
    brev=(
        samlingsbrev.INVITASJON,
        samlingsbrev.FLYTTING,
        samlingsbrev.UTE,
        samlingsbrev.PURRING,
        samlingsbrev.AVLYSNING,
        *bekreftelse.SLAG,
        bekreftelse.VARA_UTE,
        endringer.ENDRINGSSVAR,
        etterbrev.OPPSUMMERING,
    ),
    jobber=(
        oppsummering.SLAG,
        serieoppsummering.SLAG,
        *(u.slag for u in utskrifter.UTSKRIFTER.values()),
        bordkart.SLAG,
        *samtaleark.SLAG,
    ),
)


def del_innhold(nettverk: "Nettverk") -> Iterable[Tekst]:
    if antall := Samling.objects.filter(nettverk=nettverk).count():
        yield ngettext("%(n)s samling", "%(n)s samlinger", antall) % {"n": antall}


def del_underveis(nettverk: "Nettverk") -> Iterable[Tekst]:
    """The published gatherings that are not over, with how many wait for them. Nobody is told."""
    publiserte = Samling.objects.filter(nettverk=nettverk).taking_place()
    person = "deltakelser__verv__person"
    kommende = publiserte.upcoming().annotate(
        inviterte=Count(person, distinct=True),
        paameldte=Count(person, distinct=True, filter=Q(deltakelser__status="paameldt")),
    )
    for samling in kommende.prefetch_related("samlingsdager"):
        yield fill_in(
            _(
                "«%(samling)s» er publisert, og holdes %(naar)s. Invitert: %(inviterte)s. Påmeldt: %(paameldte)s. Ingen av dem får beskjed om at samlingen ikke vises lenger."
            )
            if samling.inviterte
            else _("«%(samling)s» er publisert, og holdes %(naar)s."),
            samling=innhold(samling.tittel, nettverk),
            naar=in_words(samling),
            inviterte=str(samling.inviterte),
            paameldte=str(samling.paameldte),
        )


# --- what waits


def oppstartssteg(roller: "Roller") -> Oppstartssteg:
    """A new network is under way when its first gathering stands, if only as a draft."""
    finnes = Samling.objects.filter(nettverk=roller.nettverk).exists()
    return Oppstartssteg(
        _("Lag den første samlingen"),
        _("Samlingen er laget") if finnes else _("Tid, sted og program. Så inviterer du"),
        reverse("rolu:samling_list" if finnes else "rolu:samling_ny", args=[roller.nettverk.slug]),
        _("Se samlingene") if finnes else _("Ny samling"),
        finnes,
        50,
    )


def gjoremaal(roller: "Roller") -> Iterable[Gjoremaal]:
    """A leader: sign up the group. A member: answer. The coordinator: the draft, and the desk today."""
    if roller.er_koordinator or roller.er_pro:
        yield from _to_run(roller)
    elif roller.er_medlem:
        yield from _to_come(roller)
    if roller.er_medlem:
        yield from _to_answer(roller)


def _to_come(roller: "Roller") -> Iterable[Gjoremaal]:
    """The gathering one is to be at, with the own code, from the day before until it is over. One query, two more
    for each of them."""
    i_morgen = timezone.localdate() + datetime.timedelta(days=1)
    egne = [d for d in own_these_days(roller) if not d.samling.er_over]
    samlinger = list({d.samling_id: d.samling for d in egne}.values())
    fetch_days(samlinger)
    for samling in samlinger:
        samling.nettverk = roller.nettverk
        kode = doer.own_code(samling, roller.person)
        if not kode:
            continue
        inne = doer.own_door(samling, roller.person, kode) == doer.Doerstand.INNE
        program = reverse("rolu:samling_program", args=[roller.nettverk.slug, samling.pk])
        tekst = f"{in_words(samling)}, {samling.sted}."
        yield Gjoremaal(
            tittel=fill_in(
                _("«%(samling)s» er i dag")
                if samling.dato < i_morgen
                else _("«%(samling)s» er i morgen"),
                samling=innhold(samling.tittel, roller.nettverk),
            ),
            tekst=f"{_('Du er registrert.')} {tekst}" if inne else tekst,
            url=program if inne else koder.path(kode),
            knapp=_("Se programmet") if inne else _("Åpne koden"),
            ogsaa=(
                _("Se samlingen"),
                reverse("rolu:samling", args=[roller.nettverk.slug, samling.pk]),
            ),
            haster=1,
            er_i_dag=True,
        )


def _to_answer(roller: "Roller") -> Iterable[Gjoremaal]:
    ubesvart = Deltakelse.Status.INVITERT
    ubesvarte = (
        Deltakelse.objects.upcoming_answers()
        .filter(samling__nettverk=roller.nettverk, status=ubesvart)
        # Nobody is asked about who comes by another place, as in `rolu.samlinger.purring`.
        .with_svar()
        .filter(Q(svar=ubesvart))
        .filter(
            Q(verv__person=roller.person)
            | Q(
                verv__gruppe__enhet__in=roller.enheter_ledet,
                verv__gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE,
            )
        )
        .exclude(
            Exists(Endringsoenske.objects.waiting().filter(deltakelse=OuterRef("pk")).order_by())
        )
        .select_related("samling", "verv__gruppe__enhet")
        .order_by("samling__start", "verv__gruppe__sortering", "pk")
    )
    fetch_days(d.samling for d in ubesvarte)
    # A leader signs up each group; somebody in many groups answers once.
    saker: dict[tuple[int, int], list[Deltakelse]] = {}
    for d in ubesvarte:
        leder = d.verv.gruppe.enhet_id in roller.enheter_ledet
        # After the deadline the group is still waited for, and its leader may ask.
        if d.samling.er_aapen_for_paamelding or (leder and can_ask_for_change(d.samling)):
            noekkel = (d.samling_id, d.verv.gruppe_id if leder else 0)
            saker.setdefault(noekkel, []).append(d)
    for (_samling, leder_av), deltakelser in saker.items():
        samling, leder = deltakelser[0].samling, bool(leder_av)
        aapen = samling.er_aapen_for_paamelding
        url = reverse("rolu:paamelding", args=[roller.nettverk.slug, samling.pk])
        tittel = innhold(samling.tittel, roller.nettverk)
        yield Gjoremaal(
            tittel=fill_in(
                _("Meld på gruppa til «%(samling)s»")
                if aapen
                else _("Fristen er ute, og gruppa har ikke svart: «%(samling)s»"),
                samling=tittel,
            )
            if leder
            else fill_in(_("Kommer du på «%(samling)s»?"), samling=tittel),
            tekst=fill_in(
                "%(gruppe)s: %(tid)s, %(sted)s.",
                gruppe=_named(deltakelser, roller.nettverk),
                tid=in_words(samling),
                sted=samling.sted,
            ),
            url=url,
            knapp=(_("Meld på gruppa") if aapen else _("Be om å få svare")) if leder else _("Svar"),
            svar=None if leder else _yes_or_no(deltakelser, samling),
            frist=samling.siste_svardag,
            haster=12 if leder else 20,
        )


def _yes_or_no(deltakelser: list[Deltakelse], samling: Samling) -> Gjoremaalssvar | None:
    """The own answer (`rolu.samlinger.paamelding.answer`), by a place that holds on the day."""
    plass = next((d for d in deltakelser if d.verv.er_gyldig(samling.dato)), None)
    if plass is None:
        return None
    return Gjoremaalssvar(
        (("deltakelse", str(plass.pk)),),
        (("svar", "ja", _("Ja, jeg kommer")), ("svar", "nei", _("Nei"))),
    )


def _named(deltakelser: list[Deltakelse], nettverk: "Nettverk") -> str:
    """The units and groups through which somebody is invited: three of them, and how many more."""
    grupper = {d.verv.gruppe_id: d.verv.gruppe for d in deltakelser}
    navn = [str(g.enhet) if g.enhet else innhold(g.navn, nettverk) for g in grupper.values()]
    if flere := len(navn[3:]):
        return fill_in(_("%(navn)s og %(flere)s til"), navn=join(", ", navn[:3]), flere=str(flere))
    return join(", ", navn)


def _to_run(roller: "Roller") -> Iterable[Gjoremaal]:
    """Those who run it: what goes on today first, then what is not told of yet. To the coordinator also what
    has been and is not summed up. One query."""
    slug = roller.nettverk.slug
    samlinger = list(_to_see_to(roller))
    fetch_days(samlinger)
    for samling in samlinger:
        tittel = innhold(samling.tittel, roller.nettverk)
        if samling.oensker_venter and roller.er_koordinator:
            yield _to_settle(samling, tittel, slug)
        if samling.er_over:
            yield Gjoremaal(
                tittel=fill_in(_("Lag oppsummeringen av «%(samling)s»"), samling=tittel),
                tekst=_("Samlingen var %(dato)s, og oppsummeringen er ikke delt ennå.")
                % {"dato": date_format(samling.dato)},
                url=reverse("rolu:samling_oppsummering", args=[slug, samling.pk]),
                knapp=_("Lag oppsummeringen"),
                haster=27,
            )
            continue
        if samling.er_i_dag:
            yield Gjoremaal(
                tittel=fill_in(_("«%(samling)s» er i dag"), samling=tittel),
                tekst=f"{in_words(samling)}, {samling.sted}.",
                url=reverse("rolu:innsjekk", args=[slug, samling.pk]),
                knapp=_("På dagen"),
                haster=1,
                er_i_dag=True,
            )
        elif samling.er_utkast and roller.er_koordinator:
            yield Gjoremaal(
                tittel=fill_in(_("«%(samling)s» er et utkast"), samling=tittel),
                tekst=_("Ingen er invitert ennå. Samlingen er %(naar)s.")
                % {"naar": in_words(samling)},
                url=reverse("rolu:samling", args=[slug, samling.pk]),
                knapp=_("Gjør samlingen klar"),
                haster=30,
            )
        if samling.er_publisert and samling.uten_leder and roller.er_koordinator:
            yield Gjoremaal(
                tittel=fill_in(_("Ingen leder «%(samling)s»"), samling=tittel),
                tekst=_("Den som skulle lede samlingen, er ikke lenger med. Samlingen er %(naar)s.")
                % {"naar": in_words(samling)},
                url=choose_leader_url(samling),
                knapp=_("Velg hvem som leder"),
                haster=25,
            )


def _to_settle(samling: Any, tittel: Any, slug: str) -> Gjoremaal:
    """Somebody waits to hear whether the answer may be changed."""
    n = samling.oensker_venter
    return Gjoremaal(
        tittel=fill_in(_("Svar på ønsker om endring i «%(samling)s»"), samling=tittel),
        tekst=ngettext(
            "%(n)s ønske om endring etter fristen venter på svar.",
            "%(n)s ønsker om endring etter fristen venter på svar.",
            n,
        )
        % {"n": n},
        url=reverse("rolu:samling_deltakere", args=[slug, samling.pk]) + "#endringer",
        knapp=_("Se ønskene"),
        frist=samling.dato,
        haster=15,
        # On the day it cannot lie below what is merely late.
        er_i_dag=samling.er_i_dag,
    )


# What was longer ago has been told of in some other way, or will not be.
_OPPSUMMERES = datetime.timedelta(days=60)


def _to_see_to(roller: "Roller") -> Iterable[Any]:
    """Those that are not over; to the coordinator, after them, those that were over by yesterday and that
    nobody has shared a summary of."""
    kommer = Q(slutt__gte=timezone.now()) & ~Q(status__in=Samling.AVSLUTTET)
    oensker = (
        Endringsoenske.objects.waiting()
        .filter(
            deltakelse__samling=OuterRef("pk"),
            deltakelse__samling__status=Samling.Status.INVITERT,
        )
        .order_by()
        .values("deltakelse__samling")
        .annotate(n=Count("pk"))
    )
    her = (
        Samling.objects.filter(nettverk=roller.nettverk)
        .with_uten_leder()
        .annotate(oensker_venter=Coalesce(Subquery(oensker.values("n")), 0))
    )
    if not roller.er_koordinator:
        return her.filter(kommer).order_by("start", "pk")[:10]
    var = Q(
        slutt__date__lt=idag(),
        slutt__date__gte=idag() - _OPPSUMMERES,
        # What is locked, is done with.
        status__in=set(Samling.HOLDES) - {Samling.Status.LAAST},
        har_oppsummering=False,
    )
    return (
        her.with_har_oppsummering()
        .filter(kommer | var)
        .order_by(Case(When(kommer, then=0), default=1), "start", "pk")[:15]
    )


# --- the public page


def offentlig(nettverk: "Nettverk") -> Iterable[Seksjon]:
    """The next gatherings that everybody may read about: what, when and where, and the way to the page of each.
    Nothing of who."""
    kommende = (
        Samling.objects.filter(nettverk=nettverk)
        .public()
        .taking_place()
        .upcoming()
        .prefetch_related("samlingsdager")[:_OFFENTLIG_MAKS]
    )
    rader = [_in_public(samling, nettverk) for samling in kommende]
    if rader:
        yield Seksjon("rolu/flater/samling_offentlig.html", {"samlinger": rader}, 5)


def _in_public(samling: Samling, nettverk: "Nettverk") -> dict[str, Any]:
    """Only what everybody may read goes to the page."""
    felt = ("tittel", "tema", "sted", "start", "slutt")
    url = reverse("rolu:samling_offentlig", args=[nettverk.slug, samling.pk])
    return {navn: getattr(samling, navn) for navn in felt} | {
        "type": str(samling.get_type_display()),
        "naar": in_words(samling),
        "url": url,
    }


# --- other things' pages, and search


def loype(loype: Laeringsloype, side: Side) -> Iterable[Seksjon]:
    """The gatherings of a track, as far as the person may see them."""
    roller = side.roller
    samlinger = list(
        Samling.objects.visible_to(roller).published().filter(laeringsloype=loype)[:_LOYPE_MAKS]
    )
    fetch_days(samlinger)
    if samlinger:
        yield Seksjon("rolu/flater/loype.html", {"samlinger": samlinger}, 60)


def along_the_line(loyper: Sequence[Laeringsloype], roller: "Roller") -> Iterable[Linjemerke]:
    """The gatherings of the tracks, as far as the person may see them. One query, none in a network without
    gatherings."""
    if not roller.nettverk.uses(DEL.noekkel):
        return
    for samling in (
        Samling.objects.visible_to(roller)
        .published()
        .taking_place()
        .filter(laeringsloype__in=loyper)
        .values_list("pk", "tittel", "start", "laeringsloype")
    ):
        pk, tittel, start, loype = samling
        url = reverse("rolu:samling", args=[roller.nettverk.slug, pk])
        yield Linjemerke(loype, timezone.localdate(start), tittel, url)


def person(person: "Person", side: Side) -> Iterable[Seksjon]:
    """The gatherings ahead that the person leads, as far as the reader sees them."""
    synlige = Samling.objects.visible_to(side.roller).published().upcoming()
    samlinger = list(synlige.filter(prosessledere=person)[:_LOYPE_MAKS])
    fetch_days(samlinger)
    if samlinger:
        yield Seksjon("rolu/flater/person.html", {"samlinger": samlinger}, 20)


def snarveier(roller: "Roller") -> Iterable[Treff]:
    """The next gathering."""
    for samling in Samling.objects.visible_to(roller).published().upcoming()[:1]:
        yield Treff(
            innhold(samling.tittel, roller.nettverk),
            reverse("rolu:samling", args=[roller.nettverk.slug, samling.pk]),
            ", ".join([dates_in_words(samling), samling.sted]),
            ikon="samling",
        )


def sok(roller: "Roller", q: str) -> Iterable[Treffgruppe]:
    """Gatherings by title, theme and place; the newest first."""
    slug = roller.nettverk.slug
    yield first_hits(
        _("Samlinger"),
        "samling",
        ranked(
            named(
                Samling.objects.visible_to(roller).with_datoer(),
                q,
                NorskSortering("tittel"),
                NorskSortering("tema"),
                NorskSortering("sted"),
            ),
            q,
            NorskSortering("tittel"),
        ),
        lambda samling: Treff(
            innhold(samling.tittel, roller.nettverk),
            reverse("rolu:samling", args=[slug, samling.pk]),
            ", ".join(
                [dates_listed(samling.datoer or [samling.dato]), samling.sted]
                + ([] if samling.er_publisert else [samling.get_status_display()])
            ),
        ),
        alle_url=reverse("rolu:samling_list", args=[slug]),
    )


# --- the annual report


def kapitler(nettverk: "Nettverk", aar: int) -> Iterable[Blokk]:
    yield Blokk(
        "samlinger",
        _("Samlinger"),
        partial(gatherings_chapter, nettverk, aar),
        _("Hva var målet med samlingene, og hva kom det ut av dem?"),
    )
    yield Blokk(
        "deltakelse",
        _("Deltakelse"),
        partial(participation_chapter, nettverk, aar),
        _("Når vi ut til alle? Hvem mangler, og hva gjør vi med det?"),
    )


def _held(nettverk: "Nettverk", aar: int) -> Any:
    return (
        Samling.objects.filter(nettverk=nettverk)
        .taking_place()
        .in_year(aar)
        .past()
        .order_by("start", "pk")
    )


def gatherings_chapter(nettverk: "Nettverk", aar: int) -> Innhold:
    """The gatherings that were held, with how many were invited and met."""
    samlinger = _gatherings(_held(nettverk, aar))
    return Innhold(
        "rolu/kapitler/samlinger.html",
        {
            "samlinger": samlinger,
            "hjul": _wheel(samlinger, aar),
            "nokkeltall": [
                (len(samlinger), ngettext("samling holdt", "samlinger holdt", len(samlinger)))
            ],
        },
    )


def _wheel(samlinger: list[dict[str, Any]], aar: int) -> Aarshjul | None:
    """Where in the year they were held, numbered as in the chapter's table; without today, which is another
    day for whoever reads."""
    if len(samlinger) < 3:  # fewer are better read than looked at
        return None
    forste, siste = samlinger[0]["dato"], samlinger[-1]["dato"]
    return aarshjul(
        [Aarspunkt(s["tittel"], s["dato"]) for s in samlinger],
        fra=datetime.date(aar, 1, 1),
        idag=datetime.date(aar + 1, 1, 1),
        tittel=ngettext(
            "%(n)s samling på året: den første i %(fra)s, den siste i %(til)s",
            "%(n)s samlinger på året: den første i %(fra)s, den siste i %(til)s",
            len(samlinger),
        )
        % {
            "n": len(samlinger),
            "fra": date_format(forste, "F"),
            "til": date_format(siste, "F"),
        },
    )


def _gatherings(samlinger: Any) -> list[dict[str, Any]]:
    person = "deltakelser__verv__person"
    rader = samlinger.annotate(
        moett=Count(person, distinct=True, filter=Q(deltakelser__moett__isnull=False)),
        inviterte=Count(person, distinct=True),
    )
    return [
        {
            "tittel": s.tittel,
            "type": str(s.get_type_display()),
            "tema": s.tema,
            "dato": s.dato,
            "sted": s.sted,
            "moett": s.moett,
            "inviterte": s.inviterte,
        }
        for s in rader
    ]


def participation_chapter(nettverk: "Nettverk", aar: int) -> Innhold:
    """People who met, by kommune, role and kind of unit; units reached of all. Four queries."""
    moett = Deltakelse.objects.filter(samling__in=_held(nettverk, aar)).met()
    per_kommune = _per_kommune(moett, nettverk.paakrevde_roller)
    enheter = _units_reached(nettverk, aar, moett)
    naadd, alle = sum(e["naadd"] for e in enheter), sum(e["alle"] for e in enheter)
    personer = moett.aggregate(n=persons())["n"]
    return Innhold(
        mal="rolu/kapitler/deltakelse.html",
        data={
            "personer": personer,
            "nokkeltall": [
                (personer, ngettext("person møtte", "personer møtte", personer)),
            ],
            "enheter_naadd": naadd,
            "enheter_alle": alle,
            "enheter": enheter,
            "per_kommune": per_kommune,
            "rollene": [
                *(rolle_i(rolle, nettverk, stor=True) for rolle in nettverk.paakrevde_roller),
                _("Andre"),
            ],
            "per_rolle": _per_role(moett, nettverk),
            "diagram": stolper(
                sorted(
                    ((rad["kommune"], rad["personer"]) for rad in per_kommune),
                    key=lambda rad: -rad[1],
                ),
                tittel=_most_met(per_kommune),
                radnavn=_("Kommune"),
                verdinavn=_("Personer"),
                beskrivelse=_("Antall personer fra hver kommune som møtte på minst én samling."),
            )
            if per_kommune
            else None,
        },
    )


def _most_met(per_kommune: list[dict[str, Any]]) -> str:
    """What the bars show: where most came from, or that it was the same everywhere."""
    mest = max(rad["personer"] for rad in per_kommune)
    flest = [rad["kommune"] for rad in per_kommune if rad["personer"] == mest]
    if len(flest) > 1:
        return _("Så mange møtte fra hver kommune")
    return ngettext(
        "Flest kom fra %(kommune)s: %(n)s person", "Flest kom fra %(kommune)s: %(n)s personer", mest
    ) % {"kommune": flest[0], "n": mest}


def _per_kommune(moett: Any, paakrevde: list[str]) -> list[dict[str, Any]]:
    """Per kommune: the people by role (the required ones, then all others), and how often they met."""
    roller = {rolle: persons(verv__rolle=rolle) for rolle in paakrevde}
    rader = (
        moett.values("kommune", "kommune__navn")
        .annotate(
            **roller,
            andre=Count("verv__person", distinct=True, filter=~Q(verv__rolle__in=paakrevde)),
            personer=persons(),
            oppmoeter=Count(_person_and_gathering(), distinct=True),
        )
        .order_by(F("kommune__sortering").asc(nulls_last=True))
    )
    return [
        {
            "kommune": rad["kommune__navn"] or _("Uten kommune"),
            "roller": [rad[rolle] for rolle in (*roller, "andre")],
            "personer": rad["personer"],
            "oppmoeter": rad["oppmoeter"],
        }
        for rad in rader
    ]


def _person_and_gathering() -> Any:
    """One meeting of one person, however many Verv they came by."""
    return Concat(
        Cast("verv__person_id", TextField()),
        Value("-"),
        Cast("samling_id", TextField()),
        output_field=TextField(),
    )


def _per_role(moett: Any, nettverk: "Nettverk") -> list[dict[str, Any]]:
    """One row per role in which somebody met, in the order of the roles."""
    antall = {rad["verv__rolle"]: rad["moett_antall"] for rad in moett.per_rolle()}
    return [
        {"rolle": rolle_i(rolle, nettverk, stor=True), "personer": antall[rolle]}
        for rolle in Rolle
        if rolle in antall
    ]


def _units_reached(nettverk: "Nettverk", aar: int, moett: Any) -> list[dict[str, Any]]:
    """Per kind of unit: how many of all had somebody there, and how many of those are private."""
    dato = min(datetime.date(aar, 12, 31), idag())
    naadde = moett.filter(verv__gruppe__enhet=OuterRef("pk"))
    rader = (
        nettverk.enheter(dato)
        .annotate(er_naadd=Exists(naadde))
        .values("type")
        .annotate(
            alle=Count("pk"),
            naadd=Count("pk", filter=Q(er_naadd=True)),
            private=Count("pk", filter=Q(eierform=Enhet.Eierform.PRIVAT)),
            private_naadd=Count("pk", filter=Q(eierform=Enhet.Eierform.PRIVAT, er_naadd=True)),
        )
        .order_by()
    )
    rang = {verdi: nr for nr, verdi in enumerate(Enhet.Type.values)}
    return [
        {**rad, "type": str(Enhet.Type(rad["type"]).label)}
        for rad in sorted(rader, key=lambda rad: rang[rad["type"]])
    ]
