"""Text that people wrote with Markdown: as safe HTML, and as the words alone."""

from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGGER = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "a", "hr"}


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True})


def markdown(tekst: str | None) -> SafeString:
    """Markdown as safe HTML: paragraphs, lists, headings from level 2, emphasis and links."""
    html = _markdown().render(tekst or "").replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    # Cleaned here, so it is safe to mark.
    ren = nh3.clean(html, tags=_TAGGER, attributes={"a": {"href"}}, link_rel="noopener nofollow")
    return mark_safe(ren)


def without_signs(tekst: str) -> str:
    """The words of a text with Markdown as they are read, without its signs: where two texts are laid side by side."""
    linjer: list[str] = []
    i_liste = False
    for bit in _markdown().parse(tekst):
        if bit.type == "list_item_open":
            i_liste = True
        elif bit.type in ("inline", "fence", "code_block"):
            ordene = "".join(
                "\n" if b.type in ("softbreak", "hardbreak") else b.content
                for b in bit.children or [bit]
            )
            linjer.append(f"• {ordene}" if i_liste else f"{ordene}\n")
            i_liste = False
    return "\n".join(linjer).strip()
