"""The access walk over HTTP: every address × everybody × (own, other unit, other kommune, other network).

GET, htmx and POST, against the table of tests/tilgang/tabell.py. A leak is a page that opens for one who
must not see it, an object of another network that answers other than 404, or a secret word in any answer.
"""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tests.angrep.klient import Borte, Heng, Klient, Svar
from tests.angrep.portal import Portal
from tests.angrep.utfall import Utfall
from tests.angrep.verden import STAMME, Angrepsverden, Hemmelig
from tests.tilgang.tabell import EGNE, OFFENTLIGE, RADER, Rad, public_address
from tests.tilgang.verden import STEDER, Verden

# Acts that take something away, or close it: last, so that the others meet it whole.
_SIST = ("slett", "avlys", "avslutt", "publiser", "godkjenn", "lever")


METODER = ("get", "htmx", "post", "htmx-post")


@dataclass(frozen=True)
class Spoersmaal:
    """One request, and what must come of it: `slipper` None is «only the words and the 5xx count»."""

    navn: str
    metode: str  # get, htmx, post, htmx-post
    adresse: str
    slipper: bool | None = None
    maa_404: bool = False
    data: Any = None


def attack(portal: Portal, verden: Angrepsverden, slutt: float) -> Utfall:
    """Walk all of it; what the time did not reach is told."""
    klienter = {navn: portal.signed_in(p) for navn, p in verden.verden.folk.items()}
    return walk(klienter, verden.verden, verden.hemmelig, slutt)


def walk(klienter: dict[str, Klient], verden: Verden, hemmelig: Hemmelig, slutt: float) -> Utfall:
    utfall = Utfall("gang")
    gang = Gang(hemmelig, utfall, slutt)
    # What is refused changes nothing, so all of it can be tried before anything that does.
    with ThreadPoolExecutor(len(klienter)) as traader:  # all get equally far
        for navn, klient in klienter.items():
            traader.submit(gang.ask_all, klient, navn, questions(verden, navn))
    for navn, sp in allowed_acts(verden):
        gang.ask_all(klienter[navn], navn, [sp])
    utfall.tall["adresser"] = len({rad.navn for rad in RADER} | OFFENTLIGE | EGNE)
    utfall.tall["hemmelige ord, lest av en som skal"] = (
        f"{len(hemmelig.lest)} av {len(hemmelig.ord)}"
    )
    if len(hemmelig.lest) < len(hemmelig.ord) / 2:
        utfall.found(
            "annet", "de hemmelige ordene ble knapt vist for noen: gangen beviser ingenting"
        )
    return utfall


def questions(verden: Verden, hvem: str) -> list[Spoersmaal]:
    """Everything that `hvem` can ask without changing anything, each once; what is read comes first, since a walk
    in which nobody reads the secret words proves nothing."""
    alle = [*_table(verden, hvem), *_loose(verden, hvem), *_foreign(verden, hvem)]
    hver = {(sp.metode, sp.adresse, sp.navn, sp.maa_404, repr(sp.data)): sp for sp in alle}
    return sorted(hver.values(), key=lambda sp: METODER.index(sp.metode))


def _arguments(rad: Rad, verden: Verden, sted: str) -> list[Any] | None:
    """None: not about a unit, walked as «own»."""
    argumenter = rad.argumenter(verden, sted, verden.steder[sted])
    if sted in {"other_unit", "other_kommune"} and argumenter == rad.argumenter(
        verden, "own", verden.steder["own"]
    ):
        return None
    return argumenter


def _is_per_network(rad: Rad) -> bool:
    """Its address holds a year, a slug or the name of a part, which exists in both networks."""
    return rad.navn.startswith(
        ("evaluering:", "laeringsloyper:loype", "laeringsloyper:periode_ny", "nettverk:portaldel")
    )


def _table(verden: Verden, hvem: str) -> Iterable[Spoersmaal]:
    for sted in STEDER:
        for rad in RADER:
            argumenter = _arguments(rad, verden, sted)
            if argumenter is None:
                continue
            fremmed = sted == "other_network"
            i_b = fremmed and (not argumenter or _is_per_network(rad))
            if hvem == "fremmed" and i_b:
                continue  # at home there
            slipper = hvem in rad.slipper(sted)
            adresse = reverse(rad.navn, args=["to" if i_b else "en", *argumenter])
            if rad.metode == "get":
                for metode in ("get", "htmx") if sted == "own" or not slipper else ("get",):
                    yield Spoersmaal(rad.navn, metode, adresse, slipper)
            elif not slipper:
                for metode in ("post", "htmx-post"):
                    yield Spoersmaal(rad.navn, metode, adresse, False, data=rad.data)


