"""What the list of goals may be narrowed to."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.maal.tre import Filter, kommuner_of, temaer_of
from fremtidsbilder.models import Maal
from nettverk.side.portalform import PortalForm
from nettverk.tilgang.roller import Roller


class MaalFilter(PortalForm):
    """Which goals one wants to see. What it does not know it leaves out."""

    er_filter = True

    kommune = forms.ChoiceField(label=_("Kommune"), required=False)
    tema = forms.TypedChoiceField(label=_("Tema"), required=False, coerce=int, empty_value=None)
    tilstand = forms.ChoiceField(
        label=_("Tilstand"),
        required=False,
        choices=[
            ("", _("Alle tilstander")),
            # Not str(): the words are the reader's, not those of the process that started.
            *((t.value, capfirst(t.label)) for t in Maal.Tilstand),
        ],
    )
    nivaa = forms.ChoiceField(
        required=False, choices=[("", ""), *Maal.Nivaa.choices], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, roller: Roller, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kommuner, temaer = kommuner_of(roller), temaer_of(roller)
        self.fields["kommune"].choices = [
            ("", _("Alle kommuner")),
            *((k.kommunenummer, k.navn) for k in kommuner),
        ]
        self.fields["tema"].choices = [("", _("Alle temaer")), *((t.pk, t.navn) for t in temaer)]
        if not temaer:
            del self.fields["tema"]
        self.is_valid()

    @property
    def valgt(self) -> Filter:
        """What is chosen."""
        felt = self.cleaned_data
        return Filter(
            nivaa=felt.get("nivaa") or "",
            kommune=felt.get("kommune") or "",
            tema=felt.get("tema"),
            tilstand=felt.get("tilstand") or "",
        )
