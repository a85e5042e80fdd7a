"""A unit's own line over the years: what stands on it, and for whom."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from nettverk.models import Rolle
from rolu.mellomarbeid.enhetslinje import Linjehendelse, draw
from tests.kommuner.factories import LENGE_SIDEN
from tests.nettverk.factories import GruppeFactory, VervFactory, gruppemedlem, nettverk_med_enhet
from tests.rolu.factories import (
    DeltakelseFactory,
    MellomarbeidFactory,
    OppdragFactory,
    SamlingFactory,
)


def test_an_event_stands_where_its_day_is_and_one_alone_is_no_line():
    dato = datetime.date(2026, 6, 1)
    en = Linjehendelse(datetime.date(2025, 1, 1), None, "Samling", "3 møtte", "ja")
    to = Linjehendelse(datetime.date(2026, 1, 1), dato, "Leder", "leder")

    linje = draw([("Samlinger", [en]), ("Leder", [to])], dato)

    assert draw([("Samlinger", [en])], dato) is None
    assert linje is not None
    assert [rad.plassert[0].x for rad in linje.rader] == ["0.00%", "50.00%"]
    assert (linje.fra, linje.til) == (2025, 2026)


@pytest.mark.django_db
def test_the_unit_sees_its_years_and_others_no_more_than_they_may():
    nettverk, gruppe = nettverk_med_enhet()
    leder = VervFactory(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER, gyldig=periode(LENGE_SIDEN))
    samling = SamlingFactory(nettverk=nettverk, avholdt=True, tittel="Høstsamlinga")
    DeltakelseFactory(samling=samling, verv=leder, moett=timezone.now(), status="paameldt")
    oppdrag = OppdragFactory(nettverk=nettverk, tittel="Lesestunder")
    MellomarbeidFactory(oppdrag=oppdrag, gruppe=gruppe, levert_=True)
    adresse = reverse("nettverk:enhet", args=[nettverk.slug, gruppe.enhet.referanse])

    def seen_by(person) -> str:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client.get(adresse).text

    egen = seen_by(leder.person)
    annen = seen_by(gruppemedlem(GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)))

    assert "Gjennom årene" in egen
    assert "Høstsamlinga" in egen
    assert "1 av 1 møtte" in egen
    # The leader still leads: there is no end.
    tabell = egen[egen.index("Årene til enheten") :].split("</table>")[0]
    assert f"fra {LENGE_SIDEN:%d.%m.%Y}" in " ".join(tabell.split())
    assert f"{idag():%d.%m.%Y}" not in tabell.split("leder for")[0]
    assert "Høstsamlinga" not in annen
    assert "Lesestunder" not in annen
