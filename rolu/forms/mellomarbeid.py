"""Forms of the files of a unit's log, of sharing it, and of the lists."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kommuner.sortering import named
from nettverk.side.filfelt import FilerField, hva_som_kan_ligge_i_loggen
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm
from rolu.forms.enhetsfilter import Enhetsfilter
from rolu.mellomarbeid.mellomarbeidsliste import UTEN_SVAR
from rolu.models import Mellomarbeid, Vedlegg
from rolu.models.mellomarbeid import MellomarbeidQuerySet


class VedleggForm(PortalForm):
    """Files for the log; the description belongs to a picture."""

    filer = FilerField(
        label=_("Filer"),
        film=True,
        smaa=True,
        help_text=hva_som_kan_ligge_i_loggen(
            settings.OPPLASTING_MAKS, settings.OPPLASTING_FILM_MAKS
        ),
    )
    beskrivelse = forms.CharField(
        label=_("Hva viser bildet?"),
        max_length=300,
        required=False,
        help_text=_(
            "Leses opp for dem som ikke ser bildet. Legger du ved flere bilder, kan du beskrive hvert av dem etterpå."
        ),
    )


class BeskrivelseForm(PortalForm):
    """What a picture shows, for those who do not see it."""

    beskrivelse = forms.CharField(
        label=_("Hva viser bildet?"),
        max_length=300,
        required=False,
        help_text=IKKE_NAVN_PAA_BARN,
    )


class AnsikterForm(PortalForm):
    """Whether there are faces in a picture or a film, and that those who are seen have consented. «skjult» is the
    answer of one who is not sure: the unit keeps it to itself."""

    SKJULT = "skjult"

    ansikter = forms.ChoiceField(
        label=_("Er det ansikter her?"),
        choices=[
            (Vedlegg.Ansikter.INGEN, _("Nei, ingen ansikter")),
            (Vedlegg.Ansikter.SAMTYKKE, _("Ja, og vi har samtykke")),
            (SKJULT, _("Ja, eller usikker. Bare vi i gruppa skal se det.")),
        ],
        widget=forms.RadioSelect,
    )
    samtykke = forms.BooleanField(
        label=_(
            "De som vises, har sagt ja til at andre i nettverket ser dem. For barn: foresatte."
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("ansikter") == Vedlegg.Ansikter.SAMTYKKE and not data.get("samtykke"):
            self.add_error(
                "samtykke", _("Kryss av for at dere har samtykke, eller velg et annet svar.")
            )
        return data

    @property
    def svar(self) -> str:
        """As the row keeps it."""
        valgt: str = self.cleaned_data["ansikter"]
        return "" if valgt == self.SKJULT else valgt


class FilflyttForm(PortalForm):
    """One place nearer the beginning, or the end."""

    frem = forms.TypedChoiceField(
        choices=[("1", "1"), ("0", "0")],
        coerce=lambda verdi: verdi == "1",
        widget=forms.HiddenInput,
    )


class MellomarbeidFilter(Enhetsfilter):
    """Which units the list of an assignment shows, and how far they have come."""

    status = forms.ChoiceField(
        required=False,
        choices=[*Mellomarbeid.Stand.choices, (UTEN_SVAR, UTEN_SVAR)],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()

    def filter(self, queryset: MellomarbeidQuerySet) -> MellomarbeidQuerySet:
        """The units that the search and the kommune leave, whatever they have done."""
        if kommune := self.cleaned_data.get("kommune"):
            queryset = queryset.filter(kommune=kommune)
        if q := self.cleaned_data.get("q"):
            queryset = named(queryset, q, "gruppe__enhet__sortering")
        return queryset

    @property
    def valgt_status(self) -> str:
        return self.cleaned_data.get("status") or ""
