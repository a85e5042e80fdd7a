"""What must hold for every date, number and name – not only for those somebody thought of.

Hypothesis looks for the one that breaks it, and shows the smallest. Where both Python and PostgreSQL
have the rule, the two are asked the same in one query.
"""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum.no import orgnr

from kommuner.enhetsimport.inndeling import Inndeling, KommuneDa
from kommuner.enhetsimport.kilde import Raarad
from kommuner.enhetsimport.tolking import ANTALL, GRUNNER, TEKSTER, Post, Rammer, Tolker
from kommuner.gyldighet import periode
from kommuner.models import Enhet, Plassering
from kommuner.orgnr import normalise
from kommuner.sortering import norsk_nokkel
from kommuner.tabellfil.celler import Radfeil
from tests.kommuner.factories import gyldig_orgnr

# The time of one example says nothing on a busy machine.
rolig = settings(deadline=None, max_examples=60)

DATOER = st.dates(datetime.date(1990, 1, 1), datetime.date(2060, 12, 31))
EN_DAG = datetime.timedelta(days=1)


def _sql(sporring: str, *verdier: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sporring, verdier)
        return cursor.fetchall()


# --- validity


@st.composite
def perioder(draw: st.DrawFn) -> tuple[datetime.date | None, datetime.date | None]:
    fra = draw(st.none() | DATOER)
    til = draw(st.none() | (DATOER if fra is None else st.dates(fra, datetime.date(2061, 1, 1))))
    return fra, til


@rolig
@given(perioder(), DATOER)
def test_a_fact_holds_from_its_first_day_until_the_day_it_ends(fra_til, dato):
    fra, til = fra_til
    rad = Plassering(gyldig=periode(fra, til))

    assert rad.er_gyldig(dato) == ((fra is None or fra <= dato) and (til is None or dato < til))


@pytest.mark.django_db
@rolig
@given(st.lists(st.tuples(perioder(), DATOER), min_size=1, max_size=30))
def test_python_and_postgresql_agree_on_every_day(spurt):
    svar = _sql(
        "SELECT daterange(fra, til) @> dato FROM unnest(%s::date[], %s::date[], %s::date[])"
        " AS t(fra, til, dato)",
        [p[0] for p, _d in spurt],
        [p[1] for p, _d in spurt],
        [d for _p, d in spurt],
    )

    assert [rad for (rad,) in svar] == [
        Plassering(gyldig=periode(*p)).er_gyldig(d) for p, d in spurt
    ]


@rolig
@given(DATOER, DATOER)
def test_the_last_day_is_the_last_that_holds(fra, til):
    fra, til = sorted((fra, til + EN_DAG))
    rad = Plassering(gyldig=periode(fra, til))

    if fra < til:
        assert rad.er_gyldig(rad.siste_dag)
    assert not rad.er_gyldig(rad.siste_dag + EN_DAG)


@rolig
@given(DATOER, st.none() | DATOER, DATOER)
def test_what_is_ended_holds_no_more_and_keeps_the_days_it_had(fra, til, slutt):
    rad = Plassering(gyldig=periode(fra, max(til, fra) if til else None))
    gjaldt = [d for d in (fra, slutt - EN_DAG) if d < slutt and rad.er_gyldig(d)]
    rad.save = lambda **_felt: None  # the row's own arithmetic, without a database

    rad.end(slutt)

    # PostgreSQL makes an empty range of one that begins where it ends.
    igjen = rad if rad.gyldig.lower < rad.gyldig.upper else None
    assert igjen is None or not igjen.er_gyldig(slutt)
    if til is None:
        assert [d for d in gjaldt if not (igjen and igjen.er_gyldig(d))] == []


# --- organisation numbers


@rolig
@given(st.integers(0, 5000))
def test_a_number_that_is_right_is_read_with_and_without_spaces(n: int):
    nummer = gyldig_orgnr(n)

    assert normalise(f" {nummer[:3]} {nummer[3:6]} {nummer[6:]} ") == nummer


