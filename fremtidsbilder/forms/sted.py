"""The field of the place in the forms that begin something at a place where the person may write."""

from typing import Any

from django import forms


def choose_place(form: forms.Form, valg: list[tuple[str, Any]], *, navn: str = "sted") -> None:
    """Give the field `navn` its choices. The only one is not asked for, whatever the address says; else what the address says
    is chosen when it is one of them."""
    felt: Any = form.fields[navn]
    felt.choices = valg
    if len(valg) == 1:
        felt.widget = forms.HiddenInput()
    if len(valg) == 1 or form.initial.get(navn) not in dict(valg):
        form.initial[navn] = valg[0][0]
