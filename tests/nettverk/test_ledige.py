"""What is vacant: the same figures on the home page and the list, and an act beside each row."""

import html
import io
import re
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.db import connection
from django.template.loader import get_template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from kommuner.gyldighet import idag
from kommuner.models import Kommune
from kommuner.sortering import norsk_nokkel
from nettverk import ledige
from nettverk.bekreftelse import confirm
from nettverk.ledige import Ledigtall
from nettverk.models import Brev, Gruppe, Nettverk, Person, Rolle, Sikkerhetshendelse
from nettverk.tilgang.roller import roller_for
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    VervFactory,
    enhetsleder,
    kog,
    kommuneansvarlig,
    koordinator,
    medlem,
)
from tests.okt import pass_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def nettverk() -> Nettverk:
    return NettverkFactory(paakrevde_roller=["formell_leder", "tillitsvalgt"])


@pytest.fixture
def kommune(nettverk: Nettverk) -> Kommune:
    return MedlemskapFactory(nettverk=nettverk).kommune


def _unit(nettverk: Nettverk, kommune: Kommune, *roller: str, bekreftet: bool = False) -> Gruppe:
    """A unit whose group has these roles."""
    enhet = EnhetFactory(kommune=kommune)
    gruppe = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)
    verv = [VervFactory(gruppe=gruppe, rolle=rolle) for rolle in roller]
    if bekreftet:
        confirm(gruppe, by=verv[0].person)
    return gruppe


FULL = (Rolle.FORMELL_LEDER, Rolle.TILLITSVALGT)


@pytest.fixture
def grupper(nettverk: Nettverk, kommune: Kommune) -> dict[str, Gruppe]:
    """One that lacks nothing, one of each thing that may be lacking, and one in another kommune."""
    annen = MedlemskapFactory(nettverk=nettverk).kommune
    return {
        "hel": _unit(nettverk, kommune, *FULL, bekreftet=True),
        "rolle": _unit(nettverk, kommune, Rolle.FORMELL_LEDER, bekreftet=True),
        "leder": _unit(nettverk, kommune, Rolle.TILLITSVALGT, bekreftet=True),
        "ubekreftet": _unit(nettverk, kommune, *FULL),
        "annen": _unit(nettverk, annen, Rolle.FORMELL_LEDER),
    }


def _url(nettverk: Nettverk, navn: str = "ledige") -> str:
    return reverse(f"nettverk:{navn}", args=[nettverk.slug])


def _shown(client: Client, nettverk: Nettverk, **filter_: object) -> set[int]:
    side = client.get(_url(nettverk), filter_)
    return {rad.gruppe.pk for rad in side.context["rader"]}


# --- which


def test_the_figures_count_what_is_lacking_today(nettverk, grupper):
    assert ledige.count(ledige.units(nettverk), nettverk) == Ledigtall(
        rolle=3, leder=1, ubekreftet=2, alle=4
    )


def test_a_unit_without_a_group_lacks_all_and_one_outside_the_network_nothing(
    nettverk, kommune, grupper
):
    EnhetFactory(kommune=kommune)
    utenfor = EnhetFactory()
    GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=utenfor)

    antall = ledige.count(ledige.units(nettverk), nettverk)

    assert antall == Ledigtall(rolle=4, leder=2, ubekreftet=2, alle=5)


def test_a_verv_or_a_group_that_has_ended_fills_no_role(nettverk, kommune):
    gruppe = _unit(nettverk, kommune, *FULL, bekreftet=True)
    gruppe.verv.get(rolle=Rolle.TILLITSVALGT).end()
    _unit(nettverk, kommune, *FULL, bekreftet=True).end()

    antall = ledige.count(ledige.units(nettverk), nettverk)

    assert (antall.rolle, antall.leder) == (2, 1)


def test_a_network_that_requires_and_asks_nothing_lacks_nothing(nettverk, kommune, grupper):
    nettverk.paakrevde_roller, nettverk.bekreftes_fra = [], ""

    assert ledige.count(ledige.units(nettverk), nettverk) == Ledigtall(0, 0, 0, 0)


