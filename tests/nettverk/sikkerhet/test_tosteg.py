"""Stronger than a code by e-mail: asked kindly, required from a day, administrators always."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kommuner.gyldighet import idag
from nettverk.models import Gruppe, Nettverk, Person, Sikkerhetshendelse
from nettverk.sikkerhet import tosteg
from nettverk.tilgang.roller import roller_for
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    kog,
    koordinator,
    nettverk_med_enhet,
)
from tests.okt import sign_in_administrator, use_passkey

pytestmark = pytest.mark.django_db

KRAV = "/konto/sikkerhet/to-steg/"


@pytest.fixture(autouse=True)
def _no_earlier_limits() -> None:
    cache.clear()


@pytest.fixture
def nettverk() -> Nettverk:
    return NettverkFactory(slug="fjordnett", tosteg_fra=idag())


@pytest.fixture
def sjef(nettverk: Nettverk) -> Person:
    return koordinator(nettverk)


def _page(navn: str = "nettverk_rediger") -> str:
    return reverse(f"nettverk:{navn}", args=["fjordnett"])


def _make_app(client: Client):
    nokkel = client.get("/konto/sikkerhet/app/").context["form"].secret
    return client.post("/konto/sikkerhet/app/", {"code": _app_code(nokkel)})


def _app_code(nokkel: str) -> str:
    return format_hotp_value(hotp_value(nokkel, next(yield_hotp_counters_from_time())))


# --- required


def test_until_the_day_a_code_is_enough(client: Client, nettverk: Nettverk, sjef: Person):
    nettverk.tosteg_fra = idag() + datetime.timedelta(days=1)
    nettverk.save()
    client.force_login(sjef)

    assert client.get(_page()).status_code == 200


def test_from_the_day_rights_over_others_lead_to_the_page_that_says_how(
    client: Client, nettverk: Nettverk, sjef: Person
):
    annen = koordinator(nettverk)
    client.force_login(sjef)

    svar = client.get(_page(), follow=True)

    assert svar.redirect_chain == [(f"{KRAV}?next=%2Ffjordnett%2Frediger%2F", 302)]
    assert f"Du koordinerer {nettverk.navn}" in svar.text.replace("</span>", "").replace(
        '<span lang="nb">', ""
    )
    assert "Legg til en passnøkkel" in svar.text
    assert f"Spør {annen.navn}." in svar.text
    (hendelse,) = Sikkerhetshendelse.objects.filter(slag=tosteg.KREVD)
    assert (hendelse.person, hendelse.nettverk) == (sjef, nettverk)


@pytest.mark.parametrize("metode", ["get", "post"])
@pytest.mark.parametrize(
    "navn", ["nettverk_rediger", "nettverk_sikkerhet", "enhetsimport", "utboks"]
)
def test_nothing_that_needs_the_rights_is_open(
    client: Client, nettverk: Nettverk, sjef: Person, navn: str, metode: str
):
    client.force_login(sjef)

    svar = getattr(client, metode)(_page(navn))

    assert svar["Location"].startswith(KRAV)


def test_what_a_plain_member_may_stays_open(client: Client, nettverk: Nettverk, sjef: Person):
    gruppe = GruppeFactory(nettverk=nettverk)
    client.force_login(sjef)

    hjem = client.get(_page("hjem"))

    assert hjem.status_code == 200
    assert "må du legge til en passnøkkel" in hjem.text
    assert _page("nettverk_sikkerhet") not in hjem.text, "the menu has only what is open"
    assert client.get(_page("gruppe_list")).status_code == 200
    assert client.get(reverse("nettverk:gruppe", args=["fjordnett", gruppe.pk])).status_code == 200


def test_whether_a_thing_exists_is_not_told_by_it(client: Client, sjef: Person):
    """A draft that only the coordinators see, and one that there is not, answer alike."""
    client.force_login(sjef)

    svar = client.get("/fjordnett/samlinger/987654/")

    assert svar["Location"].startswith(KRAV)


def test_passkey_opens_them(client: Client, sjef: Person):
    client.force_login(sjef)
    use_passkey(client, sjef)

    assert client.get(_page()).status_code == 200
    assert client.get(KRAV + "?next=/fjordnett/hjem/")["Location"] == "/fjordnett/hjem/"


def test_a_code_alone_is_not_enough_for_one_who_has_a_key(client: Client, sjef: Person):
    """Who reads the coordinator's e-mail has nothing, and cannot make a key of their own."""
    TOTP.activate(sjef, generate_totp_secret())
    client.force_login(sjef)

    svar = client.get(_page(), follow=True)
    assert "Bekreft med passnøkkelen" in svar.text
    assert "/konto/bekreft/kode/?next=%2Ffjordnett%2Frediger%2F" in svar.text
    for sti in ("/konto/sikkerhet/passnokler/ny/", "/konto/sikkerhet/app/fjern/"):
        assert client.get(sti)["Location"].startswith("/konto/bekreft/kode/")
        assert client.post(sti)["Location"].startswith("/konto/bekreft/kode/")
    assert Authenticator.objects.filter(user=sjef, type="totp").exists()


