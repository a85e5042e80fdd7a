"""The PDFs are archive documents and accessible documents at once."""

import datetime
import io
import struct
from functools import partial

import page
import pikepdf
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import engines
from django.template.loader import render_to_string
from django.utils import timezone, translation

from nettverk.filer import pdf
from nettverk.filer.pdfdrakt import dress, style_of
from nettverk.side.diagram import Aarspunkt, aarshjul, stolper

MAL = """{% extends "pdf/base.html" %}
{% block forside %}{% include "pdf/_forside.html" %}{% endblock %}
{% block innhold %}
<section id="kapittel-1"><h2>Nettverket og kommunene</h2><p>Æ Ø Å æ ø å – «sitat» og 950 000 kr.</p>
<ul><li>Ett</li><li>To</li></ul>
<table><caption>Kommuner</caption><thead><tr><th scope="col">Nummer</th><th scope="col">Navn</th></tr></thead>
<tbody><tr><th scope="row">1505</th><td>Kristiansund</td></tr><tr><th scope="row">1506</th><td>Molde</td></tr></tbody></table></section>
<section id="kapittel-2"><h2>Deltakelse</h2><h3>Oppmøte</h3>
{% include "components/diagram.html" with diagram=diagram only %}
<p>{{ tekst }}</p></section>
{% endblock %}"""


def _lag(spraak: str = "nb", tekst: str = "Slutt.") -> bytes:
    diagram = stolper(
        [("Aure", 12, 15), ("Kristiansund", 37, 45)],
        tittel="Oppmøte per kommune",
        radnavn="Kommune",
        verdinavn="Møtt",
        av_navn="Påmeldt",
    )
    context = {
        "tittel": "Årsrapport 2026",
        "nettverk": {"navn": "Oppvekstnettverk Nordmøre", "visjon": "Sammen"},
        "forside_linjer": [("Kommuner", "Aure, Kristiansund")],
        "innholdsliste": [
            {"id": "kapittel-1", "nummer": 1, "tittel": "Nettverket og kommunene"},
            {"id": "kapittel-2", "nummer": 2, "tittel": "Deltakelse"},
        ],
        "diagram": diagram,
        "tekst": tekst,
    }
    with translation.override(spraak):
        html = (
            engines["django"]
            .from_string(MAL)
            .render({"spraak": spraak, "laget": timezone.localtime(), **context})
        )
    return pdf.html_to_pdf(html)


def assert_archivable_and_accessible(innhold: bytes) -> None:
    for profil in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A):
        svar = page.validate_pdf_bytes(innhold, profile=profil)
        assert svar.is_compliant, [(f.rule_id, f.message) for f in svar.failures]


def fonts_in(innhold: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(innhold)) as dokument:
        return {
            str(obj.get("/FontName")).split("+")[-1]
            for obj in dokument.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"
        }


def test_document_with_table_contents_and_chart_is_pdfa_3a_and_pdfua_1():
    assert_archivable_and_accessible(_lag())


@pytest.mark.parametrize("spraak", ["nb", "nn"])
def test_language_title_and_author_stand_in_the_document(spraak):
    with pikepdf.open(io.BytesIO(_lag(spraak))) as dokument:
        assert str(dokument.Root.Lang) == spraak
        assert str(dokument.docinfo["/Title"]) == "Årsrapport 2026 – Oppvekstnettverk Nordmøre"
        assert str(dokument.docinfo["/Author"]) == "Oppvekstnettverk Nordmøre"
        assert bool(dokument.Root.MarkInfo.Marked)


def test_only_inter_is_used_also_in_page_numbers():
    fonter = fonts_in(_lag())

    assert fonter
    assert all(navn.startswith("Inter") for navn in fonter), fonter


@pytest.mark.parametrize(
    "tekst",
    ["Hei 👋🏽 ferdig 🎉", "Ťĺ ŋ čđ ↔ ✓ ∑ √", "Привет 你好 مرحبا", "a\u0007b\ufffec\u200bd"],
)
def test_what_people_paste_does_not_break_the_document(tekst):
    assert_archivable_and_accessible(_lag(tekst=tekst))


@pytest.mark.parametrize(
    ("navn", "skrift"),
    [
        ("ليلى منصور", "Vazirmatn"),
        ("رێبوار ئەحمەد پۆچا", "Vazirmatn"),
        ("مُحَمَّد", "Vazirmatn"),
        ("נועה לוי", "Noto-Sans-Hebrew"),
    ],
)
def test_a_name_in_another_script_is_drawn_with_letters(navn, skrift):
    innhold = _lag(tekst=f"Kari Nes og {navn} (Åsen skole)")

    assert {navn for navn in fonts_in(innhold) if not navn.startswith("Inter")} == {skrift}
    assert missing_letters(innhold) == set()
    assert_archivable_and_accessible(innhold)


