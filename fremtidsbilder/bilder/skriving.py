"""Write an image: make one, change it, publish it or take it back, take it in use at one's own place, delete it."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from fremtidsbilder.bilder.temaer import standing, theme_named, themes_of
from fremtidsbilder.models import Fremtidsbilde, Tema
from fremtidsbilder.sted import Hjemsted, kommune_of_units, places_below, where
from fremtidsbilder.tegn import set_signs, signs_of
from kommuner.gyldighet import idag
from nettverk.filer.vedlegg import forget_files
from nettverk.models import Nettverk, Person
from nettverk.skriving.konflikt import KanIkke, write
from nettverk.skriving.laas import held, hold

# What is copied when the image is taken in use elsewhere.
_FELT = ("tittel", "sporsmaal", "tekst", "metode", "maalaar")
_MANGE_TEMAER = 30
_TITTEL_TEGN = 250


@transaction.atomic
def create(
    *,
    nettverk: Nettverk,
    sted: Hjemsted,
    felt: dict[str, Any],
    tegn: Sequence[str] = (),
    temaer: Sequence[Tema] = (),
    nye_temaer: Sequence[str] = (),
    bygger_paa: Fremtidsbilde | None = None,
    by: Person,
) -> Fremtidsbilde:
    """A new image at the place, last of the network's and not published. Raises KanIkke when the place has one of
    that title."""
    hold(nettverk)
    bilde = Fremtidsbilde(
        nettverk=nettverk, **sted.felt, **felt, bygger_paa=bygger_paa, versjon=1, endret_av=by
    )
    _require_own_title(bilde)
    siste = nettverk.fremtidsbilder.aggregate(siste=Max("rekkefolge"))["siste"] or 0
    bilde.rekkefolge = siste + 10
    bilde.save()
    set_signs(bilde, tegn)
    bilde.temaer.set(standing(nettverk, [*temaer, *_made(nettverk, nye_temaer)]))
    return bilde


@transaction.atomic
def change(
    bilde: Fremtidsbilde,
    *,
    versjon: int,
    felt: dict[str, Any],
    tegn: Sequence[str],
    temaer: Sequence[Tema],
    nye_temaer: Sequence[str] = (),
    by: Person,
) -> Fremtidsbilde:
    """Write the image, opened as `versjon`. Raises Konflikt when somebody else has saved, KanIkke when the place has
    another of that title, and Borte."""
    hold(bilde.nettverk)
    naa = held(bilde, _("Fremtidsbildet er slettet av noen andre."))
    if "tittel" in felt:
        _require_own_title(naa, felt["tittel"])
    valgte = standing(naa.nettverk, [*temaer, *_made(naa.nettverk, nye_temaer)])
    rader_endres = list(tegn) != signs_of(naa) or {t.pk for t in valgte} != set(
        naa.temaer.values_list("pk", flat=True)
    )
    rad = write(naa, versjon=versjon, felt=felt, rader_endres=rader_endres, endret_av=by)
    if rader_endres:
        set_signs(rad, tegn)
        rad.temaer.set(valgte)
    return rad


@transaction.atomic
def publish(bilde: Fremtidsbilde, *, publisert: bool, by: Person) -> Fremtidsbilde:
    """Let everyone read it, or the network's people alone again. Raises KanIkke when nothing is written, and Borte."""
    naa = held(bilde, _("Fremtidsbildet er slettet av noen andre."))
    if naa.publisert == publisert:
        return naa
    if publisert and says_nothing(naa):
        raise KanIkke(_("Fremtidsbildet er tomt. Skriv det før dere publiserer det."))
    naa.publisert = publisert
    naa.endret_av = by
    naa.save(update_fields=["publisert", "endret", "endret_av"])
    return naa


@transaction.atomic
def remove(bilde: Fremtidsbilde) -> None:
    """Delete one that is not published and that no version is set of, with its signs and pictures. Raises KanIkke,
    and Borte."""
    naa = held(bilde, _("Fremtidsbildet er slettet av noen andre."))
    if grunn := why_it_stays(naa):
        raise KanIkke(grunn)
    forget_files(list(naa.illustrasjoner.all()))
    try:
        with transaction.atomic():
            naa.delete()
    except ProtectedError as feil:
        raise KanIkke(_("Noe annet i portalen er laget ut fra fremtidsbildet.")) from feil


def says_nothing(bilde: Fremtidsbilde) -> bool:
    """Nothing is written in it yet. One query at most."""
    return not (bilde.sporsmaal or bilde.tekst.strip() or bilde.tegn.exists())


def why_it_stays(bilde: Fremtidsbilde) -> str:
    """Why one that people outside read, or that the history holds on to, is not deleted; "" when it can be."""
    if bilde.publisert:
        return _("Fremtidsbildet er publisert. Trekk det tilbake før du sletter det.")
    if bilde.utgaver.exists():
        return _(
            "Det er satt utgaver av fremtidsbildet, så det kan ikke slettes. Endre det i stedet."
        )
    return ""


@transaction.atomic
def take_in_use(bilde: Fremtidsbilde, *, sted: Hjemsted, by: Person) -> tuple[Fremtidsbilde, bool]:
    """The kommune's or the unit's own image, built on this one: the text, the signs and the themes are copied, to be
    written further on; where its title names whose it was, it names the place. And whether it is new: a place builds on an image once. Raises KanIkke."""
    hold(bilde.nettverk)
    naa = held(bilde, _("Fremtidsbildet er slettet av noen andre."))
    if not places_below(naa, [sted], kommune_of_units([sted])):
        raise KanIkke(_("Dette fremtidsbildet kan ikke tas i bruk der."))
    her = naa.bygget_videre.filter(**sted.felt).order_by("pk").first()
    if her is not None:
        return her, False
    ny = create(
        nettverk=naa.nettverk,
        sted=sted,
        felt={
            **{navn: getattr(naa, navn) for navn in _FELT},
            "tittel": _title_at(naa, sted),
            "aar": idag().year,
        },
        tegn=signs_of(naa),
        temaer=themes_of(naa),
        bygger_paa=naa,
        by=by,
    )
    return ny, True


def _title_at(bilde: Fremtidsbilde, sted: Hjemsted) -> str:
    """«Nordmøre 2040» is «Aure 2040» in Aure."""
    hvis = where(bilde, bilde.nettverk.kortnavn)
    return bilde.tittel.replace(hvis, sted.navn)[:_TITTEL_TEGN] if hvis else bilde.tittel


def _made(nettverk: Nettverk, navn: Sequence[str]) -> list[Tema]:
    return [theme_named(nettverk, ett) for ett in navn[:_MANGE_TEMAER]]


def _require_own_title(bilde: Fremtidsbilde, tittel: str = "") -> None:
    andre = Fremtidsbilde.objects.filter(
        nettverk=bilde.nettverk,
        nivaa=bilde.nivaa,
        kommune=bilde.kommune_id,
        enhet=bilde.enhet_id,
        tittel=tittel or bilde.tittel,
    )
    if andre.exclude(pk=bilde.pk).exists():
        raise KanIkke(_("Et annet fremtidsbilde har denne tittelen."))
