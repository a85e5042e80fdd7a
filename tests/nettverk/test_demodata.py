"""Demo data: realistic numbers, the same every time; and networks for measuring."""

from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Sum

from kommuner.models import Enhet, Enhetstall
from kommuner.orgnr import normalise
from nettverk.demo.data.enhetsnavn import BARNEHAGER, SKOLER, STOERRELSE
from nettverk.demo.folk import DEMOFOLK, PER_NOEKKEL
from nettverk.models import Gruppe, Gruppebekreftelse, Nettverk, Person, Verv
from nettverk.tilgang.roller import Roller, roller_for
from rolu.models import Deltakelse, Mellomarbeid, Samling

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demodata(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Made once for the file, since it is much; each test takes its own changes back."""
    with django_db_blocker.unblock():
        call_command("demodata", stdout=StringIO())
    yield
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def nordmore(demodata: None) -> Nettverk:
    return Nettverk.objects.get(slug="nordmore")


def roller(noekkel: str) -> Roller:
    demo = PER_NOEKKEL[noekkel]
    person = Person.objects.get(epost=demo.epost)
    return roller_for(person, Nettverk.objects.get(slug=demo.nettverk))


def test_nordmore_has_45_schools_and_80_kindergartens(nordmore: Nettverk):
    demo = nordmore.enheter().filter(er_demo=True)

    assert demo.filter(type=Enhet.Type.GRUNNSKOLE).count() == 45
    assert demo.filter(type=Enhet.Type.BARNEHAGE).count() == 80
    assert nordmore.kommuner().filter(plasseringer__enhet__in=demo).distinct().count() == 8
    assert all(normalise(nr or "") for nr in demo.values_list("organisasjonsnummer", flat=True))
    assert not demo.filter(organisasjonsnummer__regex="^[89]").exists(), "could be a real number"
    assert 550 <= Person.objects.in_nettverk(nordmore).count() <= 700


def test_children_staff_and_parents_are_about_as_many_as_the_source_says(nordmore: Nettverk):
    enheter = nordmore.enheter().filter(er_demo=True)
    for type_, (barn, ansatte, foresatte) in STOERRELSE.items():
        siste = Enhetstall.objects.filter(enhet__in=enheter.filter(type=type_)).order_by("-aar")
        summer = siste.filter(aar=siste[0].aar).aggregate(
            barn=Sum("antall_barn"),
            ansatte=Sum("antall_ansatte"),
            foresatte=Sum("antall_foresatte"),
        )
        assert summer["barn"] == pytest.approx(barn, rel=0.02)
        assert summer["ansatte"] == pytest.approx(ansatte, rel=0.03)
        assert summer["foresatte"] == pytest.approx(foresatte, rel=0.03)


def test_titles_are_in_the_networks_own_language(demodata: None):
    verv = Verv.objects.filter(gruppe__nettverk__slug="nordre-sunnmore")
    titler = {*verv.exclude(tittel="").values_list("tittel", flat=True)}

    assert {"styrar", "rektor", "kommunalsjef", "lærar", "utviklingsrettleiar"} <= titler
    assert not titler & {"styrer", "lærer", "barnehagelærer", "PP-rådgiver", "rådgiver"}


def test_smaller_networks_are_staffed_as_their_sources_say(demodata: None):
    au = Verv.objects.filter(gruppe__kortnavn="AU").gyldig()
    forum = Verv.objects.filter(gruppe__nettverk__slug="salten", gruppe__navn="Oppvekstforum")

    assert sorted(au.values_list("tittel", flat=True)) == [
        "kommunalsjef",
        "pedagogisk koordinator",
        "utviklingsrettleiar",
    ]
    titler = {*forum.gyldig().values_list("tittel", flat=True)}
    assert {"kommunalsjef", "PP-leder", "privat barnehageeier"} <= titler
    assert any("Nord universitet" in tittel for tittel in titler)


def test_everybody_is_plainly_invented(nordmore: Nettverk):
    assert not Person.objects.exclude(epost__endswith="@demo.example").exists()


def test_names_of_units_are_used_once():
    assert len(SKOLER) == 45
    assert len(BARNEHAGER) == 80
    assert len({*SKOLER, *BARNEHAGER}) == 125


def test_some_places_are_vacant_and_some_people_are_gone(nordmore: Nettverk):
    grupper = nordmore.grupper.utviklingsgrupper().prefetch_related("verv")
    ledige = [
        rolle
        for g in grupper
        for rolle in g.ledige_roller(v.rolle for v in g.verv.all() if v.til is None)
    ]
    assert 10 <= len(ledige) <= 60
    assert Verv.objects.filter(gruppe__nettverk=nordmore).avsluttet().count() >= 20


def test_whoever_has_confirmed_a_group_has_been_in(demodata: None):
    bekreftet = Gruppebekreftelse.objects.all()

    assert bekreftet.exists()
    assert not bekreftet.filter(bekreftet_av__last_login=None).exists()


def test_pp_raadgivere_are_shared_by_units(nordmore: Nettverk):
    pp = Verv.objects.filter(gruppe__nettverk=nordmore, rolle="pp_raadgiver").gyldig()
    folk = pp.values("person").distinct().count()
    assert folk * 4 < pp.count()


def test_demo_people_have_the_roles_their_keys_say(nordmore: Nettverk):
    assert roller("koordinator").er_koordinator
    assert roller("kog").er_kog
    assert not roller("kog").er_koordinator
    assert roller("stg").er_stg
    assert roller("eva").er_eva
    assert roller("pro").er_pro
    assert roller("forsker").er_forsker
    assert roller("fagansvarlig").fagmiljo
    assert roller("sunnmore-koordinator").er_koordinator
    assert roller("salten-koordinator").er_koordinator


def test_the_unit_leader_the_member_and_the_kommune_belong_together(nordmore: Nettverk):
    (enhet,) = roller("enhetsleder").enheter_ledet
    assert roller("gruppemedlem").enheter == {enhet}
    assert not roller("gruppemedlem").enheter_ledet
    kommune = Enhet.objects.get(pk=enhet).kommune_per()
    assert kommune
    assert roller("kommune").kommuner_ansvar == {kommune.pk}


def test_each_demo_person_holds_one_role_only(nordmore: Nettverk):
    for demo in DEMOFOLK:
        assert Verv.objects.filter(person__epost=demo.epost).gyldig().count() == 1, demo.noekkel


def test_the_command_can_be_run_twice(demodata: None):
    for _i in range(2):
        foer = {m.__name__: m.objects.count() for m in _models()}
        call_command("demodata", stdout=StringIO())
        assert {m.__name__: m.objects.count() for m in _models()} == foer


def _models() -> list[Any]:
    egne = ("kommuner", "nettverk", "fremtidsbilder", "evaluering", "laeringsloyper", "rolu")
    return [m for m in apps.get_models() if m._meta.app_label in egne]


def test_ended_verv_are_not_made_again(demodata: None):
    leder = Verv.objects.get(person__epost="enhetsleder@demo.example")
    leder.end()

    call_command("demodata", stdout=StringIO())

    assert not Verv.objects.filter(person__epost="enhetsleder@demo.example").gyldig().exists()


def test_demofolk_names_every_demo_person():
    ut = StringIO()
    call_command("demofolk", stdout=ut)

    for person in DEMOFOLK:
        assert person.noekkel in ut.getvalue()
        assert person.navn in ut.getvalue()


def test_testdata_is_of_nordmores_size_and_goes_without_a_trace(demodata: None):
    foer = {m.__name__: m.objects.count() for m in _models()}
    call_command("testdata", skala=1, stdout=StringIO())

    nettverk = Nettverk.objects.get(slug="test-001")
    assert nettverk.er_testdata
    assert not nettverk.er_offentlig
    assert nettverk.kommuner().count() == 8
    assert nettverk.enheter().count() == 125
    assert 550 <= Person.objects.in_nettverk(nettverk).count() <= 750
    assert Samling.objects.filter(nettverk=nettverk).count() == 30
    assert 3400 <= Deltakelse.objects.filter(samling__nettverk=nettverk).count() <= 3900
    assert Mellomarbeid.objects.filter(oppdrag__nettverk=nettverk).count() == 250
    leder = Person.objects.get(epost="koordinator@t001.demo.example")
    assert roller_for(leder, nettverk).er_koordinator
    assert Gruppe.objects.filter(nettverk=nettverk).count() >= 125

    call_command("testdata", slett=True, stdout=StringIO())
    assert {m.__name__: m.objects.count() for m in _models()} == foer


def test_testdata_refuses_more_than_there_are_numbers_for():
    with pytest.raises(CommandError, match="fra 1 til 125"):
        call_command("testdata", skala=126, stdout=StringIO())