def test_who_has_a_key_needs_it_before_the_network_asks(
    client: Client, nettverk: Nettverk, sjef: Person
):
    """The key is to guard something also where nobody has set a day."""
    Nettverk.objects.update(tosteg_fra=None)
    nokkel = generate_totp_secret()
    TOTP.activate(sjef, nokkel)
    client.force_login(sjef)

    assert "må du bekrefte med passnøkkel eller app" in client.get(_page("hjem")).text
    svar = client.get(_page(), follow=True)
    assert svar.redirect_chain == [(f"{KRAV}?next=%2Ffjordnett%2Frediger%2F", 302)]
    assert "Du kan se og endre mye for andre." in svar.text
    svar = client.post("/konto/bekreft/kode/", {"code": _app_code(nokkel), "next": _page()})

    assert svar["Location"] == _page()
    assert client.get(_page()).status_code == 200


# --- a password is not a key


@pytest.fixture
def ada(client: Client) -> Person:
    """An administrator with a passkey and a password; the session has shown a code by e-mail."""
    ada = PersonFactory(is_staff=True, is_superuser=True)
    ada.set_password(PASSORD)
    ada.save()
    Authenticator.objects.create(user=ada, type="webauthn", data={"name": "Telefonen"})
    client.force_login(ada)
    return ada


PASSORD = "et langt passord 123"
NOEKKELSIDER = [
    "/konto/sikkerhet/app/",
    "/konto/sikkerhet/app/fjern/",
    "/konto/sikkerhet/passnokler/ny/",
    "/konto/sikkerhet/reservekoder/",
    "/konto/sikkerhet/reservekoder/nye/",
    "/konto/sikkerhet/reservekoder/fil/",
]


def test_password_confirms_nothing_for_one_who_has_a_key(client: Client, ada: Person):
    svar = client.post("/konto/bekreft/?next=/konto/sikkerhet/app/", {"password": PASSORD})

    assert svar["Location"].startswith("/konto/bekreft/passnokkel/")
    assert client.get("/konto/sikkerhet/app/")["Location"].startswith("/konto/bekreft/passnokkel/")
    Authenticator.objects.all().delete()
    assert client.post("/konto/bekreft/", {"password": PASSORD})["Location"] == "/konto/videre/"


@pytest.mark.parametrize("metode", ["get", "post"])
def test_a_session_that_has_not_shown_the_key_never_touches_the_keys(
    client: Client, ada: Person, metode: str
):
    """Not even one that confirmed by password a moment before the key was made elsewhere."""
    Authenticator.objects.all().delete()
    client.post("/konto/bekreft/", {"password": PASSORD})
    noekkel = Authenticator.objects.create(user=ada, type="webauthn", data={"name": "Telefonen"})
    en = f"/konto/sikkerhet/passnokler/{noekkel.pk}/"

    for sti in [*NOEKKELSIDER, en, f"{en}fjern/"]:
        svar = getattr(client, metode)(sti)
        assert svar.status_code == 302, sti
        assert svar["Location"].startswith("/konto/bekreft/passnokkel/"), sti
    assert list(Authenticator.objects.all()) == [noekkel]


def test_the_key_that_was_there_opens_them_and_does_what_was_sent_in(
    client: Client, nettverk: Nettverk, sjef: Person
):
    nokkel = generate_totp_secret()
    TOTP.activate(sjef, nokkel)
    client.force_login(sjef)
    tekst = {"hovedmaal": "Alle er med", "stand": ""}

    client.post(_page(), tekst)
    svar = client.post("/konto/bekreft/kode/", {"code": _app_code(nokkel), "next": _page()})
    client.get(svar["Location"])

    nettverk.refresh_from_db()
    assert nettverk.hovedmaal == "Alle er med"


