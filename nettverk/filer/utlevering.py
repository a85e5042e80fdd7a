"""Files out: only through a view that has asked the rules, and never as something that can act.

What people upload is shown in the browser only when it is a picture or a PDF; the rest is fetched. A
file never runs scripts, never is taken for another type, and never stays in a shared cache.
"""

from django.core.files.base import File
from django.http import FileResponse, Http404

_VISES = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
# Chromium's own PDF viewer does not start in a sandboxed page; without scripts a PDF is safe anyway.
_CSP_PDF = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
_CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


def send_fil(fil: File, *, navn: str, mimetype: str, last_ned: bool = False) -> FileResponse:
    """Answer with a kept file. 404 when its content is gone from the storage."""
    try:
        innhold = fil.open("rb")
    except FileNotFoundError as feil:
        raise Http404 from feil
    vises = mimetype in _VISES and not last_ned
    svar = FileResponse(
        innhold,
        as_attachment=not vises,
        filename=navn,
        content_type=_med_tegnsett(mimetype) if mimetype else "application/octet-stream",
    )
    svar["X-Content-Type-Options"] = "nosniff"
    svar["Content-Security-Policy"] = _CSP_PDF if mimetype == "application/pdf" else _CSP
    svar["Cache-Control"] = "private, no-cache"
    svar["Cross-Origin-Resource-Policy"] = "same-origin"
    return svar


def _med_tegnsett(mimetype: str) -> str:
    return f"{mimetype}; charset=utf-8" if mimetype.startswith("text/") else mimetype
