"""The settings refuse what they do not understand, in one sentence."""

import os
import subprocess
import sys

import pytest

from nettverk.maskinrom.miljo import ROT


@pytest.mark.parametrize(
    "verdi", ["²", "٣", "9" * 4400, "1e3", "-1", "1 000", ""], ids=lambda verdi: verdi[:5] or "tom"
)
def test_a_number_that_is_none_is_refused(verdi: str):
    svar = subprocess.run(
        [sys.executable, "-c", "import nettverk.settings"],
        cwd=ROT, env={**os.environ, "OPPLASTING_MAKS_MB": verdi}, capture_output=True, text=True,
    )  # fmt: skip

    siste = svar.stderr.strip().splitlines()[-1]
    assert siste.startswith("django.core.exceptions.ImproperlyConfigured: OPPLASTING_MAKS_MB=")
    assert siste.endswith("skriv et helt tall, høyst 999999999.")
