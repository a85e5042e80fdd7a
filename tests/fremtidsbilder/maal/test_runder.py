"""The rounds of a goal: to hearing with letters, commented on, decided, revised, closed, opened again."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from fremtidsbilder.maal import runder
from fremtidsbilder.maal.overtakelse import take_in
from fremtidsbilder.models import Maal, Maalkommentar
from fremtidsbilder.sted import Hjemsted
from kommuner.gyldighet import idag
from nettverk.models import Brev, Brevvalg, Mottakere, Person, Verv
from nettverk.models.brevvalg import Naar
from nettverk.skriving.konflikt import KanIkke, Konflikt
from tests.fremtidsbilder.factories import MaalFactory
from tests.nettverk.factories import (
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db
DAG = datetime.timedelta(days=1)


class Sak:
    """A draft of the network, its koordinator, and a unit's group of two that may be asked."""

    def __init__(self) -> None:
        self.nettverk, self.gruppe = nettverk_med_enhet()
        self.by = koordinator(self.nettverk)
        self.leder, self.laerer = enhetsleder(self.gruppe), gruppemedlem(self.gruppe)
        self.maal = MaalFactory(nettverk=self.nettverk, tilstand="utkast", tekst="Ett\nTo")

    def send(self, *, dager: int = 7) -> Maal:
        til = idag() + dager * DAG
        self.maal = runder.send(self.maal, mottakere=self.alle(), til=til, by=self.by)
        return self.maal

    def alle(self) -> Mottakere:
        return Mottakere(nettverk=self.nettverk, enheter=True)

    def end(self) -> None:
        """The deadline has passed."""
        Maal.objects.filter(pk=self.maal.pk).update(hoering_til=idag() - DAG)
        self.maal.refresh_from_db()


@pytest.fixture
def sak() -> Sak:
    return Sak()


def _slag(maal: Maal) -> list[str]:
    return list(maal.runder.values_list("slag", flat=True))


def test_a_draft_is_sent_with_one_letter_to_each_who_is_asked(sak: Sak):
    maal = sak.send()

    assert (maal.tilstand, _slag(maal)) == ("hoering", ["hoering"])
    assert maal.runder.get().tekst == "Ett\nTo"
    brevene = Brev.objects.filter(slag=runder.HOERING)
    assert {b.til for b in brevene} == {sak.leder, sak.laerer}
    assert all("Ett\nTo" in b.tekst for b in brevene)


def test_who_has_turned_such_letters_off_gets_none_and_is_asked_all_the_same(sak: Sak):
    Brevvalg.objects.create(person=sak.laerer, slag=runder.HOERING, naar=Naar.ALDRI)

    maal = sak.send()

    assert [b.til for b in Brev.objects.filter(slag=runder.HOERING)] == [sak.leder]
    assert runder.who_gets_letter(maal.hoeres_av) == 1
    assert runder.asked_through(maal, sak.laerer)


def test_each_letter_is_in_the_persons_own_language(sak: Sak):
    Person.objects.filter(pk=sak.laerer.pk).update(spraak="en")

    sak.send()

    spraak = dict(Brev.objects.filter(slag=runder.HOERING).values_list("til", "spraak"))
    assert spraak == {sak.laerer.pk: "en", sak.leder.pk: sak.nettverk.maalform}


def test_the_same_hearing_twice_is_one_and_another_is_refused(sak: Sak):
    sak.send()
    sak.send()

    assert _slag(sak.maal) == ["hoering"]
    assert Brev.objects.filter(slag=runder.HOERING).count() == 2
    with pytest.raises(KanIkke):
        sak.send(dager=9)


@pytest.mark.django_db(transaction=True)
def test_twenty_who_send_at_once_make_one_hearing(sak: Sak):
    svar = at_once(*[sak.send] * 20, holding=sak.maal)

    assert kinds(svar) == ["ok"] * 20
    assert _slag(sak.maal) == ["hoering"]
    assert Brev.objects.filter(slag=runder.HOERING).count() == 2


