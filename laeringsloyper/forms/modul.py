"""Forms for what a module holds: its words, its resources, its reading list."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import isbn
from stdnum.exceptions import ValidationError as IkkeIsbn

from laeringsloyper.models import Leseverk, Modul, Periode, Ressurs
from nettverk.filer.filtyper import TILLATTE_TYPER
from nettverk.filer.opplasting import accept
from nettverk.side.filfelt import hva_som_kan_legges_ved
from nettverk.side.portalform import PortalForm, PortalModelForm
from nettverk.skriving.autolagring import TekstForm
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm


class _Modulfelt(forms.Form):
    """What a module says."""

    periode = forms.ModelChoiceField(
        label=gettext_lazy("Periode"), queryset=Periode.objects.none(), empty_label=None
    )
    tittel = forms.CharField(label=gettext_lazy("Tittel"), max_length=150)
    formaal = forms.CharField(
        label=gettext_lazy("Formål"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Hvorfor, og hva enhetene skal sitte igjen med."),
    )
    oppdragsforslag = forms.CharField(
        label=gettext_lazy("Forslag til oppdrag"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Det enhetene kan prøve ut mellom to samlinger."),
    )

    def _choose_periode(self, perioder: Sequence[Periode]) -> None:
        felt: Any = self.fields["periode"]
        felt.queryset = Periode.objects.filter(pk__in=[p.pk for p in perioder])
        felt.label_from_instance = period_words
        if len(perioder) == 1:
            felt.widget = forms.HiddenInput()
            felt.initial = perioder[0]

    def _felt(self) -> dict[str, Any]:
        data: dict[str, Any] = getattr(self, "cleaned_data", {})
        return {n: data[n] for n in ("tittel", "formaal", "oppdragsforslag")}


def period_words(periode: Periode) -> str:
    """«Periode 2 (2023–2026)»."""
    navn = _("Periode %(nummer)s") % {"nummer": periode.nummer}
    if periode.fra and periode.til:
        return f"{navn} ({periode.fra.year}–{periode.til.year})"
    return navn


class NyModulForm(EngangsForm, _Modulfelt, PortalForm):
    """A new module."""

    def __init__(self, *args: Any, perioder: Sequence[Periode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose_periode(perioder)

    @property
    def felt(self) -> dict[str, Any]:
        """What `laeringsloyper.moduler.add` needs besides the period, by name."""
        return self._felt()


class ModulForm(_Modulfelt, TekstForm):
    """The words of a module that stands, and the period it belongs to."""

    tekster = ("tittel", "formaal", "oppdragsforslag")

    def __init__(
        self, *args: Any, modul: Modul, perioder: Sequence[Periode], **kwargs: Any
    ) -> None:
        kwargs.setdefault(
            "initial",
            {
                **{navn: getattr(modul, navn) for navn in self.tekster},
                "periode": modul.periode_id,
                "versjon": modul.versjon,
            },
        )
        super().__init__(*args, **kwargs)
        self._choose_periode(perioder)


def on_the_web(url: str) -> str:
    """The address as it is. Raises ValidationError for one that a browser does not open as a page, ftp for one."""
    if url and not url.startswith(("https://", "http://")):
        raise ValidationError(
            _("Skriv en nettadresse som begynner med https://."), code="ikke_nettadresse"
        )
    return url


class RessursForm(EngangsForm, PortalForm):
    """A file or an address, one at a time, so that each has its own title."""

    tittel = forms.CharField(
        label=gettext_lazy("Tittel"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("En fil uten tittel får navnet sitt."),
    )
    url = forms.URLField(
        label=gettext_lazy("Lenke"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Til en side, en film eller lysark på nettet."),
    )
    fil = forms.FileField(
        label=gettext_lazy("Eller en fil"),
        required=False,
        allow_empty_file=True,
        help_text=hva_som_kan_legges_ved(settings.OPPLASTING_MAKS),
    )
    slag = forms.ChoiceField(
        label=gettext_lazy("Hva det er"),
        required=False,
        choices=[
            ("", gettext_lazy("Portalen ser det av lenken eller fila")),
            *((verdi, navn) for verdi, navn in Ressurs.Slag.choices),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fil"].widget.attrs.setdefault("accept", ",".join(TILLATTE_TYPER))

    def clean_fil(self) -> Any:
        fil = self.cleaned_data.get("fil")
        return accept(fil) if fil else None

    def clean_url(self) -> str:
        return on_the_web(self.cleaned_data.get("url") or "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors.keys() & {"url", "fil"}:
            return data
        har_url, har_fil = bool(data.get("url")), bool(data.get("fil"))
        if har_url == har_fil:
            self.add_error(
                "url",
                ValidationError(
                    _("Velg én av dem: en lenke eller en fil.")
                    if har_url
                    else _("Skriv en lenke, eller legg ved en fil."),
                    code="fil_eller_lenke",
                ),
            )
        elif har_url and not data.get("tittel"):
            self.add_error(
                "tittel", ValidationError(_("Skriv hva lenken går til."), code="uten_tittel")
            )
        return data


class EndreRessursForm(StandForm, PortalModelForm):
    """What a resource is called, what it is, and where a link goes; a file stays the file it is."""

    url = forms.URLField(
        label=gettext_lazy("Lenke"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Til en side, en film eller lysark på nettet."),
    )

    class Meta:
        model = Ressurs
        fields = ["tittel", "url", "slag"]
        labels = {"tittel": gettext_lazy("Tittel"), "slag": gettext_lazy("Hva det er")}

    field_order = ["tittel", "url", "slag"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.fil:
            del self.fields["url"]

    def clean_url(self) -> str:
        url = on_the_web(self.cleaned_data["url"])
        andre = Ressurs.objects.filter(modul=self.instance.modul_id).exclude(pk=self.instance.pk)
        if andre.filter(url=url).exists():
            raise ValidationError(_("Modulen har denne lenken fra før."), code="fra_foer")
        return url

    @property
    def felt(self) -> dict[str, Any]:
        """What `laeringsloyper.ressurser.change` needs, by name."""
        return {n: self.cleaned_data[n] for n in self.Meta.fields if n in self.fields}


class LeseverkForm(EngangsForm, StandForm, PortalModelForm):
    """A work on the reading list."""

    # As it is written: with or without hyphens, ten digits or thirteen.
    isbn = forms.CharField(
        label=gettext_lazy("ISBN"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Står på baksiden av boka. 10 eller 13 siffer."),
    )

    class Meta:
        model = Leseverk
        fields = ["forfatter", "aar", "tittel", "sider", "isbn"]
        labels = {
            "forfatter": gettext_lazy("Forfatter"),
            "aar": gettext_lazy("År"),
            "tittel": gettext_lazy("Tittel"),
            "sider": gettext_lazy("Sider"),
        }
        help_texts = {
            "sider": gettext_lazy("De sidene som skal leses, for eksempel 21–48."),
        }

    field_order = ["forfatter", "tittel", "aar", "sider", "isbn"]

    def clean_isbn(self) -> str:
        skrevet: str = (self.cleaned_data.get("isbn") or "").strip()
        if not skrevet:
            return ""
        try:
            return isbn.to_isbn13(isbn.validate(skrevet)).replace("-", "").replace(" ", "")
        except IkkeIsbn as feil:
            raise ValidationError(
                _("Dette er ikke et gyldig ISBN. Se etter om et siffer er feil."), code="isbn"
            ) from feil

    def clean_aar(self) -> int | None:
        aar: int | None = self.cleaned_data.get("aar")
        if aar is not None and not 1500 <= aar <= 2100:
            raise ValidationError(_("Skriv et årstall med fire siffer."), code="aar")
        return aar

    @property
    def felt(self) -> dict[str, Any]:
        """What `laeringsloyper.leseliste` needs, by name."""
        return {n: self.cleaned_data[n] for n in self.Meta.fields}


class RessursbrukForm(PortalForm):
    """Which of one's own units has used a resource."""

    enhet = forms.IntegerField(widget=forms.HiddenInput)


class ModulflyttForm(PortalForm):
    """The place in its period where a module was let go, 0 the first."""

    plass = forms.IntegerField(required=False, min_value=0)
