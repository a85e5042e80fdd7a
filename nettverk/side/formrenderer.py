"""Django's forms in Designsystemet's clothes: see templates/django/forms/."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeData, mark_safe
from django.utils.text import capfirst

from nettverk.side.jinja import form_templates


class DsBoundField(forms.BoundField):
    """A field whose input carries Designsystemet's class."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if not widget.is_hidden:
            # What is given here replaces the widget's own class, which the administration needs.
            classes = [widget.attrs.get("class", ""), attrs.get("class", ""), "ds-input"]
            attrs["class"] = " ".join(dict.fromkeys(" ".join(classes).split()))
        return attrs

    @property
    def focus_id(self) -> str:
        """Id of the first control, where a link from the error summary leads."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id


# Controls that are Django's own. Those in templates/django/forms/widgets are ours, and those that
# include one of ours (radio buttons, check boxes in a list) must find it.
_DJANGOS = frozenset(
    f"django/forms/widgets/{navn}.html"
    for navn in (
        "checkbox",
        "date",
        "email",
        "file",
        "hidden",
        "number",
        "password",
        "search",
        "select",
        "tel",
        "text",
        "textarea",
        "time",
        "url",
    )
)


def _start_with_capitals(context: dict[str, Any]) -> None:
    """Choices stand in a list, as «Alle typer» does; in a sentence the same words are small."""
    for _gruppe, valg, _nummer in context.get("widget", {}).get("optgroups", ()):
        for et_valg in valg:
            if not isinstance(et_valg["label"], SafeData):
                et_valg["label"] = capfirst(et_valg["label"])


class DsRenderer(TemplatesSetting):
    """Used through FORM_RENDERER for every form of the portal.

    Django brings each control as a Jinja2 template too: the same HTML, and a list of choices is drawn
    in a fraction of the time (measured: a filter with two lists took a third of a page).
    """

    bound_field_class = DsBoundField

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        _start_with_capitals(context)
        if template_name in _DJANGOS:
            mal = form_templates().get_template(template_name)
            # Autoescape has escaped it, so it is safe to mark.
            return mark_safe(mal.render(context).strip())
        return super().render(template_name, context, request)
