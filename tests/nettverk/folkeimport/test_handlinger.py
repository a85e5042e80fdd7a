"""People from a list: what it would change, what is written, and what is never done."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kommuner.gyldighet import idag, periode
from nettverk import grupper, importlop, medlemskap
from nettverk import verv as vervene
from nettverk.arbeid import jobber
from nettverk.folkeimport import handlinger
from nettverk.models import (
    Brev,
    Folkeimport,
    Gruppe,
    Jobb,
    Partner,
    Person,
    Rolle,
    Sikkerhetshendelse,
    Ubesvart,
    Verv,
)
from nettverk.sikkerhet.grenser import Grense
from nettverk.sikkerhet.vakt import VERV_ENDRET, VERV_GITT
from nettverk.skriving.konflikt import KanIkke
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    koordinator,
    nettverk_med_enhet,
)
from tests.nettverk.folkeimport.liste import confirm, outcomes, preview, reasons
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def gruppe() -> Gruppe:
    return nettverk_med_enhet()[1]


@pytest.fixture
def sjef(gruppe: Gruppe) -> Person:
    return koordinator(gruppe.nettverk)


def _rad(gruppe: Gruppe, navn: str = "Kari Nes", epost: str = "", **felt: str) -> dict[str, str]:
    return {
        "navn": navn,
        "e-post": epost or f"{navn.lower().replace(' ', '.')}@a.example",
        "enhet": gruppe.enhet.navn,
        "rolle": "tillitsvalgt",
        **felt,
    }


def _stand() -> list[tuple]:
    return list(Verv.objects.order_by("pk").values_list("person__navn", "rolle", "gyldig"))


# --- what it would change


def test_nothing_is_written_before_it_is_confirmed_and_nobody_gets_a_letter(gruppe, sjef):
    foer = _stand(), Person.objects.count()

    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef)

    assert outcomes(rad) == [("Kari Nes", "ny")]
    assert (_stand(), Person.objects.count()) == foer
    assert rad.tabell == {}

    confirm(rad, by=sjef)

    verv = Verv.objects.get(person__epost="kari.nes@a.example")
    assert (verv.gruppe, verv.rolle, verv.fra, verv.til) == (
        gruppe,
        Rolle.TILLITSVALGT,
        idag(),
        None,
    )
    assert Ubesvart.objects.get().person == verv.person
    assert not Brev.objects.exists()


def test_who_was_given_what_and_by_whom_stands_in_the_security_log(gruppe, sjef):
    slutter = VervFactory(gruppe=gruppe, rolle=Rolle.UTVIKLINGSLAERER)

    confirm(preview(gruppe.nettverk, _rad(gruppe), hel_liste=True, by=sjef), by=sjef)

    ny = Person.objects.get(epost="kari.nes@a.example")
    logg = Sikkerhetshendelse.objects.filter(nettverk=gruppe.nettverk, av=sjef)
    assert logg.get(slag=VERV_GITT).person == ny
    endret = logg.get(slag=VERV_ENDRET)
    assert (endret.person, endret.opplysninger["felt"]) == (slutter.person, ["gyldig"])


def test_the_same_list_twice_changes_nothing_the_second_time(gruppe, sjef):
    rader = [_rad(gruppe, tittel="rektor"), _rad(gruppe, "Per Moe", rolle="PP-rådgiver")]
    confirm(preview(gruppe.nettverk, *rader, by=sjef), by=sjef)
    foer = _stand()

    rad = preview(gruppe.nettverk, *rader, by=sjef)

    assert outcomes(rad) == [("Kari Nes", "uendret"), ("Per Moe", "uendret")]
    assert not rad.har_noe_aa_skrive
    assert _stand() == foer


def test_a_change_is_shown_field_by_field_and_written_on_the_same_verv(gruppe, sjef):
    person = PersonFactory(navn="Kari Nes")
    verv = VervFactory(person=person, gruppe=gruppe, rolle=Rolle.TILLITSVALGT)

    rad = preview(
        gruppe.nettverk,
        _rad(gruppe, epost=person.epost, tittel="rektor", til="31.12.2030"),
        by=sjef,
    )

    assert [r.data["endringer"] for r in rad.rader.all()] == [
        [["stilling", "–", "rektor"], ["til og med", "–", "31. desember 2030"]]
    ]
    confirm(rad, by=sjef)
    verv.refresh_from_db()
    assert (verv.tittel, verv.siste_dag) == ("rektor", datetime.date(2030, 12, 31))
    assert Verv.objects.filter(person=person).count() == 1


def test_a_group_for_a_unit_that_has_none_is_made_when_it_is_written(gruppe, sjef):
    ny = EnhetFactory(kommune=gruppe.enhet.kommune_per())

    rad = preview(gruppe.nettverk, _rad(gruppe, enhet=ny.organisasjonsnummer), by=sjef)
    confirm(rad, by=sjef)

    assert Verv.objects.get(person__navn="Kari Nes").gruppe.enhet == ny


# --- who is who


def test_one_address_with_two_names_is_refused_on_both_rows(gruppe, sjef):
    rad = preview(
        gruppe.nettverk,
        _rad(gruppe, "Kari Nes", "post@a.example"),
        _rad(gruppe, "Per Nes", "post@a.example", rolle="PP-rådgiver"),
        by=sjef,
    )

    assert [u for _navn, u in outcomes(rad)] == ["avvist", "avvist"]
    assert reasons(rad) == [
        "e-post: Rad 3 har samme adresse for «Per Nes».",
        "e-post: Rad 2 har samme adresse for «Kari Nes».",
    ]


def test_one_person_in_two_spellings_is_shown_and_one_of_them_used(gruppe, sjef):
    rad = preview(
        gruppe.nettverk,
        _rad(gruppe, "Bjørn-Åge Øye", "b@a.example"),
        _rad(gruppe, "Bjorn Aage Øye", "b@a.example", rolle="PP-rådgiver"),
        by=sjef,
    )

    assert [(r.utfall, r.boer_sees) for r in rad.rader.in_order()] == [("ny", False), ("ny", True)]
    confirm(rad, by=sjef)
    assert [p.navn for p in Person.objects.filter(epost="b@a.example")] == ["Bjørn-Åge Øye"]
    assert Verv.objects.filter(person__epost="b@a.example").count() == 2


def test_an_address_the_network_knows_as_somebody_else_is_refused(gruppe, sjef):
    VervFactory(gruppe=gruppe, person=PersonFactory(navn="Ola Vik", epost="post@a.example"))

    rad = preview(gruppe.nettverk, _rad(gruppe, "Kari Nes", "post@a.example"), by=sjef)

    assert reasons(rad) == ["e-post: Adressen står på «Ola Vik» i nettverket."]


def test_somebody_who_has_married_is_the_same_and_keeps_the_name_the_network_has(gruppe, sjef):
    person = PersonFactory(navn="Kari Nes")
    VervFactory(gruppe=gruppe, person=person)

    rad = preview(gruppe.nettverk, _rad(gruppe, "Kari Vik", person.epost), by=sjef)

    assert [(r.utfall, r.boer_sees) for r in rad.rader.all()] == [("ny", True)]
    confirm(rad, by=sjef)
    person.refresh_from_db()
    assert person.navn == "Kari Nes"


def test_likely_doubles_are_shown_and_never_merged(gruppe, sjef):
    VervFactory(gruppe=gruppe, person=PersonFactory(navn="Kristine Nordmann"))

    rad = preview(
        gruppe.nettverk,
        _rad(gruppe, "Kristina Nordmann"),
        _rad(gruppe, "Johannes Fiskaa", rolle="PP-rådgiver"),
        _rad(gruppe, "Johanes Fiskå", "j@b.example", rolle="PP-rådgiver"),
        _rad(gruppe, "Helt Annerledes", rolle="PP-rådgiver"),
        by=sjef,
    )

    assert [r.boer_sees for r in rad.rader.in_order()] == [True, True, True, False]
    antall = Person.objects.count()
    confirm(rad, by=sjef)
    assert Person.objects.count() == antall + 4


def test_the_answer_is_the_same_whether_the_address_has_an_account_elsewhere(gruppe, sjef):
    VervFactory(person=PersonFactory(navn="Ekte Hemmelig", epost="annet@a.example"))

    rad = preview(
        gruppe.nettverk,
        _rad(gruppe, "Ola Enger", "annet@a.example"),
        _rad(gruppe, "Ida Lunde", "ny@a.example"),
        by=sjef,
    )
    forespeil = [(r.utfall, r.boer_sees, r.grunn) for r in rad.rader.in_order()]
    confirm(rad, by=sjef)

    assert forespeil == [("ny", False, ""), ("ny", False, "")]
    assert rad.oppsummering["resultat"] == {"ny": 2}
    her = Verv.objects.filter(gruppe=gruppe).order_by("person__navn")
    assert [v.person.postadresse for v in her] == ["ny@a.example", "annet@a.example"]
    assert [v.person.navn for v in her] == ["Ida Lunde", "Ola Enger"]
    # Nobody is written to before the coordinator has read the invitation.
    assert not Brev.objects.exists()


# --- what ends


def test_verv_that_the_list_does_not_mention_end_only_when_it_is_the_whole_list(gruppe, sjef):
    andre = VervFactory(gruppe=gruppe, person=PersonFactory(navn="Ola Vik"))

    uten = preview(gruppe.nettverk, _rad(gruppe), by=sjef)
    hel = preview(gruppe.nettverk, _rad(gruppe), by=sjef, hel_liste=True)

    assert outcomes(uten) == [("Kari Nes", "ny")]
    assert outcomes(hel) == [("Kari Nes", "ny"), ("Ola Vik", "avsluttes")]
    confirm(hel, by=sjef)
    andre.refresh_from_db()
    assert andre.siste_dag == idag()


def test_the_coordinators_own_verv_never_ends_so_the_network_always_has_one(gruppe, sjef):
    kollega = koordinator(gruppe.nettverk)

    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef, hel_liste=True)
    assert (sjef.navn, "avsluttes") not in outcomes(rad)
    # Confirmed by another: then neither that one's ends.
    confirm(rad, by=kollega)

    for person in (sjef, kollega):
        assert person.verv.get().til is None


def test_another_coordinator_that_the_whole_list_leaves_out_ends_while_somebody_remains(
    gruppe, sjef
):
    annen = koordinator(gruppe.nettverk).verv.get()
    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef, hel_liste=True)

    confirm(rad, by=sjef)

    annen.refresh_from_db()
    assert annen.siste_dag == idag()


def test_when_those_who_import_no_longer_coordinate_nobody_who_does_is_ended(gruppe, sjef):
    annen = koordinator(gruppe.nettverk).verv.get()
    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef, hel_liste=True)
    handlinger.confirm(rad, by=sjef)
    sjef.verv.get().end()

    jobber.run(Jobb.objects.active().get().pk)

    annen.refresh_from_db()
    assert annen.til is None


def test_nobody_whose_row_was_refused_is_taken_for_gone(gruppe, sjef):
    kari = VervFactory(gruppe=gruppe, person=PersonFactory(navn="Kari Nes"))
    per = VervFactory(gruppe=gruppe, person=PersonFactory(navn="Per Moe"))

    rad = preview(
        gruppe.nettverk,
        _rad(gruppe, "Kari Nes", kari.person.epost, rolle="trollmann"),
        _rad(gruppe, "Per Moe", "ødelagt@a.example"),
        _rad(gruppe, "Ida Lunde"),
        by=sjef,
        hel_liste=True,
    )

    assert [u for _n, u in outcomes(rad)] == ["avvist", "avvist", "ny"]
    confirm(rad, by=sjef)
    assert {v.til for v in Verv.objects.filter(pk__in=[kari.pk, per.pk])} == {None}


def test_another_networks_verv_are_never_touched(gruppe, sjef):
    fremmed = VervFactory()

    confirm(preview(gruppe.nettverk, _rad(gruppe), by=sjef, hel_liste=True), by=sjef)

    fremmed.refresh_from_db()
    assert fremmed.til is None


# --- somebody coordinates, whatever the list says


@pytest.mark.parametrize("felt", ["til", "fra"])
def test_a_list_that_would_end_the_last_coordinator_is_refused_on_that_row(gruppe, sjef, felt):
    eget = sjef.verv.get()
    # Somebody who has not answered is nobody yet.
    vervene.appoint(
        gruppe=eget.gruppe,
        navn="Ny Koordinator",
        epost="ny@a.example",
        rolle=Rolle.KOORDINATOR,
        gyldig=periode(idag()),
        by=sjef,
    )
    dag = idag() if felt == "til" else idag() + datetime.timedelta(days=40)
    rad = preview(
        gruppe.nettverk,
        _rad(gruppe),
        {
            "navn": sjef.navn,
            "e-post": sjef.epost,
            "gruppe": eget.gruppe.navn,
            "rolle": "koordinator",
            felt: dag.isoformat(),
        },
        by=sjef,
    )

    assert outcomes(rad) == [("Kari Nes", "ny"), (sjef.navn, "avvist")]
    assert reasons(rad) == [f"{felt}: {vervene.last_coordinator()}"]
    confirm(rad, by=sjef)
    eget.refresh_from_db()
    assert eget.gyldig == periode(eget.fra)


def test_two_coordinators_whom_one_list_ends_do_not_both_end(gruppe, sjef):
    annen = koordinator(gruppe.nettverk)
    rader = [
        {
            "navn": person.navn,
            "e-post": person.epost,
            "gruppe": person.verv.get().gruppe.navn,
            "rolle": "koordinator",
            "til": idag().isoformat(),
        }
        for person in (sjef, annen)
    ]

    rad = preview(gruppe.nettverk, *rader, by=sjef)

    assert [u for _n, u in outcomes(rad)] == ["endret", "avvist"]
    confirm(rad, by=sjef)
    assert annen.verv.get().til is None
    assert sjef.verv.get().siste_dag == idag()


def test_the_last_coordinator_is_kept_when_the_other_one_ended_after_the_preview(gruppe, sjef):
    annen = koordinator(gruppe.nettverk).verv.get()
    rad = preview(
        gruppe.nettverk,
        {
            "navn": sjef.navn,
            "e-post": sjef.epost,
            "gruppe": sjef.verv.get().gruppe.navn,
            "rolle": "koordinator",
            "til": idag().isoformat(),
        },
        by=sjef,
    )
    assert outcomes(rad) == [(sjef.navn, "endret")]
    annen.end()

    confirm(rad, by=sjef)

    assert rad.oppsummering["resultat"] == {"avvist": 1}
    assert reasons(rad) == [vervene.last_coordinator()]
    assert sjef.verv.get().til is None


def test_a_whole_list_never_leaves_only_coordinators_who_have_not_answered(gruppe, sjef):
    administrator = PersonFactory(is_superuser=True)
    andre = [sjef, koordinator(gruppe.nettverk)]
    ubesvart = vervene.appoint(
        gruppe=sjef.verv.get().gruppe,
        navn="Ny Koordinator",
        epost="ny@a.example",
        rolle=Rolle.KOORDINATOR,
        gyldig=periode(idag()),
        by=sjef,
    )
    nevnt = {
        "navn": "Ny Koordinator",
        "e-post": "ny@a.example",
        "gruppe": ubesvart.gruppe.navn,
        "rolle": "koordinator",
    }

    rad = preview(gruppe.nettverk, nevnt, _rad(gruppe), by=administrator, hel_liste=True)

    assert [u for _n, u in outcomes(rad)] == ["uendret", "ny", "avvist", "avvist"]
    assert rad.oppsummering["grunner"] == {"koordinator": 2}
    confirm(rad, by=administrator)
    assert [p.verv.get().til for p in andre] == [None, None]


def test_a_whole_list_confirmed_before_the_importer_stopped_tells_who_was_kept(gruppe, sjef):
    annen = koordinator(gruppe.nettverk)
    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef, hel_liste=True)
    handlinger.confirm(rad, by=sjef)
    # Still there, but not one who can sign in.
    Person.objects.filter(pk=sjef.pk).update(is_active=False)

    jobber.run(Jobb.objects.active().get().pk)

    assert annen.verv.get().til is None
    assert rad.rader.get(navn=annen.navn).data["feil"] == [["", vervene.last_coordinator()]]


@pytest.mark.django_db(transaction=True)
def test_a_list_is_written_while_a_kommune_leaves_and_neither_waits_for_the_other(gruppe, sjef):
    nettverk = gruppe.nettverk
    verv = VervFactory(gruppe=gruppe, person=PersonFactory(navn="Ola Vik"), rolle=Rolle.MEDLEM)
    rad = preview(
        nettverk,
        _rad(gruppe, "Ola Vik", verv.person.epost, rolle="medlem", tittel="rektor"),
        _rad(gruppe),
        by=sjef,
    )
    handlinger.confirm(rad, by=sjef)
    jobb = Jobb.objects.active().get()

    svar = at_once(
        lambda: jobber.run(jobb.pk),
        lambda: medlemskap.leave(nettverk.medlemskap.get(), siste_dag=idag()),
        holding=verv,
    )

    assert kinds(svar) == ["ok", "ok"]
    jobb.refresh_from_db()
    assert jobb.feil == ""
    assert {v.til for v in gruppe.verv.all()} == {idag() + datetime.timedelta(days=1)}


# --- a Verv ends with its group, and speaks for one


def test_a_verv_from_a_list_lasts_no_longer_than_its_group(gruppe, sjef):
    slutt = idag() + datetime.timedelta(days=30)
    Gruppe.objects.filter(pk=gruppe.pk).update(gyldig=periode(gruppe.fra, slutt))
    etter = (slutt + datetime.timedelta(days=1)).isoformat()

    rad = preview(
        gruppe.nettverk,
        _rad(gruppe),
        _rad(gruppe, "Per Moe", til=etter),
        _rad(gruppe, "Ida Lunde", fra=etter),
        by=sjef,
    )

    assert [u for _n, u in outcomes(rad)] == ["ny", "ny", "avvist"]
    assert "Gruppa er avsluttet." in reasons(rad)[0]
    confirm(rad, by=sjef)
    assert [v.til for v in gruppe.verv.all()] == [slutt, slutt]


def test_nobody_gets_a_verv_from_a_list_in_a_group_that_ended_after_the_preview(gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef)
    grupper.end(gruppe, siste_dag=idag() - datetime.timedelta(days=1))

    confirm(rad, by=sjef)

    assert not gruppe.verv.exists()
    assert "Gruppa er avsluttet." in reasons(rad)[0]


def test_a_verv_for_a_partner_takes_no_kommune_from_a_list(gruppe, sjef):
    nettverk = gruppe.nettverk
    partner = Partner.objects.create(nettverk=nettverk, navn="NTNU", gyldig=periode(idag()))
    fag = GruppeFactory(nettverk=nettverk, navn="Faggruppa")
    verv = VervFactory(gruppe=fag, representerer_partner=partner)
    en = {"navn": verv.person.navn, "e-post": verv.person.epost, "gruppe": fag.navn}
    linje = {**en, "rolle": "medlem", "kommune": nettverk.medlemskap.get().kommune.navn}

    rad = preview(nettverk, linje, {**linje, "e-post": "a@a.example", "navn": "Ida"}, by=sjef)

    assert reasons(rad) == ["kommune: Personen representerer NTNU. La kommunen stå tom."]

    Verv.objects.filter(pk=verv.pk).update(representerer_partner=None)
    rad = preview(nettverk, linje, by=sjef)
    assert outcomes(rad) == [(verv.person.navn, "endret")]
    Verv.objects.filter(pk=verv.pk).update(representerer_partner=partner)

    confirm(rad, by=sjef)

    assert reasons(rad) == ["Personen representerer NTNU. La kommunen stå tom."]


def test_what_the_database_refuses_is_told_in_the_words_of_that_rule(gruppe, sjef, monkeypatch):
    nettverk = gruppe.nettverk
    fag = GruppeFactory(nettverk=nettverk, navn="Faggruppa")
    verv = VervFactory(gruppe=fag)
    linje = {
        "navn": verv.person.navn,
        "e-post": verv.person.epost,
        "gruppe": fag.navn,
        "rolle": "medlem",
        "kommune": nettverk.medlemskap.get().kommune.navn,
    }
    rad = preview(nettverk, linje, by=sjef)
    partner = Partner.objects.create(nettverk=nettverk, navn="NTNU", gyldig=periode(idag()))
    Verv.objects.filter(pk=verv.pk).update(representerer_partner=partner)
    # As when the partner is written between the question and the answer.
    monkeypatch.setattr(handlinger, "speaks_for_partner", lambda verv, post: None)

    confirm(rad, by=sjef)

    assert reasons(rad) == [
        "Et verv representerer en kommune eller en samarbeidspartner, ikke begge."
    ]


# --- limits, doubles and interruptions


def test_a_row_that_stands_twice_is_refused_once(gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad(gruppe), _rad(gruppe), by=sjef)

    assert [u for _n, u in outcomes(rad)] == ["ny", "avvist"]
    assert reasons(rad) == ["Står allerede i rad 2, med samme gruppe og rolle."]


def test_what_somebody_did_meanwhile_stands_and_is_told(gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef)
    vervene.appoint(
        gruppe=gruppe,
        navn="Kari Nes",
        epost="kari.nes@a.example",
        rolle=Rolle.TILLITSVALGT,
        gyldig=periode(idag()),
        by=sjef,
    )

    confirm(rad, by=sjef)

    assert rad.oppsummering["resultat"] == {"avvist": 1}
    assert reasons(rad) == ["Personen har fått rollen i gruppa i mellomtiden."]


def test_unknown_addresses_are_counted_and_too_many_in_a_day_are_refused(gruppe, sjef, monkeypatch):
    monkeypatch.setattr(vervene, "_IMPORT", Grense("proeve.import", 3, datetime.timedelta(days=1)))
    forste = preview(gruppe.nettverk, _rad(gruppe, "Kari Nes"), _rad(gruppe, "Per Moe"), by=sjef)
    andre = preview(
        gruppe.nettverk, *(_rad(gruppe, navn) for navn in ("Ida Lunde", "Ola Vik")), by=sjef
    )
    kjente = preview(gruppe.nettverk, _rad(gruppe, "Kari Nes"), _rad(gruppe, "Per Moe"), by=sjef)
    confirm(forste, by=sjef)

    with pytest.raises(KanIkke):
        handlinger.confirm(andre, by=sjef)

    andre.refresh_from_db()
    assert andre.status == Folkeimport.Status.LEST
    # What was refused did not count: one more is let through.
    confirm(preview(gruppe.nettverk, _rad(gruppe, "Siri Aas"), by=sjef), by=sjef)
    assert kjente.oppsummering["nye_adresser"] == 2


def test_a_worker_that_dies_between_two_batches_leaves_the_rest_to_the_next(
    gruppe, sjef, monkeypatch
):
    monkeypatch.setattr(handlinger, "BUNKE", 2)
    rad = preview(gruppe.nettverk, *(_rad(gruppe, f"Person Nummer{n}") for n in range(5)), by=sjef)
    handlinger.confirm(rad, by=sjef)
    ekte, ganger = handlinger._Skriver.write, []

    def dies(self, bunke):
        ganger.append(len(bunke))
        if len(ganger) == 2:
            raise jobber.Avbrutt
        ekte(self, bunke)

    monkeypatch.setattr(handlinger._Skriver, "write", dies)
    jobb = Jobb.objects.active().get()
    jobber.run(jobb.pk)
    assert Verv.objects.filter(gruppe=gruppe).count() == 2

    jobber.run(jobb.pk)

    rad.refresh_from_db()
    assert (rad.status, rad.oppsummering["resultat"]) == ("ferdig", {"ny": 5})
    assert Verv.objects.filter(gruppe=gruppe).count() == 5
    assert ganger == [2, 2, 2, 1]


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_the_same_at_once_write_it_once(gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef)

    svar = at_once(*[lambda: handlinger.confirm(rad, by=sjef)] * 2, holding=rad)

    assert kinds(svar) == ["ok", "ok"]
    assert Jobb.objects.filter(slag=handlinger.SKRIV).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_lists_confirmed_at_once_are_not_both_written(gruppe, sjef):
    rader = [preview(gruppe.nettverk, _rad(gruppe), by=sjef) for _n in range(2)]

    svar = at_once(*[lambda r=r: handlinger.confirm(r, by=sjef) for r in rader])

    assert kinds(svar) == ["KanIkke", "ok"]


def test_what_nobody_confirmed_goes_after_a_month_with_its_names(gruppe, sjef):
    rad = preview(gruppe.nettverk, _rad(gruppe), by=sjef)
    om_en_stund = rad.lastet_opp + importlop.BEHOLDES

    assert handlinger.purge_old(om_en_stund - datetime.timedelta(minutes=1)) == 0
    assert handlinger.purge_old(om_en_stund + datetime.timedelta(minutes=1)) == 1
    assert not rad.rader.exists()


def test_the_preview_asks_as_many_questions_for_one_as_for_many(gruppe, sjef):
    def cost(antall: int) -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            preview(
                gruppe.nettverk,
                *(_rad(gruppe, f"Person Nummer{n}") for n in range(antall)),
                by=sjef,
            )
        return len(spoerringer)

    cost(1)
    assert cost(1) == cost(30)


def test_a_network_without_anything_refuses_every_row_and_says_why():
    nettverk = NettverkFactory()

    rad = preview(nettverk, _rad(GruppeFactory(utviklingsgruppe=True)), by=koordinator(nettverk))

    assert [u for _n, u in outcomes(rad)] == ["avvist"]
