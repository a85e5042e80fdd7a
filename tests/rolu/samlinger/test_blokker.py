"""The parts of a summary: made ready, written in by two at once, moved, left out, fetched anew."""

import io

import docx
import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nettverk.arbeid import jobber
from nettverk.filer.pdf import build_html
from nettverk.models import Jobb
from nettverk.skriving.konflikt import KanIkke, Konflikt, Lukket
from rolu import opplysninger
from rolu.models import Oppsummering, Oppsummeringsblokk, Samling, Utfall
from rolu.samlinger import blokker, oppsummering
from rolu.samlinger.blokkinnhold import keep, read
from tests.nettverk.factories import enhetsleder, kog, koordinator, nettverk_med_enhet
from tests.rolu.factories import DeltakelseFactory, ProgrampostFactory, SamlingFactory

pytestmark = pytest.mark.django_db
Slag = Oppsummeringsblokk.Slag
TULL = "😀 שלום <script>alert(1)</script> \u202eabc"


@pytest.fixture
def samling():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, oppsummering_=True, tittel="Om lek")
    leder = enhetsleder(gruppe)
    kommune = gruppe.enhet.kommune_per()
    DeltakelseFactory(samling=samling, verv=leder.verv.get(), kommune=kommune, moett_=True)
    ProgrampostFactory(samling=samling, tittel="Deling", notat="God deling")
    Utfall.objects.create(samling=samling, type="beslutning", nummer=1, tekst="Prøv lesestund")
    return samling


@pytest.fixture
def k(samling):
    return koordinator(samling.nettverk)


def _adresse(navn, samling, *args):
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk, *args])


def _part(samling, slag) -> Oppsummeringsblokk:
    return Oppsummeringsblokk.objects.get(samling=samling, slag=slag)


def _slag(samling) -> list[str]:
    return [b.slag for b in blokker.of(samling)]


def test_the_parts_are_made_once_in_order_with_data_in(samling):
    assert blokker.make_ready(samling) == len(Slag.values)
    assert blokker.make_ready(samling) == 0

    alle = blokker.of(samling)

    assert [b.slag for b in alle] == Slag.values
    assert alle[0].data["beslutninger"][0]["tekst"] == "Prøv lesestund"
    assert [b.slag for b in alle if b.er_utelatt] == [Slag.DELTAKERE]


def test_decisions_come_first_and_the_empty_is_left_out(samling):
    blokker.make_ready(samling)

    dokument = read(keep(blokker.of(samling)), samling.nettverk)

    assert [b.slag for b in dokument.hoveddel] == ["beslutninger", "fakta", "oppmoete", "program"]
    assert [b.slag for b in dokument.vedlegg] == ["tall", "notater"]


def test_two_who_write_in_the_same_part_see_both_texts(samling, k, client):
    blokker.make_ready(samling)
    blokk = _part(samling, Slag.STEMMER)
    adresse = _adresse("blokk_lagre", samling, Slag.STEMMER)
    client.force_login(k)
    client.post(adresse, {"tekst": "Min", "versjon": blokk.versjon})

    svar = client.post(adresse, {"tekst": "Din", "versjon": blokk.versjon})
    autolagret = client.post(
        adresse, {"tekst": "Din", "versjon": blokk.versjon}, headers={"X-Autolagre": "1"}
    )

    assert svar.status_code == 409
    side = svar.content.decode()
    assert "Min" in side
    assert ">\nDin</textarea>" in side
    assert autolagret.json()["status"] == "konflikt"
    assert "Min" in autolagret.json()["html"]
    assert _part(samling, Slag.STEMMER).tekst == "Min"


def test_after_a_conflict_the_own_text_or_the_other_may_be_kept(samling, k, client):
    blokker.make_ready(samling)
    adresse = _adresse("blokk_lagre", samling, Slag.STEMMER)
    client.force_login(k)
    client.post(adresse, {"tekst": "Min", "versjon": 1})

    client.post(adresse, {"tekst": "Din", "versjon": 1, "forkast": "1"})
    assert _part(samling, Slag.STEMMER).tekst == "Min"
    client.post(adresse, {"tekst": "Din", "versjon": 1, "behold": "2"})

    assert _part(samling, Slag.STEMMER).tekst == "Din"


