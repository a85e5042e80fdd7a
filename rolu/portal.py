"""What rolu shows on the portal's shared surfaces: gatherings, attendance and between-gathering work."""

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from laeringsloyper.kilder import linjemerker, modultall
from nettverk.flater import (
    Blokk,
    Etterlatt,
    Gjoremaal,
    Handling,
    Menypunkt,
    Opplysninger,
    Oppstartssteg,
    Overtakelse,
    Portal,
    Seksjon,
    Side,
    Tekst,
    Traadslag,
    Treff,
    Treffgruppe,
    paa,
    register,
)
from nettverk.tilgang.tillatelser import kan
from rolu import aaret, opplysninger, traadslag
from rolu.lister import MELLOMARBEIDSLISTER, SAMLINGSLISTER
from rolu.mellomarbeid import (
    enhetslinje,
    kommende,
    moduler,
    oppdrag,
    paaminnelse,
    praksis,
    tilbakemelding,
    vedlegg,
)
from rolu.mellomarbeid import flater as mellomarbeidsflater
from rolu.mellomarbeid import hjem as mellomarbeidshjem
from rolu.mellomarbeid import overtakelse as mellomarbeidsovertakelse
from rolu.samlinger import (
    evaluering,
    innsjekk,
    isalen,
    koder,
    oppfolging,
    rydding,
    saksvedlegg,
    samtaler,
)
from rolu.samlinger import flater as samlingsflater
from rolu.samlinger import hjem as samlingshjem
from rolu.samlinger import overtakelse as samlingsovertakelse
from rolu.samlinger.bord import rydding as bordrydding
from rolu.stoette import flater as stoetteflater
from rolu.stoette import rydding as stoetterydding

# What rolu tells of a track, on the pages of laeringsloyper.
linjemerker(samlingsflater.along_the_line)
modultall(moduler.figures)

if TYPE_CHECKING:
    import datetime

    from kommuner.models import Enhet, Kommune
    from laeringsloyper.models import Laeringsloype, Modul
    from nettverk.models import Gruppe, Nettverk, Nyhet, Person
    from nettverk.tilgang.roller import Roller
    from rolu.models import Samling


@register
class SamlingerPortal(Portal):
    """Gatherings (rolu/samlinger/flater.py)."""

    del_ = samlingsflater.DEL
    lister = SAMLINGSLISTER

    def traadslag(self) -> Iterable[Traadslag]:
        yield traadslag.SAMLING
        yield traadslag.PROGRAMPOST
        yield traadslag.EVALUERING

    def del_innhold(self, nettverk: "Nettverk") -> Iterable[Tekst]:
        yield from samlingsflater.del_innhold(nettverk)

    def del_underveis(self, nettverk: "Nettverk") -> Iterable[Tekst]:
        yield from samlingsflater.del_underveis(nettverk)

    def meny(self, roller: "Roller") -> Iterable[Menypunkt]:
        url = reverse("rolu:samling_list", args=[roller.nettverk.slug])
        yield Menypunkt("samlinger", _("Samlinger"), url, "samling")

    def gjoremaal(self, roller: "Roller") -> Iterable[Gjoremaal]:
        yield from samlingsflater.gjoremaal(roller)
        yield from isalen.gjoremaal(roller)
        yield from evaluering.gjoremaal(roller)
        yield from oppfolging.gjoremaal(roller)

    def hjem(self, roller: "Roller") -> Iterable[Seksjon]:
        yield from samlingshjem.hjem(roller)

    def oppstartssteg(self, roller: "Roller") -> Iterable[Oppstartssteg]:
        yield samlingsflater.oppstartssteg(roller)

    def offentlig(self, nettverk: "Nettverk") -> Iterable[Seksjon]:
        yield from samlingsflater.offentlig(nettverk)

    @paa("kommuner.Kommune")
    def kommune(self, kommune: "Kommune", side: Side) -> Iterable[Seksjon]:
        yield from oppfolging.kommune(kommune, side.roller)

    @paa("rolu.Samling")
    def utfall(self, samling: "Samling", side: Side) -> Iterable[Seksjon]:
        yield from oppfolging.samling(samling, side.roller)

    @paa("nettverk.Gruppe")
    def gruppe(self, gruppe: "Gruppe", side: Side) -> Iterable[Seksjon]:
        yield from oppfolging.gruppe(gruppe, side.roller)

    @paa("nettverk.Person")
    def person(self, person: "Person", side: Side) -> Iterable[Seksjon]:
        yield from samlingsflater.person(person, side)

    @paa("laeringsloyper.Laeringsloype")
    def loype(self, loype: "Laeringsloype", side: Side) -> Iterable[Seksjon]:
        yield from samlingsflater.loype(loype, side)

    def sok(self, roller: "Roller", q: str) -> Iterable[Treffgruppe]:
        yield from samlingsflater.sok(roller, q)

    def snarveier(self, roller: "Roller") -> Iterable[Treff]:
        yield from samlingsflater.snarveier(roller)

    def handlinger(self, roller: "Roller", ting: Model | None) -> Iterable[Handling]:
        if ting is None and kan(roller.person, "rolu.arrange_samlinger", roller.nettverk):
            url = reverse("rolu:samling_ny", args=[roller.nettverk.slug])
            yield Handling(_("Ny samling"), url, "samling", rekkefolge=10)

    def kapitler(self, nettverk: "Nettverk", aar: int) -> Iterable[Blokk]:
        yield from samlingsflater.kapitler(nettverk, aar)

    def etterlatt(self, overtakelser: Sequence[Overtakelse]) -> Iterable[Etterlatt]:
        yield from samlingsovertakelse.left_behind(overtakelser)


