"""Deliver a unit's mellomarbeid, and open it again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluering.models import Aarsrapport
from nettverk.models import Person
from nettverk.side.innhold import fill_in, innhold
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from rolu.mellomarbeid.logg import hold
from rolu.models import Mellomarbeid, Samling


@transaction.atomic
def submit(mellomarbeid: Mellomarbeid, *, by: Person) -> Mellomarbeid:
    """Deliver it. Delivering twice changes nothing: the first time and person stand. Raises KanIkke."""
    naa = hold(mellomarbeid.pk)
    if naa.er_levert:
        return naa
    if naa.oppdrag.trukket:
        raise KanIkke(_("Oppdraget er trukket, så det er ikke noe å levere."))
    if not (naa.loggposter.exclude(tekst="").exists() or naa.vedlegg.exists()):
        raise KanIkke(_("Skriv minst ett notat, eller legg ved en fil, før dere leverer."))
    naa.status = Mellomarbeid.Status.LEVERT
    naa.levert, naa.levert_av = timezone.now(), by
    naa.save(update_fields=["status", "levert", "levert_av"])
    return naa


@transaction.atomic
def reopen(mellomarbeid: Mellomarbeid, *, by: Person | None = None) -> Mellomarbeid:
    """Open it again, so that the group can write more. What is told of it in Praksis stands; nobody else reads the log
    until it is delivered anew, and then as before (`Mellomarbeid.leses_av_alle`).

    The unit's leader does it until the next gathering starts, from then on the koordinator. Not when the annual
    report of the assignment's year is approved: its figures stand. Raises KanIkke.
    """
    naa = hold(mellomarbeid.pk)
    if not naa.er_levert:
        return naa
    if by and (samling := begun_since(naa)) and not _is_koordinator(by, naa):
        raise KanIkke(
            fill_in(
                _(
                    "«%(samling)s» har begynt etter at dere leverte. Nå er det koordinatoren som kan åpne mellomarbeidet igjen."
                ),
                samling=innhold(samling.tittel, naa.nettverk),
            )
        )
    if is_locked(naa):
        raise KanIkke(
            _("Årsrapporten for dette året er godkjent, så mellomarbeidet kan ikke åpnes igjen.")
        )
    naa.status, naa.levert, naa.levert_av = Mellomarbeid.Status.KLADD, None, None
    naa.save(update_fields=["status", "levert", "levert_av"])
    return naa


def begun_since(mellomarbeid: Mellomarbeid) -> Samling | None:
    """The first gathering of the network that has started since it was delivered."""
    if mellomarbeid.levert is None:
        return None
    return (
        Samling.objects.filter(
            nettverk=mellomarbeid.oppdrag.nettverk_id,
            start__gt=mellomarbeid.levert,
            start__lte=timezone.now(),
        )
        .taking_place()
        .order_by("start")
        .first()
    )


def may_reopen(mellomarbeid: Mellomarbeid, *, by: Person) -> bool:
    """Of one who may at all (`rolu.reopen_mellomarbeid`): whether it can still be done, by this person."""
    if is_locked(mellomarbeid):
        return False
    return _is_koordinator(by, mellomarbeid) or begun_since(mellomarbeid) is None


def _is_koordinator(person: Person, mellomarbeid: Mellomarbeid) -> bool:
    return roller_for(person, mellomarbeid.nettverk).er_koordinator


def is_locked(mellomarbeid: Mellomarbeid) -> bool:
    """Whether the annual report that counts this delivery is approved."""
    return (
        Aarsrapport.objects.filter(
            nettverk=mellomarbeid.oppdrag.nettverk_id, aar=mellomarbeid.oppdrag.frist.year
        )
        .exclude(status=Aarsrapport.Status.UTKAST)
        .exists()
    )
