"""Forms for an image: its words, its versions, its pictures; and the themes of the network."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fremtidsbilder.forms.sted import choose_place
from fremtidsbilder.models import Fremtidsbilde, Tema
from fremtidsbilder.sted import Hjemsted
from fremtidsbilder.tegn import signs_of
from nettverk.filer.bilder import FORMATER
from nettverk.filer.opplasting import GodkjentFil, accept, stoerrelse
from nettverk.models import Gruppe, Nettverk
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm, mark_choices
from nettverk.skriving.autolagring import TekstForm
from nettverk.skriving.engang import EngangsForm

MANGE_TEGN, MANGE_TEMAER = 40, 10
_TEGN, _TEMA = 300, 100
_AAR: dict[str, Any] = {"min_value": 1900, "max_value": 2200, "required": False}


class _Bildefelt(forms.Form):
    """What an image says. The signs and one's own themes are written one a line, in the order they stand."""

    tittel = forms.CharField(label=gettext_lazy("Tittel"), max_length=250)
    sporsmaal = forms.CharField(
        label=gettext_lazy("Spørsmål"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("Det dere spurte om, for eksempel «Hvordan vil vi ha det i 2040?»."),
    )
    tekst = forms.CharField(
        label=gettext_lazy("Fremtidsbilde"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=IKKE_NAVN_PAA_BARN,
    )
    tegn = forms.CharField(
        label=gettext_lazy("Tegn på god praksis"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Det dere ser og hører når det virker. Ett tegn på hver linje, i den rekkefølgen de skal stå."
        ),
    )
    metode = forms.CharField(
        label=gettext_lazy("Metode"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    temaer = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Temaer"),
        required=False,
        queryset=Tema.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    nye_temaer = forms.CharField(
        label=gettext_lazy("Egne temaer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Temaer som ikke står over. Ett på hver linje."),
    )
    aar = forms.IntegerField(label=gettext_lazy("Laget i"), **_AAR)
    maalaar = forms.IntegerField(label=gettext_lazy("Året bildet viser"), **_AAR)

    def _choose_themes(self, nettverk: Nettverk) -> None:
        felt: Any = self.fields["temaer"]
        felt.queryset = nettverk.temaer.all()
        if not felt.queryset.exists():
            del self.fields["temaer"]

    def clean_tegn(self) -> list[str]:
        return _lines(self.cleaned_data["tegn"], mange=MANGE_TEGN, lengde=_TEGN)

    def clean_nye_temaer(self) -> list[str]:
        alle = _lines(self.cleaned_data["nye_temaer"], mange=MANGE_TEMAER, lengde=_TEMA)
        return list({navn.casefold(): navn for navn in reversed(alle)}.values())[::-1]

    def innhold(self) -> dict[str, Any]:
        """What `fremtidsbilder.bilder.skriving` needs, by name."""
        data: dict[str, Any] = self.cleaned_data
        navn = ("tittel", "sporsmaal", "tekst", "metode", "aar", "maalaar", "gruppe")
        return {
            "felt": {n: data[n] for n in navn if n in self.fields},
            "tegn": data["tegn"],
            "temaer": list(data.get("temaer") or []),
            "nye_temaer": data["nye_temaer"],
        }


def _lines(tekst: str, *, mange: int, lengde: int) -> list[str]:
    """The lines with something in them. Raises ValidationError, which names the line."""
    linjer = [linje.strip() for linje in tekst.splitlines()]
    rader = [(nummer, linje) for nummer, linje in enumerate(linjer, start=1) if linje]
    if len(rader) > mange:
        raise ValidationError(
            _("Det er plass til %(mange)s linjer. Du har skrevet %(antall)s."),
            code="for_mange",
            params={"mange": mange, "antall": len(rader)},
        )
    for nummer, linje in rader:
        if len(linje) > lengde:
            raise ValidationError(
                _("Linje %(nummer)s har %(antall)s tegn. Det er plass til %(lengde)s."),
                code="for_lang",
                params={"nummer": nummer, "antall": len(linje), "lengde": lengde},
            )
    return [linje for _nummer, linje in rader]


ARENA = "arena"


class NyttBildeForm(EngangsForm, _Bildefelt, PortalForm):
    """A new image, at a place where the person may write."""

    sted = forms.ChoiceField(label=gettext_lazy("Hvem bildet er for"))
    gruppe = forms.ModelChoiceField(
        label=gettext_lazy("Gruppa på arenaen"),
        required=False,
        queryset=Gruppe.objects.none(),
        empty_label=gettext_lazy("Ingen gruppe"),
        help_text=gettext_lazy("Bare for en arena."),
    )

    field_order = ["sted", "gruppe"]

    def __init__(
        self, *args: Any, nettverk: Nettverk, steder: Sequence[Hjemsted], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._steder = {sted.noekkel: sted for sted in steder}
        valg: list[tuple[str, Any]] = [(sted.noekkel, sted.navn) for sted in steder]
        if "nettverk" in self._steder:
            self._steder[ARENA] = Hjemsted(ARENA)
            valg.insert(1, (ARENA, gettext_lazy("En arena")))
            self.fields["sted"].help_text = _(
                "En arena er en fast møteplass, for eksempel et forum eller et ressurslærernettverk."
            )
            _choose_group(self, nettverk)
        else:
            del self.fields["gruppe"]
        choose_place(self, valg)
        self._choose_themes(nettverk)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("gruppe") and data.get("sted") != ARENA:
            self.add_error("gruppe", _("Bare en arena har en gruppe. Velg «Ingen gruppe»."))
        return data

    @property
    def valgt_sted(self) -> Hjemsted:
        return self._steder[self.cleaned_data["sted"]]


def _choose_group(form: Any, nettverk: Nettverk) -> None:
    felt = form.fields["gruppe"]
    felles = models.Q(enhet__isnull=True)
    felt.queryset = nettverk.grupper.gyldig().filter(felles)
    mark_choices(felt, nettverk.maalform)


class BildeForm(_Bildefelt, TekstForm):
    """The words of an image that stands."""

    tekster = ("tittel", "sporsmaal", "tekst", "metode")
    gruppe = forms.ModelChoiceField(
        label=gettext_lazy("Gruppa på arenaen"),
        required=False,
        queryset=Gruppe.objects.none(),
        empty_label=gettext_lazy("Ingen gruppe"),
    )

    def __init__(self, *args: Any, bilde: Fremtidsbilde, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                **{navn: getattr(bilde, navn) for navn in (*self.tekster, "aar", "maalaar")},
                "gruppe": bilde.gruppe_id,
                "tegn": "\n".join(signs_of(bilde)),
                "temaer": [t.pk for t in bilde.temaer.all()],
                "versjon": bilde.versjon,
            },
        )
        super().__init__(*args, **kwargs)
        if bilde.nivaa == ARENA:
            _choose_group(self, bilde.nettverk)
            felt: Any = self.fields["gruppe"]
            felt.queryset |= bilde.nettverk.grupper.filter(pk__in=[bilde.gruppe_id or 0])
        else:
            del self.fields["gruppe"]
        self._choose_themes(bilde.nettverk)

    def conflict_with(self, deres: Fremtidsbilde) -> dict[str, Any]:
        """The signs and the themes belong to what was written too."""
        konflikt = super().conflict_with(deres)
        konflikt["tekster"] += [
            (self.fields["tegn"].label, "\n".join(signs_of(deres))),
            (gettext_lazy("Temaer"), "\n".join(t.navn for t in deres.temaer.all())),
        ]
        return konflikt


class UtgaveForm(EngangsForm, PortalForm):
    """What a version is called, its day, and what is new in it."""

    navn = forms.CharField(
        label=gettext_lazy("Navn på utgaven"),
        max_length=100,
        help_text=gettext_lazy("For eksempel «første, februar 2017»."),
    )
    dato = forms.DateField(label=gettext_lazy("Dato"))
    nytt = forms.CharField(
        label=gettext_lazy("Hva som er nytt"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def felt(self) -> dict[str, Any]:
        """What `fremtidsbilder.bilder.utgaver.set_utgave` needs, by name."""
        return {n: self.cleaned_data[n] for n in ("navn", "dato", "nytt")}


_BESKRIVELSE: dict[str, Any] = {
    "label": gettext_lazy("Hva bildet viser"),
    "max_length": 300,
    "help_text": gettext_lazy("Leses opp for dem som ikke ser bildet. Ikke skriv navn på barn."),
}


class IllustrasjonForm(EngangsForm, PortalForm):
    """A picture, with what it shows."""

    fil = forms.FileField(label=gettext_lazy("Bilde"), allow_empty_file=True)
    alternativ_tekst = forms.CharField(**_BESKRIVELSE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        felt = self.fields["fil"]
        felt.widget.attrs.setdefault("accept", ",".join(FORMATER))
        felt.help_text = _(
            "JPEG, PNG eller WebP, høyst %(maks)s. Opplysninger om sted og kamera tas bort."
        ) % {"maks": stoerrelse(settings.OPPLASTING_MAKS)}

    def clean_fil(self) -> GodkjentFil:
        return accept_picture(self.cleaned_data["fil"])


def accept_picture(fil: UploadedFile) -> GodkjentFil:
    """A picture, with a smaller copy of it. Raises ValidationError in plain words, also for what is none."""
    godkjent = accept(fil, smaa=True)
    if godkjent.mimetype not in FORMATER:
        raise ValidationError(
            _("«%(navn)s» er ikke et bilde. Velg et bilde i JPEG, PNG eller WebP."),
            code="ikke_bilde",
            params={"navn": godkjent.navn},
        )
    return godkjent


class BildetekstForm(PortalForm):
    """What a picture shows."""

    alternativ_tekst = forms.CharField(**_BESKRIVELSE)


class StedForm(EngangsForm, PortalForm):
    """Where an image is taken in use."""

    sted = forms.ChoiceField(label=gettext_lazy("Hvem skal bruke bildet?"))

    def __init__(self, *args: Any, steder: Sequence[Hjemsted], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._steder = {sted.noekkel: sted for sted in steder}
        choose_place(self, [(sted.noekkel, sted.navn) for sted in steder])

    @property
    def valgt_sted(self) -> Hjemsted:
        return self._steder[self.cleaned_data["sted"]]


class TemaForm(PortalForm):
    """The name of a theme."""

    navn = forms.CharField(label=gettext_lazy("Navn på temaet"), max_length=_TEMA)
