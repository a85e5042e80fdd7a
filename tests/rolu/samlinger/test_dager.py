"""The days of a gathering: how they are written, set in the form, and moved by two at once."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from nettverk.skriving.konflikt import KanIkke
from rolu.models import Dagsoppmoete, Deltakelse, Gjest, Samling
from rolu.samlinger import dager
from tests.nettverk.factories import gruppemedlem, koordinator, nettverk_med_enhet
from tests.rolu.factories import DeltakelseFactory, SamlingFactory

pytestmark = pytest.mark.django_db
D, T = datetime.date, datetime.time
JUNI_3, JUNI_4 = (D(2027, 6, 3), T(10), T(16)), (D(2027, 6, 4), T(9), T(14))
TO_DAGER = "torsdag 3. juni kl. 10.00–16.00 og fredag 4. juni 2027 kl. 09.00–14.00"


def plain(tekst: str) -> str:
    return tekst.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def over(*dagene: dager.Dag, **mer) -> Samling:
    samling = SamlingFactory(**mer)
    dager.set_days(samling, dagene)
    return samling


# --- in words


@pytest.mark.parametrize(
    ("dagene", "naar", "datoene"),
    [
        ([JUNI_3], "torsdag 3. juni 2027 kl. 10.00–16.00", "3. juni 2027"),
        ([JUNI_4, JUNI_3], TO_DAGER, "3. og 4. juni 2027"),
        (
            [JUNI_3, JUNI_4, (D(2027, 6, 10), T(9), T(12))],
            "torsdag 3. juni kl. 10.00–16.00, fredag 4. juni kl. 09.00–14.00 og torsdag 10. juni 2027 kl. 09.00–12.00",
            "3., 4. og 10. juni 2027",
        ),
        (
            [(D(2026, 12, 31), T(9), T(12)), (D(2027, 1, 4), T(9), T(12))],
            "torsdag 31. desember 2026 kl. 09.00–12.00 og mandag 4. januar 2027 kl. 09.00–12.00",
            "31. desember 2026 og 4. januar 2027",
        ),
    ],
)
def test_a_gathering_is_written_as_its_days(dagene, naar, datoene):
    samling = over(*dagene)

    assert plain(dager.in_words(samling)) == naar
    assert dager.dates_in_words(samling) == datoene


def test_the_days_in_nynorsk_and_english():
    samling = over(JUNI_3, JUNI_4)

    with translation.override("nn"):
        assert plain(dager.in_words(samling)) == TO_DAGER
    with translation.override("en"):
        assert (
            dager.in_words(samling)
            == "Thursday 3 June 10:00–16:00 and Friday 4 June 2027 09:00–14:00"
        )
        assert dager.dates_in_words(samling) == "3 and 4 June 2027"


def test_days_must_be_some_and_differ_and_end_after_they_start():
    samling = SamlingFactory()
    mange = [(D(2027, 6, n), T(9), T(12)) for n in range(1, 9)]
    for gale in ([], [JUNI_3, JUNI_3], [(D(2027, 6, 3), T(16), T(10))], mange):
        with pytest.raises(KanIkke):
            dager.set_days(samling, gale)

    dager.set_days(samling, mange[:7])
    assert len(dager.days(samling)) == 7
    dager.set_days(samling, mange[:1])
    assert not samling.samlingsdager.exists()
    assert dager.days(samling)[0].dato == D(2027, 6, 1)


# --- what hangs on them


JUNI_5 = (D(2027, 6, 5), T(9), T(14))


@pytest.mark.parametrize(
    ("foer", "etter", "valgt", "blir"),
    [
        # all are moved: by number
        ((JUNI_3, JUNI_4), (JUNI_4, JUNI_5), [JUNI_4], [JUNI_5]),
        # one is put in, or taken out: by date
        ((JUNI_4, JUNI_5), (JUNI_3, JUNI_4, JUNI_5), [JUNI_4], [JUNI_4]),
        ((JUNI_3, JUNI_4, JUNI_5), (JUNI_4, JUNI_5), [JUNI_3, JUNI_5], [JUNI_5]),
        # all that are left
        ((JUNI_3, JUNI_4, JUNI_5), (JUNI_4, JUNI_5), [JUNI_4, JUNI_5], None),
        ((JUNI_3, JUNI_4), (JUNI_3,), [JUNI_4], None),
        # only the hours
        ((JUNI_3, JUNI_4), (JUNI_3, (JUNI_4[0], T(8), T(9))), [JUNI_4], [JUNI_4]),
    ],
)
def test_who_comes_some_of_the_days_comes_the_same_ones(foer, etter, valgt, blir):
    samling = over(*foer)
    rad = DeltakelseFactory(samling=samling, dager=[dag[0] for dag in valgt])

    dager.set_days(samling, etter)

    rad.refresh_from_db()
    assert rad.dager == (blir and [dag[0] for dag in blir])


def met(samling: Samling, dato: datetime.date) -> tuple[Deltakelse, Gjest]:
    naar = timezone.make_aware(datetime.datetime.combine(dato, T(10)))
    rad = DeltakelseFactory(samling=samling, moett=naar)
    gjest = Gjest.objects.create(samling=samling, navn="Gunn", moett=naar)
    if samling.varer_flere_dager:
        Dagsoppmoete.objects.create(samling=rad.samling, deltakelse=rad, dato=dato, tid=naar)
        Dagsoppmoete.objects.create(samling=gjest.samling, gjest=gjest, dato=dato, tid=naar)
    return rad, gjest


def test_a_day_on_which_somebody_met_stays_and_the_form_says_so_at_its_row(scene):
    nettverk, _gruppe, client = scene
    samling = over(JUNI_3, JUNI_4, nettverk=nettverk)
    met(samling, JUNI_4[0])
    side = reverse("rolu:samling_rediger", args=[nettverk.slug, samling.pk])

    with pytest.raises(KanIkke):
        dager.set_days(samling, [JUNI_3, JUNI_5])
    svar = client.post(side, skjema(("3.6.2027", "10", "16"), ("5.6.2027", "9", "14")))

    assert svar.status_code == 422
    assert list(svar.context["form"].errors) == ["dag_2"]
    assert [dag.dato for dag in dager.days(Samling.objects.get())] == [JUNI_3[0], JUNI_4[0]]


def test_a_day_on_which_nobody_met_may_go_and_the_other_is_told_by_moett_alone():
    samling = over(JUNI_3, JUNI_4)
    rad, gjest = met(samling, JUNI_3[0])

    dager.set_days(samling, [JUNI_3])

    assert not Dagsoppmoete.objects.exists()
    rad.refresh_from_db()
    gjest.refresh_from_db()
    assert rad.moett
    assert gjest.moett


def test_who_met_when_it_was_one_day_met_that_day_of_several():
    samling = over(JUNI_3)
    rad, gjest = met(samling, JUNI_3[0])

    dager.set_days(samling, [JUNI_3, JUNI_4])

    rader = set(Dagsoppmoete.objects.values_list("deltakelse", "gjest", "dato", "tid"))
    assert rader == {
        (rad.pk, None, JUNI_3[0], rad.moett),
        (None, gjest.pk, JUNI_3[0], gjest.moett),
    }


def test_the_form_carries_the_choices_over(scene):
    nettverk, _gruppe, client = scene
    samling = over(JUNI_3, JUNI_4, nettverk=nettverk)
    rad = DeltakelseFactory(samling=samling, dager=[JUNI_4[0]])
    en_dag = over(JUNI_3, nettverk=nettverk)
    moett, _gjest = met(en_dag, JUNI_3[0])
    for s, dagene in (
        (samling, [("4.6.2027", "10", "16"), ("5.6.2027", "9", "14")]),
        (en_dag, [("3.6.2027", "10", "16"), ("4.6.2027", "9", "14")]),
    ):
        side = reverse("rolu:samling_rediger", args=[nettverk.slug, s.pk])
        assert client.post(side, skjema(*dagene)).status_code == 302

    rad.refresh_from_db()
    assert rad.dager == [JUNI_5[0]]
    assert moett.dagsoppmoeter.get().dato == JUNI_3[0]


# --- where it is written


@pytest.fixture
def scene(client):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))
    return nettverk, gruppe, client


@pytest.mark.parametrize("side", ["samling", "samling_program", "samling_deltakere"])
def test_the_pages_tell_both_days_and_never_a_stretch(scene, side):
    nettverk, _gruppe, client = scene
    samling = over(JUNI_3, JUNI_4, nettverk=nettverk, publisert_=True)

    html = plain(client.get(reverse(f"rolu:{side}", args=[nettverk.slug, samling.pk])).text)

    assert "Torsdag 3. juni 2027" in html
    assert "kl. 10.00–16.00" in html
    assert "kl. 09.00–14.00" in html
    assert "3.–4. juni" not in html


def test_the_list_the_search_the_public_page_and_the_home_page_tell_the_days(scene):
    nettverk, _gruppe, client = scene
    nettverk.offentlig = True
    nettverk.save()
    over(JUNI_3, JUNI_4, nettverk=nettverk, publisert_=True, tittel="Junisamling")

    assert TO_DAGER in plain(client.get(reverse("rolu:samling_list", args=[nettverk.slug])).text)
    assert TO_DAGER in plain(client.get(reverse("nettverk:hjem", args=[nettverk.slug])).text)
    sok = client.get(reverse("nettverk:sok", args=[nettverk.slug]), {"q": "Junis"})
    assert "3. og 4. juni 2027" in plain(sok.text)


def test_the_list_asks_for_the_days_of_all_at_once(scene):
    nettverk, _gruppe, client = scene
    side = reverse("rolu:samling_list", args=[nettverk.slug])
    hjem = reverse("nettverk:hjem", args=[nettverk.slug])
    antall = []
    for n in (1, 3):
        for _nr in range(n):
            over(JUNI_3, JUNI_4, nettverk=nettverk, publisert_=True)
        for adresse in (side, hjem):
            client.get(adresse)
            with CaptureQueriesContext(connection) as spurt:
                client.get(adresse)
            antall.append(len(spurt))
    assert antall[:2] == antall[2:]


# --- the form


def skjema(*dagene: tuple[str, str, str], **mer) -> dict[str, str]:
    felt = {"type": "rolu", "tittel": "Junisamling", "sted": "Kårvåg"}
    for nummer, deler in enumerate(dagene, 1):
        felt |= {f"dag_{nummer}_{del_}": verdi for del_, verdi in enumerate(deler)}
    return felt | mer


def ny(nettverk) -> str:
    return reverse("rolu:samling_ny", args=[nettverk.slug])


def test_days_are_written_in_any_order_and_with_empty_rows_between(scene):
    nettverk, _gruppe, client = scene

    svar = client.post(
        ny(nettverk), skjema(("4.6.2027", "9", "14"), ("", "", ""), ("03.06.2027", "1000", "16.00"))
    )

    assert svar.status_code == 302
    assert plain(dager.in_words(Samling.objects.get())) == TO_DAGER


def test_the_deadline_is_not_after_the_first_day_whichever_row_it_stands_in(scene):
    nettverk, _gruppe, client = scene

    svar = client.post(
        ny(nettverk),
        skjema(("4.6.2027", "9", "14"), ("3.6.2027", "9", "14"), paameldingsfrist="4.6.2027"),
    )

    assert svar.status_code == 422
    assert list(svar.context["form"].errors) == ["paameldingsfrist"]
    assert "Fristen må være 3. juni 2027 eller tidligere." in svar.text
    # The row that was written on is not folded away.
    assert [felt.name for felt in svar.context["form"].dagfelt] == ["dag_1", "dag_2"]


def test_a_gathering_over_two_days_may_become_one(scene):
    nettverk, _gruppe, client = scene
    samling = over(JUNI_3, JUNI_4, nettverk=nettverk)
    side = reverse("rolu:samling_rediger", args=[nettverk.slug, samling.pk])
    assert client.get(side).text.count('value="03.06.2027"') == 1

    client.post(side, skjema(("3.6.2027", "10", "16")))

    samling = Samling.objects.get()
    assert not samling.varer_flere_dager
    assert not samling.samlingsdager.exists()


def test_two_who_change_the_days_at_once_see_both(scene):
    nettverk, _gruppe, client = scene
    samling = over(JUNI_3, JUNI_4, nettverk=nettverk)
    side = reverse("rolu:samling_rediger", args=[nettverk.slug, samling.pk])
    stand = client.get(side).context["form"].initial["stand"]
    dager.set_days(samling, [JUNI_3, (D(2027, 6, 4), T(9), T(15))])

    svar = client.post(side, skjema(("3.6.2027", "10", "16"), ("4.6.2027", "8", "14"), stand=stand))

    assert svar.status_code == 409
    [forskjell] = [f for f in svar.context["form"].forskjeller if f.etikett == "Dag 2"]
    assert "04.06.2027 kl. 09.00–15.00" in svar.text
    assert "04.06.2027 kl. 08.00–14.00" in svar.text
    assert forskjell


def test_the_gathering_after_another_is_proposed_on_as_many_days(scene):
    nettverk, _gruppe, client = scene
    forrige = over(JUNI_3, JUNI_4, nettverk=nettverk)

    form = client.get(ny(nettverk), {"fra": forrige.pk}).context["form"]

    forste, andre = (form.initial[navn] for navn in ("dag_1", "dag_2"))
    assert (andre[0] - forste[0]).days == 1
    assert (forste[1:], andre[1:]) == (JUNI_3[1:], JUNI_4[1:])


def test_a_member_of_another_network_sees_none_of_the_days(scene, client):
    nettverk, _gruppe, _client = scene
    samling = over(JUNI_3, JUNI_4, nettverk=nettverk, publisert_=True)
    client.force_login(gruppemedlem(nettverk_med_enhet()[1]))

    svar = client.get(reverse("rolu:samling", args=[nettverk.slug, samling.pk]))

    assert svar.status_code in (403, 404)
