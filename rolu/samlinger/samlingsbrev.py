"""The letters about a gathering: the invitation, that it is moved, that it is called off.

Each is one letter per person, with a calendar file. A Deltakelse remembers the letter that invited it;
those who have been told are told when something changes.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from nettverk.arbeid import brev, kalender
from nettverk.arbeid.brev import Utkast, brevslag, key
from nettverk.arbeid.epost import hel_adresse
from nettverk.arbeid.kalender import Hendelse, Kalenderfil
from nettverk.models import Brev, Gruppe, Mottakere, Person, Rolle
from rolu.models import Deltakelse, Gjest, Saksvedlegg, Samling
from rolu.models.deltakelse import svar_of_each
from rolu.samlinger import dager
from rolu.samlinger.dager import Dag, Tid, Tider


def _address(samling: Samling) -> str:
    return reverse("rolu:samling", args=[samling.nettverk.slug, samling.pk])


def _is_in_the_way(samling: Samling, letter: Brev) -> str:
    if samling.er_avlyst:
        return _("Samlingen er avlyst, så e-posten blir ikke sendt.")
    if samling.er_over:
        return _("Samlingen er over, så e-posten blir ikke sendt.")
    if samling.status == Samling.Status.PAAGAAR and letter.slag in (INVITASJON, PURRING):
        return _("Samlingen har startet, så e-posten blir ikke sendt.")
    if (
        letter.slag == FLYTTING
        and letter.til_id
        and letter.noekkel != _move_key(samling, letter.til_id)
    ):
        return _("Samlingen er flyttet en gang til, så denne e-posten blir ikke sendt.")
    if letter.slag == UTE and _is_invited(samling, letter.til_id):
        return _("Personen er invitert igjen, så denne e-posten blir ikke sendt.")
    return _needs_no_reminder(samling, letter) if letter.slag == PURRING else ""


def _needs_no_reminder(samling: Samling, letter: Brev) -> str:
    if not samling.er_aapen_for_paamelding:
        return _("Svarfristen har gått ut, så e-posten blir ikke sendt.")
    if not _is_missed(samling, letter.til_id):
        return _("Personen har svart, eller skal ikke svare lenger, så e-posten blir ikke sendt.")
    return ""


def _is_invited(samling: Samling, person: int | None) -> bool:
    return Deltakelse.objects.filter(samling=samling, verv__person=person).exists()


def _is_missed(samling: Samling, person: int | None) -> bool:
    """Whether an answer is missing that this person can give: their own, or one of a group they lead."""
    deltakelser = Deltakelse.objects.filter(samling=samling)
    ledes = deltakelser.filter(verv__person=person, verv__rolle=Rolle.FORMELL_LEDER)
    kan_svare = Q(verv__person=person) | Q(verv__gruppe__in=ledes.values("verv__gruppe"))
    return deltakelser.filter(kan_svare, status=Deltakelse.Status.INVITERT).exists()


_FELLES: dict[str, Any] = {"tillatelse": "rolu.change_samling", "url": _address}
INVITASJON = brevslag(
    "rolu.invitasjon",
    gettext_lazy("Invitasjon"),
    hindrer=_is_in_the_way,
    inviterer=True,
    **_FELLES,
)
FLYTTING = brevslag(
    "rolu.flytting", gettext_lazy("Nytt tidspunkt eller sted"), hindrer=_is_in_the_way, **_FELLES
)
UTE = brevslag(
    "rolu.ute",
    gettext_lazy("Ikke lenger invitert"),
    hindrer=_is_in_the_way,
    svar_til_avsender=True,
    **_FELLES,
)
PURRING = brevslag(
    "rolu.purring", gettext_lazy("Påminnelse om å svare"), hindrer=_is_in_the_way, **_FELLES
)
AVLYSNING = brevslag("rolu.avlysning", gettext_lazy("Avlysning"), **_FELLES)


# --- who


def uninvited(samling: Samling) -> QuerySet[Deltakelse]:
    """The participations that ask for an invitation (`asks_for_letter`) and have none."""
    return Deltakelse.objects.filter(samling=samling, invitasjon=None).filter(
        asks_for_letter(samling.mottakere, foran="verv__")
    )


def asks_for_letter(mottakere: Mottakere | None, *, foran: str = "") -> Q:
    """Which of the appointments (`foran`: the way to them) are written to: those who lead an
    utviklingsgruppe, for the whole of it; each member of the network groups; and those chosen alone.
    When the audience leaves out the leaders, nobody answers for the others: then each is written to."""
    if mottakere and mottakere.roller and Rolle.FORMELL_LEDER not in mottakere.roller:
        return Q()
    alene = mottakere.personer if mottakere else []
    return (
        ~Q(**{f"{foran}gruppe__type": Gruppe.Type.UTVIKLINGSGRUPPE})
        | Q(**{f"{foran}rolle": Rolle.FORMELL_LEDER})
        | Q(**{f"{foran}person__in": alene})
    )


def people_told(samling: Samling) -> QuerySet[Person]:
    """Those who got the invitation, may have got it, signed up, or wait for a place."""
    svart = [Deltakelse.Status.PAAMELDT, Deltakelse.Status.VENTER]
    rader = Deltakelse.objects.filter(samling=samling).filter(
        Q(invitasjon__in=Brev.objects.told().values("pk")) | Q(status__in=svart)
    )
    return Person.objects.filter(pk__in=rader.values("verv__person"), is_active=True).order_by("pk")


def guests_told(samling: Samling) -> QuerySet[Gjest]:
    """The substitutes that have had a letter, and come or wait."""
    return Gjest.objects.filter(
        samling=samling, bekreftelse__in=Brev.objects.told().values("pk")
    ).exclude(Q(status=Gjest.Status.AVMELDT) | Q(epost=""))


def count_told(samling: Samling) -> int:
    """How many get a letter when it is moved or called off: people, and substitutes."""
    return people_told(samling).count() + guests_told(samling).count()


# --- the letters


def queue_invitations(
    samling: Samling, *, by: Person | None, sendt: datetime.datetime | None = None
) -> int:
    """Write an invitation to each who has none; returns how many letters. `sendt`: see `queue_many`."""
    rader = list(_with_verv(uninvited(samling)))
    ganger = _times_out(samling, {rad.verv.person_id for rad in rader})

    def noekkel(rad: Deltakelse) -> str:
        return _invitation_key(samling, rad, ganger[rad.verv.person_id])

    utkast = {u.noekkel: u for u in _invitations(samling, rader, noekkel)}
    nye = brev.queue_many(
        utkast.values(),
        nettverk=samling.nettverk,
        slag=INVITASJON,
        om=samling,
        by=by,
        sendt=sendt,
    )
    skrevet = dict(Brev.objects.filter(noekkel__in=utkast).values_list("noekkel", "pk"))
    forste: dict[int, Deltakelse] = {}  # of each person's: the letter has its key
    for rad in rader:
        foran = forste.setdefault(rad.verv.person_id, rad)
        rad.invitasjon_id = skrevet[noekkel(foran)]
    Deltakelse.objects.bulk_update(rader, ["invitasjon"])
    return len(nye)


def rewrite_invitations(samling: Samling) -> None:
    """Invitations that wait, or failed and may be tried again, tell the time and place of now."""
    usendt = Brev.objects.about(samling).filter(slag=INVITASJON)
    rader = _with_verv(
        Deltakelse.objects.filter(samling=samling, invitasjon__in=usendt.unsent().values("pk"))
    )
    utkast = _invitations(samling, list(rader), _written_with)
    brev.rewrite(utkast, nettverk=samling.nettverk)


def _with_verv(rader: QuerySet[Deltakelse]) -> QuerySet[Deltakelse]:
    verv = rader.select_related("verv__person", "verv__gruppe", "invitasjon")
    return verv.order_by("verv__person", "pk")


def _times_out(samling: Samling, folk: set[int]) -> Counter[int]:
    """By person: how often the gathering was no longer for them, so that an invitation did not reach them
    or was called back. After that, they are invited anew."""
    om = Brev.objects.about(samling).filter(til__in=folk)
    borte = Q(slag=UTE, pk__in=Brev.objects.told().values("pk"))
    borte |= Q(slag=INVITASJON, tilstand=Brev.Tilstand.TRUKKET)
    return Counter(om.filter(borte).values_list("til", flat=True))


def _written_with(rad: Deltakelse) -> str:
    return rad.invitasjon.noekkel if rad.invitasjon else ""


def _invitation_key(samling: Samling, rad: Deltakelse, igjen: int) -> str:
    # By the Verv, not the person: who comes to lead one more group later, gets a letter for that one.
    return key(INVITASJON, samling, "verv", rad.verv_id, *(["igjen", igjen] if igjen else []))


def _invitations(
    samling: Samling, rader: list[Deltakelse], noekkel: Callable[[Deltakelse], str]
) -> Iterable[Utkast]:
    """One letter per person, naming all groups they lead. `rader` stand in order of person."""
    ics = calendar_maker(samling)
    felles = invitation_data(samling, [])
    for person, gruppe in groupby(rader, attrgetter("verv.person")):
        egne = list(gruppe)
        ledet = [r.verv.gruppe for r in egne if r.verv.rolle == Rolle.FORMELL_LEDER]
        grupper = [g for g in ledet if g.er_utviklingsgruppe]
        andre = [r.verv.gruppe for r in egne if r.verv.gruppe.er_utviklingsgruppe]
        yield Utkast(
            til=person,
            mal="rolu/epost/invitasjon.txt",
            noekkel=noekkel(egne[0]),
            data={**felles, "grupper": grupper, "andre": andre},
            kalender=ics,
        )


def invitation_data(
    samling: Samling, grupper: list[Gruppe], mottakere: Mottakere | None = None
) -> dict[str, Any]:
    """What the letter says; `grupper` are the utviklingsgrupper that the recipient leads (`andre` in the letter: those
    the recipient is in), `mottakere` the audience that is not kept yet. Two queries at most."""
    frist = samling.paameldingsfrist
    return {
        "samling": samling,
        "grupper": grupper,
        "andre": [],
        "har_dokumenter": has_documents(samling),
        # One that has passed, nobody can keep.
        "frist": frist if frist and frist >= idag() else None,
        "saker": _agenda(samling) if _is_meeting(samling, mottakere or samling.mottakere) else [],
        "url": _whole_address(samling, svar=True),
    }


def _is_meeting(samling: Samling, mottakere: Mottakere | None) -> bool:
    """A meeting has an agenda that one is called to; what all the units are invited to, has a programme that
    comes with the confirmation."""
    er_moete = samling.type == Samling.Type.NETTVERKSMOETE
    return er_moete or (mottakere is not None and not mottakere.enheter)


def _agenda(samling: Samling) -> list[str]:
    """The items in their order, as the minutes number them: without the breaks. One query."""
    poster = samling.programposter.no_breaks()
    return list(poster.values_list("tittel", flat=True))


def has_documents(samling: Samling) -> bool:
    """Whether there is something to read before it, in the programme. One query."""
    return Saksvedlegg.objects.about(samling).exists()


def _move_key(samling: Samling, person: int | None) -> str:
    # One for each move: the next one is another letter.
    return key(FLYTTING, samling, "sekvens", samling.sekvens, "person", person)


def queue_move(samling: Samling, *, fra: "TidOgSted", by: Person) -> int:
    """Tell those who were told of another time or place; returns how many letters. Who has said yes, has so
    in the calendar too."""
    data = move_data(samling, fra=fra, til=TidOgSted(samling))
    status = Deltakelse.Status.PAAMELDT
    kommer = set(samling.deltakelser.filter(status=status).values_list("verv__person", flat=True))
    ubesvart, ja = calendar_maker(samling), calendar_maker(samling, svart=True)
    nye = brev.queue_many(
        [
            Utkast(
                til=person,
                mal="rolu/epost/flytting.txt",
                noekkel=_move_key(samling, person.pk),
                data=data,
                kalender=ja if person.pk in kommer else ubesvart,
            )
            for person in people_told(samling)
        ]
        + [
            Utkast(
                til=None,
                mal="rolu/epost/flytting.txt",
                noekkel=key(FLYTTING, samling, "sekvens", samling.sekvens, "gjest", gjest.pk),
                data={**data, "url": ""},
                kalender=partial(ja, valgte=gjest.dager)
                if gjest.status == Gjest.Status.PAAMELDT
                else ubesvart,
                epost=gjest.epost,
                navn=gjest.navn,
            )
            for gjest in guests_told(samling)
        ],
        nettverk=samling.nettverk,
        slag=FLYTTING,
        om=samling,
        by=by,
    )
    return len(nye)


def move_data(samling: Samling, *, fra: "TidOgSted", til: "TidOgSted") -> dict[str, Any]:
    return {"samling": samling, "fra": fra, "til": til, "url": _whole_address(samling, svar=True)}


def queue_no_longer(
    samling: Samling,
    folk: Collection[Person],
    *,
    uten_verv: Collection[int] = (),
    by: Person | None,
) -> int:
    """Tell those whom the gathering is no longer for; returns how many letters. The people in `uten_verv`
    read that their Verv has ended, not that the audience was changed."""
    noekkel = brev.next_key(UTE, samling)
    ics = calendar_maker(samling, bare_deg=True)
    nye = brev.queue_many(
        [
            Utkast(
                til=person,
                mal="rolu/epost/ute.txt",
                noekkel=noekkel(person),
                data={"samling": samling, "uten_verv": person.pk in uten_verv},
                kalender=ics,
            )
            for person in folk
        ],
        nettverk=samling.nettverk,
        slag=UTE,
        om=samling,
        by=by,
    )
    return len(nye)


def reminder(samling: Samling, person: Person, grupper: list[Gruppe], *, by: Person) -> Utkast:
    """The letter that asks once more, one a day to each. `grupper` are those the person leads that lack
    answers; none asks the person about themselves."""
    return Utkast(
        til=person,
        mal="rolu/epost/purring.txt",
        noekkel=key(PURRING, samling, "person", person.pk, idag().isoformat()),
        data={
            "samling": samling,
            "grupper": grupper,
            "av": by.navn,
            "url": _whole_address(samling, svar=True),
        },
    )


def queue_call_off(samling: Samling, *, by: Person) -> int:
    """Stop what has not gone, and tell those who were told that it is off; returns how many letters."""
    brev.withdraw(Brev.objects.about(samling).exclude(slag=AVLYSNING))
    ics = calendar_maker(samling, avlyst=True)
    nye = brev.queue_many(
        [
            Utkast(
                til=person,
                mal="rolu/epost/avlysning.txt",
                noekkel=key(AVLYSNING, samling, "person", person.pk),
                data=call_off_data(samling),
                kalender=ics,
            )
            for person in people_told(samling)
        ]
        + [
            Utkast(
                til=None,
                mal="rolu/epost/avlysning.txt",
                noekkel=key(AVLYSNING, samling, "gjest", gjest.pk),
                data={"samling": samling, "url": ""},
                kalender=ics,
                epost=gjest.epost,
                navn=gjest.navn,
            )
            for gjest in guests_told(samling)
        ],
        nettverk=samling.nettverk,
        slag=AVLYSNING,
        om=samling,
        by=by,
    )
    return len(nye)


def call_off_data(samling: Samling) -> dict[str, Any]:
    return {"samling": samling, "url": _whole_address(samling)}


def _whole_address(samling: Samling, *, svar: bool = False) -> str:
    side = "rolu:paamelding" if svar else "rolu:samling"
    return hel_adresse(reverse(side, args=[samling.nettverk.slug, samling.pk]))


class TidOgSted:
    """On which days, with which hours, and where a gathering is: before it was moved, or after."""

    def __init__(self, samling: Samling, dagene: Sequence[Dag] | None = None) -> None:
        """`dagene`: the days that are not saved yet, in place of those that are."""
        self.sted = samling.sted
        self.tider: Tider = dager.times_of(dagene) if dagene else dager.times(samling)

    def __eq__(self, annen: object) -> bool:
        if not isinstance(annen, TidOgSted):
            return NotImplemented
        return (self.tider, self.sted) == (annen.tider, annen.sted)

    __hash__ = None  # type: ignore[assignment] # compared, never kept

    @property
    def start(self) -> datetime.datetime:
        return self.tider[0][0]

    @property
    def naar(self) -> str:
        """The days in words."""
        return dager.written(self.tider)

    @property
    def datoene(self) -> str:
        """The days without hours."""
        return dager.dates_written(self.tider)


# --- the calendar


def calendar_maker(
    samling: Samling, *, avlyst: bool = False, bare_deg: bool = False, svart: bool = False
) -> Callable[..., Kalenderfil]:
    """What makes each recipient's calendar file, with the days they come; the gathering is read once, and put
    together once per language and choice of days. `bare_deg`: it goes on, and is taken out of the recipient's
    calendar. `svart`: they come."""
    alle, laget = dager.times(samling), timezone.now()
    valgt = {} if avlyst or bare_deg else _chosen(samling)

    @cache
    def in_language(
        _spraak: str | None, med_konto: bool, tider: tuple[Tid, ...]
    ) -> Callable[[str, str], Kalenderfil]:
        hendelse = _event(samling, tider, laget, avlyst=avlyst)
        if not med_konto:  # the page would ask them to sign in
            hendelse = replace(hendelse, url="", beskrivelse="")
        return kalender.make(hendelse, avlyst=avlyst or bare_deg, svart=svart)

    def of_person(
        person: Person, *, valgte: Collection[datetime.date] | None = None
    ) -> Kalenderfil:
        """`valgte`: the days of who has no account, of whom nothing is read here."""
        tider = _times_on(alle, set(valgte or ()) or valgt.get(person.pk))
        return in_language(get_language(), bool(person.pk), tider)(person.navn, person.postadresse)

    return of_person


def calendar_file(samling: Samling, *, person: Person | None = None, url: str = "") -> Kalenderfil:
    """The gathering for anybody's calendar; for `person` with the days they come. `url`: the page it leads to,
    when it is not the members' own."""
    egne = _chosen(samling, person).get(person.pk) if person else None
    tider = _times_on(dager.times(samling), egne)
    hendelse = _event(samling, tider, timezone.now(), avlyst=samling.er_avlyst)
    if url:
        om = _("Program: %(url)s") % {"url": url}
        hendelse = replace(hendelse, url=url, beskrivelse=om)
    return kalender.publish(hendelse, avlyst=samling.er_avlyst)


