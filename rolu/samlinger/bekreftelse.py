"""The letter that says how an answer stands: you come, you wait, you got a place, you are signed off.

A letter remembers in its key what it told. Whoever an act has touched is told when that is no longer so, and
not when nothing is new: one letter, however often the same is saved. Those who came in another's place have no
account; their letter goes to the address that was given.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.arbeid import brev
from nettverk.arbeid.brev import Utkast, brevslag, key
from nettverk.arbeid.epost import hel_adresse
from nettverk.models import Brev, Person
from rolu.models import Deltakelse, Gjest, Programpost, Samling
from rolu.models.deltakelse import svar_of_each
from rolu.samlinger import koder, programplan
from rolu.samlinger.dager import days
from rolu.samlinger.samlingsbrev import calendar_maker

S = Deltakelse.Status

# What a letter told: «kommer», with the days when it is not all of them; «venter»; «avmeldt».
KOMMER, VENTER, AVMELDT = "kommer", "venter", "avmeldt"
_SOM = ":som:"


def _is_in_the_way(samling: Samling, letter: Brev) -> str:
    if samling.er_avlyst:
        return _("Samlingen er avlyst, så e-posten blir ikke sendt.")
    if samling.er_over:
        return _("Samlingen er over, så e-posten blir ikke sendt.")
    naa = (
        _states_of_people(samling, [letter.til_id]).get(letter.til_id)
        if letter.til_id
        else next(
            iter(_states_of_guests(samling, Gjest.objects.filter(bekreftelse=letter)).values()),
            None,
        )
    )
    if naa != _told(letter):
        return _("Svaret er endret i mellomtiden, så e-posten blir ikke sendt.")
    return ""


def sign_up_url(samling: Samling) -> str:
    return reverse("rolu:paamelding", args=[samling.nettverk.slug, samling.pk])


_FELLES: dict[str, Any] = {
    "tillatelse": "rolu.change_samling",
    "url": lambda samling: reverse("rolu:samling", args=[samling.nettverk.slug, samling.pk]),
    "hindrer": _is_in_the_way,
}
BEKREFTELSE = brevslag("rolu.bekreftelse", gettext_lazy("Bekreftelse på påmelding"), **_FELLES)
VENTELISTE = brevslag("rolu.venteliste", gettext_lazy("På venteliste"), **_FELLES)
PLASS = brevslag("rolu.plass", gettext_lazy("Plass fra ventelista"), **_FELLES)
AVMELDING = brevslag("rolu.avmelding", gettext_lazy("Avmelding"), **_FELLES)
SLAG = (BEKREFTELSE, VENTELISTE, PLASS, AVMELDING)
VARA_UTE = brevslag(
    "rolu.vara_ute",
    gettext_lazy("Vara som ikke trengs likevel"),
    tillatelse="rolu.change_samling",
    url=sign_up_url,
)

_MALER = {
    BEKREFTELSE: "rolu/epost/bekreftelse.txt",
    VENTELISTE: "rolu/epost/venteliste.txt",
    PLASS: "rolu/epost/bekreftelse.txt",
    AVMELDING: "rolu/epost/avmelding.txt",
}


# --- how it stands, and what was told


def _states_of_people(samling: Samling, personer: Iterable[int]) -> dict[int | None, str]:
    """What each of the people is to be told; who has not answered is not among them. One query, two when it is
    over several days."""
    svar = svar_of_each(
        Deltakelse.objects.filter(samling=samling, verv__person__in=personer).order_by("pk")
    )
    ord_: dict[str, str] = {S.VENTER: VENTER, S.AVMELDT: AVMELDT}
    return {
        person: _coming(samling, svaret.dager)
        if svaret.status == S.PAAMELDT
        else ord_[svaret.status]
        for person, svaret in svar.items()
        if svaret.status != S.INVITERT
    }


def _coming(samling: Samling, valgt: list[datetime.date] | None) -> str:
    """With the days, when they are not all of them."""
    dager = valgt or []
    if dager and {d.dato for d in days(samling)} <= set(dager):
        dager = []
    return "/".join([KOMMER, *(f"{dag:%m%d}" for dag in dager)])


def _states_of_guests(samling: Samling, gjester: Iterable[Gjest]) -> dict[int, str]:
    return {
        g.pk: _coming(samling, g.dager)
        if g.status == Gjest.Status.PAAMELDT
        else VENTER
        if g.status == Gjest.Status.VENTER
        else AVMELDT
        for g in gjester
    }


def _told(letter: Brev | None) -> str:
    return letter.noekkel.partition(_SOM)[2].partition(":")[0] if letter else ""


def _which(naa: str, foer: str) -> str:
    """The kind of letter that is due; "" when there is nothing new. Who never was told that they come or wait, is
    not told that they do not."""
    if naa == foer:
        return ""
    if naa == VENTER:
        return VENTELISTE
    if naa.startswith(KOMMER):
        return PLASS if foer == VENTER else BEKREFTELSE
    return AVMELDING if foer and naa == AVMELDT else ""


# --- the letters


def tell(
    samling: Samling, *, personer: Collection[int], gjester: Collection[int], by: Person | None
) -> None:
    """Write to those of them for whom something is new. As many queries for one as for a group."""
    if not samling.er_forestaaende or not (personer or gjester):
        return
    folk = Person.objects.in_bulk(list(personer))
    stand = _states_of_people(samling, folk)
    uten_verv = {
        g.pk: g
        for g in Gjest.objects.filter(pk__in=gjester).select_related("bekreftelse", "lagt_til_av")
    }
    gjestenes = _states_of_guests(samling, uten_verv.values())
    alle = Brev.objects.about(samling).filter(slag__in=SLAG)
    _withdraw_untrue(alle, stand, gjestenes, uten_verv)
    sist, ganger = _last_told(alle.filter(til__in=folk))
    plan: dict[str, list[Utkast]] = {slag: [] for slag in SLAG}
    lag = _Maker(samling)
    lag.fetch_codes(stand, gjestenes)
    for pk, naa in stand.items():
        if pk and folk[pk].is_active and (slag := _which(naa, sist.get(pk, ""))):
            plan[slag].append(lag.utkast(slag, naa, "person", pk, ganger[pk] + 1, til=folk[pk]))
    brevene_til: dict[str, Gjest] = {}
    for g in uten_verv.values():
        foer = g.bekreftelse if g.bekreftelse and not _is_withdrawn(g.bekreftelse) else None
        slag = _which(gjestenes[g.pk], _told(foer))
        if slag and g.epost:
            # Who only waited got no file for their calendar, so there is nothing to take out of it.
            utkast = lag.utkast(
                slag,
                gjestenes[g.pk],
                "gjest",
                g.pk,
                timezone.now().timestamp(),
                gjest=g,
                med_fil=_told(foer) != VENTER or slag != AVMELDING,
            )
            plan[slag].append(utkast)
            brevene_til[utkast.noekkel] = g
    for slag, utkastene in plan.items():
        if utkastene:
            brev.queue_many(utkastene, nettverk=samling.nettverk, slag=slag, om=samling, by=by)
    _remember(brevene_til)


def tell_not_needed(samling: Samling, varaer: Collection[Gjest], *, by: Person | None) -> None:
    """Whoever signed up a substitute is told that the one they came for comes after all; not of what they did
    themselves."""
    for vara in varaer:
        til = vara.lagt_til_av
        if til is None or not til.is_active or til == by or vara.for_verv is None:
            continue
        brev.queue(
            til=til,
            nettverk=samling.nettverk,
            slag=VARA_UTE,
            om=samling,
            mal="rolu/epost/vara_ute.txt",
            data={
                "samling": samling,
                "navn": vara.for_verv.person.navn,
                "vara": vara.navn,
                "har_epost": bool(vara.epost),
                "url": hel_adresse(sign_up_url(samling)),
            },
            noekkel=key(VARA_UTE, samling, "gjest", vara.pk),
            by=by,
        )


def _is_withdrawn(letter: Brev) -> bool:
    return letter.tilstand == Brev.Tilstand.TRUKKET


def _withdraw_untrue(
    alle: Any, stand: dict[int | None, str], gjestenes: dict[int, str], gjester: dict[int, Gjest]
) -> None:
    """What waits and is no longer so, is not sent."""
    venter = list(alle.waiting().filter(til__in=[pk for pk in stand if pk]))
    usant = [b.pk for b in venter if _told(b) != stand.get(b.til_id)]
    usant += [
        g.bekreftelse_id
        for pk, g in gjester.items()
        if g.bekreftelse and _told(g.bekreftelse) != gjestenes[pk]
    ]
    if usant:
        brev.withdraw(Brev.objects.filter(pk__in=usant))
        for g in gjester.values():
            if g.bekreftelse and g.bekreftelse_id in usant:
                g.bekreftelse.refresh_from_db(fields=["tilstand"])


def _last_told(brevene: Any) -> tuple[dict[int, str], Counter[int]]:
    """What each was last told, and how many such letters each has been written."""
    sist: dict[int, str] = {}
    ganger: Counter[int] = Counter()
    for letter in brevene.order_by("pk").only("til", "noekkel", "tilstand"):
        ganger[letter.til_id] += 1
        if not _is_withdrawn(letter):
            sist[letter.til_id] = _told(letter)
    return sist, ganger


def _remember(brevene_til: dict[str, Gjest]) -> None:
    if not brevene_til:
        return
    for letter in Brev.objects.filter(noekkel__in=brevene_til):
        brevene_til[letter.noekkel].bekreftelse = letter
    Gjest.objects.bulk_update(brevene_til.values(), ["bekreftelse"])


class _Maker:
    """Makes the letters of one act: the programme is read once, the calendar file put together once."""

    def __init__(self, samling: Samling) -> None:
        self.samling = samling
        self._program: list[Programpost] | None = None
        self._koder: tuple[dict[int, str], dict[int, str]] = ({}, {})
        self._kalender = calendar_maker(samling, svart=True)
        self._avbud = calendar_maker(samling, bare_deg=True)

    def fetch_codes(self, stand: dict[int | None, str], gjestenes: dict[int, str]) -> None:
        """The codes for the door, of those who come."""
        folk = [pk for pk, naa in stand.items() if pk and naa.startswith(KOMMER)]
        self._koder = koder.codes_of(
            self.samling, folk, [pk for pk, naa in gjestenes.items() if naa.startswith(KOMMER)]
        )

    @property
    def program(self) -> list[Programpost]:
        if self._program is None:
            self._program = programplan.items(self.samling)
        return self._program

    def _program_on(self, valgt: list[datetime.date]) -> list[Programpost]:
        """The items of the days that are told, or all of them."""
        if not valgt:
            return self.program
        return [p for p in self.program if timezone.localtime(p.start).date() in valgt]

    def utkast(
        self,
        slag: str,
        stand: str,
        hvem: str,
        pk: int,
        gang: float,
        *,
        til: Person | None = None,
        gjest: Gjest | None = None,
        med_fil: bool = True,
    ) -> Utkast:
        kode = self._koder[1 if gjest else 0].get(pk)
        ja = partial(self._kalender, valgte=gjest.dager) if gjest else self._kalender
        kalender = {VENTELISTE: None, AVMELDING: self._avbud}.get(slag, ja)
        valgt = _chosen_days(self.samling, stand)
        program = [] if slag in (VENTELISTE, AVMELDING) else self._program_on(valgt)
        return Utkast(
            til=til,
            mal=_MALER[slag],
            noekkel=key(slag, self.samling, hvem, pk) + f"{_SOM}{stand}:gang:{gang}",
            data={
                "samling": self.samling,
                "fikk_plass": slag == PLASS,
                "dager": valgt,
                "program": program,
                "har_dokumenter": any(post.vedlegg.all() for post in program),
                "med_fil": med_fil,
                "vara_for": gjest.for_verv if gjest else None,
                "meldt_paa_av": gjest.lagt_til_av if gjest else None,
                "kode_url": koder.address(kode) if kode and stand.startswith(KOMMER) else "",
                "url": "" if gjest else hel_adresse(sign_up_url(self.samling)),
            },
            kalender=kalender if med_fil else None,
            epost=gjest.epost if gjest else "",
            navn=gjest.navn if gjest else "",
        )


def _chosen_days(samling: Samling, stand: str) -> list[datetime.date]:
    """The days that are told, when they are not all of them."""
    valgt = set(stand.split("/")[1:])
    return [d.dato for d in days(samling) if f"{d.dato:%m%d}" in valgt] if valgt else []


def rewrite(samling: Samling, *, by: Person | None) -> None:
    """What waits tells the time and place of now."""
    venter = Brev.objects.about(samling).filter(slag__in=SLAG).waiting()
    rader = list(venter.values_list("pk", "til"))
    gjester = list(
        Gjest.objects.filter(bekreftelse__in=[pk for pk, _til in rader]).values_list(
            "pk", flat=True
        )
    )
    brev.withdraw(Brev.objects.filter(pk__in=[pk for pk, _til in rader]))
    tell(samling, personer={til for _pk, til in rader if til}, gjester=gjester, by=by)