def test_the_list_is_narrowed_by_what_is_lacking_and_by_kommune(nettverk, kommune, grupper, client):
    client.force_login(koordinator(nettverk))
    g = {navn: gruppe.pk for navn, gruppe in grupper.items()}

    def shown(**filter_: object) -> set[int]:
        return _shown(client, nettverk, **filter_)

    assert shown() == {g["rolle"], g["leder"], g["ubekreftet"], g["annen"]}
    assert shown(slag="rolle") == {g["rolle"], g["leder"], g["annen"]}
    assert shown(slag="leder") == {g["leder"]}
    assert shown(slag="ubekreftet") == {g["ubekreftet"], g["annen"]}
    assert shown(slag="rolle", kommune=kommune.pk) == {g["rolle"], g["leder"]}


@pytest.mark.parametrize("filter_", [{"slag": "tull"}, {"kommune": "²"}, {"kommune": "99999"}])
def test_a_choice_that_is_none_is_said_and_reminds_nobody(
    nettverk, kommune, grupper, client, filter_
):
    for person in (koordinator(nettverk), kommuneansvarlig(nettverk, kommune)):
        client.force_login(person)
        side = client.get(_url(nettverk), filter_)
        assert "Et valg i filteret finnes ikke" in side.text
        assert side.context["filter"] == ""

        svar = client.get(_url(nettverk, "ledige_paaminn"), filter_, follow=True)

        assert svar.redirect_chain[0][0] == _url(nettverk)
        assert "Et valg i filteret finnes ikke. Velg på nytt." in svar.text


def test_what_lacks_most_stands_first(nettverk, kommune, grupper, client):
    uten = EnhetFactory(kommune=kommune)
    client.force_login(koordinator(nettverk))

    rader = client.get(_url(nettverk)).context["rader"]

    assert [rad.gruppe and rad.gruppe.pk for rad in rader] == [
        None,
        grupper["leder"].pk,
        *[
            g.pk
            for g in sorted(
                (grupper["ubekreftet"], grupper["annen"]),
                key=lambda g: norsk_nokkel(g.enhet.kommune_per().navn),
            )
        ],
        grupper["rolle"].pk,
    ]
    assert rader[0].enhet == uten


def test_a_kommune_sees_its_own_units_alone(nettverk, kommune, grupper, client):
    client.force_login(kommuneansvarlig(nettverk, kommune))
    annen = grupper["annen"].enhet.kommune_per()

    assert _shown(client, nettverk) == {grupper[n].pk for n in ("rolle", "leder", "ubekreftet")}
    assert grupper["annen"].pk not in _shown(client, nettverk, kommune=annen.pk)


def test_twenty_five_on_a_page_and_the_rest_on_the_next(nettverk, kommune, client):
    for _n in range(26):
        _unit(nettverk, kommune)
    client.force_login(koordinator(nettverk))

    assert len(_shown(client, nettverk)) == 25
    assert len(_shown(client, nettverk, side=2)) == 1


# --- the acts


def test_a_vacant_role_leads_to_the_form_with_group_and_role_filled_in(nettverk, grupper, client):
    client.force_login(koordinator(nettverk))
    gruppe = grupper["rolle"]
    adresse = reverse("nettverk:verv_ny", args=[nettverk.slug, gruppe.pk]) + "?rolle=tillitsvalgt"

    assert f'href="{adresse}&amp;neste=' in client.get(_url(nettverk)).text
    assert client.get(adresse).context["form"].initial["rolle"] == "tillitsvalgt"


def test_a_leader_who_has_not_been_in_is_invited_and_one_who_has_is_reminded(
    nettverk, grupper, client
):
    client.force_login(koordinator(nettverk))
    gruppe = grupper["ubekreftet"]
    leder = gruppe.verv.get(rolle=Rolle.FORMELL_LEDER).person
    inviter = f"{_url(nettverk, 'inviter_send')}?person={leder.pk}"
    minn = f"{_url(nettverk, 'ledige_paaminn')}?gruppe={gruppe.pk}"

    foer = client.get(_url(nettverk)).text
    Person.objects.filter(pk=leder.pk).update(last_login=timezone.now())
    etter = client.get(_url(nettverk)).text

    assert (inviter in foer, minn in foer) == (True, False)
    assert (inviter in etter, minn in etter) == (False, True)
    assert client.get(minn).context["antall"] == 1


