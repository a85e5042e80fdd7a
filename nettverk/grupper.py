"""The network's groups: made, changed and ended by those who coordinate it. History is never deleted."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Kommune
from nettverk.flater import Etterlatt
from nettverk.models import Gruppe, Nettverk, Person, Rolle
from nettverk.models.gruppe import VervQuerySet
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import hold
from nettverk.utviklingsgrupper import group_name
from nettverk.verv import coordinated_without, end_many

Type = Gruppe.Type


# --- what a group is for


@dataclass(frozen=True)
class Funksjon:
    """What a group does, in plain words, and what it gives those who sit in it beyond being a member."""

    type: Gruppe.Type
    navn: str
    gir: str = ""


def functions(nettverk: Nettverk, *, og: str = "") -> list[Funksjon]:
    """The functions that a group of the network may have; the utviklingsgrupper are made another way, and
    what is only for a part of the portal is left out where that is off, unless it is `og`."""

    def rolle(r: Rolle) -> str:
        return nettverk.rollenavn(r)

    alle = [
        Funksjon(
            Type.KOORDINERINGSGRUPPE,
            _("Koordinerer nettverket"),
            _(
                "Den som er %(leder)s, %(nestleder)s eller %(koordinator)s her, ser og endrer det meste. De andre i gruppa ser utkast, utboks og hvem som kommer."
            )
            % {
                "leder": rolle(Rolle.LEDER),
                "nestleder": rolle(Rolle.NESTLEDER),
                "koordinator": rolle(Rolle.KOORDINATOR),
            },
        ),
        Funksjon(
            Type.STYRINGSGRUPPE,
            _("Styrer nettverket og vedtar"),
            _("De ser utkastet til årsrapporten og godkjenner den."),
        ),
        Funksjon(
            Type.FAGNETTVERK,
            _("Svarer for kommunene"),
            _("Den som er %(rolle)s for en kommune her, ser og endrer egen kommune.")
            % {"rolle": rolle(Rolle.OPPVEKSTANSVARLIG)},
        ),
        Funksjon(
            Type.PROSESSNETTVERK,
            _("Leder prosessene på samlingene"),
            _("De ser utkast til samlinger, sjekker inn og skriver notater."),
        ),
        Funksjon(
            Type.FAGMILJO,
            _("Svarer for det faglige i en læringsløype"),
            _(
                "De gir oppdrag i læringsløypene gruppa har ansvar for, og ser det som blir levert der."
            ),
        ),
        Funksjon(Type.EVALUERINGSNETTVERK, _("Evaluerer arbeidet")),
        Funksjon(Type.NY_PRAKSIS, _("Utvikler ny praksis")),
        Funksjon(Type.LEDERNETTVERK, _("Nettverk for ledere")),
        Funksjon(Type.OPPVEKSTNETTVERK, _("Møteplass for hele oppvekstfeltet")),
        Funksjon(Type.ANNEN, _("Arbeidsgruppe, eller noe annet")),
    ]
    return [f for f in alle if f.type == og or nettverk.uses(_PART_OF.get(f.type, ""))]


# A group of that function is for something in the part.
_PART_OF = {Type.FAGMILJO: "laeringsloyper"}


# --- made and changed


@transaction.atomic
def make(*, nettverk: Nettverk, fra: datetime.date, **felt: str) -> Gruppe:
    """Make one of the network's own groups, last in the list. `felt` is its type, names and mandate.

    Raises KanIkke when another of them has the name from `fra` on.
    """
    # One at a time: of two who make it at once, the second is told.
    hold(nettverk)
    if called(felt["navn"], nettverk=nettverk, gyldig=periode(fra)).exists():
        raise KanIkke(_("Nettverket har allerede en gruppe som heter dette."))
    return Gruppe.objects.create(
        nettverk=nettverk, rekkefolge=_last(nettverk), gyldig=periode(fra), **felt
    )


def called(navn: str, *, nettverk: Nettverk, gyldig: DateRange) -> QuerySet[Gruppe]:
    """The network's own groups by that name in the period."""
    egne = Gruppe.objects.filter(nettverk=nettverk, navn__iexact=navn, gyldig__overlap=gyldig)
    return egne.nettverksgrupper()


def _last(nettverk: Nettverk) -> int:
    egne = Gruppe.objects.filter(nettverk=nettverk).nettverksgrupper()
    siste = egne.aggregate(siste=Max("rekkefolge"))["siste"] or 0
    return min(siste + 10, 32_767)


