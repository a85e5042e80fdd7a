"""The signs of good practice of an image or of a goal: read as lines, and set as lines."""

from collections.abc import Sequence

from fremtidsbilder.models import Fremtidsbilde, Maal, Tegn
from nettverk.skriving.rekkefolge import number


def signs_of(ting: Fremtidsbilde | Maal) -> list[str]:
    """A line for each, in their order. One query, none for what is not saved."""
    return [tegn.tekst for tegn in ting.tegn.all()] if ting.pk else []


def set_signs(ting: Fremtidsbilde | Maal, linjer: Sequence[str]) -> None:
    """These lines in this order; what they hang on is held. A sign that stands goes on being the same one, so that its
    history does."""
    naa: dict[str, list[Tegn]] = {}
    for rad in ting.tegn.all():
        naa.setdefault(rad.tekst, []).append(rad)
    number(
        [
            _of(naa, tekst) or ting.tegn.create(tekst=tekst, rekkefolge=nummer * 10)
            for nummer, tekst in enumerate(linjer, start=1)
        ]
    )
    for rad in (rad for rader in naa.values() for rad in rader):
        rad.delete()


def _of(naa: dict[str, list[Tegn]], tekst: str) -> Tegn | None:
    """Take the sign that says it out of those that stand."""
    return naa[tekst].pop(0) if naa.get(tekst) else None
