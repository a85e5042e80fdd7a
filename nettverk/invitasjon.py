"""Invitations: a letter to those who have a Verv about what they are here, and how they sign in.

Whoever has not answered (`Ubesvart`) gets the same letter and is shown the same, whether the address is a
new account or belongs to one that the network does not know: nobody learns which. Whether a person has
been in says only that they answered here; no time is told.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.gyldighet import idag, periode
from kommuner.models import Plassering
from nettverk.arbeid import brev
from nettverk.arbeid.brev import Utkast, brevslag, key
from nettverk.arbeid.epost import hel_adresse
from nettverk.models import Brev, Gruppe, Nettverk, Person, Rolle, Sikkerhetshendelse, Verv
from nettverk.models.person import PersonQuerySet
from nettverk.tilgang.roller import coordinators, is_coordinating
from nettverk.verv import SVARTE_NEI

MAL = "nettverk/epost/invitasjon.txt"
# Who said no is not invited again meanwhile.
NEI_GJELDER = datetime.timedelta(days=30)


def _has_left(nettverk: Nettverk, brevet: Brev) -> str:
    har = _appointments(nettverk).filter(person=brevet.til_id)
    return "" if har.exists() else _("Personen har ikke lenger noe verv i nettverket.")


INVITASJON = brevslag(
    "nettverk.invitasjon",
    gettext_lazy("Invitasjon til nettverket"),
    url=lambda nettverk: reverse("nettverk:inviter", args=[nettverk.slug]),
    hindrer=_has_left,
    svar_til_avsender=True,
    inviterer=True,
)


def has_been_in(person: Person) -> bool:
    """Whether they have answered, and have signed in some time. Fetch `person` with `ubesvart`."""
    return not hasattr(person, "ubesvart") and person.last_login is not None


@dataclass
class Oppnevnt:
    """Somebody with a Verv here today or soon, and how far the invitation has come."""

    person: Person
    verv: list[Verv] = field(default_factory=list)
    kommuner: set[int] = field(default_factory=set)
    brevet: Brev | None = None
    svarte_nei: bool = False

    @property
    def har_svart(self) -> bool:
        return not hasattr(self.person, "ubesvart")

    @property
    def har_vaert_inne(self) -> bool:
        return has_been_in(self.person)

    @property
    def invitert(self) -> datetime.date | None:
        return timezone.localdate(self.brevet.opprettet) if self.brevet else None

    @property
    def flere_verv(self) -> int:
        """How many more there are than the two that are named in the list."""
        return max(len(self.verv) - 2, 0)

    @property
    def kom_ikke_fram(self) -> bool:
        return self.brevet is not None and self.brevet.er_mislykket

    @property
    def kan_inviteres(self) -> bool:
        """Has not been in, has not said no, and has had no letter today."""
        return not self.har_vaert_inne and not self.svarte_nei and self.invitert != idag()


def _appointments(nettverk: Nettverk) -> Any:
    return Verv.objects.filter(gruppe__nettverk=nettverk, gyldig__overlap=periode(idag()))


def overview(nettverk: Nettverk, personer: Collection[int] | None = None) -> list[Oppnevnt]:
    """Everybody with a Verv today or soon (or those of them in `personer`), by name. Four queries."""
    verv = _appointments(nettverk).filter(person__is_active=True)
    if personer is not None:
        verv = verv.filter(person__in=personer)
    alle: dict[int, Oppnevnt] = {}
    rader = verv.select_related(
        "person__ubesvart", "gruppe__enhet", "representerer", "representerer_partner"
    )
    for ett in rader.order_by("person__sortering", "person", "gruppe__rekkefolge", "pk"):
        ett.gruppe.nettverk = nettverk
        alle.setdefault(ett.person_id, Oppnevnt(ett.person)).verv.append(ett)
    _add_kommuner(alle.values())
    brevene = Brev.objects.filter(nettverk=nettverk, slag=INVITASJON, til__in=alle)
    for brevet in brevene.defer("tekst", "kalender").order_by("opprettet", "pk"):
        alle[brevet.til_id or 0].brevet = brevet
    _add_refusals(nettverk, alle.values())
    return list(alle.values())


def coordinators_by_network() -> dict[int, list[Oppnevnt]]:
    """Those who coordinate each network today or soon, by name, and how far their invitation has come.
    Two queries."""
    verv = coordinators(Verv.objects.filter(gyldig__overlap=periode(idag()))).filter(
        person__is_active=True
    )
    alle: dict[int, dict[int, Oppnevnt]] = defaultdict(dict)
    for ett in verv.select_related("person__ubesvart", "gruppe").order_by(
        "person__sortering", "person", "pk"
    ):
        her = alle[ett.gruppe.nettverk_id]
        her.setdefault(ett.person_id, Oppnevnt(ett.person)).verv.append(ett)
    brevene = Brev.objects.filter(
        slag=INVITASJON, til__in={p for her in alle.values() for p in her}
    )
    for brevet in brevene.defer("tekst", "kalender").order_by("opprettet", "pk"):
        if en := alle[brevet.nettverk_id or 0].get(brevet.til_id or 0):
            en.brevet = brevet
    return {pk: list(her.values()) for pk, her in alle.items()}


def not_invited(nettverk: Nettverk) -> PersonQuerySet:
    """Those with a Verv today or soon who have not been in, and whom no invitation was written to; but
    not those who said no lately: they cannot be invited."""
    brevene = Brev.objects.filter(nettverk=nettverk, slag=INVITASJON, til=OuterRef("pk"))
    return (
        Person.objects.filter(pk__in=_appointments(nettverk).values("person"), is_active=True)
        .exclude(ubesvart__isnull=True, last_login__isnull=False)
        .exclude(Exists(brevene))
        .exclude(ubesvart__konto__in=_refusals(nettverk).values("person"))
    )


def _add_kommuner(alle: Collection[Oppnevnt]) -> None:
    """Where each belongs: where their units lie today, and what they or their group represent."""
    enheter = {v.gruppe.enhet_id for en in alle for v in en.verv if v.gruppe.enhet_id}
    plassert = Plassering.objects.filter(enhet__in=enheter).gyldig()
    kommunen_til = dict(plassert.values_list("enhet", "kommune"))
    for en in alle:
        for v in en.verv:
            kommuner = (
                v.representerer_id,
                v.gruppe.kommune_id,
                kommunen_til.get(v.gruppe.enhet_id or 0),
            )
            en.kommuner |= {k for k in kommuner if k}


def _refusals(nettverk: Nettverk) -> QuerySet[Sikkerhetshendelse]:
    """The accounts that said no to the network lately. Known here: their no ended their Verv."""
    return Sikkerhetshendelse.objects.filter(
        slag=SVARTE_NEI,
        nettverk=nettverk,
        person__isnull=False,
        tid__gt=timezone.now() - NEI_GJELDER,
    )


def _add_refusals(nettverk: Nettverk, alle: Iterable[Oppnevnt]) -> None:
    """Who said no lately, and is written down anew."""
    kontoer: dict[int, list[Oppnevnt]] = defaultdict(list)
    for en in alle:
        if not en.har_svart and en.person.ubesvart.konto_id:
            kontoer[en.person.ubesvart.konto_id].append(en)
    nei = _refusals(nettverk).filter(person__in=kontoer)
    for konto in nei.values_list("person", flat=True):
        for en in kontoer[konto or 0]:
            en.svarte_nei = True


# --- the letter


@transaction.atomic
def invite(personer: Collection[int], *, nettverk: Nettverk, by: Person) -> list[Brev]:
    """Write to each of `personer` once today, about all their Verv here; returns the new letters.

    One who had a letter today gets no other; if it has not gone yet, it is written anew. Nobody without a
    Verv, and nobody who said no lately.
    """
    utkastene = [
        _draft(en, nettverk, by) for en in overview(nettverk, personer) if not en.svarte_nei
    ]
    nye = brev.queue_many(utkastene, nettverk=nettverk, slag=INVITASJON, om=nettverk, by=by)
    har_ny = {ett.noekkel for ett in nye}
    brev.rewrite((u for u in utkastene if u.noekkel not in har_ny), nettverk=nettverk)
    return nye


def _draft(en: Oppnevnt, nettverk: Nettverk, by: Person) -> Utkast:
    noekkel = key(INVITASJON, nettverk, "person", en.person.pk, idag().isoformat())
    return Utkast(en.person, MAL, noekkel, letter_data(en, nettverk, by))


def preview(en: Oppnevnt, *, nettverk: Nettverk, by: Person) -> dict[str, str]:
    """The letter to one of them, before it is sent."""
    return brev.preview(MAL, til=en.person, nettverk=nettverk, data=letter_data(en, nettverk, by))


def letter_data(en: Oppnevnt, nettverk: Nettverk, by: Person) -> dict[str, Any]:
    return {
        "av": by.navn,
        "verv": [
            {
                "rolle": nettverk.rollenavn(v.rolle),
                "gruppe": v.gruppe.navn,
                "for": v.representant_for.navn if v.representant_for else "",
                "fra": v.fra if v.fra and v.fra > idag() else None,
            }
            for v in en.verv
        ],
        "foerst": _first_thing(en.verv, nettverk),
        "adresse": hel_adresse(f"{reverse('nettverk:etter_innlogging')}?nettverk={nettverk.slug}"),
    }


def _first_thing(verv: list[Verv], nettverk: Nettverk) -> str:
    """What the person does first, by the most they may do here."""
    if any(is_coordinating(v.gruppe.type, v.rolle) for v in verv):
        return "koordinator" if nettverk.satt_opp else "oppstart"
    if any(
        v.gruppe.type == Gruppe.Type.UTVIKLINGSGRUPPE and v.rolle == Rolle.FORMELL_LEDER
        for v in verv
    ):
        return "enhetsleder"
    if any(
        v.gruppe.type == Gruppe.Type.FAGNETTVERK and v.rolle == Rolle.OPPVEKSTANSVARLIG
        for v in verv
    ):
        return "kommune"
    return "medlem"
