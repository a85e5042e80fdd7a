"""What a summary holds, gathered as plain data: what was decided, who was there, what comes next.

Each part is a dict that can be kept as JSON and read again years later: dates are ISO, names are as they were
written that day, in the written form of the network. `rolu.samlinger.blokkinnhold` says it in words.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kommuner.models import Enhet
from nettverk.models import Gruppe, Nettverk, Rolle
from rolu.models import Deltakelse, Gjest, Oppdrag, Oppsummeringsblokk, Programpost, Samling, Utfall
from rolu.samlinger.dager import days
from rolu.samlinger.evaluering import summary_data
from rolu.samlinger.oppmoete import Tall, counted
from rolu.samlinger.programplan import covered
from rolu.samlinger.samtaler import voices_data

Slag = Oppsummeringsblokk.Slag
Data = dict[str, Any]
_Status = Deltakelse.Status
_INGEN = 10**9


def collect(samling: Samling) -> dict[str, Data]:
    """Every part of the summary as the portal knows it now. Seventeen queries at most, whatever the size."""
    with override(samling.nettverk.maalform):
        utfall = _outcomes(samling)
        poster = list(samling.programposter.all())
        plasser, gjester = _places(samling), _guests(samling)
        telt = counted(samling)
        oppmoete = _attendance(samling.nettverk, telt, plasser, gjester)
        return {
            Slag.BESLUTNINGER: _decisions(utfall),
            Slag.FAKTA: _facts(samling, poster, telt),
            Slag.OPPMOETE: oppmoete,
            Slag.PROGRAM: _programme(poster, utfall),
            Slag.STEMMER: voices_data(samling),
            Slag.EVALUERING: summary_data(samling),
            Slag.OPPDRAG: _assignments(samling, utfall),
            Slag.OPPFOLGINGER: _commitments(utfall),
            Slag.NESTE: _next(samling),
            Slag.TALL: oppmoete,
            Slag.FRAVAER: _absent(plasser, gjester),
            Slag.DELTAKERE: _present(plasser, telt),
            Slag.NOTATER: _notes(poster),
        }


# --- outcomes and programme


def _outcomes(samling: Samling) -> list[Utfall]:
    return list(
        Utfall.objects.filter(samling=samling)
        .select_related("programpost", "kommune", "gruppe")
        .order_by(F("nummer").asc(nulls_last=True), "opprettet", "pk")
    )


def _outcome(u: Utfall) -> Data:
    return {"type": u.type, "nummer": u.nummer, "tekst": u.tekst}


def _decisions(utfall: Iterable[Utfall]) -> Data:
    return {
        "beslutninger": [
            {**_outcome(u), "post": u.programpost.tittel if u.programpost else ""}
            for u in utfall
            if u.type == Utfall.Type.BESLUTNING
        ]
    }


def _commitments(utfall: Iterable[Utfall]) -> Data:
    rader = [u for u in utfall if u.type == Utfall.Type.OPPFOLGING]
    rader.sort(key=lambda u: (u.frist or datetime.date.max, u.opprettet, u.pk))
    return {
        "oppfolginger": [
            {
                "hvem": str(u.kommune or u.gruppe),
                "hva": u.tekst,
                "frist": _iso(u.frist),
                "gjort": u.gjort is not None,
            }
            for u in rader
        ]
    }


def _is_only_noted(u: Utfall) -> bool:
    """An assignment that nobody has given to the units. What is given, stands among the assignments."""
    return u.type == Utfall.Type.OPPDRAG and u.oppdrag_id is None


def _facts(samling: Samling, poster: list[Programpost], telt: Tall) -> Data:
    return {
        "type": str(samling.get_type_display()),
        "tema": samling.tema,
        "sted": samling.sted,
        "dager": _days(samling),
        "om": samling.om,
        "minutter": covered(post for post in poster if not post.er_pause),
        "ledere": [person.navn for person in samling.prosessledere.order_by("sortering", "pk")],
        "folk": {
            "inviterte": telt.inviterte,
            "paameldte": telt.paameldte,
            "moett": telt.moett_antall,
            "gjester": telt.gjester_antall,
            "gjester_moett": telt.gjester_moett,
            "elever": telt.elever,
            "foresatte": telt.foresatte,
        },
    }


def _days(samling: Samling) -> list[list[str]]:
    return [[d.start.isoformat(), d.slutt.isoformat()] for d in days(samling)]


def _programme(poster: Iterable[Programpost], utfall: Iterable[Utfall]) -> Data:
    per_post: dict[int | None, list[Data]] = defaultdict(list)
    for u in utfall:
        if u.type in (Utfall.Type.BESLUTNING, Utfall.Type.INNSIKT) or _is_only_noted(u):
            per_post[u.programpost_id].append(_outcome(u))
    return {
        "poster": [
            {
                "start": timezone.localtime(p.start).isoformat(),
                "slutt": timezone.localtime(p.slutt).isoformat(),
                "tittel": p.tittel,
                "arbeidsform": str(p.get_arbeidsform_display()),
                "pause": p.er_pause,
                "leder": p.leder,
                "rom": p.rom,
                **({"spor": p.spor} if p.spor else {}),
                "utfall": per_post.get(p.pk, []),
            }
            for p in poster
        ],
        "ellers": per_post.get(None, []),
    }


def _notes(poster: Iterable[Programpost]) -> Data:
    return {
        "notater": [{"post": p.tittel, "tekst": p.notat.strip()} for p in poster if p.notat.strip()]
    }


# --- what comes after


def _assignments(samling: Samling, utfall: Iterable[Utfall]) -> Data:
    """What was given, and what was only noted; nothing is said of the latter when there is none."""
    notert = [u.tekst for u in utfall if _is_only_noted(u)]
    ogsaa = {"notert": notert} if notert else {}
    if not samling.nettverk.uses("mellomarbeid"):
        return {"oppdrag": [], **ogsaa}
    har_loyper = samling.nettverk.uses("laeringsloyper")
    rader = Oppdrag.objects.asked().filter(samling=samling).select_related("laeringsloype")
    return {
        "oppdrag": [
            {
                "tittel": o.tittel,
                "tekst": o.tekst,
                "frist": _iso(o.frist),
                "loype": o.laeringsloype.navn if har_loyper and o.laeringsloype else "",
            }
            for o in rader.order_by("frist", "pk")
        ],
        **ogsaa,
    }


def _next(samling: Samling) -> Data:
    """The next one that people have been told of and that is still ahead: in the same series, else of the
    same kind."""
    senere = Samling.objects.filter(
        nettverk=samling.nettverk, start__gt=samling.slutt, slutt__gte=timezone.now()
    )
    i_serien = Case(
        When(serie__isnull=False, serie=samling.serie_id, then=True),
        default=False,
        output_field=BooleanField(),
    )
    funnet = (
        senere.taking_place()
        .filter(Q(serie__isnull=False, serie=samling.serie_id) | Q(type=samling.type))
        .alias(i_serien=i_serien)
        .order_by("-i_serien", "start", "pk")
        .prefetch_related("samlingsdager")
        .first()
    )
    if funnet is None:
        return {}
    return {"tittel": funnet.tittel, "sted": funnet.sted, "dager": _days(funnet)}


def _iso(dag: datetime.date | None) -> str:
    return dag.isoformat() if dag else ""


# --- who was there


@dataclass(frozen=True)
class Deltakerplass:
    """A place at the gathering: a person, by one Verv. `var_der` is the person's, whichever place it was."""

    person: int
    navn: str
    sortering: str
    rolle: str
    kommune: str
    kommune_plass: str
    enhet: int | None
    enhetsnavn: str
    enhetstype: str
    gruppe: int
    gruppenavn: str
    svar: str
    var_der: bool


