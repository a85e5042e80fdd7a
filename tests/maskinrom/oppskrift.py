"""Dockerfile and docker-compose.yml as the tests read them: the lines themselves, so that nothing drifts."""

import re
import shlex
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from nettverk.maskinrom.miljo import ROT

# What a person sets in .env. The passwords hold what breaks an address, a shell line or a .env file.
PASSORD = '/p#a@s:s%w æ$ø$$ {d}?&=+~\\n"x'
VERDIER = {
    "DOMENE": "portal.example",
    "SECRET_KEY": "k/e#y" * 12,
    "POSTGRES_PASSORD": f"pg{PASSORD}",
    "REDIS_PASSORD": f"--redis{PASSORD}",
    "EMAIL_HOST": "epost.example",
}


@dataclass(frozen=True)
class Linje:
    """One instruction: COPY with its words, RUN with its shell line."""

    ord: str
    resten: str


@dataclass
class Steg:
    """One FROM with what follows it."""

    navn: str
    fra: str
    linjer: list[Linje] = field(default_factory=list)

    def of(self, ord_: str) -> list[str]:
        return [linje.resten for linje in self.linjer if linje.ord == ord_]

    def environment(self) -> dict[str, str]:
        return dict(ledd.split("=", 1) for env in self.of("ENV") for ledd in shlex.split(env))


def dockerfile() -> dict[str, Steg]:
    """The stages by name; the last one is called `bildet`."""
    tekst = re.sub(r"^\s*#.*\n", "", (ROT / "Dockerfile").read_text(), flags=re.MULTILINE)
    steg: dict[str, Steg] = {}
    for linje in re.sub(r"\\\n\s*", " ", tekst).splitlines():
        ord_, _, resten = linje.strip().partition(" ")
        if ord_ == "FROM":
            fra, _, navn = resten.partition(" AS ")
            denne = Steg(navn or "bildet", fra)
            steg[denne.navn] = denne
        elif ord_:
            denne.linjer.append(Linje(ord_, resten.strip()))
    return steg


def image_environment() -> dict[str, str]:
    """What a container of the finished image has in its environment."""
    steg = dockerfile()
    return {**steg["grunn"].environment(), **steg["bildet"].environment()}


def sent_to_build() -> list[Path]:
    """The files of the checkout that .dockerignore lets through, the last pattern that fits deciding."""
    moenstre = [
        linje.strip()
        for linje in (ROT / ".dockerignore").read_text().splitlines()
        if linje.strip() and not linje.startswith("#")
    ]

    def let_in(sti: str) -> bool:
        inn = True
        for moenster in moenstre:
            if any(_fits(del_, moenster.removeprefix("!")) for del_ in _with_parents(sti)):
                inn = moenster.startswith("!")
        return inn

    toppen = [fil for fil in ROT.iterdir() if let_in(fil.name)]
    alle = [fil for topp in toppen for fil in ([topp] if topp.is_file() else topp.rglob("*"))]
    return sorted(fil for fil in alle if fil.is_file() and let_in(fil.relative_to(ROT).as_posix()))


def _with_parents(sti: str) -> list[str]:
    deler = sti.split("/")
    return ["/".join(deler[:antall]) for antall in range(1, len(deler) + 1)]


def _fits(sti: str, moenster: str) -> bool:
    if moenster.startswith("**/"):
        return fnmatchcase(sti.rpartition("/")[2], moenster.removeprefix("**/"))
    return sti.count("/") == moenster.count("/") and fnmatchcase(sti, moenster)


def compose(fil: str = "docker-compose.yml", **verdier: str) -> dict[str, Any]:
    """The file with its variables filled in as Compose does."""
    innhold = yaml.safe_load((ROT / fil).read_text())
    filled: dict[str, Any] = _fill(innhold, {**VERDIER, **verdier})
    return filled


def _fill(del_: Any, verdier: dict[str, str]) -> Any:
    match del_:
        case dict():
            return {navn: _fill(verdi, verdier) for navn, verdi in del_.items()}
        case list():
            return [_fill(verdi, verdier) for verdi in del_]
        case str():
            return fill_text(del_, verdier)
    return del_


def fill_text(tekst: str, verdier: dict[str, str]) -> str:
    """`${A}`, `${A:-else}` and `${A:?message}`, the innermost first; `$$` is a dollar sign."""
    satt_inn: list[str] = []

    def put(treff: re.Match[str]) -> str:
        navn, ellers, standard = treff.groups()
        verdi = verdier.get(navn, "")
        if not verdi and ellers == "?":
            raise LookupError(f"{navn}: {standard}")
        satt_inn.append(verdi or standard or "")
        return f"\0{len(satt_inn) - 1}\0"

    tekst, antall = tekst.replace("$$", "\1"), 1
    while antall:
        tekst, antall = re.subn(r"\$\{(\w+)(?::([-?])([^{}]*))?\}", put, tekst)
    # What was put in stands as it is; a default may hold what was put in before it.
    while "\0" in tekst:
        tekst = re.sub(r"\0(\d+)\0", lambda treff: satt_inn[int(treff[1])], tekst)
    return tekst.replace("\1", "$")
