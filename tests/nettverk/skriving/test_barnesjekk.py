"""The soft look for what could tell who a child is."""

import pytest

from nettverk.skriving.barnesjekk import look_for_children


@pytest.mark.parametrize(
    "tekst",
    [
        "Vi snakket med eleven Ola om dette.",
        "Jenta Åse likte boka.",
        "gutten Øystein målte",
        "Barnet Kari sa",
        "Barnet som heter Kari, sa det.",
        "Jeg heter Emma og liker å klatre",
        "hei jeg heter emma",
        "Eg heiter Ola. Eg vil ha fleire bøker.",
        "Æ heite Sivert og æ vil ha ei huske",
        "Navnet mitt er Nora.",
        "Min sønn Jonas har ikke noen å leke med.",
        "Vi ønsker at min yngste datter Sara skal trives.",
        "Dattera vår, Ingrid, gruer seg til skolen.",
        "Sønnen min heter Ali og går i første.",
        "Dotter mi og son min Lars likar seg.",
        "Jeg leker med bestevennen min Olav",
        "Lillesøstera mi Frida skal begynne i barnehagen.",
    ],
)
def test_a_child_by_name_is_noticed(tekst: str):
    assert len(look_for_children(tekst)) == 1


def test_a_national_identity_number_is_noticed():
    assert len(look_for_children("fødselsnummer 010190 00083")) == 1
    assert len(look_for_children("01019000083")) == 1


@pytest.mark.parametrize(
    "tekst",
    [
        "Elevene målte flaggstanga. Jenta lo. Barnet sa «lengre».",
        "Konto 12345678901 og telefon 71574000",
        "En elev i Kristiansund fant en stein.",
        "Skolen heter Dale, og vi heter Dale-gjengen.",
        "Jeg heter det samme som læreren.",
        "Datteren min går på Nordlandet barneskole.",
        "Min datter trives. Barnehagen er god.",
        "Sønnen vår skal begynne i Averøy til høsten.",
        "Vi vil ha en skole der barna blir sett. Om 5 år er alle med.",
        "Vennene mine er snille. Jeg er glad i Norge.",
        "Barna våre og Trollheimen hører sammen.",
        "I heterogene grupper lærer vi mer, også i hete dager.",
        "Hva heter eventyret? Det heter Askeladden.",
        "Oppgaven i heter «Jeg kan».",
        "",
    ],
)
def test_ordinary_text_is_left_in_peace(tekst: str):
    assert look_for_children(tekst) == []
