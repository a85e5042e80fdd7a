"""What is kept of a person in mellomarbeid: told on «Mine opplysninger», and what goes with the account."""

import datetime

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from kommuner.gyldighet import idag
from nettverk.arbeid import brevvalg, faste_brev
from nettverk.innlogging import opplysninger
from nettverk.innlogging.avslutning import close
from nettverk.models import Brev, Gruppe, Naar, Nyhet, Person
from nettverk.tilgang.roller import roller_for
from rolu.mellomarbeid import nestesteg, paaminnelse, praksis
from rolu.mellomarbeid.tilbakemelding import (
    TILBAKEMELDING,
    readers,
    say,
    tap_read,
    tap_useful,
    thread,
)
from rolu.models import (
    Kvittering,
    Mellomarbeid,
    Nestesteg,
    Paaminnelse,
    Praksisbruk,
    Praksisfortelling,
    Tilbakemelding,
)
from rolu.stoette.handlinger import note_talk
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.nettverk.test_nyheter import MANDAG, last_week
from tests.rolu.factories import (
    FortellingFactory,
    LoggpostFactory,
    MellomarbeidFactory,
    OppdragFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def arbeid() -> Mellomarbeid:
    nettverk, gruppe = nettverk_med_enhet(paakrevde_roller=[])
    return MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, tittel="Utforsk ute"),
        gruppe=gruppe,
        kommune=gruppe.enhet.kommune_per(),
        levert_=True,
    )


def roller(person: Person, arbeid: Mellomarbeid):
    return roller_for(person, arbeid.nettverk)


def kept(person: Person) -> dict[str, str]:
    """All that is told, each part as one text."""
    return {str(del_.tittel): repr(del_.rader) for del_ in opplysninger.gather(person)}


def test_what_one_has_shared_used_done_said_and_read_is_told(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    koord = koordinator(arbeid.nettverk)
    nabo = GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True)
    mitt = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=arbeid.nettverk), gruppe=nabo, kommune=arbeid.kommune
    )
    VervFactory(gruppe=nabo, person=leder)
    andres = MellomarbeidFactory(
        oppdrag=arbeid.oppdrag,
        gruppe=GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True),
        levert_=True,
    )
    praksis.share(arbeid, tittel="Vi målte fjæra", tekst="Med tau", by=leder)
    praksis.use(
        FortellingFactory(mellomarbeid=andres, tittel="Skogen"),
        mellomarbeid=mitt,
        dato=idag(),
        by=leder,
    )
    say(arbeid, tekst="Takk for ordene", by=leder)
    say(arbeid, tekst="Hemmelig om andre", by=koord, nevnte=[leder.pk])
    tap_read(arbeid, by=leder, roller=roller(leder, arbeid))
    tap_useful(andres, enhet=nabo.enhet_id, by=leder)
    steg = Nestesteg.objects.create(
        loggpost=LoggpostFactory(mellomarbeid=arbeid, skrevet_av=leder), tekst="Ring PPT"
    )
    nestesteg.tick(steg, gjort=True, by=leder)
    Paaminnelse.objects.create(oppdrag=arbeid.oppdrag, person=leder, frist=idag(), dager=2)

    alt = kept(leder)

    def told(del_: str, *ordene: str) -> bool:
        return all(ord_ in alt[del_] for ord_ in ordene)

    assert told("Fortellinger du har delt i Praksis", "Vi målte fjæra", "Med tau")
    assert told("Fortellinger du har tatt i bruk", "Skogen")
    assert told("Tilbakemeldinger du har skrevet eller er nevnt i", "Takk for ordene")
    assert "Hemmelig om andre" not in alt["Tilbakemeldinger du har skrevet eller er nevnt i"]
    assert told("Mellomarbeid du har lest, eller sagt er nyttig", "'lest'", str(nabo.enhet))
    assert told("Neste steg du har krysset av", "Ring PPT")
    assert told("Frister du er påminnet om", "Utforsk ute")
    assert told("Det som venter på neste samlede e-post til deg", "nevner deg")
    assert not any("fjæra" in tekst or "Ring PPT" in tekst for tekst in kept(koord).values())


def test_what_one_did_to_support_a_unit_is_told(arbeid):
    koord = koordinator(arbeid.nettverk)
    note_talk(
        arbeid.nettverk, arbeid.gruppe.enhet, dato=idag(), tekst="Vi snakket om fjæra", by=koord
    )

    assert "Vi snakket om fjæra" in kept(koord)["Støtte til enheter"]


