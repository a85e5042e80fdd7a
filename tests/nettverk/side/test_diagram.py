"""Charts: the geometry is plain data, and the figures always stand in a table beside."""

from django.template.loader import render_to_string

from nettverk.side.diagram import stolper


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