def test_every_act_leads_back_to_the_list_as_it_was_narrowed(nettverk, kommune, grupper, client):
    client.force_login(koordinator(nettverk))
    liste = f"{_url(nettverk)}?slag=rolle&kommune={kommune.pk}"
    lenker = [
        html.unescape(a) for a in re.findall(r'href="([^"]*neste=[^"]*)"', client.get(liste).text)
    ]
    ny = next(a for a in lenker if "rolle=tillitsvalgt" in a)
    minn = next(a for a in lenker if _url(nettverk, "ledige_paaminn") in a)

    for adresse in lenker:
        assert parse_qs(urlsplit(adresse).query)["neste"] == [liste]
    for adresse in (ny, minn, next(a for a in lenker if "person=" in a)):
        assert f'href="{html.escape(liste)}"' in client.get(adresse).text
    felt = {"navn": "Tiril", "epost": "t@a.example", "rolle": "tillitsvalgt", "fra": idag()}
    assert client.post(ny, felt).url == liste
    assert client.post(minn, {"grupper": grupper["rolle"].pk}).url == liste
    # Nobody is led out of the portal.
    annen = ny.partition("neste=")[0] + "neste=//ond.example/"
    assert client.post(annen, felt | {"epost": "u@a.example"}).url == reverse(
        "nettverk:gruppe", args=[nettverk.slug, grupper["rolle"].pk]
    )


def test_who_was_reminded_today_is_left_out_and_the_list_says_when(nettverk, grupper, client):
    client.force_login(koordinator(nettverk))
    minn = _url(nettverk, "ledige_paaminn")
    foer = client.get(minn)
    assert foer.context["antall"] == 3
    client.post(minn, {"grupper": grupper["ubekreftet"].pk})

    side = client.get(minn)

    assert (side.context["antall"], side.context["fikk_i_dag"]) == (2, 1)
    assert "1 til har fått den i dag" in side.text
    liste = client.get(_url(nettverk))
    assert [rad.gruppe for rad in liste.context["rader"] if rad.paaminnet] == [
        grupper["ubekreftet"]
    ]
    assert f"påminnet {date_format(idag(), 'j. F')}" in " ".join(liste.text.split())
    client.post(minn, side.context["form"].initial)
    svar = client.get(minn, follow=True)
    assert "Lederne har fått påminnelse i dag." in svar.text


def test_leaders_who_have_never_been_in_are_counted_and_told_how_to_sign_in(
    nettverk, kommune, grupper, client
):
    inne = grupper["rolle"].verv.get().person
    Person.objects.filter(pk=inne.pk).update(last_login=timezone.now())
    ikke = grupper["ubekreftet"].verv.get(rolle=Rolle.FORMELL_LEDER).person
    minn = _url(nettverk, "ledige_paaminn")

    for person in (koordinator(nettverk), kommuneansvarlig(nettverk, kommune)):
        client.force_login(person)
        assert "har aldri vært inne" in client.get(minn).text
    client.post(minn, {"grupper": f"{grupper['rolle'].pk},{grupper['ubekreftet'].pk}"})

    tekster = {b.til_id: b.tekst for b in Brev.objects.all()}
    assert f"Logg inn med adressen {ikke.epost}. Du får en kode på e-post" in tekster[ikke.pk]
    assert "kode på e-post" not in tekster[inne.pk]
    assert (
        reverse("nettverk:gruppe_bekreft", args=[nettverk.slug, grupper["rolle"].pk])
        in (tekster[inne.pk])
    )


def test_one_recipient_is_not_told_of_others(nettverk, grupper, client):
    client.force_login(koordinator(nettverk))
    minn = _url(nettverk, "ledige_paaminn")

    alle = client.get(minn).text
    en = client.get(minn, {"gruppe": grupper["ubekreftet"].pk}).text

    assert ("De andre" in alle, "Hver får" in alle) == (True, True)
    assert ("De andre" in en, "Hver får" in en) == (False, False)


def test_the_kommune_may_remind_but_not_invite(nettverk, kommune, grupper, client):
    client.force_login(kommuneansvarlig(nettverk, kommune))

    side = client.get(_url(nettverk)).text

    assert _url(nettverk, "inviter_send") not in side
    assert f"?gruppe={grupper['ubekreftet'].pk}" in side
    assert "?rolle=tillitsvalgt" in side


def test_who_only_reads_is_shown_no_act(nettverk, grupper, client):
    client.force_login(kog(nettverk))

    side = client.get(_url(nettverk)).text

    assert str(grupper["rolle"].enhet) in side
    assert "?rolle=" not in side
    assert "?gruppe=" not in side
    assert client.get(_url(nettverk, "ledige_paaminn")).status_code == 403


