"""The portal's addresses and, among them, one that shows what it must not and one that fails. For the tests."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from nettverk.urls import handler403
from nettverk.urls import urlpatterns as portalens
from rolu.models import Loggpost, Samling

__all__ = ["handler403", "urlpatterns"]


@login_not_required
def lekk(request: HttpRequest) -> HttpResponse:
    """Every unit's text, to anybody who asks."""
    return HttpResponse("\n".join(Loggpost.objects.values_list("tekst", flat=True)))


@login_not_required
def knekk(request: HttpRequest) -> HttpResponse:
    """What nobody thought of."""
    raise RuntimeError(request.GET.get("q", ""))


def uten_hensyn(request: HttpRequest, nettverk: str, pk: int) -> HttpResponse:
    """A gathering by its number, in whatever network it is."""
    return HttpResponse(Samling.objects.get(pk=pk).sted)


urlpatterns = [
    path("plantet/lekk/", lekk),
    path("plantet/knekk/", knekk),
    path("<slug:nettverk>/samlinger/<int:pk>/rediger/", uten_hensyn),
    *portalens,
]
