"""How the answers to a gathering come in: kommune by kommune, those that need a call first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.models import Kommune
from nettverk.models import Medlemskap
from nettverk.side.diagram import Stabel, stabel
from nettverk.side.kart import Kart, Kartverdi, draw_kart
from rolu.models import Deltakelse, Samling
from rolu.models.deltakelse import RANG
from rolu.samlinger.oppmoete import besides, counted_already

# Names of kommuner in a sentence; more than that is a number.
_MAKS_NAVN = 2


@dataclass(frozen=True)
class Svarbilde:
    """The answers to a gathering as one sees them: the finding, the key to the colours with how many people
    (slag, ord, antall), a bar for each kommune (none where nobody comes by one), why the bars are more than the whole (`om_stablene`), and the
    kommuner on the map, shaded by how many of theirs."""

    funn: str
    merknad: str
    nokkel: list[tuple[str, str, int]]
    kommuner: list[Stabel]
    om_stablene: str = ""
    kart: Kart | None = None
    kartord: str = ""


def answers(samling: Any) -> Svarbilde:
    """The answers to `samling`, which was fetched `with_counts`; from the day on, who came. One query, and one
    more where somebody is in several kommuner.

    The finding counts people, each once; a person in two kommuner stands in the bars of both.
    """
    if _has_begun(samling):
        return _attendance(samling)
    rader = list(_with_tile(samling, Deltakelse.objects.filter(samling=samling).per_kommune()))
    rader.sort(key=lambda rad: (_share(rad), -rad["inviterte"]))
    return Svarbilde(
        coming_in_all(samling),
        _silence(rader),
        [
            ("paameldt", _("påmeldt"), samling.paameldte),
            ("avmeldt", _("avmeldt"), samling.avmeldte),
            ("mangler", _("har ikke svart"), samling.ubesvarte),
            *([("halv", _("på venteliste"), samling.ventende)] if samling.ventende else []),
        ],
        [_bar(samling, rad) for rad in rader] if any(rad["kommune"] for rad in rader) else [],
        _in_several(samling, rader),
        _map(samling, rader),
        _("Andel som har svart"),
    )


def _in_several(samling: Any, rader: Iterable[dict[str, Any]]) -> str:
    """Why the bars hold more people than the finding; nothing when they do not."""
    if sum(rad["inviterte"] for rad in rader) == samling.inviterte:
        return ""
    folk = Deltakelse.objects.filter(samling=samling).order_by().values("verv__person")
    # Who comes by none stands in a bar of its own.
    ulike = Count(Coalesce("kommune", 0), distinct=True)
    return each_counts(folk.alias(n=ulike).filter(n__gt=1).count())


def each_counts(antall: int) -> str:
    """Why kommuner hold more people than all together, by how many come by several; nothing when nobody does."""
    if not antall:
        return ""
    return ngettext(
        "%(n)s person er i flere kommuner, og telles i hver.",
        "%(n)s personer er i flere kommuner, og telles i hver.",
        antall,
    ) % {"n": antall}


def _with_tile(samling: Samling, per_kommune: QuerySet) -> QuerySet:
    """Adds to each kommune what the map needs: its number, and its tile in the network on the day."""
    her = Medlemskap.objects.filter(nettverk=samling.nettverk_id, kommune=OuterRef("kommune"))
    tile = her.gyldig(samling.dato)
    return per_kommune.annotate(
        nummer=F("kommune__kommunenummer"),
        kolonne=Subquery(tile.values("kart_kolonne")[:1]),
        rad=Subquery(tile.values("kart_rad")[:1]),
    )


def _map(samling: Samling, rader: Iterable[dict[str, Any]]) -> Kart | None:
    """The kommuner that somebody is invited from, shaded by how many of them have answered."""
    her = [rad for rad in rader if rad["kommune"] and rad["inviterte"]]
    url = reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk])
    return draw_kart(
        [
            Medlemskap(
                pk=rad["kommune"],
                kommune=Kommune(
                    pk=rad["kommune"], navn=rad["kommune__navn"], kommunenummer=rad["nummer"]
                ),
                kart_kolonne=rad["kolonne"],
                kart_rad=rad["rad"],
            )
            for rad in her
        ],
        skjematisk=True,
        verdier={rad["kommune"]: _answered(rad) for rad in her},
        lenker={rad["kommune"]: f"{url}?kommune={rad['kommune']}" for rad in her},
    )


def _answered(rad: dict[str, Any]) -> Kartverdi:
    svart = rad["inviterte"] - rad["ubesvarte"]
    # All is said only when it is all, and nothing only when it is nothing.
    prosent = round(100 * _share(rad))
    prosent = min(max(prosent, 1 if svart else 0), 100 if svart >= rad["inviterte"] else 99)
    ord_ = _("%(svart)s av %(alle)s har svart") % {"svart": svart, "alle": rad["inviterte"]}
    return Kartverdi(_share(rad), f"{prosent} %", ord_)


def has_attendance(samling: Any) -> bool:
    """Whether it goes on or is over, and somebody is registered as having come. Fetched `with_counts`."""
    return bool(_has_begun(samling) and counted_already(samling).var_der)


def _has_begun(samling: Samling) -> bool:
    """From the day on it is asked who came. It may also go on past the time it was to end."""
    return samling.er_over or samling.er_i_dag or samling.status == Samling.Status.PAAGAAR


def coming(samling: Any) -> str:
    """«193 av 562 kommer.» of a gathering with its counts of the invited."""
    return ngettext(
        "%(kommer)s av %(alle)s kommer.", "%(kommer)s av %(alle)s kommer.", samling.paameldte
    ) % {"kommer": samling.paameldte, "alle": samling.inviterte}


def coming_in_all(samling: Any) -> str:
    """The same of one that was fetched `with_counts`, and who comes besides the invited."""
    return f"{coming(samling)} {besides(counted_already(samling))}".strip()


def see_missing(antall: int) -> str:
    """What the way to those who have not answered is called."""
    return ngettext("Se den ene som mangler", "Se de %(n)s som mangler", antall) % {"n": antall}


def _share(rad: dict[str, Any]) -> float:
    return (rad["inviterte"] - rad["ubesvarte"]) / rad["inviterte"] if rad["inviterte"] else 1.0


def _silence(rader: Iterable[dict[str, Any]]) -> str:
    """Which kommuner nobody has answered from, when somebody else has."""
    rader = [rad for rad in rader if rad["inviterte"] and rad["kommune"]]
    stille = [rad for rad in rader if not _share(rad)]
    if not stille or len(stille) == len(rader):
        return ""
    navn = [str(rad["kommune__navn"]) for rad in stille]
    if len(navn) == 1:
        return _("Ingen fra %(kommune)s har svart.") % {"kommune": navn[0]}
    if len(navn) <= _MAKS_NAVN:
        return _("Ingen fra %(en)s eller %(to)s har svart.") % {"en": navn[0], "to": navn[1]}
    return _("I %(n)s kommuner har ingen svart.") % {"n": len(navn)}


def _bar(samling: Samling, rad: dict[str, Any]) -> Stabel:
    mangler = rad["ubesvarte"]
    url = reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk])
    return stabel(
        str(rad["kommune__navn"] or _("Uten kommune")),
        [
            ("paameldt", rad["paameldte"]),
            ("halv", rad["ventende"]),
            ("avmeldt", rad["avmeldte"]),
            ("mangler", mangler),
        ],
        ord_=_("%(ja)s påmeldt, %(nei)s avmeldt, %(mangler)s har ikke svart")
        % {"ja": rad["paameldte"], "nei": rad["avmeldte"], "mangler": mangler}
        + (f", {rad['ventende']} {_('på venteliste')}" if rad["ventende"] else ""),
        mangler=mangler,
        url=f"{url}?kommune={rad['kommune']}" if rad["kommune"] else "",
    )


# --- the day, and after it


def _attendance(samling: Any) -> Svarbilde:
    """Who came, of those who had said so who did not, and what the others had answered: each person is one
    of them. The kommune that fewest came from stands first. Where nobody is registered when it is over, only
    the answers."""
    kom = has_attendance(samling) or not samling.er_over
    svarene: dict[Any, str] = {}
    moettes: set[Any] = set()
    kommuner: dict[tuple[int | None, str], set[Any]] = {}
    rader = Deltakelse.objects.filter(samling=samling).order_by(
        RANG.desc()
    )  # the best is read last
    for kommune, navn, person, status, moett in rader.values_list(
        "kommune", "kommune__navn", "verv__person", "status", "moett"
    ):
        svarene[person] = status
        if moett:
            moettes.add(person)
        kommuner.setdefault((kommune, navn or ""), set()).add(person)
    alle = {
        person: "paameldt"
        if person in moettes or (svar == "paameldt" and not kom)
        else _AV_STATUS[svar]
        for person, svar in svarene.items()
    }
    ord_ = {
        "paameldt": _("møtt") if kom else _("påmeldt"),
        "halv": _("kom ikke") if samling.er_over else _("påmeldt, ikke møtt ennå"),
        "avmeldt": _("avmeldt"),
        "mangler": _("svarte ikke") if samling.er_over else _("har ikke svart"),
    }
    tall = Counter(alle.values())
    ganger = Counter(person for folk in kommuner.values() for person in folk)
    per_kommune = sorted(
        ((kommune, Counter(alle[person] for person in folk)) for kommune, folk in kommuner.items()),
        key=lambda rad: (rad[1]["paameldt"] / rad[1].total(), -rad[1].total(), rad[0][1]),
    )
    return Svarbilde(
        finding(samling),
        "" if kom else _("Det er ikke registrert noe oppmøte."),
        [(slag, ord_[slag], tall[slag]) for slag in _REKKEFOLGE if tall[slag] or slag != "halv"],
        [_bar_afterwards(samling, kommune, antall, ord_) for kommune, antall in per_kommune]
        if any(pk for (pk, _navn), _antall in per_kommune)
        else [],
        each_counts(sum(n > 1 for n in ganger.values())),
    )


_REKKEFOLGE = ("paameldt", "halv", "avmeldt", "mangler")
# Who waited and got no place, is counted with those who were not to come.
_AV_STATUS = {
    "paameldt": "halv",
    "venter": "avmeldt",
    "avmeldt": "avmeldt",
    "invitert": "mangler",
}


def finding(samling: Any) -> str:
    """What a gathering that has begun has come to: of the invited, and who is there besides them."""
    if not samling.er_over:
        funn = have_come(samling)
    else:
        funn = came(samling) if has_attendance(samling) else coming_then(samling)
    return f"{funn} {besides(counted_already(samling).etterpaa)}".strip()


def have_come(samling: Any) -> str:
    """«12 har møtt, 193 er påmeldt.» while it goes on: who has met need not have answered."""
    return _("%(kom)s har møtt, %(kommer)s er påmeldt.") % {
        "kom": samling.moett_antall,
        "kommer": samling.paameldte,
    }


def came(samling: Any) -> str:
    """«402 av 562 møtte.» of a gathering that was fetched `with_counts`."""
    return ngettext(
        "%(kom)s av %(alle)s møtte.", "%(kom)s av %(alle)s møtte.", samling.moett_antall
    ) % {"kom": samling.moett_antall, "alle": samling.inviterte}


def coming_then(samling: Any) -> str:
    """«193 av 562 var påmeldt.» of what is over and where nobody is registered."""
    return ngettext(
        "%(kommer)s av %(alle)s var påmeldt.",
        "%(kommer)s av %(alle)s var påmeldt.",
        samling.paameldte,
    ) % {"kommer": samling.paameldte, "alle": samling.inviterte}


def _bar_afterwards(
    samling: Samling, kommune: tuple[int | None, str], antall: Counter[str], ord_: dict[str, str]
) -> Stabel:
    pk, navn = kommune
    url = reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk])
    bar = stabel(
        navn or _("Uten kommune"),
        [(slag, antall[slag]) for slag in _REKKEFOLGE],
        ord_=", ".join(f"{antall[slag]} {ord_[slag]}" for slag in _REKKEFOLGE if antall[slag]),
        url=f"{url}?kommune={pk}" if pk else "",
    )
    # The figures stand on the bar, and how many of how many after it.
    return replace(
        bar,
        tekst=_("%(antall)s av %(alle)s") % {"antall": antall["paameldt"], "alle": antall.total()},
    )
