"""The form somebody answers: a field for each question, filled in with what the phone answered before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from evaluering.models import Sporsmaal
from evaluering.undersokelser.mottak import Verdi
from nettverk.side.portalform import PortalForm

Type = Sporsmaal.Type
MAKS_TEKST = 2_000
VET_IKKE = 0


def name_of(sporsmaal: Sporsmaal, del_: str = "") -> str:
    """The name of the question's field; `del_` is «oensket» for the other half of one about now and wanted."""
    return f"s-{sporsmaal.noekkel}{'-' + del_ if del_ else ''}"


def choices_of(sporsmaal: Sporsmaal) -> list[tuple[str, str]]:
    """The answers to choose between, by number, in the words of the form; «vet ikke» last."""
    ord_ = dict(enumerate(sporsmaal.valg, start=1))
    valg = [(str(nr), ord_.get(nr, str(nr))) for nr in sporsmaal.numre]
    return [*valg, (str(VET_IKKE), _("Vet ikke"))] if sporsmaal.vet_ikke else valg


@dataclass(frozen=True)
class Halvdel:
    """A group of choices: the whole question, or one half of it."""

    navn: str
    id: str
    etikett: str
    valg: list[tuple[str, str]]
    valgt: frozenset[str]
    flere: bool = False


@dataclass(frozen=True)
class Sporsmaalsfelt:
    """A question as it is drawn: its number, what stands in it, and what must be mended."""

    nr: int
    sporsmaal: Sporsmaal
    navn: str
    id: str
    deler: tuple[Halvdel, ...]
    tekst: str
    feil: tuple[str, ...]


class SvarForm(PortalForm):
    """The answers of one phone. `verdier` are what was answered, by question."""

    # The phone's key and edition: the same key is the same answer.
    nokkel = forms.UUIDField(widget=forms.HiddenInput)
    utgave = forms.IntegerField(
        required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput
    )

    def __init__(
        self,
        *args: Any,
        sporsmaal: Sequence[Sporsmaal],
        svarte: Mapping[int, Verdi] | None = None,
        **kwargs: Any,
    ) -> None:
        self.sporsmaal = sporsmaal
        super().__init__(*args, **kwargs)
        self.add_fields(dict(self._fields()))
        for ett in sporsmaal:
            if verdi := (svarte or {}).get(ett.pk):
                self.initial.update(_written(ett, verdi))

    def _fields(self) -> Iterable[tuple[str, forms.Field]]:
        for ett in self.sporsmaal:
            felles: dict[str, Any] = {"label": ett.tekst, "required": ett.paakrevd}
            if ett.er_tekst:
                yield (
                    name_of(ett),
                    forms.CharField(**felles, max_length=MAKS_TEKST, widget=forms.Textarea),
                )
            elif ett.type == Type.FLERVALG:
                yield name_of(ett), forms.MultipleChoiceField(**felles, choices=choices_of(ett))
            else:
                yield name_of(ett), forms.ChoiceField(**felles, choices=choices_of(ett))
            if ett.type == Type.NAA_OG_OENSKET:
                valg = [v for v in choices_of(ett) if v[0] != str(VET_IKKE)]
                felt = forms.ChoiceField(label=ett.tekst, required=False, choices=valg)
                yield name_of(ett, "oensket"), felt

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for ett in self.sporsmaal:
            if ett.type != Type.NAA_OG_OENSKET:
                continue
            naa, oensket = data.get(name_of(ett)), data.get(name_of(ett, "oensket"))
            halvt = bool(naa and naa != str(VET_IKKE)) != bool(oensket)
            if halvt and not self.errors.keys() & {name_of(ett), name_of(ett, "oensket")}:
                self.add_error(
                    name_of(ett), _("Svar både på hvordan det er nå, og hvordan du ønsker det.")
                )
        if not self.errors and not any(self.verdier.values()):
            self.add_error(None, _("Svar på minst ett spørsmål."))
        return data

    @property
    def verdier(self) -> dict[int, Verdi]:
        """What was answered, by question; empty ones too."""
        return {ett.pk: self._value(ett) for ett in self.sporsmaal}

    def _value(self, ett: Sporsmaal) -> Verdi:
        svar = self.cleaned_data.get(name_of(ett)) or ""
        if ett.er_tekst:
            return Verdi(tekst=svar.strip())
        if ett.type == Type.FLERVALG:
            valgt = sorted({int(nr) for nr in svar})
            return Verdi(valg=[VET_IKKE] if VET_IKKE in valgt else valgt)
        if not svar:
            return Verdi()
        if ett.type == Type.VALG:
            return Verdi(valg=[int(svar)])
        oensket = self.cleaned_data.get(name_of(ett, "oensket")) or ""
        return Verdi(tall=int(svar), oensket=int(oensket) if oensket else None)

    # --- as it is drawn

    @property
    def felter(self) -> list[Sporsmaalsfelt]:
        return [self._drawn(nr, ett) for nr, ett in enumerate(self.sporsmaal, start=1)]

    def _drawn(self, nr: int, ett: Sporsmaal) -> Sporsmaalsfelt:
        felt = self[name_of(ett)]
        return Sporsmaalsfelt(
            nr,
            ett,
            felt.html_name,
            felt.auto_id,
            () if ett.er_tekst else tuple(self._parts(ett)),
            str(felt.value() or "") if ett.er_tekst else "",
            tuple(str(feil) for feil in felt.errors) if self.is_bound else (),
        )

    def _parts(self, ett: Sporsmaal) -> Iterable[Halvdel]:
        delt = ett.type == Type.NAA_OG_OENSKET
        valg = choices_of(ett)
        yield self._part(
            name_of(ett), _("Slik er det nå") if delt else "", valg, flere=ett.type == Type.FLERVALG
        )
        if delt:
            ren = [v for v in valg if v[0] != str(VET_IKKE)]
            yield self._part(name_of(ett, "oensket"), _("Slik ønsker jeg det"), ren)

    def _part(
        self, navn: str, etikett: str, valg: list[tuple[str, str]], *, flere: bool = False
    ) -> Halvdel:
        felt = self[navn]
        verdi = felt.value()
        valgt = verdi if isinstance(verdi, list) else [verdi]
        return Halvdel(
            felt.html_name, felt.auto_id, etikett, valg, frozenset(map(str, valgt)), flere
        )


def _written(ett: Sporsmaal, verdi: Verdi) -> dict[str, Any]:
    """What stands in the fields of a question that was answered."""
    if ett.er_tekst:
        return {name_of(ett): verdi.tekst}
    if ett.type == Type.FLERVALG:
        return {name_of(ett): [str(nr) for nr in verdi.valg]}
    if ett.type == Type.VALG:
        return {name_of(ett): str(verdi.valg[0]) if verdi.valg else ""}
    return {
        name_of(ett): "" if verdi.tall is None else str(verdi.tall),
        name_of(ett, "oensket"): str(verdi.oensket or ""),
    }


def as_sent(rad: Mapping[str, str], sporsmaal: Sequence[Sporsmaal]) -> MultiValueDict[str, str]:
    """A row from the phone's queue (`nettverk.side.bunke`) as the form reads it: several choices stand in one field,
    with commas between."""
    data = QueryDict(mutable=True)
    for navn, verdi in rad.items():
        data[navn] = verdi
    data["nokkel"] = rad.get("id", "")
    for ett in sporsmaal:
        if ett.type == Type.FLERVALG:
            data.setlist(name_of(ett), [v for v in rad.get(name_of(ett), "").split(",") if v])
    return data
