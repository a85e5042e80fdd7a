"""The report tells of the year as it was, and its PDF can be archived and read by everyone."""

import datetime
import io

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from evaluering import aarsrapport
from evaluering.models import Aarsrapport
from kommuner.gyldighet import periode
from nettverk.arbeid import jobber
from nettverk.filer.pdf import html_to_pdf
from nettverk.models import Deling, Gruppe, Jobb, Partner, Rolle
from tests.evaluering.factories import AarsrapportFactory, KapitteltekstFactory
from tests.kommuner.factories import EnhetFactory, EnhetstallFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    VervFactory,
    kog,
    nettverk_med_enhet,
)
from tests.nettverk.filer.test_pdf import assert_archivable_and_accessible, fonts_in

pytestmark = pytest.mark.django_db


def _kapittel(nettverk, noekkel, aar=2026):
    rapport = aarsrapport.find_or_new(nettverk, aar)
    return {k.noekkel: k for k in aarsrapport.chapters_of(rapport)}[noekkel].innhold


def test_the_report_for_2018_shows_the_ten_kommuner_of_2018_and_todays_the_eight():
    nettverk = NettverkFactory()
    for navn in ["Aure", "Averøy", "Gjemnes", "Kristiansund", "Smøla", "Sunndal", "Surnadal", "Tingvoll"]:  # fmt: skip
        MedlemskapFactory(nettverk=nettverk, kommune__navn=navn)
    for navn in ["Halsa", "Rindal"]:
        MedlemskapFactory(
            nettverk=nettverk,
            kommune__navn=navn,
            gyldig=periode(datetime.date(2010, 1, 1), datetime.date(2020, 1, 1)),
        )
    MedlemskapFactory(kommune__navn="I et annet nettverk")

    da = _kapittel(nettverk, "nettverket", 2018)
    naa = _kapittel(nettverk, "nettverket", 2026)

    assert [k["navn_da"] for k in da.data["kommuner"]] == [
        "Aure", "Averøy", "Gjemnes", "Halsa", "Kristiansund",
        "Rindal", "Smøla", "Sunndal", "Surnadal", "Tingvoll",
    ]  # fmt: skip
    assert len(naa.data["kommuner"]) == 8
    assert _kapittel(nettverk, "nettverket", 2019).data["endringer"] == [
        "Halsa var med til og med 31. desember 2019.",
        "Rindal var med til og med 31. desember 2019.",
    ]
    assert "Halsa, Kristiansund, Rindal" in aarsrapport.build_html(
        aarsrapport.find_or_new(nettverk, 2018)
    )


def test_units_are_counted_where_they_lay_that_year():
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    skole = EnhetFactory(kommune=kommune, type="grunnskole")
    EnhetFactory(
        kommune=kommune,
        gyldig=periode(datetime.date(2000, 1, 1), datetime.date(2020, 1, 1)),
    )
    EnhetFactory(kommune=MedlemskapFactory().kommune)  # in another network
    EnhetstallFactory(enhet=skole, aar=2026, antall_barn=120)
    EnhetstallFactory(enhet=skole, aar=2025, antall_barn=500)

    naa, da = _kapittel(nettverk, "nettverket").data, _kapittel(nettverk, "nettverket", 2018).data

    assert (naa["barnehager"], naa["skoler"], naa["barn"]) == (1, 1, 120)
    assert (da["barnehager"], da["skoler"], da["barn"]) == (2, 1, None)


def test_groups_are_told_with_those_who_sat_there_at_the_end_of_the_year():
    nettverk = NettverkFactory()
    stg = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.STYRINGSGRUPPE, navn="Styringsgruppa")
    kommune = MedlemskapFactory(nettverk=nettverk).kommune
    VervFactory(gruppe=stg, person__navn="Kari Berg", rolle=Rolle.LEDER, representerer=kommune)
    VervFactory(gruppe=stg, person__navn="Ola Dal")
    VervFactory(
        gruppe=stg,
        person__navn="Sluttet Person",
        gyldig=periode(datetime.date(2015, 1, 1), datetime.date(2026, 6, 1)),
    )

    kapittel = _kapittel(nettverk, "organisering")

    assert kapittel.data["grupper"] == [
        {
            "navn": "Styringsgruppa",
            "mandat": "",
            "antall": 2,
            "hvem": f"Kari Berg (leder, {kommune}), Ola Dal",
            "mangler": [],
        }
    ]
    assert (kapittel.data["nye"], kapittel.data["avsluttede"]) == (0, 1)


def test_a_group_without_leader_or_members_is_pointed_out():
    nettverk = NettverkFactory()
    kog(nettverk)
    GruppeFactory(nettverk=nettverk, navn="Styringsgruppa", type=Gruppe.Type.STYRINGSGRUPPE)

    assert [m.partition(" har ")[2] for m in _kapittel(nettverk, "organisering").mangler] == [
        "ingen leder.",
        "ingen medlemmer.",
    ]


def test_dissemination_is_that_of_the_year():
    nettverk = NettverkFactory()
    Deling.objects.create(nettverk=nettverk, tittel="ICSEI", aar=2026)
    Deling.objects.create(nettverk=nettverk, tittel="TATO", aar=2019)

    assert [d["tittel"] for d in _kapittel(nettverk, "spredning").data["delinger"]] == ["ICSEI"]


