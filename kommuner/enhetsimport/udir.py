"""JSON from Udir's registers of schools (NSR) and kindergartens (NBR): lists and details, v3 and v4.

Names differ between versions and between list and detail; keys may be missing. Source: the registers'
own documentation.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from kommuner.enhetsimport.kilde import Kilde, Raarad
from kommuner.enhetsimport.kolonner import MAKS_RADER, NAVN
from kommuner.tabellfil.celler import LeseFeil, clean

_LISTER = ("EnhetListe", "Enheter", "enhetListe", "enheter")
_ORGNR = ("Organisasjonsnummer", "Orgnr", "OrgNr", "organisasjonsnummer")
# Lines that are not kindergartens, although the register lists them as such.
_IKKE_ENHET = re.compile(r"felles|vikar|administrasjon", re.IGNORECASE)
_NAERING = {
    "85.201": "grunnskole",
    "85.202": "grunnskole",
    "85.521": "kulturskole",
    "85.593": "voksenopplaering",
    "85.594": "voksenopplaering",
    "88.911": "barnehage",
}
_EIERSTRUKTUR = "6"
# The register's own «not closed»: {"Id": "A", "Navn": "Ingen utgåttype"}, or one of the two alone.
_IKKE_UTGAATT = {"", "a", "ingen utgåttype", "ingen utgattype"}
_SIDE = ("Sidenummer", "SideNummer", "Side", "Sidetall")
_SIDER = ("AntallSider", "AntallSiderTotalt")


def open_kilde(fil: IO[bytes]) -> Kilde:
    data = _json(fil)
    enheter = _enheter(data)
    return Kilde(
        slag="json",
        overskrifter=list(NAVN),
        kjente=dict(enumerate(NAVN)),
        rader=_rader(enheter),
        antall=len(enheter),
        fra_register=True,
        mangler_sider=_missing_pages(data),
    )


def join(filer: Iterable[IO[bytes]]) -> bytes:
    """Several pages of a register's list as one list. Raises LeseFeil when one of them is not a page.

    A page that is given twice counts once; a unit that two pages hold is a double row, as in any file.
    """
    enheter: list[dict[str, Any]] = []
    sider: dict[Any, int] = {}
    for nr, fil in enumerate(filer):
        fil.seek(0)
        if fil.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
            raise LeseFeil(
                _(
                    "Flere filer på en gang går bare når alle er JSON-sider fra samme register. Last opp andre filer én om gangen."
                )
            )
        fil.seek(0)
        data = _json(fil)
        side = _forste(data, *_SIDE) if isinstance(data, dict) else None
        if side in sider:
            continue
        sider[side if side is not None else f"fil {nr}"] = _pages(data)
        enheter += _enheter(data)
    _refuse_too_many(enheter)
    samlet = {"EnhetListe": enheter, "AntallSider": max(sider.values()), "SiderGitt": len(sider)}
    return json.dumps({**samlet, "ErSamlet": True}, ensure_ascii=False).encode()


def _json(fil: IO[bytes]) -> Any:
    try:
        return json.loads(fil.read().decode("utf-8-sig"))
    except (ValueError, RecursionError) as feil:
        raise LeseFeil(
            _("JSON-fila er ikke hel. Hent den på nytt fra registeret og prøv igjen.")
        ) from feil


def _pages(data: Any) -> int:
    """How many pages the register's list has; 1 when the file does not say."""
    sider = str(_forste(data, *_SIDER)) if isinstance(data, dict) else ""
    return int(sider) if sider.isascii() and sider.isdigit() and len(sider) < 7 else 1


def _missing_pages(data: Any) -> tuple[int, int] | None:
    """(given, in all) when the list has more pages than the file holds."""
    i_alt = _pages(data)
    gitt = data.get("SiderGitt") if isinstance(data, dict) and data.get("ErSamlet") is True else 1
    return (gitt, i_alt) if isinstance(gitt, int) and gitt < i_alt else None


def _enheter(data: Any) -> list[dict[str, Any]]:
    if isinstance(data, dict):
        liste = next((data[k] for k in _LISTER if isinstance(data.get(k), list)), None)
        if liste is None and _forste(data, *_ORGNR):
            liste = [data]
    else:
        liste = data
    enheter = [e for e in liste if isinstance(e, dict)] if isinstance(liste, list) else []
    if not any(_forste(e, *_ORGNR) for e in enheter[:100]):
        raise LeseFeil(
            _(
                "JSON-fila er ikke fra skoleregisteret (NSR) eller barnehageregisteret (NBR). Vi leter etter «EnhetListe» og fant den ikke."
            )
        )
    _refuse_too_many(enheter)
    return enheter


def _refuse_too_many(enheter: list[dict[str, Any]]) -> None:
    if len(enheter) > MAKS_RADER:
        raise LeseFeil(
            _("Fila har mer enn %(maks)s rader. Del den i flere filer.") % {"maks": MAKS_RADER}
        )


def _rader(enheter: list[dict[str, Any]]) -> Iterator[Raarad]:
    for nummer, enhet in enumerate(enheter, start=1):
        verdier = {navn: clean(verdi) for navn, verdi in _verdier(enhet).items()}
        celler = [verdier.get(navn, "") for navn in NAVN]
        yield Raarad(nummer, verdier, celler, _grunn_til_aa_utelate(enhet, verdier["type"]))


