"""What a file is called: as the person called it, and so that every disk and every page can hold it."""

import re
import unicodedata

from django.utils.text import slugify

_MAKS_TEGN = 140
# A disk takes 255; the rest is for what the storage may add, and for the folder a person saves it in.
_MAKS_BYTE = 200
_MAKS_ENDELSE = 12
_MAKS_LAGET = 80
# Joins emoji into one picture; every other mark that is not seen goes.
_BINDER = "\u200d"


def file_name(navn: str) -> str:
    """`navn` without folders, line breaks and marks that turn the writing around, cut before its ending."""
    navn = unicodedata.normalize("NFC", navn).replace("\\", "/").rsplit("/", 1)[-1]
    navn = " ".join("".join(_visible(tegn) for tegn in navn).split())
    stamme, punktum, endelse = navn.rpartition(".")
    if not stamme or len(endelse.encode()) > _MAKS_ENDELSE:
        stamme, punktum, endelse = navn, "", ""
    endelse = punktum + endelse
    return cut(stamme, _MAKS_BYTE - len(endelse.encode()), tegn=_MAKS_TEGN - len(endelse)) + endelse


def made_name(*deler: object, endelse: str) -> str:
    """aarsrapport-nordmore-2026.pdf: what something the portal made is called, on every system. What is too long is
    cut in its longest part, so that what it is and the date are still told."""
    slugger = [slug for del_ in deler if del_ and (slug := _slug(str(del_)))]
    if for_mye := max(len("-".join(slugger)) - _MAKS_LAGET, 0):
        lengst = max(range(len(slugger)), key=lambda nr: len(slugger[nr]))
        slugger[lengst] = slugger[lengst][:-for_mye].rstrip("-")
    stamme = "-".join(filter(None, slugger))[:_MAKS_LAGET].rstrip("-")
    return f"{stamme or 'dokument'}.{endelse}"


def _slug(tekst: str) -> str:
    for fra, til in (("æ", "ae"), ("ø", "o"), ("å", "a")):
        tekst = tekst.lower().replace(fra, til)
    return slugify(tekst)


def cut(tekst: str, antall: int, *, tegn: int | None = None) -> str:
    """At most `antall` bytes (and `tegn` characters) of `tekst`, never half a letter."""
    return tekst[:tegn].encode()[:antall].decode(errors="ignore").rstrip(_BINDER + " ")


def _visible(tegn: str) -> str:
    slag = unicodedata.category(tegn)
    if slag in {"Cc", "Zl", "Zp"}:
        return " "
    # Half of a pair (Cs) cannot be written at all.
    return "" if slag in {"Cf", "Cs"} and tegn != _BINDER else tegn


# What Django's storage adds to a name that is taken.
_PAAHENG = re.compile(r"_[A-Za-z0-9]{7}(?=\.[a-z0-9]+$)")


def as_it_was_named(sti: str) -> str:
    """The name that a kept file was given, whatever folder and ending the storage has found room for it with."""
    return _PAAHENG.sub("", sti.rsplit("/", 1)[-1])
