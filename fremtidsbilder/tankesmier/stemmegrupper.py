"""Whose voices the network asks for: its groups, added, renamed, put in order, taken away."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, ProtectedError, QuerySet
from django.utils.translation import gettext as _

from fremtidsbilder.models import Stemmegruppe, Tankesmie
from nettverk.models import Nettverk
from nettverk.skriving.konflikt import Borte, KanIkke
from nettverk.skriving.laas import held, hold
from nettverk.skriving.rekkefolge import move_one

# More would not stand on a phone.
MAKS_GRUPPER = 20


def load(nettverk: Nettverk, rader: Iterable[dict[str, Any]]) -> None:
    """The groups of the network's data file, for a network that has none: what it has said itself stands."""
    if nettverk.stemmegrupper.exists():
        return
    Stemmegruppe.objects.bulk_create(
        Stemmegruppe(
            nettverk=nettverk,
            navn=rad["navn"],
            er_barn=rad.get("er_barn", False),
            rekkefolge=nummer * 10,
        )
        for nummer, rad in enumerate(rader, start=1)
    )


@transaction.atomic
def add_usual(nettverk: Nettverk) -> None:
    """The groups that most ask, in a network that has none."""
    hold(nettverk)
    load(
        nettverk,
        [
            {"navn": _("Barnehagebarn"), "er_barn": True},
            {"navn": _("Elever"), "er_barn": True},
            {"navn": _("Foresatte")},
            {"navn": _("Ansatte")},
            {"navn": _("Politikere")},
            {"navn": _("Næringsliv")},
            {"navn": _("Frivillige")},
        ],
    )


@transaction.atomic
def add(nettverk: Nettverk, *, navn: str, er_barn: bool) -> Stemmegruppe:
    """One more, the last. Raises KanIkke when there is one of that name, or no room."""
    hold(nettverk)
    alle = nettverk.stemmegrupper
    if alle.count() >= MAKS_GRUPPER:
        raise KanIkke(
            _("Det er plass til %(n)s grupper. Slett en som ikke er i bruk.") % {"n": MAKS_GRUPPER}
        )
    _require_own_name(nettverk, navn)
    siste = alle.aggregate(siste=Max("rekkefolge"))["siste"] or 0
    return Stemmegruppe.objects.create(
        nettverk=nettverk, navn=navn, er_barn=er_barn, rekkefolge=siste + 10
    )


@transaction.atomic
def change(gruppe: Stemmegruppe, *, navn: str, er_barn: bool) -> None:
    """It is the same group, with the same voices. Raises KanIkke when another has the name, and Borte."""
    hold(gruppe.nettverk)
    naa = held(gruppe, _("Gruppa er slettet av noen andre."))
    _require_own_name(naa.nettverk, navn, uten=naa)
    if (naa.navn, naa.er_barn) != (navn, er_barn):
        naa.navn, naa.er_barn = navn, er_barn
        naa.save(update_fields=["navn", "er_barn"])


@transaction.atomic
def move(gruppe: Stemmegruppe, *, opp: bool) -> None:
    """One place up or down; at the end nothing changes."""
    hold(gruppe.nettverk)
    move_one(list(gruppe.nettverk.stemmegrupper.all()), gruppe, opp=opp)


@transaction.atomic
def remove(gruppe: Stemmegruppe) -> None:
    """Take away one that has said nothing. Raises KanIkke when it has, and Borte."""
    hold(gruppe.nettverk)
    # Those who are about to use it are done first (`kept`): then it is seen that it has said something.
    naa = Stemmegruppe.objects.select_for_update(of=["self"]).filter(pk=gruppe.pk).first()
    if naa is None:
        raise Borte(_("Gruppa er slettet av noen andre."))
    try:
        naa.delete()
    except ProtectedError as i_bruk:
        raise KanIkke(
            _(
                "Gruppa har sagt noe i en tankesmie, så den kan ikke slettes. Gi den heller et nytt navn."
            )
        ) from i_bruk


_GRUPPER = Stemmegruppe._meta.db_table
_SPURT = Tankesmie.grupper.through._meta.db_table


def kept(pk_er: Iterable[int]) -> set[int]:
    """Those of them that stand, and stand until the transaction ends. Others may use them meanwhile. One query."""
    return _kept(f"SELECT g.id FROM {_GRUPPER} g WHERE g.id = ANY(%s)", [list(pk_er)])


def kept_asked(tankesmie: Tankesmie, pk_er: Iterable[int]) -> set[int]:
    """As `kept`, of those that the tankesmie asks."""
    sql = f"SELECT g.id FROM {_GRUPPER} g JOIN {_SPURT} s ON s.stemmegruppe_id = g.id WHERE g.id = ANY(%s)"
    return _kept(f"{sql} AND s.tankesmie_id = %s", [list(pk_er), tankesmie.pk])


def _kept(sql: str, verdier: list[Any]) -> set[int]:
    with connection.cursor() as db:
        # Django has no word for the lock that a reference takes.
        db.execute(f"{sql} ORDER BY g.id FOR KEY SHARE OF g", verdier)
        return {pk for (pk,) in db}


def with_use(nettverk: Nettverk) -> QuerySet[Stemmegruppe]:
    """The groups, each with how many tankesmier ask it. One query."""
    return nettverk.stemmegrupper.annotate(antall_tankesmier=Count("tankesmier", distinct=True))


def _require_own_name(nettverk: Nettverk, navn: str, *, uten: Stemmegruppe | None = None) -> None:
    if any(gruppe != uten for gruppe in nettverk.stemmegrupper.filter(navn__iexact=navn)):
        raise KanIkke(_("En annen stemmegruppe heter dette."))
