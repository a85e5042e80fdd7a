"""A soft look for what could tell who a child is. It never stops anybody, and never logs the text."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.no import fodselsnummer

_ELLEVE_SIFRE = re.compile(r"(?<!\d)\d{6}\s?\d{5}(?!\d)")
_NAVN = r"[A-ZÆØÅ][a-zæøåéü]+"
_BARN_MED_NAVN = re.compile(
    rf"\b(?:[Ee]lev(?:en)?|[Bb]arnet|[Gg]utt?en|[Jj]ent[ae])\s+(?:(?:som\s+)?hei?te[r]?\s+)?{_NAVN}"
)
# «Jeg heter …» in the ways it is said on paper and aloud. A child writes its name also with a small letter, so what
# is no name after it («jeg heter det samme») is named here.
_JEG_HETER = re.compile(
    r"\b(?:(?:jeg|eg|æ|e)\s+hei?ter?|(?:navnet|namnet)\s+mitt\s+er|mitt\s+(?:navn|namn)\s+er)\s+"
    r"(?!(?:det|ikke|ikkje|noe|noko|hva|kva|som|jo|også|òg|og|bare|berre|et|ei|en|ein|på|i|så)\b)[a-zæøåéü]{2,}",
    re.IGNORECASE,
)
_ENS_EGET = (
    r"(?:s[øo]nn?|datter|dotter|barnebarn|barn|gutt?|jente|(?:lille|store|tvilling)?(?:bror|søster|syster)"
    r"|(?:beste)?(?:venn|ven|venninne|veninne)|kompis)"
)
_ENS_EGET_BESTEMT = (
    r"(?:s[øo]nn?(?:en)?|dotter|datter(?:en|a)|dott(?:era|ra)|dattra|barnebarnet|barnet|gutt?en|jent[ae]n?"
    r"|(?:lille|store|tvilling)?(?:broren|søstera|søsteren|systera)"
    r"|(?:beste)?(?:vennen|venen|venninna|venninnen|veninna)|kompisen)"
)
_MIN = r"(?:min|mi|mitt|vår|vårt|hans|hennes|hennar)"
# «Min sønn Ola», «dattera vår, Kari», «broren min heter Per».
_EGET_BARN_MED_NAVN = re.compile(
    rf"\b(?:(?i:{_MIN})\s+(?:(?:eldste|yngste|lille|store)\s+)?{_ENS_EGET}|(?i:{_ENS_EGET_BESTEMT})\s+{_MIN})"
    rf"(?:,?\s+som)?(?:\s+hei?ter?)?,?\s+{_NAVN}"
)


def look_for_children(tekst: str) -> list[str | Promise]:
    """What the writer should look at once more, in plain words; empty when nothing was found."""
    funn: list[str | Promise] = []
    if any(fodselsnummer.is_valid(treff.group()) for treff in _ELLEVE_SIFRE.finditer(tekst)):
        funn.append(_("Teksten ser ut til å ha et fødselsnummer i seg. Ta det bort."))
    if any(
        moenster.search(tekst) for moenster in (_BARN_MED_NAVN, _JEG_HETER, _EGET_BARN_MED_NAVN)
    ):
        funn.append(
            _(
                "Teksten ser ut til å nevne et barn ved navn. Skriv heller «en elev» eller «et barn»."
            )
        )
    return funn
