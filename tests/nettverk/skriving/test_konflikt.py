"""Writing in a row that counts its saves: what is saved, what is a conflict, what is nothing new."""

import pytest

from nettverk.skriving.konflikt import Konflikt, write
from tests.evaluering.factories import KapitteltekstFactory
from tests.nettverk.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_save_counts_and_takes_along_what_follows_with_it():
    rad, by = KapitteltekstFactory(tekst="Før", versjon=4), PersonFactory()

    write(rad, versjon=4, felt={"tekst": "Etter"}, endret_av=by)

    rad.refresh_from_db()
    assert (rad.tekst, rad.versjon, rad.endret_av) == ("Etter", 5, by)


@pytest.mark.parametrize("versjon", [0, 3, 5])
def test_any_other_version_is_a_conflict_with_what_stands_there(versjon: int):
    rad = KapitteltekstFactory(tekst="Deres", versjon=4)

    with pytest.raises(Konflikt) as konflikt:
        write(rad, versjon=versjon, felt={"tekst": "Mitt"})

    rad.refresh_from_db()
    assert (konflikt.value.deres, rad.tekst, rad.versjon) == (rad, "Deres", 4)


def test_the_same_text_from_an_old_page_is_neither_conflict_nor_change():
    rad, by = KapitteltekstFactory(tekst="Likt", versjon=4), PersonFactory()

    write(rad, versjon=1, felt={"tekst": "Likt"}, endret_av=by)

    rad.refresh_from_db()
    assert (rad.versjon, rad.endret_av) == (4, None)


def test_a_new_row_has_no_version_to_be_wrong_about():
    ny = KapitteltekstFactory.build(
        aarsrapport=KapitteltekstFactory().aarsrapport, noekkel="ny", tekst="", versjon=0
    )

    assert write(ny, versjon=7, felt={"tekst": "Først"}).versjon == 1
