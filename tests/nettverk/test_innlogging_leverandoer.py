"""Sign-in through OpenID Connect, against a small real provider on this machine."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from kommuner.gyldighet import idag
from nettverk.innlogging import leverandoerer
from nettverk.innlogging.adapter import LEVERANDOER_AVVIST
from nettverk.innlogging.hendelser import FRAKOBLET, TILKNYTTET
from nettverk.models import Brev, Person, Sikkerhetshendelse
from tests.nettverk.factories import NettverkFactory, PersonFactory, VervFactory, koordinator

IDPORTEN = {"IDPORTEN_CLIENT_ID": "portalen", "IDPORTEN_SECRET": "hemmelig"}
FEIDE = {"FEIDE_CLIENT_ID": "portalen", "FEIDE_SECRET": "hemmelig"}

ENTRA = {"ENTRA_CLIENT_ID": "x", "ENTRA_SECRET": "y", "ENTRA_SERVER": "https://entra.example/"}
ALLE = FEIDE | ENTRA | IDPORTEN


class Provider(ThreadingHTTPServer):
    """Answers discovery, token and userinfo; who signs in is what the test says."""

    person: dict[str, object]
    # What the token says of the sign-in itself: `acr`, `amr`.
    nivaa: dict[str, object]

    @property
    def adresse(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Svar(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        hjem = self.server.adresse
        if self.path.startswith("/.well-known/"):
            steder = {"authorization_endpoint": "autoriser", "token_endpoint": "token"}
            steder |= {"userinfo_endpoint": "meg", "jwks_uri": "noekler"}
            self.answer({"issuer": hjem, **{k: f"{hjem}/{v}" for k, v in steder.items()}})
        else:
            self.answer(self.server.person)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        krav = {"iss": self.server.adresse, "aud": "portalen", "iat": 0, "exp": 99999999999}
        krav |= self.server.person | self.server.nivaa
        token = jwt.encode(krav, "x" * 32, algorithm="HS256")
        self.answer({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def answer(self, data: dict[str, object]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(data).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    """Feide, as far as the portal can tell, trusted for addresses at fjord.kommune.example."""
    cache.clear()
    tjener = Provider(("127.0.0.1", 0), Svar)
    tjener.nivaa = {}
    threading.Thread(target=tjener.serve_forever, daemon=True).start()
    miljo = FEIDE | {"FEIDE_SERVER": tjener.adresse + "/"}
    miljo["FEIDE_DOMENER"] = '["fjord.kommune.example"]'
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": leverandoerer(miljo)}}
    yield tjener
    tjener.shutdown()
    tjener.server_close()


def come_back(client: Client, provider: Provider, **person: object):
    """Press the button, be signed in over there, and come back with a code."""
    provider.person = {"sub": "abc-123", "name": "Kari", **person}
    side = client.post("/konto/oidc/feide/login/")
    assert side.status_code == 200, "a page that moves on, not a redirect of the form"
    adresse = side.context["adresse"]
    assert adresse.startswith(provider.adresse)
    state = parse_qs(urlsplit(adresse).query)["state"][0]
    return client.get("/konto/oidc/feide/login/callback/", {"code": "1", "state": state})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.django_db
def test_known_person_at_a_trusted_domain_is_signed_in(client: Client, provider: Provider):
    kari = VervFactory(person__epost="kari@fjord.kommune.example").person

    svar = come_back(client, provider, email="kari@fjord.kommune.example", email_verified=False)

    assert svar["Location"] == "/konto/videre/"
    assert client.session["_auth_user_id"] == str(kari.pk)
    # Next time the provider's own key is enough, whatever has become of the address.
    assert SocialAccount.objects.get().user == kari


@pytest.mark.django_db
def test_address_at_another_domain_proves_nothing(client: Client, provider: Provider):
    """Not even when the provider says that it is verified."""
    PersonFactory(epost="kari@demo.example")

    svar = come_back(client, provider, email="kari@demo.example", email_verified=True)

    assert "Du er ikke registrert" in svar.text
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db
def test_sign_in_registers_nobody(client: Client, provider: Provider):
    svar = come_back(client, provider, email="ny@fjord.kommune.example")

    assert "Du er ikke registrert" in svar.text
    assert not Person.objects.exists()
    assert not signed_in(client)


@pytest.mark.django_db
def test_closed_account_is_not_opened_by_a_provider(client: Client, provider: Provider):
    PersonFactory(epost="kari@fjord.kommune.example", is_active=False)

    come_back(client, provider, email="kari@fjord.kommune.example")

    assert not signed_in(client)


# --- nobody links their own to somebody else


@pytest.mark.django_db
@pytest.mark.parametrize("process", ["connect", "redirect"])
@pytest.mark.parametrize("hvor", ["adresse", "felt"])
def test_the_way_out_is_to_sign_in_and_nothing_else(
    client: Client, provider: Provider, sjef: Person, process: str, hvor: str
):
    client.force_login(sjef)
    adresse, felt = "/konto/oidc/feide/login/", {"process": process}

    svar = (
        client.post(f"{adresse}?process={process}")
        if hvor == "adresse"
        else client.post(adresse, felt)
    )

    assert svar.status_code == 404
    assert client.get(adresse, felt).status_code == 404


@pytest.mark.django_db
def test_a_mail_code_does_not_link_what_makes_a_session_strong(
    client: Client, provider: Provider, sjef: Person
):
    """Also for one who has got so far that only the way back is left."""
    Authenticator.objects.create(user=sjef, type="webauthn", data={})
    client.force_login(sjef)
    provider.nivaa = {"acr": "urn:feide:mfa"}
    provider.person = {"sub": "angriperens"}
    okt = client.session
    okt["socialaccount_states"] = {"abc": ({"process": "connect"}, time.time(), "feide")}
    okt.save()

    client.get("/konto/oidc/feide/login/callback/", {"code": "1", "state": "abc"})

    assert not SocialAccount.objects.exists()
    assert Sikkerhetshendelse.objects.filter(slag=LEVERANDOER_AVVIST).exists()
    annen = Client()
    come_back(annen, provider, sub="angriperens")
    assert not signed_in(annen)


@pytest.mark.django_db
def test_linked_and_unlinked_is_told(client: Client, provider: Provider):
    kari = VervFactory(person__epost="kari@fjord.kommune.example").person

    come_back(client, provider, email=kari.epost)
    konto = SocialAccount.objects.get()
    client.post("/konto/tilknytninger/", {"account": konto.pk})

    assert not SocialAccount.objects.exists()
    for slag in (TILKNYTTET, FRAKOBLET):
        hendelse = Sikkerhetshendelse.objects.get(slag=slag)
        assert (hendelse.person, hendelse.opplysninger) == (kari, {"leverandoer": "feide"})
    assert list(Brev.objects.order_by("pk").values_list("til", "emne")) == [
        (kari.pk, "En ny innlogging er lagt til"),
        (kari.pk, "En innlogging er fjernet"),
    ]


@pytest.mark.django_db
def test_who_has_a_key_shows_it_before_unlinking(client: Client, provider: Provider, sjef: Person):
    konto = SocialAccount.objects.create(user=sjef, provider="feide", uid="1")
    Authenticator.objects.create(user=sjef, type="webauthn", data={})
    client.force_login(sjef)

    svar = client.post("/konto/tilknytninger/", {"account": konto.pk})

    assert svar["Location"].startswith("/konto/bekreft/passnokkel/")
    assert SocialAccount.objects.exists()


@pytest.mark.django_db
def test_buttons_follow_the_settings(client: Client, settings, provider: Provider):
    assert "Logg inn med Feide" in client.get("/konto/logg-inn/").text
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Logg inn med Feide" not in client.get("/konto/logg-inn/").text


@pytest.fixture
def sjef(provider: Provider, settings) -> Person:
    """Coordinates a network that requires more than a code. Feide's «mfa» counts for as much as a passkey."""
    (app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    app["settings"]["sterk"] = ["urn:feide:mfa", "mfa"]
    sjef = koordinator(NettverkFactory(slug="fjordnett", tosteg_fra=idag()))
    Person.objects.filter(pk=sjef.pk).update(epost="sjef@fjord.kommune.example")
    return sjef


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("nivaa", "er_sterk"),
    [
        ({"acr": "urn:feide:mfa"}, True),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"amr": "mfa"}, True),
        ({"acr": "urn:feide:passord"}, False),
        ({"amr": ["pwd"]}, False),
        ({}, False),
    ],
)
def test_sign_in_counts_as_told_by_its_level(
    client: Client, provider: Provider, sjef: Person, nivaa: dict[str, object], er_sterk: bool
):
    provider.nivaa = nivaa
    come_back(client, provider, email="sjef@fjord.kommune.example")

    svar = client.get("/fjordnett/rediger/")

    assert (svar.status_code == 200) == er_sterk
    assert er_sterk or svar["Location"].startswith("/konto/sikkerhet/to-steg/")


