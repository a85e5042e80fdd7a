"""The page where one answers: one form that loses nothing, who comes instead, and what can be done when it is closed."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from nettverk.models import Brev, Gruppe
from rolu.models import Behov, Deltakelse, Gjest, Samling
from rolu.samlinger import bekreftelse, innsjekk, koder, paamelding
from rolu.samlinger.paamelding import Vara
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    koordinator,
    medlem,
)
from tests.rolu.factories import DeltakelseFactory, GjestFactory, invited_group

pytestmark = pytest.mark.django_db
S = Deltakelse.Status


@pytest.fixture
def scene():
    return invited_group()


def url(samling, navn="paamelding") -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk])


def posted(scene, **svar) -> dict:
    samling, gruppe, leder, med = scene
    [naa] = paamelding.group_answers(samling, [gruppe])
    return {
        "gruppe": gruppe.pk,
        "stand": naa.stand,
        f"svar_{leder.verv.get().pk}": "ja",
        f"svar_{med.verv.get().pk}": "ja",
        "behovet": "1",
        **svar,
    }


def with_substitute(scene, *, epost="vigdis@skole.example") -> Gjest:
    samling, gruppe, leder, med = scene
    [naa] = paamelding.group_answers(samling, [gruppe])
    paamelding.sign_up_group(
        samling,
        gruppe=gruppe,
        kommer=[leder.verv.get().pk],
        varaer={med.verv.get().pk: Vara("Vigdis Vara", epost)},
        stand=naa.stand,
        by=leder,
    )
    return Gjest.objects.get()


# --- one form


def test_the_answer_of_the_group_and_what_one_needs_are_saved_in_one_act(scene, client):
    samling, _gruppe, leder, med = scene
    client.force_login(leder)

    side = client.get(url(samling)).text
    nei = f"svar_{med.verv.get().pk}"
    feil = client.post(
        url(samling), posted(scene, behov=["vegetar"], **{nei: "vara"})
    )  # the substitute has no name
    ingenting = Behov.objects.exists()
    client.post(url(samling), posted(scene, behov=["vegetar"], **{nei: "nei"}))

    assert side.count('class="app-skjema') == 1
    assert (feil.status_code, ingenting) == (422, False)
    assert feil.context["behovskjema"]["behov"].value() == ["vegetar"]
    assert Behov.objects.get().valg == ["vegetar"]
    assert Deltakelse.objects.get(verv__person=med).status == S.AVMELDT


def test_several_groups_are_answered_in_one_form(scene, client):
    samling, gruppe, leder, _med = scene
    enhet = EnhetFactory(kommune=gruppe.enhet.kommune_per())
    annen = GruppeFactory(nettverk=samling.nettverk, utviklingsgruppe=True, enhet=enhet)
    verv = VervFactory(gruppe=annen, person=leder, rolle=leder.verv.get().rolle)
    DeltakelseFactory(samling=samling, verv=verv)
    client.force_login(leder)
    skjemaer = client.get(url(samling)).context["svar"]

    client.post(
        url(samling),
        {
            "gruppe": [form.svar.gruppe.pk for form in skjemaer],
            "stand": [form.svar.stand for form in skjemaer],
            **{linje["navn"]: "ja" for form in skjemaer for linje in form.linjer},
        },
    )

    assert {form.svar.gruppe for form in skjemaer} == {gruppe, annen}
    assert set(Deltakelse.objects.values_list("status", flat=True)) == {S.PAAMELDT}


def test_the_own_answer_and_what_one_needs_are_saved_in_one_act(scene, client):
    samling, _gruppe, _leder, med = scene
    rad = Deltakelse.objects.get(verv__person=med)
    client.force_login(med)

    client.post(
        url(samling),
        {"deltakelse": rad.pk, "svar": "ja", "behovet": "1", "behov": ["egg"]},
    )
    client.post(
        url(samling),
        {"deltakelse": rad.pk, "svar": "behov", "behovet": "1", "behov": ["svin"]},
    )

    rad.refresh_from_db()
    assert rad.status == S.PAAMELDT
    assert Behov.objects.get().valg == ["svin"]


# --- a substitute


def test_who_has_a_substitute_sees_who_and_is_asked_before_they_are_sent_away(scene, client):
    samling, _gruppe, leder, med = scene
    vara = with_substitute(scene)
    rad = Deltakelse.objects.get(verv__person=med)
    client.force_login(med)

    side = " ".join(client.get(url(samling)).text.split())
    hjelper = client.post(url(samling), {"deltakelse": rad.pk, "svar": "ja"}, follow=True).text
    vara.refresh_from_db()
    foer = vara.status
    client.post(url(samling), {"deltakelse": rad.pk, "svar": "ja", "uten_vara": "on"})

    vara.refresh_from_db()
    [brev] = Brev.objects.filter(slag=bekreftelse.VARA_UTE)
    assert f"{leder.navn} har svart at Vigdis Vara kommer i stedet for deg." in side
    assert "Vigdis Vara er meldt på i stedet for deg." in hjelper
    assert (foer, vara.status) == ("paameldt", "avmeldt")
    assert brev.til == leder
    assert f"{med.navn} kommer likevel" in brev.emne
    assert "Vigdis Vara får e-post om det." in brev.tekst


def test_the_letter_to_a_substitute_names_whom_to_tell(scene):
    _samling, _gruppe, leder, _med = scene

    with_substitute(scene)

    brev = Brev.objects.get(epost="vigdis@skole.example")
    assert f"den som meldte deg på: {leder.navn}." in " ".join(brev.tekst.split())
    assert "spesiell mat" in brev.tekst


def test_a_substitute_without_an_address_is_promised_no_letter(scene, client):
    samling, _gruppe, leder, med = scene
    Samling.objects.filter(pk=samling.pk).update(kapasitet=1)
    pk = med.verv.get().pk
    client.force_login(leder)

    side = client.post(
        url(samling),
        posted(scene, **{f"svar_{pk}": "vara", f"vara_navn_{pk}": "Vigdis Vara"}),
        follow=True,
    ).text

    assert "Vi har ingen e-postadresse til Vigdis Vara, så du må si fra selv." in side


def test_the_code_of_who_is_signed_off_does_not_invite_them(scene, client):
    samling = scene[0]
    vara = GjestFactory(samling=samling, navn="Per Vara", status="avmeldt")
    kode = koder.codes_of(samling, [], [vara.pk])[1][vara.pk]

    svar = client.get(reverse("kode", args=[kode]))

    assert "Du kan sjekke inn" not in svar.text
    assert "Du er avmeldt" in svar.text


# --- the day


def on_the_day(samling, **felt) -> None:
    naa = timezone.now()
    Samling.objects.filter(pk=samling.pk).update(
        start=naa - datetime.timedelta(minutes=5), slutt=naa + datetime.timedelta(minutes=5), **felt
    )
    samling.refresh_from_db()


def test_who_is_in_is_told_so_and_asked_nothing(scene, client):
    samling, _gruppe, leder, _med = scene
    on_the_day(samling)
    client.force_login(leder)

    foer = client.get(url(samling, "samling")).text
    kode = koder.code_of(samling, leder)
    client.post(reverse("kode", args=[kode]))
    etter = " ".join(client.get(url(samling, "samling")).text.split())

    assert "Jeg er her" in foer
    assert "Åpne koden" in foer
    assert "Du er registrert" in etter
    assert "1 av 2 har møtt" in etter
    for spoersmaal in ("Kommer dere?", "dere har ikke svart", "koden i skranken", "Svar innen"):
        assert spoersmaal not in etter


@pytest.mark.parametrize("status", [Samling.Status.INVITERT, Samling.Status.PAAGAAR])
def test_the_days_gathering_is_the_first_on_the_home_page(scene, client, status):
    samling, _gruppe, _leder, med = scene
    on_the_day(samling, status=status)
    client.force_login(med)

    hjem = client.get(reverse("nettverk:hjem", args=[samling.nettverk.slug])).text
    innsjekk.check_in(samling, person=med, by=None)
    etter = client.get(reverse("nettverk:hjem", args=[samling.nettverk.slug])).text

    assert reverse("kode", args=[koder.code_of(samling, med)]) in hjem
    assert "Du er registrert." in etter


@pytest.mark.parametrize(
    ("status", "tekst"),
    [
        (Samling.Status.PAAGAAR, "Du kan komme selv om du ikke har svart."),
        (Samling.Status.OPPSUMMERING, "kan koordinatoren rette det"),
        (Samling.Status.AVLYST, "Samlingen blir ikke holdt"),
    ],
)
def test_a_page_that_is_closed_says_what_one_can_do_and_asks_nothing(scene, client, status, tekst):
    samling, _gruppe, leder, med = scene
    on_the_day(samling, status=status)

    for person in (leder, med):
        client.force_login(person)
        side = client.get(url(samling)).text
        assert tekst in side
        assert "Kommer du?" not in side
        assert 'data-color="warning"' not in side
        if status != Samling.Status.PAAGAAR:
            assert "Det du trenger" not in side


def test_who_is_not_invited_is_told_that_alone_and_is_not_led_to_an_empty_list(scene, client):
    samling = scene[0]
    GjestFactory(samling=samling, status="venter")
    client.force_login(medlem(samling.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE))
    Samling.objects.filter(pk=samling.pk).update(
        paameldingsfrist=timezone.localdate() - datetime.timedelta(days=1)
    )

    side = client.get(url(samling)).text
    samlingen = client.get(url(samling, "samling")).text

    assert "Du er ikke invitert til denne samlingen" in side
    assert "app-skjema" not in side
    assert "gått ut" not in side
    assert url(samling, "samling_deltakere") not in samlingen
    assert "0 kommer" not in client.get(url(samling, "samling_deltakere")).text


def test_who_waits_is_told_in_one_way(scene, client):
    samling, gruppe, _leder, med = scene
    Deltakelse.objects.filter(verv__person=med).update(status=S.VENTER, svart=timezone.now())
    GjestFactory(samling=samling, gruppe=gruppe, status="venter")
    Samling.objects.filter(pk=samling.pk).update(kapasitet=2)
    client.force_login(koordinator(samling.nettverk))

    lista = " ".join(client.get(url(samling, "samling_deltakere")).text.split())

    assert "2 på venteliste, av dem 1 vara eller gjest" in lista