def missing_letters(innhold: bytes) -> set[str]:
    """The fonts of which the empty box (glyph 0) is drawn somewhere."""
    funnet = set()
    with pikepdf.open(io.BytesIO(innhold)) as dokument:
        for side in dokument.pages:
            skrift = ""
            for felt, operator in pikepdf.parse_content_stream(side):
                if str(operator) == "Tf":
                    skrift = str(felt[0])
                tekster = _shown(felt) if str(operator) in {"Tj", "TJ"} else []
                if any(0 in struct.unpack(f">{len(t) // 2}H", t) for t in tekster):
                    funnet.add(skrift)
    return funnet


def _shown(felt) -> list[bytes]:
    """The text of an operator, two bytes a glyph."""
    biter = felt[0] if isinstance(felt[0], pikepdf.Array) else [felt[0]]
    return [bytes(bit) for bit in biter if isinstance(bit, pikepdf.String)]


def test_no_stream_seems_to_end_sooner_than_it_says():
    # Some one in a hundred documents does so by chance.
    for nummer in range(0, 120, 3):
        assert b"\r\nendstream" not in _lag(tekst=f"Slutt {nummer * 7919}."), nummer


def test_a_second_attempt_writes_every_stream_of_the_writing_otherwise():
    # The objects and where they stand are packed as the file is written: only another packing helps there.
    forsoek = [_made_in_writing(luft) for luft in range(4)]

    for type_ in ("/ObjStm", "/XRef"):
        assert len({strom[type_] for strom in forsoek}) == len(forsoek), type_


def _made_in_writing(luft: int) -> dict[str, bytes]:
    """The type of each stream that is made as the file is written, and its bytes."""
    pdf.load_libraries()
    from weasyprint import HTML

    ut = io.BytesIO()
    HTML(string="<html lang=nb><title>Sak</title><h1>Sak</h1></html>").write_pdf(
        ut, pdf_variant="pdf/a-3a", finisher=partial(pdf._finish, luft=luft, sider=[])
    )
    assert_archivable_and_accessible(ut.getvalue())
    with pikepdf.open(ut) as dokument:
        stroemmer = [o for o in dokument.objects if isinstance(o, pikepdf.Stream)]
        return {
            str(o.Type): o.read_raw_bytes()
            for o in stroemmer
            if o.get("/Type") in ("/ObjStm", "/XRef")
        }


def test_nothing_is_fetched_from_outside():
    with pytest.raises(ValueError, match="får ikke hente"):
        pdf._fetcher().fetch("https://example.com/bilde.png")
    with pytest.raises(ValueError, match="får ikke hente"):
        pdf._fetcher().fetch("file:///etc/passwd")
    with pytest.raises(ValueError, match="får ikke hente"):
        pdf._fetcher().fetch("http://statisk.invalid/../../etc/passwd")


def test_missing_font_says_what_to_do(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("nettverk.filer.pdf.finders.find", lambda navn: None)
    settings.STATIC_ROOT = tmp_path

    with pytest.raises(ImproperlyConfigured, match="make oppsett"):
        _lag()


def test_file_name_is_plain():
    assert pdf.pdf_name("Årsrapport", "Nordmøre", 2026) == "arsrapport-nordmore-2026.pdf"


def test_a_long_name_is_cut_before_the_date():
    navn = pdf.pdf_name("protokoll", "En lang tittel " * 10, "2026-06-03")

    assert len(navn) <= 84
    assert (navn[:25], navn[-15:]) == ("protokoll-en-lang-tittel-", "-2026-06-03.pdf")


def test_a_document_is_in_its_networks_colour_and_decoration_is_no_picture():
    html = (
        '<svg class="app-horisont" aria-hidden="true"><path class="app-horisont__1"/></svg>'
        '<svg class="app-kart" role="img"><title>Kart</title></svg>'
        '<svg class="app-ikon" aria-hidden="true"><use href="x"/></svg>'
    )

    ferdig = dress(html, "lyng")

    assert "--aksent:#8A3A66" in style_of("lyng")
    assert ferdig.count("<svg") == 1
    assert '<span class="app-horisont" style="background-image:url(data:image/svg+xml;' in ferdig
    assert ".app-kart__flate{fill:#9a567b}" in ferdig
    assert "app-ikon" not in ferdig
    assert dress(html, "") == dress(html, "hav")


def test_the_wheel_of_the_year_is_in_the_networks_colour_too():
    hjul = aarshjul(
        [Aarspunkt("Fagdag", datetime.date(2026, 9, 9))],
        fra=datetime.date(2026, 1, 1),
        idag=datetime.date(2027, 1, 1),
        tittel="Én samling på året",
    )

    ferdig = dress(render_to_string("components/aarshjul.html", {"hjul": hjul}), "lyng")

    assert 'class="app-hjul__punkt"' in ferdig
    assert ".app-hjul__punkt{fill:#8A3A66}" in ferdig