def test_a_day_that_is_past_is_refused_and_today_is_not(sak: Sak):
    with pytest.raises(KanIkke):
        sak.send(dager=-1)
    assert runder.is_open(sak.send(dager=0))


def test_those_who_are_asked_comment_on_a_line_or_on_the_whole(sak: Sak):
    sak.send()

    om_linje = runder.comment(sak.maal, linje="To", tekst="Mer 😀", by=sak.leder)
    om_alt = runder.comment(sak.maal, linje="", tekst="Bra", by=sak.laerer)

    assert om_linje.gruppe == om_alt.gruppe == sak.gruppe
    assert [k.linje for k in sak.maal.kommentarer.all()] == ["To", ""]


def test_the_same_comment_twice_is_one(sak: Sak):
    sak.send()
    for _gang in range(2):
        runder.comment(sak.maal, linje="", tekst="Bra", by=sak.leder)

    assert sak.maal.kommentarer.count() == 1


def test_nobody_comments_after_the_deadline_or_unasked_or_on_words_that_are_gone(sak: Sak):
    fremmed = koordinator(nettverk_med_enhet()[0])
    with pytest.raises(KanIkke):
        runder.comment(sak.maal, linje="", tekst="Bra", by=sak.leder)
    sak.send()
    for by in (sak.by, fremmed):
        with pytest.raises(KanIkke):
            runder.comment(sak.maal, linje="", tekst="Bra", by=by)
    with pytest.raises(KanIkke):
        runder.comment(sak.maal, linje="Tre", tekst="Bra", by=sak.leder)
    sak.end()
    with pytest.raises(KanIkke):
        runder.comment(sak.maal, linje="", tekst="Bra", by=sak.leder)
    assert not Maalkommentar.objects.exists()


def test_whose_appointment_has_ended_is_asked_no_more(sak: Sak):
    sak.send()
    Verv.objects.filter(person=sak.leder).update(gyldig=(idag() - 9 * DAG, idag()))

    with pytest.raises(KanIkke):
        runder.comment(sak.maal, linje="", tekst="Bra", by=sak.leder)


def test_it_is_decided_when_the_hearing_is_over_and_each_comment_has_its_answer(sak: Sak):
    sak.send()
    kommentar = runder.comment(sak.maal, linje="", tekst="Bra", by=sak.leder)
    with pytest.raises(KanIkke):
        runder.decide(sak.maal, hvor="STG", dato=idag(), by=sak.by)
    sak.end()
    with pytest.raises(KanIkke):
        runder.decide(sak.maal, hvor="STG", dato=idag(), by=sak.by)
    with pytest.raises(KanIkke):
        runder.answer(kommentar, utfall="tatt_med", svar="", by=sak.by)
    runder.answer(kommentar, utfall="takk", svar="", by=sak.by)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(kommentar).objects.filter(pk=kommentar.pk).update(utfall="tatt_med")
    runder.answer(kommentar, utfall="tatt_med", svar="Lagt til.", by=sak.by)

    for _gang in range(2):
        runder.decide(sak.maal, hvor="STG", dato=idag(), by=sak.by)

    sak.maal.refresh_from_db()
    assert (sak.maal.tilstand, _slag(sak.maal)) == ("vedtatt", ["hoering", "vedtatt"])
    with pytest.raises(KanIkke):
        runder.answer(kommentar, utfall="ikke_tatt_med", svar="Nei.", by=sak.by)


def test_nothing_is_decided_after_today(sak: Sak):
    with pytest.raises(KanIkke):
        runder.decide(sak.maal, hvor="STG", dato=idag() + DAG, by=sak.by)


def test_what_was_on_hearing_is_decided_on_no_day_before_that(sak: Sak):
    aldri_hoert = MaalFactory(nettverk=sak.nettverk, tilstand="utkast")
    foer = idag() - 9 * DAG
    assert runder.decide(aldri_hoert, hvor="STG", dato=foer, by=sak.by).runder.get().dato == foer
    sak.send()
    runder.take_back(sak.maal, by=sak.by)

    with pytest.raises(KanIkke, match="så det kan ikke være vedtatt før den dagen"):
        runder.decide(sak.maal, hvor="STG", dato=idag() - DAG, by=sak.by)
    runder.decide(sak.maal, hvor="STG", dato=idag(), by=sak.by)


