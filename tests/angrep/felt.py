"""The walk: every address, every parameter, every field of every form that is found on the pages."""

import itertools
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Protocol
from urllib.parse import urlencode, urljoin, urlsplit

from tests.angrep import verdier

# What pages read from the address; sent to every address, so also where it is not read.
PARAMETRE = [
    "q",
    "side",
    "per",
    "aar",
    "vis",
    "fra",
    "til",
    "gruppe",
    "sist",
    "sett",
    "rolle",
    "type",
    "kommune",
    "status",
    "fase",
    "oppdrag",
    "gjelder",
    "tilstand",
    "grunn",
    "format",
    "versjon",
    "mangler",
    "loype",
    "next",
    "language",
    "jobb",
]

Felter = list[tuple[str, str]]
_CSRF = "csrfmiddlewaretoken"


class Svar(Protocol):
    """An answer, as much as the walk looks at."""

    status: int
    tekst: str
    til: str


class Spoerrer(Protocol):
    """A client that is somebody. What a request changes, need not last."""

    def __call__(
        self,
        metode: str,
        adresse: str,
        kropp: str | None = None,
        hoder: Mapping[str, str] | None = None,
        kapsler: Mapping[str, str] | None = None,
    ) -> Svar: ...


@dataclass(frozen=True)
class Felt:
    navn: str
    slag: str
    verdi: str
    valg: tuple[str, ...] = ()


@dataclass
class Skjema:
    """A form as the page showed it."""

    metode: str
    adresse: str
    felt: list[Felt] = field(default_factory=list)
    knapper: Felter = field(default_factory=list)

    @property
    def merke(self) -> tuple[object, ...]:
        """Two forms with the same mark are one: the same form of another row is not sent again."""
        sti = re.sub(r"/([0-9]+|[0-9a-f-]{36})/", "/#/", urlsplit(self.adresse).path)
        return (self.metode, sti, tuple(f.navn for f in self.felt), tuple(self.knapper))


@dataclass
class Funn:
    """What went wrong, and how much was asked."""

    galt: list[str] = field(default_factory=list)
    forespoersler: int = 0
    felt: set[tuple[str, str]] = field(default_factory=set)


