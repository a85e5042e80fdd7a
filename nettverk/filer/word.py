"""Word out: one small way to a document that people write on in, with headings, lists and tables that a screen
reader finds. No macros, nothing that is fetched from elsewhere."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from kommuner.filtegn import lawful

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_SPRAAK = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
_SKRIFT = "Calibri"
_MOERK = "1D2A33"


def clean(tekst: object) -> str:
    """The text with only what a Word document can hold; an odd line end is a line end."""
    return lawful(str(tekst).replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n"))


class Worddokument:
    """A document that is written from the top: headings, paragraphs, lists, tables; then `save`."""

    def __init__(self, tittel: str, *, spraak: str, forfatter: str = "", under: str = "") -> None:
        # Slow (a third of a second), and only for those who make one.
        import docx
        from docx.shared import Cm

        self._dok = docx.Document()
        self._set_up(clean(tittel), spraak, clean(forfatter))
        side = self._dok.sections[0]
        side.page_width, side.page_height = Cm(21), Cm(29.7)
        side.left_margin = side.right_margin = Cm(2.2)
        side.top_margin = side.bottom_margin = Cm(2.2)
        self._bredde = side.page_width - side.left_margin - side.right_margin
        self._head_and_foot(side, " · ".join(filter(None, [clean(forfatter), clean(tittel)])))
        self._dok.add_paragraph(clean(tittel), style="Title")
        if under:
            self._dok.add_paragraph(clean(under), style="Subtitle")

    def heading(self, tekst: str, nivaa: int = 1) -> None:
        self._dok.add_heading(clean(tekst), nivaa)

    def paragraph(self, tekst: str, *, dempet: bool = False) -> None:
        """Text as people wrote it: an empty line begins a paragraph."""
        for avsnitt in re.split(r"\n[ \t]*\n", clean(tekst)):
            if avsnitt.strip():
                run = self._dok.add_paragraph().add_run(avsnitt.strip())
                run.italic = dempet or None

    def list(self, punkter: Iterable[tuple[int | None, str]]) -> None:
        """Items of (number, text), each a list item; where there are numbers they are the list's own, and
        begin with the first."""
        forrige: int | None = None
        for nummer, tekst in punkter:
            if nummer is None:
                self._dok.add_paragraph(clean(tekst), style="List Bullet")
                continue
            avsnitt = self._dok.add_paragraph(clean(tekst), style="List Number")
            if forrige is None or nummer != forrige + 1:
                liste = self._new_list(nummer)
            self._number(avsnitt, liste)
            forrige = nummer

    def facts(self, par: Iterable[tuple[str, str]]) -> None:
        """Label and value, a paragraph each."""
        for navn, verdi in par:
            avsnitt = self._dok.add_paragraph()
            avsnitt.add_run(f"{clean(navn)}: ").bold = True
            skille = "\n" if "\n" in verdi else ""
            avsnitt.add_run(f"{skille}{clean(verdi)}")

    def table(
        self,
        tittel: str,
        hode: Sequence[str],
        rader: Iterable[Sequence[str]],
        *,
        tall: Iterable[int] = (),
        bredder: Mapping[int, float] | None = None,
    ) -> None:
        """A table under its name; the row of headings is said again on each page. `tall`: the columns of
        figures; `bredder`: the width of some in centimetres, the others share the rest."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        tall, rader = frozenset(tall), list(rader)
        navn = self._dok.add_paragraph(style="Caption")
        navn.add_run(clean(tittel))
        navn.paragraph_format.keep_with_next = True
        tabell = self._dok.add_table(rows=1 + len(rader), cols=len(hode))
        tabell.style = "Light Grid"
        tabell.autofit = False
        bredde = self._widths(len(hode), bredder or {})
        for nr, kolonnen in enumerate(tabell.columns):
            kolonnen.width = bredde[nr]
        # Once each: to ask a cell of its table for every cell makes a long table slow.
        for nr, (rad, tekster) in enumerate(zip(tabell.rows, [hode, *rader], strict=True)):
            for kolonne, (celle, tekst) in enumerate(zip(rad.cells, tekster, strict=True)):
                celle.width = bredde[kolonne]
                avsnitt = celle.paragraphs[0]
                run = avsnitt.add_run(clean(tekst))
                run.bold = nr == 0
                if kolonne in tall:
                    avsnitt.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if nr == 0:
                self._mark(rad._tr.get_or_add_trPr(), "w:tblHeader")
            self._mark(rad._tr.get_or_add_trPr(), "w:cantSplit")
        self._describe_table(tabell, clean(tittel))
        self._dok.add_paragraph()

    def picture(self, png: bytes, *, tekst: str) -> None:
        """A picture as wide as the text; `tekst` says what it shows, for who does not see it."""
        bilde = self._dok.add_picture(io.BytesIO(png), width=self._bredde)
        bilde._inline.docPr.set("descr", clean(tekst))

    def page_break(self) -> None:
        self._dok.add_page_break()

    def save(self) -> bytes:
        ut = io.BytesIO()
        self._dok.save(ut)
        return ut.getvalue()

    # --- how it is made

    def _set_up(self, tittel: str, spraak: str, forfatter: str) -> None:
        """What the document says of itself, its language, and styles that print well in black and white."""
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        om = self._dok.core_properties
        om.title, om.author = tittel[:255], forfatter[:255]
        om.language = _SPRAAK.get(spraak, spraak)
        om.created = om.modified = timezone.now().replace(tzinfo=None)
        om.comments = ""
        stiler = self._dok.styles
        merke = stiler.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
        if merke is not None:
            merke.set(qn("w:val"), _SPRAAK.get(spraak, spraak))
        stiler["Normal"].font.name, stiler["Normal"].font.size = _SKRIFT, Pt(11)
        stoerrelser = {"Title": 24, "Subtitle": 12, "Heading 1": 17, "Heading 2": 13, "Caption": 10}
        for navn, punkter in stoerrelser.items():
            skrift = stiler[navn].font
            skrift.name, skrift.size = _SKRIFT, Pt(punkter)
            skrift.color.rgb = RGBColor.from_string(_MOERK)
            fonter = stiler[navn].element.get_or_add_rPr().get_or_add_rFonts()
            for felt in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonter.attrib.pop(qn(f"w:{felt}"), None)

    @staticmethod
    def _head_and_foot(side: Any, hode: str) -> None:
        """Whose document it is and what it is called over every page, but the first, where it stands large; and the
        number of the page under each."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        side.different_first_page_header_footer = True
        side.header.paragraphs[0].text = hode
        for fot in (side.footer, side.first_page_footer):
            avsnitt = fot.paragraphs[0]
            avsnitt.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            felt = OxmlElement("w:fldSimple")
            felt.set(qn("w:instr"), "PAGE")
            avsnitt._p.append(felt)

    def _new_list(self, fra: int) -> int:
        """A list of its own, that begins at `fra`."""
        from docx.oxml.ns import qn

        mal = self._dok.styles["List Number"].element.pPr.numPr.numId.val
        numre = self._dok.part.numbering_part.element
        abstrakt = numre.num_having_numId(mal).abstractNumId.val
        num = numre.add_num(abstrakt)
        num.add_lvlOverride(ilvl=0).add_startOverride(fra)
        return int(num.get(qn("w:numId")))

    @staticmethod
    def _number(avsnitt: Any, liste: int) -> None:
        numre = avsnitt._p.get_or_add_pPr().get_or_add_numPr()
        numre.get_or_add_ilvl().val = 0
        numre.get_or_add_numId().val = liste

    def _widths(self, antall: int, bredder: Mapping[int, float]) -> Sequence[int]:
        from docx.shared import Cm

        faste = {nr: int(Cm(bredde)) for nr, bredde in bredder.items()}
        resten = (self._bredde - sum(faste.values())) // max(antall - len(faste), 1)
        return [faste.get(nr, resten) for nr in range(antall)]

    @staticmethod
    def _mark(element: Any, navn: str) -> None:
        from docx.oxml import OxmlElement

        element.append(OxmlElement(navn))

    @staticmethod
    def _describe_table(tabell: Any, tittel: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        merke = OxmlElement("w:tblCaption")
        merke.set(qn("w:val"), tittel)
        tabell._tbl.tblPr.append(merke)
