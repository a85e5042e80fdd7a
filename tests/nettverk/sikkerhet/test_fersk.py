"""A fresh sign-in before sensitive acts: who is asked, how they confirm, and that nothing written is lost."""

import datetime
import json
import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.db.models.signals import post_save
from django.http import SimpleCookie
from django.test import Client
from django.urls import reverse

from kommuner.gyldighet import idag
from nettverk.models import Brev, Gruppe, Person, Rolle, Sikkerhetshendelse, Verv
from nettverk.sikkerhet import fersk
from nettverk.sikkerhet.forsegling import unseal
from tests.nettverk.factories import PersonFactory, enhetsleder, koordinator, nettverk_med_enhet
from tests.okt import pass_time, sign_in_administrator
from tests.samtidig import at_once
from tests.tilgang.verden import Verden, lag_verden

pytestmark = pytest.mark.django_db

KODE = "/konto/bekreft/e-post/"


@pytest.fixture(autouse=True)
def _no_earlier_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def gruppe() -> Gruppe:
    return nettverk_med_enhet()[1]


@pytest.fixture
def leder(client: Client, gruppe: Gruppe) -> Person:
    """Signed in twenty minutes ago, with a code by e-mail."""
    leder = enhetsleder(gruppe)
    client.force_login(leder)
    pass_time(client, minutter=20)
    return leder


def _ny(gruppe: Gruppe) -> str:
    return reverse("nettverk:verv_ny", args=[gruppe.nettverk.slug, gruppe.pk])


def _kari() -> dict[str, str]:
    return {
        "navn": "Kari Utviklingslærer",
        "epost": "kari@demo.example",
        "rolle": Rolle.UTVIKLINGSLAERER,
        "fra": idag().isoformat(),
    }


def _code() -> str:
    brev = Brev.objects.filter(slag="nettverk.innloggingskode").latest("pk")
    funnet = re.search(r"\d{4} \d{4} \d{4}", json.loads(unseal(brev.tekst))[1])
    assert funnet
    return funnet[0]


def _confirm(client: Client, adresse: str):
    """Open the page that asks, and write the code of the mail."""
    videre = client.get(adresse).context["redirect_field_value"]
    return client.post(KODE, {"code": _code(), "next": videre})


def test_form_asks_when_it_is_opened_and_leads_back(client: Client, gruppe: Gruppe, leder: Person):
    adresse = _ny(gruppe) + "?rolle=pp_raadgiver"

    svar = client.get(adresse)
    assert svar["Location"].startswith(KODE)
    assert "Det du skrev" not in client.get(svar["Location"]).text
    svar = _confirm(client, svar["Location"])

    assert svar["Location"] == adresse
    assert client.get(adresse).status_code == 200
    hendelse = Sikkerhetshendelse.objects.get(slag=fersk.FERSK)
    assert (hendelse.person, hendelse.opplysninger) == (leder, {"maate": "code"})


def test_nobody_is_asked_within_fifteen_minutes(client: Client, gruppe: Gruppe):
    client.force_login(enhetsleder(gruppe))
    pass_time(client, minutter=14)

    assert client.get(_ny(gruppe)).status_code == 200


def test_what_was_written_is_done_when_the_person_has_confirmed(
    client: Client, gruppe: Gruppe, leder: Person
):
    adresse = _ny(gruppe) + "?rolle=utviklingslaerer"

    svar = client.post(adresse, _kari())
    assert not Verv.objects.filter(person__epost="kari@demo.example").exists()
    side = client.get(svar["Location"]).text
    assert "Det du skrev, er tatt vare på." in side
    assert f'href="{reverse("nettverk:etter_innlogging")}"' in side
    svar = _confirm(client, svar["Location"])
    svar = client.get(svar["Location"], follow=True)

    assert "Kari Utviklingslærer" in svar.text
    verv = Verv.objects.get(person__epost="kari@demo.example")
    historie = Verv.pgh_event_model.objects.get(pgh_obj=verv)
    assert historie.pgh_context.metadata == {"user": leder.pk, "url": _ny(gruppe)}


