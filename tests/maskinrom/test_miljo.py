"""Where the settings find the database and the queue."""

from pathlib import Path

import pytest

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


def test_passwords_are_for_the_owner_alone(tmp_path: Path):
    miljo.write_running(tmp_path, {"DATABASE_URL": "hemmelig"})
    assert (tmp_path / miljo.MILJOFIL).stat().st_mode & 0o777 == 0o600


def test_without_servers_the_message_says_how_to_get_them(
    uten_adresser: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NETTVERK_VAR", str(tmp_path))
    with pytest.raises(miljo.IngenServere, match=r"DATABASE_URL og REDIS_URL.*make run"):
        miljo.adresser()
