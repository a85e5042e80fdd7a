"""A form that makes something new, or sends something to many, does it once: however often it is sent.

A finger that taps twice, a browser that sends again after a lost answer, a page that is gone back to:
the form carries a key, and the key is written in the same transaction as the thing. Whoever comes
second is led to what the first one made.
"""

import datetime
import hashlib
import uuid
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from nettverk.models.engang import Engangsnoekkel
from nettverk.models.person import Person

BEHOLDES = datetime.timedelta(days=7)
_IKKE_INNHOLD = {"csrfmiddlewaretoken", "engang"}


class EngangsForm(forms.Form):
    """Mixin, before PortalForm or PortalModelForm: a hidden key, and `once` in place of `is_valid`."""

    engang = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if getattr(getattr(self, "instance", None), "pk", None):
            del self.fields["engang"]  # a row that stands is changed, and has its own lock
        self.initial["engang"] = uuid.uuid4()

    def once(self, by: Person, make: Callable[[], str]) -> str | None:
        """Do the act when the form is sent and right; the address of what it made, then or before.

        `make` does it and returns the address. It runs in a transaction that holds the key; what it
        raises passes through, and the key is free again. None when there is nothing to go on to: not
        sent, something to mend, or sent before with something else in it (which the form then says).
        """
        if not self.is_bound:
            return None
        if not self.is_valid():
            # What the first one made may be the very thing that stands in the way of the second.
            return self._made_before(by)
        with transaction.atomic():
            noekkel = self.cleaned_data.get("engang")
            if noekkel is None:
                return make()
            # At the same moment: the second waits here until the first is done, or has given up.
            rad, er_ny = Engangsnoekkel.objects.get_or_create(
                noekkel=noekkel, person=by, defaults={"avtrykk": self._print()}
            )
            if er_ny:
                rad.adresse = make()
                rad.save(update_fields=["adresse"])
        if er_ny or rad.avtrykk == self._print():
            return rad.adresse
        self._ask_for_another()
        return None

    def _made_before(self, by: Person) -> str | None:
        noekkel = self.cleaned_data.get("engang")
        rad = Engangsnoekkel.objects.filter(noekkel=noekkel, person=by).first() if noekkel else None
        return rad.adresse if rad and rad.avtrykk == self._print() else None

    def _print(self) -> str:
        sendt = cast(QueryDict, self.data)
        felt = sorted((navn, v) for navn, v in sendt.lists() if navn not in _IKKE_INNHOLD)
        filer = sorted(
            (navn, fil.name, fil.size)
            for navn, fil in self.files.items()
            if isinstance(fil, UploadedFile)
        )
        return hashlib.sha256(repr((felt, filer)).encode()).hexdigest()

    def _ask_for_another(self) -> None:
        """Something else stands in it now. With a new key, sending once more makes another."""
        nye = cast(QueryDict, self.data).copy()
        nye[self.add_prefix("engang")] = str(uuid.uuid4())
        self.data = nye
        self.add_error(
            None,
            _(
                "Dette skjemaet er allerede sendt og lagret, med et annet innhold. "
                "Skal dette også lagres, sender du skjemaet en gang til."
            ),
        )


def purge(naa: datetime.datetime) -> int:
    """Delete the keys that nobody sends again."""
    antall, _detaljer = Engangsnoekkel.objects.filter(laget__lt=naa - BEHOLDES).delete()
    return antall