def _chosen(samling: Samling, person: Person | None = None) -> dict[int, set[datetime.date]]:
    """The days of those who come on some days only, by person. One query, none for a gathering of one day."""
    if not samling.varer_flere_dager:
        return {}
    rader = Deltakelse.objects.filter(samling=samling, status=Deltakelse.Status.PAAMELDT)
    if person:
        rader = rader.filter(verv__person=person)
    return {hvem: set(svar.dager) for hvem, svar in svar_of_each(rader).items() if svar.dager}


def _times_on(alle: Tider, datoer: set[datetime.date] | None) -> tuple[Tid, ...]:
    """Those of the days; all of them without a choice, or when none of the choice is left."""
    egne = [tid for tid in alle if datoer and timezone.localdate(tid[0]) in datoer]
    return tuple(egne or alle)


def _event(
    samling: Samling,
    tider: Tider,
    laget: datetime.datetime,
    *,
    avlyst: bool,
) -> Hendelse:
    url = _whole_address(samling)
    tittel = _("Avlyst: %(tittel)s") % {"tittel": samling.tittel}
    return Hendelse(
        uid=f"{samling.kalender_id}@nettverksportalen",
        sekvens=samling.sekvens,
        tittel=tittel if avlyst else samling.tittel,
        sted=samling.sted,
        beskrivelse=_("Program og påmelding: %(url)s") % {"url": url},
        url=url,
        dager=tider,
        arrangoer=samling.nettverk.navn,
        laget=laget,
    )
