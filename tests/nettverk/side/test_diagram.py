"""Charts: the geometry is plain data, and the figures always stand in a table beside."""

import pytest
from django.template.loader import render_to_string

from nettverk.side.diagram import stabel, stolper


def _diagram(rader):
    return stolper(rader, tittel="Oppmøte", radnavn="Kommune", verdinavn="Møtt", av_navn="Påmeldt")


def test_axis_ends_at_a_round_figure_above_the_largest():
    assert [s.verdi for s in _diagram([("Aure", 12, 15), ("Tingvoll", 37, 45)]).streker] == [
        0, 10, 20, 30, 40, 50,
    ]  # fmt: skip
    assert [s.verdi for s in _diagram([("Aure", 3)]).streker] == [0, 1, 2, 3]
    assert _diagram([("Aure", 123_456)]).streker[-1].verdi == 150_000


def test_bar_lengths_follow_the_values():
    a, b = _diagram([("Aure", 10, 20), ("Tingvoll", 20, 20)]).soyler

    assert b.bredde == 2 * a.bredde == a.bakgrunn
    assert (a.y, b.y) == (6, 32)


def test_everything_stays_within_the_drawing():
    diagram = _diagram([("Et usedvanlig langt navn på en barnehage i distriktet", 1, 1)])

    assert diagram.soyler[0].etikett.endswith("…")
    assert diagram.soyler[0].verdi_x < diagram.bredde


def test_no_rows_and_only_zeroes_give_a_chart_that_can_be_drawn():
    assert _diagram([]).soyler == ()
    assert _diagram([("Aure", 0, 0)]).soyler[0].bredde == 0


def test_every_figure_stands_in_the_table_with_headings():
    html = render_to_string(
        "components/diagram.html", {"diagram": _diagram([("Aure", 12, 15), ("Tingvoll", 37, 45)])}
    )
    html = " ".join(html.split())

    assert (
        '<th scope="row">Tingvoll</th> <td class="app-tall">37</td> <td class="app-tall">45</td>'
        in html
    )
    assert 'role="img" aria-labelledby="diagram-oppmte-tittel"' in html
    assert "style=" not in html


def test_shares_are_each_of_its_own_whole_and_those_that_came_farthest_stand_first():
    diagram = stolper(
        [("Smøla", 2, 6), ("Averøy", 14, 14), ("Aure", 0, 0)],
        tittel="I 1 av 3 kommuner har alle levert",
        radnavn="Kommune",
        verdinavn="Levert",
        andeler=True,
    )

    forst, neste, sist = diagram.soyler
    assert [s.navn for s in diagram.soyler] == ["Averøy", "Smøla", "Aure"]
    assert forst.bredde == forst.bakgrunn == neste.bakgrunn
    assert neste.bredde == pytest.approx(neste.bakgrunn / 3, abs=0.1)
    assert (forst.verditekst, sist.bredde, diagram.streker) == ("14 av 14", 0, ())


def test_room_that_is_left_in_a_stacked_bar_has_no_figure():
    rad = stabel("Aure", [("del", 10), ("tom", 36)], ord_="10 enheter")

    assert [(s.slag, s.har_plass) for s in rad.stykker] == [("del", True), ("tom", False)]
