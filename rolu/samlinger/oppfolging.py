"""The commitments made at gatherings: who sees which, what waits, and what is shown on other pages."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from nettverk.flater import Gjoremaal, Seksjon
from nettverk.side.innhold import fill_in, innhold
from nettverk.tilgang.tillatelser import kan
from rolu.models import Samling, Utfall
from rolu.models.utfall import UtfallQuerySet

if TYPE_CHECKING:
    from kommuner.models import Kommune
    from nettverk.models import Gruppe
    from nettverk.tilgang.roller import Roller

# How long before its deadline a commitment is said to wait.
SNART = datetime.timedelta(days=14)
_PAA_HJEM, _PAA_SIDE = 5, 10


def seen_by(roller: "Roller") -> UtfallQuerySet:
    """Those of the gatherings that the members know of, the overdue first, then by deadline; those without
    one last."""
    synlige = Utfall.objects.visible_to(roller).commitments()
    return (
        synlige.exclude(samling__status=Samling.Status.UTKAST)
        .with_who()
        .select_related("samling")
        .order_by(F("frist").asc(nulls_last=True), "opprettet", "pk")
    )


def as_lines(rader: Iterable[Utfall], roller: "Roller") -> list[Any]:
    """Each with `kan_endres`: whether the person may say that it is done. No queries."""
    linjer: list[Any] = list(rader)
    for rad in linjer:
        rad.samling.nettverk = roller.nettverk
        rad.kan_endres = kan(roller.person, "rolu.change_oppfolging", rad)
    return linjer


def gjoremaal(roller: "Roller") -> Iterable[Gjoremaal]:
    """What the person's kommune or groups have taken on, when the deadline is near or has passed. One query,
    of those who may have any."""
    if not (roller.kommuner_ansvar or any(v.enhet is None for v in roller.verv)):
        return
    nett = roller.nettverk
    venter = seen_by(roller).taken_on_by(roller).open().filter(frist__lte=idag() + SNART)
    for rad in venter[:_PAA_HJEM]:
        yield Gjoremaal(
            tittel=innhold(Truncator(" ".join(rad.tekst.split())).chars(90), nett),
            tekst=fill_in(
                _("%(hvem)s tok på seg dette på «%(samling)s»."),
                hvem=innhold(str(rad.hvem), nett),
                samling=innhold(rad.samling.tittel, nett),
            ),
            url=reverse("rolu:oppfolging_list", args=[nett.slug])
            + f"?vis=egne#oppfolging-{rad.pk}",
            knapp=_("Se oppfølgingen"),
            frist=rad.frist,
            haster=22,
        )


def kommune(kommune: "Kommune", roller: "Roller") -> Iterable[Seksjon]:
    """What the kommune has taken on and not done, on its page."""
    yield from _section(seen_by(roller).filter(kommune=kommune), roller)


def gruppe(gruppe: "Gruppe", roller: "Roller") -> Iterable[Seksjon]:
    """What the group has taken on and not done, on its page; a unit's group takes on none."""
    if gruppe.enhet_id is None:
        yield from _section(seen_by(roller).filter(gruppe=gruppe), roller)


def _section(rader: UtfallQuerySet, roller: "Roller") -> Iterable[Seksjon]:
    if linjer := as_lines(rader.open()[:_PAA_SIDE], roller):
        yield Seksjon("rolu/flater/oppfolginger.html", {"linjer": linjer}, 55)


def samling(samling: Samling, roller: "Roller") -> Iterable[Seksjon]:
    """What came of a gathering in figures, on its own page, and the way to what is left. One query, none
    before the day: then nothing has come of it."""
    if samling.dato > idag():
        return
    tall = Samling.objects.filter(pk=samling.pk).aggregate(
        antall=Count("utfall", distinct=True),
        beslutninger=_count(type=Utfall.Type.BESLUTNING),
        aapne=_count(type=Utfall.Type.OPPFOLGING, gjort=None),
        uferdige=Count(
            "programposter",
            distinct=True,
            filter=Q(programposter__uferdig=True, programposter__videre=None),
        ),
    )
    person = roller.person
    kan_ta_med = bool(tall["uferdige"]) and kan(person, "rolu.change_program", samling)
    if not (tall["antall"] or kan_ta_med):
        return
    kan_hente = not samling.er_utkast
    data = {
        **tall,
        "kan_ta_med": kan_ta_med,
        "kan_se_protokoll": kan_hente and kan(person, "rolu.view_protokoll", samling),
        "kan_eksportere": kan_hente and kan(person, "rolu.export_deltakelser", samling),
    }
    yield Seksjon("rolu/flater/utfall.html", data, 30)


def _count(**hva: Any) -> Count:
    return Count("utfall", distinct=True, filter=Q(**{f"utfall__{k}": v for k, v in hva.items()}))
