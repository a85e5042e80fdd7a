"""What every answer carries with it, and what no request gets past."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.nettverk.factories import NettverkFactory, koordinator

pytestmark = pytest.mark.django_db


@pytest.fixture
def adresser() -> list[str]:
    """A page for everybody, two about sign-in, and one that is not there."""
    NettverkFactory(slug="fjordnett")
    return ["/", "/konto/logg-inn/", "/fjordnett/hjem/", "/finnes/ikke/"]


def test_every_page_has_the_headers_that_protect_it(client: Client, adresser: list[str], settings):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True

    for adresse in adresser:
        svar = client.get(adresse, secure=True)
        csp = svar["Content-Security-Policy"]
        for regel in (
            "default-src 'self'",
            "script-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ):
            assert regel in csp, adresse
        assert "unsafe" not in csp
        assert "http" not in csp, "only what we serve ourselves"
        assert svar["X-Content-Type-Options"] == "nosniff"
        assert svar["Referrer-Policy"] == "same-origin"
        assert svar["Cross-Origin-Opener-Policy"] == "same-origin"
        assert svar["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert not svar.has_header("Access-Control-Allow-Origin")
        assert svar["Content-Type"] == "text/html; charset=utf-8" or not svar.content
    # For machines, and answered before all else.
    assert client.get("/helse/")["X-Content-Type-Options"] == "nosniff"


def test_a_form_from_another_site_is_refused():
    klient = Client(enforce_csrf_checks=True)
    klient.force_login(koordinator(NettverkFactory(slug="fjordnett")))

    svar = klient.post("/fjordnett/samlinger/ny/", headers={"Origin": "https://ond.example"})

    assert svar.status_code == 403


def test_methods_nobody_uses_are_refused(client: Client):
    client.force_login(koordinator(NettverkFactory(slug="fjordnett")))

    for metode in ("TRACE", "PUT", "DELETE", "PATCH"):
        assert client.generic(metode, "/fjordnett/hjem/").status_code == 405, metode


def test_signing_in_gives_a_new_session_key(client: Client):
    client.post(reverse("account_login"), {"login": "ukjent@demo.example"})
    foer = client.session.session_key

    client.force_login(koordinator(NettverkFactory(slug="fjordnett")))

    assert foer
    assert client.session.session_key != foer


def test_a_session_that_is_signed_out_opens_nothing(client: Client):
    client.force_login(koordinator(NettverkFactory(slug="fjordnett")))
    gammel = Client()
    gammel.cookies = client.cookies.copy()
    assert gammel.get("/fjordnett/hjem/").status_code == 200

    client.post(reverse("account_logout"))

    assert gammel.get("/fjordnett/hjem/").status_code == 302


@pytest.mark.parametrize("passord", ["kort", "password12345", "kari@demo.example"])
def test_a_short_or_common_password_is_refused(passord: str):
    with pytest.raises(ValidationError):
        validate_password(passord, koordinator(NettverkFactory()))