# What is told of a new app, is told after the commit.
@pytest.mark.django_db(transaction=True)
def test_an_app_made_on_the_way_opens_them(client: Client, sjef: Person):
    client.force_login(sjef)
    client.get(_page(), follow=True)

    svar = _make_app(client)

    assert "Du har fått nye reservekoder" not in str(list(get_messages(svar.wsgi_request)))
    assert f'href="{KRAV}"' in client.get(svar["Location"]).text, (
        "after the recovery codes one goes on"
    )
    assert client.get(KRAV)["Location"] == _page()
    assert client.get(_page()).status_code == 200
    (lagt_til,) = Sikkerhetshendelse.objects.filter(slag=tosteg.LAGT_TIL, person=sjef)
    (koder,) = Sikkerhetshendelse.objects.filter(slag=tosteg.NYE_KODER, person=sjef)
    assert lagt_til.opplysninger == {"type": "totp"}
    assert koder.opplysninger == {"type": "recovery_codes"}


# What is told of a new app, is told after the commit.
@pytest.mark.django_db(transaction=True)
def test_without_the_key_the_session_is_weak_again(client: Client, sjef: Person):
    client.force_login(sjef)
    _make_app(client)
    assert client.get(_page()).status_code == 200
    Authenticator.objects.filter(type="recovery_codes").update(
        data={"migrated_codes": ["12345678"]}
    )
    client.post("/konto/bekreft/kode/", {"code": "12345678"})

    client.post("/konto/sikkerhet/app/fjern/")

    assert not Authenticator.objects.exists()
    assert client.get(_page())["Location"].startswith(KRAV)
    assert Sikkerhetshendelse.objects.filter(slag=tosteg.FJERNET, person=sjef).exists()


def test_others_notice_nothing(client: Client):
    _nettverk, gruppe = nettverk_med_enhet(slug="fjordnett", tosteg_fra=idag())
    leder = enhetsleder(gruppe)
    Authenticator.objects.create(user=leder, type="webauthn", data={})
    client.force_login(leder)

    hjem = client.get(_page("hjem"))

    assert hjem.status_code == 200
    assert "passnøkkel" not in hjem.text
    assert client.get(reverse("nettverk:verv_ny", args=["fjordnett", gruppe.pk])).status_code == 200


def test_what_holds_in_one_network_does_not_hold_in_another(client: Client, sjef: Person):
    annet = GruppeFactory(
        nettverk=NettverkFactory(slug="annet"), type=Gruppe.Type.KOORDINERINGSGRUPPE
    )
    VervFactory(person=sjef, gruppe=annet, rolle="koordinator")
    client.force_login(sjef)

    assert client.get("/annet/rediger/").status_code == 200
    assert client.get(_page())["Location"].startswith(KRAV)


def test_work_ordered_by_a_person_is_not_a_session(nettverk: Nettverk, sjef: Person):
    assert roller_for(Person.objects.get(pk=sjef.pk), nettverk).er_koordinator


# --- administrators always


def test_administration_needs_more_than_a_code(client: Client):
    admin = PersonFactory(is_staff=True, is_superuser=True)
    client.force_login(admin)
    for sti in ("/admin/", "/admin/nettverk/person/", "/admin/nettverk/person/add/"):
        assert client.get(sti)["Location"].startswith(KRAV)
        assert client.post(sti)["Location"].startswith(KRAV)

    sign_in_administrator(client, admin)

    assert client.get("/admin/").status_code == 200


def test_staff_without_all_rights_needs_it_too(client: Client):
    client.force_login(PersonFactory(is_staff=True))

    assert client.get("/admin/")["Location"].startswith(KRAV)


def test_administrator_who_coordinates_needs_it_whatever_the_network_says(client: Client):
    sjef = koordinator(NettverkFactory(slug="fjordnett"))
    Person.objects.filter(pk=sjef.pk).update(is_superuser=True)
    client.force_login(Person.objects.get(pk=sjef.pk))

    assert client.get(_page())["Location"].startswith(KRAV)


# --- asked kindly


def test_home_asks_those_with_rights_and_not_again_for_a_month(client: Client):
    nettverk = NettverkFactory(slug="fjordnett")
    person = kog(nettverk)
    client.force_login(person)
    assert "Logg inn med fingeravtrykk neste gang?" in client.get(_page("hjem")).text

    svar = client.post("/konto/sikkerhet/ikke-naa/", {"next": "/fjordnett/hjem/"}, follow=True)

    assert svar.redirect_chain == [("/fjordnett/hjem/", 302)]
    assert "fingeravtrykk" not in svar.text
    Person.objects.update(tosteg_ikke_naa=idag() - datetime.timedelta(days=30))
    assert "fingeravtrykk" in client.get(_page("hjem")).text


def test_when_a_day_is_set_home_says_which(client: Client):
    nettverk = NettverkFactory(slug="fjordnett", tosteg_fra=idag() + datetime.timedelta(days=10))
    person = kog(nettverk)
    Person.objects.update(tosteg_ikke_naa=idag())
    client.force_login(person)

    html = client.get(_page("hjem")).text

    assert "Legg til en passnøkkel før" in html
    assert "Ikke nå" not in html


