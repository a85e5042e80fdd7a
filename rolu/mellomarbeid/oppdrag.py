"""Give an assignment to the units of its audience, change it, and tell the leaders."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.models import Enhet, Plassering
from laeringsloyper.models import Laeringsloype, Modul
from laeringsloyper.mottakere import FOLGER
from nettverk.arbeid.brev import Utkast, brevslag, key, next_key, preview, queue_many, withdraw
from nettverk.arbeid.epost import hel_adresse
from nettverk.arbeid.gjelder import gjelder
from nettverk.models import Brev, Gruppe, Mottakere, Nettverk, Person, Rolle, Verv
from nettverk.models.brev import BrevQuerySet
from nettverk.mottakere.utvalg import chosen, keep, units_groups
from nettverk.skriving.konflikt import KanIkke, Konflikt
from nettverk.skriving.laas import mark
from nettverk.tilgang.roller import Roller, roller_for
from rolu.mellomarbeid.paaminnelse import dates_of
from rolu.models import Mellomarbeid, Oppdrag, Samling
from rolu.models.mellomarbeid import MellomarbeidQuerySet

# Groups, each with the id of the kommune its unit lies in.
Enheter = list[tuple[Gruppe, int]]


@transaction.atomic
def give(
    *,
    nettverk: Nettverk,
    samling: Samling | None,
    tittel: str,
    tekst: str,
    frist: datetime.date,
    laeringsloype: Laeringsloype | None,
    by: Person,
    mottakere: Mottakere | None = None,
    modul: Modul | None = None,
    **ledetekster: str,
) -> Oppdrag:
    """Give the assignment: one Mellomarbeid per unit that `mottakere` (without: every unit) reaches by
    its utviklingsgruppe today.

    `ledetekster` are the prompts in its own words (`spoer_gjorde`, `spoer_merket`, `spoer_videre`). Keeps
    the audience with it, writes the letters to the formal leaders, and sets their sending in motion.
    Raises KanIkke when it reaches no unit, PermissionDenied when it goes beyond whom `by` may write to.
    """
    mottakere = mottakere or every_unit(nettverk)
    _require_within(mottakere, bound_to(roller_for(by, nettverk)))
    enheter = _receivers(mottakere)
    if not enheter:
        raise KanIkke(_("Utvalget gir ingen mottakere. Velg noe mer, eller ta bort et filter."))
    oppdrag = Oppdrag.objects.create(
        nettverk=nettverk,
        mottakere=keep(mottakere),
        samling=samling,
        laeringsloype=laeringsloype,
        tittel=tittel,
        tekst=tekst,
        frist=frist,
        modul=modul,
        **ledetekster,
    )
    _give_to(oppdrag, enheter, by=by)
    return oppdrag


def hold(oppdrag: Oppdrag) -> Oppdrag:
    """The assignment, locked. Raises KanIkke when it is no longer there.

    One order everywhere, so that no two wait for each other: the network (`nettverk.skriving.laas`), the assignment,
    what the units have made of it (`rolu.mellomarbeid.logg.hold`) in the order they were made, its entries. Rows that
    point at the assignment may be written meanwhile: whoever saves a unit's work twice looks for it once more.
    """
    naa = (
        Oppdrag.objects.select_for_update(of=["self"], no_key=True)
        .select_related("nettverk", "mottakere", "laeringsloype")
        .filter(pk=oppdrag.pk)
        .first()
    )
    if naa is None:
        raise KanIkke(_("Oppdraget er slettet av noen andre."))
    return naa


def hold_all(oppdrag: Oppdrag) -> Oppdrag:
    """As `hold`, with what every unit has made of it: whoever writes there holds that, so one waits for the other,
    and what is begun meanwhile is seen."""
    naa = hold(oppdrag)
    list(naa.mellomarbeid.select_for_update(of=["self"]).order_by("pk").values_list("pk"))
    return naa


@transaction.atomic
def give_to_new(oppdrag: Oppdrag, *, by: Person) -> int:
    """Give it to the units that its audience reaches today and that have not got it; returns how many.

    Writes the letters to their leaders. KanIkke when the deadline has passed, and when it is for more
    units than `by` may write to.
    """
    laast = hold(oppdrag)
    _require_asked(laast)
    if laast.er_forfalt:
        raise KanIkke(_("Fristen har gått ut. Flytt fristen først hvis flere skal få oppdraget."))
    require_own_audience(laast, roller_for(by, laast.nettverk))
    nye = newcomers(laast)
    _give_to(laast, nye, by=by)
    return len(nye)


@transaction.atomic
def give_to_newcomers(nettverk: Nettverk) -> int:
    """What is given to whoever a chosen audience reaches, goes to those it has come to reach since; returns
    how many units got something. Where a unit had no leader when it was given, the one who has come since is
    written to. Nightly; safe to run twice, also at once."""
    antall = 0
    naa = Oppdrag.objects.asked().filter(
        nettverk=nettverk,
        mottakere__isnull=False,
        frist__gt=timezone.localdate(),
    )
    holdt = naa.select_for_update(of=("self",), no_key=True).select_related("mottakere")
    for oppdrag in holdt.order_by("pk"):
        oppdrag.nettverk = nettverk
        if nye := newcomers(oppdrag):
            _give_to(oppdrag, nye, by=None)
            antall += len(nye)
        if utalte := _untold(oppdrag):
            _queue_letters(oppdrag, utalte, by=None)
    return antall


def _untold(oppdrag: Oppdrag) -> list[int]:
    """The mellomarbeid that are not delivered, of which nobody who led the unit was written to: of those the
    audience reaches today."""
    mottar = [gruppe.pk for gruppe, _kommune in _receivers(audience(oppdrag))]
    # Who leads several units, was written to about those that they led then.
    fortalt = Verv.objects.filter(
        gruppe=OuterRef("gruppe"),
        rolle=Rolle.FORMELL_LEDER,
        person__brev__gjelder=gjelder(oppdrag),
        person__brev__slag=VARSLE,
        gyldig__contains=TruncDate("person__brev__opprettet"),
    )
    mangler = oppdrag.mellomarbeid.missing().filter(~Exists(fortalt), gruppe__in=mottar)
    return list(mangler.values_list("pk", flat=True))


def _give_to(oppdrag: Oppdrag, enheter: Enheter, *, by: Person | None) -> None:
    arbeid = Mellomarbeid.objects.bulk_create(
        [
            Mellomarbeid(oppdrag=oppdrag, gruppe=gruppe, kommune_id=kommune)
            for gruppe, kommune in enheter
        ]
    )
    _queue_letters(oppdrag, [m.pk for m in arbeid], by=by)


# --- other units than before


@dataclass(frozen=True)
class Enhetsbytte:
    """What another audience does: the units that get it, those it is no longer for, and those that have
    begun and so keep it. `vet` is how many leaders have been told of what goes."""

    nye: Enheter
    ut: list[Mellomarbeid]
    begynt: list[Mellomarbeid]
    vet: int
    stand: str


def foresee_change(oppdrag: Oppdrag, mottakere: Mottakere) -> Enhetsbytte:
    """What `change_audience` would do. Constant queries, nothing is written."""
    naadd = _receivers(mottakere)
    ment = {gruppe.enhet_id for gruppe, _kommune in naadd}
    arbeid = list(oppdrag.mellomarbeid.select_related("gruppe__enhet").in_order())
    har = {m.gruppe.enhet_id for m in arbeid}
    begynt = set(answers(oppdrag).values_list("pk", flat=True))
    utenfor = [m for m in arbeid if m.gruppe.enhet_id not in ment]
    bytte = Enhetsbytte(
        nye=[(gruppe, kommune) for gruppe, kommune in naadd if gruppe.enhet_id not in har],
        ut=[m for m in utenfor if m.pk not in begynt],
        begynt=[m for m in utenfor if m.pk in begynt],
        vet=0,
        stand="",
    )
    valg = [chosen(audience(oppdrag)), chosen(mottakere)]
    numre = [
        sorted(gruppe.pk for gruppe, _kommune in naadd),
        sorted(m.pk for m in arbeid),
        sorted(begynt),
    ]
    return replace(bytte, vet=len(_told_of(oppdrag, bytte.ut)), stand=mark(repr((valg, numre))))


def _require_asked(oppdrag: Oppdrag) -> None:
    if oppdrag.trukket:
        raise KanIkke(_("Oppdraget er trukket. Gi oppdraget igjen først hvis andre skal få det."))


@transaction.atomic
def change_audience(
    oppdrag: Oppdrag, *, mottakere: Mottakere, stand: str, by: Person, tell: bool = False
) -> Enhetsbytte:
    """Let the assignment be for `mottakere`: the units that come in get it, those that have not begun and
    fall out lose it. A unit that has begun keeps it: what people have written is not deleted by others.

    `stand` is the mark of what the person saw; Konflikt, with what it would do now, when a unit has begun
    or somebody has changed it since. Twice is once. Raises KanIkke, also when it is for more units than
    `by` may write to, and PermissionDenied.
    """
    roller = roller_for(by, oppdrag.nettverk)
    _require_within(mottakere, bound_to(roller))
    laast = hold_all(oppdrag)
    _require_asked(laast)
    if laast.er_forfalt:
        raise KanIkke(_("Fristen har gått ut. Flytt fristen først hvis andre skal få oppdraget."))
    require_own_audience(laast, roller)
    bytte = foresee_change(laast, mottakere)
    if bytte.stand != stand:
        if not bytte.nye and not bytte.ut and chosen(audience(laast)) == chosen(mottakere):
            return bytte  # sent twice
        raise Konflikt(bytte)
    if not bytte.nye and not units_groups(mottakere).exists():
        raise KanIkke(_("Utvalget gir ingen mottakere. Velg noe mer, eller ta bort et filter."))
    laast.mottakere = keep(mottakere, over=laast.mottakere)
    laast.save(update_fields=["mottakere"])
    ledere = _told_of(laast, bytte.ut)
    if tell:
        _queue_no_longer(laast, ledere, by=by)
    laast.mellomarbeid.filter(pk__in=[m.pk for m in bytte.ut]).delete()
    if bytte.nye:
        _give_to(laast, bytte.nye, by=by)
    return bytte


def _told_of(oppdrag: Oppdrag, arbeid: list[Mellomarbeid]) -> dict[Person, list[Enhet]]:
    """The leaders who have been told of the assignment, each with those of the units they lead."""
    ledere = leaders_per_group([m.gruppe_id for m in arbeid])
    vet = set(letters(oppdrag).filter(slag=VARSLE).told().values_list("til", flat=True))
    ledet: dict[Person, list[Enhet]] = {}
    for m in arbeid:
        for leder in ledere.get(m.gruppe_id, []):
            if leder.pk in vet and m.gruppe.enhet:
                ledet.setdefault(leder, []).append(m.gruppe.enhet)
    return ledet


def every_unit(nettverk: Nettverk) -> Mottakere:
    """All units of the network, not kept."""
    return Mottakere(nettverk=nettverk, enheter=True)


def units_of(samling: Samling, bundet: dict[str, set[str]]) -> Mottakere:
    """The units that the gathering is for, as far as `bundet` lets one choose them, not kept: what an
    assignment from it begins with. Every unit when it is for none as such."""
    valgt = samling.mottakere
    if valgt is None or not valgt.enheter:
        return every_unit(samling.nettverk)
    return Mottakere(
        nettverk=samling.nettverk,
        enheter=True,
        filtre={
            kode: [v for v in verdier if kode not in bundet or v in bundet[kode]]
            for kode, verdier in valgt.filtre.items()
        },
        uten_grupper=valgt.uten_grupper,
    )


def followers_of(nettverk: Nettverk, loype: Laeringsloype | None, roller: Roller) -> Mottakere:
    """What an assignment that no gathering gives begins with, not kept: the units that follow the track;
    without one, all that these roles may write to."""
    bundet = {FOLGER: {loype.slug}} if loype else bound_to(roller)
    filtre = {kode: sorted(verdier) for kode, verdier in bundet.items()}
    return Mottakere(nettverk=nettverk, enheter=True, filtre=filtre)


def audience(oppdrag: Oppdrag) -> Mottakere:
    """Who it goes to: what was chosen, else every unit."""
    valgt = oppdrag.mottakere or every_unit(oppdrag.nettverk)
    valgt.nettverk = oppdrag.nettverk
    return valgt


def newcomers(oppdrag: Oppdrag) -> Enheter:
    """The units that its audience reaches today and that have not got it."""
    har = set(oppdrag.mellomarbeid.values_list("gruppe__enhet", flat=True))
    return [(g, kommune) for g, kommune in _receivers(audience(oppdrag)) if g.enhet_id not in har]


def _receivers(mottakere: Mottakere) -> Enheter:
    """Each utviklingsgruppe of today that gets an assignment, with the kommune its unit lies in."""
    kommuner = kommune_per_enhet(mottakere.nettverk)
    return [
        (gruppe, kommuner[gruppe.enhet_id])
        for gruppe in units_groups(mottakere).select_related("enhet")
        if gruppe.enhet_id is not None and gruppe.enhet_id in kommuner
    ]


def bound_to(roller: Roller) -> dict[str, set[str]]:
    """Within which values of a filter these roles may choose the audience; nothing for a koordinator.

    A fagansvarlig writes to the units that follow one of their own løyper.
    """
    if roller.er_koordinator:
        return {}
    egne = Laeringsloype.objects.filter(
        nettverk=roller.nettverk, ansvarlig_gruppe__in=roller.fagmiljo
    )
    return {FOLGER: set(egne.values_list("slug", flat=True))}


def is_within(mottakere: Mottakere, bundet: dict[str, set[str]]) -> bool:
    """Whether it reaches no further than `bound_to` says."""
    # A filter that is not there narrows nothing.
    return all(
        kode in mottakere.filtre and innenfor.issuperset(mottakere.filtre[kode])
        for kode, innenfor in bundet.items()
    )


def add_own_answers(oppdragene: Collection[Any], roller: Roller) -> None:
    """Gives each assignment `egne`: what the person's own units have made of it. One query; none for
    somebody without a unit."""
    egne: dict[int, list[Mellomarbeid]] = {}
    if oppdragene and roller.enheter:
        for arbeid in (
            Mellomarbeid.objects.filter(oppdrag__in=oppdragene, gruppe__enhet__in=roller.enheter)
            .with_stage()
            .select_related("gruppe__enhet")
            .order_by("gruppe__enhet__sortering", "pk")
        ):
            egne.setdefault(arbeid.oppdrag_id, []).append(arbeid)
    for oppdrag in oppdragene:
        oppdrag.egne = egne.get(oppdrag.pk, [])


def _require_within(mottakere: Mottakere, bundet: dict[str, set[str]]) -> None:
    """The picker offers no more than this; whoever sends something else is refused."""
    if not is_within(mottakere, bundet):
        raise PermissionDenied


def require_own_audience(oppdrag: Oppdrag, roller: Roller) -> None:
    """Raises KanIkke when somebody else gave it to more units than these roles may write to: neither are
    those taken away from it, nor others like them given it."""
    if not is_within(audience(oppdrag), bound_to(roller)):
        raise KanIkke(
            _(
                "Oppdraget er gitt til flere enn dem som følger læringsløypa. Derfor kan bare koordinatoren endre hvem oppdraget er for."
            )
        )


def change(oppdrag: Oppdrag, **felt: Any) -> Oppdrag:
    """Change text, deadline or løype of an assignment that is held (`nettverk.skriving.laas.locked`).

    What the units have written stays as it is. Tells nobody.
    """
    for navn, verdi in felt.items():
        setattr(oppdrag, navn, verdi)
    oppdrag.save(update_fields=list(felt))
    return oppdrag


def answers(oppdrag: Oppdrag) -> MellomarbeidQuerySet:
    """The units' mellomarbeid in which somebody has begun: written, added a file, delivered."""
    return oppdrag.mellomarbeid.filter(
        ~Q(status=Mellomarbeid.Status.IKKE_STARTET)
        | Q(loggposter__isnull=False)
        | Q(vedlegg__isnull=False)
    )


