"""A real portal and a real browser for the tests in this folder, which all run in one test process."""

from collections.abc import Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from nettverk.maskinrom.oppsett import Oppsettsfeil, chromium
from tests.nettleser.lesere import Lesere
from tests.nettleser.portal import Portal, running_portal

ARGUMENTER = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic"]
ARGUMENTER += ["--no-first-run", "--disable-background-networking", "--disable-component-update"]
ARGUMENTER += ["--disable-sync"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """What the portal's processes said, beside a test that failed."""
    rapport = yield
    portal = getattr(item, "funcargs", {}).get("portal")
    if rapport.failed and portal:
        rapport.sections.append(("Portalens logger", portal.logger()))
    return rapport


@pytest.fixture(scope="package")
def portal() -> Iterator[Portal]:
    with running_portal() as portal:
        yield portal


@pytest.fixture(scope="package")
def nettleser() -> Iterator[Browser]:
    try:
        program = chromium()
    except Oppsettsfeil as feil:
        pytest.fail(str(feil), pytrace=False)
    # Ended with this folder: its event loop would make Django refuse the database to the next test.
    with sync_playwright() as p:
        leser = p.chromium.launch(executable_path=program, args=ARGUMENTER)
        yield leser
        leser.close()


@pytest.fixture(scope="package")
def alle_lesere(portal: Portal, nettleser: Browser) -> Iterator[Lesere]:
    lesere = Lesere(portal.adresse, nettleser)
    yield lesere
    lesere.close_all()


@pytest.fixture
def lesere(alle_lesere: Lesere, portal: Portal) -> Iterator[Lesere]:
    """People with a browser each; what they met that no page may do, fails the test."""
    yield alle_lesere
    alle_lesere.finish()
