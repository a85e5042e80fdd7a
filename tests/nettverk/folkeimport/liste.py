"""A list as a coordinator pastes it, read and written as a worker does."""

from nettverk.arbeid import jobber
from nettverk.folkeimport import handlinger
from nettverk.folkeimport.tabell import read_text
from nettverk.models import Folkeimport, Jobb, Nettverk, Person

TOPP = ("navn", "e-post", "enhet", "gruppe", "kommune", "rolle", "tittel", "fra", "til")


def paste(*rader: dict[str, str] | tuple[str, ...]) -> str:
    """What is on the clipboard: tabs between the cells; a cell with line breaks in quotes."""

    def celle(verdi: str) -> str:
        return f'"{verdi}"' if "\n" in verdi else verdi

    linjer = [TOPP]
    linjer += [tuple(r.get(n, "") for n in TOPP) if isinstance(r, dict) else r for r in rader]
    return "\n".join("\t".join(map(celle, linje)) for linje in linjer)


def preview(
    nettverk: Nettverk, *rader: dict[str, str], by: Person, hel_liste: bool = False
) -> Folkeimport:
    """Sent in, and read by a worker."""
    rad = handlinger.create(
        nettverk=nettverk,
        tabell=read_text(paste(*rader)),
        filnavn="folk.xlsx",
        hel_liste=hel_liste,
        by=by,
    )
    return _worked(rad)


def confirm(rad: Folkeimport, *, by: Person) -> Folkeimport:
    """Confirmed, and written by a worker."""
    handlinger.confirm(rad, by=by)
    return _worked(rad)


def _worked(rad: Folkeimport) -> Folkeimport:
    for jobb in Jobb.objects.active():
        jobber.run(jobb.pk)
    jobb = Jobb.objects.order_by("pk").last()
    assert jobb is not None
    assert not jobb.feil, jobb.feil
    rad.refresh_from_db()
    return rad


def outcomes(rad: Folkeimport) -> list[tuple[str, str]]:
    return [(r.navn, r.utfall) for r in rad.rader.in_order()]


def reasons(rad: Folkeimport) -> list[str]:
    """Why rows were refused: «column: words»."""
    return [
        ": ".join(filter(None, feil))
        for r in rad.rader.filter(utfall="avvist").in_order()
        for feil in r.data["feil"]
    ]
