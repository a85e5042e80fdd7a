"""Text that people wrote, and names in more than one language: `{% load tekst %}`."""

from functools import cache

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from nettverk.filer.papir import on_paper
from nettverk.side.innhold import innhold
from nettverk.side.skrivemaate import kommunenavn, shortened

register = template.Library()
register.filter("innhold", innhold)
register.filter("papir", on_paper)
register.filter("kommunenavn", kommunenavn)
register.filter("kort", shortened)

_TAGGER = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "a", "hr"}


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True})


@register.filter
def markdown(tekst: str | None) -> SafeString:
    """Markdown as safe HTML: paragraphs, lists, headings from level 2, emphasis and links."""
    html = _markdown().render(tekst or "").replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    # Cleaned here, so it is safe to mark.
    ren = nh3.clean(html, tags=_TAGGER, attributes={"a": {"href"}}, link_rel="noopener nofollow")
    return mark_safe(ren)
