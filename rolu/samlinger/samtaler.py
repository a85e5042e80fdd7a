"""The tankesmier of a gathering: made for an item of the programme, followed on the day, exported, and shown.

The engine (`fremtidsbilder.tankesmier`) knows no gathering. Here everything said gets its gathering and its item, and
what a locked gathering may not change, is stopped.
"""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fremtidsbilder.models import Samtalesporsmaal, Tankesmie
from fremtidsbilder.tankesmier import bidrag, inngang, ledelse, sletting, styring
from fremtidsbilder.tankesmier.vegg import Kort, Vegg, cloud_at, read_walls, voices, wall_at
from nettverk.side import kode as tegnet
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Bordplass, Programpost, Samling, Samtale
from rolu.samlinger.tilstand import open_questions, writing

# The codes are closed by themselves so long after the gathering: nobody writes to it any more.
LUKKES_ETTER = datetime.timedelta(days=3)


@contextmanager
def changing(samling: Samling) -> Iterator[Samling]:
    """Around what changes a tankesmie of the gathering: one at a time, and nothing of a locked gathering (Lukket) or
    one that is called off (KanIkke)."""
    with writing(samling) as naa:
        if naa.er_avlyst:
            raise KanIkke(_("Samlingen er avlyst."))
        yield naa


def make(
    samling: Samling,
    *,
    programpost: Programpost,
    antall_bord: int = 0,
    sporsmaal: Iterable[str] = (),
) -> Samtale:
    """A tankesmie for an item of the programme, called as the item. One for each item."""
    with changing(samling) as naa:
        if Samtale.objects.filter(programpost=programpost).exists():
            raise KanIkke(_("Programposten har en tankesmie allerede."))
        tankesmie = styring.make(
            naa.nettverk, tittel=programpost.tittel, antall_bord=antall_bord, sporsmaal=sporsmaal
        )
        return Samtale.objects.create(samling=naa, programpost=programpost, tankesmie=tankesmie)


def delete(samtale: Samtale) -> None:
    """Take it away, when nobody has written anything in it."""
    with changing(samtale.samling):
        if ledelse.is_begun(samtale.tankesmie):
            raise KanIkke(_("Noen har skrevet i tankesmia, så den kan ikke slettes."))
        samtale.tankesmie.delete()


def follow(post: Programpost) -> None:
    """An item may have got another name: so has its tankesmie, on the pads, the walls and the paper."""
    annet = Tankesmie.objects.filter(samtale__programpost=post).exclude(tittel=post.tittel)
    for tankesmie in annet:
        styring.rename(tankesmie, tittel=post.tittel)


def tables_seated(samling: Samling) -> int:
    """How many tables people are seated at; 0 when nobody is."""
    rader = Bordplass.objects.filter(bordkart__samling=samling)
    return rader.aggregate(n=Max("bord"))["n"] or 0


def start(
    samtale: Samtale, sporsmaal: Samtalesporsmaal, *, minutter: int | None = None
) -> list[Samtalesporsmaal]:
    """Open a question to those who are there, and freeze what is open in the gathering's other tankesmier, but for
    those that are held at the same time: the hall talks of one thing. What was frozen."""
    with changing(samtale.samling) as naa:
        if not naa.er_publisert:
            raise KanIkke(_("Publiser samlingen før du åpner et spørsmål."))
        andre = list(_open_elsewhere(samtale))
        for aapent in andre:
            styring.freeze_question(aapent)
        styring.open_question(sporsmaal, minutter=minutter)
        return andre


def _open_elsewhere(samtale: Samtale) -> QuerySet[Samtalesporsmaal]:
    aapne = open_questions(samtale.samling).exclude(tankesmie=samtale.tankesmie)
    if post := samtale.programpost:
        samtidig = [
            annen.pk
            for annen in samtale.samling.programposter.all()
            if annen.start < post.slutt and post.start < annen.slutt
        ]
        aapne = aapne.exclude(tankesmie__samtale__programpost__in=samtidig)
    return aapne


def of(samling: Samling) -> list[Samtale]:
    """Those of the gathering in the order of the programme, with their questions. Two queries."""
    samtaler = (
        Samtale.objects.filter(samling=samling)
        .select_related("programpost", "tankesmie__nettverk")
        .prefetch_related(
            Prefetch("tankesmie__sporsmaal", Samtalesporsmaal.objects.order_by("rekkefolge", "pk"))
        )
    )
    alle = list(samtaler)
    for samtale in alle:
        samtale.samling = samling
        for sporsmaal in samtale.tankesmie.sporsmaal.all():
            sporsmaal.tankesmie = samtale.tankesmie
    return sorted(
        alle, key=lambda s: (s.programpost is None, s.programpost and s.programpost.start, s.pk)
    )


def free_items(samling: Samling) -> Any:
    """The items that have none yet."""
    poster = samling.programposter.filter(samtaler__isnull=True)
    return poster.no_breaks()


# --- export


def rows(samling: Samling) -> Iterator[tuple[Any, ...]]:
    """A row for each card that is shown: where it was said, and where it was put. Six queries at most."""
    return ledelse.rows(
        ((samling.tittel, samling.dato, samtale.tankesmie.tittel), samtale.tankesmie)
        for samtale in of(samling)
    )


