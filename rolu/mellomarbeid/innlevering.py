"""Deliver a unit's mellomarbeid, open it again, share it with the network."""

from django.db import transaction
from django.utils import timezone

from evaluering.models import Aarsrapport
from nettverk.models import Person
from rolu.models import Mellomarbeid


class KanIkke(Exception):
    """The act cannot be done now. `grunn` is why, for the page to put in words."""

    def __init__(self, grunn: str) -> None:
        super().__init__(grunn)
        self.grunn = grunn


TOMT = "tomt"
LAAST = "laast"
IKKE_LEVERT = "ikke_levert"


@transaction.atomic
def submit(mellomarbeid: Mellomarbeid, *, by: Person) -> Mellomarbeid:
    """Deliver it. Delivering twice changes nothing: the first time and person stand."""
    naa = _laas(mellomarbeid)
    if naa.er_levert:
        return naa
    if not (naa.loggposter.exclude(tekst="").exists() or naa.vedlegg.exists()):
        raise KanIkke(TOMT)
    naa.status = Mellomarbeid.Status.LEVERT
    naa.levert, naa.levert_av = timezone.now(), by
    naa.save(update_fields=["status", "levert", "levert_av"])
    return naa


@transaction.atomic
def reopen(mellomarbeid: Mellomarbeid) -> Mellomarbeid:
    """Open it again, so that the group can write more. It is no longer shared.

    Not when the annual report of the assignment's year is approved: its figures stand.
    """
    naa = _laas(mellomarbeid)
    if not naa.er_levert:
        return naa
    if is_locked(naa):
        raise KanIkke(LAAST)
    naa.status, naa.levert, naa.levert_av, naa.delt = Mellomarbeid.Status.KLADD, None, None, False
    naa.save(update_fields=["status", "levert", "levert_av", "delt"])
    return naa


@transaction.atomic
def share(mellomarbeid: Mellomarbeid, *, delt: bool) -> Mellomarbeid:
    """Let every member of the network read it, or no longer."""
    naa = _laas(mellomarbeid)
    if delt and not naa.er_levert:
        raise KanIkke(IKKE_LEVERT)
    naa.delt = delt
    naa.save(update_fields=["delt"])
    return naa


def is_locked(mellomarbeid: Mellomarbeid) -> bool:
    """Whether the annual report that counts this delivery is approved."""
    return (
        Aarsrapport.objects.filter(
            nettverk=mellomarbeid.oppdrag.nettverk_id, aar=mellomarbeid.oppdrag.frist.year
        )
        .exclude(status=Aarsrapport.Status.UTKAST)
        .exists()
    )


def _laas(mellomarbeid: Mellomarbeid) -> Mellomarbeid:
    return (
        Mellomarbeid.objects.select_related("oppdrag__nettverk", "gruppe__enhet")
        .select_for_update(of=("self",))
        .get(pk=mellomarbeid.pk)
    )
