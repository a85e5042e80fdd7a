"""Where the settings find the database and the queue."""

from pathlib import Path

import dj_database_url
import kombu.utils.url
import pytest
import redis

from nettverk.maskinrom import miljo


@pytest.mark.parametrize(
    ("redis", "koe"),
    [
        ("redis://koe:6379/0", "redis://koe:6379/1"),
        ("rediss://:hemmelig@koe/3", "rediss://:hemmelig@koe/4"),
        ("redis://koe:6379", "redis://koe:6379/1"),
        ("unix:///run/valkey.sock?db=4", "redis+socket:///run/valkey.sock?virtual_host=5"),
    ],
)
def test_the_queue_lives_beside_the_cache(redis: str, koe: str):
    assert miljo.broker_url(redis) == koe


@pytest.mark.parametrize(
    ("redis", "flyttet"),
    [
        ("redis://koe:6379/1", "redis://koe:6379/5"),
        ("unix:///run/valkey.sock?db=0", "unix:///run/valkey.sock?db=4"),
    ],
)
def test_each_test_process_has_databases_of_its_own(redis: str, flyttet: str):
    assert miljo.shift_database(redis, 4) == flyttet


def test_the_environment_comes_before_the_running_servers(
    uten_adresser: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NETTVERK_VAR", str(tmp_path))
    miljo.write_running(tmp_path, {"DATABASE_URL": "egen", "REDIS_URL": "unix:///egen?db=0"})
    monkeypatch.setenv("REDIS_URL", "redis://annen/0")

    assert miljo.adresser() == {
        "DATABASE_URL": "egen",
        "REDIS_URL": "redis://annen/0",
        "CELERY_BROKER_URL": "redis://annen/1",
    }


@pytest.mark.parametrize(
    "tegn", ["/", "#", "@", ":", "%", "æ", "$", "?", "&", "+", " ", "%2F", "\\"]
)
def test_a_password_in_parts_comes_whole_to_those_who_use_it(
    uten_adresser: None, monkeypatch: pytest.MonkeyPatch, tegn: str
):
    passord = f"{tegn}før{tegn}etter{tegn}"
    for navn in ("POSTGRES", "REDIS"):
        monkeypatch.setenv(f"{navn}_HOST", navn.lower())
        monkeypatch.setenv(f"{navn}_PASSORD", passord)

    adresser = miljo.adresser()

    database = dj_database_url.parse(adresser["DATABASE_URL"])
    assert (database["USER"], database["PASSWORD"]) == ("portal", passord)
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("postgres", 5432, "portal")
    mellomlager = redis.connection.parse_url(adresser["REDIS_URL"])
    koe = kombu.utils.url.parse_url(adresser["CELERY_BROKER_URL"])
    for sted in (mellomlager, {**koe, "host": koe["hostname"]}):
        assert (sted["host"], sted["port"], sted["password"]) == ("redis", 6379, passord)
    assert (mellomlager["db"], koe["virtual_host"]) == (0, "1")


def test_a_whole_address_wins_over_its_parts(uten_adresser: None, monkeypatch: pytest.MonkeyPatch):
    for navn, adresse in (("POSTGRES", "DATABASE_URL"), ("REDIS", "REDIS_URL")):
        monkeypatch.setenv(f"{navn}_HOST", "en")
        monkeypatch.setenv(adresse, "redis://annen/3")
    assert set(miljo.adresser().values()) == {"redis://annen/3", "redis://annen/4"}


def test_passwords_are_for_the_owner_alone(tmp_path: Path):
    miljo.write_running(tmp_path, {"DATABASE_URL": "hemmelig"})
    assert (tmp_path / miljo.MILJOFIL).stat().st_mode & 0o777 == 0o600


def test_without_servers_the_message_says_how_to_get_them(
    uten_adresser: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NETTVERK_VAR", str(tmp_path))
    with pytest.raises(miljo.IngenServere, match=r"DATABASE_URL og REDIS_URL.*make run"):
        miljo.adresser()
