"""Documents of an agenda item: added by who may change the programme, read by who sees it, gone when removed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nettverk.filer.kvote import space
from nettverk.filer.opplasting import accept
from nettverk.models import Gruppe
from nettverk.skriving.konflikt import KanIkke, Lukket
from rolu import opplysninger
from rolu.models import Programpost, Saksvedlegg, Samling
from rolu.samlinger import programplan, programutskrift, protokoll, publisering, saksvedlegg
from rolu.samlinger.samlingsbrev import invitation_data
from tests.disk import files_in
from tests.nettverk.factories import (
    NettverkFactory,
    VervFactory,
    gruppemedlem,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import ProgrampostFactory, SamlingFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class Scene:
    """A published gathering with one item, its coordinator, and a member of a group."""

    def __init__(self) -> None:
        self.nettverk, self.gruppe = nettverk_med_enhet()
        self.samling = SamlingFactory(nettverk=self.nettverk, publisert_=True)
        self.post = ProgrampostFactory(samling=self.samling, tittel="Budsjett")
        self.k = koordinator(self.nettverk)
        self.medlem = gruppemedlem(self.gruppe)


@pytest.fixture
def scene(settings, tmp_path) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return Scene()


def som(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(navn: str, samling: Samling, *mer: int) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk, *mer])


def fil(navn: str = "innkalling.pdf", innhold: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(navn, innhold)


def legg_ved(post: Programpost, person, *filer: SimpleUploadedFile):
    adresse = url("saksvedlegg_ny", post.samling, post.pk)
    return som(person).post(adresse, {"filer": filer}, follow=True)


def lagt_ved(scene: Scene, post: Programpost | None = None, navn: str = "innkalling.pdf"):
    post = post or scene.post
    godkjent = accept(fil(navn, PDF + navn.encode()))
    return saksvedlegg.add(post, filer=[godkjent], by=scene.k)[0]


def hent(person, vedlegg: Saksvedlegg, samling: Samling | None = None):
    svar = som(person).get(url("saksvedlegg", samling or vedlegg.programpost.samling, vedlegg.pk))
    svar.innhold = b"".join(svar.streaming_content) if svar.streaming else svar.content
    return svar


# --- adding


def test_several_are_added_and_stand_on_the_page_of_the_item_and_on_the_programme(scene):
    svar = legg_ved(scene.post, scene.k, fil(), fil("tall.txt", b"Tallene"))

    assert "2 filer er lagt ved." in svar.text
    assert [v.navn for v in scene.post.vedlegg.all()] == ["innkalling.pdf", "tall.txt"]
    assert {v.lastet_opp_av for v in scene.post.vedlegg.all()} == {scene.k}
    for person in (scene.k, scene.medlem):
        side = som(person).get(url("samling_program", scene.samling)).text
        for vedlegg in scene.post.vedlegg.all():
            assert url("saksvedlegg", scene.samling, vedlegg.pk) in side
        assert "innkalling.pdf" in side
        assert "7\xa0byte" in side


def test_the_same_file_twice_is_kept_once(scene, tmp_path):
    legg_ved(scene.post, scene.k, fil(), fil("i samme sending.pdf"))
    svar = legg_ved(scene.post, scene.k, fil("kopi.pdf"))

    assert svar.status_code == 200
    assert [v.navn for v in scene.post.vedlegg.all()] == ["innkalling.pdf"]
    assert len(files_in(tmp_path)) == 1


def test_htmx_gets_the_documents_alone_so_that_what_is_written_in_the_item_stands(scene):
    person = som(scene.k)

    def sent(adresse: str, **data):
        svar = person.post(adresse, data, headers={"HX-Request": "true"})
        assert 'id="dokumenter"' in svar.text
        assert 'name="tittel"' not in svar.text
        return svar

    tomt = sent(url("saksvedlegg_ny", scene.samling, scene.post.pk))
    lagt = sent(url("saksvedlegg_ny", scene.samling, scene.post.pk), filer=[fil()])
    slettet = sent(url("saksvedlegg_slett", scene.samling, scene.post.vedlegg.get().pk))

    assert tomt.status_code == 422
    assert tomt.context["dokumentskjema"].errors["filer"]
    assert "Fila er lagt ved." in lagt.text
    assert "innkalling.pdf" in lagt.text
    assert "Fila er slettet." in slettet.text
    assert not scene.post.vedlegg.exists()


def test_two_items_may_have_the_same_document(scene):
    annen = ProgrampostFactory(samling=scene.samling)

    legg_ved(scene.post, scene.k, fil())
    legg_ved(annen, scene.k, fil())

    assert Saksvedlegg.objects.count() == 2


@pytest.mark.parametrize(
    ("navn", "innhold", "sier"),
    [
        ("program.exe", b"MZ\x90" + b"\0" * 100, "kan ikke lastes opp"),
        ("innkalling.pdf", b"MZ\x90" + b"\0" * 100, "er ikke det endelsen sier"),
        ("innkalling.pdf", b"<script>alert(1)</script>", "er ikke det endelsen sier"),
        ("tom.pdf", b"", "tom"),
    ],
    ids=["a kind that is not let in", "a program", "a page", "empty"],
)
def test_what_it_is_decides_whether_it_is_kept(scene, tmp_path, navn, innhold, sier):
    svar = legg_ved(scene.post, scene.k, fil(navn, innhold))

    assert svar.status_code == 422
    assert sier in str(svar.context["dokumentskjema"].errors["filer"])
    assert not Saksvedlegg.objects.exists()
    assert files_in(tmp_path) == []


def test_one_that_is_too_big_is_told_of_at_the_field(scene, settings):
    settings.OPPLASTING_MAKS = 1000

    svar = legg_ved(scene.post, scene.k, fil(innhold=PDF + b"x" * 3000))

    assert svar.status_code == 422
    assert svar.context["dokumentskjema"].errors["filer"][0].startswith("Fila er for stor.")
    # The form beside it is sent to its own address, as it was.
    assert f'action="{url("programpost_rediger", scene.samling, scene.post.pk)}"' in svar.text
    assert not Saksvedlegg.objects.exists()


def test_no_file_is_told_of_at_the_field(scene):
    svar = legg_ved(scene.post, scene.k)

    assert svar.status_code == 422
    assert svar.context["dokumentskjema"].errors["filer"]


def test_they_count_in_what_the_network_may_keep(scene, settings):
    lagt_ved(scene)
    brukt = space(scene.nettverk).brukt
    settings.LAGERPLASS_PER_NETTVERK = brukt + 10

    svar = legg_ved(scene.post, scene.k, fil("ny.pdf"))

    assert brukt == Saksvedlegg.objects.get().bytes > 0
    assert svar.status_code == 422
    assert "ikke plass til flere filer" in svar.context["dokumentskjema"].errors["filer"][0]


@pytest.mark.parametrize(
    "navn",
    ["regning\u202efdp.exe.pdf", "🎉" * 140 + ".pdf", "<script>alert(1)<script>.pdf", "قرار.pdf"],
)
def test_any_name_is_kept_safely_and_can_be_fetched(scene, navn):
    svar = legg_ved(scene.post, scene.k, fil(navn))
    side = som(scene.medlem).get(url("samling_program", scene.samling)).text

    assert svar.status_code == 200
    kept = scene.post.vedlegg.get()
    assert kept.navn.endswith(".pdf")
    assert "\u202e" not in kept.navn
    assert "<script>alert" not in side
    assert hent(scene.medlem, kept).innhold == PDF
    assert programutskrift.programme(scene.samling)[1].startswith(b"%PDF")


# --- who


def test_a_member_fetches_it_and_nobody_outside(scene):
    vedlegg = lagt_ved(scene)
    fremmed = koordinator(NettverkFactory())

    hentet = hent(scene.medlem, vedlegg)

    assert hentet.innhold.startswith(PDF)
    assert hentet["X-Content-Type-Options"] == "nosniff"
    assert hent(fremmed, vedlegg).status_code == 403
    adresse = url("saksvedlegg", scene.samling, vedlegg.pk)
    assert Client().get(adresse).status_code == 302


def test_one_of_another_network_or_another_gathering_is_not_there(scene):
    annet = Scene()
    deres = lagt_ved(annet)
    egen = lagt_ved(scene)

    for side in ("saksvedlegg", "saksvedlegg_slett"):
        assert som(scene.k).get(url(side, scene.samling, deres.pk)).status_code == 404
        annen = SamlingFactory(nettverk=scene.nettverk, publisert_=True)
        assert som(scene.k).get(url(side, annen, egen.pk)).status_code == 404
    ny = url("saksvedlegg_ny", scene.samling, annet.post.pk)
    assert som(scene.k).post(ny, {"filer": [fil()]}).status_code == 404


def test_those_of_a_draft_are_hidden_until_it_is_published(scene):
    Samling.objects.update(status=Samling.Status.UTKAST)
    vedlegg = lagt_ved(scene)
    pro = medlem(scene.nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)

    assert hent(scene.medlem, vedlegg).status_code == 404
    assert hent(scene.k, vedlegg).status_code == 200
    assert hent(pro, vedlegg).status_code == 200


def test_who_leads_the_gathering_adds_and_removes_and_others_do_not(scene):
    pro = medlem(scene.nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)
    VervFactory(person=pro)
    vedlegg = lagt_ved(scene)
    slett = url("saksvedlegg_slett", scene.samling, vedlegg.pk)

    for person in (scene.medlem, pro):
        assert legg_ved(scene.post, person, fil("ny.pdf")).status_code == 403
        assert som(person).post(slett).status_code == 403
    scene.samling.prosessledere.add(pro)
    legg_ved(scene.post, pro, fil("ny.pdf"))
    som(pro).post(slett)

    assert [v.navn for v in scene.post.vedlegg.all()] == ["ny.pdf"]


# --- the lock


def test_a_locked_gathering_refuses_and_its_documents_are_read(scene):
    vedlegg = lagt_ved(scene)
    Samling.objects.update(status=Samling.Status.LAAST)
    slett = url("saksvedlegg_slett", scene.samling, vedlegg.pk)

    svar = [
        legg_ved(scene.post, scene.k, fil("ny.pdf")),
        legg_ved(scene.post, scene.k),
        som(scene.k).get(slett, follow=True),
        som(scene.k).post(slett, follow=True),
    ]

    assert all("Samlingen er låst" in s.text for s in svar)
    assert list(Saksvedlegg.objects.all()) == [vedlegg]
    assert hent(scene.medlem, vedlegg).status_code == 200
    with pytest.raises(Lukket):
        saksvedlegg.remove(vedlegg)


def test_an_item_that_is_gone_takes_no_documents(scene, tmp_path):
    borte = Programpost.objects.get()
    borte.samling = scene.samling
    Programpost.objects.all().delete()

    with pytest.raises(KanIkke):
        saksvedlegg.add(borte, filer=[accept(fil())], by=scene.k)

    assert files_in(tmp_path) == []


# --- removing


def test_one_is_removed_after_a_question_from_the_storage_too(
    scene, tmp_path, django_capture_on_commit_callbacks
):
    vedlegg = lagt_ved(scene)
    slett = url("saksvedlegg_slett", scene.samling, vedlegg.pk)

    assert "Slette «innkalling.pdf»?" in som(scene.k).get(slett).text
    assert len(files_in(tmp_path)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        svar = som(scene.k).post(slett, follow=True)

    assert "Fila er slettet." in svar.text
    assert not Saksvedlegg.objects.exists()
    assert files_in(tmp_path) == []
    assert som(scene.k).post(slett).status_code == 404
    historie = Saksvedlegg.pgh_event_model.objects.filter(pgh_obj_id=vedlegg.pk)
    assert [h.pgh_label for h in historie.order_by("pgh_id")] == ["insert", "delete"]


def test_the_documents_go_with_the_item_and_one_is_told(
    scene, tmp_path, django_capture_on_commit_callbacks
):
    lagt_ved(scene)
    slett = url("programpost_slett", scene.samling, scene.post.pk)

    assert "1 saksdokument blir slettet." in som(scene.k).get(slett).text
    with django_capture_on_commit_callbacks(execute=True):
        som(scene.k).post(slett)

    assert files_in(tmp_path) == []


def test_the_documents_go_with_a_draft(scene, tmp_path, django_capture_on_commit_callbacks):
    Samling.objects.update(status=Samling.Status.UTKAST)
    lagt_ved(scene)

    with django_capture_on_commit_callbacks(execute=True):
        publisering.delete_draft(Samling.objects.get())

    assert files_in(tmp_path) == []


# --- where they are named


@pytest.mark.parametrize("side", ["samling_program", "programpost_rediger"])
def test_a_page_costs_the_same_with_one_and_many(scene, side):
    mer = [scene.post.pk] if side == "programpost_rediger" else []
    klient = som(scene.k)
    lagt_ved(scene)
    klient.get(url(side, scene.samling, *mer))  # what is kept from then on

    with CaptureQueriesContext(connection) as en:
        klient.get(url(side, scene.samling, *mer))
    for nr in range(3):
        lagt_ved(scene, navn=f"{nr}.pdf")
        lagt_ved(scene, ProgrampostFactory(samling=scene.samling), f"{nr}.pdf")
    with CaptureQueriesContext(connection) as mange:
        svar = klient.get(url(side, scene.samling, *mer))

    assert len(mange) == len(en)
    assert "2.pdf" in svar.text


def test_the_minutes_and_the_letter_say_that_they_are_there(scene):
    uten = invitation_data(scene.samling, [])["har_dokumenter"]
    lagt_ved(scene)
    data = invitation_data(scene.samling, [])
    brevet = render_to_string(
        "rolu/epost/invitasjon.txt", {**data, "person": scene.k, "nettverk": scene.nettverk}
    )

    assert not uten
    assert "Saksdokumenter ligger i programmet." in brevet
    assert "innkalling.pdf" not in brevet
    [sak] = protokoll.collect(scene.samling).saker
    assert sak.dokumenter == ["innkalling.pdf"]
    tegnet = render_to_string(
        "rolu/pdf/_saksvedlegg.html", {"vedlegg": list(scene.post.vedlegg.all())}
    )
    assert "Saksdokument:" in tegnet
    assert "innkalling.pdf" in tegnet


def test_a_copied_programme_has_none_of_them_and_the_form_says_so(scene):
    lagt_ved(scene)
    ny = SamlingFactory(nettverk=scene.nettverk)

    programplan.copy_program(fra=scene.samling, til=ny)

    assert ny.programposter.count() == 1
    assert not Saksvedlegg.objects.about(ny).exists()
    side = som(scene.k).get(
        reverse("rolu:samling_ny", args=[scene.nettverk.slug]), {"fra": scene.samling.pk}
    )
    assert "saksdokumenter" in side.text


def test_who_added_them_gets_them_among_their_own(scene):
    lagt_ved(scene)

    [egne] = [
        del_
        for del_ in opplysninger.gather(scene.k)
        if del_.tittel == "Saksdokumenter du har lagt ved"
    ]

    assert [rad["fil"] for rad in egne.rader] == ["innkalling.pdf"]
