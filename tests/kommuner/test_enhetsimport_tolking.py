"""What the words of a file mean."""

import pytest
from django.utils import translation

from kommuner.enhetsimport import tolking
from kommuner.models import Enhet


@pytest.mark.parametrize("spraak", ["nb", "nn", "en"])
def test_the_words_that_the_portal_shows_are_words_that_it_reads(spraak: str):
    with translation.override(spraak):
        typer = {str(navn).casefold(): verdi for verdi, navn in Enhet.Type.choices}
        eierformer = {str(navn).casefold(): verdi for verdi, navn in Enhet.Eierform.choices}

    assert {ord_: tolking._TYPER.get(ord_) for ord_ in typer} == typer
    assert {ord_: tolking._EIERFORMER.get(ord_) for ord_ in eierformer} == eierformer
