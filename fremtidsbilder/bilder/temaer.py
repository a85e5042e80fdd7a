"""The themes that the images and the goals of a network share: added, renamed, put in order, merged, published."""

from collections.abc import Iterable
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _
from pghistory.models import Event

from fremtidsbilder.models import Fremtidsbilde, Tema
from nettverk.models import Kobling, Nettverk
from nettverk.skriving.konflikt import KanIkke, write
from nettverk.skriving.laas import held, hold, locked
from nettverk.skriving.rekkefolge import move_one
from nettverk.tilgang.roller import may_be_there

# What a theme is called in the links of the red thread (`fremtidsbilder.traadslag`).
SLAG = "tema"


def themes_of(bilde: Fremtidsbilde) -> list[Tema]:
    """Its own; those of the network for the network's image when none are chosen. Two queries at most."""
    egne = list(bilde.temaer.all())
    if egne or bilde.nivaa != Fremtidsbilde.Nivaa.NETTVERK:
        return egne
    return list(bilde.nettverk.temaer.all())


@transaction.atomic
def theme_named(nettverk: Nettverk, navn: str) -> Tema:
    """The theme of that name, however it is capitalised; a new one, last, when there is none."""
    hold(nettverk)
    funnet = nettverk.temaer.filter(navn__iexact=navn).order_by("pk").first()
    return funnet or add(nettverk, navn=navn)


@transaction.atomic
def add(nettverk: Nettverk, *, navn: str) -> Tema:
    """One more theme, the last. Raises KanIkke when there is one of that name."""
    hold(nettverk)
    _require_own_name(nettverk, navn)
    siste = nettverk.temaer.aggregate(siste=Max("rekkefolge"))["siste"] or 0
    return Tema.objects.create(nettverk=nettverk, navn=navn, rekkefolge=siste + 10)


@transaction.atomic
def rename(tema: Tema, *, navn: str) -> Tema:
    """It is the same theme, with the same images and goals. Raises KanIkke when another has the name, and Borte."""
    hold(tema.nettverk)
    naa = held(tema, _("Temaet er slettet av noen andre."))
    _require_own_name(naa.nettverk, navn, uten=naa)
    if naa.navn != navn:
        naa.navn = navn
        naa.save(update_fields=["navn"])
    return naa


@transaction.atomic
def move(tema: Tema, *, opp: bool) -> None:
    """One place up or down; at the end nothing changes."""
    hold(tema.nettverk)
    move_one(list(tema.nettverk.temaer.all()), tema, opp=opp)


@transaction.atomic
def merge(tema: Tema, *, inn_i: Tema) -> Tema:
    """Let everything that points at `tema` point at `inn_i`, and take `tema` away: images, goals, themes on walls, what
    other parts of the portal hold, and the links of the red thread. What is written of it stands after what is written
    of the other, but not where everybody reads it unless everybody could. History keeps it (`went_into`). Raises
    KanIkke and Borte."""
    hold(tema.nettverk)
    borte = _("Temaet er slettet av noen andre.")
    # In the order of their keys, as whoever merges them the other way at the same moment.
    naa = {t.pk: held(t, borte) for t in sorted([tema, inn_i], key=lambda t: t.pk)}
    fra, til = naa[tema.pk], naa[inn_i.pk]
    if fra.pk == til.pk:
        raise KanIkke(_("Velg et annet tema å slå det sammen med."))
    for peker in Tema._meta.related_objects:
        if not issubclass(peker.related_model, Event):
            _point_at(peker, fra, til)
    _move_links(fra, til)
    if fra.offentlig or not til.offentlig:
        til.beskrivelse = _after(til.beskrivelse, fra.beskrivelse)
        til.skjedde = _after(til.skjedde, fra.skjedde)
        til.versjon += 1
        til.save(update_fields=["beskrivelse", "skjedde", "versjon"])
    with pghistory.context(**{_SLAATT_SAMMEN: til.pk}):
        fra.versjon += 1
        fra.save(update_fields=["versjon"])
    fra.delete()
    return til


# By this in its context, history knows where a theme that is no more went.
_SLAATT_SAMMEN = "slaatt_sammen_med"