def require_deletable(oppdrag: Oppdrag) -> None:
    """Raises KanIkke when a unit has begun: what people have written is not deleted by others."""
    if answers(oppdrag).exists():
        raise KanIkke(
            _("En enhet har begynt på oppdraget, så det kan ikke slettes. Endre teksten i stedet.")
        )


@transaction.atomic
def delete(oppdrag: Oppdrag) -> None:
    """Delete an assignment that no unit has begun on. Letters that wait are not sent; those that are
    sent, lead to a page that is no more. Raises KanIkke.
    """
    laast = hold_all(oppdrag)
    require_deletable(laast)
    withdraw(letters(laast))
    laast.delete()
    if laast.mottakere:
        laast.mottakere.delete()


def letters(oppdrag: Oppdrag) -> BrevQuerySet:
    """The letters that tell the leaders of it."""
    return Brev.objects.filter(gjelder=gjelder(oppdrag))


def kommune_per_enhet(nettverk: Nettverk) -> dict[int, int]:
    """Id of the kommune in which each of the network's units lies today."""
    plasseringer = Plassering.objects.gyldig().filter(enhet__in=nettverk.enheter().values("pk"))
    return dict(plasseringer.values_list("enhet_id", "kommune_id"))


# --- the letters


def _is_in_the_way(oppdrag: Oppdrag, _brev: Brev) -> str:
    if oppdrag.trukket:
        return _("Oppdraget er trukket, så e-posten blir ikke sendt.")
    return _("Fristen har gått ut, så e-posten blir ikke sendt.") if oppdrag.er_forfalt else ""