@pytest.mark.django_db
def test_level_in_what_is_told_of_the_person_proves_nothing(
    client: Client, provider: Provider, sjef: Person
):
    """Userinfo tells of the person; only the token tells of this sign-in."""
    provider.nivaa = {"acr": "", "amr": []}

    come_back(
        client, provider, email="sjef@fjord.kommune.example", acr="urn:feide:mfa", amr=["mfa"]
    )

    assert client.get("/fjordnett/rediger/").status_code == 302


@pytest.mark.django_db
def test_refusal_is_written_down(client: Client, provider: Provider):
    come_back(client, provider, email="ny@fjord.kommune.example")

    (hendelse,) = Sikkerhetshendelse.objects.filter(slag=LEVERANDOER_AVVIST)
    assert hendelse.opplysninger == {"leverandoer": "feide", "grunn": "ukjent"}
    assert "ny@" not in str(hendelse.opplysninger)


def test_which_levels_count_is_set_for_each():
    standard = {app["provider_id"]: app["settings"]["sterk"] for app in leverandoerer(ALLE)}
    satt = leverandoerer(FEIDE | {"FEIDE_STERK": '["urn:feide:mfa"]'})

    assert standard == {
        "feide": [],
        "microsoft": ["mfa"],
        "idporten": ["idporten-loa-substantial", "idporten-loa-high"],
    }
    assert satt[0]["settings"]["sterk"] == ["urn:feide:mfa"]
    assert leverandoerer(IDPORTEN | {"IDPORTEN_STERK": "[]"})[0]["settings"]["sterk"] == []
    with pytest.raises(ImproperlyConfigured, match="FEIDE_STERK"):
        leverandoerer(FEIDE | {"FEIDE_STERK": "mfa"})


def test_nothing_configured_means_no_providers():
    assert leverandoerer({}) == []


def test_half_a_set_of_settings_is_refused():
    with pytest.raises(ImproperlyConfigured, match="FEIDE_SECRET"):
        leverandoerer({"FEIDE_CLIENT_ID": "x"})
    with pytest.raises(ImproperlyConfigured, match="ENTRA_SERVER"):
        leverandoerer({"ENTRA_CLIENT_ID": "x", "ENTRA_SECRET": "y"})


def test_without_trusted_domains_an_address_signs_nobody_in():
    (app,) = leverandoerer(FEIDE)

    assert app["settings"]["email_authentication"] is False
    assert app["settings"]["verified_email"] == []
    assert app["settings"]["server_url"] == "https://auth.dataporten.no"
    assert "userid-nin" not in app["settings"]["scope"]
