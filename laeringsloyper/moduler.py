"""The modules of a track: add one, write in it, set their order, delete one."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from laeringsloyper.models import Modul, Periode
from nettverk.filer.vedlegg import forget_files
from nettverk.skriving.konflikt import KanIkke, write
from nettverk.skriving.laas import held
from nettverk.skriving.rekkefolge import number


@transaction.atomic
def add(periode: Periode, *, tittel: str, formaal: str = "", oppdragsforslag: str = "") -> Modul:
    """A new module, the last of its period. Raises KanIkke when the period has one of that name."""
    rekke = _held(periode)
    _require_own_title(rekke, tittel)
    return Modul.objects.create(
        periode=periode,
        tittel=tittel,
        formaal=formaal,
        oppdragsforslag=oppdragsforslag,
        rekkefolge=_last_place(rekke),
    )


@transaction.atomic
def change(modul: Modul, *, periode: Periode, versjon: int, felt: dict[str, Any]) -> Modul:
    """Write the module's words, opened as `versjon`, and put it last in `periode` when that is another. Raises
    Konflikt when somebody else has saved, and KanIkke when the period has one of that name."""
    rekker = {p.pk: _held(p) for p in sorted({periode, modul.periode}, key=lambda p: p.pk)}
    rad = next((m for rekke in rekker.values() for m in rekke if m.pk == modul.pk), None)
    if rad is None:
        raise KanIkke(_("Modulen er slettet av noen andre."))
    _require_own_title([m for m in rekker[periode.pk] if m.pk != rad.pk], felt["tittel"])
    if rad.periode_id == periode.pk:
        return write(rad, versjon=versjon, felt=felt)
    plass = _last_place(rekker[periode.pk])
    return write(rad, versjon=versjon, felt={**felt, "periode": periode}, rekkefolge=plass)


@transaction.atomic
def move(modul: Modul, *, plass: int) -> None:
    """To a place in its period, 0 the first; the others close up. Beyond the end is last. Raises KanIkke when the
    period is gone."""
    rekke = _held(modul.periode)
    her = next((m for m in rekke if m.pk == modul.pk), None)
    if her is None:
        return
    rekke.remove(her)
    rekke.insert(max(plass, 0), her)
    number(rekke)


def move_one(modul: Modul, *, opp: bool) -> None:
    """One place up or down; at the end nothing changes. Raises KanIkke when it is gone."""
    foer = list(modul.periode.moduler.in_order().values_list("pk", flat=True))
    if modul.pk not in foer:
        raise KanIkke(_("Modulen er slettet av noen andre."))
    plass = foer.index(modul.pk)
    move(modul, plass=plass - 1 if opp else plass + 1)


@transaction.atomic
def remove(modul: Modul) -> None:
    """Delete it with its resources and its reading list. Raises KanIkke when an assignment is given in it: what
    units did must still tell which module it was."""
    _held(modul.periode)
    filer = list(modul.ressurser.exclude(fil=""))
    try:
        with transaction.atomic():
            modul.delete()
    except ProtectedError as feil:
        raise KanIkke(
            _("Det er gitt oppdrag i modulen, så den kan ikke slettes. Endre modulen i stedet.")
        ) from feil
    forget_files(filer)


def _held(periode: Periode) -> list[Modul]:
    """The modules of the period in their order, one writer at a time."""
    held(periode, _("Perioden er slettet av noen andre."))
    return list(Modul.objects.filter(periode=periode).select_related("periode").in_order())


def _last_place(rekke: list[Modul]) -> int:
    return max((m.rekkefolge for m in rekke), default=0) + 10


def _require_own_title(rekke: list[Modul], tittel: str) -> None:
    if any(m.tittel == tittel for m in rekke):
        raise KanIkke(_("Perioden har allerede en modul med denne tittelen. Velg en annen tittel."))
