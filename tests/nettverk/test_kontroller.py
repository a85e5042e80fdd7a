"""`check --deploy`: demo people never reach production by mistake."""

import pytest
from django.core.checks import run_checks

from nettverk.kontroller import demo_ikke_i_produksjon


@pytest.mark.parametrize(
    ("debug", "demo", "likevel", "feil"),
    [
        (False, True, False, ["nettverk.E001"]),
        (False, True, True, []),
        (False, False, False, []),
        (True, True, False, []),
    ],
)
def test_demo_without_debug_needs_a_second_setting(settings, debug, demo, likevel, feil):
    settings.DEBUG, settings.DEMO, settings.DEMO_I_PRODUKSJON = debug, demo, likevel

    assert [f.id for f in demo_ikke_i_produksjon(None)] == feil


def test_deploy_checks_ask_it(settings):
    settings.DEBUG, settings.DEMO, settings.DEMO_I_PRODUKSJON = False, True, False

    assert "nettverk.E001" in [f.id for f in run_checks(include_deployment_checks=True)]