def _verdier(enhet: dict[str, Any]) -> dict[str, Any]:
    adresse = _del(enhet, "Beliggenhetsadresse", "Besoeksadresse", "Besoksadresse")
    koordinat = _koordinat(enhet)
    kommune = _del(enhet, "Kommune")
    maalform = _del(enhet, "Maalform")
    return {
        "organisasjonsnummer": _forste(enhet, *_ORGNR),
        "nsr_id": _forste(enhet, "NsrId", "NSRId"),
        "navn": _forste(enhet, "Navn", "FulltNavn"),
        "kommunenummer": _forste(enhet, "Kommunenummer", "Kommunenr", "KommuneNr")
        or _forste(kommune, "Kommunenummer", "Kommunenr"),
        "kommunenavn": _forste(kommune, "Navn"),
        "type": _type(enhet),
        "eierform": _eierform(enhet),
        "eier": _eier(enhet),
        "antall_barn": _forste(enhet, "AntallBarn", "AntallElever", "Elevtall"),
        "antall_ansatte": _forste(enhet, "AntallAnsatte"),
        "besoksadresse": _forste(adresse, "Adresse", "Adress"),
        "postnummer": _forste(adresse, "Postnummer", "Postnr"),
        "poststed": _forste(adresse, "Poststed"),
        "breddegrad": _forste(koordinat, "Breddegrad"),
        "lengdegrad": _forste(koordinat, "Lengdegrad"),
        "maalform": _forste(maalform, "Navn", "Id") or _forste(enhet, "Maalform"),
    }


def _forste(ting: dict[str, Any], *navn: str) -> Any:
    """The first that holds a plain value."""
    for n in navn:
        verdi = ting.get(n)
        if verdi is not None and verdi != "" and not isinstance(verdi, dict | list):
            return verdi
    return None


def _del(ting: dict[str, Any], *navn: str) -> dict[str, Any]:
    return next((ting[n] for n in navn if isinstance(ting.get(n), dict)), {})


def _koordinat(enhet: dict[str, Any]) -> dict[str, Any]:
    """As an object, or as one text: "5.72564,58.95041", longitude first."""
    deler = str(enhet.get("Koordinat", "")).split(",")
    if isinstance(enhet.get("Koordinat"), str) and len(deler) == 2:
        return {"Lengdegrad": deler[0], "Breddegrad": deler[1]}
    return _del(enhet, "Koordinat")


def _liste(ting: dict[str, Any], navn: str) -> list[dict[str, Any]]:
    verdi = ting.get(navn)
    return [e for e in verdi if isinstance(e, dict)] if isinstance(verdi, list) else []


def _type(enhet: dict[str, Any]) -> str:
    if enhet.get("ErBarnehage") or _liste(enhet, "Barnehagekategorier"):
        return "barnehage"
    if enhet.get("ErGrunnskole"):
        return "grunnskole"
    kategorier = " ".join(str(k.get("Navn", "")) for k in _liste(enhet, "Skolekategorier")).lower()
    if "grunnskole" in kategorier:
        return "grunnskole"
    naering = sorted(_liste(enhet, "Naeringskoder"), key=lambda n: str(n.get("Prioritet", "9")))
    for kode in naering:
        if funnet := _NAERING.get(str(kode.get("Kode", ""))):
            return funnet
    return ""


def _eier(enhet: dict[str, Any]) -> str:
    for relasjon in _liste(enhet, "ForeldreRelasjoner"):
        if str(_del(relasjon, "Relasjonstype").get("Id", "")) == _EIERSTRUKTUR:
            return str(_forste(_del(relasjon, "Enhet"), "Navn") or "")
    return ""


def _eierform(enhet: dict[str, Any]) -> str:
    eier = _eier(enhet).upper()
    if "FYLKESKOMMUNE" in eier:
        return "annen"
    if enhet.get("ErPrivatskole") or enhet.get("ErPrivatBarnehage"):
        return "privat"
    if enhet.get("ErOffentligSkole") or enhet.get("ErOffentligBarnehage"):
        return "kommunal"
    if eier:
        return "kommunal" if "KOMMUNE" in eier else "privat"
    return ""


def _is_closed(enhet: dict[str, Any]) -> bool:
    """What the register says outright wins over its kind of closing, which active units have too."""
    aktiv = enhet.get("ErAktiv")
    if isinstance(aktiv, bool):
        return not aktiv
    if enhet.get("UtgaattDato"):
        return True
    slag = enhet.get("Utgaattype")
    if isinstance(slag, dict):
        slag = _forste(slag, "Id") or _forste(slag, "Navn")
    return clean(slag).casefold() not in _IKKE_UTGAATT


def _grunn_til_aa_utelate(enhet: dict[str, Any], type_: str) -> tuple[str, str] | None:
    """Why a line of the register is not a unit of ours, when it is not."""
    if _is_closed(enhet):
        return ("nedlagt", _("Enheten er nedlagt i registeret."))
    if enhet.get("ErVideregaaendeSkole") and not enhet.get("ErGrunnskole"):
        return ("annet_slag", _("Er en videregående skole, og den er ikke med i nettverket."))
    er_enhet = enhet.get("ErBarnehage") or enhet.get("ErSkole") or enhet.get("ErGrunnskole")
    if not er_enhet and (enhet.get("ErBarnehageEier") or enhet.get("ErSkoleEier")):
        return ("annet_slag", _("Er en eier, ikke en barnehage eller skole."))
    if type_ == "barnehage" and _IKKE_ENHET.search(str(_forste(enhet, "Navn") or "")):
        return ("annet_slag", _("Ser ut som en fellestjeneste, ikke en barnehage."))
    return None