@rolig
@given(st.integers(0, 5000), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(n: int, plass: int, forskjell: int):
    nummer = gyldig_orgnr(n)
    galt = nummer[:plass] + str((int(nummer[plass]) + forskjell) % 10) + nummer[plass + 1 :]

    with pytest.raises(ValidationError):
        normalise(galt)


@rolig
@given(st.text(max_size=20))
@example("٩٧٤٧٦٠٦٧٣")  # digits, though not ours
@example("974760673\n")
def test_anything_typed_is_nine_digits_or_refused_in_plain_words(tekst: str):
    if orgnr.is_valid(tekst):
        assert normalise(tekst) == orgnr.compact(tekst)
        assert normalise(tekst).isascii()
    else:
        with pytest.raises(ValidationError, match="ikke et gyldig organisasjonsnummer"):
            normalise(tekst)


@pytest.mark.django_db
@rolig
@given(st.lists(st.text("0123456789 a", min_size=1, max_size=11), min_size=1, max_size=40))
def test_the_database_takes_no_number_that_the_form_would_refuse(numre: list[str]):
    svar = dict(_sql("SELECT n, orgnr_gyldig(n) FROM unnest(%s::text[]) n", numre))

    # The form takes spaces away first; the database is given what is left.
    uten = [n for n in numre if " " not in n]
    assert {n: svar[n] for n in uten} == {n: orgnr.is_valid(n) for n in uten}
    assert not any(svar[n] for n in numre if " " in n)


# --- Norwegian order

NAVN = st.text(
    "abcæøåäöüéèêáàâçčđŋšŧžñóòíúýABCÆØÅÄÖÉÁČĐŊŠŦŽ '’-–.0123456789", min_size=1, max_size=20
)


@pytest.mark.django_db
@rolig
@given(st.lists(NAVN, min_size=1, max_size=40, unique=True))
@example(["Aasen", "Åsen", "AAsen", "aAsen", "Ærø", "Öst"])
def test_both_make_the_same_key_of_every_name(navn: list[str]):
    svar = dict(_sql("SELECT n, norsk_sortering(n) FROM unnest(%s::text[]) n", navn))

    assert {n: norsk_nokkel(n) for n in navn} == svar


@rolig
@given(NAVN.filter(lambda navn: "aå" not in navn.lower()))  # «aaa» may be aå and åa
def test_case_and_aa_do_not_matter(navn: str):
    assert norsk_nokkel(navn.upper()) == norsk_nokkel(navn)
    assert norsk_nokkel(navn.replace("å", "aa")) == norsk_nokkel(navn)


@rolig
@given(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8).filter(lambda t: "aa" not in t)
)
def test_ae_oe_and_aa_stand_after_every_other_letter_in_that_order(etter: str):
    assert sorted(["å" + etter, "z" + etter, "ø" + etter, "æ" + etter], key=norsk_nokkel) == [
        "z" + etter,
        "æ" + etter,
        "ø" + etter,
        "å" + etter,
    ]


# --- a row of a file

PER = datetime.date(2026, 1, 1)
KOMMUNER = [
    KommuneDa(1, "1573", "Smøla", None, None),
    KommuneDa(2, "0301", "Oslo", None, None),
    KommuneDa(3, "1571", "Halsa", None, datetime.date(2020, 1, 1)),
]
INNDELING = Inndeling(
    per_nummer={k.nummer: k for k in KOMMUNER}, per_id={k.id: k for k in KOMMUNER}
)
KOLONNER = [
    "organisasjonsnummer",
    "nsr_id",
    "navn",
    "kommunenummer",
    "type",
    "eierform",
    "maalform",
    "postnummer",
    "breddegrad",
    "lengdegrad",
    "kapasitet",
    *TEKSTER,
    *ANTALL,
]
# What people and spreadsheets write, right and wrong, and what nobody would.
CELLER = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "0",
            "1573",
            "301",
            "1571",
            "9999",
            "barnehage",
            "Kommunal",
            "nynorsk",
            "63,12",
            "8.1",
            "1e400",
            "NaN",
            "-Infinity",
            "1E+2147483648",
            "-1",
            "12,5",
            "٣",
            "²",
            "1 000",
            "x" * 300,
            gyldig_orgnr(1),
            gyldig_orgnr(2),
        ]
    ),
    st.floats().map(str),
    st.integers().map(str),
)


def _tolker(**rammer: Any) -> Tolker:
    return Tolker(Rammer(per=PER, aar=2026, inndeling=INNDELING, kommuner=frozenset({1}), **rammer))


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.dictionaries(st.sampled_from(KOLONNER), CELLER), min_size=1, max_size=4),
    st.booleans(),
    st.sampled_from(["", *Enhet.Type.values]),
)
@example([{"breddegrad": "NaN", "lengdegrad": "NaN", "antall_barn": "sNaN"}], True, "")
@example([{"breddegrad": "Infinity", "lengdegrad": "-Infinity", "kapasitet": "1e9999"}], False, "")
def test_a_row_is_a_unit_or_reasons_whatever_stands_in_it(rader, har_antall, type_):
    tolker = _tolker(har_antall_barn=har_antall, type=type_)

    for nummer, verdier in enumerate(rader, start=2):
        svar = tolker.interpret(Raarad(nummer, verdier, list(verdier.values())))

        if isinstance(svar, Post):
            assert (svar.rad, svar.kommune_id) == (nummer, 1)
            assert svar.organisasjonsnummer or svar.nsr_id
            assert Post.from_json(svar.as_json()) == svar
        else:
            assert svar
            assert all(isinstance(f, Radfeil) and f.kode in GRUNNER and f.grunn for f in svar)


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.sampled_from([*TEKSTER, *ANTALL, "breddegrad", "lengdegrad"]), CELLER))
def test_what_is_read_fits_in_the_register(annet: dict[str, str]):
    """No value that the interpreter lets through is refused by the model."""
    verdier = {
        "nsr_id": "1234",
        "navn": "Skolen",
        "kommunenummer": "1573",
        "type": "skole",
        **annet,
    }
    svar = _tolker().interpret(Raarad(2, verdier, []))

    if isinstance(svar, Post):
        enhet = Enhet(
            navn=svar.navn,
            nsr_id=svar.nsr_id,
            type=svar.type,
            eierform="kommunal",
            eier=svar.eier,
            adresse=svar.adresse,
            poststed=svar.poststed,
            breddegrad=svar.breddegrad,
            lengdegrad=svar.lengdegrad,
            gyldig=periode(PER),
        )
        enhet.clean_fields(exclude=["sortering", "referanse"])
        tall = [getattr(svar, navn) for navn in ANTALL]
        assert all(t is None or 0 <= t <= 20_000 for t in tall)
