"""Sign-in by e-mailed code: the mail that is really sent, and what people read."""

import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk.models import Brev, Jobb, Person
from tests.kommuner.factories import LENGE_SIDEN
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    koordinator,
)
from tests.nettverk.innlogging.koder import (
    KODE,
    LOGG_INN,
    MOENSTER,
    ask,
    newest_code,
    newest_letter,
    wrong,
)
from tests.okt import sign_in_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _real_mail(settings, tmp_path: Path) -> None:
    """Mail lands in the mailbox."""
    settings.EMAIL_BACKEND = "nettverk.demo.post.PostkasseBackend"
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def kari() -> Person:
    gruppe = GruppeFactory(nettverk=NettverkFactory(slug="fjordnett"))
    return VervFactory(person__epost="kari@demo.example", gruppe=gruppe).person


def test_code_by_mail_signs_in_and_leads_home(client: Client, kari: Person):
    svar = ask(client, "Kari@Demo.example")
    assert svar["Location"] == KODE
    brev = newest_letter()
    assert brev.til.lower() == "kari@demo.example"
    kode = newest_code()
    assert brev.emne == f"{kode} er koden din til Nettverksportalen"

    svar = client.post(KODE, {"code": kode})

    assert svar["Location"] == "/konto/videre/"
    assert client.session["_auth_user_id"] == str(kari.pk)
    assert client.get("/konto/videre/")["Location"] == "/fjordnett/hjem/"


def test_sign_in_goes_on_to_the_page_that_was_asked_for(client: Client, kari: Person):
    svar = client.post(LOGG_INN, {"login": kari.epost, "next": "/fjordnett/grupper/"})
    svar = client.post(svar["Location"], {"code": newest_code(), "next": "/fjordnett/grupper/"})

    assert svar["Location"] == "/fjordnett/grupper/"


def test_sign_in_does_not_go_on_to_another_site(client: Client, kari: Person):
    ask(client, kari.epost, next="https://ondt.example/")
    svar = client.post(KODE, {"code": newest_code(), "next": "https://ondt.example/"})

    assert svar["Location"] == "/konto/videre/"


