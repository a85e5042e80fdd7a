"""Files out of a track: the track on paper, and the report of one module as a PDF and as a spreadsheet."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from kommuner.gyldighet import idag
from laeringsloyper import rapport
from laeringsloyper.framdrift import Modulrapport, report_of
from laeringsloyper.models import Laeringsloype
from laeringsloyper.modulstand import module_as_of
from laeringsloyper.views.modul import fetch_loype, fetch_modul
from nettverk.filer.utlevering import send_pdf, send_regneark
from nettverk.models import Nettverk
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev


@nettverksside("laeringsloyper.view_laeringsloype")
@require_safe
def loype_pdf(request: PortalRequest, nettverk: Nettverk, slug: str) -> HttpResponse:
    """The track: its aims, its line, its modules, and how far the reader's kommuner have come."""
    loype = fetch_loype(request, slug)
    return send_pdf(*rapport.track_pdf(loype, request.roller, idag()))


@nettverksside("laeringsloyper.view_laeringsloype")
@require_safe
def modul_pdf(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """The report of a module on paper."""
    loype, samlet = _report(request, slug, pk)
    return send_pdf(*rapport.module_pdf(loype, samlet))


@nettverksside("laeringsloyper.view_laeringsloype")
@require_safe
def modul_regneark(request: PortalRequest, nettverk: Nettverk, slug: str, pk: int) -> HttpResponse:
    """The report of a module as a spreadsheet."""
    loype, samlet = _report(request, slug, pk)
    return send_regneark(*rapport.module_sheets(loype, samlet))


def _report(request: PortalRequest, slug: str, pk: int) -> tuple[Laeringsloype, Modulrapport]:
    """As of today: nobody keeps how far the units had come on a day that has been."""
    loype = fetch_loype(request, slug)
    krev(request.user, "laeringsloyper.view_framdrift", loype)
    dato = idag()
    stand = module_as_of(fetch_modul(loype, pk), dato, request.roller)
    if stand is None:
        raise Http404
    return loype, report_of(loype, stand, request.roller, dato=dato)
