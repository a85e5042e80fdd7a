"""Forms of those who bring what was written on paper: a bundle that was scanned, and one page of it in words."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fremtidsbilder.models import Samtalesporsmaal, Stemmegruppe, Tankesmie
from fremtidsbilder.models.tankesmie import MAKS_TEGN
from fremtidsbilder.tankesmier.paavegne import MAKS_ANTALL, MAKS_KORT
from fremtidsbilder.tankesmier.skanning import MAKS_BILDER, MAKS_SIDER
from nettverk.filer.bilder import FORMATER
from nettverk.filer.opplasting import GodkjentFil, stoerrelse
from nettverk.filer.pdfsider import count_pages
from nettverk.side.filfelt import FilerField
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm, mark_choices
from nettverk.skriving.engang import EngangsForm

_PDF = "application/pdf"


class _HvemForm(forms.Form):
    """To which question, and whose voice."""

    sporsmaal = forms.ModelChoiceField(
        label=gettext_lazy("Spørsmål"),
        queryset=Samtalesporsmaal.objects.none(),
        empty_label=None,
    )
    gruppe = forms.ModelChoiceField(
        label=gettext_lazy("Hvem sin stemme"),
        queryset=Stemmegruppe.objects.none(),
        required=False,
        empty_label=gettext_lazy("Ikke sagt"),
    )

    def _ask_who(self, tankesmie: Tankesmie) -> None:
        sporsmaal: Any = self.fields["sporsmaal"]
        sporsmaal.queryset = tankesmie.sporsmaal.all()
        gruppe: Any = self.fields["gruppe"]
        gruppe.queryset = tankesmie.nettverk.stemmegrupper.all()
        alle = list(sporsmaal.queryset)
        self.har_sporsmaal = bool(alle)
        if len(alle) == 1:
            sporsmaal.widget, sporsmaal.initial = forms.HiddenInput(), alle[0].pk
        else:
            mark_choices(sporsmaal, tankesmie.nettverk.maalform)
        if gruppe.queryset:
            mark_choices(gruppe, tankesmie.nettverk.maalform)
        else:
            del self.fields["gruppe"]

    def hvem(self, tankesmie: Tankesmie) -> dict[str, Any]:
        """The question and the group, by name."""
        sporsmaal = self.cleaned_data["sporsmaal"]
        sporsmaal.tankesmie = tankesmie
        return {"sporsmaal": sporsmaal, "gruppe": self.cleaned_data.get("gruppe")}


class SkannebunkeForm(EngangsForm, PortalForm, _HvemForm):
    """One PDF of several pages, or pictures of a page each."""

    filer = FilerField(label=gettext_lazy("Skannede skjemaer"), maks_antall=MAKS_BILDER)

    field_order = ["filer", "sporsmaal", "gruppe"]

    def __init__(self, *args: Any, tankesmie: Tankesmie, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask_who(tankesmie)
        self.sider = 0
        felt = self.fields["filer"]
        felt.widget.attrs["accept"] = ",".join([_PDF, *FORMATER])
        felt.help_text = _(
            "Én PDF med opptil %(sider)s sider, eller opptil %(bilder)s bilder. Høyst %(maks)s for hver fil."
        ) % {
            "sider": MAKS_SIDER,
            "bilder": MAKS_BILDER,
            "maks": stoerrelse(settings.OPPLASTING_MAKS),
        }

    def clean_filer(self) -> list[GodkjentFil]:
        filer: list[GodkjentFil] = self.cleaned_data["filer"]
        for fil in filer:
            if fil.mimetype != _PDF and fil.mimetype not in FORMATER:
                raise ValidationError(
                    _(
                        "«%(navn)s» er verken PDF eller bilde. Velg en PDF, eller bilder i JPEG eller PNG."
                    ),
                    code="filtype",
                    params={"navn": fil.navn},
                )
        if any(fil.mimetype == _PDF for fil in filer):
            if len(filer) > 1:
                raise ValidationError(_("Legg inn én PDF om gangen."), code="en_pdf")
            self.sider = _counted(filer[0])
        return filer


def _counted(fil: GodkjentFil) -> int:
    """How many pages the PDF has. Raises ValidationError."""
    antall = count_pages(fil.innhold)
    if antall > MAKS_SIDER:
        raise ValidationError(
            _(
                "PDF-en har %(antall)s sider. Det er plass til %(maks)s i en bunke. Del PDF-en i flere."
            ),
            code="for_mange_sider",
            params={"antall": antall, "maks": MAKS_SIDER},
        )
    return antall


class SkannesideForm(EngangsForm, PortalForm, _HvemForm):
    """What stands on a page."""

    antall = forms.IntegerField(
        label=gettext_lazy("Antall stemmer"),
        min_value=1,
        max_value=MAKS_ANTALL,
        initial=1,
        help_text=gettext_lazy("Hvor mange som står bak det som er skrevet."),
    )
    om_hvem = forms.CharField(
        label=gettext_lazy("Om dem"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For eksempel «4–5 år»."),
    )
    tekst = forms.CharField(
        label=gettext_lazy("Det som står på arket"),
        max_length=MAKS_KORT * MAKS_TEGN,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Ett bidrag på hver linje."),
    )
    godkjenn = forms.BooleanField(
        label=gettext_lazy("Godkjenn med det samme"),
        required=False,
        help_text=gettext_lazy(
            "Da vises det også utenfor tankesmia. Det som kan nevne noen ved navn, må leses en gang til."
        ),
    )

    field_order = ["tekst", "sporsmaal", "gruppe", "antall", "om_hvem", "godkjenn"]

    def __init__(self, *args: Any, tankesmie: Tankesmie, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask_who(tankesmie)
        self.fields["tekst"].help_text = f"{self.fields['tekst'].help_text} {IKKE_NAVN_PAA_BARN}"

    def felt(self, tankesmie: Tankesmie) -> dict[str, Any]:
        """What `skanning.write_in` needs, by name."""
        navn = ("antall", "om_hvem", "tekst", "godkjenn")
        return self.hvem(tankesmie) | {n: self.cleaned_data[n] for n in navn}
