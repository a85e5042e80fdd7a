"""Versions of an image: set under a lock, never changed, compared."""

import datetime
import time

import pytest

from fremtidsbilder.bilder import utgaver
from fremtidsbilder.bilder.utgaver import Bit, Tekststand
from fremtidsbilder.models import Bildeutgave
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.factories import FremtidsbildeFactory, TegnFactory, TemaFactory
from tests.nettverk.factories import PersonFactory
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

DAG = datetime.date(2017, 2, 7)


def _set(bilde, navn: str = "Første", **mer: object) -> Bildeutgave:
    felt = {"dato": DAG, "nytt": "", "by": PersonFactory()} | mer
    return utgaver.set_utgave(bilde, navn=navn, **felt)


def test_a_version_keeps_the_image_as_it_was():
    bilde = FremtidsbildeFactory(tittel="Vi i 2040", tekst="Alle er med.")
    TegnFactory(fremtidsbilde=bilde, tekst="Vi ser")
    bilde.temaer.add(TemaFactory(nettverk=bilde.nettverk, navn="Lek"))

    utgave = _set(bilde)
    bilde.tekst = "Noe annet."
    bilde.save()
    bilde.tegn.all().delete()

    utgave.refresh_from_db()
    assert (utgave.nummer, utgave.tittel, utgave.tekst) == (1, "Vi i 2040", "Alle er med.")
    assert (utgave.tegn, utgave.temaer) == (["Vi ser"], ["Lek"])


def test_the_same_version_twice_is_one_and_another_may_not_have_its_name():
    bilde = FremtidsbildeFactory(tekst="Alle er med.")

    assert _set(bilde) == _set(bilde)
    bilde.tekst = "Noe annet."
    bilde.save()
    with pytest.raises(KanIkke, match="dette navnet"):
        _set(bilde)
    assert _set(bilde, "Andre").nummer == 2


def test_nothing_is_no_version():
    with pytest.raises(KanIkke, match="tomt"):
        _set(FremtidsbildeFactory())


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_numbered_one_to_twenty():
    bilde, by = FremtidsbildeFactory(tekst="Alle er med."), PersonFactory()

    svar = at_once(
        *[lambda n=n: _set(bilde, f"Utgave {n}", by=by) for n in range(20)], holding=bilde
    )

    assert kinds(svar) == ["ok"] * 20
    assert list(bilde.utgaver.values_list("nummer", flat=True)) == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_the_same_name_are_one():
    bilde, by = FremtidsbildeFactory(tekst="Alle er med."), PersonFactory()

    svar = at_once(*[lambda: _set(bilde, by=by)] * 20, holding=bilde)

    assert {u.pk for u in svar} == {bilde.utgaver.get().pk}


def _stand(tekst: str, *tegn: str) -> Tekststand:
    return Tekststand(None, "Nå", "Vi i 2040", "", tekst, "", tegn, ())


def test_the_words_that_differ_are_found():
    felt = utgaver.compare(_stand("Alle barn er med."), _stand("Alle barn og unge er med."))

    tittel, tekst = felt
    assert not tittel.ulik
    assert tekst.fra == [Bit("Alle barn er med.")]
    assert tekst.til == [Bit("Alle barn "), Bit("og unge", ulik=True), Bit(" er med.")]


def test_a_sign_that_is_gone_and_one_that_is_new_are_found():
    _tittel, tegn = utgaver.compare(_stand("", "Vi ser", "Vi leker"), _stand("", "Vi ser", "Ro"))

    assert (tegn.fjernet, tegn.nytt) == (1, 1)


def test_the_texts_are_whole_on_each_side():
    fra, til = "a b\n\nc 🌊 <script>\nd", "a x\nc 🌊\n\nd e"
    tekst = utgaver.compare(_stand(fra), _stand(til))[1]

    assert "".join(bit.tekst for bit in tekst.fra) == fra
    assert "".join(bit.tekst for bit in tekst.til) == til


def test_two_long_texts_are_compared_quickly():
    fra = " ".join(f"ord{n % 977}" for n in range(9000))
    til = " ".join(f"ord{n % 971}" for n in range(9000))

    start = time.monotonic()
    utgaver.compare(_stand(fra), _stand(til))

    assert time.monotonic() - start < 5
