"""Links of the red thread: made by choosing, taken away again, and swept when what they held is gone."""

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from nettverk.flater import Traadslag, portaler
from nettverk.models import Kobling, Nettverk, Person
from nettverk.roedtraad.lesing import follow
from nettverk.roedtraad.slag import kinds
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import hold

Ende = tuple[Traadslag, int]


@transaction.atomic
def link(nettverk: Nettverk, *, fra: Ende, til: Ende, by: Person) -> Kobling:
    """Say that `fra` has led to `til`; both are the network's. Said twice it is one. Raises KanIkke when it would go in
    a ring."""
    # One at a time: two that are each right may be a ring together.
    hold(nettverk)
    (fra_slag, fra_pk), (til_slag, til_pk) = fra, til
    felt = {
        "nettverk": nettverk,
        "fra_slag": fra_slag.noekkel,
        "fra": fra_pk,
        "til_slag": til_slag.noekkel,
        "til": til_pk,
    }
    if finnes := Kobling.objects.filter(**felt).first():
        return finnes
    if (fra_slag.noekkel, fra_pk) == (til_slag.noekkel, til_pk):
        raise KanIkke(_("Velg noe annet enn det du står på."))
    _opp, ned = follow(kinds(nettverk), nettverk, til_slag.noekkel, til_pk)
    if fra_pk in ned.get(fra_slag.noekkel, {}):
        raise KanIkke(_("Det går en tråd den andre veien allerede, så dette ville gått i ring."))
    return Kobling.objects.create(**felt, opprettet_av=by)


@transaction.atomic
def unlink(nettverk: Nettverk, *, fra: Ende, til: Ende) -> bool:
    """Take the link away; twice changes nothing. Whether there was one."""
    hold(nettverk)
    antall, _slettet = Kobling.objects.filter(
        nettverk=nettverk,
        fra_slag=fra[0].noekkel,
        fra=fra[1],
        til_slag=til[0].noekkel,
        til=til[1],
    ).delete()
    return bool(antall)


def purge() -> int:
    """Take away the links to things that are deleted; how many."""
    borte = 0
    for portal in portaler():
        for slag in portal.traadslag():
            finnes = apps.get_model(slag.modell)._default_manager.values("pk")
            for ende in ("fra", "til"):
                doede = Kobling.objects.filter(**{f"{ende}_slag": slag.noekkel})
                borte += doede.exclude(**{f"{ende}__in": finnes}).delete()[0]
    return borte
