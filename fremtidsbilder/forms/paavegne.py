"""What a group said, brought by somebody who leads the tankesmie."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fremtidsbilder.models import Samtalesporsmaal, Stemmegruppe, Tankesmie
from fremtidsbilder.tankesmier.bidragsbilder import MAKS_BILDER
from fremtidsbilder.tankesmier.paavegne import MAKS_ANTALL, lines_of
from nettverk.filer.bilder import FORMATER
from nettverk.filer.opplasting import GodkjentFil, stoerrelse
from nettverk.side.filfelt import FilerField
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm, mark_choices
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.gjennomsyn import look_over
from nettverk.skriving.konflikt import KanIkke


class PaaVegneForm(EngangsForm, PortalForm):
    """Which question, whose voice, how many, what they said, and their drawings. What may name a child is asked about
    once: `advarsler` says what was noticed, and `likevel` that it is to be sent as it is."""

    sporsmaal = forms.ModelChoiceField(
        label=gettext_lazy("Spørsmål"), queryset=Samtalesporsmaal.objects.none(), empty_label=None
    )
    gruppe = forms.ModelChoiceField(
        label=gettext_lazy("Hvem sin stemme"),
        queryset=Stemmegruppe.objects.none(),
        empty_label=gettext_lazy("Velg gruppe"),
    )
    antall = forms.IntegerField(
        label=gettext_lazy("Hvor mange var de?"), min_value=1, max_value=MAKS_ANTALL
    )
    om_hvem = forms.CharField(
        label=gettext_lazy("Om dem"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For eksempel «4–5 år» eller «7. trinn». Aldri navn."),
    )
    tekst = forms.CharField(
        label=gettext_lazy("Det de sa"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=gettext_lazy("Ett bidrag på hver linje."),
    )
    bilder = FilerField(
        label=gettext_lazy("Bilder av tegninger"),
        required=False,
        smaa=True,
        maks_antall=MAKS_BILDER,
    )
    viser = forms.CharField(
        label=gettext_lazy("Hva viser tegningene?"),
        required=False,
        max_length=300,
        help_text=IKKE_NAVN_PAA_BARN,
    )
    likevel = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, tankesmie: Tankesmie, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.advarsler: list[str | Promise] = []
        self.tankesmie = tankesmie
        maalform = tankesmie.nettverk.maalform
        felt = self.fields["sporsmaal"]
        felt.queryset = tankesmie.sporsmaal.all()
        self.alle_sporsmaal = list(felt.queryset)
        if len(self.alle_sporsmaal) == 1:
            felt.widget = forms.HiddenInput()
            self.initial["sporsmaal"] = self.alle_sporsmaal[0].pk
        else:
            mark_choices(felt, maalform)
        self._choose_groups(tankesmie, maalform)
        felt = self.fields["bilder"]
        felt.widget.attrs["accept"] = ",".join(FORMATER)
        felt.help_text = _(
            "Opptil %(n)s bilder i JPEG, PNG eller WebP, hvert høyst %(maks)s. "
            "Opplysninger om sted og kamera tas bort."
        ) % {"n": MAKS_BILDER, "maks": stoerrelse(settings.OPPLASTING_MAKS)}

    def _choose_groups(self, tankesmie: Tankesmie, maalform: str) -> None:
        """Those that the tankesmie asks; all of the network's when it asks none."""
        spurt = tankesmie.grupper.all()
        felt = self.fields["gruppe"]
        felt.queryset = spurt if spurt.exists() else tankesmie.nettverk.stemmegrupper.all()
        if felt.queryset.exists():
            mark_choices(felt, maalform)
        else:
            del self.fields["gruppe"]

    def clean_tekst(self) -> str:
        tekst: str = self.cleaned_data["tekst"]
        if tekst.strip():
            try:
                lines_of(tekst)
            except KanIkke as nei:
                raise ValidationError(str(nei), code="linjer") from nei
        return tekst

    def clean_bilder(self) -> list[GodkjentFil]:
        filer: list[GodkjentFil] = self.cleaned_data["bilder"]
        for fil in filer:
            if fil.mimetype not in FORMATER:
                raise ValidationError(
                    _("«%(navn)s» er ikke et bilde. Velg et bilde i JPEG, PNG eller WebP."),
                    code="ikke_bilde",
                    params={"navn": fil.navn},
                )
        return filer

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("bilder") and "viser" not in self.errors and not data["viser"]:
            self.add_error("viser", _("Skriv hva tegningene viser, så alle kan få det lest opp."))
        if not self.errors and not data["bilder"]:
            if data["viser"]:
                self.add_error("bilder", _("Velg bildene av tegningene."))
            elif not data["tekst"].strip():
                self.add_error("tekst", _("Skriv det gruppa sa, eller legg ved bilder."))
        if not self.errors and not data["likevel"]:
            self._look_over(data)
        if self.errors and data.get("bilder"):
            # The browser does not send the same files again by itself.
            self.add_error("bilder", _("Velg bildene en gang til før du sender."))
        return data

    def _look_over(self, data: dict[str, Any]) -> None:
        skrevet = "\n".join((data["tekst"], data["viser"], data["om_hvem"]))
        [sett] = look_over(self.tankesmie.nettverk, [skrevet])
        self.advarsler = sett.advarsler
        if self.advarsler:
            self.add_error(
                None,
                _(
                    "Se over teksten. Sender du den slik den er, må det som kan nevne noen ved navn, "
                    "leses før det vises."
                ),
            )

    @property
    def felt(self) -> dict[str, Any]:
        """What `fremtidsbilder.tankesmier.paavegne.speak_for` needs, by name."""
        data = self.cleaned_data
        return {
            "gruppe": data.get("gruppe"),
            "antall": data["antall"],
            "om_hvem": data["om_hvem"],
            "tekst": data["tekst"],
            "filer": data["bilder"],
            "beskrivelse": data["viser"],
        }
