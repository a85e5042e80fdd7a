"""Name and address are corrected, by those who answer for the group (docs/valg/rette-en-adresse.md).

An account's address is never changed here: whoever has the address, has the account. What a new address
means is a new place: the Verv in this network stand on another row from now on, as if the person had been
written down with that address from the start. Whose the address is, and whether anybody has it, is as
little told as when somebody is appointed (`nettverk.verv`).
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.types.range import DateRange

from kommuner.gyldighet import idag, periode
from nettverk.arbeid import brev
from nettverk.arbeid.brev import brevslag
from nettverk.arbeid.epost import hel_adresse
from nettverk.arbeid.kalender import address
from nettverk.flater import Overtakelse
from nettverk.models import Brev, Nettverk, Person, Ubesvart, Verv
from nettverk.mottakere.folk import replace_person
from nettverk.overtakelse import hand_over
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.grenser import Grense
from nettverk.sikkerhet.logg import hendelsesslag, record
from nettverk.sikkerhet.vakt import VERV_ENDRET, VERV_GITT, note_many
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import hold, mark
from nettverk.tilgang.roller import Roller, whom_to_ask
from nettverk.verv import (
    can_end,
    close_unanswered,
    held,
    known_in,
    may_write_to,
    people_for,
    require_coordinator_besides,
    take_turns,
)

NAVN_RETTET = hendelsesslag(
    "nettverk.navn_rettet", gettext_lazy("Navnet på en person rettet av en annen")
)
ADRESSE_RETTET = hendelsesslag(
    "nettverk.adresse_rettet", gettext_lazy("Verv flyttet til en annen e-postadresse")
)
RETTET = brevslag("nettverk.rettet", gettext_lazy("Navn eller e-postadresse er rettet"))


# Whoever is renamed gets a letter each time, with words of the sender's own.
_NAVN = Grense("nettverk.navn_rettet", 3, datetime.timedelta(days=1))


def state_of(person: Person) -> str:
    """A mark of what is corrected: a page opened before somebody else's correction carries another."""
    return mark(f"{person.navn}\n{person.postadresse}")


def may_change_name(person: Person, roller: Roller, *, by: Person) -> bool:
    """The name is the account's, in every network: a leader corrects it until the person has been in, when
    they sit nowhere else here; a coordinator does, but for an administrator. One's own, always."""
    if person == by:
        return True
    if person.is_superuser:
        return False
    if roller.er_koordinator:
        return True
    andre = _places(person, roller.nettverk).exclude(gruppe__enhet__in=roller.enheter_ledet)
    return person.last_login is None and not andre.exists()


def _places(person: Person, nettverk: Nettverk) -> Any:
    return Verv.objects.filter(
        person=person, gruppe__nettverk=nettverk, gyldig__overlap=periode(idag())
    )


def that_move(person: Person, roller: Roller, *, hold: bool = False) -> list[Verv]:
    """The Verv that stand on the new address afterwards: all in the network when a coordinator corrects,
    those in the own units' groups when a leader does. With `hold` nobody ends one of them until the
    transaction does."""
    verv = _places(person, roller.nettverk)
    if not roller.er_koordinator:
        verv = verv.filter(gruppe__enhet__in=roller.enheter_ledet)
    if not hold:
        return list(verv.select_related("person", "gruppe__nettverk").order_by("pk"))
    # One may have been ended while we waited for it.
    return [ett for ett in held(verv) if can_end(ett)]


@transaction.atomic
def correct(
    person: Person, *, navn: str, epost: str, stand: str, roller: Roller, by: Person
) -> bool:
    """Write name and address as they should be; False when they were so. The old and the new address get
    a letter.

    `stand` is the mark that the page was opened with. Raises KanIkke when somebody has corrected it since,
    when the address is another member's, when it is one's own, and when nobody would coordinate the network
    until the new address has answered.
    """
    nettverk = roller.nettverk
    # Groups and Verv, then the person, then the address: as everybody who appoints does.
    hold(nettverk)
    flyttes = that_move(person, roller, hold=True)
    rad = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if state_of(rad) != stand:
        raise KanIkke(
            _("Noen andre har rettet dette i mellomtiden. Åpne siden på nytt, og se over.")
        )
    navn, epost = navn.strip(), epost.strip().lower()
    if epost != rad.postadresse:
        _move(rad, flyttes, navn=navn, epost=epost, nettverk=nettverk, by=by)
    elif navn != rad.navn:
        _rename(rad, navn=navn, roller=roller, by=by)
    else:
        return False
    return True


# --- the name


def _rename(person: Person, *, navn: str, roller: Roller, by: Person) -> None:
    if not may_change_name(person, roller, by=by):
        raise KanIkke(_("Navnet kan personen rette selv, på siden «Min konto»."))
    if person != by and not grenser.take(_NAVN, person.pk):
        raise KanIkke(_("Navnet er rettet flere ganger i dag. Vent til i morgen."))
    foer, person.navn = person.navn, navn
    person.save(update_fields=["navn"])
    record(NAVN_RETTET, person=person, by=by, nettverk=roller.nettverk)
    if person != by:
        # The same name may be corrected back and forth: each time is a state of its own in the history.
        hendelser = apps.get_model("nettverk", "PersonEvent").objects
        stand = hendelser.filter(pgh_obj=person).latest("pgh_id").pk
        _write(person, "navn", nettverk=roller.nettverk, by=by, stand=stand, foer=foer, naa=navn)


