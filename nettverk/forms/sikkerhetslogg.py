"""What of the security log is shown."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kommuner.sortering import named, search_words
from nettverk.models import Person, Sikkerhetshendelse
from nettverk.side.portalform import PortalForm
from nettverk.side.utenfra import whole_number
from nettverk.sikkerhet.logg import all_slag


class SikkerhetsloggForm(PortalForm):
    """By kind, and by whom it is about or who did it. What makes no sense shows all."""

    er_filter = True

    slag = forms.ChoiceField(label=_("Hva"), required=False)
    person = forms.CharField(
        label=_("Navn, e-postadresse eller nummeret på kontoen"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        valg = sorted(((s.navn, str(s.tittel)) for s in all_slag()), key=lambda par: par[1])
        self.fields["slag"].choices = [("", _("Alt")), *valg]

    def filter(self, hendelser: QuerySet[Sikkerhetshendelse]) -> QuerySet[Sikkerhetshendelse]:
        self.is_valid()
        if slag := self.cleaned_data.get("slag"):
            hendelser = hendelser.filter(slag=slag)
        if hvem := self.cleaned_data.get("person"):
            folk = _people(hvem)
            hendelser = hendelser.filter(Q(person__in=folk) | Q(av__in=folk))
        return hendelser


def _people(hvem: str) -> QuerySet[Person]:
    if (nummer := whole_number(hvem)) is not None:
        return Person.objects.filter(pk=nummer)
    if "@" in hvem:
        return Person.objects.filter(epost=hvem.lower())
    if search_words(hvem):
        return named(Person.objects.all(), hvem, "sortering").order_by()
    return Person.objects.none()
