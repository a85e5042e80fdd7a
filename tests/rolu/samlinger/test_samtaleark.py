"""Paper for a tankesmie: when there is nothing to print, and when there is too much."""

import pytest

from fremtidsbilder.tankesmier import styring
from nettverk.models import Jobb
from nettverk.skriving.konflikt import KanIkke
from rolu.samlinger import samtaleark, samtaler
from tests.nettverk.factories import koordinator
from tests.rolu.factories import ProgrampostFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("antall_bord", "antall_sporsmaal", "sagt"),
    [(4, 0, "Skriv et spørsmål først."), (200, 8, "Det blir for mange ark.")],
)
def test_nothing_is_printed_without_a_question_or_with_too_many_sheets(
    antall_bord, antall_sporsmaal, sagt
):
    post = ProgrampostFactory()
    samtale = samtaler.make(post.samling, programpost=post, antall_bord=antall_bord)
    for nr in range(antall_sporsmaal):
        styring.add_question(samtale.tankesmie, tekst=f"Hva virker? {nr}")

    for ark in samtaleark.ARK.values():
        with pytest.raises(KanIkke, match=sagt):
            samtaleark.order(samtale, ark=ark, by=koordinator(samtale.nettverk))

    assert not Jobb.objects.exists()