def test_who_has_a_key_or_no_rights_is_not_asked(client: Client):
    nettverk, gruppe = nettverk_med_enhet(slug="fjordnett")
    leder, person = enhetsleder(gruppe), kog(nettverk)
    Authenticator.objects.create(user=person, type="webauthn", data={})

    for en in (leder, person):
        client.force_login(en)
        assert "fingeravtrykk" not in client.get(_page("hjem")).text


def test_the_way_on_stays_in_the_portal(client: Client, sjef: Person):
    client.force_login(sjef)
    use_passkey(client, sjef)

    assert client.get(KRAV + "?next=https://ondt.example/")["Location"] == "/konto/sikkerhet/"


# --- what the network requires


def test_coordinator_sets_the_day_and_it_is_remembered(client: Client):
    nettverk = NettverkFactory(slug="fjordnett")
    sjef, uten = koordinator(nettverk), kog(nettverk)
    Authenticator.objects.create(user=sjef, type="webauthn", data={})
    client.force_login(sjef)
    use_passkey(client, sjef)
    dag = idag() + datetime.timedelta(days=14)

    side = client.get(_page("nettverk_sikkerhet"))
    client.post(_page("nettverk_sikkerhet"), {"tosteg_fra": dag.isoformat(), "stand": ""})

    assert [(p.navn, p.har_noekkel) for p in side.context["folk"]] == sorted(
        [(sjef.navn, True), (uten.navn, False)]
    )
    nettverk.refresh_from_db()
    assert nettverk.tosteg_fra == dag
    historie = Nettverk.pgh_event_model.objects.filter(pgh_obj=nettverk).latest("pgh_id")
    assert (historie.tosteg_fra, historie.pgh_context.metadata["user"]) == (dag, sjef.pk)
    hendelse = Sikkerhetshendelse.objects.get(slag=tosteg.KRAV_ENDRET)
    assert (hendelse.person, hendelse.nettverk) == (sjef, nettverk)


@pytest.mark.parametrize("om", [-1, 0, 1, 6])
def test_a_day_that_leaves_no_time_to_make_a_key_is_refused(client: Client, om: int):
    nettverk = NettverkFactory(slug="fjordnett")
    client.force_login(koordinator(nettverk))
    dag = idag() + datetime.timedelta(days=om)

    svar = client.post(_page("nettverk_sikkerhet"), {"tosteg_fra": dag.isoformat(), "stand": ""})

    assert svar.status_code == 422
    assert "minst en uke frem" in svar.text
    nettverk.refresh_from_db()
    assert nettverk.tosteg_fra is None


@pytest.mark.parametrize(("ny", "blir"), [(3, 3), (7, 7), (None, None)])
def test_a_day_that_stands_may_stay_and_be_emptied(
    client: Client, ny: int | None, blir: int | None
):
    def day(om: int | None) -> datetime.date | None:
        return None if om is None else idag() + datetime.timedelta(days=om)

    nettverk = NettverkFactory(slug="fjordnett", tosteg_fra=day(3))
    client.force_login(koordinator(nettverk))
    data = client.get(_page("nettverk_sikkerhet")).context["form"].initial

    svar = client.post(
        _page("nettverk_sikkerhet"),
        {"tosteg_fra": day(ny) or "", "stand": data.get("stand", "")},
    )

    assert svar.status_code == 302
    nettverk.refresh_from_db()
    assert nettverk.tosteg_fra == day(blir)


def test_the_page_says_how_many_are_not_ready_and_that_it_is_oneself(client: Client):
    nettverk = NettverkFactory(slug="fjordnett")
    client.force_login(koordinator(nettverk))

    assert "Det er deg." in client.get(_page("nettverk_sikkerhet")).text
    koordinator(nettverk)

    html = client.get(_page("nettverk_sikkerhet")).text
    assert "2 har ikke passnøkkel eller app ennå." in html
    assert "Du er en av dem." in html


def test_page_asks_as_many_queries_for_many(client: Client, django_assert_num_queries):
    nettverk = NettverkFactory(slug="fjordnett")
    sjef = koordinator(nettverk)
    client.force_login(sjef)
    client.get(_page("nettverk_sikkerhet"))
    with django_assert_num_queries(50, exact=False) as foer:
        client.get(_page("nettverk_sikkerhet"))
    for _i in range(3):
        kog(nettverk)
    with django_assert_num_queries(len(foer)):
        client.get(_page("nettverk_sikkerhet"))
