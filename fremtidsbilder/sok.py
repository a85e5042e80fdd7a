"""What a search finds of the images and the goals: both in one question, each in its group."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fremtidsbilder.models import Fremtidsbilde, Maal
from kommuner.sortering import NorskSortering, named, ranked
from nettverk.flater import Treff, Treffgruppe, first_hits
from nettverk.flater.treff import MAKS_TREFF
from nettverk.side.innhold import innhold
from nettverk.tilgang.roller import Roller


@dataclass(frozen=True)
class _Fremtidstreff:
    """An image or a goal: what it says, and the unit or the kommune it belongs to."""

    rang: int
    slag: str
    pk: int
    tekst: str
    nivaa: str
    kommune: str | None
    enhet: str | None

    def shown(self, roller: Roller, side: str) -> Treff:
        nivaa = (Maal.Nivaa if self.slag == "maal" else Fremtidsbilde.Nivaa)(self.nivaa)
        return Treff(
            innhold(self.tekst[:80], roller.nettverk),
            reverse(f"fremtidsbilder:{side}", args=[roller.nettverk.slug, self.pk]),
            self.enhet or self.kommune or capfirst(str(nivaa.label)),
        )


def find_images(roller: Roller, q: str) -> Treffgruppe:
    """The images the person may see."""
    return _group(roller, q, "fremtidsbilde", _("Fremtidsbilder"))


def find_goals(roller: Roller, q: str) -> Treffgruppe:
    """The goals the person may see."""
    return _group(roller, q, "maal", _("Mål"))


def _group(roller: Roller, q: str, slag: str, tittel: str) -> Treffgruppe:
    rader = [rad for rad in _found(roller, q) if rad.slag == slag]
    alle = reverse(f"fremtidsbilder:{slag}_list", args=[roller.nettverk.slug])
    return first_hits(tittel, slag, rader, lambda rad: rad.shown(roller, slag), alle_url=alle)


def _found(roller: Roller, q: str) -> list[_Fremtidstreff]:
    """Of each kind the nearest, and one more than is shown. One query, once a page."""

    def fetch() -> list[_Fremtidstreff]:
        bilder = _rows(Fremtidsbilde.objects.visible_to(roller), q, "fremtidsbilde", "tittel")
        maal = _rows(Maal.objects.visible_to(roller), q, "maal", "tekst")
        return sorted(
            (_Fremtidstreff(*rad) for rad in bilder.union(maal, all=True)), key=lambda f: f.rang
        )

    return roller.remembered(f"fremtidsbilder.funnet.{q}", fetch)


def _rows(rader: QuerySet[Any], q: str, slag: str, tekst: str) -> QuerySet[Any, Any]:
    navn = NorskSortering(tekst)
    enhet = Coalesce(NullIf("enhet__visningsnavn", Value("")), "enhet__navn")
    funnet = ranked(named(rader, q, navn), q, navn).annotate(slag=Value(slag), hos=enhet)
    felt = ("rang", "slag", "pk", tekst, "nivaa", "kommune__navn", "hos")
    return funnet.values_list(*felt)[: MAKS_TREFF + 1]
