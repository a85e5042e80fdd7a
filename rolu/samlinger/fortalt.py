"""What the units have told since the network last met, for the big screen: the picture a gathering opens with.

Only what is told in Praksis, and of the log only where the unit lets everyone read it.
"""

from typing import Any

from django.utils.translation import gettext as _

from rolu.mellomarbeid.utdrag import first_sentence
from rolu.models import Loggpost, Praksisfortelling, Samling
from rolu.models.praksis import PraksisfortellingQuerySet

FORTALT = "fortalt"
# As many as can be read from the back of a hall.
_PER_SPOERSMAAL = 3


def _told_since_last(samling: Samling) -> PraksisfortellingQuerySet:
    """The newest first. None in a network that does not use Praksis."""
    if not samling.nettverk.uses("praksis"):
        return Praksisfortelling.objects.none()
    forrige = Samling.objects.filter(
        nettverk=samling.nettverk_id,
        start__lt=samling.start,
        status__in=Samling.HOLDES,
    ).order_by("-start")
    siden = forrige.values_list("start", flat=True).first()
    fortalt = Praksisfortelling.objects.shown().filter(
        mellomarbeid__oppdrag__nettverk=samling.nettverk_id
    )
    return (fortalt.filter(delt__gte=siden) if siden else fortalt).newest_first()


def on_screen(samling: Samling) -> set[str]:
    return {FORTALT} if _told_since_last(samling).exists() else set()


def screen_told(samling: Samling) -> dict[str, Any] | None:
    """By the three prompts: the titles of what is told, then what the units noticed and do now, where their log may be
    read. None when nothing is told. Three queries."""
    fortellinger = list(
        _told_since_last(samling).select_related("mellomarbeid__gruppe__enhet")[:40]
    )
    if not fortellinger:
        return None
    aapne = {f.mellomarbeid_id for f in fortellinger if f.mellomarbeid.leses_av_alle}
    poster = list(
        Loggpost.objects.filter(mellomarbeid__in=aapne, stand=Loggpost.Stand.SKJEDD)
        .select_related("mellomarbeid__gruppe__enhet")
        .order_by("-dato", "-pk")[:60]
    )
    kolonner = [
        (_("Hva gjorde vi?"), [_line(f.tittel, f.enhet) for f in fortellinger]),
        (
            _("Hva la vi merke til?"),
            [_line(first_sentence(p.merket)[0], p.mellomarbeid.enhet) for p in poster if p.merket],
        ),
        (
            _("Hva gjør vi nå?"),
            [_line(first_sentence(p.videre)[0], p.mellomarbeid.enhet) for p in poster if p.videre],
        ),
    ]
    return {
        "antall": len(fortellinger),
        "kolonner": [
            {
                "navn": navn,
                "linjer": linjer[:_PER_SPOERSMAAL],
                "flere": max(len(linjer) - _PER_SPOERSMAAL, 0),
            }
            for navn, linjer in kolonner
            if linjer
        ],
    }


def _line(tekst: str, enhet: Any) -> dict[str, str]:
    return {"tekst": tekst, "enhet": str(enhet)}


def opening_picture(samling: Samling) -> str:
    """The picture a new screen begins with: what is told when there is something, else what goes on."""
    return next(iter(on_screen(samling)), "naa")