class _Leser(HTMLParser):
    """Forms and their fields, as a browser would send them."""

    def __init__(self, adresse: str) -> None:
        super().__init__(convert_charrefs=True)
        self.adresse, self.skjemaer = adresse, list[Skjema]()
        self._skjema: Skjema | None = None
        self._select: tuple[str, list[str], list[str]] | None = None
        self._tekst: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {navn: verdi or "" for navn, verdi in attrs}
        if tag == "form":
            til = urljoin(self.adresse, a.get("action") or self.adresse)
            self._skjema = Skjema(a.get("method", "get").lower(), til)
            self.skjemaer.append(self._skjema)
        elif self._skjema is None:
            return
        elif tag == "button" and a.get("name"):
            self._skjema.knapper.append((a["name"], a.get("value", "")))
        elif tag == "select" and a.get("name"):
            self._select = (a["name"], [], [])
        elif tag == "option" and self._select:
            self._select[1].append(a.get("value", ""))
            if "selected" in a:
                self._select[2].append(a.get("value", ""))
        elif tag == "textarea" and a.get("name"):
            self._tekst = (a["name"], [])
        elif tag == "input" and a.get("name"):
            self._input(a)

    def _input(self, a: dict[str, str]) -> None:
        assert self._skjema is not None
        type_, navn, verdi = a.get("type", "text"), a["name"], a.get("value", "")
        if type_ in {"checkbox", "radio"}:
            verdi = verdi or "on"
            valgt = verdi if "checked" in a or type_ == "radio" else ""
            if all(f.navn != navn for f in self._skjema.felt):
                self._skjema.felt.append(Felt(navn, "valg", valgt, (verdi,)))
        elif type_ in {"submit", "button"}:
            self._skjema.knapper.append((navn, verdi))
        elif type_ != "file":
            self._skjema.felt.append(Felt(navn, _slag(type_, navn, a), verdi))

    def handle_data(self, data: str) -> None:
        if self._tekst:
            self._tekst[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._skjema = None
        elif self._skjema is None:
            return
        elif tag == "select" and self._select:
            navn, valg, valgt = self._select
            verdi = next(iter(valgt), next((v for v in valg if v), ""))
            self._skjema.felt.append(Felt(navn, "valg", verdi, tuple(valg)))
            self._select = None
        elif tag == "textarea" and self._tekst:
            navn, biter = self._tekst
            self._skjema.felt.append(Felt(navn, "tekst", "".join(biter).removeprefix("\n")))
            self._tekst = None


def _slag(type_: str, navn: str, a: Mapping[str, str]) -> str:
    if type_ == "hidden":
        return "adresse" if navn == "next" else "skjult"
    if "data-dato" in a:
        return "dato"
    if type_ == "email":
        return "epost"
    if type_ == "number" or a.get("inputmode") == "numeric":
        return "tall"
    return "tid" if a.get("inputmode") == "decimal" else "tekst"


def forms_on(adresse: str, html: str) -> list[Skjema]:
    """The forms of a page."""
    leser = _Leser(adresse)
    leser.feed(html)
    return leser.skjemaer


def _ordinary(felt: Felt) -> str:
    """What a kind person would have written where the page shows nothing."""
    if felt.verdi or felt.slag in {"valg", "skjult", "adresse"}:
        return felt.verdi
    return {
        "dato": (date.today() + timedelta(days=30)).isoformat(),  # noqa: DTZ011
        "tid": "09.00",
        "tall": "1",
        "epost": "kari@demo.example",
    }.get(felt.slag, "Tekst")


def body(felter: Iterable[tuple[str, str]]) -> str:
    """As a form is sent; half a character goes as its bytes."""
    return urlencode(list(felter), errors="surrogatepass")


# --- what is sent


def posts_all(skjema: Skjema) -> Iterator[tuple[str, Felter]]:
    """What is sent to a form, every field at once: (what it is, the fields)."""
    vanlig, knapp = _ordinary_fields(skjema), skjema.knapper[:1]
    yield "tomt", []
    yield "vanlig", vanlig + knapp
    yield "to ganger", [*vanlig, *((navn, verdier.BLANDING) for navn, _verdi in vanlig), *knapp]
    for verdi in verdier.OVERALT:
        felter = [(f.navn, f.verdi if f.navn == _CSRF else verdi) for f in skjema.felt]
        yield f"alt = {_short(verdi)}", felter + knapp


def posts_each(skjema: Skjema) -> Iterator[tuple[str, Felter]]:
    """One field at a time, the others as a kind person fills them in."""
    vanlig, knapp = _ordinary_fields(skjema), skjema.knapper[-1:]
    for felt in skjema.felt:
        if felt.navn == _CSRF:
            continue
        andre = [(navn, verdi) for navn, verdi in vanlig if navn != felt.navn]
        for verdi in verdier.values_for(felt.slag):
            yield f"{felt.navn} = {_short(verdi)}", [*andre, (felt.navn, verdi), *knapp]


def _ordinary_fields(skjema: Skjema) -> Felter:
    return [(felt.navn, _ordinary(felt)) for felt in skjema.felt]


def _short(verdi: str) -> str:
    return ascii(verdi if len(verdi) <= 40 else f"{verdi[:12]}… ({len(verdi)})")


def hostile_addresses(moenster: Sequence[tuple[str, str]]) -> Iterator[list[str]]:
    """Arguments for an address: (kind of converter, a value that exists), each in turn hostile."""
    for nr, (slag, _verdi) in enumerate(moenster):
        for ond in verdier.I_ADRESSEN.get(slag, []):
            yield [ond if n == nr else verdi for n, (_slag, verdi) in enumerate(moenster)]


# --- the walk


class Vandring:
    """One person's walk. `walk_pages` first: it finds the forms."""

    def __init__(self, spoerrer: Spoerrer, hvem: str) -> None:
        self.spoer, self.hvem = spoerrer, hvem
        self.funn = Funn()
        self.skjemaer: dict[tuple[object, ...], Skjema] = {}

    def ask(
        self,
        metode: str,
        adresse: str,
        hva: str = "",
        *,
        kropp: str | None = None,
        hoder: Mapping[str, str] | None = None,
        kapsler: Mapping[str, str] | None = None,
    ) -> Svar:
        """Ask, and write down what is wrong with the answer."""
        svar = self.spoer(metode, adresse, kropp, hoder, kapsler)
        self.funn.forespoersler += 1
        galt = []
        if svar.status >= 500:
            galt.append(str(svar.status))
        galt += [f"viser {raatt}" for raatt in verdier.RAATT if raatt in svar.tekst]
        if urlsplit(svar.til).netloc == "ond.example" or svar.til.startswith(
            ("//", "/\\", "javas")
        ):
            galt.append(f"sender videre til {svar.til[:60]}")
        for feil in galt:
            kort = adresse if len(adresse) < 160 else f"{adresse[:160]}… ({len(adresse)})"
            self.funn.galt.append(f"{self.hvem}: {metode} {kort} [{hva}] {feil}")
        return svar

    def walk_pages(self, adresser: Iterable[str]) -> None:
        """Each address as it is: it may not fail, and its forms are remembered."""
        for adresse in adresser:
            svar = self.ask("GET", adresse)
            for skjema in forms_on(adresse, svar.tekst) if svar.status == 200 else []:
                self.skjemaer.setdefault(skjema.merke, skjema)

    def walk_parameters(self, adresser: Sequence[str]) -> None:
        """Every address with hostile parameters, all at once; the values take turns over the addresses,
        and over those that read any."""
        verdiene = itertools.cycle(verdier.OVERALT)
        for adresse in adresser:
            for verdi in itertools.islice(verdiene, 2):
                sporring = body((navn, verdi) for navn in PARAMETRE)
                if len(sporring) > 200_000:
                    sporring = body([("q", verdi), ("per", verdi), ("side", verdi)])
                self.ask("GET", f"{adresse}?{sporring}", f"alle = {_short(verdi)}")

    def walk_each_parameter(self, adresser: Sequence[str], navn: str, slag: str) -> None:
        """One parameter with all values of its kind, where it is read."""
        for adresse, verdi in itertools.product(adresser, verdier.ALT[slag]):
            self.ask("GET", f"{adresse}?{body([(navn, verdi)])}", f"{navn} = {_short(verdi)}")

    def walk_headers(self, adresser: Iterable[str]) -> None:
        """Headers and cookies take turns over the addresses."""
        hoder, kapsler = itertools.cycle(verdier.HODER), itertools.cycle(verdier.KAPSLER)
        for adresse in adresser:
            self.ask("GET", adresse, "hoder", hoder=next(hoder))
            self.ask("GET", adresse, "kapsler", kapsler=next(kapsler))

    def walk_forms(
        self,
        *,
        uten: frozenset[str] = frozenset(),
        sekunder: float = 60,
        klokke: Callable[[], float] = time.monotonic,
    ) -> int:
        """Every form that was found, sent with hostile values; those to an address in `uten` are left.

        First all fields at once in every form, then one at a time. When `sekunder` are gone by `klokke`,
        the rest is left: how many requests that was, is the answer.
        """
        skjemaer = [s for s in self.skjemaer.values() if urlsplit(s.adresse).path not in uten]
        self.funn.felt |= {(urlsplit(s.adresse).path, f.navn) for s in skjemaer for f in s.felt}
        slutt, igjen = klokke() + sekunder, 0
        for posts in (posts_all, posts_each):
            for skjema, (hva, felter) in _in_turn([(s, posts(s)) for s in skjemaer]):
                if klokke() > slutt:
                    igjen += 1
                else:
                    self._send(skjema, hva, body(felter))
        return igjen

    def _send(self, skjema: Skjema, hva: str, kropp: str) -> None:
        """As a page sends it, as htmx does, and as text that saves itself."""
        hoder = [{}, {"HX-Request": "true"}, {"X-Autolagre": "1"}][self.funn.forespoersler % 3]
        if skjema.metode == "post":
            self.ask("POST", skjema.adresse, hva, kropp=kropp, hoder=hoder)
        else:
            self.ask("GET", f"{urlsplit(skjema.adresse).path}?{kropp}", hva, hoder=hoder)


def _in_turn(
    alle: list[tuple[Skjema, Iterator[tuple[str, Felter]]]],
) -> Iterator[tuple[Skjema, tuple[str, Felter]]]:
    """One from each form, then the next from each: no form has to wait for another to be done."""
    while alle:
        neste = []
        for skjema, posts in alle:
            if (en := next(posts, None)) is not None:
                yield skjema, en
                neste.append((skjema, posts))
        alle = neste
