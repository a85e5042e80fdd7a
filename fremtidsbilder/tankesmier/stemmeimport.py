"""Voices from a spreadsheet come in: what each row becomes, and the writing of it, once."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from unicodedata import category

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Samtalesporsmaal, Stemmegruppe, Tankesmie
from fremtidsbilder.models.tankesmie import MAKS_TEGN
from fremtidsbilder.tankesmier.bidrag import MAKS_BIDRAG
from fremtidsbilder.tankesmier.moderering import said
from fremtidsbilder.tankesmier.paavegne import MAKS_ANTALL
from fremtidsbilder.tankesmier.stand import steering
from fremtidsbilder.tankesmier.stemmeark import Stemmerad
from fremtidsbilder.tankesmier.stemmegrupper import kept
from kommuner.models import Kommune
from kommuner.sortering import folded
from nettverk.side.utenfra import lines, seen_line, whole_number
from nettverk.skriving.gjennomsyn import look_over
from nettverk.skriving.konflikt import KanIkke

NY, FINNES, FEIL = "ny", "finnes", "feil"
_OM_DEM = 80


@dataclass
class Tolketrad:
    """A row and what it becomes: a card, nothing because it is there already, or nothing for a reason."""

    filrad: Stemmerad
    kort: Bidrag | None = None
    utfall: str = NY
    grunn: str = ""
    merknader: list[str] = field(default_factory=list)


def interpret(tankesmie: Tankesmie, rader: Sequence[Stemmerad]) -> list[Tolketrad]:
    """What each row becomes as it stands now. Six queries, however many rows."""
    leser = _Leser(tankesmie)
    lest = [leser.read(rad) for rad in rader]
    med_kort = [rad for rad in lest if rad.kort]
    _look_over(tankesmie, med_kort)
    _mark_known(tankesmie, med_kort)
    return lest


def bring_in(tankesmie: Tankesmie, rader: Sequence[Stemmerad]) -> list[Tolketrad]:
    """Write those that are new, one import at a time: whoever comes second, finds them there. All or nothing: raises
    KanIkke when there is no room."""
    with steering(tankesmie):
        lest = interpret(tankesmie, rader)
        nye = [rad.kort for rad in lest if rad.kort and rad.utfall == NY]
        _require_room(nye)
        grupper = {kort.gruppe_id for kort in nye if kort.gruppe_id}
        if grupper - kept(grupper):
            raise KanIkke(_("Gruppa finnes ikke lenger."))
        Bidrag.objects.bulk_create(nye)
    return lest


def _require_room(nye: Iterable[Bidrag]) -> None:
    for sporsmaal, n in Counter(kort.sporsmaal_id for kort in nye).items():
        if Bidrag.objects.shown().filter(sporsmaal=sporsmaal).count() + n > MAKS_BIDRAG:
            raise KanIkke(_("Det er ikke plass til flere bidrag på dette spørsmålet."))


# --- a row


class _IkkeTatt(Exception):
    """Why a row is not taken."""


class _Leser:
    def __init__(self, tankesmie: Tankesmie) -> None:
        self.tankesmie = tankesmie
        self.naar = timezone.now()
        self.sporsmaal: list[Samtalesporsmaal] = list(tankesmie.sporsmaal.all())
        self.grupper = {folded(g.navn): g for g in tankesmie.nettverk.stemmegrupper.all()}
        self.kommuner: dict[str, Kommune] = {}
        for kommune in tankesmie.nettverk.kommuner().defer("grense"):
            self.kommuner |= {folded(kommune.navn): kommune, kommune.kommunenummer: kommune}

    def read(self, rad: Stemmerad) -> Tolketrad:
        try:
            if rad.uten_svar:
                raise _IkkeTatt(
                    _("En celle er en formel uten resultat. Skriv inn det som skal stå der.")
                )
            kort = Bidrag(
                sporsmaal=self._question(rad.sporsmaal),
                gruppe=self._group(rad.hvem),
                antall=self._number(rad.antall),
                om_hvem=self._about(rad.om_hvem),
                kommune_id=self._kommune(rad.kommune),
                tekst=self._text(rad),
                kilde=Bidrag.Kilde.REGNEARK,
                skrevet=self.naar,
            )
        except _IkkeTatt as nei:
            return Tolketrad(rad, utfall=FEIL, grunn=str(nei))
        lest = Tolketrad(rad, kort)
        if rad.formel:
            lest.merknader.append(_("En celle er en formel. Det den viser, blir med."))
        if rad.flettet:
            lest.merknader.append(_("Raden har flettede celler. Se at alt kom med."))
        return lest

    def _question(self, skrevet: str) -> Samtalesporsmaal:
        if not skrevet and len(self.sporsmaal) == 1:
            return self.sporsmaal[0]
        if not skrevet:
            raise _IkkeTatt(_("Skriv hvilket spørsmål det er svar på."))
        nummer = whole_number(skrevet)
        if nummer and nummer <= len(self.sporsmaal):
            return self.sporsmaal[nummer - 1]
        like = [s for s in self.sporsmaal if folded(s.tekst) == folded(skrevet)]
        if len(like) == 1:
            return like[0]
        if like:
            raise _IkkeTatt(_("Flere spørsmål heter dette. Skriv nummeret på spørsmålet."))
        raise _IkkeTatt(_("Tankesmia har ikke spørsmålet «%(hva)s».") % {"hva": skrevet[:60]})

    def _group(self, skrevet: str) -> Stemmegruppe | None:
        if not skrevet:
            return None
        if gruppe := self.grupper.get(folded(skrevet)):
            return gruppe
        raise _IkkeTatt(_("Nettverket har ikke gruppa «%(hva)s».") % {"hva": skrevet[:60]})

    def _number(self, skrevet: str) -> int:
        antall = whole_number(skrevet) if skrevet else 1
        if antall is None or not 1 <= antall <= MAKS_ANTALL:
            raise _IkkeTatt(_("Antall er et helt tall fra 1 til %(maks)s.") % {"maks": MAKS_ANTALL})
        return antall

    def _about(self, skrevet: str) -> str:
        if len(skrevet) > _OM_DEM:
            raise _IkkeTatt(_("«Om dem» kan ha %(maks)s tegn.") % {"maks": _OM_DEM})
        return seen_line(skrevet)

    def _kommune(self, skrevet: str) -> int | None:
        her: int | None = self.tankesmie.kommune_id
        if not skrevet:
            return her
        kommune = self.kommuner.get(folded(skrevet)) or self.kommuner.get(skrevet)
        if kommune is None:
            raise _IkkeTatt(_("Nettverket har ikke kommunen «%(hva)s».") % {"hva": skrevet[:60]})
        if her and kommune.pk != her:
            raise _IkkeTatt(_("Tankesmia er for en annen kommune."))
        return kommune.pk

    def _text(self, rad: Stemmerad) -> str:
        # Signs that nobody sees are no text.
        if not any(category(tegn)[0] not in "CZ" for tegn in rad.tekst):
            if rad.flettet:
                raise _IkkeTatt(_("Raden har flettede celler, og teksten mangler. Del cellene."))
            raise _IkkeTatt(_("Teksten mangler."))
        if len(rad.tekst) > MAKS_TEGN:
            raise _IkkeTatt(
                _("Teksten er for lang. Det er plass til %(maks)s tegn; del den på flere rader.")
                % {"maks": MAKS_TEGN}
            )
        return lines(rad.tekst)


def _look_over(tankesmie: Tankesmie, rader: list[Tolketrad]) -> None:
    """Hold back those that must be read first, and say why. One query."""
    skrevet = [said(rad.kort.tekst, rad.kort.om_hvem) for rad in rader]  # type: ignore[union-attr]
    for rad, sett in zip(rader, look_over(tankesmie.nettverk, skrevet), strict=True):
        rad.kort.skjult = sett.maa_leses  # type: ignore[union-attr]
        if sett.barn:
            rad.merknader.insert(0, _("Kan nevne et barn."))
        if sett.ansatte:
            rad.merknader.append(
                _("Nevner en i nettverket: %(hvem)s.") % {"hvem": ", ".join(sett.ansatte)}
            )


# --- what is there already

_Like = tuple[object, ...]


def _mark_known(tankesmie: Tankesmie, rader: list[Tolketrad]) -> None:
    """Give each its key, and mark those that have come in before. Two who say the same are two voices; what the same
    group said twice is said once. Two queries."""
    sett: Counter[_Like] = Counter()
    for rad in rader:
        lik = _like(rad.kort)
        sett[lik] += 1
        rad.kort.nokkel = _key(lik, sett[lik])  # type: ignore[union-attr]
    kort = Bidrag.objects.filter(sporsmaal__tankesmie=tankesmie)
    felt = ("sporsmaal_id", "gruppe_id", "antall", "om_hvem", "kommune_id", "tekst")
    # Whoever said it on a phone is another.
    like = kort.exclude(kilde=Bidrag.Kilde.TELEFON).filter(
        tekst__in={rad.kort.tekst for rad in rader if rad.kort}
    )
    har = Counter(like.values_list(*felt))
    # Also what somebody has erased: the row stands, without its text.
    nokler = kort.filter(nokkel__in=[rad.kort.nokkel for rad in rader if rad.kort])
    brukt = set(nokler.values_list("nokkel", flat=True))
    sett.clear()
    for rad in rader:
        lik = _like(rad.kort)
        sett[lik] += 1
        assert rad.kort is not None
        er_flere = rad.kort.antall > 1
        if rad.kort.nokkel in brukt or sett[lik] <= har[lik] or (er_flere and har[lik]):
            rad.utfall = FINNES
        elif sett[lik] > 1 and (er_flere or rad.filrad.flettet):
            rad.utfall, rad.grunn = FINNES, _("Står to ganger i fila.")
        elif sett[lik] > 1:
            rad.merknader.append(_("En annen rad sier det samme. Hver rad er en stemme."))


def _like(kort: Bidrag | None) -> _Like:
    assert kort is not None
    return (
        kort.sporsmaal_id,
        kort.gruppe_id,
        kort.antall,
        kort.om_hvem,
        kort.kommune_id,
        kort.tekst,
    )


def _key(lik: _Like, nummer: int) -> uuid.UUID:
    """The same for the same row each time it is sent, and nobody else can make it."""
    avtrykk = salted_hmac("fremtidsbilder.stemmeimport", repr((lik, nummer)), algorithm="sha256")
    return uuid.UUID(bytes=avtrykk.digest()[:16])
