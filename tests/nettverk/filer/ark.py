"""What stands on each page of a print, for tests that ask where it breaks."""

from collections.abc import Iterator
from typing import Any

from nettverk.filer import pdf


def pages(html: str) -> list[str]:
    """The text of each page, the lines in the order they are drawn; what the margins say too."""
    pdf.load_libraries()
    from weasyprint import HTML

    laget = HTML(string=html, base_url=pdf._STATISK, url_fetcher=pdf._fetcher()).render()
    return ["\n".join(_texts(side._page_box)) for side in laget.pages]


def _texts(boks: Any) -> Iterator[str]:
    if tekst := getattr(boks, "text", ""):
        yield tekst
    for barn in getattr(boks, "children", ()):
        yield from _texts(barn)
