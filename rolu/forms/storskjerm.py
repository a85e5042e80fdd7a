"""What steers the big screen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from nettverk.side.portalform import PortalForm
from rolu.models import Storskjerm
from rolu.samlinger import skjermbilder

# Said with one press, and for how many minutes. The hall reads them in the network's own language.
FERDIGE = {
    "to_minutter": (gettext_lazy("To minutter igjen"), 2),
    "fem_minutter": (gettext_lazy("Fem minutter igjen"), 2),
    "begynner": (gettext_lazy("Vi begynner nå"), 1),
}
NEDTELLINGER = (5, 10, 15)
_VISES = (1, 2, 5, 10, 30)


class SkjermbildeForm(PortalForm):
    """Which picture is shown."""

    bilde = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bilde"].choices = [(b.noekkel, b.navn) for b in skjermbilder.SKJERMBILDER]


class FerdigForm(PortalForm):
    """One of the messages that are always at hand."""

    ferdig = forms.ChoiceField(
        choices=[(noekkel, tekst) for noekkel, (tekst, _n) in FERDIGE.items()]
    )


class BeskjedForm(PortalForm):
    """A message of one's own, and how long it stands."""

    beskjed = forms.CharField(
        label=gettext_lazy("Egen beskjed"),
        max_length=Storskjerm.MAKS_BESKJED,
        help_text=gettext_lazy("Alle i salen leser beskjeden. Ikke skriv navn på personer."),
    )
    minutter = forms.TypedChoiceField(label=gettext_lazy("Vises i"), coerce=int, initial=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutter"].choices = [
            (n, ngettext("%(n)s minutt", "%(n)s minutter", n) % {"n": n}) for n in _VISES
        ]
        self.fields["beskjed"].widget.attrs |= {"autocomplete": "off", "enterkeyhint": "send"}


class NedtellingForm(PortalForm):
    """How long there is left, from now."""

    minutter = forms.IntegerField(
        label=gettext_lazy("Antall minutter"),
        min_value=1,
        max_value=240,
        error_messages={
            "min_value": gettext_lazy("Skriv et tall fra 1 til 240."),
            "max_value": gettext_lazy("Skriv et tall fra 1 til 240."),
            "invalid": gettext_lazy("Skriv et tall fra 1 til 240."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