def test_to_fetch_anew_disturbs_nobody_who_writes(samling, k):
    blokker.make_ready(samling)
    blokk = _part(samling, Slag.BESLUTNINGER)
    Utfall.objects.create(samling=samling, type="beslutning", nummer=2, tekst="Ny")

    endret = blokker.refresh(samling)
    blokker.move(blokk, plass=3)
    lagret = blokker.edit(blokk, tekst="Om beslutningene", versjon=blokk.versjon, by=k)

    assert {b.slag for b in endret} == {Slag.BESLUTNINGER, Slag.PROGRAM}
    assert lagret.tekst == "Om beslutningene"
    assert [b["nummer"] for b in lagret.data["beslutninger"]] == [1, 2]
    assert _slag(samling)[2] == Slag.BESLUTNINGER


def test_data_that_changes_later_stands_until_somebody_asks(samling, k, client):
    blokker.make_ready(samling)
    Utfall.objects.filter(samling=samling).update(tekst="Omgjort")
    client.force_login(k)
    side = _adresse("samling_oppsummering", samling)

    foer = client.get(side).content.decode()
    svar = client.post(_adresse("oppsummering_hent", samling), follow=True).content.decode()
    igjen = client.post(_adresse("oppsummering_hent", samling), follow=True).content.decode()

    assert "Prøv lesestund" in foer
    assert "Omgjort" not in foer
    assert "2 deler er endret: Det vi ble enige om" in svar
    assert "Omgjort" in svar
    assert "Tallene er de samme som da de sist ble hentet" in igjen


def test_a_part_is_moved_among_its_own_and_twice_is_once(samling, k, client):
    blokker.make_ready(samling)
    client.force_login(k)
    for _ in range(2):
        client.post(_adresse("blokk_flytt", samling, Slag.OPPMOETE), {"plass": "1"})
    assert _slag(samling)[:3] == [Slag.OPPMOETE, Slag.BESLUTNINGER, Slag.FAKTA]

    client.post(_adresse("blokk_flytt", samling, Slag.NOTATER), {"plass": "1"})
    client.post(_adresse("blokk_flytt", samling, Slag.NOTATER), {"plass": "mange"})

    assert _slag(samling)[9:] == [Slag.NOTATER, Slag.TALL, Slag.FRAVAER, Slag.DELTAKERE]


def test_the_focus_goes_to_the_part_and_to_its_field(samling, k, client):
    blokker.make_ready(samling)
    client.force_login(k)

    flyttet = client.post(_adresse("blokk_flytt", samling, Slag.OPPMOETE), {"plass": "1"})
    side = " ".join(client.get(flyttet.url).text.split())
    skriver = client.get(_adresse("samling_oppsummering", samling), {"del": Slag.OPPMOETE}).text

    assert flyttet.url.endswith(f"#{Slag.OPPMOETE}")
    assert f'id="{Slag.OPPMOETE}" aria-labelledby="{Slag.OPPMOETE}-tittel" tabindex="-1"' in side
    assert f'href="?del={Slag.OPPMOETE}#{Slag.OPPMOETE}-tekst"' in side
    assert f'id="{Slag.OPPMOETE}-tekst"' in skriver


def test_a_part_that_is_left_out_keeps_its_text(samling, k, client):
    blokker.make_ready(samling)
    blokker.edit(_part(samling, Slag.FAKTA), tekst="Fint vær", versjon=1, by=k)
    client.force_login(k)
    adresse = _adresse("blokk_utelat", samling, Slag.FAKTA)

    client.post(adresse, {"utelat": "ja"})
    uten = read(keep(blokker.of(samling)), samling.nettverk)
    client.post(adresse, {"utelat": "nei"})

    assert Slag.FAKTA not in [b.slag for b in uten.hoveddel]
    [med] = [
        b
        for b in read(keep(blokker.of(samling)), samling.nettverk).hoveddel
        if b.slag == Slag.FAKTA
    ]
    assert med.tekst == "Fint vær"