def _address(oppdrag: Oppdrag) -> str:
    slug = oppdrag.nettverk.slug
    return reverse("rolu:mellomarbeid_list", args=[slug]) + f"?oppdrag={oppdrag.pk}"


VARSLE = brevslag(
    "rolu.oppdrag",
    gettext_lazy("Nytt oppdrag"),
    tillatelse="rolu.give_oppdrag_i_loype",
    url=_address,
    hindrer=_is_in_the_way,
)


UTE = brevslag(
    "rolu.oppdrag_ute",
    gettext_lazy("Oppdraget er ikke lenger for enheten"),
    tillatelse="rolu.give_oppdrag_i_loype",
    url=_address,
    svar_til_avsender=True,
)


def _queue_no_longer(oppdrag: Oppdrag, ledet: dict[Person, list[Enhet]], *, by: Person) -> None:
    """Tell the leaders that the units need not do it after all."""
    noekkel = next_key(UTE, oppdrag)
    queue_many(
        [
            Utkast(
                til=leder,
                mal="rolu/epost/oppdrag_ute.txt",
                noekkel=noekkel(leder),
                data={"oppdrag": oppdrag, "enheter": enheter},
            )
            for leder, enheter in ledet.items()
        ],
        nettverk=oppdrag.nettverk,
        slag=UTE,
        om=oppdrag,
        by=by,
    )


