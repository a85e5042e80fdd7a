"""Forms for the invitations: which people, and the letter that goes to them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kommuner.sortering import folded, search_words
from nettverk.invitasjon import Oppnevnt
from nettverk.models import Gruppe, Nettverk
from nettverk.side.portalform import PortalForm
from nettverk.side.utenfra import whole_number
from nettverk.skriving.engang import EngangsForm

UTVIKLINGSGRUPPER = "enheter"


class OppnevntFilterForm(PortalForm):
    """Which of those who have a Verv: by kommune, by group, by how far the invitation has come."""

    er_filter = True

    q = forms.CharField(
        label=_("Søk etter navn"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    tilstand = forms.ChoiceField(
        label=_("Vis"),
        required=False,
        choices=[
            ("", _("De som ikke har vært inne")),
            ("ikke_invitert", _("De som ikke er invitert")),
            ("invitert", _("De som er invitert og ikke har vært inne")),
            ("inne", _("De som har vært inne")),
            ("alle", _("Alle")),
        ],
    )
    kommune = forms.ChoiceField(label=_("Kommune"), required=False)
    gruppe = forms.ChoiceField(label=_("Gruppe"), required=False)

    def __init__(self, *args: Any, nettverk: Nettverk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kommuner = nettverk.kommuner().defer("grense")
        self.fields["kommune"].choices = [
            ("", _("Alle kommuner")),
            *((str(k.pk), k.navn) for k in kommuner),
        ]
        grupper = Gruppe.objects.filter(nettverk=nettverk).gyldig().nettverksgrupper()
        self.fields["gruppe"].choices = [
            ("", _("Alle grupper")),
            (UTVIKLINGSGRUPPER, _("Utviklingsgruppene")),
            *((str(g.pk), g.navn) for g in grupper),
        ]

    def filter(self, alle: list[Oppnevnt]) -> list[Oppnevnt]:
        data = self.cleaned_data if self.is_valid() else {}
        tilstand = data.get("tilstand", "")
        kommune, gruppe = whole_number(data.get("kommune")), data.get("gruppe", "")
        ordene = search_words(data.get("q", ""))
        return [
            en
            for en in alle
            if all(ord_ in folded(en.person.navn) for ord_ in ordene)
            and _is_so(en, tilstand)
            and (kommune is None or kommune in en.kommuner)
            and (not gruppe or _sits_in(en, gruppe))
        ]


def _is_so(en: Oppnevnt, tilstand: str) -> bool:
    if tilstand == "alle":
        return True
    if tilstand == "inne":
        return en.har_vaert_inne
    if tilstand == "invitert":
        return not en.har_vaert_inne and en.invitert is not None
    if tilstand == "ikke_invitert":
        return not en.har_vaert_inne and en.invitert is None
    return not en.har_vaert_inne


def _sits_in(en: Oppnevnt, gruppe: str) -> bool:
    if gruppe == UTVIKLINGSGRUPPER:
        return any(v.gruppe.er_utviklingsgruppe for v in en.verv)
    return any(str(v.gruppe_id) == gruppe for v in en.verv)


class InviterForm(EngangsForm, PortalForm):
    """Those whom the preview showed, by number."""

    hvem = forms.CharField(widget=forms.HiddenInput)

    def clean_hvem(self) -> list[int]:
        numre = (whole_number(bit) for bit in self.cleaned_data["hvem"].split(","))
        return [nummer for nummer in numre if nummer is not None]
