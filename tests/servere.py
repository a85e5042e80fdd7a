"""Real servers for the tests: one PostgreSQL and one Valkey for the whole run, in a temporary folder.

A pytest plugin, loaded with `-p tests.servere` so that it runs before Django's settings are read.
With pytest-xdist the controlling process starts the servers; each worker gets a database of its own
from pytest-django, and its own pair of Redis databases here. Their death follows the test run's,
also after kill -9. DATABASE_URL and REDIS_URL from outside are used instead.
"""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pytest

from nettverk.maskinrom import miljo
from nettverk.maskinrom.feil import Maskinromfeil
from nettverk.maskinrom.oppsett import playwright_environment
from nettverk.maskinrom.servere import Servere

# What the settings need besides the servers. Development's switches, so that the tests meet the demo
# people and plain http; what production adds is tested by `check --deploy` in `make check`.
MILJO = {
    "DEBUG": "1",
    "DEMO": "1",
    "SECRET_KEY": "bare-for-testene-0123456789-0123456789-0123456789",
}

# The folder of tests that drive a browser through one running portal.
NETTLESER = "nettleser"
EKSEMPELET = "test_slik_bygger_du.py"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Start before pytest-django, which reads the settings in this same hook."""
    if "--version" not in early_config.invocation_params.args:
        _prepare(early_config)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, object, object]:
    """What shares a costly world stays in one process: the tests of a file, and all the browser's.

    The browser's come first, since they take longest, and then the example that is built and tested by
    itself: what is long must not be what the other process waits for at the end. Marked before pytest-xdist reads the marks,
    sorted after pytest-django has sorted.
    """
    for item in items:
        sammen = item.path.parent if item.path.parent.name == NETTLESER else item.path
        item.add_marker(pytest.mark.xdist_group("-".join(sammen.parts[-2:])))
    svar = yield
    items.sort(key=lambda item: (item.path.parent.name != NETTLESER, item.path.name != EKSEMPELET))
    return svar


def _prepare(config: pytest.Config) -> None:
    os.environ.update({**MILJO, **playwright_environment()})
    if arbeider := os.environ.get("PYTEST_XDIST_WORKER"):
        _own_redis_databases(int(arbeider.removeprefix("gw")) + 1)
        return
    mappe = Path(tempfile.mkdtemp(prefix="nettverk-test-"))
    # The settings must not find the developer's own running portal.
    os.environ["NETTVERK_VAR"] = str(mappe)
    config.add_cleanup(lambda: shutil.rmtree(mappe, ignore_errors=True))
    try:
        servere = Servere(mappe, hurtig=True)
        servere.__enter__()
    except Maskinromfeil as feil:
        raise pytest.UsageError(str(feil)) from feil
    config.add_cleanup(servere.stop)
    os.environ.update(servere.addresses())


def _own_redis_databases(nummer: int) -> None:
    """Two Redis databases (cache and queue) and a folder for files, for this test process alone."""
    os.environ["REDIS_URL"] = miljo.shift_database(os.environ["REDIS_URL"], 2 * nummer)
    os.environ["CELERY_BROKER_URL"] = miljo.broker_url(os.environ["REDIS_URL"])
    os.environ["MEDIA_ROOT"] = f"{os.environ['MEDIA_ROOT']}-{nummer}"


@pytest.fixture
def barnemiljo(transactional_db: None) -> dict[str, str]:
    """The environment for a real process (a Celery worker, a web server) that a test starts.

    It points to this test process's own database, where what the test saves can be seen.
    """
    from django.db import connection

    deler = urlsplit(os.environ["DATABASE_URL"])
    database = quote(str(connection.settings_dict["NAME"]))
    return {**os.environ, "DATABASE_URL": urlunsplit(deler._replace(path=f"/{database}"))}


@pytest.fixture
def egne_servere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Servere]:
    """PostgreSQL and Valkey for one test alone, which it may stop, kill and start again."""
    for navn in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "MEDIA_ROOT"):
        monkeypatch.delenv(navn, raising=False)
    with (
        tempfile.TemporaryDirectory(prefix="nettverk-test-") as mappe,
        Servere(Path(mappe), hurtig=True) as servere,
    ):
        yield servere
