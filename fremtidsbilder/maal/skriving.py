"""Goals are written: made, changed, and placed below the goal that they serve."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fremtidsbilder.bilder.temaer import standing
from fremtidsbilder.maal.runder import words_are_open
from fremtidsbilder.models import Maal, Tema
from fremtidsbilder.models.maal import MaalQuerySet
from fremtidsbilder.sted import Hjemsted
from fremtidsbilder.tegn import set_signs, signs_of
from kommuner.gyldighet import idag
from kommuner.models import Plassering
from nettverk.models import Nettverk, Person
from nettverk.skriving.konflikt import KanIkke, write
from nettverk.skriving.laas import held, hold

Tilstand = Maal.Tilstand


def place_of_goal(maal: Maal) -> Hjemsted:
    """Where the goal belongs."""
    return Hjemsted(maal.nivaa, kommune=maal.kommune, enhet=maal.enhet)


def may_be_above(nettverk: Nettverk, sted: Hjemsted) -> MaalQuerySet:
    """The goals that one at `sted` may serve: the network's, those of the unit's own kommune, and others at the same
    place; not those that are closed, or drafts of others. One query."""
    rader = Maal.objects.filter(nettverk=nettverk).exclude(tilstand=Tilstand.AVSLUTTET)
    samme = Q(nivaa=sted.nivaa, kommune=sted.kommune, enhet=sted.enhet)
    videre = Q()
    if sted.nivaa != Maal.Nivaa.NETTVERK:
        videre |= Q(nivaa=Maal.Nivaa.NETTVERK)
    if sted.enhet:
        her = Plassering.objects.filter(enhet=sted.enhet).gyldig(idag())
        videre |= Q(nivaa=Maal.Nivaa.KOMMUNE, kommune__in=her.values("kommune"))
    if videre:
        return rader.filter(samme | videre & ~Q(tilstand=Tilstand.UTKAST))
    return rader.filter(samme)


def with_all_below(maal: Maal) -> set[int]:
    """Ids of the goal and of all that hang below it, at any depth. One query."""
    par = Maal.objects.filter(nettverk=maal.nettverk_id, over__isnull=False)
    under: dict[int, list[int]] = {}
    for pk, over in par.order_by().values_list("pk", "over_id"):
        under.setdefault(over, []).append(pk)
    funnet: set[int] = set()
    venter = [maal.pk]
    while venter:
        pk = venter.pop()
        if pk not in funnet:
            funnet.add(pk)
            venter += under.get(pk, [])
    return funnet


@transaction.atomic
def make(
    nettverk: Nettverk,
    *,
    sted: Hjemsted,
    felt: dict[str, Any],
    temaer: Iterable[Tema] = (),
    tegn: Sequence[str] = (),
    by: Person,
) -> Maal:
    """A new goal, a draft. `felt`: type, tekst, over, eier, periode, kilde, kilde_hvor. Raises KanIkke when the goal
    above, the group or a theme is not one it can have."""
    hold(nettverk)
    ny = Maal(nettverk=nettverk, **sted.felt, **felt, versjon=1, endret_av=by)
    _require_above(ny, felt.get("over"))
    temaer = _require_own(ny, temaer)
    ny.save()
    ny.temaer.set(temaer)
    set_signs(ny, tegn)
    return ny


@transaction.atomic
def change(
    maal: Maal,
    *,
    versjon: int,
    felt: dict[str, Any],
    temaer: Iterable[Tema] = (),
    tegn: Sequence[str] = (),
    by: Person,
) -> Maal:
    """Write the goal, opened as `versjon`. Its words are only written while `words_are_open`, and which goal it was taken
    from stands. Raises Konflikt when somebody else has saved, KanIkke when it is closed."""
    hold(maal.nettverk)
    rad = held(maal)
    if rad.er_avsluttet:
        raise KanIkke(_("Målet er avsluttet. Åpne det igjen før dere endrer det."))
    if not words_are_open(rad) and felt.get("tekst", rad.tekst) != rad.tekst:
        raise KanIkke(
            _(
                "Ordene i målet kan endres mens det er et utkast, og når høringen er over. Er målet vedtatt, må dere revidere det."
            )
        )
    over = felt.get("over", rad.over)
    if over != rad.over:
        if rad.overtatt:
            raise KanIkke(_("Målet er tatt inn fra målet over, og blir stående under det."))
        _require_above(rad, over)
    temaer = _require_own(rad, temaer, eier=felt.get("eier"))
    foer = set(rad.temaer.values_list("pk", flat=True))
    annet = foer != {t.pk for t in temaer} or signs_of(rad) != list(tegn)
    naa = write(rad, versjon=versjon, felt=felt, rader_endres=annet, endret_av=by)
    if annet:
        naa.temaer.set(temaer)
        set_signs(naa, tegn)
    return naa


def _require_above(maal: Maal, over: Maal | None) -> None:
    """Under the network's lock, so that no two goals can come below each other at the same moment."""
    if over is None:
        return
    if not may_be_above(maal.nettverk, place_of_goal(maal)).filter(pk=over.pk).exists():
        raise KanIkke(
            _("Målet over må være et mål for samme sted, eller for kommunen eller nettverket.")
        )
    if maal.pk and over.pk in with_all_below(maal):
        raise KanIkke(_("Målet over kan ikke være målet selv, eller et mål som står under det."))


def _require_own(maal: Maal, temaer: Iterable[Tema], *, eier: Any = None) -> list[Tema]:
    eier = eier or maal.eier
    valgte = list(temaer)
    if (eier and eier.nettverk_id != maal.nettverk_id) or any(
        t.nettverk_id != maal.nettverk_id for t in valgte
    ):
        raise KanIkke(_("Gruppa og temaene må være nettverkets egne."))
    return standing(maal.nettverk, valgte)
