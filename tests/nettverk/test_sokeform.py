"""Search in running text: the forms of a word meet, in bokmål and nynorsk, and other words do not."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def finds(q: str, tekst: str) -> bool:
    with connection.cursor() as db:
        db.execute("SELECT sokevektor('', %s) @@ sokesporring(%s)", [tekst, q])
        return db.fetchone()[0]


FORMER = [
    "skole skolen skoler skolene skule skulen skular skulane",
    "lærer læreren lærere lærerne lærar læraren lærarar lærarane",
    "leder lederen ledere lederne leiar leiaren leiarar leiarane",
    "enhetsleder enhetsledere enhetslederne",
    "styrer styreren styrere styrerne styrar styrarane",
    "barnehage barnehagen barnehager barnehagene barnehagar barnehagane",
    "barn barnet barna borna",
    "elev eleven elever elevene elevar elevane",
    "bok boka boken bøker bøkene bøkane",
    "uke uka uken uker ukene veke veka vekene",
    "oppgave oppgaven oppgaver oppgavene oppgåve oppgåva oppgåvene",
    "lek leken leker leik leiken",
    "foreldre foreldrene foreldra",
    "regel regler reglene reglar",
    "hjem heim",
    "samtale samtalen samtaler samtalene samtalar samtalane",
    "måling målingen målinger måle måler målte",
    "leke leker lekte",
    "prøve prøver prøvde",
    "begynne begynner begynte",
    "veiledning veiledningen rettleiing",
]


@pytest.mark.parametrize("former", FORMER)
def test_each_form_finds_every_other(former: str):
    ordene = former.split()
    savnet = [(q, t) for q in ordene for t in ordene if not finds(q, f"Vi så {t} den dagen.")]

    assert savnet == []


@pytest.mark.parametrize(
    ("q", "tekst"),
    [("leder", "hvert ledd"), ("lek", "en lekse"), ("skole", "et skolt"), ("bok", "bokmerke")],
)
def test_other_words_are_not_found(q: str, tekst: str):
    assert not finds(q, tekst)


def test_all_the_words_must_stand_there_and_a_word_may_be_left_out():
    assert finds("måle fjæra", "De målte i fjæra.")
    assert not finds("måle skogen", "De målte i fjæra.")
    assert not finds("fjæra -målte", "De målte i fjæra.")
    assert not finds("på", "De var på tur.")
    for rart in ('"', "((", "&|!", "'; --", "\\", "*:"):
        assert finds(rart, "De var på tur.") is False
