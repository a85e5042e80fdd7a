"""Charts: the geometry is plain data, and the figures always stand in a table beside."""

import datetime
import math

import pytest
from django.template.loader import render_to_string

from nettverk.filer.diagrambilde import _font
from nettverk.side.diagram import SKRIFT, Aarspunkt, aarshjul, smaa, stabel, stolper


def draw_width(tekst: str) -> float:
    """How wide the text is in the portal's own font."""
    return _font(100).getlength(tekst) / _font(100).size * SKRIFT


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


def test_on_a_narrow_screen_the_names_stand_over_the_bars_and_all_of_it_has_room():
    navn = "Kontaktperson i universitet og høgskole"
    vid = _diagram([(navn, 1, 2), ("Kristiansund", 141, 201), ("Aure", 34, 44)])
    smal = vid.smal

    assert [s.etikett for s in smal.soyler] == [navn, "Kristiansund", "Aure"]
    assert all(s.verdi_x + draw_width(s.verditekst) < smal.bredde for s in smal.soyler)
    assert draw_width(navn) < smal.bredde
    forholdet = [round(s.bredde / smal.soyler[1].bredde, 2) for s in smal.soyler]
    assert forholdet == [round(s.bredde / vid.soyler[1].bredde, 2) for s in vid.soyler]
    assert (smal.streker, smal.hoyde) == ((), 3 * (smal.soyler[1].y - smal.soyler[0].y))
    assert smal.soyle_y > vid.soyle_y


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


def test_shares_are_each_of_its_own_whole_in_the_order_they_are_given():
    diagram = stolper(
        [("Aure", 0, 0), ("Averøy", 14, 14), ("Smøla", 2, 6)],
        tittel="I 1 av 3 kommuner har alle levert",
        radnavn="Kommune",
        verdinavn="Levert",
        andeler=True,
    )

    aure, averoey, smoela = diagram.soyler
    assert [s.navn for s in diagram.soyler] == ["Aure", "Averøy", "Smøla"]
    assert averoey.bredde == averoey.bakgrunn == smoela.bakgrunn
    assert smoela.bredde == pytest.approx(smoela.bakgrunn / 3, abs=0.1)
    assert (averoey.verditekst, aure.bredde, diagram.streker) == ("14 av 14", 0, ())


def test_room_that_is_left_in_a_stacked_bar_has_no_figure():
    rad = stabel("Aure", [("del", 10), ("tom", 36)], ord_="10 enheter")

    assert [(s.slag, s.har_plass) for s in rad.stykker] == [("del", True), ("tom", False)]


# --- the year as a wheel

AUGUST = datetime.date(2026, 8, 1)


def _wheel(*hendelser: Aarspunkt, idag: datetime.date = datetime.date(2026, 11, 26)):
    return aarshjul(hendelser, fra=AUGUST, idag=idag, tittel="Neste frist er 1. mars")


def _angle(x: float, y: float) -> float:
    """Degrees clockwise from the top."""
    return (math.degrees(math.atan2(y - 200, x - 200)) + 90) % 360


def test_a_wheel_begins_at_the_top_and_goes_with_the_sun():
    hjul = _wheel(
        Aarspunkt("Vår", datetime.date(2027, 5, 1)), Aarspunkt("Høst", datetime.date(2026, 11, 1))
    )

    assert [h.navn for _nr, h in hjul.rader] == ["Høst", "Vår"]
    hoest, vaar = sorted(hjul.merker, key=lambda m: m.nummer)
    assert _angle(hoest.x, hoest.y) == pytest.approx(90, abs=2)
    assert _angle(vaar.x, vaar.y) == pytest.approx(270, abs=2)
    assert [m.er_naa for m in hjul.maaneder].index(True) == 3
    assert hjul.midt == "2026–27"


def test_what_overlaps_on_a_wheel_lies_on_rings_of_its_own():
    samme = [Aarspunkt(str(n), AUGUST, datetime.date(2026, 12, 1)) for n in range(3)]
    dager = [Aarspunkt(f"d{n}", AUGUST + datetime.timedelta(days=40 + n)) for n in range(3)]

    hjul = _wheel(*samme, *dager)

    steder = {(m.x, m.y) for m in hjul.merker}
    assert len(steder) == 6
    assert all(0 < m.x < hjul.stoerrelse and 0 < m.y < hjul.stoerrelse for m in hjul.merker)


def test_a_wheel_leaves_out_other_years_and_has_no_hand_but_in_its_own():
    hjul = _wheel(Aarspunkt("I fjor", datetime.date(2026, 3, 1)), idag=datetime.date(2028, 1, 1))

    assert hjul.rader == ()
    assert hjul.dag is None


def test_every_number_of_a_wheel_stands_in_the_table_with_its_day():
    hjul = _wheel(Aarspunkt("Fagdag", datetime.date(2026, 9, 9), ord="holdt", url="/s/1/"))

    html = render_to_string("components/aarshjul.html", {"hjul": hjul})

    assert '<a href="/s/1/">Fagdag</a>' in html
    assert "9. sep" in html
    assert html.count("app-hjul__punkt") == 1


# --- small multiples


def test_small_multiples_are_on_one_scale_with_the_farthest_behind_first():
    data = smaa(
        [("Aure", "", [(4, 4), (2, 4)]), ("Smøla", "/k/", [None, (1, 4)])],
        tittel="Smøla er lengst bak",
        radnavn="Kommune",
        kolonner=["Lesestund", "Ute"],
    )

    assert [en.navn for en in data.smaa] == ["Smøla", "Aure"]
    smoela, aure = data.smaa
    assert [s.hoyde for s in smoela.soyler] == [0, data.bunn / 4]
    assert [s.hoyde for s in aure.soyler] == [data.bunn, data.bunn / 2]
    assert [s.tekst for s in smoela.soyler] == ["–", "1/4"]
    html = render_to_string("components/smaa.html", {"smaa": data})
    assert "<td>–</td>" in html
    assert "Lesestund: 4 av 4. Ute: 2 av 4" in html


@pytest.mark.parametrize("navn", ["Uten kommune", "MMMMMMMMMM", "Pedagogisk-psykologisk tjeneste"])
def test_a_label_has_room_for_its_letters_and_is_not_cut_where_there_is_more(navn):
    diagram = stolper([(navn, 1)], tittel="T", radnavn="R", verdinavn="V", bredde=560)

    bredde = draw_width(navn)
    assert diagram.soyler[0].etikett == navn
    assert bredde <= diagram.etikett_x
