"""A seating as it is seen: a card for each table, who has none, who does not come, and how the rules came out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from kommuner.sortering import folded, norsk_nokkel, typed_words
from nettverk.skriving.laas import mark
from rolu.models import Bordkart, Bordplass
from rolu.samlinger.bord.folk import Bordgjest, Egenskaper, Grunnlag, by_key, gather, who_sits
from rolu.samlinger.bord.ord import Regellinje, lines


@dataclass(frozen=True)
class Bordrad:
    """Somebody at a table, or without one. `borte`: they do not come any more."""

    gjest: Bordgjest
    laast: bool = False
    borte: bool = False
    treff: bool = False


@dataclass(frozen=True)
class Bordkort:
    """A table, and those who sit there by name."""

    nummer: int
    plasser: int
    rader: list[Bordrad]

    @property
    def antall(self) -> int:
        return len(self.rader)

    @property
    def alene(self) -> bool:
        return self.antall == 1

    @property
    def ekstra(self) -> int:
        """Chairs more than the table has seats."""
        return max(0, self.antall - self.plasser)

    @property
    def stand(self) -> str:
        """How a place at this table stands, as its form tells it (`rolu.forms.bord.BordplassForm`)."""
        return mark(repr([("bord", str(self.nummer))]))

    @property
    def har_treff(self) -> bool:
        return any(rad.treff for rad in self.rader)


@dataclass(frozen=True)
class Bordside:
    """All of it. What is only for those who seat people, is empty to others."""

    kort: list[Bordkort]
    uten_bord: list[Bordrad] = field(default_factory=list)
    borte: list[Bordrad] = field(default_factory=list)
    ikke_moett: int = 0
    linjer: list[Regellinje] = field(default_factory=list)
    laaste: int = 0
    # The next seating is a whole new one.
    regler_endret: bool = False

    @property
    def antall(self) -> int:
        return sum(kort.antall for kort in self.kort)

    @property
    def alene(self) -> list[Bordkort]:
        return [kort for kort in self.kort if kort.alene]

    @property
    def ekstra(self) -> list[Bordkort]:
        return [kort for kort in self.kort if kort.ekstra]


def for_those_who_seat(kart: Bordkart, q: str = "") -> Bordside:
    """With the rules, those without a table, and those who do not come. As many queries as `gather`."""
    grunnlag = gather(kart)
    kjente = by_key(grunnlag.folk)
    rader = _rows(list(grunnlag.plasser.values()), kjente, q)
    moett = any(gjest.moett for gjest in grunnlag.folk)
    sitter = [gjest for gjest in grunnlag.folk if gjest.noekkel in grunnlag.plasser]
    uten = [gjest for gjest in grunnlag.folk if gjest.noekkel not in grunnlag.plasser]
    return Bordside(
        _cards(kart, rader),
        [Bordrad(gjest, treff=_hit(gjest, q)) for gjest in sorted(uten, key=_name)],
        [rad for _bord, rad in rader if rad.borte],
        sum(not gjest.moett for gjest in sitter) if moett else 0,
        _lines(grunnlag, sitter),
        sum(plass.laast for plass in grunnlag.plasser.values()),
        grunnlag.regler_endret,
    )


def _lines(grunnlag: Grunnlag, sitter: list[Bordgjest]) -> list[Regellinje]:
    her = replace(grunnlag, folk=sitter)
    return lines(her, her.task(bare_sittende=True), her.bordet)


def for_members(kart: Bordkart, q: str = "") -> Bordside:
    """Who sits where. A guest, who is no member of the network, is not named to the members."""
    rader = [
        (
            bord,
            replace(
                rad, gjest=_unnamed(rad.gjest), laast=False, treff=_hit(_unnamed(rad.gjest), q)
            ),
        )
        for bord, rad in _rows(_places(kart), by_key(who_sits(kart.samling)), q)
        if not rad.borte
    ]
    return Bordside(_cards(kart, rader))


def for_print(kart: Bordkart) -> list[Bordkort]:
    """The tables with those who come, as they are printed for the room itself."""
    rader = _rows(_places(kart), by_key(who_sits(kart.samling)), "")
    return _cards(kart, [(bord, rad) for bord, rad in rader if not rad.borte])


def _places(kart: Bordkart) -> list[Bordplass]:
    return list(kart.bordplasser.select_related("person", "gjest"))


def _unnamed(gjest: Bordgjest) -> Bordgjest:
    return replace(gjest, navn=_("Gjest"), rolle="") if gjest.gjest else gjest


def _rows(
    plasser: Sequence[Bordplass], kjente: Mapping[str, Bordgjest], q: str
) -> list[tuple[int, Bordrad]]:
    rader = []
    for plass in plasser:
        gjest = kjente.get(plass.noekkel) or gone(plass)
        rad = Bordrad(gjest, plass.laast, plass.noekkel not in kjente, _hit(gjest, q))
        rader.append((plass.bord, rad))
    return sorted(rader, key=lambda par: (par[0], _name(par[1].gjest)))


def gone(plass: Bordplass) -> Bordgjest:
    """Who has a place and does not come any more: the name alone."""
    hvem = plass.person or plass.gjest
    navn = hvem.navn if hvem else ""
    return Bordgjest(navn, "", "", "", plass.person_id, plass.gjest_id, False, Egenskaper())


def _name(gjest: Bordgjest) -> str:
    return norsk_nokkel(gjest.navn)


def _hit(gjest: Bordgjest, q: str) -> bool:
    ord_ = typed_words(q)
    tekst = folded(f"{gjest.navn} {gjest.sted} {gjest.kommune}")
    return bool(ord_) and all(folded(ett) in tekst for ett in ord_)


def _cards(kart: Bordkart, rader: list[tuple[int, Bordrad]]) -> list[Bordkort]:
    per: dict[int, list[Bordrad]] = {}
    for bord, rad in rader:
        per.setdefault(bord, []).append(rad)
    return [Bordkort(bord, kart.plasser, per[bord]) for bord in sorted(per)]
