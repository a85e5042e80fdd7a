"""An optimistic lock for ordinary forms: the form remembers what stood in the row when it was opened."""

import datetime
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from django import forms
from django.db import models, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from nettverk.models.nettverk import Nettverk
from nettverk.skriving.konflikt import Borte, Forskjell

Rad = TypeVar("Rad", bound=models.Model)


def hold(nettverk: Nettverk) -> None:
    """One at a time in a network, until the transaction ends.

    Call it before anything of the network's own is locked (groups, then Verv): always in that order, so
    that no two wait for each other. Rows that point at the network may be made meanwhile.
    """
    Nettverk.objects.select_for_update(of=["self"], no_key=True).get(pk=nettverk.pk)


@contextmanager
def locked(rad: Rad) -> Iterator[Rad]:
    """The row as it stands now, held while its form is checked and its act is done. Raises Borte."""
    with transaction.atomic():
        yield held(rad)


def held(rad: Rad, hvorfor: str = "") -> Rad:
    """The row as it stands now, held until the transaction ends; rows that point at it may be made meanwhile, and
    it stands until they are. Raises Borte, which says `hvorfor`, when somebody has removed it.

    What the page already knows of it (its network) comes along.
    """
    rader = type(rad)._default_manager.select_for_update(of=["self"], no_key=True)
    naa: Rad | None = rader.filter(pk=rad.pk).first()
    if naa is None:
        raise Borte(hvorfor)
    for navn, kjent in rad._state.fields_cache.items():
        felt = rad._meta.get_field(navn)
        if felt.concrete and getattr(naa, felt.attname) == getattr(rad, felt.attname):
            setattr(naa, navn, kjent)
    return naa


def mark(tekst: str) -> str:
    """A short mark of how something stands: another mark is another state."""
    return hashlib.sha256(tekst.encode()).hexdigest()[:16]


class StandForm(forms.ModelForm):
    """Mixin for model forms. `forskjeller` is filled when the row has changed since the form was opened.

    The form then carries the new mark, so that sending it once more saves with open eyes.
    """

    stand = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.forskjeller: list[Forskjell] = []
        self._naa = self._shown()
        self.initial["stand"] = self._mark()

    def _names(self) -> list[str]:
        return [navn for navn in self._meta.fields or () if navn in self.fields]

    def _shown(self) -> dict[str, str]:
        """The row's values as text. A new row has none."""
        if not self.instance.pk:
            return {}
        return {navn: self._text(navn, self.initial.get(navn)) for navn in self._names()}

    def _text(self, navn: str, verdi: Any) -> str:
        felt = self.fields[navn]
        if isinstance(felt, forms.ModelMultipleChoiceField):
            return ", ".join(sorted(str(v) for v in verdi or []))
        if hasattr(verdi, "pk"):
            verdi = verdi.pk
        if hasattr(verdi, "timestamp"):
            return timezone.localtime(verdi).strftime("%d.%m.%Y kl. %H.%M")
        if isinstance(verdi, datetime.time):
            return f"{verdi:%H.%M}"
        if isinstance(verdi, list):
            return "\n".join(map(str, verdi))
        return "" if verdi is None else str(verdi).replace("\r\n", "\n").strip()

    def _mark(self) -> str:
        return mark(repr(sorted(self._naa.items())))

    def _words(self, navn: str, tekst: str) -> str:
        """A choice in words."""
        valg = getattr(self.fields[navn], "choices", None)
        if valg and not isinstance(self.fields[navn], forms.ModelMultipleChoiceField):
            return str({str(k): v for k, v in valg}.get(tekst, tekst))
        return tekst

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        sendt = data.get("stand")
        if not self.instance.pk or not sendt or sendt == self._mark():
            return data
        for navn in self._names():
            ditt = self._text(navn, data.get(navn))
            if navn in data and self._naa[navn] != ditt:
                self.forskjeller.append(
                    Forskjell(
                        str(self.fields[navn].label),
                        self._words(navn, self._naa[navn]),
                        self._words(navn, ditt),
                    )
                )
        if self.forskjeller:
            nye = cast(QueryDict, self.data).copy()
            nye[self.add_prefix("stand")] = self._mark()
            self.data = nye
            raise forms.ValidationError(
                _("Noen andre har endret dette mens du skrev. Se over, og lagre en gang til."),
                code="konflikt",
            )
        return data
