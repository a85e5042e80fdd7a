"""Files out: only through a view that has asked the rules, and never as something that can act.

What people upload is shown in the browser only when it is a picture or a PDF; the rest is fetched. A
file never runs scripts, never is taken for another type, and is never kept by a cache: what is in it
may be for this person alone, and may be gone tomorrow.
"""

import mimetypes
import re
from dataclasses import dataclass
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
_OMRAADE = re.compile(r"bytes=(?P<fra>[0-9]{0,18})-(?P<til>[0-9]{0,18})")
_CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

Svar = TypeVar("Svar", bound=HttpResponseBase)


def send_fil(
    fil: File,
    *,
    navn: str,
    mimetype: str | None = None,
    last_ned: bool = False,
    del_: "Utsnitt | None" = None,
) -> FileResponse:
    """Answer with a kept file, or a part of it. 404 when its content is gone from the storage, and LagerBorte (a
    plain page of 503) when the storage itself is away.

    `mimetype` is what the content was found to be; not given for what the portal made itself, whose
    name tells it.
    """
    try:
        innhold = _open(fil, del_)
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
    if del_:
        svar.status_code = 206
        svar["Content-Range"] = f"bytes {del_.fra}-{del_.til}/{del_.av}"
    return _harmless(svar, mimetype)


def send_opptak(
    request: HttpRequest, fil: File, *, navn: str, mimetype: str
) -> FileResponse | HttpResponse:
    """As `send_fil`, for what may be a film or sound: it can be wound, so the part that is asked for is sent."""
    if not mimetype.startswith(("audio/", "video/")):
        return send_fil(fil, navn=navn, mimetype=mimetype)
    try:
        del_ = _asked_for(request, fil)
    except FileNotFoundError as feil:
        raise Http404 from feil
    if isinstance(del_, HttpResponse):
        return _harmless(del_, mimetype)
    svar = send_fil(fil, navn=navn, mimetype=mimetype, del_=del_)
    svar["Accept-Ranges"] = "bytes"
    return svar


@dataclass(frozen=True)
class Utsnitt:
    """The bytes `fra`–`til` (both are with) of a file that has `av`."""

    fra: int
    til: int
    av: int

    @property
    def lengde(self) -> int:
        return self.til - self.fra + 1


def _asked_for(request: HttpRequest, fil: File) -> "Utsnitt | HttpResponse | None":
    """The part of the file that the browser asks for; None when it is the whole, or something this does not
    know (several parts at once, a part of an older file). 416 when there is no such part."""
    spurt = request.headers.get("Range", "")
    funnet = _OMRAADE.fullmatch(spurt.strip())
    if not funnet or "If-Range" in request.headers:
        return None
    fra, til = funnet["fra"], funnet["til"]
    if not fra and not til:
        return None
    av = fil.size
    if fra:
        foerste, siste = int(fra), min(int(til), av - 1) if til else av - 1
        if til and int(til) < foerste:
            return None  # no part at all: as if it was not asked
    else:
        foerste, siste = max(av - int(til), 0), av - 1
    if foerste > siste:
        svar = HttpResponse(status=416)
        svar["Content-Range"] = f"bytes */{av}"
        return svar
    return Utsnitt(foerste, siste, av)


class Filbit:
    """A part of a file on this machine's disk."""

    def __init__(self, fil: Any, del_: Utsnitt) -> None:
        self.fil, self.igjen, self.lengde = fil, del_.lengde, del_.lengde
        fil.seek(del_.fra)

    def read(self, antall: int = -1) -> bytes:
        bit: bytes = self.fil.read(self.igjen if antall < 0 else min(antall, self.igjen))
        self.igjen -= len(bit)
        return bit

    def close(self) -> None:
        self.fil.close()


class Filsvar(FileResponse):
    """A file in pieces that suit a network, not a disk."""

    block_size = 64 * 1024


def _open(fil: File, del_: Utsnitt | None) -> Any:
    """A store that is another machine sends on what comes; it is not fetched to this disk first."""
    stream = getattr(getattr(fil, "storage", None), "stream", None)
    if stream:
        return stream(fil.name, (del_.fra, del_.til)) if del_ else stream(fil.name)
    innhold = fil.open("rb")
    return Filbit(innhold, del_) if del_ else innhold


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