def _places(samling: Samling) -> list[Deltakerplass]:
    """Everybody invited, place by place, with one answer and one attendance each. One query."""
    enhet = "verv__gruppe__enhet"
    rader = list(
        Deltakelse.objects.filter(samling=samling)
        .with_svar()
        .annotate(svaret=F("svar"))
        .order_by(
            F("kommune__sortering").asc(nulls_last=True),
            F(f"{enhet}__sortering").asc(nulls_last=True),
            "verv__gruppe__sortering",
            "verv__person__sortering",
            "pk",
        )
        .values(
            "svaret",
            "moett",
            "verv__rolle",
            "verv__person",
            "verv__person__navn",
            "verv__person__sortering",
            "verv__gruppe",
            "verv__gruppe__navn",
            "verv__gruppe__type",
            "kommune__navn",
            "kommune__sortering",
            enhet,
            f"{enhet}__navn",
            f"{enhet}__visningsnavn",
            f"{enhet}__type",
        )
    )
    var_der = {rad["verv__person"] for rad in rader if rad["moett"]}
    return [
        Deltakerplass(
            person=rad["verv__person"],
            navn=rad["verv__person__navn"],
            sortering=rad["verv__person__sortering"],
            rolle=rad["verv__rolle"],
            kommune=rad["kommune__navn"] or "",
            kommune_plass=rad["kommune__sortering"] or "",
            # A unit answers by its utviklingsgruppe.
            enhet=rad[enhet] if rad["verv__gruppe__type"] == Gruppe.Type.UTVIKLINGSGRUPPE else None,
            enhetsnavn=rad[f"{enhet}__visningsnavn"] or rad[f"{enhet}__navn"] or "",
            enhetstype=rad[f"{enhet}__type"] or "",
            gruppe=rad["verv__gruppe"],
            gruppenavn=rad["verv__gruppe__navn"],
            svar=rad["svaret"],
            var_der=rad["verv__person"] in var_der,
        )
        for rad in rader
    ]


