"""Sign-in through OpenID Connect, against a small real provider on this machine."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from nettverk.innlogging import leverandoerer
from nettverk.models import Person
from tests.nettverk.factories import PersonFactory, VervFactory

FEIDE = {"FEIDE_CLIENT_ID": "portalen", "FEIDE_SECRET": "hemmelig"}


class Provider(ThreadingHTTPServer):
    """Answers discovery, token and userinfo; who signs in is what the test says."""

    person: dict[str, object]

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
        token = jwt.encode(krav | self.server.person, "x" * 32, algorithm="HS256")
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


@pytest.mark.django_db
def test_buttons_follow_the_settings(client: Client, settings, provider: Provider):
    assert "Logg inn med Feide" in client.get("/konto/logg-inn/").text
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Logg inn med Feide" not in client.get("/konto/logg-inn/").text


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
