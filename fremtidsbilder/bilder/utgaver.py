"""Versions of an image: set as it stands, never changed, and compared word by word."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fremtidsbilder.bilder.skriving import says_nothing
from fremtidsbilder.bilder.temaer import themes_of
from fremtidsbilder.models import Bildeutgave, Fremtidsbilde
from fremtidsbilder.tegn import signs_of
from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import held

_ORD = re.compile(r"\s+|\w+|[^\w\s]")
# A part that was written anew altogether is shown so: to seek what is alike in it takes long, and tells nothing.
_MANGE_PAR = 4_000_000


@transaction.atomic
def set_utgave(
    bilde: Fremtidsbilde, *, navn: str, dato: datetime.date, nytt: str, by: Person
) -> Bildeutgave:
    """Keep the image as it stands now, as the next version. The same one set twice is one. Raises KanIkke when
    nothing is written, or another version has the name, and Borte."""
    naa = held(bilde, _("Fremtidsbildet er slettet av noen andre."))
    if says_nothing(naa):
        raise KanIkke(_("Fremtidsbildet er tomt. Skriv det før dere setter en utgave."))
    felt = {
        "dato": dato,
        "nytt": nytt,
        "tittel": naa.tittel,
        "sporsmaal": naa.sporsmaal,
        "tekst": naa.tekst,
        "metode": naa.metode,
        "tegn": signs_of(naa),
        "temaer": [t.navn for t in themes_of(naa)],
    }
    utgaver = list(naa.utgaver.all())
    if like := next((u for u in utgaver if u.navn == navn), None):
        if all(getattr(like, navn_) == verdi for navn_, verdi in felt.items()):
            return like
        raise KanIkke(_("En annen utgave har dette navnet."))
    nummer = max((u.nummer for u in utgaver), default=0) + 1
    return Bildeutgave.objects.create(
        fremtidsbilde=naa, nummer=nummer, navn=navn, satt_av=by, **felt
    )


# --- compared


@dataclass(frozen=True)
class Tekststand:
    """What an image says: in a version (`nummer`), or as it stands now."""

    nummer: int | None
    navn: str
    tittel: str
    sporsmaal: str
    tekst: str
    metode: str
    tegn: Sequence[str]
    temaer: Sequence[str]
    dato: datetime.date | None = None


def stand_of(utgave: Bildeutgave) -> Tekststand:
    return Tekststand(
        utgave.nummer,
        utgave.navn,
        utgave.tittel,
        utgave.sporsmaal,
        utgave.tekst,
        utgave.metode,
        utgave.tegn,
        utgave.temaer,
        utgave.dato,
    )


def stand_now(bilde: Fremtidsbilde) -> Tekststand:
    return Tekststand(
        None,
        _("Slik det er nå"),
        bilde.tittel,
        bilde.sporsmaal,
        bilde.tekst,
        bilde.metode,
        signs_of(bilde),
        [t.navn for t in themes_of(bilde)],
    )


@dataclass(frozen=True)
class Bit:
    """A piece of a text; `ulik` when the other one does not have it."""

    tekst: str
    ulik: bool = False


@dataclass(frozen=True)
class Sammenlignet:
    """One field of two texts: the pieces of each, and in how many places they differ."""

    etikett: str
    fra: list[Bit]
    til: list[Bit]

    @property
    def fjernet(self) -> int:
        return sum(bit.ulik for bit in self.fra)

    @property
    def nytt(self) -> int:
        return sum(bit.ulik for bit in self.til)

    @property
    def ulik(self) -> bool:
        return bool(self.fjernet or self.nytt)


_ETIKETTER = {
    "tittel": gettext_lazy("Tittel"),
    "sporsmaal": gettext_lazy("Spørsmål"),
    "tekst": gettext_lazy("Fremtidsbilde"),
    "tegn": gettext_lazy("Tegn på god praksis"),
    "metode": gettext_lazy("Metode"),
    "temaer": gettext_lazy("Temaer"),
}


def compare(fra: Tekststand, til: Tekststand) -> list[Sammenlignet]:
    """Field by field, those that either has something in."""
    par = [
        Sammenlignet(str(etikett), *_pieces(_text(fra, navn), _text(til, navn)))
        for navn, etikett in _ETIKETTER.items()
    ]
    return [ett for ett in par if ett.fra or ett.til]


def _text(stand: Tekststand, navn: str) -> str:
    verdi = getattr(stand, navn)
    return verdi if isinstance(verdi, str) else "\n".join(verdi)


def _pieces(fra: str, til: str) -> tuple[list[Bit], list[Bit]]:
    """Line by line first, and word by word where lines differ: quick also for a long text."""
    venstre: list[Bit] = []
    hoyre: list[Bit] = []
    for a, b in _unlike(fra.splitlines(keepends=True), til.splitlines(keepends=True)):
        if a == b:
            _put(venstre, a, ulik=False)
            _put(hoyre, b, ulik=False)
            continue
        ord_a, ord_b = _ORD.findall("".join(a)), _ORD.findall("".join(b))
        if not a or not b or len(ord_a) * len(ord_b) > _MANGE_PAR:
            _put(venstre, a, ulik=True)
            _put(hoyre, b, ulik=True)
            continue
        for x, y in _unlike(ord_a, ord_b):
            _put(venstre, x, ulik=x != y)
            _put(hoyre, y, ulik=x != y)
    return venstre, hoyre


def _unlike(a: list[str], b: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    for _slag, a1, a2, b1, b2 in SequenceMatcher(None, a, b).get_opcodes():
        yield a[a1:a2], b[b1:b2]


def _put(biter: list[Bit], deler: list[str], *, ulik: bool) -> None:
    tekst = "".join(deler)
    if not tekst:
        return
    # White space is no difference to anybody who reads, and is not marked.
    if ulik and tekst != tekst.strip():
        kjerne = tekst.strip()
        foran = tekst[: len(tekst) - len(tekst.lstrip())] if kjerne else tekst
        for bit, er_ulik in ((foran, False), (kjerne, True), (tekst[len(foran + kjerne) :], False)):
            _put(biter, [bit], ulik=er_ulik)
        return
    if biter and biter[-1].ulik == ulik:
        biter[-1] = Bit(biter[-1].tekst + tekst, ulik)
    else:
        biter.append(Bit(tekst, ulik))
