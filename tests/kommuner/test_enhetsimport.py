"""Units from a file against the register: what is refused, what changes, what is written."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from kommuner.enhetsimport import skriving
from kommuner.enhetsimport.inndeling import Inndeling
from kommuner.enhetsimport.kilde import Raarad
from kommuner.enhetsimport.sammenligning import Importutfall, Vurdering, assess, borte
from kommuner.enhetsimport.skriving import end, write
from kommuner.enhetsimport.tolking import Post, Rammer, Tolker
from kommuner.gyldighet import periode
from kommuner.models import Enhet, Enhetstall, Kommune, Kommuneendring, Plassering
from kommuner.tabellfil.celler import Radfeil
from tests.kommuner.factories import (
    EnhetFactory,
    EnhetstallFactory,
    KommuneFactory,
    gyldig_orgnr,
)

pytestmark = pytest.mark.django_db

PER = datetime.date(2026, 3, 1)


def _rammer(*kommuner: Kommune, per: datetime.date = PER, **felt: object) -> Rammer:
    return Rammer(
        per=per,
        aar=per.year,
        inndeling=Inndeling.fetch(),
        kommuner=frozenset(k.pk for k in kommuner),
        **{"type": "barnehage", **felt},
    )


def _rad(nummer: int = 2, avvist: tuple[str, str] | None = None, **verdier: str) -> Raarad:
    grunn = {"organisasjonsnummer": gyldig_orgnr(9000), "navn": "Sol", "eierform": "Kommunal"}
    return Raarad(nummer, {**grunn, **verdier}, [], avvist)


def _post(kommune: Kommune, **felt: object) -> Post:
    standard = {
        "rad": 2,
        "navn": "Sol barnehage",
        "kommune_id": kommune.pk,
        "kommunenummer": kommune.kommunenummer,
        "type": "barnehage",
        "organisasjonsnummer": gyldig_orgnr(9000),
        "eierform": "kommunal",
    }
    return Post(**{**standard, **felt})


def _ett(post: Post, rammer: Rammer) -> Vurdering:
    (svar,) = assess([post], rammer)
    return svar


def _endringer(svar: Vurdering) -> list[tuple[str, str, str]]:
    return [(e.felt, e.foer, e.etter) for e in svar.endringer]


# --- a row


@pytest.mark.parametrize(
    ("verdier", "kolonne", "kode", "sier"),
    [
        ({"organisasjonsnummer": "974760674"}, "organisasjonsnummer", "orgnr", "kontrollsifferet"),
        ({"organisasjonsnummer": "12345"}, "organisasjonsnummer", "orgnr", "ni sifre"),
        ({"navn": ""}, "navn", "mangler", "Navnet mangler"),
        ({"navn": "x" * 201}, "navn", "for_lang", "201 tegn"),
        ({"kommunenummer": "9999"}, "kommunenummer", "kommunenummer", "kjenner ikke"),
        ({"kommunenummer": ""}, "kommunenummer", "mangler", "mangler"),
        ({"antall_barn": "-1"}, "antall_barn", "tall", "mindre enn null"),
        ({"antall_barn": "mange"}, "antall_barn", "tall", "ikke et helt tall"),
        ({"antall_barn": "NaN"}, "antall_barn", "tall", "ikke et helt tall"),
        ({"antall_ansatte": "99999999999"}, "antall_ansatte", "tall", "for mange"),
        ({"breddegrad": "59,3", "lengdegrad": "1"}, "breddegrad", "koordinat", "utenfor Norge"),
        ({"breddegrad": "7,7", "lengdegrad": "63"}, "breddegrad", "koordinat", "byttet plass"),
        ({"breddegrad": "63"}, "breddegrad", "koordinat", "begge to"),
        ({"eierform": "stiftelse?"}, "eierform", "verdi", "kommunal, privat"),
        ({"type": "bank"}, "type", "verdi", "barnehage"),
        ({"postnummer": "65-18"}, "postnummer", "verdi", "fire sifre"),
        ({"nsr_id": "abc"}, "nsr_id", "nsr_id", "NSR-id"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_by_column(verdier, kolonne, kode, sier):
    kommune = KommuneFactory()
    rad = _rad(**{"kommunenummer": kommune.kommunenummer, **verdier})

    (feil,) = Tolker(_rammer(kommune)).interpret(rad)

    assert (feil.kolonne, feil.kode) == (kolonne, kode)
    assert sier in feil.grunn


def test_all_that_is_wrong_with_a_row_is_told_at_once():
    kommune = KommuneFactory()

    feil = Tolker(_rammer(kommune)).interpret(
        _rad(kommunenummer=kommune.kommunenummer, navn="", antall_barn="-3")
    )

    assert [f.kolonne for f in feil] == ["navn", "antall_barn"]


def test_a_kommune_that_was_not_one_on_the_day_asks_about_the_date():
    gammel = KommuneFactory(
        navn="Skodje", gyldig=periode(datetime.date(2000, 1, 1), datetime.date(2020, 1, 1))
    )

    (feil,) = Tolker(_rammer(gammel)).interpret(_rad(kommunenummer=gammel.kommunenummer))

    assert feil.kode == "kommune_dato"
    assert "1. mars 2026" in feil.grunn


def test_a_kommune_outside_the_network_is_refused():
    med, uten = KommuneFactory(), KommuneFactory(navn="Oslo")

    (feil,) = Tolker(_rammer(med)).interpret(_rad(kommunenummer=uten.kommunenummer))

    assert (feil.kode, "Oslo" in feil.grunn) == ("utenfor", True)


def test_the_second_row_with_the_same_number_is_refused_and_the_first_is_not():
    kommune = KommuneFactory()
    tolker = Tolker(_rammer(kommune))
    nr = kommune.kommunenummer

    foerste, andre = (tolker.interpret(_rad(n, kommunenummer=nr)) for n in (2, 9))

    assert isinstance(foerste, Post)
    assert [f.grunn for f in andre] == [
        f"{gyldig_orgnr(9000)} står også i rad 2. Bare den første raden blir med."
    ]


def test_a_refused_row_does_not_stop_a_good_one_with_the_same_number():
    kommune = KommuneFactory()
    tolker = Tolker(_rammer(kommune))

    tolker.interpret(_rad(2, kommunenummer="9999"))

    assert isinstance(tolker.interpret(_rad(3, kommunenummer=kommune.kommunenummer)), Post)


def test_a_row_is_read_as_people_write_it():
    kommune = KommuneFactory(kommunenummer="0301")
    orgnr = gyldig_orgnr(9000)

    post = Tolker(_rammer(kommune)).interpret(
        _rad(
            organisasjonsnummer=f"{orgnr[:3]} {orgnr[3:6]} {orgnr[6:]}",
            kommunenummer="301",
            eierform="PRIVAT",
            maalform="Nynorsk",
            postnummer="150",
            breddegrad="59,91273",
            lengdegrad="10.74609",
            antall_barn="53",
        )
    )

    assert post == Post(
        rad=2,
        navn="Sol",
        organisasjonsnummer=orgnr,
        kommune_id=kommune.pk,
        kommunenummer="0301",
        type="barnehage",
        eierform="privat",
        maalform="nn",
        postnummer="0150",
        breddegrad=Decimal("59.912730"),
        lengdegrad=Decimal("10.746090"),
        antall_barn=53,
    )
    assert Post.from_json(post.as_json()) == post


def test_the_registers_zero_coordinates_are_not_known():
    kommune = KommuneFactory()

    post = Tolker(_rammer(kommune)).interpret(
        _rad(kommunenummer=kommune.kommunenummer, breddegrad="0", lengdegrad="0.0")
    )

    assert (post.breddegrad, post.lengdegrad) == (None, None)


def test_capacity_stands_for_children_only_when_the_file_has_no_children():
    kommune = KommuneFactory()
    rad = _rad(kommunenummer=kommune.kommunenummer, kapasitet="76")

    uten = Tolker(_rammer(kommune, har_antall_barn=False)).interpret(rad)
    med = Tolker(_rammer(kommune)).interpret(rad)

    assert (uten.antall_barn, med.antall_barn) == (76, None)


# --- against the register


def test_unknown_unit_is_new_and_lies_in_its_kommune_from_the_day_of_the_file():
    kommune = KommuneFactory()
    rammer = _rammer(kommune)

    (svar,) = write([_post(kommune, antall_barn=40, breddegrad=Decimal("63.1"))], rammer)

    enhet = Enhet.objects.get(organisasjonsnummer=gyldig_orgnr(9000))
    assert svar.utfall == Importutfall.NY
    assert (enhet.fra, enhet.til, enhet.opplysninger_per) == (PER, None, PER)
    assert enhet.kommune_per(PER) == kommune
    assert enhet.kommune_per(PER - datetime.timedelta(days=1)) is None
    assert [(t.aar, t.antall_barn, t.antall_ansatte) for t in enhet.tall.all()] == [
        (2026, 40, None)
    ]


def test_second_run_of_the_same_file_changes_nothing():
    kommune = KommuneFactory()
    rammer = _rammer(kommune)
    poster = [
        _post(
            kommune,
            organisasjonsnummer=gyldig_orgnr(9000 + n),
            antall_barn=n,
            breddegrad=Decimal("63.123456"),
            lengdegrad=Decimal("7.1"),
            poststed="KRISTIANSUND N",
        )
        for n in range(3)
    ]
    write(poster, rammer)

    assert [v.utfall for v in assess(poster, rammer)] == [Importutfall.UENDRET] * 3
    assert [v.utfall for v in write(poster, rammer)] == [Importutfall.UENDRET] * 3
    assert (Enhet.objects.count(), Plassering.objects.count()) == (3, 3)


def test_changed_fields_are_shown_old_and_new():
    kommune = KommuneFactory()
    enhet = EnhetFactory(kommune=kommune, navn="Gammelt navn", eierform="privat", type="barnehage")
    EnhetstallFactory(enhet=enhet, aar=2026, antall_barn=40, antall_ansatte=12)
    post = _post(
        kommune,
        organisasjonsnummer=enhet.organisasjonsnummer,
        navn="Nytt navn",
        maalform="nn",
        antall_barn=43,
    )

    svar = _ett(post, _rammer(kommune))
    write([post], _rammer(kommune))

    assert _endringer(svar) == [
        ("navn i registeret", "Gammelt navn", "Nytt navn"),
        ("eierform", "privat", "kommunal"),
        ("målform", "ikke kjent", "nynorsk"),
        ("barn eller elever 2026", "40", "43"),
    ]
    enhet.refresh_from_db()
    assert (enhet.navn, enhet.maalform) == ("Nytt navn", "nn")
    tall = enhet.tall.get()
    assert (tall.antall_barn, tall.antall_ansatte) == (43, 12)


def test_capitals_alone_are_no_change_and_empty_cells_change_nothing():
    kommune = KommuneFactory()
    enhet = EnhetFactory(kommune=kommune, navn="Sol barnehage", adresse="Veien 1", maalform="nb")

    svar = _ett(
        _post(kommune, organisasjonsnummer=enhet.organisasjonsnummer, navn="SOL BARNEHAGE"),
        _rammer(kommune),
    )

    assert svar.utfall == Importutfall.UENDRET


def test_a_unit_known_by_nsr_id_gets_its_organisation_number():
    kommune = KommuneFactory()
    enhet = EnhetFactory(kommune=kommune, organisasjonsnummer=None, nsr_id="1016480", navn="Sol")

    write([_post(kommune, nsr_id="1016480", navn="Sol")], _rammer(kommune))

    enhet.refresh_from_db()
    assert enhet.organisasjonsnummer == gyldig_orgnr(9000)
    assert Enhet.objects.count() == 1


def test_numbers_of_two_different_units_are_refused():
    kommune = KommuneFactory()
    a = EnhetFactory(kommune=kommune)
    EnhetFactory(kommune=kommune, organisasjonsnummer=None, nsr_id="1016480")

    svar = _ett(
        _post(kommune, organisasjonsnummer=a.organisasjonsnummer, nsr_id="1016480"),
        _rammer(kommune),
    )

    assert (svar.utfall, svar.feil[0].kode) == (Importutfall.AVVIST, "to_enheter")


def test_a_new_unit_must_say_who_owns_it_and_a_known_one_need_not():
    kommune = KommuneFactory()
    kjent = EnhetFactory(kommune=kommune, navn="Måne barnehage")

    ny, kjent_svar = assess(
        [
            _post(kommune, eierform=""),
            _post(
                kommune,
                rad=3,
                navn="Måne barnehage",
                eierform="",
                organisasjonsnummer=kjent.organisasjonsnummer,
            ),
        ],
        _rammer(kommune),
    )

    assert (ny.utfall, ny.feil[0].kolonne) == (Importutfall.AVVIST, "eierform")
    assert kjent_svar.utfall == Importutfall.UENDRET


# --- place and time


def test_a_moved_unit_lies_in_the_old_kommune_until_the_day_and_in_the_new_from_it():
    fra, til = KommuneFactory(navn="Gammel"), KommuneFactory(navn="Ny")
    enhet = EnhetFactory(kommune=fra, navn="Sol barnehage")
    post = _post(til, organisasjonsnummer=enhet.organisasjonsnummer)

    svar = _ett(post, _rammer(fra, til))
    write([post], _rammer(fra, til))

    assert _endringer(svar) == [("kommune", "Gammel", "Ny")]
    assert enhet.kommune_per(PER - datetime.timedelta(days=1)) == fra
    assert enhet.kommune_per(PER) == til


def _sammenslaaing() -> tuple[Kommune, Kommune, Kommune, Kommune]:
    """1534 became part of 1507 in 2020, and 1507 was split in 2024."""
    d2020, d2024 = datetime.date(2020, 1, 1), datetime.date(2024, 1, 1)
    haram = KommuneFactory(navn="Haram", gyldig=periode(datetime.date(1965, 1, 1), d2020))
    stor = KommuneFactory(navn="Ålesund", gyldig=periode(d2020, d2024))
    ny_aalesund = KommuneFactory(navn="Ålesund", gyldig=periode(d2024))
    nye_haram = KommuneFactory(navn="Haram", gyldig=periode(d2024))
    Kommuneendring.objects.create(fra=haram, til=stor, dato=d2020, type="sammenslaaing")
    for ny in (ny_aalesund, nye_haram):
        Kommuneendring.objects.create(fra=stor, til=ny, dato=d2024, type="deling")
    return haram, stor, ny_aalesund, nye_haram


def test_an_old_file_places_units_by_the_numbers_of_its_day_and_follows_mergers_but_not_splits():
    haram, stor, *_nye = _sammenslaaing()
    per = datetime.date(2018, 3, 4)

    write([_post(haram)], _rammer(haram, per=per))

    enhet = Enhet.objects.get()
    assert enhet.fra == per
    assert [
        enhet.kommune_per(datetime.date(aar, 6, 1)) for aar in (2017, 2018, 2019, 2021, 2025)
    ] == [None, haram, haram, stor, None]


def test_a_newer_file_tells_where_a_unit_went_after_the_split():
    haram, _stor, _aalesund, nye_haram = _sammenslaaing()
    write([_post(haram)], _rammer(haram, per=datetime.date(2018, 3, 4)))

    (svar,) = write([_post(nye_haram)], _rammer(nye_haram, per=datetime.date(2024, 6, 1)))

    assert _endringer(svar) == [("kommune", "ikke kjent", "Haram")]
    assert Enhet.objects.get().kommune_per(PER) == nye_haram


def test_an_old_file_after_a_newer_one_fills_in_history_and_leaves_what_is_known():
    haram, stor, _aalesund, nye_haram = _sammenslaaing()
    ny = _rammer(nye_haram, per=datetime.date(2025, 1, 1))
    gammel = _rammer(haram, per=datetime.date(2018, 3, 4))
    write([_post(nye_haram, navn="Navnet nå", antall_barn=50)], ny)

    (svar,) = write([_post(haram, navn="Navnet før", antall_barn=30, eier="Eier AS")], gammel)

    enhet = Enhet.objects.get()
    assert [e.felt for e in svar.endringer] == [
        "eier",
        "gyldig fra",
        "kommune",
        "barn eller elever 2018",
    ]
    assert (enhet.navn, enhet.eier) == ("Navnet nå", "Eier AS")
    assert (enhet.fra, enhet.opplysninger_per) == (gammel.per, ny.per)
    assert [enhet.kommune_per(datetime.date(aar, 6, 1)) for aar in (2018, 2021, 2025)] == [
        haram,
        stor,
        nye_haram,
    ]
    assert assess([_post(haram, navn="Navnet før")], gammel)[0].utfall == Importutfall.UENDRET


def test_a_unit_that_had_ended_and_is_in_the_file_again_goes_on():
    kommune = KommuneFactory()
    enhet = EnhetFactory(kommune=kommune, navn="Sol barnehage")
    end([enhet.pk], datetime.date(2024, 1, 1))
    post = _post(kommune, organisasjonsnummer=enhet.organisasjonsnummer)

    (svar,) = write([post], _rammer(kommune))

    enhet.refresh_from_db()
    assert "i drift igjen" in [e.etter for e in svar.endringer]
    assert enhet.til is None
    assert enhet.kommune_per(datetime.date(2025, 1, 1)) is None
    assert enhet.kommune_per(PER) == kommune


# --- gone


def test_gone_are_units_of_the_type_in_the_kommuner_that_the_file_does_not_mention():
    kommune, annen = KommuneFactory(), KommuneFactory()
    savnet = EnhetFactory(kommune=kommune)
    sett = EnhetFactory(kommune=kommune)
    nevnt = EnhetFactory(kommune=kommune)
    EnhetFactory(kommune=kommune, type=Enhet.Type.GRUNNSKOLE)
    EnhetFactory(kommune=annen)
    EnhetFactory(kommune=kommune, opplysninger_per=PER + datetime.timedelta(days=1))

    svar = borte(
        _rammer(kommune),
        typer=["barnehage"],
        sette_enheter={sett.pk},
        sette_numre={nevnt.organisasjonsnummer},
    )

    assert [(s.enhet_id, s.kommune_id) for s in svar] == [(savnet.pk, kommune.pk)]


def test_ending_a_unit_keeps_it_and_its_history():
    kommune = KommuneFactory()
    enhet = EnhetFactory(kommune=kommune)

    assert end([enhet.pk], PER) == [enhet.pk]
    assert end([enhet.pk], PER) == []

    enhet.refresh_from_db()
    assert enhet.til == PER
    assert enhet.kommune_per(PER - datetime.timedelta(days=1)) == kommune
    assert enhet.kommune_per(PER) is None


# --- bulk


@pytest.mark.parametrize("antall", [1, 30])
def test_a_batch_takes_the_same_queries_whatever_its_size(django_assert_num_queries, antall):
    kommune = KommuneFactory()
    rammer = _rammer(kommune)
    poster = [
        _post(kommune, rad=n, organisasjonsnummer=gyldig_orgnr(9000 + n), antall_barn=n)
        for n in range(antall)
    ]

    # A savepoint and its end; known numbers, units nearby, known units; new units, places; figures and
    # owners: read and written.
    with django_assert_num_queries(11):
        write(poster, rammer)


def test_a_collision_stops_only_the_unit_that_it_is_about(monkeypatch: pytest.MonkeyPatch):
    kommune = KommuneFactory()
    god, daarlig = (
        _post(kommune, navn=navn, organisasjonsnummer=gyldig_orgnr(9000 + n))
        for n, navn in enumerate(("God", "Dårlig"))
    )
    ekte = skriving._write_batch

    def kolliderer(poster: list[Post], rammer: Rammer) -> list[Vurdering]:
        if daarlig in poster:
            raise IntegrityError
        return ekte(poster, rammer)

    monkeypatch.setattr(skriving, "_write_batch", kolliderer)

    svar = write([god, daarlig], _rammer(kommune))

    assert [v.utfall for v in svar] == [Importutfall.NY, Importutfall.AVVIST]
    assert isinstance(svar[1].feil[0], Radfeil)
    assert list(Enhet.objects.values_list("navn", flat=True)) == ["God"]


def test_year_of_the_figures_is_the_one_given():
    kommune = KommuneFactory()
    rammer = Rammer(
        per=PER, aar=2025, inndeling=Inndeling.fetch(), kommuner=frozenset({kommune.pk})
    )

    write([_post(kommune, antall_ansatte=7)], rammer)

    assert list(Enhetstall.objects.values_list("aar", "antall_ansatte")) == [(2025, 7)]