def _queue_letters(oppdrag: Oppdrag, mellomarbeid: list[int], *, by: Person | None) -> None:
    """One letter to each formal leader of the units with `mellomarbeid`, naming all they lead."""
    arbeid = list(
        oppdrag.mellomarbeid.filter(pk__in=mellomarbeid).select_related("gruppe__enhet").in_order()
    )
    ledere = leaders_per_group([m.gruppe_id for m in arbeid])
    ledet: dict[Person, list[Mellomarbeid]] = {}
    for m in arbeid:
        for leder in ledere.get(m.gruppe_id, []):
            ledet.setdefault(leder, []).append(m)
    slug = oppdrag.nettverk.slug
    queue_many(
        [
            Utkast(
                til=leder,
                mal="rolu/epost/oppdrag.txt",
                # By the work, not the person alone: who leads a new unit later, gets a letter for that.
                noekkel=key(
                    VARSLE, oppdrag, "mellomarbeid", min(m.pk for m in egne), "person", leder.pk
                ),
                data=_letter_data(
                    oppdrag,
                    [
                        (m.gruppe.enhet, reverse("rolu:mellomarbeid", args=[slug, m.pk]))
                        for m in egne
                    ],
                ),
            )
            for leder, egne in ledet.items()
        ],
        nettverk=oppdrag.nettverk,
        slag=VARSLE,
        om=oppdrag,
        by=by,
    )


