"""The form of an assignment."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from laeringsloyper.models import Modul
from nettverk.models import Nettverk
from nettverk.side.portalform import PortalModelForm, mark_choices
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm
from nettverk.tilgang.roller import Roller
from rolu.models import Oppdrag


class OppdragForm(EngangsForm, StandForm, PortalModelForm):
    """Title, what to do, the three prompts of an entry, deadline, track and module. A fagansvarlig gives
    assignments in the own løype only."""

    class Meta:
        model = Oppdrag
        fields = [
            "tittel",
            "tekst",
            "spoer_gjorde",
            "spoer_merket",
            "spoer_videre",
            "frist",
            "laeringsloype",
            "modul",
        ]
        labels = {
            "tittel": _("Tittel"),
            "tekst": _("Hva skal gjøres?"),
            "spoer_gjorde": _("Første spørsmål i notatet"),
            "spoer_merket": _("Andre spørsmål"),
            "spoer_videre": _("Tredje spørsmål"),
            "frist": _("Frist"),
            "laeringsloype": _("Læringsløype"),
            "modul": _("Modul i løypa"),
        }
        help_texts = {
            "tekst": _("Skriv kort og konkret. Enhetslederne ser dette først når de logger inn."),
            "spoer_gjorde": _("Tomt: «Hva gjorde vi?»"),
            "spoer_merket": _("Tomt: «Hva la vi merke til?»"),
            "spoer_videre": _("Tomt: «Hva gjør vi nå?»"),
            "frist": _("Siste dag for å levere."),
        }
        widgets = {"tekst": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, nettverk: Nettverk, roller: Roller, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._forrige_frist = self.instance.frist if self.instance.pk else None
        if not nettverk.uses("laeringsloyper"):
            del self.fields["laeringsloype"], self.fields["modul"]
            return
        loyper = self.fields["laeringsloype"]
        loyper.queryset = loyper.queryset.filter(nettverk=nettverk)
        loyper.empty_label = _("Ingen bestemt løype")
        if not roller.er_koordinator:
            loyper.queryset = loyper.queryset.filter(ansvarlig_gruppe__in=roller.fagmiljo)
            loyper.required = True
            loyper.empty_label = None
        mark_choices(loyper, nettverk.maalform)
        self._offer_modules(loyper.queryset, nettverk.maalform)

    def _offer_modules(self, loyper: QuerySet, maalform: str) -> None:
        """Those of the tracks one may choose, by track; left out where there are none."""
        modul = self.fields["modul"]
        modul.queryset = (
            Modul.objects.filter(periode__loype__in=loyper)
            .select_related("periode__loype")
            .order_by("periode__loype__rekkefolge", "periode__nummer", "rekkefolge", "pk")
        )
        moduler = list(modul.queryset)
        if not moduler:
            del self.fields["modul"]
            return
        per_loype: dict[str, list[tuple[int, str]]] = {}
        for en in moduler:
            per_loype.setdefault(en.periode.loype.navn, []).append((en.pk, en.tittel))
        modul.choices = [("", _("Ingen bestemt modul")), *per_loype.items()]
        mark_choices(modul, maalform)

    def clean(self) -> dict[str, Any]:
        """A module says which track: another is refused, none is filled in."""
        rett = super().clean() or self.cleaned_data
        modul, loype = rett.get("modul"), rett.get("laeringsloype")
        if modul and loype and modul.periode.loype_id != loype.pk:
            self.add_error(
                "modul", _("Modulen hører til en annen læringsløype. Velg en annen modul.")
            )
        elif modul and "laeringsloype" not in self.errors:
            rett["laeringsloype"] = modul.periode.loype
        return rett

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
