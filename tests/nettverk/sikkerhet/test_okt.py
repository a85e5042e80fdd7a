"""A session that nobody uses ends, none lasts for ever, and the sign-in page says why."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from nettverk.models import Person
from tests.nettverk.factories import (
    NettverkFactory,
    PersonFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)
from tests.okt import pass_time, sign_in_administrator

pytestmark = pytest.mark.django_db


def _signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def _visit(client: Client, *, timer: float) -> str:
    """Come back after so many hours; where one is sent, "" when one stays."""
    pass_time(client, minutter=timer * 60)
    svar = client.get("/fjordnett/hjem/")
    return svar.headers.get("Location", "")


def test_rights_over_others_end_after_a_working_day(client: Client):
    client.force_login(koordinator(NettverkFactory(slug="fjordnett")))
    client.get("/fjordnett/hjem/")

    assert _visit(client, timer=7.9) == ""
    assert _visit(client, timer=8.1) == "/konto/logg-inn/?next=/fjordnett/hjem/"
    assert not _signed_in(client)


def test_others_stay_for_a_week(client: Client):
    _nettverk, gruppe = nettverk_med_enhet(slug="fjordnett")
    client.force_login(enhetsleder(gruppe))
    client.get("/fjordnett/hjem/")

    assert _visit(client, timer=24 * 6.9) == ""
    assert _visit(client, timer=24 * 7.1) == "/konto/logg-inn/?next=/fjordnett/hjem/"


def test_administrator_ends_after_two_hours(client: Client):
    sign_in_administrator(client, PersonFactory(is_staff=True, is_superuser=True))

    pass_time(client, minutter=119)
    assert client.get("/admin/").status_code == 200
    pass_time(client, minutter=121)
    client.get("/admin/")
    assert not _signed_in(client)


def test_none_lasts_more_than_two_weeks_however_much_it_is_used(client: Client):
    _nettverk, gruppe = nettverk_med_enhet(slug="fjordnett")
    client.force_login(enhetsleder(gruppe))

    for _dag in range(13):
        assert _visit(client, timer=24) == ""
    _visit(client, timer=25)

    assert not _signed_in(client)
    html = client.get("/konto/logg-inn/?next=/fjordnett/hjem/").text
    assert "Du ble logget ut fordi det er to uker siden du logget inn." in html


def test_sign_in_page_says_why_and_leads_back(client: Client):
    person = koordinator(NettverkFactory(slug="fjordnett"))
    client.force_login(person)
    client.get("/fjordnett/hjem/")
    noekkel = client.session.session_key
    UserSession.objects.create(user=person, session_key=noekkel, ip="127.0.0.1", user_agent="x")

    html = client.get(_visit(client, timer=9)).text

    assert "Du ble logget ut fordi portalen ikke var i bruk på en stund." in html
    assert 'name="next" value="/fjordnett/hjem/"' in html
    assert not Session.objects.filter(session_key=noekkel).exists()
    assert not UserSession.objects.exists()
    client.force_login(person)
    assert "utlogget_fordi" not in client.session


def test_it_is_written_at_most_every_ten_minutes(client: Client):
    client.force_login(koordinator(NettverkFactory(slug="fjordnett")))
    client.get("/fjordnett/hjem/")
    foer = client.session["sist_brukt"]

    client.get("/fjordnett/hjem/")
    assert client.session["sist_brukt"] == foer
    pass_time(client, minutter=11)
    client.get("/fjordnett/hjem/")
    assert client.session["sist_brukt"] >= foer


def test_session_from_before_goes_on_and_is_not_fresh(client: Client):
    _nettverk, gruppe = nettverk_med_enhet(slug="fjordnett")
    client.force_login(enhetsleder(gruppe))
    okt = client.session
    del okt["innlogget"], okt["sist_brukt"]
    okt.save()

    assert client.get("/fjordnett/hjem/").status_code == 200
    svar = client.get(f"/fjordnett/grupper/{gruppe.pk}/ny/")
    assert svar["Location"].startswith("/konto/bekreft/")
    assert time.time() - client.session["sist_brukt"] < 60


def test_htmx_takes_the_whole_page_to_sign_in(client: Client):
    client.force_login(koordinator(NettverkFactory(slug="fjordnett")))
    client.get("/fjordnett/hjem/")
    pass_time(client, minutter=9 * 60)

    svar = client.get("/fjordnett/hjem/", headers={"HX-Request": "true"})

    assert svar["HX-Refresh"] == "true"


def test_times_are_in_order(settings):
    assert timedelta(hours=2) <= settings.OKT_LEDIG_ADMINISTRATOR
    assert settings.OKT_LEDIG_ADMINISTRATOR <= settings.OKT_LEDIG_RETTIGHETER <= settings.OKT_LEDIG
    assert Person.svak_okt is False, "only a request makes it weak"


@pytest.mark.parametrize(
    ("https", "navn"),
    [
        ("1", ["__Host-sessionid", "__Host-csrftoken", "__Host-spraak", "__Host-enhet"]),
        ("0", ["sessionid", "csrftoken", "django_language", "mfa_trusted"]),
    ],
)
def test_cookies_belong_to_this_host_alone(https: str, navn: list[str]):
    """As a browser meets them in production: the prefix, and what it demands."""
    kode = """if True:
        import django, json
        django.setup()
        from django.conf import settings as s
        from allauth.mfa import app_settings as mfa
        print(json.dumps([
            [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, mfa.TRUST_COOKIE_NAME],
            [s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, mfa.TRUST_COOKIE_SECURE],
            [s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH, s.LANGUAGE_COOKIE_PATH, mfa.TRUST_COOKIE_PATH],
            [s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN, s.LANGUAGE_COOKIE_DOMAIN, mfa.TRUST_COOKIE_DOMAIN],
        ]))"""
    miljo = os.environ | {
        "DEBUG": "0",
        "DEMO": "0",
        "HTTPS": https,
        "ALLOWED_HOSTS": "portal.example",
        "DJANGO_SETTINGS_MODULE": "nettverk.settings",
    }
    svar = subprocess.run(
        [sys.executable, "-c", kode], env=miljo, capture_output=True, text=True, check=True
    )

    navnene, sikre, stier, domener = json.loads(svar.stdout)
    assert navnene == navn
    assert sikre == [https == "1"] * 4
    assert (stier, domener) == (["/"] * 4, [None] * 4)