def _letter_data(oppdrag: Oppdrag, enheter: list[tuple[Enhet | None, str]]) -> dict[str, Any]:
    """`enheter` are those the recipient leads, each with the address of its work."""
    return {
        "oppdrag": oppdrag,
        "enheter": [(enhet, hel_adresse(adresse)) for enhet, adresse in enheter],
    }


@dataclass(frozen=True)
class Forespeil:
    """What will happen when an assignment that is not given yet, is given: to how many units, how many
    leaders get an e-mail, and that e-mail, with one unit as the example."""

    enheter: int
    ledere: int
    eposten: dict[str, str]
    paaminnes: list[datetime.date]


def foresee(oppdrag: Oppdrag, *, til: Person, enheter: Enheter | None = None) -> Forespeil:
    """What giving `oppdrag` to `enheter` (without: its audience) will do; `til` is the one who looks, and
    the example's recipient when no unit has a leader. Nothing is written."""
    if enheter is None:
        enheter = _receivers(audience(oppdrag))
    grupper = [gruppe for gruppe, _kommune in enheter]
    ledere = leaders_per_group([gruppe.pk for gruppe in grupper])
    adresse = reverse("rolu:mellomarbeid_list", args=[oppdrag.nettverk.slug])
    eksempel = next((g for g in grupper if ledere.get(g.pk)), grupper[0] if grupper else None)
    enhet = eksempel.enhet if eksempel else None
    mottaker = next(iter(ledere.get(eksempel.pk, [])), til) if eksempel else til
    return Forespeil(
        enheter=len(grupper),
        ledere=len({leder.pk for egne in ledere.values() for leder in egne}),
        paaminnes=sorted(dates_of(oppdrag)),
        eposten=preview(
            "rolu/epost/oppdrag.txt",
            til=mottaker,
            nettverk=oppdrag.nettverk,
            data=_letter_data(oppdrag, [(enhet, adresse)]),
        ),
    )


def leaders_per_group(grupper: Collection[int]) -> dict[int, list[Person]]:
    """Who leads each of the units' groups today, and can be written to. One query."""
    ledere: dict[int, list[Person]] = {}
    verv = Verv.objects.filter(
        gruppe__in=grupper, rolle=Rolle.FORMELL_LEDER, person__is_active=True
    )
    for v in verv.gyldig().select_related("person"):
        ledere.setdefault(v.gruppe_id, []).append(v.person)
    return ledere
