"""The form of an assignment."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from nettverk.models import Nettverk
from nettverk.side.portalform import PortalModelForm, mark_choices
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm
from nettverk.tilgang.roller import Roller
from rolu.models import Oppdrag


class OppdragForm(EngangsForm, StandForm, PortalModelForm):
    """Title, what to do, deadline. A fagansvarlig gives assignments in the own løype only."""

    class Meta:
        model = Oppdrag
        fields = ["tittel", "tekst", "frist", "laeringsloype"]
        labels = {
            "tittel": _("Tittel"),
            "tekst": _("Hva skal gjøres?"),
            "frist": _("Frist"),
            "laeringsloype": _("Læringsløype"),
        }
        help_texts = {
            "tekst": _("Skriv kort og konkret. Enhetslederne ser dette først når de logger inn."),
            "frist": _("Siste dag for å levere."),
        }
        widgets = {"tekst": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, nettverk: Nettverk, roller: Roller, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._forrige_frist = self.instance.frist if self.instance.pk else None
        if not nettverk.uses("laeringsloyper"):
            del self.fields["laeringsloype"]
            return
        loyper = self.fields["laeringsloype"]
        loyper.queryset = loyper.queryset.filter(nettverk=nettverk)
        loyper.empty_label = _("Ingen bestemt løype")
        if not roller.er_koordinator:
            loyper.queryset = loyper.queryset.filter(ansvarlig_gruppe__in=roller.fagmiljo)
            loyper.required = True
            loyper.empty_label = None
        mark_choices(loyper, nettverk.maalform)

    def clean_frist(self) -> datetime.date:
        frist = self.cleaned_data["frist"]
        if frist < idag() and frist != self._forrige_frist:
            raise ValidationError(_("Fristen må være i dag eller senere."), code="passert")
        return frist

    @property
    def felt(self) -> dict[str, Any]:
        """What `rolu.mellomarbeid.oppdrag` needs, by name."""
        # What is no field here (a løype, in a network without) stays as it is.
        return {
            navn: self.cleaned_data.get(navn, getattr(self.instance, navn))
            for navn in self.Meta.fields
        }