def went_into(nettverk: Nettverk, pk: int) -> Tema | None:
    """The theme that one which is no more became part of, also when that one has gone on into another."""
    hendelser = Tema.pgh_event_model.objects  # type: ignore[attr-defined]
    sett: set[int] = set()
    neste: int | None = pk
    while neste and neste not in sett:
        sett.add(neste)
        if funnet := nettverk.temaer.filter(pk=neste).first():
            return funnet
        neste = (
            hendelser.filter(
                pgh_obj_id=neste, nettverk=nettverk, pgh_context__metadata__has_key=_SLAATT_SAMMEN
            )
            .order_by("-pgh_id")
            .values_list(f"pgh_context__metadata__{_SLAATT_SAMMEN}", flat=True)
            .first()
        )
    return None


def standing(nettverk: Nettverk, temaer: Iterable[Tema]) -> list[Tema]:
    """The chosen themes as they are now, each once: one that has been merged since it was chosen is what it went into.
    Under the network's lock (`hold`). One query when all of them stand."""
    valgte = [tema.pk for tema in temaer]
    staar = nettverk.temaer.in_bulk(valgte)
    naa = {pk: staar.get(pk) or went_into(nettverk, pk) for pk in valgte}
    return list({tema.pk: tema for tema in naa.values() if tema}.values())


def _point_at(peker: Any, fra: Tema, til: Tema) -> None:
    """What points at `fra` by this field, at `til`; where it points at both, once."""
    felt = peker.field
    if not felt.many_to_many:
        peker.related_model._default_manager.filter(**{felt.name: fra}).update(**{felt.name: til})
        return
    eier, tema = felt.m2m_field_name(), felt.m2m_reverse_field_name()
    rader = felt.remote_field.through._default_manager
    har = rader.filter(**{tema: til}).values(eier)
    rader.filter(**{tema: fra}).exclude(**{f"{eier}__in": har}).update(**{tema: til})
    rader.filter(**{tema: fra}).delete()


def _move_links(fra: Tema, til: Tema) -> None:
    """The links that people have made; made anew, as history keeps that."""
    for kobling in Kobling.objects.filter(
        Q(fra_slag=SLAG, fra=fra.pk) | Q(til_slag=SLAG, til=fra.pk), nettverk=fra.nettverk
    ):
        felt = {n: getattr(kobling, n) for n in ("nettverk", "fra_slag", "fra", "til_slag", "til")}
        for slag, ende in (("fra_slag", "fra"), ("til_slag", "til")):
            if (felt[slag], felt[ende]) == (SLAG, fra.pk):
                felt[ende] = til.pk
        kobling.delete()
        if (felt["fra_slag"], felt["fra"]) != (felt["til_slag"], felt["til"]):
            Kobling.objects.get_or_create(**felt, defaults={"opprettet_av": kobling.opprettet_av})


def _after(tekst: str, mer: str) -> str:
    return "\n\n".join(bit for bit in (tekst, mer if mer != tekst else "") if bit.strip())


# --- what everybody may read of a theme


def describe(tema: Tema, *, versjon: int, felt: dict[str, Any]) -> Tema:
    """What it is about and what came of it, opened as `versjon`. Raises Konflikt when somebody else has saved, and
    Borte."""
    with locked(tema) as naa:
        return write(naa, versjon=versjon, felt=felt)


def publish(tema: Tema, *, offentlig: bool) -> Tema:
    """Let everybody read it, or the network's own again. Raises KanIkke when nothing is written, and Borte."""
    with locked(tema) as naa:
        if offentlig and not (naa.beskrivelse.strip() or naa.skjedde.strip()):
            raise KanIkke(_("Skriv hva temaet handler om, før dere publiserer siden."))
        if naa.offentlig != offentlig:
            naa.offentlig = offentlig
            naa.save(update_fields=["offentlig"])
        return naa


# What a page knows of its network (`ask_along`).
HAR_TEMASIDER = "har_temasider"


def page_is_published() -> Exists:
    """Whether everybody may read the page of one of the network's themes, to `ask_along`."""
    return Exists(Tema.objects.filter(nettverk=OuterRef("pk"), offentlig=True))


def published(nettverk: Nettverk) -> list[Tema]:
    """Those whose page everybody may read, in their order. One query, none when there are none."""
    if not may_be_there(nettverk, HAR_TEMASIDER):
        return []
    return list(nettverk.temaer.filter(offentlig=True))


def _require_own_name(nettverk: Nettverk, navn: str, *, uten: Tema | None = None) -> None:
    if any(tema != uten for tema in nettverk.temaer.filter(navn__iexact=navn)):
        raise KanIkke(_("Nettverket har allerede et tema med dette navnet."))
