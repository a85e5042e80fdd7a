"""Changes of who may do what are written down by themselves, whichever page made them.

The pages, and the administrator's above all, change these rows in many ways; the log must not depend on
each of them to remember. Only what a person does through the portal is told here: what the machine loads
or a test makes is not. A new administrator is told of always.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from allauth.core import context as allauth_context
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save
from django.utils.translation import gettext_lazy as _

from kommuner.models import Plassering
from nettverk.models.gruppe import Gruppe, Verv
from nettverk.models.nettverk import Medlemskap, Nettverk
from nettverk.models.person import Person
from nettverk.sikkerhet.logg import hendelsesslag, record

VERV_GITT = hendelsesslag("nettverk.verv_gitt", _("Verv gitt"))
VERV_ENDRET = hendelsesslag("nettverk.verv_endret", _("Verv endret eller avsluttet"))
VERV_SLETTET = hendelsesslag("nettverk.verv_slettet", _("Verv slettet"))
ADMINISTRATOR = hendelsesslag("nettverk.ny_administrator", _("Ny administrator"), alarm=True)
RETTIGHETER = hendelsesslag("nettverk.rettigheter", _("Rettigheter på en konto endret"))
EPOST = hendelsesslag("nettverk.epost_endret", _("E-postadressen til en konto endret"))
TILGANG = hendelsesslag("nettverk.tilgang_endret", _("Innstilling som gir tilgang, endret"))

# What of each gives access.
_FELT: dict[type[Model], tuple[str, ...]] = {
    Person: ("epost", "is_staff", "is_superuser", "is_active"),
    Verv: ("person_id", "gruppe_id", "rolle", "representerer_id", "gyldig"),
    Gruppe: ("nettverk_id", "type", "enhet_id", "kommune_id"),
    Medlemskap: ("nettverk_id", "kommune_id", "gyldig"),
    Nettverk: ("slug", "er_offentlig"),
    Plassering: ("enhet_id", "kommune_id", "gyldig"),
}


def _watched(klasse: type[Model], update_fields: Iterable[str] | None) -> list[str]:
    """The fields of this save that matter."""
    felt = _FELT[klasse]
    if update_fields is None:
        return list(felt)
    navn = set(update_fields)
    return [f for f in felt if f in navn or f.removesuffix("_id") in navn]


def _remember(
    sender: type[Model], instance: Any, update_fields: Iterable[str] | None, **kwargs: Any
) -> None:
    """What stood there before, for `_compare`."""
    felt = _watched(sender, update_fields)
    if felt and instance.pk and allauth_context.request is not None:
        foer = sender._base_manager.filter(pk=instance.pk).values(*felt).first()
        instance._foer = foer or {}


def _compare(sender: type[Model], instance: Any, created: bool, **kwargs: Any) -> None:
    foer = instance.__dict__.pop("_foer", {})
    if created:
        _made(instance)
    elif endret := [felt for felt, verdi in foer.items() if getattr(instance, felt) != verdi]:
        _changed(instance, endret)


def _deleted(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    if allauth_context.request is None:
        return
    # Only numbers: the network and the person may be on their way out too.
    if isinstance(instance, Verv):
        _record(VERV_SLETTET, None, konto=instance.person_id, **_of_verv(instance))
    else:
        _record(TILGANG, None, hva=instance._meta.model_name, rad=instance.pk, slettet=True)


# Of these alone: a listener to every model would make Django fetch each row of what is deleted in bulk.
for _modell in _FELT:
    pre_save.connect(_remember, sender=_modell)
    post_save.connect(_compare, sender=_modell)
    post_delete.connect(_deleted, sender=_modell)


def _made(ting: Any) -> None:
    if isinstance(ting, Person):
        if ting.is_superuser:
            _record(ADMINISTRATOR, ting)
    elif allauth_context.request is None:
        return
    elif isinstance(ting, Verv):
        _record(VERV_GITT, ting, **_of_verv(ting))
    else:
        _record(TILGANG, ting, hva=ting._meta.model_name, rad=ting.pk, ny=True)


def _changed(ting: Any, endret: list[str]) -> None:
    navn = [felt.removesuffix("_id") for felt in endret]
    if isinstance(ting, Verv):
        _record(VERV_ENDRET, ting, felt=navn, **_of_verv(ting))
    elif isinstance(ting, Person):
        if "epost" in endret:
            _record(EPOST, ting)
        if "is_superuser" in endret and ting.is_superuser:
            _record(ADMINISTRATOR, ting)
        if rettigheter := {felt: getattr(ting, felt) for felt in endret if felt != "epost"}:
            _record(RETTIGHETER, ting, **rettigheter)
    else:
        _record(TILGANG, ting, hva=ting._meta.model_name, rad=ting.pk, felt=navn)


def note_many(
    slag: str, verv: Iterable[Verv], *, by: Person | None, felt: Sequence[str] = ()
) -> None:
    """Write down appointments that were given (`VERV_GITT`) or changed (`VERV_ENDRET`) many at once: bulk
    writing tells no listener."""
    for ett in verv:
        mer: dict[str, Any] = {"felt": list(felt)} if felt else {}
        record(slag, person=ett.person, by=by, nettverk=ett.nettverk, **mer, **_of_verv(ett))


def _of_verv(verv: Verv) -> dict[str, Any]:
    return {"rolle": str(verv.rolle), "gruppe": verv.gruppe_id, "til": str(verv.til or "")}


def _record(slag: str, ting: Any, **opplysninger: Any) -> None:
    request = allauth_context.request
    by = getattr(request, "user", None)
    record(
        slag,
        person=ting if isinstance(ting, Person) else getattr(ting, "person", None),
        by=by if by is not None and by.is_authenticated else None,
        nettverk=ting if isinstance(ting, Nettverk) else getattr(ting, "nettverk", None),
        **opplysninger,
    )
