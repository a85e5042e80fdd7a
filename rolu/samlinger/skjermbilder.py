"""What the big screen can show, and what the page for the hall has beside it: the seam to the other parts of a day.

A part that has something for the screen gives one line in `SKJERMBILDER`, and tells cheaply when there is something
to show in it; one that has something for whoever leads the day gives one in `DAGPANELER`. A template is drawn with
`data` – what the part gives – and `samling` and `nettverk`. On the screen no person is named, and there is little
text: `.app-storskjerm__over`, `__tittel`, `__tekst` and `__tall` in static/css/storskjerm.css are read from the back
of a hall.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from nettverk.side.kode import qr, spoken, whole
from rolu.models import Samling
from rolu.samlinger import evaluering, fortalt, samtaler
from rolu.samlinger.dagen import now_and_next
from rolu.samlinger.storskjerm import NAA as NAA_OG_NESTE
from rolu.samlinger.storskjerm import Skjermstand

Data = Callable[[Samling], dict[str, Any] | None]
# Which pictures of a part there is something to show in: asked for every third second, so that no wall is read.
Finnes = Callable[[Samling], set[str]]


@dataclass(frozen=True)
class Skjermbilde:
    """A picture for the big screen. `data` gives the context of the template `mal`, None when there is nothing to
    show now. It is drawn each time a screen asks whether there is something new: as often as every other second.
    `finnes` has its key while it is worth choosing; without it always."""

    noekkel: str
    navn: Promise
    mal: str
    data: Data
    finnes: Finnes | None = None


@dataclass(frozen=True)
class Dagpanel:
    """What a part gives whoever leads the day; left out when `data` gives None."""

    mal: str
    data: Data


def _now(samling: Samling) -> dict[str, Any]:
    """What goes on and what comes. One query."""
    return {"dagen": now_and_next(samling, list(samling.programposter.all()))}


def _welcome(samling: Samling) -> dict[str, Any]:
    """How to check in. The codes are each person's own: this one leads to the gathering, where one's own is."""
    sti = reverse("rolu:samling", args=[samling.nettverk.slug, samling.pk])
    return {
        "qr": qr(whole(sti), tittel=_("Kode som åpner samlingen i portalen")),
        "adresse": spoken(sti).rstrip("/"),
    }


def _nothing(samling: Samling) -> dict[str, Any]:
    return {}


NAA = Skjermbilde(NAA_OG_NESTE, gettext_lazy("Nå og neste"), "rolu/storskjerm/_naa.html", _now)

SKJERMBILDER: tuple[Skjermbilde, ...] = (
    NAA,
    Skjermbilde(
        "velkommen", gettext_lazy("Velkommen"), "rolu/storskjerm/_velkommen.html", _welcome
    ),
    Skjermbilde(
        fortalt.FORTALT,
        gettext_lazy("Fortalt siden sist"),
        "rolu/storskjerm/_fortalt.html",
        fortalt.screen_told,
        fortalt.on_screen,
    ),
    Skjermbilde(
        samtaler.SPORSMAALET,
        gettext_lazy("Spørsmålet som er åpent"),
        "rolu/storskjerm/_samtale.html",
        samtaler.screen_prompt,
        samtaler.on_screen,
    ),
    Skjermbilde(
        samtaler.VEGGEN,
        gettext_lazy("Veggen"),
        "rolu/storskjerm/_vegg.html",
        samtaler.screen_wall,
        samtaler.on_screen,
    ),
    Skjermbilde(
        samtaler.SKYEN,
        gettext_lazy("Ordskyen"),
        "rolu/storskjerm/_sky.html",
        samtaler.screen_cloud,
        samtaler.on_screen,
    ),
    Skjermbilde(
        evaluering.KODEN,
        gettext_lazy("Koden til evalueringen"),
        "rolu/storskjerm/_evaluering.html",
        evaluering.screen_invite,
        evaluering.on_screen,
    ),
    Skjermbilde(
        evaluering.RESULTATENE,
        gettext_lazy("Resultatene av evalueringen"),
        "rolu/storskjerm/_resultater.html",
        evaluering.screen_results,
        evaluering.on_screen,
    ),
    Skjermbilde("svart", gettext_lazy("Svart skjerm"), "rolu/storskjerm/_svart.html", _nothing),
)

DAGPANELER: tuple[Dagpanel, ...] = (
    Dagpanel("rolu/dagen/_samtaler.html", samtaler.day_panel),
    Dagpanel("rolu/dagen/_evaluering.html", evaluering.day_panel),
)


def find(noekkel: str) -> Skjermbilde:
    """The picture of that key; «Nå og neste» for one that is no more."""
    return next((bilde for bilde in SKJERMBILDER if bilde.noekkel == noekkel), NAA)


def picture_of(samling: Samling, noekkel: str) -> tuple[Skjermbilde, dict[str, Any]]:
    """The picture and its data; «Nå og neste» while the chosen one has nothing to show."""
    bilde = find(noekkel)
    data = bilde.data(samling)
    return (NAA, _now(samling)) if data is None else (bilde, data)


def draw(samling: Samling, bilde: Skjermbilde, data: dict[str, Any], stand: Skjermstand) -> str:
    """The picture alone, as the hall reads it: in the network's written form, whoever has opened it."""
    kontekst = {"data": data, "stand": stand, "samling": samling, "nettverk": samling.nettverk}
    with override(samling.nettverk.maalform):
        return render_to_string(bilde.mal, kontekst)


def pictures_now(samling: Samling) -> list[Skjermbilde]:
    """Those there is something to show in now, in order. Each part is asked once."""
    delene = {bilde.finnes for bilde in SKJERMBILDER if bilde.finnes}
    finnes = {del_: del_(samling) for del_ in delene}
    return [
        bilde
        for bilde in SKJERMBILDER
        if bilde.finnes is None or bilde.noekkel in finnes[bilde.finnes]
    ]
