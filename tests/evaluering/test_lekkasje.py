"""What everyone reads is what was approved and kept, and a unit's text only when the unit has said so."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from evaluering import aarsrapport
from evaluering.godkjenning import approve, keep_pdf, publish
from evaluering.models import Aarsrapport
from nettverk.arbeid import jobber
from nettverk.models import Gruppe, Jobb
from rolu.mellomarbeid import innlevering, praksis
from rolu.models import Mellomarbeid, Praksisfortelling
from tests.evaluering.factories import KapitteltekstFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    enhetsleder,
    kog,
    koordinator,
    medlem,
)
from tests.rolu.factories import FortellingFactory, LoggpostFactory, MellomarbeidFactory

pytestmark = pytest.mark.django_db

HEMMELIG = "Bare for nettverket."


@pytest.fixture
def arbeid() -> Mellomarbeid:
    """Delivered and shared with the network; the unit has not said that the public may read it."""
    gruppe = GruppeFactory(utviklingsgruppe=True)
    arbeid = MellomarbeidFactory(
        oppdrag__nettverk=gruppe.nettverk,
        gruppe=gruppe,
        kommune=MedlemskapFactory(nettverk=gruppe.nettverk).kommune,
        levert_=True,
        delt=True,
    )
    FortellingFactory(mellomarbeid=arbeid, tekst=HEMMELIG)
    return arbeid


def consent(arbeid: Mellomarbeid) -> None:
    praksis.change(
        arbeid.fortellinger.get(),
        tittel="Vi målte",
        tekst=HEMMELIG,
        offentlig=True,
        igjen=True,
        by=enhetsleder(arbeid.gruppe),
    )


@pytest.fixture
def rapport(arbeid: Mellomarbeid) -> Aarsrapport:
    tekst = KapitteltekstFactory(
        aarsrapport__nettverk=arbeid.nettverk,
        aarsrapport__aar=arbeid.oppdrag.frist.year,
        tekst="Et godt år.",
    )
    return tekst.aarsrapport


def _approve(rapport: Aarsrapport) -> Aarsrapport:
    stg = medlem(rapport.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)
    return approve(rapport, stand=rapport.stand, by=stg)


def _publish(rapport: Aarsrapport) -> Aarsrapport:
    return publish(_approve(rapport), by=koordinator(rapport.nettverk))


def _public(rapport: Aarsrapport) -> str:
    """Both pages as somebody who is not signed in reads them."""
    sider = [
        Client().get(reverse(f"evaluering:{navn}", args=[rapport.nettverk.slug, rapport.aar]))
        for navn in ("aarsrapport", "forhaandsvis")
    ]
    assert [side.status_code for side in sider] == [200, 200]
    return "".join(side.content.decode() for side in sider)


def _pdf(rapport: Aarsrapport, klient: Client | None = None):
    adresse = reverse("evaluering:aarsrapport_pdf", args=[rapport.nettverk.slug, rapport.aar])
    return (klient or Client()).get(adresse)


def test_a_units_text_is_not_public_without_its_consent(rapport):
    rapport = _publish(rapport)

    assert "Et godt år." in _public(rapport)
    assert HEMMELIG not in _public(rapport)
    assert HEMMELIG not in aarsrapport.build_html(rapport)
    assert HEMMELIG not in str(rapport.frosset)


def test_with_consent_it_is_and_it_is_the_leader_of_the_unit_who_gives_it(rapport, arbeid):
    fortelling = arbeid.fortellinger.get()
    adresse = reverse("rolu:fortelling_rediger", args=[arbeid.nettverk.slug, fortelling.pk])
    for person, status in [(koordinator(arbeid.nettverk), 403), (enhetsleder(arbeid.gruppe), 302)]:
        klient = Client()
        klient.force_login(person)
        svar = klient.post(adresse, {"tittel": "Vi målte", "tekst": HEMMELIG, "offentlig": "on"})
        assert svar.status_code == status

    assert HEMMELIG in _public(_publish(rapport))
    historie = Praksisfortelling.pgh_event_model.objects.filter(pgh_obj=fortelling).latest("pgh_id")
    assert historie.offentlig is True


def test_consent_is_off_by_default_and_goes_when_it_is_shared_no_more(arbeid):
    side = Client()
    side.force_login(enhetsleder(arbeid.gruppe))
    fortelling = arbeid.fortellinger.get()
    adresse = reverse("rolu:fortelling_rediger", args=[arbeid.nettverk.slug, fortelling.pk])
    html = side.get(adresse).text
    assert 'name="offentlig"' in html
    assert "checked" not in html.split('name="offentlig"')[1].split(">")[0]

    consent(arbeid)
    praksis.take_back(fortelling)
    assert arbeid.fortellinger.get().offentlig is False
    consent(arbeid)
    assert arbeid.fortellinger.get().offentlig is True
    # To write more in the log is not to take back what is told.
    innlevering.reopen(arbeid)
    assert arbeid.fortellinger.get().offentlig is True


def test_the_consent_is_to_one_story_and_no_other(rapport, arbeid):
    """The first is shared without it; the second of the same work, with it."""
    en = LoggpostFactory(mellomarbeid=arbeid)
    praksis.share(
        arbeid,
        loggpost=en,
        tittel="Vi leste",
        tekst="Til alle.",
        offentlig=True,
        by=enhetsleder(arbeid.gruppe),
    )

    side = _public(_publish(rapport))

    assert "Til alle." in side
    assert HEMMELIG not in side


def test_what_the_koordinator_hides_or_the_unit_takes_back_is_not_quoted(rapport, arbeid):
    consent(arbeid)
    praksis.hide(arbeid.fortellinger.get(), grunn="Et barn kan kjennes igjen.")

    assert HEMMELIG not in _public(_publish(rapport))


def test_text_kept_before_units_were_asked_is_not_shown(rapport, arbeid):
    """A report that was approved when sharing with the network was taken for consent."""
    consent(arbeid)
    rapport = _publish(rapport)
    for kapittel in rapport.frosset["kapitler"]:
        for eksempel in kapittel["data"].get("eksempler", []):
            del eksempel["samtykke"]
    rapport.save(update_fields=["frosset"])

    assert HEMMELIG not in _public(rapport)
    assert HEMMELIG not in aarsrapport.build_html(rapport)


def test_a_drafts_pdf_is_never_what_the_public_gets(rapport):
    """By the report's address, before and after its own PDF is made, and by the job's result."""
    utkast = aarsrapport.order_pdf(rapport, by=kog(rapport.nettverk))
    utkast.status = Jobb.Status.FERDIG
    utkast.resultat.save("utkast.pdf", ContentFile(b"%PDF-utkast"), save=False)
    utkast.avsluttet = utkast.bestilt
    utkast.startet = utkast.bestilt
    utkast.save()
    rapport = _publish(rapport)
    resultat = reverse("nettverk:jobb_resultat", args=[rapport.nettverk.slug, utkast.pk])

    assert _pdf(rapport).status_code == 404
    assert Client().get(resultat).status_code == 302
    klient = Client()
    klient.force_login(medlem(rapport.nettverk, gruppetype=Gruppe.Type.ANNEN))
    assert _pdf(rapport, klient).status_code == 404
    assert klient.get(resultat).status_code in {403, 404}

    keep_pdf(rapport, navn="rapport.pdf", innhold=b"%PDF-godkjent")
    assert b"".join(_pdf(rapport).streaming_content) == b"%PDF-godkjent"


def test_the_public_page_stands_when_everything_behind_it_changes(rapport, arbeid):
    consent(arbeid)
    rapport = _publish(rapport)
    foer = aarsrapport.build_html(rapport)

    arbeid.fortellinger.update(tekst="Skrevet etterpå.")
    rapport.tekster.update(tekst="Endret etterpå.")
    MedlemskapFactory(nettverk=rapport.nettverk, kommune__navn="Nykommune")
    arbeid.oppdrag.__class__.objects.update(tittel="Ny tittel etterpå")
    jobber.run(Jobb.objects.get().pk)

    rapport.refresh_from_db()
    html = _public(rapport) + aarsrapport.build_html(rapport)
    assert HEMMELIG in foer
    for nytt in ("etterpå", "Nykommune"):
        assert nytt not in html


@pytest.mark.parametrize("hvem", ["offentlig", "medlem", "stg"])
def test_what_is_for_writers_is_for_writers(rapport, hvem: str):
    """Questions to whoever writes, and what lacks in the figures."""
    utkast = reverse("evaluering:aarsrapport", args=[rapport.nettverk.slug, rapport.aar])
    skriver = Client()
    skriver.force_login(kog(rapport.nettverk))
    tekster = ("Hva har enhetene prøvd ut", "Ingen erfaringsdelinger er registrert")
    kapitler = [k.noekkel for k in aarsrapport.chapters_of(rapport)]

    def read(klient: Client) -> str:
        return "".join(klient.get(utkast, {"kapittel": k}).text for k in kapitler)

    assert all(tekst in read(skriver) for tekst in tekster)
    klient = Client()
    if hvem == "stg":
        klient.force_login(medlem(rapport.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE))
    else:
        _publish(rapport)
    if hvem == "medlem":
        klient.force_login(medlem(rapport.nettverk, gruppetype=Gruppe.Type.ANNEN))

    html = read(klient) + klient.get(f"{utkast}forhandsvisning/").text

    assert not [tekst for tekst in tekster if tekst in html]
    rapport.refresh_from_db()
    assert not [tekst for tekst in tekster if tekst in aarsrapport.build_html(rapport)]