def test_what_must_be_mended_stands_in_the_form(client: Client, gruppe: Gruppe, leder: Person):
    svar = client.post(_ny(gruppe), _kari() | {"epost": "kari"})
    svar = _confirm(client, svar["Location"])
    svar = client.get(svar["Location"])

    assert svar.status_code == 422
    assert 'value="Kari Utviklingslærer"' in svar.text


def test_what_was_written_is_not_done_without_confirming(
    client: Client, gruppe: Gruppe, leder: Person
):
    """Nor later, when the person has confirmed for the sake of something else."""
    client.post(_ny(gruppe), _kari())
    assert client.get(_ny(gruppe)).status_code == 302
    _confirm(client, f"{KODE}?next=/konto/avslutt/")

    assert client.get(_ny(gruppe)).status_code == 200
    assert not Verv.objects.filter(person__epost="kari@demo.example").exists()


def test_it_is_done_once(client: Client, gruppe: Gruppe, leder: Person):
    svar = client.post(_ny(gruppe), _kari())
    svar = _confirm(client, svar["Location"])
    client.get(svar["Location"])
    antall = Verv.objects.count()

    client.get(svar["Location"])

    assert Verv.objects.count() == antall


@pytest.mark.django_db(transaction=True)
def test_it_is_done_once_also_when_many_ask_at_the_same_moment(
    client: Client, gruppe: Gruppe, leder: Person
):
    """No idempotency key in the form, so nothing but the waiting form itself stops the second."""
    svar = client.post(_ny(gruppe), _kari())
    adresse = _confirm(client, svar["Location"])["Location"]
    gjort: list[str] = []

    def ask() -> int:
        annen = Client()
        annen.cookies = SimpleCookie({navn: k.value for navn, k in client.cookies.items()})
        return annen.get(adresse).status_code

    def note(sender: object, instance: Verv, created: bool, **mer: object) -> None:
        gjort.append(str(instance.pk))

    post_save.connect(note, sender=Verv)
    try:
        svarene = at_once(*[ask] * 12)
    finally:
        post_save.disconnect(note, sender=Verv)

    assert len(gjort) == 1, svarene
    assert Verv.objects.filter(person__epost="kari@demo.example").count() == 1
    assert sorted(svarene) == [200] * 11 + [302]


def test_a_session_that_brings_it_back_does_not_do_it_again(
    client: Client, gruppe: Gruppe, leder: Person
):
    """A slow request that began before saves the session as it was then."""
    svar = client.post(_ny(gruppe), _kari())
    adresse = _confirm(client, svar["Location"])["Location"]
    foer = dict(client.session.items())
    client.get(adresse)
    Verv.objects.filter(person__epost="kari@demo.example").delete()

    okt = client.session
    okt.update(foer)
    okt.save()

    assert client.get(adresse).status_code == 200
    assert not Verv.objects.filter(person__epost="kari@demo.example").exists()


def test_wrong_code_confirms_nothing_and_counts(client: Client, gruppe: Gruppe, leder: Person):
    adresse = client.get(_ny(gruppe))["Location"]
    client.get(adresse)
    riktig = _code()

    for _i in range(3):
        svar = client.post(KODE, {"code": "0000 0000 0000", "next": _ny(gruppe)})
    assert "Koden gjelder ikke lenger." in svar.text
    svar = client.post(KODE, {"code": riktig, "next": _ny(gruppe)})

    assert svar.status_code == 200
    assert client.get(_ny(gruppe)).status_code == 302
    assert Sikkerhetshendelse.objects.filter(slag="nettverk.feil_kode", person=leder).count() == 3


def test_opening_the_page_again_sends_no_second_code(client: Client, leder: Person):
    client.get(KODE)
    client.get(KODE)

    assert Brev.objects.filter(slag="nettverk.innloggingskode").count() == 1


def test_code_of_another_session_confirms_nothing(client: Client, gruppe: Gruppe, leder: Person):
    annen = Client()
    annen.force_login(leder)
    pass_time(annen, minutter=20)
    annen.get(KODE)

    client.post(KODE, {"code": _code(), "next": _ny(gruppe)})

    assert client.get(_ny(gruppe)).status_code == 302