def test_a_locked_gathering_refuses_every_change_and_loses_nothing_typed(samling, k, client):
    blokker.make_ready(samling)
    blokk = _part(samling, Slag.STEMMER)
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.LAAST)
    client.force_login(k)

    for handling in (
        lambda: blokker.edit(blokk, tekst="x", versjon=1, by=k),
        lambda: blokker.move(blokk, plass=1),
        lambda: blokker.leave_out(blokk, utelat=True),
        lambda: blokker.refresh(samling),
        lambda: oppsummering.order(Samling.objects.get(pk=samling.pk), by=k),
    ):
        with pytest.raises(Lukket):
            handling()
    svar = client.post(
        _adresse("blokk_lagre", samling, Slag.STEMMER), {"tekst": "Skrevet lenge", "versjon": 1}
    )

    assert svar.status_code == 409
    assert "Skrevet lenge" in svar.content.decode()
    assert "Samlingen er låst" in svar.content.decode()
    assert _part(samling, Slag.STEMMER).tekst == ""


@pytest.mark.parametrize("trekk", [{}, {"avlyst": True}])
def test_a_draft_and_one_called_off_have_no_parts(trekk):
    with pytest.raises(KanIkke):
        blokker.make_ready(SamlingFactory(**trekk))


def test_too_long_a_text_is_told_of_and_stays_in_the_field(samling, k, client):
    blokker.make_ready(samling)
    client.force_login(k)

    svar = client.post(
        _adresse("blokk_lagre", samling, Slag.STEMMER), {"tekst": "x" * 60_000, "versjon": 1}
    )

    assert svar.status_code == 422
    assert "x" * 60_000 in svar.content.decode()


def test_the_act_tells_of_a_conflict(samling, k):
    blokker.make_ready(samling)
    blokk = _part(samling, Slag.STEMMER)
    blokker.edit(blokk, tekst="A", versjon=1, by=k)
    blokker.edit(blokk, tekst="A", versjon=1, by=k)  # the answer was lost: no conflict

    with pytest.raises(Konflikt):
        blokker.edit(blokk, tekst="B", versjon=1, by=k)


def test_odd_text_is_drawn_in_pdf_and_word_and_never_acts(samling, k, client):
    samling.nettverk.maalform = "nn"
    samling.nettverk.save()
    Utfall.objects.create(samling=samling, type="innsikt", tekst=f"{TULL}\x07\x0b")
    blokker.make_ready(samling)
    blokker.edit(_part(samling, Slag.STEMMER), tekst=TULL, versjon=1, by=k)

    jobb = oppsummering.order(samling, by=k)
    jobber.run(jobb.pk)
    client.force_login(k)
    side = client.get(_adresse("samling_oppsummering", samling)).content.decode()

    jobb.refresh_from_db()
    assert (jobb.status, jobb.feil) == (Jobb.Status.FERDIG, "")
    assert "<script>alert" not in side
    with Oppsummering.objects.get().word.open("rb") as fil:
        lest = docx.Document(io.BytesIO(fil.read()))
    assert any("😀 שלום <script>" in p.text for p in lest.paragraphs)
    assert lest.core_properties.language == "nn-NO"


def test_the_files_tell_the_same_and_how_many_pages_there_are(samling, k):
    blokker.make_ready(samling)
    lang = "\n\n".join(["Mange ord om det som skjedde denne dagen. " * 12] * 30)
    blokker.edit(_part(samling, Slag.STEMMER), tekst=lang, versjon=1, by=k)

    jobb = oppsummering.order(samling, by=k)
    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    sider, hoveddel = jobb.resultat_data["sider"], jobb.resultat_data["hoveddel"]
    assert 4 < hoveddel < sider
    with jobb.resultat.open("rb") as fil, pikepdf.open(io.BytesIO(fil.read())) as pdf:
        assert len(pdf.pages) == sider
        assert pdf.Root.MarkInfo.Marked
    with Oppsummering.objects.get().word.open("rb") as fil:
        lest = docx.Document(io.BytesIO(fil.read()))
    overskrifter = [p.text for p in lest.paragraphs if p.style.name == "Heading 1"]
    assert overskrifter == [
        "Det vi ble enige om",
        "Kort om samlingen",
        "Oppmøte",
        "Programmet og det som kom ut av det",
        "Stemmer fra samlingen",
        "Vedlegg 1: Oppmøtet i tall",
        "Vedlegg 2: Notater",
    ]


