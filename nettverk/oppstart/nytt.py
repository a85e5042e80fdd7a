"""A new network: made whole by the administrator, or not at all."""

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max

from kommuner.gyldighet import GyldighetMixin, idag, periode
from kommuner.models import Kommune, Kommuneendring
from nettverk import verv as vervene
from nettverk.invitasjon import invite
from nettverk.medlemskap import require_free
from nettverk.models import Gruppe, Medlemskap, Nettverk, Person, Rolle
from nettverk.oppstart.kartforslag import centre, propose
from nettverk.oppstart.maler import Nettverksmal
from nettverk.utviklingsgrupper import ensure_utviklingsgrupper


@transaction.atomic
def make_nettverk(
    *,
    navn: str,
    kortnavn: str,
    slug: str,
    maalform: str,
    fra: datetime.date,
    mal: Nettverksmal,
    kommuner: Sequence[Kommune],
    koordinator_navn: str,
    koordinator_epost: str,
    by: Person,
    aksent: str = "",
    horisont: str = "",
) -> Nettverk:
    """A network with its kommuner on a map, the groups of the shape, and its first koordinator, who gets
    the letter that invites them.

    Without `aksent` and `horisont` they are as in the shape. `kommuner` are those that were in it on `fra`; one that got a new number since is followed. Raises
    IntegrityError when the address was taken meanwhile, `medlemskap.Opptatt` when one of them is in a
    network, KanIkke when `by` has appointed too many.
    """
    sist = Nettverk.objects.filter(er_testdata=False).aggregate(sist=Max("rekkefolge"))["sist"]
    valgt = {"aksent": aksent, "horisont": horisont}
    nettverk = Nettverk.objects.create(
        slug=slug,
        navn=navn,
        kortnavn=kortnavn,
        maalform=maalform,
        rekkefolge=min((sist or 0) + 10, 30_000),
        **mal.nettverksfelt() | {felt: verdi for felt, verdi in valgt.items() if verdi},
    )
    add_kommuner(nettverk, kommuner, fra=fra)
    ensure_utviklingsgrupper(nettverk)
    grupper = mal.make_grupper(nettverk, periode(fra))
    koordinering = next(g for g in grupper if g.type == Gruppe.Type.KOORDINERINGSGRUPPE)
    vervene.count_lookup(by=by, nettverk=nettverk, er_koordinator=True)
    verv = vervene.appoint(
        gruppe=koordinering,
        navn=koordinator_navn,
        epost=koordinator_epost,
        rolle=Rolle.KOORDINATOR,
        gyldig=periode(max(fra, idag())),
        by=by,
        spoer=False,
    )
    invite([verv.person_id], nettverk=nettverk, by=by)
    return nettverk


def add_kommuner(nettverk: Nettverk, kommuner: Sequence[Kommune], *, fra: datetime.date) -> None:
    """The kommuner come with from `fra`, each for as long as its number holds, and where its number was
    only changed, the new number after it in the same tile of the map.

    Raises `medlemskap.Opptatt` when one of them is in another network at that time.
    """
    ruter = propose({k.pk: centre(k.grense) for k in kommuner})
    rader = []
    for kommune in kommuner:
        kolonne, rad = ruter[kommune.pk]
        for ledd in (kommune, *_successors(kommune)):
            rader.append(
                Medlemskap(
                    nettverk=nettverk,
                    kommune=ledd,
                    gyldig=periode(_later(fra, ledd), ledd.til),
                    kart_kolonne=kolonne,
                    kart_rad=rad,
                )
            )
    require_free(nettverk, [(rad.kommune, rad.gyldig) for rad in rader])
    Medlemskap.objects.bulk_create(rader)


def _later(fra: datetime.date, rad: GyldighetMixin) -> datetime.date:
    return max(fra, rad.fra) if rad.fra else fra


def _successors(kommune: Kommune) -> Iterable[Kommune]:
    """The same kommune under later numbers. A merger or a division is a new kommune: the network says
    whether that is in it."""
    while kommune.til is not None:
        skifte = (
            Kommuneendring.objects.filter(
                fra=kommune, dato=kommune.til, type=Kommuneendring.Type.NYTT_NUMMER
            )
            .select_related("til")
            .first()
        )
        # A file may say that two became each other: what did not hold that day is no successor.
        if skifte is None or not skifte.til.er_gyldig(kommune.til):
            return
        kommune = skifte.til
        yield kommune