@register
class MellomarbeidPortal(Portal):
    """Mellomarbeid (rolu/mellomarbeid/flater.py)."""

    del_ = mellomarbeidsflater.DEL
    lister = MELLOMARBEIDSLISTER

    def traadslag(self) -> Iterable[Traadslag]:
        yield traadslag.OPPDRAG
        yield traadslag.MELLOMARBEID

    def del_innhold(self, nettverk: "Nettverk") -> Iterable[Tekst]:
        yield from mellomarbeidsflater.del_innhold(nettverk)

    def del_underveis(self, nettverk: "Nettverk") -> Iterable[Tekst]:
        yield from mellomarbeidsflater.del_underveis(nettverk)

    def meny(self, roller: "Roller") -> Iterable[Menypunkt]:
        url = reverse("rolu:mellomarbeid_list", args=[roller.nettverk.slug])
        kort = _("Skriv") if roller.enheter else _("Arbeid")
        yield Menypunkt("mellomarbeid", _("Mellomarbeid"), url, "mellomarbeid", kort=kort)

    def gjoremaal(self, roller: "Roller") -> Iterable[Gjoremaal]:
        yield from mellomarbeidsflater.gjoremaal(roller)
        yield from kommende.gjoremaal(roller)

    def hjem(self, roller: "Roller") -> Iterable[Seksjon]:
        yield from mellomarbeidshjem.hjem(roller)
        yield from stoetteflater.hjem(roller)

    @paa("kommuner.Enhet")
    def enhet(self, enhet: "Enhet", side: Side) -> Iterable[Seksjon]:
        yield from mellomarbeidsflater.enhet(enhet, side)
        yield from stoetteflater.enhet(enhet, side)
        yield from enhetslinje.enhet(enhet, side)

    def handlinger(self, roller: "Roller", ting: Model | None) -> Iterable[Handling]:
        yield from stoetteflater.handlinger(roller, ting)

    @paa("kommuner.Kommune")
    def kommune(self, kommune: "Kommune", side: Side) -> Iterable[Seksjon]:
        yield from mellomarbeidsflater.kommune(kommune, side)

    @paa("laeringsloyper.Laeringsloype")
    def loype(self, loype: "Laeringsloype", side: Side) -> Iterable[Seksjon]:
        yield from mellomarbeidsflater.loype(loype, side)

    @paa("laeringsloyper.Modul")
    def modul(self, modul: "Modul", side: Side) -> Iterable[Seksjon]:
        yield from mellomarbeidsflater.modul(modul, side)

    def sok(self, roller: "Roller", q: str) -> Iterable[Treffgruppe]:
        yield from mellomarbeidsflater.sok(roller, q)

    def snarveier(self, roller: "Roller") -> Iterable[Treff]:
        if roller.enheter:
            yield from mellomarbeidsflater.snarveier(roller)

    def faste_brev(self, nettverk: "Nettverk", naa: datetime.datetime) -> int:
        oppdrag.give_to_newcomers(nettverk)
        return paaminnelse.remind(nettverk, naa)

    def nyheter(self, roller: "Roller", nyhetene: "Sequence[Nyhet]") -> "Iterable[Nyhet]":
        return tilbakemelding.still_read(roller, nyhetene)

    def kapitler(self, nettverk: "Nettverk", aar: int) -> Iterable[Blokk]:
        yield from mellomarbeidsflater.kapitler(nettverk, aar)

    def etterlatt(self, overtakelser: Sequence[Overtakelse]) -> Iterable[Etterlatt]:
        yield from mellomarbeidsovertakelse.left_behind(overtakelser)