def test_it_is_taken_back_as_a_draft_and_sent_again_with_new_letters(sak: Sak):
    sak.send()
    for _gang in range(2):
        runder.take_back(sak.maal, by=sak.by)
    sak.send()

    assert _slag(sak.maal) == ["hoering", "utkast", "hoering"]
    assert Brev.objects.filter(slag=runder.HOERING).count() == 4


def test_a_revision_is_followed_by_the_same_words_and_not_by_own_ones(sak: Sak):
    over = MaalFactory(nettverk=sak.nettverk, tekst="Gammelt")
    kommune = sak.nettverk.kommuner().get()
    k = take_in(over, sted=Hjemsted("kommune", kommune=kommune), by=sak.by)
    e = take_in(k, sted=Hjemsted("enhet", enhet=sak.gruppe.enhet), by=sak.by)
    egen = take_in(
        over, sted=Hjemsted("enhet", enhet=sak.gruppe.enhet), tekst="Vårt eget", by=sak.by
    )

    for _gang in range(2):
        runder.revise(over, tekst="Nytt", grunn="Kortere", versjon=0, by=sak.by)

    for rad in (over, k, e, egen):
        rad.refresh_from_db()
    assert [m.tekst for m in (over, k, e, egen)] == ["Nytt", "Nytt", "Nytt", "Vårt eget"]
    for rad in (over, k, e):
        runde = rad.runder.get(slag="revidert")
        assert (runde.tekst, runde.grunn) == ("Gammelt", "Kortere")
    assert _slag(egen) == ["vedtatt"]


def test_of_two_who_revise_the_second_sees_the_words_of_the_first(sak: Sak):
    maal = MaalFactory(nettverk=sak.nettverk, tekst="Gammelt")
    runder.revise(maal, tekst="Første", grunn="A", versjon=0, by=sak.by)

    with pytest.raises(Konflikt):
        runder.revise(maal, tekst="Andre", grunn="B", versjon=0, by=sak.by)


def test_a_draft_is_not_revised(sak: Sak):
    with pytest.raises(KanIkke):
        runder.revise(sak.maal, tekst="Nytt", grunn="A", versjon=0, by=sak.by)


def test_it_is_closed_with_a_reason_and_opened_again_as_a_new_round(sak: Sak):
    maal = MaalFactory(
        nettverk=sak.nettverk, status="naadd", vurdering="Vi er der.", vurdert=idag()
    )
    with pytest.raises(KanIkke):
        runder.close(maal, grunn="", by=sak.by)
    with pytest.raises(KanIkke):
        runder.reopen(maal, grunn="X", by=sak.by)
    for _gang in range(2):
        runder.close(maal, grunn="Nådd", by=sak.by)
    for act in (
        lambda: runder.decide(maal, hvor="STG", dato=idag(), by=sak.by),
        lambda: runder.take_back(maal, by=sak.by),
        lambda: runder.send(maal, mottakere=sak.alle(), til=idag(), by=sak.by),
    ):
        with pytest.raises(KanIkke):
            act()
    for _gang in range(2):
        runder.reopen(maal, grunn="Ikke likevel", by=sak.by)

    maal.refresh_from_db()
    assert (maal.tilstand, maal.status, maal.vurdert) == ("utkast", "", None)
    assert _slag(maal) == ["avsluttet", "gjenaapnet"]


def test_a_letter_that_waits_is_not_sent_when_the_hearing_is_over(sak: Sak):
    maal = sak.send()
    brev = Brev.objects.filter(slag=runder.HOERING)[0]

    assert runder._is_in_the_way(maal, brev) == ""
    sak.end()
    assert runder._is_in_the_way(sak.maal, brev)