def make_utviklingsgruppe(
    *, nettverk: Nettverk, sted: Enhet | Kommune, fra: datetime.date
) -> Gruppe:
    """Make the empty utviklingsgruppe of a unit or a kommune. Raises IntegrityError when it has one then
    (the form asks first)."""
    enhet = sted if isinstance(sted, Enhet) else None
    kommune = sted if isinstance(sted, Kommune) else None
    return Gruppe.objects.create(
        nettverk=nettverk,
        type=Type.UTVIKLINGSGRUPPE,
        navn=group_name(sted, nettverk.maalform),
        enhet=enhet,
        kommune=kommune,
        gyldig=periode(fra),
    )


def without_utviklingsgruppe(nettverk: Nettverk) -> tuple[QuerySet[Kommune], QuerySet[Enhet]]:
    """The network's kommuner and units today that have no utviklingsgruppe today or later."""
    har = Gruppe.objects.filter(
        nettverk=nettverk, type=Type.UTVIKLINGSGRUPPE, gyldig__overlap=periode(idag())
    )
    kommuner = nettverk.kommuner().exclude(
        pk__in=har.filter(kommune__isnull=False).values("kommune")
    )
    enheter = nettverk.enheter().exclude(pk__in=har.filter(enhet__isnull=False).values("enhet"))
    return kommuner.defer("grense"), enheter


def may_change_function(gruppe: Gruppe) -> bool:
    """Only before anybody has sat in it: the function says what the group was, also in earlier years. Who
    was put there by mistake never sat there."""
    return not gruppe.er_utviklingsgruppe and not gruppe.verv.filter(annullert=None).exists()


def change(gruppe: Gruppe, **felt: object) -> Gruppe:
    """Write the names, mandate, order or function of a group that is held (`nettverk.skriving.laas.locked`)."""
    for navn, verdi in felt.items():
        setattr(gruppe, navn, verdi)
    gruppe.save(update_fields=list(felt))
    return gruppe


# --- ended


def that_end_with(gruppe: Gruppe, slutt: datetime.date) -> VervQuerySet:
    """The Verv in the group that would have lasted beyond the day before `slutt`."""
    return gruppe.verv.filter(gyldig__overlap=periode(slutt))


@dataclass(frozen=True)
class Avsluttet:
    """How many Verv ended with the groups, and what they left behind."""

    antall: int
    etterlatt: list[Etterlatt]


@transaction.atomic
def end(gruppe: Gruppe, *, siste_dag: datetime.date, by: Person | None = None) -> Avsluttet:
    """End a group after `siste_dag`, and the Verv in it with it.

    What the group has written stays, and who sat there. Raises KanIkke when nobody would coordinate the
    network afterwards.
    """
    slutt = siste_dag + datetime.timedelta(days=1)
    hold(gruppe.nettverk)
    # Nobody takes a place in it meanwhile.
    Gruppe.objects.held().get(pk=gruppe.pk)
    # Also those who begin later: they would be let in by a group that is no more.
    verv = that_end_with(gruppe, slutt)
    require_coordinator_without(verv, nettverk=gruppe.nettverk, fra=slutt)
    return end_all([gruppe], verv, slutt, by=by)


def end_all(
    grupper: list[Gruppe], verv: VervQuerySet, slutt: datetime.date, *, by: Person | None
) -> Avsluttet:
    """End the Verv, and the groups after them.

    Raises KanIkke when somebody has sat there since: a wrong year would take them out of the history.
    """
    rader = list(verv.select_related("person", "gruppe__nettverk"))
    if any(rad.fra and slutt <= rad.fra <= idag() for rad in rader):
        raise KanIkke(_("Noen har fått verv her etter denne dagen. Velg en senere siste dag."))
    etterlatt = end_many(rader, siste_dag=slutt - datetime.timedelta(days=1), by=by)
    for gruppe in grupper:
        gruppe.end(slutt)
    return Avsluttet(len(rader), etterlatt)


def require_coordinator_without(
    verv: VervQuerySet, *, nettverk: Nettverk, fra: datetime.date
) -> None:
    """Raises KanIkke when the network would have nobody who coordinates it on `fra` without `verv`.

    Whoever has not answered yet, or cannot sign in, does not count.
    """
    if not coordinated_without(verv, nettverk=nettverk, fra=fra):
        raise KanIkke(
            _(
                "Nettverket må alltid ha noen som koordinerer det. Gi oppgaven til en annen først, i en annen gruppe som koordinerer."
            )
        )
