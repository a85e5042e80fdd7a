"""Modules: written where they stand, put in order, with resources, a reading list, and how they were on a day."""

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag
from laeringsloyper import leseliste, moduler, ressurser
from laeringsloyper.models import Laeringsloype, Leseverk, Modul, Periode, Ressurs, Ressursbruk
from laeringsloyper.modulstand import module_as_of, modules_on
from nettverk.models import Gruppe, Nettverk
from nettverk.skriving.konflikt import KanIkke, Konflikt
from nettverk.tilgang.roller import roller_for
from tests.laeringsloyper.factories import (
    LaeringsloypeFactory,
    LeseverkFactory,
    ModulFactory,
    PeriodeFactory,
    RessursFactory,
)
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    gruppemedlem,
    kog,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import OppdragFactory

pytestmark = pytest.mark.django_db


def _periode(nettverk: Nettverk | None = None) -> Periode:
    """A period that runs today."""
    loype = LaeringsloypeFactory(**({"nettverk": nettverk} if nettverk else {}))
    aar = idag().year
    return PeriodeFactory(
        loype=loype,
        gyldig=(datetime.date(aar - 1, 1, 1), datetime.date(aar + 2, 1, 1)),
    )


def _client(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _url(navn: str, loype: Laeringsloype, *mer: Any) -> str:
    return reverse(f"laeringsloyper:{navn}", args=[loype.nettverk.slug, loype.slug, *mer])


def _titles(periode: Periode) -> list[str]:
    return [m.tittel for m in periode.moduler.in_order()]


# --- acts


def test_a_new_module_is_the_last_of_its_period():
    periode = PeriodeFactory()
    for tittel in ("Lek", "Språk"):
        moduler.add(periode, tittel=tittel)

    assert _titles(periode) == ["Lek", "Språk"]
    with pytest.raises(KanIkke, match="denne tittelen"):
        moduler.add(periode, tittel="Lek")


def test_modules_are_moved_by_one_and_to_a_place():
    periode = PeriodeFactory()
    a, _b, c = (moduler.add(periode, tittel=t) for t in "ABC")

    moduler.move_one(a, opp=False)
    assert _titles(periode) == ["B", "A", "C"]
    moduler.move_one(c, opp=False)  # at the end
    assert _titles(periode) == ["B", "A", "C"]
    moduler.move(c, plass=0)
    assert _titles(periode) == ["C", "B", "A"]
    moduler.move(c, plass=99)
    assert _titles(periode) == ["B", "A", "C"]


def test_what_is_deleted_meanwhile_is_told_in_plain_words():
    modul = moduler.add(PeriodeFactory(), tittel="Lek")
    periode = modul.periode
    Modul.objects.all().delete()

    with pytest.raises(KanIkke, match="Modulen er slettet av noen andre"):
        leseliste.add(modul, tittel="Rom for lek")
    with pytest.raises(KanIkke, match="Modulen er slettet av noen andre"):
        moduler.move_one(modul, opp=True)
    Periode.objects.all().delete()
    with pytest.raises(KanIkke, match="Perioden er slettet av noen andre"):
        moduler.add(periode, tittel="Språk")


def test_of_two_who_write_the_second_is_told():
    modul = ModulFactory()
    felt = {"tittel": "Ny", "formaal": "Vårt", "oppdragsforslag": ""}
    moduler.change(modul, periode=modul.periode, versjon=0, felt=felt)

    with pytest.raises(Konflikt):
        moduler.change(modul, periode=modul.periode, versjon=0, felt={**felt, "formaal": "Deres"})
    # The same text once more is no conflict.
    moduler.change(modul, periode=modul.periode, versjon=0, felt=felt)


def test_a_module_can_go_to_another_period_where_it_is_the_last():
    modul = ModulFactory(tittel="Flyttes")
    annen = PeriodeFactory(
        loype=modul.periode.loype, nummer=2, gyldig=(datetime.date(2023, 1, 1), None)
    )
    moduler.add(annen, tittel="Står der")
    felt = {"tittel": "Flyttes", "formaal": "", "oppdragsforslag": ""}

    moduler.change(modul, periode=annen, versjon=0, felt=felt)

    assert _titles(annen) == ["Står der", "Flyttes"]


def test_a_module_in_which_an_assignment_is_given_stands():
    modul = ModulFactory()
    loype = modul.periode.loype
    OppdragFactory(nettverk=loype.nettverk, laeringsloype=loype, modul=modul)

    with pytest.raises(KanIkke, match="gitt oppdrag"):
        moduler.remove(modul)

    fri = ModulFactory(periode=modul.periode)
    RessursFactory(modul=fri)
    moduler.remove(fri)
    assert not Ressurs.objects.filter(modul_id=fri.pk).exists()


def test_the_same_link_twice_is_one_and_its_kind_is_seen():
    modul = ModulFactory()
    by = kog(modul.nettverk)
    for tittel in ("Film", "Filmen om lek"):
        ressurser.add_link(modul, url="https://www.youtube.com/watch?v=1", tittel=tittel, by=by)
    ressurser.add_link(modul, url="https://eksempel.no/a.pptx", tittel="Foiler", by=by)

    rader = modul.ressurser.order_by("pk").values_list("tittel", "slag")
    assert list(rader) == [("Filmen om lek", "film"), ("Foiler", "lysark")]


# --- as it was


def _written_on(dag: datetime.date, **historie: Any) -> None:
    """The history of these rows says that they were written that day."""
    naar = timezone.make_aware(datetime.datetime.combine(dag, datetime.time(12)))
    for modell, rad in ((type(rad), rad) for rad in historie.values()):
        modell.pgh_event_model.objects.filter(id=rad.pk, pgh_label="insert").update(
            pgh_created_at=naar
        )


def test_what_a_unit_did_then_is_read_beside_the_words_of_then():
    periode = _periode()
    modul = moduler.add(periode, tittel="Lek", formaal="Det gamle formålet")
    bok = leseliste.add(modul, forfatter="Tom Tiller", tittel="Aksjonslæring")
    gammel = RessursFactory(modul=modul, tittel="Gammel lenke")
    den_gang = idag() - datetime.timedelta(days=400)
    _written_on(den_gang, modul=modul, bok=bok, ressurs=gammel)
    felt = {"tittel": "Lek og læring", "formaal": "Det nye", "oppdragsforslag": ""}
    moduler.change(modul, periode=periode, versjon=0, felt=felt)
    leseliste.remove(bok)
    ressurser.remove(gammel)
    RessursFactory(modul=modul, tittel="Ny lenke")
    roller = roller_for(kog(periode.loype.nettverk), periode.loype.nettverk)

    da = module_as_of(modul, den_gang, roller)
    naa = module_as_of(modul, idag(), roller)

    assert (da.tittel, da.formaal) == ("Lek", "Det gamle formålet")
    assert [v.tittel for v in da.leseliste] == ["Aksjonslæring"]
    assert [(r.tittel, r.pk) for r in da.ressurser] == [("Gammel lenke", None)]
    assert (naa.tittel, naa.leseliste) == ("Lek og læring", [])
    assert [r.tittel for r in naa.ressurser] == ["Ny lenke"]
    assert module_as_of(modul, den_gang - datetime.timedelta(days=1), roller) is None


def test_a_module_that_is_deleted_stands_on_the_days_it_stood():
    periode = _periode()
    modul = moduler.add(periode, tittel="Borte")
    lenke = RessursFactory(modul=modul, tittel="Gammel lenke", url="https://udir.no/gammel")
    _written_on(idag() - datetime.timedelta(days=30), modul=modul, ressurs=lenke)
    moduler.remove(modul)
    loype = Laeringsloype.objects.prefetch_related("perioder").get(pk=periode.loype_id)
    leser = kog(loype.nettverk)
    roller = roller_for(leser, loype.nettverk)

    def titles(dager: int) -> list[tuple[str, bool]]:
        stander = modules_on(loype, idag() - datetime.timedelta(days=dager), roller)
        return [(m.tittel, m.finnes) for s in stander for m in s.moduler]

    assert titles(10) == [("Borte", False)]
    assert titles(0) == []
    assert titles(40) == []
    da = (idag() - datetime.timedelta(days=10)).isoformat()
    side = _client(leser).get(_url("loype", loype), {"per": da}).text
    # What is gone leads nowhere.
    assert "Gammel lenke" in side
    assert "(finnes ikke lenger)" in side
    assert "https://udir.no/gammel" not in side


# --- pages


def test_the_track_is_built_from_nothing_in_the_browser():
    nettverk, _enhet = nettverk_med_enhet()
    client = _client(koordinator(nettverk))
    assert "Ny læringsløype" in client.get(f"/{nettverk.slug}/laeringsloyper/").text
    client.post(
        f"/{nettverk.slug}/laeringsloyper/ny/",
        {
            "navn": "Lek",
            "forste_dag": f"01.08.{idag().year - 1}",
            "antall_perioder": 3,
            "aar_i_perioden": 3,
            "farge": "sjo",
            "tegn": "ring",
        },
    )
    loype = Laeringsloype.objects.get(nettverk=nettverk)
    tom = client.get(_url("loype", loype)).text
    periode = loype.perioder.first()
    svar = client.post(
        _url("modul_ny", loype),
        {"periode": periode.pk, "tittel": "Lekens kraft", "formaal": "Se barnet"},
        follow=True,
    )

    assert "Ny modul" in tom
    assert "Lekens kraft" in svar.text
    assert "Lekens kraft" in client.get(_url("loype", loype)).text


def _fagansvarlig(loype: Laeringsloype):
    gruppe = GruppeFactory(nettverk=loype.nettverk, type=Gruppe.Type.FAGMILJO)
    loype.ansvarlig_gruppe = gruppe
    loype.save()
    return VervFactory(gruppe=gruppe).person


def test_the_fagansvarlig_edits_in_place_and_a_conflict_shows_both():
    modul = ModulFactory(periode=_periode(), tittel="Lek", formaal="Første")
    loype = modul.periode.loype
    client = _client(_fagansvarlig(loype))
    adresse = _url("modul_rediger", loype, modul.pk)
    htmx = {"HX-Request": "true"}
    data = {"tittel": "Lek", "periode": modul.periode_id, "versjon": 0}

    skjema = client.get(adresse, headers=htmx)
    lagret = client.post(adresse, {**data, "formaal": "Andre"}, headers=htmx)
    konflikt = client.post(adresse, {**data, "formaal": "Tredje"}, headers=htmx)
    uten_js = client.post(adresse, {**data, "formaal": "Tredje"})
    behold = client.post(adresse, {**data, "formaal": "Tredje", "behold": 1}, headers=htmx)

    assert skjema.templates[0].name == "laeringsloyper/_modul_skjema.html"
    assert lagret.templates[0].name == "laeringsloyper/_modul.html"
    assert (konflikt.status_code, uten_js.status_code) == (422, 409)
    for svar in (konflikt, uten_js):
        assert "Andre" in svar.text
        assert "Tredje" in svar.text
    assert behold.status_code == 200
    modul.refresh_from_db()
    assert modul.formaal == "Tredje"


def test_another_fagmiljo_reads_and_changes_nothing():
    modul = ModulFactory(periode=_periode())
    loype = modul.periode.loype
    _fagansvarlig(loype)
    annen = _client(_fagansvarlig(LaeringsloypeFactory(nettverk=loype.nettverk)))

    assert annen.get(_url("modul", loype, modul.pk)).status_code == 200
    assert annen.get(_url("modul_rediger", loype, modul.pk)).status_code == 403
    assert annen.post(_url("ressurs_ny", loype, modul.pk)).status_code == 403


def test_a_file_is_kept_once_fetched_by_members_and_counted():
    modul = ModulFactory(periode=_periode())
    loype = modul.periode.loype
    client = _client(koordinator(loype.nettverk))

    def send() -> Any:
        fil = SimpleUploadedFile("hefte.txt", b"Les dette", content_type="text/plain")
        return client.post(_url("ressurs_ny", loype, modul.pk), {"fil": fil}, follow=True)

    send()
    igjen = send()

    rad = modul.ressurser.get()
    assert (rad.tittel, rad.slag) == ("hefte", "fil")
    assert "fra før" in igjen.text
    medlem = _client(kog(loype.nettverk))
    assert medlem.get(_url("ressurs", loype, rad.pk)).getvalue() == b"Les dette"
    assert ressurser.stored(loype.nettverk) == len(b"Les dette")


def test_a_resource_and_a_work_are_changed_and_taken_away_from_where_they_stand():
    modul = ModulFactory(periode=_periode())
    loype = modul.periode.loype
    client = _client(koordinator(loype.nettverk))
    verk = LeseverkFactory(modul=modul)
    by = kog(loype.nettverk)
    lenke = ressurser.add_link(modul, url="https://eksempel.no/a", tittel="Lek", by=by)
    ressurser.add_link(modul, url="https://eksempel.no/b", tittel="Annet", by=by)
    adresse = _url("ressurs_rediger", loype, lenke.pk)
    felt = {"tittel": "Lek ute", "url": "https://eksempel.no/c", "slag": "film"}

    side = client.get(_url("modul", loype, modul.pk)).text
    lest = client.get(adresse).context["form"]
    stand = {navn: lest[navn].value() for navn in lest.fields if lest[navn].is_hidden}
    fra_foer = client.post(adresse, {**stand, **felt, "url": "https://eksempel.no/b"})
    lagret = client.post(adresse, {**stand, **felt})

    for navn, rad in (
        ("ressurs_rediger", lenke),
        ("ressurs_slett", lenke),
        ("leseverk", verk),
        ("leseverk_slett", verk),
    ):
        assert _url(navn, loype, rad.pk) in side
    assert fra_foer.status_code == 422
    assert lagret.status_code == 302
    lenke.refresh_from_db()
    assert {navn: getattr(lenke, navn) for navn in felt} == felt


def test_on_paper_a_work_is_written_without_a_stray_space():
    modul = ModulFactory(periode=_periode())
    LeseverkFactory(modul=modul, isbn="9780470894521", sider="21–48")
    stand = module_as_of(modul, idag(), roller_for(kog(modul.nettverk), modul.nettverk))

    html = render_to_string(
        "laeringsloyper/pdf/_modul.html", {"modul": stand, "nettverk": modul.nettverk}
    )

    assert "s. 21–48 (ISBN 9780470894521)" in " ".join(html.split())


def test_a_file_keeps_its_file_when_its_title_is_changed():
    modul = ModulFactory(periode=_periode())
    loype = modul.periode.loype
    client = _client(koordinator(loype.nettverk))
    fil = SimpleUploadedFile("hefte.txt", b"Les dette", content_type="text/plain")
    client.post(_url("ressurs_ny", loype, modul.pk), {"fil": fil})
    rad = modul.ressurser.get()
    adresse = _url("ressurs_rediger", loype, rad.pk)

    lest = client.get(adresse).context["form"]
    stand = {navn: lest[navn].value() for navn in lest.fields if lest[navn].is_hidden}
    svar = client.post(adresse, {**stand, "tittel": "Heftet", "slag": "fil"})

    assert "url" not in lest.fields
    assert svar.status_code == 302
    rad.refresh_from_db()
    assert rad.tittel == "Heftet"
    assert client.get(_url("ressurs", loype, rad.pk)).getvalue() == b"Les dette"


@pytest.mark.parametrize(
    ("data", "feil"),
    [
        ({}, "Skriv en lenke, eller legg ved en fil."),
        ({"url": "https://udir.no"}, "Skriv hva lenken går til."),
        ({"url": "javascript:alert(1)", "tittel": "x"}, "gyldig"),
        ({"url": "ftp://eksempel.no/x", "tittel": "x"}, "https://"),
    ],
)
def test_what_is_no_resource_is_explained(data: dict[str, str], feil: str):
    modul = ModulFactory(periode=_periode())
    client = _client(koordinator(modul.nettverk))

    svar = client.post(_url("ressurs_ny", modul.periode.loype, modul.pk), data)

    assert svar.status_code == 422
    assert feil in svar.text
    assert not Ressurs.objects.exists()


@pytest.mark.parametrize(
    ("skrevet", "isbn"),
    [
        ("978-82-450-1806-9", None),
        ("9788202261306", None),
        ("0-306-40615-2", "9780306406157"),
        ("978-0-306-40615-7", "9780306406157"),
        ("978-0-306-40615-8", None),
        ("tull", None),
    ],
)
def test_the_isbn_of_a_work_is_checked(skrevet: str, isbn: str | None):
    from stdnum import isbn as stdnum_isbn

    modul = ModulFactory(periode=_periode())
    client = _client(koordinator(modul.nettverk))
    data = {"forfatter": "Ukjent", "tittel": "Bok", "aar": 1999, "isbn": skrevet}

    svar = client.post(_url("leseverk_ny", modul.periode.loype, modul.pk), data)

    if stdnum_isbn.is_valid(skrevet):
        assert svar.status_code == 302
        assert len(Leseverk.objects.get().isbn) == 13
        assert isbn is None or Leseverk.objects.get().isbn == isbn
    else:
        assert svar.status_code == 422
        assert "gyldig ISBN" in svar.text


def test_a_unit_says_in_one_tap_that_it_has_used_it_and_takes_it_back():
    nettverk, gruppe = nettverk_med_enhet()
    enhet = gruppe.enhet
    modul = ModulFactory(periode=_periode(nettverk))
    rad = RessursFactory(modul=modul)
    loype = modul.periode.loype
    client = _client(gruppemedlem(gruppe))
    fremmed = _client(kog(nettverk))
    adresse = _url("ressurs_bruk", loype, rad.pk)

    for _gang in range(2):
        svar = client.post(adresse, {"enhet": enhet.pk}, headers={"HX-Request": "true"})
    nektet = fremmed.post(adresse, {"enhet": enhet.pk})

    assert "brukt av 1 enhet" in svar.text
    assert nektet.status_code == 403
    assert Ressursbruk.objects.count() == 1
    client.post(adresse, {"enhet": enhet.pk, "angre": 1})
    assert not Ressursbruk.objects.exists()


def test_the_order_is_changed_with_and_without_javascript():
    periode = _periode()
    a, b = (moduler.add(periode, tittel=t) for t in "AB")
    client = _client(koordinator(periode.loype.nettverk))

    uten = client.post(_url("modul_flytt", periode.loype, b.pk), {"opp": 1})
    assert _titles(periode) == ["B", "A"]
    med = client.post(
        _url("modul_flytt", periode.loype, a.pk), {"plass": 0}, headers={"HX-Request": "true"}
    )

    assert uten.status_code == 302
    assert med.templates[0].name == "laeringsloyper/_periodemoduler.html"
    assert _titles(periode) == ["A", "B"]


def test_an_order_that_comes_too_late_is_answered(monkeypatch):
    periode = _periode()
    a = moduler.add(periode, tittel="A")
    client = _client(koordinator(periode.loype.nettverk))
    move_one, adresse = moduler.move_one, _url("modul_flytt", periode.loype, a.pk)

    def too_late(modul: Modul, *, opp: bool) -> None:
        Modul.objects.filter(pk=modul.pk).delete()
        move_one(modul, opp=opp)

    monkeypatch.setattr(moduler, "move_one", too_late)

    assert "Modulen er slettet av noen andre." in client.post(adresse, {"opp": 1}, follow=True).text


def test_a_period_with_modules_is_not_taken_away():
    periode = _periode()
    ModulFactory(periode=periode)
    client = _client(koordinator(periode.loype.nettverk))

    client.post(_url("periode_slett", periode.loype, periode.pk))

    assert Periode.objects.filter(pk=periode.pk).exists()
    assert Modul.objects.filter(periode=periode).exists()


def test_the_page_costs_the_same_with_one_and_three_modules():
    periode = _periode()
    client = _client(koordinator(periode.loype.nettverk))

    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            assert client.get(_url("loype", periode.loype)).status_code == 200
        return len(spoerringer)

    def fill() -> None:
        modul = ModulFactory(periode=periode)
        RessursFactory(modul=modul)
        LeseverkFactory(modul=modul)

    fill()
    cost()
    en = cost()
    fill()
    fill()

    assert cost() == en
