"""A summary as a Word document: the same parts as on the page and in the PDF."""

from django.utils.translation import gettext as _

from nettverk.filer.diagrambilde import draw
from nettverk.filer.word import Worddokument
from nettverk.models import Nettverk
from rolu.samlinger.blokkinnhold import (
    Avsnitt,
    Bit,
    Blokkinnhold,
    Blokkliste,
    Blokktabell,
    Dokument,
    Fakta,
    Overskrift,
    Tegning,
)


def write_word(dokument: Dokument, tittel: str, nettverk: Nettverk, *, under: str = "") -> bytes:
    """The document as Word, in the language that is active."""
    fil = Worddokument(tittel, spraak=nettverk.maalform, forfatter=nettverk.navn, under=under)
    for blokk in dokument.hoveddel:
        fil.heading(blokk.tittel)
        _write(fil, blokk)
    for nr, blokk in enumerate(dokument.vedlegg, start=1):
        if nr == 1:
            fil.page_break()
        fil.heading(appendix_title(nr, blokk.tittel))
        _write(fil, blokk)
    return fil.save()


def appendix_title(nr: int, tittel: str) -> str:
    return _("Vedlegg %(nr)s: %(tittel)s") % {"nr": nr, "tittel": tittel}


def _write(fil: Worddokument, blokk: Blokkinnhold) -> None:
    for bit in blokk.biter:
        _write_bit(fil, bit)
    if blokk.tekst:
        fil.paragraph(blokk.tekst)


def _write_bit(fil: Worddokument, bit: Bit) -> None:
    if isinstance(bit, Avsnitt):
        fil.paragraph(bit.tekst, dempet=bit.dempet)
    elif isinstance(bit, Overskrift):
        fil.heading(bit.tekst, 2)
    elif isinstance(bit, Blokkliste):
        fil.list(bit.punkter)
    elif isinstance(bit, Fakta):
        fil.facts(bit.par)
    elif isinstance(bit, Blokktabell):
        fil.table(bit.tittel, bit.hode, bit.rader, tall=bit.tall, bredder=bit.bredder)
    elif isinstance(bit, Tegning):
        tegning = bit.diagram
        fil.heading(str(tegning.tittel), 2)
        fil.picture(draw(tegning), tekst=f"{tegning.tittel}. {tegning.beskrivelse}")
