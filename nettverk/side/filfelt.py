"""Form fields for files: the answer is a list of files that may be kept, or what is wrong with each."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext_lazy

from nettverk.filer.bilder import FORMATER
from nettverk.filer.filtyper import FILM, TILLATTE_TYPER
from nettverk.filer.opplasting import GodkjentFil, accept, accept_photograph, stoerrelse


class FlereFilerInput(forms.FileInput):
    """A file input that takes several; on a phone it offers the camera and the pictures."""

    allow_multiple_selected = True


class FilerField(forms.FileField):
    """One or several files. The cleaned value is a list of GodkjentFil."""

    widget = FlereFilerInput

    def __init__(
        self, *, maks_antall: int = 10, film: bool = False, smaa: bool = False, **kwargs: Any
    ) -> None:
        """`film`: films too. `smaa`: pictures get a smaller copy."""
        super().__init__(**kwargs, allow_empty_file=True)
        self.maks_antall, self.film, self.smaa = maks_antall, film, smaa
        typer = [*TILLATTE_TYPER, *FILM] if film else TILLATTE_TYPER
        self.widget.attrs.setdefault("accept", ",".join(typer))

    def clean(self, data: Any, initial: Any = None) -> list[GodkjentFil]:
        filer: list[UploadedFile] = list(data) if isinstance(data, list | tuple) else [data]
        filer = [fil for fil in filer if fil]
        if not filer:
            super().clean(None, initial)
            return []
        if len(filer) > self.maks_antall:
            raise ValidationError(
                ngettext_lazy(
                    "Legg ved høyst %(n)s fil om gangen.",
                    "Legg ved høyst %(n)s filer om gangen.",
                    "n",
                ),
                code="for_mange",
                params={"n": self.maks_antall},
            )
        godkjente, feil = [], []
        for fil in filer:
            try:
                godkjent = super().clean(fil, initial)
                godkjente.append(accept(godkjent, film=self.film, smaa=self.smaa))
            except ValidationError as denne:
                feil += denne.error_list
        if feil:
            raise ValidationError(feil)
        return godkjente


class FotoField(forms.FileField):
    """One photograph. The cleaned value is a GodkjentFil, or None."""

    widget = forms.FileInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs, allow_empty_file=True)
        self.widget.attrs.setdefault("accept", ",".join(FORMATER))

    def clean(self, data: Any, initial: Any = None) -> GodkjentFil | None:
        fil = super().clean(data, initial)
        return accept_photograph(fil) if fil else None


def hva_som_kan_legges_ved(maks: int) -> Any:
    """Help text: what may be added, and how big. In the language of the page that asks for it."""

    def tekst() -> str:
        setning = gettext(
            "Bilder, PDF, dokumenter, regneark, presentasjoner eller lyd, opptil %(maks)s."
        )
        return setning % {"maks": stoerrelse(maks)}

    return lazy(tekst, str)()


def hva_som_kan_ligge_i_loggen(maks: int, film: int) -> Any:
    """As `hva_som_kan_legges_ved`, where films are taken too."""

    def tekst() -> str:
        setning = gettext(
            "Bilder, lyd, PDF, dokumenter, regneark og presentasjoner opptil %(maks)s, og film opptil %(film)s."
        )
        return setning % {"maks": stoerrelse(maks), "film": stoerrelse(film)}

    return lazy(tekst, str)()