def make_sheet(samling: Samling) -> bytes:
    """Everything said at the gathering as a spreadsheet."""
    foran = [(_("Samling"), 28), (_("Dato"), 12), (_("Programpost"), 28)]
    return ledelse.make_sheet(foran, rows(samling), valgt=_("Til oppsummeringen"))


def _walls(samtaler: Iterable[Samtale]) -> dict[int, Vegg]:
    """The walls of all their questions, by the question. Two queries."""
    return read_walls(s for samtale in samtaler for s in samtale.tankesmie.sporsmaal.all())


# --- the summary


def voices_data(samling: Samling) -> dict[str, Any]:
    """Per question that somebody has written to: how many cards, the themes, and the voices that are picked (else
    those with most dots). Plain data that can be kept."""
    samtaler = []
    alle = of(samling)
    vegger = _walls(alle)
    for samtale in alle:
        sporsmaalene = [
            data
            for sporsmaal in samtale.tankesmie.sporsmaal.all()
            if not sporsmaal.er_kommende and (data := _voices_of(sporsmaal, vegger[sporsmaal.pk]))
        ]
        if sporsmaalene:
            samtaler.append({"post": samtale.tankesmie.tittel, "sporsmaal": sporsmaalene})
    return {"samtaler": samtaler} if samtaler else {}


def _voices_of(sporsmaal: Samtalesporsmaal, vegg: Vegg) -> dict[str, Any] | None:
    if not vegg.antall:
        return None
    return {
        "tekst": sporsmaal.tekst,
        "antall": vegg.antall,
        "temaer": [
            {"navn": tema.navn, "antall": len(tema.kort), "prikker": tema.prikker}
            for tema in vegg.temaer
            if tema.kort
        ],
        "stemmer": [
            {"tekst": kort.tekst, "prikker": kort.prikker, "bord": kort.bord}
            for kort in voices(vegg)
        ],
    }


# --- the big screen: large, little, and nobody's name (its pictures are listed in `rolu.samlinger.skjermbilder`)

SPORSMAALET, VEGGEN, SKYEN = "samtale", "vegg", "sky"


def _on_now(samling: Samling) -> Samtalesporsmaal | None:
    """The question that was opened last, open or not; with its tankesmie. One query."""
    startet = Samtalesporsmaal.objects.started().select_related("tankesmie__nettverk")
    return startet.filter(
        tankesmie__samtale__samling=samling, tankesmie__lukket__isnull=True
    ).first()


def screen_prompt(samling: Samling) -> dict[str, Any] | None:
    """The question that is open, the way to its pad, and how many cards have come; None when none is open.
    Drawn by rolu/storskjerm/_samtale.html."""
    sporsmaal = _on_now(samling)
    if sporsmaal is None or not sporsmaal.er_aapent:
        return None
    tankesmie = sporsmaal.tankesmie
    per_bord = bidrag.count_by_table(sporsmaal)
    return {
        "sporsmaal": sporsmaal,
        "qr": inngang.pad_qr(tankesmie),
        "adresse": tegnet.spoken(reverse("bordkode")),
        "kode": tegnet.shown(tankesmie.kode),
        "antall": sum(per_bord.values()),
        "antall_bord": tankesmie.antall_bord,
        "bord_i_gang": len([bord for bord in per_bord if 0 < (bord or 0) <= tankesmie.antall_bord]),
        "frist": sporsmaal.frist,
    }


# What can be read from the last row: so many themes, those outside as one of them, or so many cards.
_FELT_PAA_SKJERM = 6
_ORD_PAA_SKJERM = 24


@dataclass(frozen=True)
class Skjermfelt:
    """A theme on the big screen, or what is in none: how much there is in it, the cards that are shown, and how many
    more there are."""

    navn: str
    antall: int
    prikker: int
    kort: list[Kort]

    @property
    def flere(self) -> int:
        return self.antall - len(self.kort)


def on_screen(samling: Samling) -> set[str]:
    """Which of the three pictures below there is something to show in. Two queries, and no card is read: of two cards
    it is not known whether they have a word in common."""
    sporsmaal = _on_now(samling)
    if sporsmaal is None:
        return set()
    kort = len(sporsmaal.bidrag.shown().order_by().values("pk")[:2])
    finnes = {SPORSMAALET: sporsmaal.er_aapent, VEGGEN: kort > 0, SKYEN: kort > 1}
    return {bilde for bilde, noe in finnes.items() if noe}


