"""The acts of the import: what they pass over, a second press, and two at once."""

import datetime

import pytest
from django.core.files.base import ContentFile

from kommuner.gyldighet import idag
from nettverk import enhetsimport, importlop
from nettverk.models import Enhetsimport, Importrad, Jobb, Nettverk
from nettverk.skriving.konflikt import KanIkke
from tests.nettverk.factories import NettverkFactory, PersonFactory
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

S = Enhetsimport.Status


@pytest.fixture(autouse=True)
def _egen_mappe(tmp_path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path


def _import(status: str = S.LEST, nettverk: Nettverk | None = None) -> Enhetsimport:
    """One that has come so far, with its file and a row."""
    rad = enhetsimport.create(
        nettverk=nettverk or NettverkFactory(),
        fil=ContentFile(b"navn"),
        filnavn="enheter.csv",
        per=idag(),
        aar=2026,
        by=PersonFactory(),
    )
    Importrad.objects.create(enhetsimport=rad, nummer=2, utfall="ny")
    Jobb.objects.update(status=Jobb.Status.FERDIG)
    Enhetsimport.objects.filter(pk=rad.pk).update(status=status)
    rad.refresh_from_db()
    return rad


def _stand(rad: Enhetsimport) -> tuple[object, ...]:
    return (
        *Enhetsimport.objects.filter(pk=rad.pk).values_list("status", "fil", "avslutt_i", "jobb"),
        rad.rader.count(),
    )


@pytest.mark.parametrize("status", [S.VENTER, S.BEKREFTET, S.FERDIG, S.FEILET, S.FORKASTET])
def test_only_what_has_been_read_is_confirmed(status: str):
    rad = _import(status)
    foer = _stand(rad)

    enhetsimport.confirm(rad, by=PersonFactory(), avslutt_i=[1])

    assert _stand(rad) == foer


@pytest.mark.parametrize("status", [S.BEKREFTET, S.FERDIG, S.FORKASTET])
def test_what_is_being_written_or_done_is_not_discarded(status: str):
    rad = _import(status)
    foer = _stand(rad)

    enhetsimport.discard(rad)

    assert _stand(rad) == foer


@pytest.mark.parametrize("status", [S.VENTER, S.LEST, S.FEILET])
def test_what_waits_is_discarded_with_its_rows(status: str):
    rad = _import(status)

    for _n in range(2):
        enhetsimport.discard(rad)

    rad.refresh_from_db()
    assert (rad.status, rad.rader.count(), bool(rad.fil)) == (S.FORKASTET, 0, False)


def test_a_second_file_waits_while_the_first_is_written():
    nettverk = NettverkFactory()
    forste, andre = _import(nettverk=nettverk), _import(nettverk=nettverk)
    enhetsimport.confirm(forste, by=PersonFactory())
    foer = _stand(andre)

    with pytest.raises(KanIkke):
        enhetsimport.confirm(andre, by=PersonFactory())

    assert _stand(andre) == foer
    # Another network's register is another thing.
    enhetsimport.confirm(_import(), by=PersonFactory())


def test_a_long_name_of_a_file_keeps_its_end():
    rad = enhetsimport.create(
        nettverk=NettverkFactory(),
        fil=ContentFile(b"x"),
        filnavn="x" * 400 + ".csv",
        per=idag(),
        aar=2026,
        by=PersonFactory(),
    )

    assert (len(rad.filnavn), rad.filnavn[-4:]) == (140, ".csv")
    assert "x" * 20 not in rad.fil.name


def test_clearing_at_a_given_time_takes_only_what_was_old_then():
    rad = _import()
    om_en_stund = rad.lastet_opp + importlop.BEHOLDES

    assert enhetsimport.purge_old(om_en_stund - datetime.timedelta(minutes=1)) == 0
    assert enhetsimport.purge_old(om_en_stund + datetime.timedelta(minutes=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_the_same_at_once_write_it_once():
    rad, by = _import(), PersonFactory()

    svar = at_once(*[lambda: enhetsimport.confirm(rad, by=by)] * 2, holding=rad)

    assert kinds(svar) == ["ok", "ok"]
    assert Jobb.objects.filter(slag=enhetsimport.SKRIV).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_files_confirmed_at_once_are_not_both_written():
    nettverk, by = NettverkFactory(), PersonFactory()
    rader = [_import(nettverk=nettverk), _import(nettverk=nettverk)]

    svar = at_once(*[lambda r=r: enhetsimport.confirm(r, by=by) for r in rader])

    assert kinds(svar) == ["KanIkke", "ok"]
    assert Jobb.objects.filter(slag=enhetsimport.SKRIV).count() == 1


@pytest.mark.django_db(transaction=True)
def test_confirming_and_discarding_at_once_do_one_of_them():
    rad, by = _import(), PersonFactory()

    at_once(
        lambda: enhetsimport.confirm(rad, by=by), lambda: enhetsimport.discard(rad), holding=rad
    )

    rad.refresh_from_db()
    skrives = Jobb.objects.filter(slag=enhetsimport.SKRIV).exists()
    assert (rad.status, skrives) in {(S.BEKREFTET, True), (S.FORKASTET, False)}
    assert (rad.rader.count() == 1) == skrives
