"""Templates for what there is much of: Jinja2, compiled once, with autoescape.

A page is a Django template. Where it repeats something fifty or seven hundred times, the rows are a
`.jinja` file beside it, fed with plain values (measured: docs/valg/700-deltakere-paa-en-side.md).
"""

from functools import cache
from pathlib import Path
from typing import Any

import django.forms
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, FileSystemLoader, StrictUndefined

DJANGOS_SKJEMAMALER = Path(django.forms.__file__).parent / "jinja2"


@cache
def _rows() -> Environment:
    return Environment(
        loader=FileSystemLoader(settings.BASE_DIR / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.DEBUG,
    )


@cache
def form_templates() -> Environment:
    """Django's own Jinja2 templates for the controls of a form."""
    return Environment(
        loader=FileSystemLoader(DJANGOS_SKJEMAMALER), autoescape=True, auto_reload=False
    )


def draw(mal: str, **innhold: Any) -> SafeString:
    """The template `mal` as HTML. Every word in it is escaped unless it is marked safe."""
    # Autoescape has escaped it, so it is safe to mark.
    return mark_safe(_rows().get_template(mal).render(innhold).strip())
