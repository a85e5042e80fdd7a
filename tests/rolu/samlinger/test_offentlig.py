"""The public face of a gathering, and the pages that show a letter before it goes."""

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst

from nettverk.models import Brev, Mottakere
from rolu.models import Samling
from rolu.samlinger import publisering
from tests.nettverk.factories import (
    NettverkFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    ProgrampostFactory,
    SamlingFactory,
    UtfallFactory,
    klokken,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def som(client):
    def logg_inn(person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logg_inn


def side(samling: Samling, navn: str = "samling_offentlig") -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk])


@pytest.fixture
def samling() -> Samling:
    samling = SamlingFactory(
        nettverk=NettverkFactory(er_offentlig=True),
        publisert_=True,
        er_offentlig=True,
        om="Internt",
    )
    post = ProgrampostFactory(
        samling=samling,
        tittel="Åpning",
        beskrivelse="<b>Velkommen</b> 🎉",
        rom="Salen",
        leder="Marit Rogneskar",
        notat="Et notat",
        internt="Internt",
    )
    UtfallFactory(samling=samling, programpost=post, beslutning_=True, tekst="En beslutning")
    return samling


def test_of_several_days_the_day_stands_over_the_times_though_one_has_no_programme(client, samling):
    assert "<h3" not in client.get(side(samling)).text
    samling.slutt = klokken(15, 15)
    samling.save()

    dag = capfirst(date_format(klokken(14, 9), "l j. F"))
    assert f">{dag}</h3>" in client.get(side(samling)).text


def test_everybody_reads_when_where_and_the_programme_and_nobodys_name(client, samling):
    text = client.get(side(samling)).text

    for sagt in (
        samling.tittel,
        samling.sted,
        "Åpning",
        "Salen",
        "&lt;b&gt;Velkommen&lt;/b&gt; 🎉",
    ):
        assert sagt in text
    for usagt in ("Marit", "Et notat", "En beslutning", "Internt"):
        assert usagt not in text
    kalender = client.get(side(samling, "samling_offentlig_kalender"))
    assert kalender["Content-Type"].startswith("text/calendar")
    assert "/offentlig/" in kalender.text.replace("\r\n ", "")
    assert "ATTENDEE" not in kalender.text


@pytest.mark.parametrize(
    "felt",
    [{"status": Samling.Status.UTKAST}, {"er_offentlig": False}],
)
@pytest.mark.parametrize("navn", ["samling_offentlig", "samling_offentlig_kalender"])
def test_a_draft_and_what_is_not_public_do_not_exist(client, som, samling, felt, navn):
    Samling.objects.update(**felt)

    assert client.get(side(samling, navn)).status_code == 404
    assert som(koordinator(samling.nettverk)).get(side(samling, navn)).status_code == 404


def test_a_network_that_is_not_public_shows_it_to_its_own_alone(client, som, samling):
    samling.nettverk.er_offentlig = False
    samling.nettverk.save()

    assert client.get(side(samling)).status_code == 404
    assert som(koordinator(samling.nettverk)).get(side(samling)).status_code == 200


def test_another_networks_address_does_not_show_it(client, samling):
    annet = NettverkFactory(er_offentlig=True)

    url = reverse("rolu:samling_offentlig", args=[annet.slug, samling.pk])

    assert client.get(url).status_code == 404


def test_one_that_is_called_off_says_so_and_several_days_have_names(client, samling):
    Samling.objects.update(status=Samling.Status.AVLYST, slutt=klokken(15, 15))
    ProgrampostFactory(samling=samling, start=klokken(15, 9))

    text = client.get(side(samling)).text

    assert "Samlingen er avlyst." in text
    assert "kalender.ics" not in text
    assert text.count("<h3") == 2


def test_the_networks_public_page_leads_to_the_public_ones(client, samling):
    lukket = SamlingFactory(nettverk=samling.nettverk, publisert_=True)

    text = client.get(reverse("nettverk:offentlig", args=[samling.nettverk.slug])).text

    assert side(samling) in text
    assert lukket.tittel not in text
    assert side(lukket) not in text


def test_the_form_says_what_everybody_can_read_and_it_is_kept(som, samling):
    klient = som(koordinator(samling.nettverk))

    text = klient.get(side(samling, "samling_rediger")).text

    assert "Notater, beslutninger og navn vises aldri der" in text
    assert side(samling) in klient.get(side(samling, "samling")).text


# --- a letter is looked at before it goes


def invited():
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    gruppemedlem(gruppe)
    samling = SamlingFactory(nettverk=nettverk)
    by = koordinator(nettverk)
    publisering.publish(samling, by=by, mottakere=Mottakere(nettverk=nettverk, enheter=True))
    return samling, by, leder


def test_calling_off_shows_who_gets_the_letter_and_the_letter(som):
    samling, by, leder = invited()
    klient = som(by)
    foer = Brev.objects.count()

    ingen = klient.get(side(samling, "samling_avlys")).text
    assert "Ingen får e-post" in ingen
    assert "Slik blir e-posten" not in ingen
    Brev.objects.update(tilstand=Brev.Tilstand.SENDT, sendt=samling.publisert)
    svar = klient.get(side(samling, "samling_avlys"))

    assert "1 person som har fått invitasjonen eller er påmeldt, får e-post" in svar.text
    assert svar.context["mottakerne"].per_gruppe == [("Utviklingsgruppene", 1)]
    assert leder.navn in svar.text
    assert "Slik blir e-posten" in svar.text
    assert Brev.objects.count() == foer
    klient.post(side(samling, "samling_avlys"))
    assert Brev.objects.filter(slag="rolu.avlysning").count() == 1


def test_inviting_those_who_came_later_shows_who_and_the_letter(som):
    samling, by, _leder = invited()
    klient = som(by)
    assert klient.get(side(samling, "samling_inviter")).status_code == 302
    ny = enhetsleder(samling.deltakelser.first().verv.gruppe)

    linje = klient.get(side(samling, "samling")).context["tilstandslinje"]
    svar = klient.get(side(samling, "samling_inviter"))

    assert [p.lenke for p in linje.gjenstaar][-1] == "Inviter den nye"
    assert ny.navn in svar.text
    assert "Slik blir e-posten" in svar.text
    assert (svar.context["nye"], svar.context["antall"]) == (1, 1)
    assert Brev.objects.filter(til=ny).count() == 0
    for _gang in range(2):
        klient.post(side(samling, "samling_inviter"))
    assert Brev.objects.filter(til=ny).count() == 1


def test_who_needs_no_letter_is_invited_without_one(som):
    samling, by, _leder = invited()
    gruppemedlem(samling.deltakelser.first().verv.gruppe)

    svar = som(by).get(side(samling, "samling_inviter"))

    assert (svar.context["nye"], svar.context["antall"]) == (1, 0)
    assert "Ingen får e-post" in svar.text


def test_a_move_shows_who_is_told(som):
    samling = SamlingFactory(publisert_=True)
    d = DeltakelseFactory(samling=samling, status="paameldt")
    klient = som(koordinator(samling.nettverk))
    form = klient.get(side(samling, "samling_rediger")).context["form"]
    data = {navn: form[navn].value() for navn in ("type", "tittel", "stand")}
    dag = klokken(20, 9).date().isoformat()
    tid = {"dag_1_0": dag, "dag_1_1": "09:00", "dag_1_2": "15:00"}

    svar = klient.post(side(samling, "samling_rediger"), {**data, **tid, "sted": "Nytt sted"})

    assert d.verv.person.navn in svar.text
    assert svar.context["mottakerne"].antall == 1