# --- the address


def _move(
    person: Person,
    flyttes: Sequence[Verv],
    *,
    navn: str,
    epost: str,
    nettverk: Nettverk,
    by: Person,
) -> None:
    if person == by:
        raise KanIkke(_("Bare en annen koordinator eller administratoren kan rette adressen din."))
    # Nobody appoints the same address meanwhile.
    take_turns([epost])
    if known_in(nettverk, epost):
        raise KanIkke(
            _(
                "Adressen hører til en annen i nettverket. Er det den som skal ha vervet, avslutter du dette vervet og legger til den andre."
            )
        )
    if not flyttes:
        raise KanIkke(_("Vervet er allerede avsluttet."))
    require_coordinator_besides(flyttes, fra=idag(), by=by)
    har_svart = not Ubesvart.objects.filter(person=person, nettverk=nettverk).exists()
    ny = people_for({epost: navn}, nettverk=nettverk, by=by, spoer=False)[epost]
    gammel_adresse = person.postadresse
    flytter_helt = not _places(person, nettverk).exclude(pk__in=[v.pk for v in flyttes]).exists()
    if flytter_helt:
        # Before the Verv end: then what waits for the old address is withdrawn.
        _readdress(person, ny, nettverk)
    if har_svart:
        _begin_anew(flyttes, ny, by=by)
    else:
        _write_on(flyttes, ny, by=by)
    if flytter_helt:
        replace_person(person, ny, nettverk=nettverk)
        close_unanswered(nettverk, [person.pk])
    # A Verv leaves an address once.
    stand = flyttes[0].pk
    record(ADRESSE_RETTET, person=person, by=by, nettverk=nettverk, verv=len(flyttes))
    _write(
        person,
        "fra_adressen" if har_svart else "feil_adresse",
        nettverk=nettverk,
        by=by,
        stand=stand,
        epost=gammel_adresse,
        naa=epost,
    )
    # Who has said no, or was asked lately, is not written to again and again; the answer here is the same.
    if may_write_to(epost, nettverk):
        _write(ny, "til_adressen", nettverk=nettverk, by=by, stand=stand, naa=epost)


def _write_on(verv: Sequence[Verv], ny: Person, *, by: Person) -> None:
    """Nobody has been here by the old address: the Verv were meant for the new one all the time, and what
    hangs on them follows."""
    Verv.objects.filter(pk__in=[ett.pk for ett in verv]).update(person=ny)
    note_many(VERV_ENDRET, verv, by=by, felt=["person"])


def _begin_anew(verv: Sequence[Verv], ny: Person, *, by: Person) -> None:
    """The account keeps what it has done, until today; from today the same Verv stand on the new address."""
    i_dag = idag()
    nye = [
        Verv(
            person=ny,
            gruppe=ett.gruppe,
            rolle=ett.rolle,
            tittel=ett.tittel,
            representerer_id=ett.representerer_id,
            representerer_partner_id=ett.representerer_partner_id,
            gyldig=DateRange(max(ett.fra or i_dag, i_dag), ett.til),
        )
        for ett in verv
    ]
    for ett in verv:
        ett.gyldig = ett.ended(i_dag)
    Verv.objects.bulk_update(verv, ["gyldig"])
    Verv.objects.bulk_create(nye)
    note_many(VERV_ENDRET, verv, by=by, felt=["gyldig"])
    note_many(VERV_GITT, nye, by=by)
    par = zip(verv, nye, strict=True)
    hand_over(
        [Overtakelse(gammelt, i_dag, nytt, samme_person=True) for gammelt, nytt in par], by=by
    )


def _readdress(fra: Person, til: Person, nettverk: Nettverk) -> None:
    """Letters that wait go to the new address, but for those about an address: each says its own."""
    venter = Brev.objects.filter(nettverk=nettverk, til=fra).exclude(slag=RETTET).waiting()
    rader = list(venter.select_for_update(of=("self",)).order_by("pk"))
    for rad in rader:
        rad.til, rad.epost = til, til.postadresse
        rad.kalender = address(rad.kalender, til.navn, til.postadresse)
    Brev.objects.bulk_update(rader, ["til", "epost", "kalender"])


# --- the letters


def _write(
    til: Person,
    hva: str,
    *,
    nettverk: Nettverk,
    by: Person,
    stand: int,
    epost: str = "",
    **data: str,
) -> None:
    """Tell one of the addresses, once of each correction (`stand`). `epost` is where, when the row has it
    no longer."""
    folk = [ett.person for ett in whom_to_ask(nettverk) if ett.person_id != til.pk]
    brev.queue(
        til=til,
        epost=epost,
        nettverk=nettverk,
        slag=RETTET,
        om=nettverk,
        mal="nettverk/epost/rettet.txt",
        data={
            "hva": hva,
            "av": by.navn,
            # Where nobody has been in, the letter may reach a stranger.
            "koordinatorer": [
                en.navn if hva == "feil_adresse" else f"{en.navn} ({en.postadresse})"
                for en in folk[:3]
            ],
            "adresse": hel_adresse(""),
            **data,
        },
        noekkel=brev.key(RETTET, nettverk, "person", til.pk, hva, stand),
        by=by,
    )
