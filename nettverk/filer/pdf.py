"""PDF: one print base (`templates/pdf/base.html`), one way from a template to bytes.

Every document is PDF/A-3a (archive) and PDF/UA-1 (accessible) at once: WeasyPrint makes the first, and
`_add_pdfua` adds what the second needs. Nothing is fetched from outside: styles and the fonts are the
portal's own static files, read from disk.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils import timezone, translation

from nettverk.filer.filnavn import made_name
from nettverk.filer.papir import with_breaks, without_trailing_space
from nettverk.filer.pdfdrakt import dress, style_of
from nettverk.filer.skrifttegn import drawable
from nettverk.maskinrom.biblioteker import load as load_libraries

# A base address that exists nowhere: what stands under it is looked up among the static files.
_STATISK = "http://statisk.invalid/"
# Inter, and what it has no letters for (static/css/pdf.css).
_SKRIFTER = ("inter.woff2", "arabisk.woff2", "hebraisk.woff2")
# A stream that happens to end in a carriage return seems to end one byte sooner, since a line end belongs
# before the word: then its length is not what PDF/A says it must be. One document in a hundred.
_TVETYDIG = b"\r\nendstream"
_FORSOEK = 4

# PDF/UA-1's mark, and the description of it that PDF/A demands of every schema it does not know.
_PDFUA = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about=""><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def render_pdf(template: str, context: dict[str, Any], *, spraak: str | None = None) -> bytes:
    """The template as a PDF. `spraak` (nb, nn, en) is its language, else the active one.

    The template extends `pdf/base.html`, which says what the context must hold.
    """
    return html_to_pdf(build_html(template, context, spraak=spraak))


@dataclass(frozen=True)
class Pdf:
    """A document, how many pages it has, and on which of them (from 1) each `id` stands."""

    innhold: bytes
    sider: int
    plass: dict[str, int]


def render_counted(template: str, context: dict[str, Any], *, spraak: str | None = None) -> Pdf:
    """As `render_pdf`, with where things stand."""
    return _make(build_html(template, context, spraak=spraak))


def build_html(template: str, context: dict[str, Any], *, spraak: str | None = None) -> str:
    """What WeasyPrint is given: the finished page, in which only the font and the style are links."""
    with translation.override(spraak or translation.get_language()):
        aksent = getattr(context.get("nettverk"), "aksent", "")
        html = render_to_string(
            template,
            {
                "spraak": translation.get_language(),
                "laget": timezone.localtime(),
                "drakt": style_of(aksent),
                **context,
            },
        )
        return dress(without_trailing_space(with_breaks(html)), aksent)


def html_to_pdf(html: str) -> bytes:
    """A PDF that is PDF/A-3a and PDF/UA-1 at once."""
    return _make(html).innhold


def _make(html: str) -> Pdf:
    # Slow (half a second) and in need of native libraries: only those who make a PDF pay for it.
    load_libraries()
    from weasyprint import HTML

    html = drawable(html, *map(static_file, _SKRIFTER))
    side = HTML(string=html, base_url=_STATISK, url_fetcher=_fetcher())
    innhold = b""
    sider: list[Any] = []
    for luft in range(_FORSOEK):
        ut = io.BytesIO()
        sider.clear()
        side.write_pdf(
            ut, pdf_variant="pdf/a-3a", finisher=partial(_finish, luft=luft, sider=sider)
        )
        innhold = ut.getvalue()
        if _TVETYDIG not in innhold:
            break
    plass = {navn: nr for nr, s in enumerate(sider, start=1) for navn in s.anchors}
    return Pdf(innhold, len(sider), plass)


def pdf_name(*deler: object, naar: datetime | None = None) -> str:
    """aarsrapport-nordmore-2026.pdf: a file name that every system can keep."""
    tidspunkt = f"{timezone.localtime(naar):%Y%m%d-%H%M}" if naar else ""
    return made_name(*deler, tidspunkt, endelse="pdf")


def static_file(navn: str) -> Path:
    """A static file on disk; says what to do when the front end is not built."""
    funnet = finders.find(navn)
    sti = Path(funnet) if isinstance(funnet, str) else Path(settings.STATIC_ROOT) / navn
    if not sti.is_file():
        raise ImproperlyConfigured(
            f"Fant ikke {navn}, som PDF-ene trenger. Bygg den med «make oppsett»."
        )
    return sti


@cache
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    typer = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}

    class BareStatisk(URLFetcher):
        """Answers with the portal's own static files and `data:`; refuses everything else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            if not url.startswith(_STATISK) or ".." in url:
                raise ValueError(f"PDF-en får ikke hente {url}")
            sti = static_file(unquote(url.removeprefix(_STATISK).split("?")[0]))
            type_ = typer.get(sti.suffix, "application/octet-stream")
            return URLFetcherResponse(url, sti.read_bytes(), {"Content-Type": type_})

    return BareStatisk(allowed_protocols=["data", "http"])


def _finish(document: Any, pdf: Any, *, luft: int, sider: list[Any]) -> None:
    """What is done with the document before it is written. `luft` is how many empty objects that nobody
    points to it gets, none the first time: with another number, both streams that are made in the writing
    (the objects, and where they stand) are others. `sider` is given the pages."""
    from pydyf import Dictionary

    sider.extend(document.pages)
    _add_pdfua(pdf)
    if not luft:  # seldom needed, and it takes compressing everything
        return
    for objekt in pdf.objects:
        if getattr(objekt, "compress", False) and objekt.data.endswith(_TVETYDIG):
            objekt.compress = False
    for _ in range(luft):
        pdf.add_object(Dictionary({}))


def _add_pdfua(pdf: Any) -> None:
    """WeasyPrint writes one variant at a time; the two do not exclude each other.

    PDF/A also wants the metadata to be readable as it stands, so it is not compressed.
    """
    nummer = int(pdf.catalog["Metadata"].split()[0])
    metadata = pdf.objects[nummer]
    metadata.compress = False
    innhold = b"".join(bit if isinstance(bit, bytes) else bit.encode() for bit in metadata.stream)
    slutt = innhold.rindex(b"</rdf:RDF>")
    metadata.stream = [innhold[:slutt] + _PDFUA + innhold[slutt:]]
