"""What an entry leaves to come, on the home page: a planned day that has passed, and the steps one has next."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from nettverk.flater import Gjoremaal
from nettverk.flater.deler import Gjoremaalssvar
from nettverk.side.innhold import fill_in, innhold
from rolu.mellomarbeid.eget import own_work
from rolu.mellomarbeid.frister import what_waits
from rolu.models import Mellomarbeid, Nestesteg

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

# How many of each there is room for.
_MAKS = 5
_FRA_HJEM = (("fra", "hjem"),)


def passed(arbeid: Any, roller: "Roller") -> Iterable[Gjoremaal]:
    """«Ble det noe av?», of a mellomarbeid fetched `with_passed`. No queries."""
    for post in arbeid.har_vaert[:_MAKS]:
        dato = datetime.date.fromisoformat(post["dato"])
        yield Gjoremaal(
            tittel=_("Ble det noe av?"),
            tekst=fill_in(
                _("Planlagt %(dato)s: %(tekst)s"),
                dato=date_format(dato),
                tekst=innhold(
                    Truncator(" ".join(post["tekst"].split())).chars(110), roller.nettverk
                ),
            ),
            url=reverse(
                "rolu:loggpost_ble", args=[roller.nettverk.slug, arbeid.pk, post["noekkel"]]
            ),
            knapp=_("Ja"),
            # Beside the assignment, which stays the biggest.
            ved=arbeid.oppdrag.frist,
            haster=11,
            svar=Gjoremaalssvar(
                _FRA_HJEM,
                (
                    ("svar", "ja", _("Ja")),
                    ("svar", "flyttet", _("Flyttet en uke")),
                    ("svar", "nei", _("Nei")),
                ),
                i_rad=True,
            ),
        )


@dataclass(frozen=True)
class _Steg:
    """A step that waits; `enhet` is the unit that needs somebody's group for it, None when it is one's own, of
    `arbeid`. `om` is where what it is about stands, in words and its address."""

    pk: int
    tekst: str
    frist: datetime.date | None
    enhet: str | None = None
    arbeid: Any = None
    om: tuple[str, str] | None = None


def gjoremaal(roller: "Roller") -> Iterable[Gjoremaal]:
    """What units need of the person's own groups (of a kommune: its own units), and what the own unit has said it
    will do, when it is near. One query, of those who sit in a group that is not a unit's, none when what is fetched
    anyway says that there is none: the own steps come with the own work."""
    stegene = sorted(
        [*_own(roller), *_asked_of(roller)],
        key=lambda steg: (steg.frist is None, steg.frist or datetime.date.max, steg.pk),
    )
    for steg in stegene[:_MAKS]:
        if steg.enhet is None:
            tekst = _("Neste steg i mellomarbeidet deres.")
        else:
            tekst = fill_in(_("%(enhet)s trenger dere."), enhet=steg.enhet)
        yield Gjoremaal(
            tittel=innhold(steg.tekst, roller.nettverk),
            tekst=tekst,
            url=reverse("rolu:steg_gjort", args=[roller.nettverk.slug, steg.pk]),
            knapp=_("Gjort"),
            frist=steg.frist,
            haster=35 if steg.enhet is None else 16,
            ved=_beside(steg),
            ogsaa=steg.om,
            svar=Gjoremaalssvar(_FRA_HJEM, (("gjort", "1", _("Gjort")),), i_rad=True),
        )


def _own(roller: "Roller") -> Iterable[_Steg]:
    for arbeid in own_work(roller):
        if arbeid.er_borte:
            continue
        for steg in arbeid.egne_steg:
            frist = datetime.date.fromisoformat(steg["frist"])
            yield _Steg(
                steg["pk"], steg["tekst"], frist, arbeid=arbeid, om=_work(arbeid.pk, roller)
            )


def _beside(steg: _Steg) -> datetime.date | None:
    """An own step in time stands beside its assignment, which stays the biggest as long as it waits."""
    if not steg.arbeid or steg.arbeid.er_levert or not steg.frist or steg.frist < idag():
        return None
    frist: datetime.date = steg.arbeid.oppdrag.frist
    return max(steg.frist, frist)


def _work(arbeid: int, roller: "Roller", *, post: int | None = None) -> tuple[str, str]:
    url = reverse("rolu:mellomarbeid", args=[roller.nettverk.slug, arbeid])
    return _("Se mellomarbeidet"), f"{url}#notat-{post}" if post else url


def _where_from(steg: Any, roller: "Roller") -> tuple[str, str]:
    """The entry in which the unit asked; its own page, for those who do not read its log (`leses`)."""
    arbeid = steg.loggpost.mellomarbeid
    if steg.leses:
        return _work(arbeid.pk, roller, post=steg.loggpost_id)
    return _("Se enheten"), reverse(
        "nettverk:enhet", args=[roller.nettverk.slug, arbeid.gruppe.enhet.referanse]
    )


def _asked_of(roller: "Roller") -> Iterable[_Steg]:
    """A unit can ask no other unit: who sits in a unit's group alone is asked nothing."""
    if not any(v.enhet is None for v in roller.verv):
        return
    if roller.er_kog and not what_waits(roller).trengs:
        return
    leses = Mellomarbeid.objects.followed_by(roller)
    stegene: Any = (
        Nestesteg.objects.asked_of(roller)
        .annotate(leses=Exists(leses.filter(pk=OuterRef("loggpost__mellomarbeid"))))
        .select_related("loggpost__mellomarbeid__gruppe__enhet")
        .order_by(F("frist").asc(nulls_last=True), "pk")
    )
    for steg in stegene[:_MAKS]:
        enhet = steg.loggpost.mellomarbeid.gruppe.enhet
        om = _where_from(steg, roller)
        yield _Steg(steg.pk, steg.tekst, steg.frist, str(enhet), om=om)
