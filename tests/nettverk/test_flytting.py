"""A unit stays with its network: what a file cannot take, and how it moves when both want it."""

import csv
import datetime
import io
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Kommune, Plassering
from nettverk import enhetsimport, flytting
from nettverk.arbeid import jobber
from nettverk.flater import gjoremaalene
from nettverk.models import Brev, Enhetsimport, Flytteforslag, Gruppe, Medlemskap, Nettverk, Verv
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from tests.kommuner.factories import EnhetFactory, EnhetstallFactory, KommuneFactory, gyldig_orgnr
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    PersonFactory,
    VervFactory,
    kog,
    koordinator,
)
from tests.okt import pass_time, sign_in_administrator, use_passkey
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

T = Flytteforslag.Tilstand


@pytest.fixture(autouse=True)
def _egen_mappe(tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def vi() -> Nettverk:
    return MedlemskapFactory(nettverk__slug="vi").nettverk


@pytest.fixture
def de() -> Nettverk:
    return MedlemskapFactory(nettverk__slug="de").nettverk


def _kommune(nettverk: Nettverk) -> Kommune:
    return nettverk.kommuner().get()


def _rad(orgnr: str, kommune: Kommune, navn: str = "Kapret barnehage") -> list[object]:
    return [orgnr, navn, kommune.kommunenummer, "Privat", 99]


def _lest(nettverk: Nettverk, *rader: list[object], per: datetime.date | None = None):
    """A file that a coordinator uploaded, read by the job."""
    ut = io.StringIO()
    hode = ["organisasjonsnummer", "navn", "kommunenummer", "eierform", "antall_barn"]
    csv.writer(ut).writerows([hode, *rader])
    rad = enhetsimport.create(
        nettverk=nettverk,
        fil=ContentFile(ut.getvalue().encode()),
        filnavn="enheter.csv",
        type="barnehage",
        per=per or idag(),
        aar=(per or idag()).year,
        by=koordinator(nettverk),
    )
    jobber.run(rad.jobb_id)
    rad.refresh_from_db()
    assert rad.status == Enhetsimport.Status.LEST
    return rad


def _confirmed(rad: Enhetsimport, **felt: object) -> Enhetsimport:
    enhetsimport.confirm(rad, by=rad.lastet_opp_av, **felt)
    rad.refresh_from_db()
    return rad


def _written(rad: Enhetsimport, **felt: object) -> Enhetsimport:
    _confirmed(rad, **felt)
    jobber.run(rad.jobb_id)
    rad.refresh_from_db()
    return rad


def _stand(enhet: Enhet) -> tuple[object, ...]:
    enhet.refresh_from_db()
    return (
        enhet.navn,
        enhet.gyldig,
        list(enhet.plasseringer.order_by("gyldig").values_list("kommune", "gyldig")),
        list(enhet.tall.values_list("aar", "antall_barn")),
    )


# --- what a file cannot take


def test_a_file_row_takes_no_unit_from_another_network(vi, de, client: Client):
    enhet = EnhetFactory(kommune=_kommune(de))
    EnhetstallFactory(enhet=enhet, aar=idag().year)
    foer = _stand(enhet)

    rad = _lest(vi, _rad(enhet.organisasjonsnummer, _kommune(vi)))
    _written(rad)

    assert _stand(enhet) == foer
    (avvist,) = rad.rader.all()
    assert avvist.grunn == "andres"
    assert avvist.data["feil"][0][0] == "", "no column is wrong"
    client.force_login(rad.lastet_opp_av)
    svar = client.get(reverse("nettverk:enhetsimport_vis", args=["vi", rad.pk])).content.decode()
    assert "er med i et annet nettverk" in svar
    assert reverse("nettverk:flytteforslag_ny", args=["vi"]) in svar


@pytest.mark.parametrize("aar", [2018, 2022])
def test_a_file_about_an_older_day_takes_nothing_either(vi, de, aar: int):
    """The unit's kommune joined its network after the day the file is said to be about."""
    Medlemskap.objects.filter(nettverk=de).update(gyldig=periode(datetime.date(2020, 1, 1)))
    enhet = EnhetFactory(kommune=_kommune(de))
    foer = _stand(enhet)

    _written(_lest(vi, _rad(enhet.organisasjonsnummer, _kommune(vi)), per=datetime.date(aar, 3, 1)))

    assert _stand(enhet) == foer


def test_a_kommune_that_left_us_takes_its_units_along(vi, de):
    """Until 2020 it was ours: a file about 2018 neither moves, renames nor ends what is theirs now."""
    skifte = datetime.date(2020, 1, 1)
    fra = KommuneFactory()
    MedlemskapFactory(nettverk=vi, kommune=fra, gyldig=periode(datetime.date(2010, 1, 1), skifte))
    MedlemskapFactory(nettverk=de, kommune=fra, gyldig=periode(skifte))
    tatt, omdoept, avsluttet = (EnhetFactory(kommune=fra) for _n in range(3))
    foer = [_stand(e) for e in (tatt, omdoept, avsluttet)]

    rad = _lest(
        vi,
        _rad(tatt.organisasjonsnummer, _kommune(vi)),
        _rad(omdoept.organisasjonsnummer, fra),
        per=datetime.date(2018, 3, 1),
    )
    _written(rad, avslutt_i=[fra.pk])

    etter = [_stand(e) for e in (tatt, omdoept, avsluttet)]
    assert [e[:3] for e in etter] == [e[:3] for e in foer]


@pytest.mark.parametrize("sluttet", [True, False])
def test_a_unit_that_is_not_there_that_day_is_not_taken(vi, de, sluttet: bool):
    """Ended in their network, or begun there later than the file's day."""
    skille = idag() - datetime.timedelta(days=30)
    gyldig = periode(datetime.date(2010, 1, 1), skille) if sluttet else periode(skille)
    enhet = EnhetFactory(gyldig=gyldig)
    Plassering.objects.create(enhet=enhet, kommune=_kommune(de), gyldig=gyldig)
    foer = _stand(enhet)
    per = idag() if sluttet else skille - datetime.timedelta(days=30)

    _written(_lest(vi, _rad(enhet.organisasjonsnummer, _kommune(vi)), per=per))

    assert _stand(enhet) == foer


def test_a_unit_in_no_network_is_free(vi):
    enhet = EnhetFactory(kommune=KommuneFactory())

    _written(_lest(vi, _rad(enhet.organisasjonsnummer, _kommune(vi))))

    assert enhet.kommune_per() == _kommune(vi)


def test_a_unit_in_a_kommune_that_both_have_is_ours_too(vi, de):
    felles, egen = KommuneFactory(), _kommune(vi)
    for nettverk in (vi, de):
        MedlemskapFactory(nettverk=nettverk, kommune=felles)
    enhet = EnhetFactory(kommune=felles)

    _written(_lest(vi, _rad(enhet.organisasjonsnummer, egen)))

    assert enhet.kommune_per() == egen


def test_a_kommune_that_joined_another_network_after_the_preview_is_theirs(vi, de):
    fri = KommuneFactory()
    enhet = EnhetFactory(kommune=fri)
    rad = _lest(vi, _rad(enhet.organisasjonsnummer, _kommune(vi)))
    MedlemskapFactory(nettverk=de, kommune=fri)

    _written(rad)

    assert enhet.kommune_per() == fri
    assert rad.rader.get().grunn == "andres"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("finnes", [True, False])
def test_of_two_who_confirm_the_same_unit_at_once_one_gets_it(vi, de, finnes: bool):
    """Both previews were allowed: the unit was free, or new to the register."""
    orgnr = gyldig_orgnr(9500)
    enhet = EnhetFactory(kommune=KommuneFactory(), organisasjonsnummer=orgnr) if finnes else None
    rader = [_confirmed(_lest(n, _rad(orgnr, _kommune(n), navn=n.slug))) for n in (vi, de)]

    svar = at_once(*[lambda r=r: jobber.run(r.jobb_id) for r in rader], holding=enhet)

    assert kinds(svar) == ["ok", "ok"]
    vinner = Enhet.objects.get(organisasjonsnummer=orgnr)
    for rad in rader:
        rad.refresh_from_db()
    resultat = sorted(rad.oppsummering["resultat"].popitem()[0] for rad in rader)
    assert resultat == ["avvist", "endret" if finnes else "ny"]
    avvist = next(r for r in rader if "avvist" in r.rader.values_list("resultat", flat=True))
    assert vinner.kommune_per() != _kommune(avvist.nettverk)
    assert vinner.navn != avvist.nettverk.slug


def test_figures_of_a_unit_that_moved_away_are_no_longer_ours_to_write(vi, de, client: Client):
    skifte = idag() - datetime.timedelta(days=10)
    enhet = EnhetFactory()
    for nettverk, gyldig in (
        (vi, periode(datetime.date(2010, 1, 1), skifte)),
        (de, periode(skifte)),
    ):
        Plassering.objects.create(enhet=enhet, kommune=_kommune(nettverk), gyldig=gyldig)
    adresse = [reverse("nettverk:enhet_tall", args=[n.slug, enhet.referanse]) for n in (vi, de)]
    svar = []
    for nettverk, url in zip((vi, de), adresse, strict=True):
        client.force_login(koordinator(nettverk))
        svar.append(client.post(url, {"aar": 2025, "antall_barn": 1}).status_code)

    assert svar == [403, 302]


# --- when both want it


@pytest.fixture
def enhet(de: Nettverk) -> Enhet:
    return EnhetFactory(kommune=_kommune(de), navn="Fjell barnehage")


def _propose(enhet: Enhet, vi: Nettverk, **felt: object) -> Flytteforslag:
    return flytting.propose(
        enhet=enhet,
        nettverk=vi,
        **{
            "kommune": _kommune(vi),
            "dato": idag(),
            "grunn": "Grensa ble endret",
            "by": koordinator(vi),
            **felt,
        },
    )


def test_a_proposal_is_made_by_page_told_to_the_other_and_accepted_there(
    vi, de, enhet, client: Client
):
    var_sjef, deres_sjef = koordinator(vi), koordinator(de)
    gruppe = GruppeFactory(nettverk=de, utviklingsgruppe=True, enhet=enhet)
    verv = VervFactory(gruppe=gruppe)
    client.force_login(var_sjef)
    svar = client.post(
        reverse("nettverk:flytteforslag_ny", args=["vi"]),
        {
            "enhet": enhet.organisasjonsnummer,
            "kommune": _kommune(vi).pk,
            "dato": idag().isoformat(),
            "grunn": "Grensa ble endret",
        },
    )
    assert svar.status_code == 302
    forslag = Flytteforslag.objects.get()
    assert enhet.kommune_per() == _kommune(de)
    assert list(Brev.objects.values_list("til", "nettverk")) == [(deres_sjef.pk, de.pk)]
    (venter,) = [g for g in gjoremaalene(roller_for(deres_sjef, de)) if "Fjell" in str(g.tittel)]

    client.force_login(deres_sjef)
    side = client.get(venter.url).content.decode()
    assert "Grensa ble endret" in side
    assert "Ja, flytt enheten" in side
    client.post(reverse("nettverk:flytteforslag_svar", args=["de", forslag.pk]), {"svar": "ja"})

    forslag.refresh_from_db()
    assert (forslag.tilstand, forslag.besvart_av) == (T.GODTATT, deres_sjef)
    assert enhet.kommune_per() == _kommune(vi)
    assert Gruppe.objects.filter(nettverk=vi, enhet=enhet).gyldig().count() == 1
    assert not Verv.objects.gyldig().filter(pk=verv.pk).exists()
    assert Brev.objects.filter(slag=flytting.SVAR, til=var_sjef, nettverk=vi).exists()
    client.force_login(var_sjef)
    assert (
        "godtatt"
        in client.get(reverse("nettverk:flytteforslag", args=["vi", forslag.pk])).content.decode()
    )


def test_only_the_one_that_leaves_answers_and_only_the_one_that_asks_withdraws(
    vi, de, enhet, client: Client
):
    forslag = _propose(enhet, vi)

    def status(person, nettverk, hva: str) -> int:
        client.force_login(person)
        url = reverse(f"nettverk:flytteforslag_{hva}", args=[nettverk.slug, forslag.pk])
        return client.post(url, {"svar": "ja"}).status_code

    fremmed = MedlemskapFactory().nettverk
    assert status(koordinator(vi), vi, "svar") == 403
    assert status(koordinator(vi), de, "svar") == 403
    assert status(kog(de), de, "svar") == 403
    assert status(koordinator(de), de, "trekk") == 403
    assert status(koordinator(fremmed), fremmed, "svar") == 404
    forslag.refresh_from_db()
    assert forslag.er_aapent
    assert enhet.kommune_per() == _kommune(de)
    assert status(koordinator(vi), vi, "trekk") == 302
    forslag.refresh_from_db()
    assert forslag.tilstand == T.TRUKKET


def test_a_declined_unit_stays_and_a_new_proposal_may_come(vi, de, enhet):
    sjef = koordinator(de)
    forslag = _propose(enhet, vi)

    flytting.decline(forslag, by=sjef)

    assert enhet.kommune_per() == _kommune(de)
    with pytest.raises(KanIkke):
        flytting.accept(forslag, by=sjef)
    assert _propose(enhet, vi).er_aapent


def test_what_cannot_be_proposed(vi, de, enhet):
    fri = EnhetFactory(kommune=KommuneFactory())
    egen = EnhetFactory(kommune=_kommune(vi))
    _propose(enhet, vi)

    for nei in (
        {"enhet": enhet},  # twice
        {"enhet": fri},
        {"enhet": egen},
        {"enhet": EnhetFactory(kommune=_kommune(de)), "kommune": _kommune(de)},
    ):
        with pytest.raises(KanIkke):
            _propose(nei.pop("enhet"), vi, **nei)
    assert Flytteforslag.objects.count() == 1


def test_a_unit_that_has_moved_meanwhile_is_not_moved_again(vi, de, enhet):
    forslag = _propose(enhet, vi)
    tredje = MedlemskapFactory().kommune
    her = enhet.plasseringer.get()
    her.end(idag() - datetime.timedelta(days=1))
    Plassering.objects.create(
        enhet=enhet, kommune=tredje, gyldig=periode(idag() - datetime.timedelta(days=1))
    )

    with pytest.raises(KanIkke):
        flytting.accept(forslag, by=koordinator(de))

    assert enhet.kommune_per() == tredje


@pytest.mark.django_db(transaction=True)
def test_yes_and_no_at_once_is_one_of_them(vi, de, enhet):
    forslag, sjef = _propose(enhet, vi), koordinator(de)

    svar = at_once(
        lambda: flytting.accept(forslag, by=sjef),
        lambda: flytting.decline(forslag, by=sjef),
        holding=enhet,
    )

    assert kinds(svar) == ["KanIkke", "ok"]
    forslag.refresh_from_db()
    assert (enhet.kommune_per() == _kommune(vi)) == (forslag.tilstand == T.GODTATT)


def test_a_network_does_not_fill_anothers_letterbox(vi, de):
    sjef = koordinator(vi)
    for _n in range(flytting.PER_DAG.antall):
        _propose(EnhetFactory(kommune=_kommune(de)), vi, by=sjef)

    with pytest.raises(KanIkke):
        _propose(EnhetFactory(kommune=_kommune(de)), vi, by=sjef)


def test_the_list_costs_the_same_with_one_and_with_three(vi, de, enhet, client):
    sjef = koordinator(vi)
    _propose(enhet, vi, by=sjef)
    client.force_login(sjef)
    url = reverse("nettverk:flytteforslag_list", args=["vi"])
    client.get(url)

    antall = []
    for _n in range(2):
        with CaptureQueriesContext(connection) as spurt:
            client.get(url)
        antall.append(len(spurt))
        for _m in range(2):
            _propose(EnhetFactory(kommune=_kommune(de)), vi, by=sjef)

    assert antall[0] == antall[1]


def test_the_administrator_may_answer(vi, de, enhet, client: Client):
    forslag = _propose(enhet, vi)
    sjef = PersonFactory(is_staff=True, is_superuser=True)
    sign_in_administrator(client, sjef)

    svar = client.post(
        reverse("admin:nettverk_flytteforslag_changelist"),
        {"action": "godta", "_selected_action": [forslag.pk]},
    )

    assert svar.status_code == 302
    forslag.refresh_from_db()
    assert (forslag.tilstand, forslag.besvart_av) == (T.GODTATT, sjef)


@pytest.mark.parametrize("felt", ["kommune", "enhet"])
def test_an_address_with_nul_is_a_form_with_nothing_chosen(vi: Nettverk, client: Client, felt: str):
    client.force_login(koordinator(vi))

    svar = client.get(reverse("nettverk:flytteforslag_ny", args=[vi.slug]), {felt: "\x00"})

    assert svar.status_code == 200


@pytest.mark.parametrize("sendt", [{}, {"svar": "tull"}])
def test_what_is_neither_yes_nor_no_is_no_answer(vi, de, enhet, client: Client, sendt: dict):
    forslag = _propose(enhet, vi)
    client.force_login(koordinator(de))

    client.post(reverse("nettverk:flytteforslag_svar", args=["de", forslag.pk]), sendt)

    forslag.refresh_from_db()
    assert forslag.tilstand == T.FORESLAATT


def test_an_answer_needs_a_fresh_sign_in(vi, de, enhet, client: Client):
    forslag = _propose(enhet, vi)
    client.force_login(koordinator(de))
    pass_time(client, minutter=20)

    svar = client.post(
        reverse("nettverk:flytteforslag_svar", args=["de", forslag.pk]), {"svar": "ja"}
    )

    assert svar["Location"].startswith("/konto/bekreft/")
    forslag.refresh_from_db()
    assert forslag.tilstand == T.FORESLAATT


def test_an_account_that_may_look_in_the_administration_moves_nothing(vi, de, enhet, client):
    forslag = _propose(enhet, vi)
    ser_bare = PersonFactory(is_staff=True)
    ser_bare.user_permissions.add(Permission.objects.get(codename="view_flytteforslag"))
    client.force_login(ser_bare)
    use_passkey(client, ser_bare)

    client.post(
        reverse("admin:nettverk_flytteforslag_changelist"),
        {"action": "godta", "_selected_action": [forslag.pk]},
    )

    forslag.refresh_from_db()
    assert forslag.tilstand == T.FORESLAATT
