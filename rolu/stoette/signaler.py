"""The signals that a unit could need a hand: each said in one sentence, asked for anew each time.

They are facts that the portal already has, and none of them says that anybody has done something wrong. A unit has
each for a week before others see it, unless it answers before; it can say «slik er det». They are never added up.
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields import DateTimeField
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, Least, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from kommuner.models.enhet import EnhetQuerySet
from nettverk.models import Gruppe, Nettverk, Rolle, Verv
from nettverk.side.innhold import fill_in, innhold, join, rolle_i
from nettverk.tilgang.roller import Roller
from rolu.mellomarbeid.matrise import last_sign
from rolu.models import (
    Deltakelse,
    Gjest,
    Mellomarbeid,
    Nestesteg,
    Samling,
    Stoettesignal,
)
from rolu.models.stoette import ENHETENS_UKE, followed_up

Slag = Stoettesignal.Slag
# How long a leader is new, a gathering is the last, and how long it may be quiet.
ET_AAR = datetime.timedelta(days=365)
ET_HALVT_AAR = datetime.timedelta(days=183)
# A row of what is asked for: the unit, the kind, since when, and what of it is told.
_Svar = tuple[int, str, datetime.date, str]
# Stands before the kind of a row that is remembered, among those of what is so.
_HUSKET = "husket:"
# The kind of a row that says that the person follows the unit up.
_FOELGES = "foelges"

# Stands for the group of the kommuner among those who are needed.
_KOMMUNEN = "@kommunen"


@dataclass(frozen=True)
class Signal:
    """Something that is so for a unit, since a day; `detaljer` are the roles, the gathering, those who are needed."""

    slag: Slag
    siden: datetime.date
    detaljer: tuple[str, ...] = ()


def meaning(slag: Slag) -> str:
    """What it takes, in one sentence."""
    return {
        Slag.BA_OM_HJELP: _(
            "Gruppa har de siste seks månedene skrevet et neste steg som den trenger andre til, og som ikke er gjort."
        ),
        Slag.NY_LEDER: _(
            "Den som leder utviklingsgruppa, tok over etter en annen for mindre enn ett år siden."
        ),
        Slag.LEDIG_ROLLE: _("Gruppa mangler en rolle som alle gruppene i nettverket skal ha."),
        Slag.IKKE_PAA_SAMLING: _(
            "Ingen fra gruppa ble registrert på den siste samlingen den var invitert til."
        ),
        Slag.STILLE: _(
            "Gruppa har et oppdrag som ikke er levert, og har ikke skrevet noe på seks måneder."
        ),
    }[slag]


def as_words(signal: Signal, nettverk: Nettverk) -> str:
    """The signal as it is for this unit: «Ledig rolle i gruppa: tillitsvalgt»."""
    if signal.slag == Slag.LEDIG_ROLLE:
        roller = join(", ", [rolle_i(rolle, nettverk) for rolle in signal.detaljer])
        return fill_in(_("Ledig rolle i gruppa: %(roller)s"), roller=roller)
    if signal.slag == Slag.IKKE_PAA_SAMLING:
        return fill_in(
            _("Ikke på siste samling, «%(samling)s»"),
            samling=innhold(signal.detaljer[0], nettverk),
        )
    if signal.slag == Slag.BA_OM_HJELP:
        navnene = dict.fromkeys(bedt["hos"] for bedt in _asked(signal))
        hvem = join(
            ", ",
            [_("kommunen") if navn == _KOMMUNEN else innhold(navn, nettverk) for navn in navnene],
        )
        return fill_in(_("Ba om hjelp fra %(hvem)s"), hvem=hvem)
    if signal.slag == Slag.NY_LEDER:
        return _("Ny leder siste år")
    return _("Ingen mellomarbeid siste 6 måneder")


def _asked(signal: Signal) -> list[dict[str, Any]]:
    """The steps that a unit needs others for, as `_asked_for_help` tells them."""
    return [json.loads(detalj) for detalj in signal.detaljer]


# --- what is so now


def find(
    nettverk: Nettverk, enheter: EnhetQuerySet | Iterable[int], dato: datetime.date | None = None
) -> dict[int, list[Signal]]:
    """The signals of each of the units on `dato`, in the order of their kinds; a unit without any is left out. One
    query."""
    return _gathered(_answers(_questions(nettverk, enheter, dato or idag())))


def _questions(
    nettverk: Nettverk,
    enheter: EnhetQuerySet | Iterable[int],
    dato: datetime.date,
    leses: QuerySet | None = None,
) -> list[QuerySet]:
    """`leses`: the mellomarbeid that whoever asks reads the log of."""
    grupper = (
        Gruppe.objects.filter(nettverk=nettverk, enhet__in=enheter).utviklingsgrupper().gyldig(dato)
    )
    return [
        _asked_for_help(nettverk, grupper, dato, leses),
        _new_leader(nettverk, grupper, dato),
        *(_vacant(grupper, rolle, dato) for rolle in nettverk.paakrevde_roller),
        _not_at_the_last(nettverk, grupper, dato),
        _quiet(grupper, dato),
    ]


def _answers(spoerringer: Iterable[QuerySet]) -> Iterable[_Svar]:
    """All that is asked for, in one query."""
    forst, *resten = (rader.order_by() for rader in spoerringer)
    return forst.union(*resten, all=True)


def _gathered(svarene: Iterable[_Svar]) -> dict[int, list[Signal]]:
    per_enhet: dict[int, dict[str, list[tuple[datetime.date, str]]]] = defaultdict(dict)
    for enhet, slag, siden, detalj in svarene:
        per_enhet[enhet].setdefault(slag, []).append((siden, detalj))
    return {
        enhet: [
            Signal(
                slag,
                max(siden for siden, _detalj in funnet[slag]),
                tuple(dict.fromkeys(d for _siden, d in sorted(funnet[slag]) if d)),
            )
            for slag in Slag
            if slag in funnet
        ]
        for enhet, funnet in per_enhet.items()
    }


def _row(rader: QuerySet, slag: str, *, enhet: str, siden: Any, detalj: Any = "") -> QuerySet:
    """(enhet, slag, siden, detalj), so that all kinds can be asked for at once."""
    tekst = Value(detalj) if isinstance(detalj, str) else Cast(detalj, CharField())
    return rader.annotate(
        s_enhet=F(enhet),
        s_slag=Value(str(slag), CharField()),
        s_siden=Cast(siden, DateField()),
        s_detalj=Cast(tekst, CharField()),
    ).values_list("s_enhet", "s_slag", "s_siden", "s_detalj")


def _begins(felt: str = "gyldig") -> Func:
    return Func(F(felt), function="lower", output_field=DateField())


def _ends(felt: str = "gyldig") -> Func:
    return Func(F(felt), function="upper", output_field=DateField())


def _asked_for_help(
    nettverk: Nettverk, grupper: QuerySet, dato: datetime.date, leses: QuerySet | None = None
) -> QuerySet:
    """Asked within half a year, or for a day that is still ahead: what was asked long ago and nobody ticked is no sign
    of today. Each says of whom, what, and where it is written, to those who read that (`leses`)."""
    skrevet_i = Mellomarbeid.objects.none() if leses is None else leses
    nylig = Q(loggpost__dato__gt=dato - ET_HALVT_AAR) | Q(frist__gte=dato)
    rader = Nestesteg.objects.open().filter(
        nylig,
        hos__isnull=False,
        loggpost__mellomarbeid__oppdrag__nettverk=nettverk,
        loggpost__mellomarbeid__gruppe__enhet__in=grupper.values("enhet"),
    )
    return _row(
        rader,
        Slag.BA_OM_HJELP,
        enhet="loggpost__mellomarbeid__gruppe__enhet",
        # An entry of a day that is planned was written today at the latest.
        siden=Least(F("loggpost__dato"), Value(dato)),
        detalj=JSONObject(
            # The kommune's group is named as the unit chose it.
            hos=Case(
                When(hos__type=Gruppe.Type.FAGNETTVERK, then=Value(_KOMMUNEN)),
                default=F("hos__navn"),
            ),
            tekst="tekst",
            arbeid="loggpost__mellomarbeid",
            post="loggpost",
            leses=Exists(skrevet_i.filter(pk=OuterRef("loggpost__mellomarbeid"))),
        ),
    )


def _new_leader(nettverk: Nettverk, grupper: QuerySet, dato: datetime.date) -> QuerySet:
    """After another: the first leader of a group that is new is not new in it."""
    ledere = Verv.objects.filter(rolle=Rolle.FORMELL_LEDER, gruppe__nettverk=nettverk).annotate(
        begynte=_begins()
    )
    foer = (
        ledere.filter(gruppe__enhet=OuterRef("gruppe__enhet"), gyldig__isempty=False)
        .filter(Q(begynte=None) | Q(begynte__lt=OuterRef("begynte")))
        .exclude(person=OuterRef("person"))
    )
    nye = ledere.gyldig(dato).filter(gruppe__in=grupper.values("pk"), begynte__gt=dato - ET_AAR)
    return _row(nye.filter(Exists(foer)), Slag.NY_LEDER, enhet="gruppe__enhet", siden=F("begynte"))


def _vacant(grupper: QuerySet, rolle: str, dato: datetime.date) -> QuerySet:
    """Since the last who had it stopped; since the group began, when nobody has; since it was first seen, when nobody
    knows when that was."""
    har_hatt = Verv.objects.filter(gruppe=OuterRef("pk"), rolle=rolle)
    sluttet = har_hatt.avsluttet(dato).annotate(slutt=_ends()).order_by(F("slutt").desc())
    husket = Stoettesignal.objects.filter(
        nettverk=OuterRef("nettverk"), enhet=OuterRef("enhet"), slag=Slag.LEDIG_ROLLE
    ).open()
    siden = Coalesce(
        Subquery(sluttet.values("slutt")[:1]),
        _begins(),
        Subquery(husket.values("siden")[:1]),
        Value(dato),
    )
    ledig = grupper.filter(~Exists(har_hatt.gyldig(dato)))
    return _row(ledig, Slag.LEDIG_ROLLE, enhet="enhet", siden=siden, detalj=rolle)


def _not_at_the_last(nettverk: Nettverk, grupper: QuerySet, dato: datetime.date) -> QuerySet:
    """Of the gatherings at which attendance was taken, the last that the group was invited to."""
    registrert = Samling.objects.filter(
        Exists(Deltakelse.objects.filter(samling=OuterRef("pk")).met()),
        nettverk=nettverk,
        status__in=Samling.HOLDES,
        slutt__date__lt=dato,
        slutt__date__gte=dato - ET_AAR,
    )
    inviterte = Deltakelse.objects.filter(
        verv__gruppe=OuterRef("pk"), samling__in=registrert.values("pk")
    ).order_by("-samling__slutt", "-samling")
    egne = Deltakelse.objects.filter(verv__gruppe=OuterRef("pk"), samling=OuterRef("siste"))
    for_gruppa = Gjest.objects.filter(gruppe=OuterRef("pk"), samling=OuterRef("siste"))
    uteble = (
        grupper.annotate(siste=Subquery(inviterte.values("samling")[:1]))
        .filter(siste__isnull=False)
        .filter(~Exists(egne.met()), ~Exists(for_gruppa.met()))
    )
    samling = Samling.objects.filter(pk=OuterRef("siste"))
    return _row(
        uteble,
        Slag.IKKE_PAA_SAMLING,
        enhet="enhet",
        siden=TruncDate(Subquery(samling.values("slutt")[:1])),
        detalj=Subquery(samling.values("tittel")[:1]),
    )


def _quiet(grupper: QuerySet, dato: datetime.date) -> QuerySet:
    """There is something to write in, and nothing is written."""
    alle = Mellomarbeid.objects.filter(gruppe=OuterRef("pk"))
    samlet = alle.order_by().values("gruppe")
    spurt = alle.asked().order_by().values("gruppe")
    slutten = timezone.make_aware(datetime.datetime.combine(dato, datetime.time.max))
    sist = Coalesce(
        Subquery(samlet.annotate(n=last_sign()).values("n")),
        Subquery(spurt.annotate(n=Min("oppdrag__gitt")).values("n")),
    )
    venter = alle.missing().filter(oppdrag__gitt__lt=slutten - ET_HALVT_AAR)
    stille = grupper.annotate(hoert=sist).filter(Exists(venter), hoert__lt=slutten - ET_HALVT_AAR)
    # Counted in days as they are here: an hour of summer time makes no day more or less.
    siden = ExpressionWrapper(
        TruncDate("hoert") + Value(ET_HALVT_AAR), output_field=DateTimeField()
    )
    return _row(stille, Slag.STILLE, enhet="enhet", siden=siden)


# --- what one remembers of it


@transaction.atomic
def note(nettverk: Nettverk, dato: datetime.date | None = None) -> int:
    """Remember what is new, so that the unit's week begins, and close what is no longer so. Runs nightly; twice
    changes nothing. Returns how many are closed.

    What is so anew – another leader, another gathering – is a new row, with a week and without an answer.
    """
    dato = dato or idag()
    naa = {
        (enhet, signal.slag.value): signal
        for enhet, signalene in find(nettverk, nettverk.enheter(dato), dato).items()
        for signal in signalene
    }
    aapne = {
        (rad.enhet_id, rad.slag): rad
        for rad in Stoettesignal.objects.filter(nettverk=nettverk)
        .open()
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    }
    over = [rad.pk for hva, rad in aapne.items() if not _is_the_same(naa.get(hva), rad)]
    Stoettesignal.objects.filter(pk__in=over).update(borte=dato)
    nye = [
        Stoettesignal(nettverk=nettverk, enhet_id=hva[0], slag=hva[1], siden=s.siden, sett=dato)
        for hva, s in naa.items()
        if not _is_the_same(s, aapne.get(hva))
    ]
    # What another night, or the unit's own answer, has remembered meanwhile, stands.
    Stoettesignal.objects.bulk_create(nye, ignore_conflicts=True)
    return len(over)


def _is_the_same(signal: Signal | None, rad: Stoettesignal | None) -> bool:
    """That what was remembered is what is so now, and has not ceased and begun again."""
    if signal is None or rad is None:
        return False
    return signal.slag == Slag.BA_OM_HJELP or signal.siden <= rad.siden


# --- who sees what


@dataclass(frozen=True)
class Bedt:
    """What a unit asked for help with; `url` is the entry it stands in, "" to who does not read that."""

    tekst: str
    url: str


@dataclass(frozen=True)
class Vist:
    """A signal to somebody who may see it: in words, with what the unit has said of it, and what it asked for."""

    slag: Slag
    tittel: str
    betyr: str
    siden: datetime.date
    svar: str = ""
    svart: datetime.datetime | None = None
    # When others see it; None when they do.
    andre_ser: datetime.date | None = None
    bedt_om: tuple[Bedt, ...] = ()


def seen_by(roller: Roller, enheter: EnhetQuerySet | Collection[int]) -> dict[int, list[Vist]]:
    """What the person sees of the units: all that is so of the own, of others what is shown to those who follow up.
    One query, which brings what is remembered too, as far as the person may see it, and whom the person follows up."""
    nettverk = roller.nettverk
    leses = Mellomarbeid.objects.followed_by(roller)
    spoerringer = [*_questions(nettverk, enheter, idag(), leses), _remembered(roller, enheter)]
    if roller.er_koordinator or roller.kommuner_ansvar:
        spoerringer.append(_followed(roller, enheter))
    funnet: list[_Svar] = []
    rader: dict[tuple[int, str], Stoettesignal] = {}
    foelges: set[int] = set()
    for svar in _answers(spoerringer):
        if svar[1] == _FOELGES:
            foelges.add(svar[0])
        elif svar[1].startswith(_HUSKET):
            rader[svar[0], svar[1].removeprefix(_HUSKET)] = _as_row(svar)
        else:
            funnet.append(svar)
    ser: dict[int, list[Vist]] = {}
    for enhet, signalene in _gathered(funnet).items():
        egen = enhet in roller.enheter
        viste = [
            _shown(signal, rader.get((enhet, signal.slag.value)), nettverk) for signal in signalene
        ]
        synlige = [v for v in viste if egen or (enhet in foelges and v.andre_ser is None)]
        if synlige:
            ser[enhet] = synlige
    return ser


def _followed(roller: Roller, enheter: EnhetQuerySet | Iterable[int]) -> QuerySet:
    """Those of the units that the person follows up, as rows beside those of what is so."""
    grupper = Gruppe.objects.filter(nettverk=roller.nettverk, enhet__in=enheter)
    return _row(grupper.filter(followed_up(roller)), _FOELGES, enhet="enhet", siden=Value(idag()))


def _remembered(roller: Roller, enheter: EnhetQuerySet | Iterable[int]) -> QuerySet:
    """What is remembered of the units and the person may see, as rows beside those of what is so."""
    rader = Stoettesignal.objects.visible_to(roller).filter(enhet__in=enheter).open()
    return rader.annotate(
        s_enhet=F("enhet"),
        s_slag=Concat(Value(_HUSKET), "slag", output_field=CharField()),
        s_siden=F("siden"),
        s_detalj=Cast(JSONObject(vises_fra="vises_fra", svar="svar", svart="svart"), CharField()),
    ).values_list("s_enhet", "s_slag", "s_siden", "s_detalj")


def _as_row(svar: _Svar) -> Stoettesignal:
    """The row that `_remembered` told of; not to be saved."""
    enhet, slag, siden, detalj = svar
    resten = json.loads(detalj)
    rad = Stoettesignal(
        enhet_id=enhet,
        slag=slag.removeprefix(_HUSKET),
        siden=siden,
        svar=resten["svar"],
        svart=resten["svart"] and datetime.datetime.fromisoformat(resten["svart"]),
    )
    rad.vises_fra = datetime.date.fromisoformat(resten["vises_fra"])
    return rad


def _shown(signal: Signal, rad: Stoettesignal | None, nettverk: Nettverk) -> Vist:
    husket = rad if _is_the_same(signal, rad) else None
    return Vist(
        slag=signal.slag,
        tittel=as_words(signal, nettverk),
        betyr=meaning(signal.slag),
        siden=signal.siden,
        svar=husket.svar if husket else "",
        svart=husket.svart if husket else None,
        andre_ser=_others_see(signal, husket),
        bedt_om=_asked_for(signal, nettverk),
    )


def _asked_for(signal: Signal, nettverk: Nettverk) -> tuple[Bedt, ...]:
    if signal.slag != Slag.BA_OM_HJELP:
        return ()
    return tuple(
        Bedt(
            bedt["tekst"],
            reverse("rolu:mellomarbeid", args=[nettverk.slug, bedt["arbeid"]])
            + f"#notat-{bedt['post']}"
            if bedt["leses"]
            else "",
        )
        for bedt in _asked(signal)
    )


def _others_see(signal: Signal, rad: Stoettesignal | None) -> datetime.date | None:
    """The day on which those who follow up see it; None when they already do. One that is not remembered yet has its
    whole week left, if it has one."""
    if rad:
        dag = rad.vises_fra
    else:
        dag = idag() if signal.slag in Stoettesignal.STRAKS else idag() + ENHETENS_UKE
    return None if dag <= idag() else dag
