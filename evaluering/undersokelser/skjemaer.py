"""The questions of a survey before it is opened: added, changed, moved, taken away.

A version that is in use, or that another survey is to ask, is never changed: the first change makes the next version,
which this survey asks from then on.
"""

from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from evaluering.models import Skjema, Sporsmaal, Undersokelse
from evaluering.undersokelser.maler import maler
from nettverk.models import Nettverk
from nettverk.skriving.konflikt import Lukket
from nettverk.skriving.laas import hold

MAKS_SPORSMAAL = 30
_SLETTING = "evaluering.Sporsmaal:i_bruk_slett"


def questions(skjema: Skjema) -> list[Sporsmaal]:
    """In the order they are asked. One query."""
    rader = list(skjema.sporsmaal.all())
    for ett in rader:
        ett.skjema = skjema
    return rader


@transaction.atomic
def newest(nettverk: Nettverk, noekkel: str) -> Skjema:
    """The network's newest version of the form; the first time it is copied from the portal's own."""
    # One at a time, or two would make the same version.
    hold(nettverk)
    siste = Skjema.objects.filter(nettverk=nettverk, noekkel=noekkel).order_by("-utgave").first()
    return siste or maler()[noekkel].make(nettverk)


@transaction.atomic
def add(undersokelse: Undersokelse, *, felt: dict[str, Any]) -> Sporsmaal:
    """Ask one more question, last. Raises Lukket when the survey has been opened, or has as many as it can."""
    skjema = _to_write_in(undersokelse)
    alle = questions(skjema)
    if len(alle) >= MAKS_SPORSMAAL:
        raise Lukket(
            _("Et skjema kan ha %(n)s spørsmål. Fjern ett før du legger til et nytt.")
            % {"n": MAKS_SPORSMAAL}
        )
    siste = max((ett.rekkefolge for ett in alle), default=0)
    brukt = Sporsmaal.objects.filter(
        skjema__nettverk=skjema.nettverk, skjema__noekkel=skjema.noekkel
    )
    return Sporsmaal.objects.create(
        skjema=skjema,
        noekkel=_free_key(set(brukt.values_list("noekkel", flat=True))),
        rekkefolge=siste + 1,
        **felt,
    )


def _free_key(brukt: set[str]) -> str:
    """One that no question of any version has: another question is not held together with it."""
    return next(n for nr in range(1, len(brukt) + 2) if (n := f"eget{nr}") not in brukt)


@transaction.atomic
def change(undersokelse: Undersokelse, noekkel: str, *, felt: dict[str, Any]) -> None:
    """Write the question otherwise; it stays the same question. One that is gone stays gone."""
    ett = Sporsmaal.objects.filter(skjema=_to_write_in(undersokelse), noekkel=noekkel).first()
    if ett is None:
        raise Lukket(_("Spørsmålet er fjernet."))
    for navn, verdi in felt.items():
        setattr(ett, navn, verdi)
    ett.save(update_fields=list(felt))


@transaction.atomic
def remove(undersokelse: Undersokelse, noekkel: str) -> None:
    """Ask it no more. Twice is once; the last question stays."""
    skjema = _to_write_in(undersokelse)
    andre = Sporsmaal.objects.filter(skjema=skjema).exclude(noekkel=noekkel)
    if not andre.exists():
        raise Lukket(_("Skjemaet må ha minst ett spørsmål."))
    # Asked now and not at the end, since it is opened by then where both are done in one transaction.
    pgtrigger.constraints(pgtrigger.Immediate, _SLETTING)
    Sporsmaal.objects.filter(skjema=skjema, noekkel=noekkel).delete()
    pgtrigger.constraints(pgtrigger.Deferred, _SLETTING)


@transaction.atomic
def move(undersokelse: Undersokelse, noekkel: str, *, plass: int) -> None:
    """Let the question stand as number `plass`, from 1. Twice is once."""
    alle = questions(_to_write_in(undersokelse))
    denne = [ett for ett in alle if ett.noekkel == noekkel]
    andre = [ett for ett in alle if ett.noekkel != noekkel]
    plass = max(plass - 1, 0)
    _number([*andre[:plass], *denne, *andre[plass:]])


def _number(alle: Iterable[Sporsmaal]) -> None:
    for nr, ett in enumerate(alle, start=1):
        if ett.rekkefolge != nr:
            ett.rekkefolge = nr
            ett.save(update_fields=["rekkefolge"])


def _to_write_in(undersokelse: Undersokelse) -> Skjema:
    """The version that this survey alone asks, held; made now when there is none. Raises Lukket when it is opened."""
    hold(undersokelse.nettverk)
    naa = Undersokelse.objects.select_for_update(of=["self"]).get(pk=undersokelse.pk)
    if not naa.er_kladd:
        raise Lukket(_("Skjemaet er åpnet, så spørsmålene kan ikke endres."))
    skjema = Skjema.objects.get(pk=naa.skjema_id)
    skjema.nettverk = undersokelse.nettverk
    if Undersokelse.objects.filter(skjema=skjema).exclude(pk=naa.pk).exists():
        skjema = _next_version(skjema)
        naa.skjema = skjema
        naa.save(update_fields=["skjema"])
    undersokelse.skjema = skjema
    return skjema


def _next_version(skjema: Skjema) -> Skjema:
    utgaver = Skjema.objects.filter(nettverk=skjema.nettverk, noekkel=skjema.noekkel)
    siste: int = utgaver.aggregate(n=Max("utgave"))["n"]
    ny = Skjema.objects.create(
        nettverk=skjema.nettverk,
        slag=skjema.slag,
        noekkel=skjema.noekkel,
        tittel=skjema.tittel,
        maalform=skjema.maalform,
        utgave=siste + 1,
        forrige=skjema,
    )
    for ett in questions(skjema):
        ett.pk, ett.skjema = None, ny
        ett._state.adding = True
        ett.save(force_insert=True)
    return ny