@dataclass(frozen=True)
class Gjesteplass:
    """Somebody without a Verv who was there: no name, only where they came from."""

    gruppe: int | None


def _guests(samling: Samling) -> list[Gjesteplass]:
    rader = Gjest.objects.filter(samling=samling).met().values_list("gruppe", "for_verv__gruppe")
    return [Gjesteplass(gruppe or for_gruppe) for gruppe, for_gruppe in rader]


def _attendance(
    nettverk: Nettverk, telt: Tall, plasser: list[Deltakerplass], gjester: list[Gjesteplass]
) -> Data:
    typer = {str(verdi): str(navn) for verdi, navn in Enhet.Type.choices}
    roller = list(Rolle.values)
    rang_type = {verdi: nr for nr, verdi in enumerate(typer)}
    borte = {p.person: p.svar for p in plasser if not p.var_der}
    return {
        "inviterte": telt.inviterte,
        "paameldte": telt.paameldte,
        "moett": telt.moett_antall,
        "avmeldte": sum(svar == _Status.AVMELDT for svar in borte.values()),
        "gjester": telt.gjester_moett,
        "kommuner": _figures(
            plasser, lambda p: (p.kommune_plass or "￿", p.kommune or _("Uten kommune"))
        ),
        "roller": _figures(plasser, lambda p: (roller.index(p.rolle), nettverk.rollenavn(p.rolle))),
        "enhetstyper": _figures(
            plasser,
            lambda p: (
                (rang_type[p.enhetstype], typer[p.enhetstype])
                if p.enhet
                else (_INGEN, _("utenfor enhetene"))
            ),
        ),
        "enheter": _unit_figures(plasser, gjester),
    }


def _figures(
    plasser: list[Deltakerplass], hvor: Callable[[Deltakerplass], tuple[Any, str]]
) -> list[Data]:
    """How many people of each kind were invited, signed up and were there; each counts once in a row."""
    folk: dict[tuple[Any, str], dict[str, set[int]]] = {}
    for p in plasser:
        rad = folk.setdefault(hvor(p), {"inviterte": set(), "paameldte": set(), "moett": set()})
        rad["inviterte"].add(p.person)
        if p.svar == _Status.PAAMELDT:
            rad["paameldte"].add(p.person)
        if p.var_der:
            rad["moett"].add(p.person)
    return [
        {"navn": navn, **{hva: len(hvem) for hva, hvem in folk[(plass, navn)].items()}}
        for plass, navn in sorted(folk)
    ]


def _units_there(plasser: Iterable[Deltakerplass], gjester: Iterable[Gjesteplass]) -> set[int]:
    """The units of which somebody was there, or somebody came in their place."""
    grupper = {g.gruppe for g in gjester}
    return {p.enhet for p in plasser if p.enhet and (p.var_der or p.gruppe in grupper)}


def _unit_figures(plasser: list[Deltakerplass], gjester: list[Gjesteplass]) -> Data:
    alle = {p.enhet for p in plasser if p.enhet}
    return {"inviterte": len(alle), "moett": len(_units_there(plasser, gjester))}


def _absent(plasser: list[Deltakerplass], gjester: list[Gjesteplass]) -> Data:
    """The units and the people that were invited and were not there, kommune by kommune. All the members read
    it: what somebody answered is between them and those who arrange it, and is not kept here."""
    var_der = _units_there(plasser, gjester)
    enheter: dict[str, dict[int, str]] = defaultdict(dict)
    folk: dict[str, list[Data]] = defaultdict(list)
    sett: set[int] = set()
    for p in plasser:
        if p.enhet and p.enhet not in var_der:
            enheter[p.kommune][p.enhet] = p.enhetsnavn
        if p.var_der or p.person in sett:
            continue
        sett.add(p.person)
        folk[p.kommune].append(_who(p))
    return {
        "enheter": [{"kommune": k, "navn": list(navn.values())} for k, navn in enheter.items()],
        "folk": [{"kommune": k, "personer": personer} for k, personer in folk.items()],
        "personer": sorted(sett),
    }


def _present(plasser: list[Deltakerplass], telt: Tall) -> Data:
    """Those who were there, by name; guests only as a number, since their names are not kept."""
    folk: dict[str, list[Data]] = defaultdict(list)
    sett: set[int] = set()
    for p in plasser:
        if p.var_der and p.person not in sett:
            sett.add(p.person)
            folk[p.kommune].append(_who(p))
    return {
        "folk": [{"kommune": k, "personer": personer} for k, personer in folk.items()],
        "gjester": telt.gjester_moett,
        "personer": sorted(sett),
    }


def _who(p: Deltakerplass) -> Data:
    return {"navn": p.navn, "fra": p.enhetsnavn if p.enhet else p.gruppenavn}