def test_what_units_need_of_ones_own_group_is_told_until_it_is_done(arbeid):
    ppt = GruppeFactory(nettverk=arbeid.nettverk, type=Gruppe.Type.FAGMILJO, navn="PPT")
    raadgiver = VervFactory(gruppe=ppt).person
    annen = gruppemedlem(GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True))
    steg = Nestesteg.objects.create(
        loggpost=LoggpostFactory(mellomarbeid=arbeid), hos=ppt, tekst="Se på språkmiljøet"
    )
    del_ = "Neste steg der enheter trenger en gruppe du er med i"

    foer = kept(raadgiver)
    nestesteg.tick(steg, gjort=True, by=raadgiver)

    assert "Se på språkmiljøet" in foer[del_]
    assert del_ not in kept(annen)
    assert del_ not in kept(Person.objects.get(pk=raadgiver.pk))


def test_closing_the_account_takes_what_waited_and_leaves_what_is_the_units(arbeid):
    leder, koord = enhetsleder(arbeid.gruppe), koordinator(arbeid.nettverk)
    kollega = enhetsleder(arbeid.gruppe)
    praksis.share(arbeid, tittel="Vi målte fjæra", by=leder)
    say(arbeid, tekst="Hva så dere?", by=koord, nevnte=[leder.pk])
    say(arbeid, tekst="Mye rart", by=leder)
    tap_read(arbeid, by=leder, roller=roller(leder, arbeid))
    Paaminnelse.objects.create(oppdrag=arbeid.oppdrag, person=leder, frist=idag(), dager=2)
    brevvalg.choose(leder, {TILBAKEMELDING: Naar.STRAKS})
    say(arbeid, tekst="Fint", by=koord)
    last_week()

    close(person=leder)

    assert not Nyhet.objects.filter(til=leder).exists()
    assert not Paaminnelse.objects.filter(person=leder).exists()
    assert Brev.objects.get(til=leder).tilstand == Brev.Tilstand.TRUKKET
    assert leder not in {leser.person for leser in readers(arbeid)}
    traaden = thread(arbeid, roller(kollega, arbeid), kan_si=True)
    assert [(t.tekst, t.skrevet_av) for t in traaden.innlegg][1] == ("Mye rart", leder)
    assert [k.person for k in traaden.lest_av] == [leder]
    assert Praksisfortelling.objects.get().er_vist
    faste_brev.send_due(MANDAG)
    assert Brev.objects.filter(til=leder).count() == 1
    # Nobody writes to an account that is closed.
    say(arbeid, tekst=f"Hei @{leder.navn}", by=koord)
    assert not Nyhet.objects.filter(til=leder).exists()


def test_a_closed_account_is_not_reminded_again(arbeid):
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(status="kladd", levert=None)
    naa = timezone.now()
    oppdrag = arbeid.oppdrag
    oppdrag.frist = timezone.localdate(naa) + datetime.timedelta(days=14)
    oppdrag.gitt = naa - datetime.timedelta(days=30)
    oppdrag.save()
    leder, blir = enhetsleder(arbeid.gruppe), enhetsleder(arbeid.gruppe)
    close(person=leder)

    assert paaminnelse.remind(arbeid.nettverk, naa) == 1

    assert Brev.objects.get().til == blir
    assert not Paaminnelse.objects.filter(person=leder).exists()


def test_who_has_written_is_not_deleted_and_taps_go_with_who_has_not(arbeid):
    skrev, tappet = koordinator(arbeid.nettverk), koordinator(arbeid.nettverk)
    say(arbeid, tekst="Fint", by=skrev, nevnte=[tappet.pk])
    tap_read(arbeid, by=tappet, roller=roller(tappet, arbeid))
    Paaminnelse.objects.create(oppdrag=arbeid.oppdrag, person=tappet, frist=idag(), dager=2)
    tappet.verv.all().delete()

    with pytest.raises(ProtectedError):
        skrev.delete()
    tappet.delete()

    assert Tilbakemelding.objects.get().nevnte.count() == 0
    assert not Kvittering.objects.exists()
    assert not Paaminnelse.objects.exists()
    assert not Praksisbruk.objects.exists()
