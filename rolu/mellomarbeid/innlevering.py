"""Deliver a unit's mellomarbeid, open it again, share it with the network."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluering.models import Aarsrapport
from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Mellomarbeid


@transaction.atomic
def submit(mellomarbeid: Mellomarbeid, *, by: Person) -> Mellomarbeid:
    """Deliver it. Delivering twice changes nothing: the first time and person stand. Raises KanIkke."""
    naa = _locked(mellomarbeid)
    if naa.er_levert:
        return naa
    if not (naa.loggposter.exclude(tekst="").exists() or naa.vedlegg.exists()):
        raise KanIkke(_("Skriv minst ett notat, eller legg ved en fil, før dere leverer."))
    naa.status = Mellomarbeid.Status.LEVERT
    naa.levert, naa.levert_av = timezone.now(), by
    naa.save(update_fields=["status", "levert", "levert_av"])
    return naa


@transaction.atomic
def reopen(mellomarbeid: Mellomarbeid) -> Mellomarbeid:
    """Open it again, so that the group can write more. It is no longer shared.

    Not when the annual report of the assignment's year is approved: its figures stand.
    """
    naa = _locked(mellomarbeid)
    if not naa.er_levert:
        return naa
    if is_locked(naa):
        raise KanIkke(
            _("Årsrapporten for dette året er godkjent, så mellomarbeidet kan ikke åpnes igjen.")
        )
    naa.status, naa.levert, naa.levert_av = Mellomarbeid.Status.KLADD, None, None
    naa.delt = naa.offentlig = False
    naa.save(update_fields=["status", "levert", "levert_av", "delt", "offentlig"])
    return naa


@transaction.atomic
def share(mellomarbeid: Mellomarbeid, *, delt: bool, offentlig: bool = False) -> Mellomarbeid:
    """Let every member of the network read it, or no longer.

    `offentlig`: the unit also says that a text from it may stand in the annual report, which everyone
    reads. An approved report stands as it is.
    """
    naa = _locked(mellomarbeid)
    if delt and not naa.er_levert:
        raise KanIkke(_("Lever mellomarbeidet før dere deler det."))
    naa.delt, naa.offentlig = delt, delt and offentlig
    naa.save(update_fields=["delt", "offentlig"])
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


def _locked(mellomarbeid: Mellomarbeid) -> Mellomarbeid:
    return (
        Mellomarbeid.objects.select_related("oppdrag__nettverk", "gruppe__enhet")
        .select_for_update(of=("self",))
        .get(pk=mellomarbeid.pk)
    )
