"""Bare Django views: the same rows, the same sign-in, the same middleware, and nothing else.

What a developer would write first: model objects, select_related, a plain template. Each of the
portal's pages is measured against the one that shows its rows.
"""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from evaluering.models import Aarsrapport
from kommuner.models import Enhet, Enhetstall, Plassering
from nettverk.models import Gruppe, Nettverk, Verv
from rolu.models import Deltakelse, Mellomarbeid, Oppdrag, Samling

_SIDE = (
    "<!doctype html><html lang='nb'><title>t</title><body><h1>{{ tittel }}</h1><table>%s</table>"
)
_maler: dict[str, Template] = {}


def _vis(navn: str, rad: str, **innhold: object) -> HttpResponse:
    if navn not in _maler:
        _maler[navn] = Template(_SIDE % ("{% for r in rader %}<tr>" + rad + "</tr>{% endfor %}"))
    return HttpResponse(_maler[navn].render(Context({"tittel": navn, **innhold})))


def _nettverk(slug: str) -> Nettverk:
    return Nettverk.objects.get(slug=slug)


def enheter(request: HttpRequest, slug: str) -> HttpResponse:
    nettverk = _nettverk(slug)
    naa = Plassering.objects.gyldig().select_related("kommune")
    rader = (
        Enhet.objects.filter(plasseringer__kommune__medlemskap__nettverk=nettverk)
        .prefetch_related(
            Prefetch("plasseringer", queryset=naa, to_attr="naa"),
            Prefetch("tall", queryset=Enhetstall.objects.order_by("-aar"), to_attr="tallene"),
        )
        .order_by("sortering")[:50]
    )
    rad = (
        "<th>{{ r.navn }}</th><td>{{ r.get_type_display }}</td><td>{{ r.get_eierform_display }}</td>"
        "<td>{{ r.naa.0.kommune.navn }}</td><td>{{ r.tallene.0.antall_barn }}</td>"
    )
    return _vis("enheter", rad, rader=rader)


def grupper(request: HttpRequest, slug: str) -> HttpResponse:
    rader = (
        Gruppe.objects.filter(nettverk__slug=slug)
        .gyldig()
        .select_related("enhet")
        .prefetch_related(Prefetch("verv", queryset=Verv.objects.gyldig(), to_attr="naa"))[:60]
    )
    rad = "<th>{{ r.navn }}</th><td>{{ r.naa|length }}</td><td>{% for v in r.naa %}{{ v.get_rolle_display }} {% endfor %}</td>"
    return _vis("grupper", rad, rader=rader)


def samlinger(request: HttpRequest, slug: str) -> HttpResponse:
    rader = Samling.objects.filter(nettverk=_nettverk(slug)).order_by("-start")
    rad = "<th>{{ r.tittel }}</th><td>{{ r.start }}</td><td>{{ r.sted }}</td><td>{{ r.get_type_display }}</td>"
    return _vis("samlinger", rad, rader=rader)


def deltakere(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    samling = Samling.objects.get(pk=pk, nettverk__slug=slug)
    rader = (
        Deltakelse.objects.filter(samling=samling)
        .select_related("verv__person", "verv__gruppe__enhet", "kommune")
        .order_by("kommune__sortering", "verv__person__sortering")
    )
    rad = (
        "<th>{{ r.verv.person.navn }}</th><td>{{ r.verv.get_rolle_display }}</td><td>{{ r.verv.gruppe.enhet }}</td>"
        "<td>{{ r.kommune.navn }}</td><td>{{ r.get_status_display }}</td><td>{{ r.moett|date:'H.i' }}</td>"
    )
    return _vis("deltakere", rad, rader=rader)


def mellomarbeid(request: HttpRequest, slug: str) -> HttpResponse:
    oppdrag = Oppdrag.objects.filter(nettverk__slug=slug).order_by("-frist").first()
    rader = (
        Mellomarbeid.objects.filter(oppdrag=oppdrag)
        .select_related("gruppe__enhet", "kommune", "levert_av")
        .order_by("gruppe__enhet__sortering")[:50]
    )
    rad = (
        "<th>{{ r.gruppe.enhet }}</th><td>{{ r.kommune.navn }}</td><td>{{ r.get_status_display }}</td>"
        "<td>{{ r.levert|date }}</td>"
    )
    return _vis("mellomarbeid", rad, rader=rader)


def rapporter(request: HttpRequest, slug: str) -> HttpResponse:
    rader = Aarsrapport.objects.filter(nettverk=_nettverk(slug))
    return _vis("rapporter", "<th>{{ r.aar }}</th><td>{{ r.get_status_display }}</td>", rader=rader)


def hjem(request: HttpRequest, slug: str) -> HttpResponse:
    """One person's own things: their appointments and the next gathering."""
    rader = Verv.objects.filter(person=request.user).gyldig().select_related("gruppe__enhet")
    neste = Samling.objects.filter(nettverk=_nettverk(slug)).upcoming().first()
    rad = (
        "<th>{{ r.gruppe.navn }}</th><td>{{ r.get_rolle_display }}</td><td>{{ neste.tittel }}</td>"
    )
    return _vis("hjem", rad, rader=rader, neste=neste)


urlpatterns = [
    path("<slug:slug>/enheter/", enheter),
    path("<slug:slug>/grupper/", grupper),
    path("<slug:slug>/samlinger/", samlinger),
    path("<slug:slug>/samlinger/<int:pk>/deltakere/", deltakere),
    path("<slug:slug>/mellomarbeid/", mellomarbeid),
    path("<slug:slug>/rapporter/", rapporter),
    path("<slug:slug>/hjem/", hjem),
]