@register
class PraksisPortal(Portal):
    """What is shared of mellomarbeid, for everyone in the network to read."""

    del_ = mellomarbeidsflater.PRAKSIS

    def traadslag(self) -> Iterable[Traadslag]:
        yield traadslag.PRAKSIS

    def del_innhold(self, nettverk: "Nettverk") -> Iterable[Tekst]:
        yield from mellomarbeidsflater.praksis_innhold(nettverk)

    def meny(self, roller: "Roller") -> Iterable[Menypunkt]:
        url = reverse("rolu:praksis", args=[roller.nettverk.slug])
        yield Menypunkt("praksis", _("Praksis"), url, "praksis")

    def hjem(self, roller: "Roller") -> Iterable[Seksjon]:
        yield from mellomarbeidshjem.practice(roller)

    def nyheter(self, roller: "Roller", nyhetene: "Sequence[Nyhet]") -> "Iterable[Nyhet]":
        return praksis.still_told(roller, nyhetene)

    @paa("laeringsloyper.Laeringsloype")
    def loype(self, loype: "Laeringsloype", side: Side) -> Iterable[Seksjon]:
        yield from mellomarbeidsflater.loype_praksis(loype, side)


@register
class RoluPortal(Portal):
    """What is rolu's whatever a network uses: files, data, and what is kept about a person."""

    def overta(self, overtakelser: Sequence[Overtakelse], *, by: "Person | None") -> None:
        samlingsovertakelse.take_over(overtakelser, by=by)

    def hjem(self, roller: "Roller") -> Iterable[Seksjon]:
        yield from aaret.hjem(roller)

    def lagret(self, nettverk: "Nettverk") -> int:
        return vedlegg.stored(nettverk) + saksvedlegg.stored(nettverk)

    def rydd(self, naa: datetime.datetime) -> dict[str, int]:
        """What people needed at gatherings, why they changed their answers, who the guests were, the desk's log,
        the participants' codes, who sat at which table, the lists of names in summaries, and what was done for units
        that could need a hand; of those, what is so is noted first."""
        return {
            "innsjekkhendelser": innsjekk.purge(naa),
            "deltakerkoder": koder.purge(naa),
            "bordplasser": bordrydding.purge(naa),
            "behov": rydding.purge_needs(naa),
            "endringsoensker": rydding.purge_wishes(naa),
            "gjester": rydding.purge_guests(naa),
            "navnelister": rydding.purge_named_lists(naa),
            "tankesmier": samtaler.purge(naa),
            "paaminnelser": paaminnelse.purge(naa),
            "støttesignaler over": stoetterydding.note_all(naa),
            "støtte": stoetterydding.purge(naa),
        }

    # Demo and measuring data are loaded by those who ask for them, never by a portal in use.

    def make_demo(self, nettverk: "Nettverk") -> None:
        from rolu.demo import koblinger, mellomarbeid, samlinger, stoette, traader
        from rolu.demo import samtaler as demosamtaler

        if nettverk.maalform != "nn":
            samlinger.make(nettverk)
            demosamtaler.make(nettverk)
        mellomarbeid.make(nettverk)
        if nettverk.maalform != "nn":
            samlinger.share_summary(nettverk)
        traader.make(nettverk)
        stoette.make(nettverk)
        koblinger.make(nettverk)

    def make_testdata(self, nettverk: "Nettverk") -> None:
        from rolu.demo import testdata

        testdata.make(nettverk)

    def delete_testdata(self, nettverk: "Nettverk") -> None:
        from rolu.demo import testdata

        testdata.remove(nettverk)

    def opplysninger(self, person: "Person") -> Iterable[Opplysninger]:
        yield from opplysninger.gather(person)

    def lukk_konto(self, person: "Person") -> None:
        opplysninger.forget(person)