def test_chapters_are_numbered_from_one_in_order_with_their_texts():
    tekst = KapitteltekstFactory(noekkel="avvik", tekst="En samling ble avlyst.")

    kapitler = aarsrapport.chapters_of(tekst.aarsrapport)

    assert [k.nummer for k in kapitler] == list(range(1, len(kapitler) + 1))
    assert kapitler[0].noekkel == "sammendrag"
    assert kapitler[-1].noekkel == "planer"
    assert [k.noekkel for k in kapitler if k.har_tekst] == ["avvik"]


def test_summary_shows_at_most_five_key_figures_of_the_other_chapters():
    nettverk, _gruppe = nettverk_med_enhet()

    tall = _kapittel(nettverk, "sammendrag").data["nokkeltall"]

    assert tall[:2] == [(1, "kommune"), (1, "barnehage")]
    assert len(tall) <= 5


def test_reading_a_year_writes_nothing():
    rapport = aarsrapport.find_or_new(NettverkFactory(), 2026)

    aarsrapport.build_html(rapport)

    assert rapport.pk is None
    assert not Aarsrapport.objects.exists()


def _add_one_of_everything(nettverk, nr: int) -> None:
    kommune = MedlemskapFactory(nettverk=nettverk).kommune
    GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory(kommune=kommune))
    VervFactory(gruppe=GruppeFactory(nettverk=nettverk), representerer=kommune)
    Deling.objects.create(nettverk=nettverk, tittel=f"Deling {nr}", aar=2026)
    Partner.objects.create(nettverk=nettverk, navn=f"Partner {nr}", gyldig=periode(None))


def test_the_report_takes_the_same_queries_when_the_data_grow():
    rapport = AarsrapportFactory()

    def spoerringer() -> int:
        with CaptureQueriesContext(connection) as fanget:
            aarsrapport.build_html(aarsrapport.find_or_new(rapport.nettverk, 2026))
        return len(fanget)

    _add_one_of_everything(rapport.nettverk, 1)
    med_en = spoerringer()
    _add_one_of_everything(rapport.nettverk, 2)
    _add_one_of_everything(rapport.nettverk, 3)

    assert spoerringer() == med_en


def _full_report(**nettverk) -> Aarsrapport:
    rapport = AarsrapportFactory(
        nettverk=nettverk_med_enhet(navn="Oppvekstnettverk Prøve", visjon="Sammen", **nettverk)[0]
    )
    KapitteltekstFactory(aarsrapport=rapport, tekst="Et godt år 🎉\n\nMed «øving» – og æ, ø, å.")
    KapitteltekstFactory(aarsrapport=rapport, noekkel="planer", tekst="Flere samlinger.")
    kog(rapport.nettverk)
    return rapport


@pytest.mark.parametrize("maalform", ["nb", "nn"])
def test_the_pdf_is_pdfa_3a_and_pdfua_1_with_one_font_in_the_networks_own_language(maalform):
    with translation.override("en"):
        innhold = html_to_pdf(aarsrapport.build_html(_full_report(maalform=maalform)))

    assert_archivable_and_accessible(innhold)
    assert all(navn.startswith("Inter") for navn in fonts_in(innhold))
    with pikepdf.open(io.BytesIO(innhold)) as pdf:
        assert str(pdf.Root.Lang) == maalform


def test_the_html_has_cover_contents_and_every_chapter_with_something_in_it():
    html = " ".join(aarsrapport.build_html(_full_report()).split())

    assert "<h1>Årsrapport 2026</h1>" in html
    assert html.count('<a href="#kapittel-') == html.count('<section id="kapittel-')
    assert '<a href="#kapittel-planer" >Planer for neste år</a>' in html
    avvik = html.partition('<section id="kapittel-avvik">')[2].partition("</section>")[0]
    assert "Ingen tekst er skrevet." in avvik
    tomme = html.partition("Kapitler uten tekst")[2].partition("</dd>")[0]
    assert "Avvik og risiko" in tomme
    assert "Planer for neste år" not in tomme
    assert "<p>Et godt år 🎉</p>" in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")


def test_text_is_shown_as_text():
    rapport = _full_report()
    rapport.tekster.filter(noekkel="planer").update(tekst="<script>alert(1)</script> & <b>x</b>")

    html = aarsrapport.build_html(rapport)

    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;x&lt;/b&gt;" in html


def test_the_job_makes_the_pdf():
    rapport = _full_report()
    jobb = aarsrapport.order_pdf(rapport, by=kog(rapport.nettverk))

    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert jobb.status == Jobb.Status.FERDIG, jobb.feil
    assert jobb.filnavn == f"aarsrapport-{rapport.nettverk.slug}-2026.pdf"
    with jobb.resultat.open("rb") as fil:
        assert fil.read(5) == b"%PDF-"


def test_years_outside_what_the_portal_keeps_have_no_report(monkeypatch):
    monkeypatch.setattr(aarsrapport, "idag", lambda: datetime.date(2026, 11, 22))

    assert [a for a in (1999, 2000, 2026, 2027, 2028, 2101) if aarsrapport.is_reportable(a)] == [
        2000, 2026, 2027,
    ]  # fmt: skip