def _foreign(verden: Verden, hvem: str) -> Iterable[Spoersmaal]:
    """The other network's objects at one's own address: they do not exist."""
    hjemme, borte = ("to", "own") if hvem == "fremmed" else ("en", "other_network")
    if hvem in {"offentlig", "utgaatt"}:
        return  # refused before anybody looks for the object
    for rad in RADER:
        argumenter = rad.argumenter(verden, borte, verden.steder[borte])
        if not argumenter or _is_per_network(rad):
            continue
        adresse = reverse(rad.navn, args=[hjemme, *argumenter])
        # 404 for those who may do the most; for the others 403 would tell nothing, 200 would.
        maa_404 = hvem in {"koordinator", "fremmed"}
        yield Spoersmaal(rad.navn, rad.metode, adresse, False, maa_404, rad.data)


def _loose(verden: Verden, hvem: str) -> Iterable[Spoersmaal]:
    """Search, lists with what can be asked of them, the public pages and one's own: no word may stand there."""
    for slug in ("en", "to"):
        for sti in (
            f"sok/?q={STAMME}",
            "mellomarbeid/?visning=alle",
            f"praksis/?q={STAMME}",
            "samlinger/?vis=tidligere",
            f"kommuner/?q={STAMME}",
            f"utboks/?q={STAMME}",
            "",
        ):
            yield Spoersmaal("løs", "get", f"/{slug}/{sti}")
    for navn in sorted((OFFENTLIGE | EGNE) - {"set_language", "nettverk:konto_avslutt"}):
        yield Spoersmaal(navn, "get", public_address(navn, verden))


def allowed_acts(verden: Verden) -> list[tuple[str, Spoersmaal]]:
    """Each act once, by one who may; those that take away last."""
    spoersmaal = []
    for rad in RADER:
        if rad.metode == "get" or not rad.own:
            continue
        hvem = sorted(rad.own)[0]
        adresse = reverse(
            rad.navn, args=["en", *rad.argumenter(verden, "own", verden.steder["own"])]
        )
        spoersmaal.append((hvem, Spoersmaal(rad.navn, "post", adresse, True, data=rad.data)))
    return sorted(spoersmaal, key=lambda par: any(ord_ in par[1].navn for ord_ in _SIST))


@dataclass
class Gang:
    """One walk: what must not be read, what was found, and when the time is over."""

    hemmelig: Hemmelig
    utfall: Utfall
    slutt: float

    def ask_all(self, klient: Klient, hvem: str, spoersmaal: Iterable[Spoersmaal]) -> None:
        """Ask one after the other, and weigh each answer."""
        alle = list(spoersmaal)
        for nummer, sp in enumerate(alle):
            if time.monotonic() > self.slutt:
                self.utfall.missed(len(alle) - nummer)
                return
            self.utfall.tried()
            hva = f"{hvem}: {sp.metode.upper()} {sp.adresse} ({sp.navn})"
            try:
                svar = _ask(klient, sp)
            except Heng:
                self.utfall.found("heng", hva)
            except Borte as feil:
                self.utfall.found("annet", f"{hva}: {feil}")
            else:
                self._weigh(svar, sp, hva, hvem)

    def _weigh(self, svar: Svar, sp: Spoersmaal, hva: str, hvem: str) -> None:
        if svar.status >= 500:
            self.utfall.found("5xx", f"{hva} ga {svar.status}")
        for rad in self.hemmelig.leaked(svar.everything(), hvem):
            self.utfall.found("lekkasje", f"{hva}: teksten i {rad}")
        if sp.slipper is None:
            return
        if sp.maa_404 and svar.status != 404:
            self.utfall.found("lekkasje", f"{hva} ga {svar.status}, ikke 404")
        elif not sp.slipper and not _refused(svar):
            self.utfall.found("lekkasje", f"{hva} ga {svar.status}")
        elif sp.slipper and _refused(svar) and svar.status != 404:
            self.utfall.found("annet", f"{hva} ga {svar.status} til en som skal slippe inn")


def _ask(klient: Klient, sp: Spoersmaal) -> Svar:
    if sp.metode == "get":
        return klient.get(sp.adresse)
    if sp.metode == "htmx":
        return klient.htmx(sp.adresse)
    if sp.metode == "htmx-post":
        return klient.post(sp.adresse, sp.data, **{"HX-Request": "true"})
    return klient.post(sp.adresse, sp.data)


def _refused(svar: Svar) -> bool:
    if svar.status in {302, 303} and svar.sted.startswith(reverse("account_login")):
        return True
    # Signed out while a page was open: htmx is told to load the page anew, and gets nothing.
    if "hx-refresh" in svar.hoder and not svar.innhold:
        return True
    return svar.status in {401, 403, 404}
