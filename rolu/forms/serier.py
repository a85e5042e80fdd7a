"""The form of a series of gatherings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.models import Nettverk
from nettverk.side.portalform import PortalModelForm
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm
from rolu.models import Samlingsserie
from rolu.samlinger.serier import same_name


class SerieForm(EngangsForm, StandForm, PortalModelForm):
    """A series: what it is called, and what it is about."""

    om = forms.CharField(
        label=gettext_lazy("Om serien"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Vises for alle i nettverket."),
    )

    class Meta:
        model = Samlingsserie
        fields = ["navn", "om"]
        help_texts = {"navn": gettext_lazy("For eksempel «Fagdager 2026–2028».")}

    def __init__(self, *args: Any, nettverk: Nettverk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.nettverk = nettverk

    def clean_navn(self) -> str:
        navn: str = self.cleaned_data["navn"]
        egen = Samlingsserie(pk=self.instance.pk, nettverk=self.instance.nettverk, navn=navn)
        if same_name(egen).exists():
            raise forms.ValidationError(
                _("Nettverket har allerede en serie med dette navnet."), code="finnes"
            )
        return navn
