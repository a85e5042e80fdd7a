"""Every act of the work between: what it refuses, what a second press does, and two presses at once."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from evaluering.models import Aarsrapport
from kommuner.gyldighet import idag, periode
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models import Gruppe
from nettverk.skriving.konflikt import KanIkke, Konflikt, Lukket
from nettverk.tilgang.roller import roller_for
from rolu.mellomarbeid import innlevering, logg, oppdrag, praksis, vedlegg
from rolu.models import Loggpost, Mellomarbeid, Oppdrag, Vedlegg
from tests.evaluering.factories import AarsrapportFactory
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import LoggpostFactory, MellomarbeidFactory
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

S = Mellomarbeid.Status


@pytest.fixture(autouse=True)
def _egen_mappe(tmp_path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path


def _stand(arbeid: Mellomarbeid) -> list[tuple[object, ...]]:
    return [
        *Mellomarbeid.objects.filter(pk=arbeid.pk).values_list(),
        *Loggpost.objects.order_by("pk").values_list(),
        *Vedlegg.objects.order_by("pk").values_list(),
    ]


def _write(arbeid: Mellomarbeid, **annet: object) -> Loggpost:
    felt = {
        "noekkel": uuid.uuid4(),
        "versjon": 0,
        "fase": "proeve",
        "dato": idag(),
        "tekst": "Vi prøvde.",
        "hvem": "",
        "by": PersonFactory(),
    }
    return logg.save(mellomarbeid=arbeid, **{**felt, **annet})


def _fil(innhold: bytes = b"ok", mimetype: str = "text/plain", sha: str = "a") -> GodkjentFil:
    return GodkjentFil(
        navn="notat.txt",
        mimetype=mimetype,
        bytes=len(innhold),
        sha256=sha * 64,
        innhold=ContentFile(innhold, "notat.txt"),
    )


# --- what is delivered stands still


def _acts(arbeid: Mellomarbeid) -> dict[str, object]:
    post = LoggpostFactory(mellomarbeid=arbeid)
    fil = Vedlegg.objects.create(
        mellomarbeid=arbeid,
        fil=ContentFile(b"x", "x.txt"),
        navn="x.txt",
        mimetype="text/plain",
        bytes=1,
        sha256="b" * 64,
        lastet_opp_av=post.skrevet_av,
    )
    by = post.skrevet_av
    return {
        "write": lambda: _write(arbeid),
        "change": lambda: _write(arbeid, noekkel=post.noekkel, versjon=post.versjon),
        "remove": lambda: logg.remove(post),
        "add": lambda: vedlegg.add(mellomarbeid=arbeid, filer=[_fil()], beskrivelse="", by=by),
        "describe": lambda: vedlegg.describe(fil, beskrivelse="Et bilde"),
        "take away": lambda: vedlegg.remove(fil),
    }


@pytest.mark.parametrize("hva", ["write", "change", "remove", "add", "describe", "take away"])
def test_nothing_in_what_is_delivered_changes(hva: str):
    arbeid = MellomarbeidFactory(levert_=True)
    act = _acts(arbeid)[hva]
    foer = _stand(arbeid)

    with pytest.raises(Lukket, match="levert"):
        act()

    assert _stand(arbeid) == foer


@pytest.mark.parametrize("hva", ["write", "change", "remove", "add", "describe", "take away"])
def test_the_same_goes_when_it_is_open(hva: str):
    """The other side of the lock: it is the delivery that stops them, nothing else."""
    arbeid = MellomarbeidFactory()
    act = _acts(arbeid)[hva]
    foer = _stand(arbeid)

    act()

    assert _stand(arbeid) != foer


# --- delivering


def test_empty_entries_are_nothing_to_deliver():
    arbeid = MellomarbeidFactory()
    LoggpostFactory(mellomarbeid=arbeid, tekst="")

    with pytest.raises(KanIkke, match="minst ett notat"):
        innlevering.submit(arbeid, by=PersonFactory())

    arbeid.refresh_from_db()
    assert (arbeid.status, arbeid.levert) == (S.IKKE_STARTET, None)


def test_opening_what_is_not_delivered_changes_nothing():
    arbeid = MellomarbeidFactory()
    foer = _stand(arbeid)

    innlevering.reopen(arbeid)

    assert _stand(arbeid) == foer


@pytest.mark.parametrize("status", [Aarsrapport.Status.GODKJENT, Aarsrapport.Status.PUBLISERT])
def test_a_report_that_counts_it_keeps_it_delivered(status: str):
    arbeid = MellomarbeidFactory(levert_=True)
    aar = arbeid.oppdrag.frist.year
    AarsrapportFactory(nettverk=arbeid.nettverk, aar=aar, status=status)
    foer = _stand(arbeid)

    with pytest.raises(KanIkke, match="er godkjent"):
        innlevering.reopen(arbeid)

    assert _stand(arbeid) == foer


@pytest.mark.parametrize("hvilken", ["draft", "another year", "another network"])
def test_a_report_that_does_not_count_it_locks_nothing(hvilken: str):
    arbeid = MellomarbeidFactory(levert_=True)
    aar, status = arbeid.oppdrag.frist.year, Aarsrapport.Status.GODKJENT
    AarsrapportFactory(
        nettverk=NettverkFactory() if hvilken == "another network" else arbeid.nettverk,
        aar=aar - 1 if hvilken == "another year" else aar,
        status=Aarsrapport.Status.UTKAST if hvilken == "draft" else status,
    )

    assert innlevering.reopen(arbeid).status == S.KLADD


def test_telling_twice_and_taking_back_twice_are_harmless():
    arbeid = MellomarbeidFactory(levert_=True)
    leder = PersonFactory()

    en, to = (praksis.share(arbeid, tittel="Vi målte", hele_loggen=True, by=leder) for _ in "12")
    for _nr in range(2):
        praksis.take_back(en)

    arbeid.refresh_from_db()
    assert (en.pk, arbeid.delt) == (to.pk, False)


def test_a_log_that_is_open_is_read_by_no_other_unit_whatever_it_has_said():
    arbeid = MellomarbeidFactory()
    roller = roller_for(
        medlem(arbeid.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE), arbeid.nettverk
    )

    Mellomarbeid.objects.filter(pk=arbeid.pk).update(delt=True)
    assert not Mellomarbeid.objects.visible_to(roller).exists()

    Mellomarbeid.objects.filter(pk=arbeid.pk).update(status=S.LEVERT, levert=timezone.now())
    assert Mellomarbeid.objects.visible_to(roller).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_deliver_at_once_deliver_once():
    arbeid = LoggpostFactory().mellomarbeid
    folk = [PersonFactory(), PersonFactory()]

    svar = at_once(*[lambda b=b: innlevering.submit(arbeid, by=b) for b in folk], holding=arbeid)

    assert kinds(svar) == ["ok", "ok"]
    arbeid.refresh_from_db()
    assert {s.levert_av for s in svar} == {arbeid.levert_av}
    assert Mellomarbeid.pgh_event_model.objects.filter(status=S.LEVERT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_writing_and_delivering_at_once_never_writes_in_what_is_delivered():
    post = LoggpostFactory(versjon=1)
    arbeid, by = post.mellomarbeid, PersonFactory()

    svar = at_once(
        lambda: innlevering.submit(arbeid, by=by),
        lambda: _write(arbeid, noekkel=post.noekkel, versjon=1, tekst="I siste liten", by=by),
        holding=arbeid,
    )

    assert kinds(svar) in (["Lukket", "ok"], ["ok", "ok"])
    post.refresh_from_db()
    arbeid.refresh_from_db()
    assert arbeid.er_levert
    assert (post.tekst == "I siste liten") == (not isinstance(svar[1], Exception))


# --- the log


@pytest.mark.parametrize("versjon", [0, 1, 3, 99])
def test_an_entry_is_changed_only_from_its_newest_version(versjon: int):
    post = LoggpostFactory(versjon=2, tekst="Nyest")
    foer = _stand(post.mellomarbeid)

    with pytest.raises(Konflikt) as konflikt:
        _write(post.mellomarbeid, noekkel=post.noekkel, versjon=versjon, tekst="Mitt")

    assert konflikt.value.deres == post
    assert _stand(post.mellomarbeid) == foer


def test_removing_twice_is_no_fault():
    post = LoggpostFactory()
    logg.remove(post)

    logg.remove(Loggpost(pk=post.pk or 1, mellomarbeid_id=post.mellomarbeid_id))

    assert not Loggpost.objects.exists()


# --- files


def test_no_files_begin_nothing():
    arbeid = MellomarbeidFactory()

    assert vedlegg.add(mellomarbeid=arbeid, filer=[], beskrivelse="", by=PersonFactory()) == []
    arbeid.refresh_from_db()
    assert arbeid.status == S.IKKE_STARTET


def test_the_same_content_twice_in_one_go_is_one_file():
    arbeid = MellomarbeidFactory()

    nye = vedlegg.add(
        mellomarbeid=arbeid, filer=[_fil(), _fil()], beskrivelse="", by=PersonFactory()
    )

    assert len(nye) == arbeid.vedlegg.count() == 1


def test_a_description_is_not_put_on_the_wrong_picture():
    arbeid = MellomarbeidFactory()
    bilder = [_fil(mimetype="image/png", sha=s) for s in "ab"]

    vedlegg.add(mellomarbeid=arbeid, filer=bilder, beskrivelse="Barn leker", by=PersonFactory())

    assert set(arbeid.vedlegg.values_list("alternativ_tekst", flat=True)) == {""}


@pytest.mark.django_db(transaction=True)
def test_the_same_file_from_two_at_once_is_kept_once():
    arbeid, by = MellomarbeidFactory(), PersonFactory()

    svar = at_once(
        *[lambda: vedlegg.add(mellomarbeid=arbeid, filer=[_fil()], beskrivelse="", by=by)] * 2,
        holding=arbeid,
    )

    assert sorted(len(s) for s in svar) == [0, 1]
    assert Vedlegg.objects.count() == 1


# --- assignments


def _give(nettverk, **annet: object) -> Oppdrag:
    felt = {
        "samling": None,
        "tittel": "Prøv",
        "tekst": "Prøv noe",
        "frist": idag(),
        "laeringsloype": None,
        "by": koordinator(nettverk),
    }
    return oppdrag.give(nettverk=nettverk, **{**felt, **annet})


def test_a_network_without_units_gets_no_assignment():
    with pytest.raises(KanIkke):
        _give(NettverkFactory())

    assert not Oppdrag.objects.exists()


def test_only_groups_of_today_at_units_of_today_must_answer():
    nettverk, gruppe = nettverk_med_enhet()
    kommune = nettverk.kommuner().get()
    for felt in (
        {"enhet": EnhetFactory(kommune=kommune, gyldig=periode(None, idag()))},  # is no more
        {"enhet": EnhetFactory()},  # lies nowhere
        {"enhet": EnhetFactory(kommune=kommune), "gyldig": periode(None, idag())},  # dissolved
    ):
        GruppeFactory(nettverk=nettverk, type=Gruppe.Type.UTVIKLINGSGRUPPE, **felt)
    GruppeFactory(
        nettverk=nettverk, type=Gruppe.Type.UTVIKLINGSGRUPPE, kommune=kommune
    )  # a kommune's own
    GruppeFactory(nettverk=nettverk)
    nettverk_med_enhet()  # another network

    gitt = _give(nettverk)

    assert [m.gruppe for m in gitt.mellomarbeid.all()] == [gruppe]