def test_who_has_an_app_confirms_with_it(client: Client, gruppe: Gruppe, leder: Person):
    nokkel = generate_totp_secret()
    TOTP.activate(leder, nokkel)

    svar = client.post(_ny(gruppe), _kari())
    assert svar["Location"].startswith("/konto/bekreft/kode/")
    assert client.get(KODE)["Location"].startswith("/konto/bekreft/kode/"), "not by mail any more"
    kode = format_hotp_value(hotp_value(nokkel, next(yield_hotp_counters_from_time())))
    svar = client.post("/konto/bekreft/kode/", {"code": kode, "next": _ny(gruppe)})
    client.get(svar["Location"])

    assert Verv.objects.filter(person__epost="kari@demo.example").exists()
    assert not Brev.objects.filter(slag="nettverk.innloggingskode").exists()


def test_a_piece_of_a_page_leads_the_whole_page_there(
    client: Client, gruppe: Gruppe, leder: Person
):
    side = f"/{gruppe.nettverk.slug}/grupper/"
    hode = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{side}"}

    hentet = client.get(_ny(gruppe), headers=hode)
    sendt = client.post(_ny(gruppe), _kari(), headers=hode)

    assert hentet["HX-Redirect"] == f"{KODE}?next={side.replace('/', '%2F')}"
    assert sendt["HX-Redirect"] == f"{KODE}?next={_ny(gruppe).replace('/', '%2F')}"


def test_a_form_that_is_not_ours_confirms_nothing(gruppe: Gruppe):
    """What waits was checked when it was sent: a page elsewhere cannot put anything there."""
    streng = Client(enforce_csrf_checks=True)
    streng.force_login(enhetsleder(gruppe))
    pass_time(streng, minutter=20)

    assert streng.post(_ny(gruppe), _kari()).status_code == 403
    assert "utsatt" not in streng.session


@pytest.fixture
def verden() -> Verden:
    return lag_verden()


def _som(verden: Verden, navn: str, *, minutter: float = 20) -> Client:
    klient, person = Client(), verden.folk[navn]
    assert person
    klient.force_login(person)
    pass_time(klient, minutter=minutter)
    return klient


@pytest.mark.parametrize(
    ("hvem", "metode", "navn", "felt"),
    [
        ("koordinator", "get", "nettverk:verv_ny", ["gruppe"]),
        ("koordinator", "post", "nettverk:verv_ny", ["gruppe"]),
        ("koordinator", "get", "nettverk:verv_avslutt", ["gruppe", "verv"]),
        ("koordinator", "post", "nettverk:verv_avslutt", ["gruppe", "verv"]),
        ("koordinator", "get", "nettverk:nettverk_sikkerhet", []),
        ("koordinator", "post", "nettverk:nettverk_sikkerhet", []),
        ("stg", "get", "evaluering:godkjenn", ["aarsrapport.aar"]),
        ("stg", "post", "evaluering:godkjenn", ["aarsrapport.aar"]),
        ("kog", "get", "rolu:deltakere_regneark", ["samling"]),
        ("kog", "post", "rolu:deltakere_regneark", ["samling"]),
        ("kog", "get", "rolu:deltakere_utskrift", ["samling"]),
        ("kog", "get", "rolu:deltakere_epost", ["samling"]),
        ("kog", "post", "rolu:deltakere_epost", ["samling"]),
    ],
)
def test_what_asks(verden: Verden, hvem: str, metode: str, navn: str, felt: list[str]):
    argumenter = []
    for sti in felt:
        ting = verden.a
        for del_ in sti.split("."):
            ting = getattr(ting, del_)
        argumenter.append(getattr(ting, "pk", ting))
    adresse = reverse(navn, args=["en", *argumenter])

    gammel = getattr(_som(verden, hvem), metode)(adresse)
    ny = getattr(_som(verden, hvem, minutter=1), metode)(adresse)

    assert gammel.status_code == 302
    assert gammel["Location"].startswith(KODE)
    assert not ny.headers.get("Location", "").startswith(KODE)


