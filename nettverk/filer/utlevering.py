"""Files out: only through a view that has asked the rules, and never as something that can act.

What people upload is shown in the browser only when it is a picture or a PDF; the rest is fetched. A
file never runs scripts, never is taken for another type, and is never kept by a cache: what is in it
may be for this person alone, and may be gone tomorrow.
"""

import mimetypes
from typing import Any, TypeVar

from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from nettverk.filer.regneark import XLSX
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.sikkerhet.logg import hendelsesslag, record

EKSPORT = hendelsesslag("nettverk.eksport", _("Opplysninger om personer lastet ned"))

_VISES = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
# Chromium's own PDF viewer does not start in a sandboxed page; without scripts a PDF is safe anyway.
_CSP_PDF = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
_CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

Svar = TypeVar("Svar", bound=HttpResponseBase)


def send_fil(
    fil: File, *, navn: str, mimetype: str | None = None, last_ned: bool = False
) -> FileResponse:
    """Answer with a kept file. 404 when its content is gone from the storage, and LagerBorte (a plain page
    of 503) when the storage itself is away.

    `mimetype` is what the content was found to be; not given for what the portal made itself, whose
    name tells it.
    """
    try:
        innhold = _open(fil)
    except FileNotFoundError as feil:
        raise Http404 from feil
    if mimetype is None:
        mimetype = mimetypes.guess_type(navn)[0] or ""
    svar = Filsvar(
        innhold,
        as_attachment=last_ned or mimetype not in _VISES,
        filename=navn,
        content_type=_med_tegnsett(mimetype) if mimetype else "application/octet-stream",
    )
    if (lengde := getattr(innhold, "lengde", None)) is not None:
        svar["Content-Length"] = str(lengde)
    return _harmless(svar, mimetype)


class Filsvar(FileResponse):
    """A file in pieces that suit a network, not a disk."""

    block_size = 64 * 1024


def _open(fil: File) -> Any:
    """A store that is another machine sends on what comes; it is not fetched to this disk first."""
    stream = getattr(getattr(fil, "storage", None), "stream", None)
    return stream(fil.name) if stream else fil.open("rb")


def send_regneark(navn: str, innhold: bytes) -> HttpResponse:
    """Answer with a spreadsheet made just now."""
    return _send_made(navn, innhold, XLSX)


def note_export(request: HttpRequest, *, hva: str, antall: int, nettverk: Nettverk | None) -> None:
    """Write down that people are taken out of the portal: who, which list («rolu.deltakere»), how many rows."""
    person = request.user if isinstance(request.user, Person) else None
    record(EKSPORT, request=request, person=person, nettverk=nettverk, hva=hva, rader=antall)


def send_kalender(navn: str, innhold: str) -> HttpResponse:
    """Answer with a calendar file made just now."""
    return _send_made(navn, innhold.encode(), "text/calendar; charset=utf-8")


def send_pdf(navn: str, innhold: bytes) -> HttpResponse:
    """Answer with a document made just now."""
    return _send_made(navn, innhold, "application/pdf")


def send_zip(navn: str, innhold: bytes) -> HttpResponse:
    """Answer with an archive made just now."""
    return _send_made(navn, innhold, "application/zip")


def _send_made(navn: str, innhold: bytes, mimetype: str) -> HttpResponse:
    svar = HttpResponse(innhold, content_type=mimetype)
    svar["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=navn) or ""
    )
    return _harmless(svar, mimetype)


def _harmless(svar: Svar, mimetype: str) -> Svar:
    svar["X-Content-Type-Options"] = "nosniff"
    svar["Content-Security-Policy"] = _CSP_PDF if mimetype == "application/pdf" else _CSP
    svar["Cache-Control"] = "private, no-store"
    svar["Cross-Origin-Resource-Policy"] = "same-origin"
    return svar


def _med_tegnsett(mimetype: str) -> str:
    return f"{mimetype}; charset=utf-8" if mimetype.startswith("text/") else mimetype