def test_a_unit_without_a_group_leads_to_where_it_is_made(nettverk, kommune, client):
    enhet = EnhetFactory(kommune=kommune)
    client.force_login(koordinator(nettverk))
    adresse = f"{_url(nettverk, 'utviklingsgruppe_ny')}?enhet={enhet.pk}"

    assert adresse in client.get(_url(nettverk)).text
    assert f'<option value="e{enhet.pk}" selected' in client.get(adresse).text


def test_the_spreadsheet_holds_what_is_shown_and_that_it_was_taken_out_is_written_down(
    nettverk, grupper, client
):
    client.force_login(koordinator(nettverk))

    svar = client.get(_url(nettverk), {"slag": "leder", "format": "xlsx"})

    ark = openpyxl.load_workbook(io.BytesIO(svar.content)).active
    rader = [list(rad) for rad in ark.iter_rows(values_only=True)]
    enhet = grupper["leder"].enhet
    assert [rad[1] for rad in rader[1:]] == [str(enhet)]
    assert rader[1][3] == "formell leder"
    assert Sikkerhetshendelse.objects.filter(slag="nettverk.eksport").count() == 1
    pass_time(client, minutter=20)
    assert client.get(_url(nettverk), {"format": "xlsx"}).status_code == 302


# --- the home page


def _home(client: Client, nettverk: Nettverk) -> str:
    return client.get(reverse("nettverk:hjem", args=[nettverk.slug])).text


def test_it_stands_on_the_koordinators_and_the_kommunes_home_with_their_own_figures(
    nettverk, kommune, grupper, client
):
    client.force_login(koordinator(nettverk))
    koordinatorens = _home(client, nettverk)
    client.force_login(kommuneansvarlig(nettverk, kommune))
    kommunens = _home(client, nettverk)

    assert "3 grupper har ledige roller" in koordinatorens
    assert "2 grupper er ikke bekreftet dette skoleåret" in koordinatorens
    assert "3 utviklingsgrupper mangler noe" in kommunens
    assert "mangler formell leder" in kommunens
    assert f'href="{_url(nettverk)}"' in kommunens


def test_it_stands_on_nobody_elses_home_and_not_when_nothing_is_lacking(nettverk, kommune, client):
    gruppe = _unit(nettverk, kommune, Rolle.FORMELL_LEDER)
    for person in (enhetsleder(gruppe), medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)):
        client.force_login(person)
        assert _url(nettverk) not in _home(client, nettverk)
    client.force_login(koordinator(nettverk))
    assert _url(nettverk) in _home(client, nettverk)

    VervFactory(gruppe=gruppe, rolle=Rolle.TILLITSVALGT)
    confirm(gruppe, by=gruppe.verv.first().person)

    assert _url(nettverk) not in _home(client, nettverk)


def test_it_costs_one_query_at_home_and_as_many_on_the_page_whatever_there_is(
    nettverk, kommune, grupper, client
):
    sjef = koordinator(nettverk)
    client.force_login(sjef)

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as hjemme:
            list(ledige.hjem(roller_for(sjef, nettverk)))
        with CaptureQueriesContext(connection) as siden:
            client.get(_url(nettverk))
        return len(hjemme), len(siden)

    cost()
    foer = cost()
    for _n in range(3):
        _unit(nettverk, kommune, Rolle.FORMELL_LEDER)
    assert cost() == foer
    assert foer[0] == 1


def test_the_list_of_groups_and_the_list_of_what_is_vacant_agree(
    nettverk, kommune, grupper, client
):
    GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory())  # has left
    client.force_login(koordinator(nettverk))

    side = client.get(reverse("nettverk:gruppe_list", args=[nettverk.slug]), {"mangler": "on"})

    assert {g.pk for g in side.context["side"].object_list} == _shown(
        client, nettverk, slag="rolle"
    )


def test_an_import_leads_to_the_units_that_lack_a_role_also_those_without_a_group():
    for mal in ("_enhetsimport_ferdig", "_folkeimport_ferdig"):
        kilde = get_template(f"nettverk/{mal}.html").template.source

        assert "{% url 'nettverk:ledige' nettverk.slug %}?slag=rolle" in kilde