def screen_wall(samling: Samling) -> dict[str, Any] | None:
    """The wall of the question that is or was open: the largest themes with the first of their cards, and the cards
    outside, those with most dots first. None when nobody has written. Drawn by rolu/storskjerm/_vegg.html."""
    sporsmaal = _on_now(samling)
    if sporsmaal is None or not (vegg := wall_at(sporsmaal, sporsmaal.tankesmie.versjon)).antall:
        return None
    temaer = [tema for tema in vegg.temaer if tema.kort]
    temaer.sort(key=lambda tema: (-tema.prikker, -len(tema.kort), tema.navn))
    utenfor = sorted(vegg.uten_tema, key=lambda kort: (-kort.prikker, -kort.pk))
    vises = temaer[: _FELT_PAA_SKJERM - bool(utenfor)]
    antall_felt = len(vises) + bool(utenfor)
    i_hvert = _how_many_in_each(antall_felt)
    return {
        "sporsmaal": sporsmaal,
        "antall": vegg.antall,
        "temaer": [_on_screen(tema.navn, tema.kort, i_hvert) for tema in vises],
        "flere_temaer": len(temaer) - len(vises),
        "uten_tema": _on_screen("", utenfor, i_hvert if temaer else _FELT_PAA_SKJERM),
        "antall_felt": antall_felt,
        "har_prikker": bool(vegg.antall_prikker),
    }


def _how_many_in_each(antall_felt: int) -> int:
    """How many cards there is room for: three above each other, one where there are two rows."""
    return 3 if antall_felt <= _FELT_PAA_SKJERM // 2 else 1


def _on_screen(navn: str, kortene: list[Kort], hoyst: int) -> Skjermfelt:
    prikker = sum(kort.prikker for kort in kortene)
    return Skjermfelt(navn, len(kortene), prikker, kortene[:hoyst])


def screen_cloud(samling: Samling) -> dict[str, Any] | None:
    """The words that go again in what was written to that question; None when there are none. Drawn by
    rolu/storskjerm/_sky.html."""
    sporsmaal = _on_now(samling)
    if sporsmaal is None:
        return None
    ordene = cloud_at(sporsmaal, sporsmaal.tankesmie.versjon, _ORD_PAA_SKJERM)
    return {"sporsmaal": sporsmaal, "sky": ordene} if ordene else None


# --- the day's panel


def day_panel(samling: Samling) -> dict[str, Any] | None:
    """What one who holds the gathering needs while it goes on: the question that is open with its tables, else the one
    that was open last, and the next; None when there is no tankesmie. Four queries at most. Drawn by
    rolu/dagen/_samtaler.html."""
    samtaler = [s for s in of(samling) if s.tankesmie.lukket is None]
    if not samtaler:
        return None
    sporsmaal = _on_now(samling)
    er_aapent = sporsmaal is not None and sporsmaal.er_aapent
    telling = bidrag.count_by_table(sporsmaal) if sporsmaal else {}
    bordene = ledelse.tables_of(sporsmaal.tankesmie, telling) if sporsmaal and er_aapent else []
    neste = next_question(samtaler, timezone.now())
    return {
        "samling": samling,
        "nettverk": samling.nettverk,
        "samtale": next(
            (s for s in samtaler if sporsmaal and s.tankesmie_id == sporsmaal.tankesmie_id), None
        ),
        "aapent": sporsmaal if er_aapent else None,
        "sist": None if er_aapent else sporsmaal,
        "antall": sum(telling.values()),
        "bordene": bordene,
        "tomme_bord": [bord.nummer for bord in bordene if not bord.antall],
        "neste_samtale": neste[0] if neste else None,
        "neste": neste[1] if neste else None,
        "url": reverse("rolu:samtaler", args=[samling.nettverk.slug, samling.pk]),
    }


def next_question(
    samtaler: Iterable[Samtale], tidspunkt: datetime.datetime
) -> tuple[Samtale, Samtalesporsmaal] | None:
    """The first question that is not used: of the item that goes on, else of the nearest to come, else of the one that
    ended last."""
    ubrukte = [
        (samtale, ubrukt[0])
        for samtale in samtaler
        if (ubrukt := [s for s in samtale.tankesmie.sporsmaal.all() if s.er_kommende])
    ]
    return min(ubrukte, key=lambda par: _how_far(par[0].programpost, tidspunkt), default=None)


def _how_far(
    post: Programpost | None, tidspunkt: datetime.datetime
) -> tuple[int, datetime.timedelta]:
    if post is None:
        return 3, datetime.timedelta()
    if post.start > tidspunkt:
        return 1, post.start - tidspunkt
    over = tidspunkt >= post.slutt
    return (2, tidspunkt - post.slutt) if over else (0, datetime.timedelta())


# --- what is not kept


def purge(naa: datetime.datetime) -> int:
    """Close the codes of gatherings that were over some days ago, and those of gatherings that are locked or called
    off."""
    over = Q(samtale__samling__slutt__lt=naa - LUKKES_ETTER)
    ferdige = (Samling.Status.LAAST, Samling.Status.AVLYST)
    aapne = Tankesmie.objects.filter(
        over | Q(samtale__samling__status__in=ferdige), lukket__isnull=True, samtale__isnull=False
    )
    antall = 0
    for tankesmie in aapne:
        styring.close(tankesmie)
        antall += 1
    return antall


@transaction.atomic
def forget(samling: Samling) -> None:
    """With a draft that is deleted go its tankesmier."""
    sletting.delete(Tankesmie.objects.filter(samtale__samling=samling))


def name_of(samtale: Samtale) -> str:
    """What it is called: as its item, also when that is no more (`follow`)."""
    return capfirst(samtale.tankesmie.tittel)