@pytest.mark.parametrize(
    ("metode", "sti"),
    [
        ("get", "/konto/avslutt/"),
        ("post", "/konto/avslutt/"),
        ("post", "/konto/mine-opplysninger/fil/"),
        ("get", "/konto/sikkerhet/passnokler/ny/"),
        ("get", "/konto/sikkerhet/app/"),
    ],
)
def test_what_asks_on_the_persons_own_pages(client: Client, leder: Person, metode: str, sti: str):
    svar = getattr(client, metode)(sti)

    assert svar["Location"].startswith(KODE)
    leder.refresh_from_db()
    assert leder.is_active


def test_sheet_of_who_has_not_delivered_asks(verden: Verden):
    adresse = reverse("rolu:mellomarbeid_mangler", args=["en"])
    klient = _som(verden, "kommune")

    assert klient.get(adresse).status_code == 200
    assert klient.get(adresse, {"format": "xlsx"})["Location"].startswith(KODE)


def test_a_file_leads_back_to_the_page_with_the_button(verden: Verden):
    """Straight to the file would leave the browser on the page that asked."""
    klient = _som(verden, "kog")
    fra = reverse("rolu:samling_deltakere", args=["en", verden.a.samling.pk]) + "?status=kommer"
    fil = reverse("rolu:deltakere_regneark", args=["en", verden.a.samling.pk])

    svar = klient.get(fil, headers={"Referer": f"http://testserver{fra}"})
    svar = _confirm(klient, svar["Location"])

    assert svar["Location"] == fra
    assert "Nå kan du laste ned fila." in klient.get(fra).text
    assert klient.get(fil).status_code == 200


def test_who_writes_is_never_asked(verden: Verden):
    """A unit's leader logs mellomarbeid and delivers it, days after signing in."""
    leder = _som(verden, "enhetsleder", minutter=3 * 24 * 60)
    sted = verden.steder["own"]
    argumenter = ["en", sted.mellomarbeid.pk]

    logg = leder.post(
        reverse("rolu:loggpost", args=[*argumenter, sted.loggpost.noekkel]),
        {"tekst": "Vi prøvde ut", "versjon": 0, "fase": "proeve"},
    )
    lever = leder.post(reverse("rolu:mellomarbeid_lever", args=argumenter))

    for svar in (logg, lever):
        assert "/konto/" not in svar.headers.get("Location", "")


def test_administrator_confirms_before_an_address_is_changed(client: Client):
    admin = PersonFactory(is_staff=True, is_superuser=True)
    Authenticator.objects.create(user=admin, type="totp", data={"secret": "x"})
    kari = PersonFactory()
    sign_in_administrator(client, admin)
    pass_time(client, minutter=20)
    adresse = reverse("admin:nettverk_person_change", args=[kari.pk])

    assert client.get(reverse("admin:nettverk_person_changelist")).status_code == 200
    for svar in (client.get(adresse), client.post(adresse, {"navn": "X", "epost": "ny@x.no"})):
        assert svar["Location"].startswith("/konto/bekreft/kode/")
    kari.refresh_from_db()
    assert kari.epost != "ny@x.no"


def test_the_time_is_a_setting(client: Client, settings, gruppe: Gruppe, leder: Person):
    settings.FERSK_INNLOGGING = datetime.timedelta(minutes=30)

    assert client.get(_ny(gruppe)).status_code == 200


def test_coordinator_is_the_same(client: Client, gruppe: Gruppe):
    client.force_login(koordinator(gruppe.nettverk))
    pass_time(client, minutter=16)

    assert client.get(_ny(gruppe))["Location"].startswith(KODE)


def test_who_just_signed_in_is_not_told_that_it_is_long_ago(client: Client):
    """The first sign-in of an administrator, whose password is asked for before a key is made."""
    ada = PersonFactory(is_staff=True, is_superuser=True)
    ada.set_password("lang setning nordfra")
    ada.save()
    client.force_login(ada)
    ny = reverse("mfa_add_webauthn")

    side = client.get(ny, follow=True).content.decode()
    assert "Her endres det du logger inn med." in side
    assert "Det er en stund siden" not in side

    pass_time(client, minutter=20)
    assert "Det er en stund siden" in client.get(ny, follow=True).content.decode()