def test_the_page_warns_when_it_is_too_long(samling, k, client):
    blokker.make_ready(samling)
    jobb = oppsummering.order(samling, by=k)
    jobber.run(jobb.pk)
    Jobb.objects.filter(pk=jobb.pk).update(resultat_data={"sider": 9, "hoveddel": 5})
    client.force_login(k)

    side = client.get(_adresse("samling_oppsummering", samling)).content.decode()

    assert "5 sider før vedleggene" in side
    assert "bør ikke være lenger enn 4 sider" in side


def test_a_worker_that_lost_the_job_writes_nothing(samling, k, monkeypatch):
    jobb = oppsummering.order(samling, by=k)
    skriv = oppsummering.write_word

    def taken_over(*felt, **mer):
        Jobb.objects.filter(pk=jobb.pk).update(leie=None)  # another has it now
        return skriv(*felt, **mer)

    monkeypatch.setattr(oppsummering, "write_word", taken_over)
    jobber.run(jobb.pk)
    assert not Oppsummering.objects.exists()

    monkeypatch.setattr(oppsummering, "write_word", skriv)
    Jobb.objects.filter(pk=jobb.pk).update(status=Jobb.Status.VENTER)
    jobber.run(jobb.pk)

    assert Oppsummering.objects.get().jobb_id == jobb.pk


def test_a_part_of_another_gathering_or_kind_is_not_found(samling, k, client):
    blokker.make_ready(samling)
    annen = SamlingFactory(nettverk=samling.nettverk, oppsummering_=True)
    client.force_login(k)

    assert client.post(_adresse("blokk_lagre", annen, Slag.FAKTA)).status_code == 404
    assert client.post(_adresse("blokk_lagre", samling, "tull")).status_code == 404


def test_kog_reads_the_draft_and_changes_nothing(samling, client):
    blokker.make_ready(samling)
    client.force_login(kog(samling.nettverk))

    side = client.get(_adresse("samling_oppsummering", samling)).content.decode()

    assert "Prøv lesestund" in side
    assert "Ta ut" not in side
    svar = client.post(_adresse("blokk_utelat", samling, Slag.FAKTA), {"utelat": "ja"})
    assert svar.status_code == 403


def test_the_page_costs_the_same_whatever_the_size(samling, k, client, django_assert_num_queries):
    blokker.make_ready(samling)
    client.force_login(k)
    adresse = _adresse("samling_oppsummering", samling)
    client.get(adresse)
    with CaptureQueriesContext(connection) as foer:
        client.get(adresse)
    DeltakelseFactory.create_batch(4, samling=samling, moett_=True)
    ProgrampostFactory.create_batch(4, samling=samling)
    blokker.refresh(samling)

    with django_assert_num_queries(len(foer)):
        client.get(adresse)


def test_the_document_holds_the_drawing_with_its_figures_in_words(samling):
    blokker.make_ready(samling)
    dokument = read(keep(blokker.of(samling)), samling.nettverk)

    html = build_html(
        "rolu/pdf/oppsummering.html",
        oppsummering.pdf_context(samling.nettverk, "Tittel", "", dokument),
    )

    # One for each way to divide them, so that a page may end between two.
    assert html.count('class="app-diagram__svg"') == 3
    assert "Formell leder 1 av 1" in html
    assert 'id="vedlegg"' in html


def test_who_was_missing_finds_it_among_the_own_information(samling, k):
    borte = DeltakelseFactory(samling=samling).verv.person
    blokker.make_ready(samling)
    blokker.edit(_part(samling, Slag.STEMMER), tekst="Skrevet av k", versjon=1, by=k)

    def lagret(person):
        return {str(o.tittel): o.rader for o in opplysninger.gather(person)}

    assert [r["samling"] for r in lagret(borte)["Oppsummeringer med navnet ditt"]] == ["Om lek"]
    assert [r["tekst"] for r in lagret(k)["Det du har skrevet i oppsummeringer"]] == [
        "Skrevet av k"
    ]
