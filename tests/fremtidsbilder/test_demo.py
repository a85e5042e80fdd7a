"""The demo's images: two versions, what builds on them, and drawings; made once."""

import pytest

from fremtidsbilder.demo import make_demo
from fremtidsbilder.models import Fremtidsbilde
from kommuner.models import Enhet
from tests.fremtidsbilder.factories import FremtidsbildeFactory, TemaFactory
from tests.nettverk.factories import koordinator, nettverk_med_enhet

pytestmark = pytest.mark.django_db


def test_nordmore_has_two_versions_and_two_that_build_on_it():
    nettverk, _gruppe = nettverk_med_enhet(slug="nordmore")
    Enhet.objects.update(er_demo=True)
    koordinator(nettverk)
    TemaFactory(nettverk=nettverk)
    bilde = FremtidsbildeFactory(nettverk=nettverk, tekst="Slik det står i søknaden.")

    make_demo(nettverk)
    make_demo(nettverk)

    bilde.refresh_from_db()
    assert bilde.tekst == "Slik det står i søknaden."
    assert [u.navn for u in bilde.utgaver.all()] == ["første, februar 2017", "våren 2017"]
    assert bilde.illustrasjoner.count() == 2
    assert sorted(b.nivaa for b in bilde.bygget_videre.all()) == ["enhet", "kommune"]
    assert all("Demotekst" in b.tekst for b in bilde.bygget_videre.all())


def test_other_networks_get_none():
    bilde = FremtidsbildeFactory(tekst="Vårt.")
    koordinator(bilde.nettverk)

    make_demo(bilde.nettverk)

    assert not bilde.utgaver.exists()
    assert Fremtidsbilde.objects.count() == 1
