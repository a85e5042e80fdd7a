"""Demo people never reach production by mistake: the settings do not load, in a process of their own."""

import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks

from nettverk.kontroller import aapen_demo

_NOEKKEL = "x" * 60


def _load(**miljo: str) -> subprocess.CompletedProcess[str]:
    """The settings in a new process, as a web server would load them."""
    rent = {k: v for k, v in os.environ.items() if k not in {"DEBUG", "DEMO", "DEMO_I_PRODUKSJON"}}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); print('lastet')"],
        env={
            **rent,
            "DJANGO_SETTINGS_MODULE": "nettverk.settings",
            "SECRET_KEY": _NOEKKEL,
            "ALLOWED_HOSTS": "portal.example",
            "DATABASE_URL": "postgresql:///ingen",
            "REDIS_URL": "redis://ingen/0",
            **miljo,
        },
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("demo", ["1", "ja", "true"])
def test_demo_without_debug_does_not_load(demo: str):
    svar = _load(DEBUG="0", DEMO=demo)

    assert svar.returncode != 0
    assert "lastet" not in svar.stdout
    assert "DEMO_I_PRODUKSJON=1" in svar.stderr


@pytest.mark.parametrize(
    "miljo",
    [
        {"DEBUG": "0", "DEMO": "1", "DEMO_I_PRODUKSJON": "1"},
        {"DEBUG": "1", "DEMO": "1"},
        {"DEBUG": "0", "DEMO": "0"},
    ],
)
def test_what_is_meant_loads(miljo: dict[str, str]):
    svar = _load(**miljo)

    assert svar.stdout.strip() == "lastet", svar.stderr


@pytest.mark.parametrize(
    ("debug", "demo", "sagt"),
    [(False, True, ["nettverk.W001"]), (False, False, []), (True, True, [])],
)
def test_an_open_demo_says_that_it_is_one(settings, debug: bool, demo: bool, sagt: list[str]):
    settings.DEBUG, settings.DEMO, settings.DEMO_I_PRODUKSJON = debug, demo, True

    assert [f.id for f in aapen_demo(None)] == sagt


def test_deploy_checks_ask_it(settings):
    settings.DEBUG, settings.DEMO, settings.DEMO_I_PRODUKSJON = False, True, True

    assert "nettverk.W001" in [f.id for f in run_checks(include_deployment_checks=True)]