def test_unknown_address_gets_the_same_answer(client: Client, kari: Person):
    sider = {}
    for epost in (kari.epost, "ukjent@demo.example"):
        leser = Client()
        svar = ask(leser, epost)
        side = leser.get(svar["Location"])
        innhold = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken"): ?="?[^"]+', "", side.text)
        innhold = re.sub(r"[A-Za-z0-9]{64}", "TOKEN", innhold).replace(epost, "ADRESSE")
        sider[epost] = (svar.status_code, svar["Location"], innhold)

    kjent, ukjent = sider.values()
    assert kjent == ukjent
    brev = newest_letter("ukjent")
    assert "ikke registrert" in brev.tekst
    assert not re.search(MOENSTER, brev.tekst)


def test_closed_account_gets_the_same_answer_and_no_code(client: Client, kari: Person):
    Person.objects.filter(pk=kari.pk).update(is_active=False)

    svar = ask(client, kari.epost)

    assert svar["Location"] == KODE
    assert not re.search(MOENSTER, newest_letter().tekst)


def test_wrong_code_three_times_ends_it_and_the_page_says_so(client: Client, kari: Person):
    ask(client, kari.epost)
    kode = newest_code()

    for _i in range(2):
        svar = client.post(KODE, {"code": wrong(kode)})
        assert "Koden stemmer ikke." in svar.text
    svar = client.post(KODE, {"code": wrong(kode)})

    assert "Koden gjelder ikke lenger. Be om en ny." in svar.text
    assert "Koden gjelder ikke lenger. Be om en ny." in client.post(KODE, {"code": kode}).text
    assert "_auth_user_id" not in client.session
    client.post(KODE, {"action": "resend"})
    assert client.post(KODE, {"code": newest_code()})["Location"] == "/konto/videre/"


@pytest.mark.parametrize("skrevet", ["{0}{1}{2}", "{0}-{1}-{2}", " {0}\u00a0{1} {2}. "])
def test_the_code_may_be_written_as_people_do(client: Client, kari: Person, skrevet: str):
    ask(client, kari.epost)
    kode = skrevet.format(*newest_code().split())

    assert client.post(KODE, {"code": kode})["Location"] == "/konto/videre/"


def test_half_a_code_is_told_and_not_counted(client: Client, kari: Person):
    ask(client, kari.epost)
    kode = newest_code()
    for halv in ("", "4821", kode[:-1], kode + "1", "²" * 12, "٣" * 12):
        assert client.post(KODE, {"code": halv}).status_code == 422

    assert client.post(KODE, {"code": kode})["Location"] == "/konto/videre/"


def test_new_code_replaces_the_old(client: Client, kari: Person):
    ask(client, kari.epost)
    gammel = newest_code()
    client.post(KODE, {"action": "resend"})
    ny = newest_code()

    assert "Koden stemmer ikke." in client.post(KODE, {"code": gammel}).text
    assert client.post(KODE, {"code": ny})["Location"] == "/konto/videre/"


def test_code_does_not_work_in_another_browser(client: Client, kari: Person):
    ask(client, kari.epost)

    svar = Client().post(KODE, {"code": newest_code()})

    assert svar["Location"].startswith(LOGG_INN)


def test_no_address_or_half_an_address_is_told_at_the_field(client: Client):
    assert "Skriv e-postadressen din." in ask(client, "").text
    assert "Skriv en hel e-postadresse" in ask(client, "kari").text


def test_shared_machine_signs_out_with_the_browser(client: Client, kari: Person):
    ask(client, kari.epost, felles="on")
    client.post(KODE, {"code": newest_code()})

    assert client.session.get_expire_at_browser_close()


def test_own_machine_stays_signed_in(client: Client, kari: Person):
    ask(client, kari.epost)
    client.post(KODE, {"code": newest_code()})

    assert not client.session.get_expire_at_browser_close()


def test_nobody_signs_up_by_themselves(client: Client):
    svar = client.post(reverse("account_signup"), {"email": "ny@demo.example"})

    assert "Du er ikke registrert" in svar.text
    assert not Person.objects.filter(epost="ny@demo.example").exists()


def test_sign_out_needs_a_press(client: Client, kari: Person):
    client.force_login(kari)

    assert client.get("/konto/logg-ut/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/konto/logg-ut/")
    assert "_auth_user_id" not in client.session


def test_ended_verv_is_explained_with_whom_to_ask(client: Client):
    nettverk = NettverkFactory()
    sjef = koordinator(nettverk)
    gruppe = GruppeFactory(nettverk=nettverk, navn="Utviklingsgruppa ved Tangen")
    person = VervFactory(gruppe=gruppe, gyldig=periode(LENGE_SIDEN, idag())).person
    client.force_login(person)

    svar = client.get("/konto/videre/")

    assert "Du har ingen verv nå" in svar.text
    assert "Utviklingsgruppa ved Tangen" in svar.text
    assert sjef.navn in svar.text


def test_person_in_two_networks_chooses(client: Client):
    person = PersonFactory()
    for slug in ("nord", "sor"):
        VervFactory(person=person, gruppe=GruppeFactory(nettverk=NettverkFactory(slug=slug)))
    client.force_login(person)

    svar = client.get("/konto/videre/")

    assert 'href="/nord/hjem/"' in svar.text
    assert 'href="/sor/hjem/"' in svar.text


def test_administrator_without_verv_comes_to_the_administration(client: Client):
    client.force_login(PersonFactory(is_staff=True))

    assert client.get("/konto/videre/")["Location"] == "/admin/"


def test_administration_is_entered_by_the_same_door(client: Client, kari: Person):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(LOGG_INN)
    client.force_login(kari)
    assert client.get("/admin/", follow=True).status_code == 403
    sign_in_administrator(client, PersonFactory(is_staff=True, is_superuser=True))
    assert client.get("/admin/").status_code == 200


def test_language_is_kept_by_the_browser_and_by_the_person(client: Client, kari: Person):
    svar = client.post("/spraak/", {"language": "nn", "next": "/personvern/"})
    assert svar["Location"] == "/personvern/"
    assert client.cookies["django_language"].value == "nn"

    client.force_login(kari)
    client.post("/spraak/", {"language": "en", "next": "/"})
    kari.refresh_from_db()
    assert kari.spraak == "en"
    client.post("/spraak/", {"language": "tlh", "next": "/"})
    kari.refresh_from_db()
    assert kari.spraak == "en"


def app_code(person: Person) -> str:
    """What the person's authenticator app shows now."""
    hemmelig = generate_totp_secret()
    TOTP.activate(person, hemmelig)
    return format_hotp_value(hotp_value(hemmelig, next(yield_hotp_counters_from_time())))


def test_person_with_an_app_needs_its_code_too(client: Client, kari: Person):
    kode_fra_app = app_code(kari)
    ask(client, kari.epost)

    svar = client.post(KODE, {"code": newest_code()})
    assert svar["Location"] == "/konto/logg-inn/to-steg/"
    assert "_auth_user_id" not in client.session
    feil = client.post(
        "/konto/logg-inn/to-steg/", {"code": f"{(int(kode_fra_app) + 1) % 1_000_000:06}"}
    )
    assert "Koden stemmer ikke." in feil.text

    svar = client.post("/konto/logg-inn/to-steg/", {"code": kode_fra_app})
    assert svar["Location"] == "/konto/logg-inn/husk-enheten/"
    client.post("/konto/logg-inn/husk-enheten/", {"action": "skip"})
    assert client.session["_auth_user_id"] == str(kari.pk)


def test_passkey_is_a_shortcut_and_shuts_nobody_out(client: Client, kari: Person):
    Authenticator.objects.create(user=kari, type=Authenticator.Type.WEBAUTHN, data={})
    ask(client, kari.epost)

    svar = client.post(KODE, {"code": newest_code()})

    assert svar["Location"] == "/konto/videre/"


@pytest.mark.parametrize(
    "navn",
    [
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "usersessions_list",
        "socialaccount_connections",
    ],
)
def test_own_pages_answer_without_inline_script(client: Client, kari: Person, navn: str):
    client.force_login(kari)

    svar = client.get(reverse(navn))

    assert svar.status_code == 200
    for merke in re.findall(r"<script[^>]*>", svar.text):
        assert "src=" in merke or "application/json" in merke
    assert " style=" not in svar.text


def test_the_mail_with_the_code_is_noted_without_the_code(client: Client, kari: Person):
    ask(client, kari.epost)
    ask(Client(), "ukjent@demo.example")

    venter = list(Brev.objects.order_by("pk"))
    sifre = newest_code(kari.epost).split()
    sendt = list(Brev.objects.order_by("pk"))
    assert [(b.slag, b.tilstand, b.til) for b in sendt] == [
        ("nettverk.innloggingskode", "sendt", kari),
        ("nettverk.ukjent_konto", "sendt", None),
    ]
    for b in [*venter, *sendt]:
        assert " ".join(sifre) not in str(vars(b))
        assert "".join(sifre) not in str(vars(b))


def test_sign_in_works_while_the_queue_is_away(client: Client, kari: Person, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    ask(client, kari.epost)

    assert client.post(KODE, {"code": newest_code()}).status_code == 302
    assert not Jobb.objects.exists()
