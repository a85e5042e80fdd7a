"""Django's forms in Designsystemet's clothes: see templates/django/forms/."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


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


class DsRenderer(TemplatesSetting):
    """Used through FORM_RENDERER for every form of the portal."""

    bound_field_class = DsBoundField
