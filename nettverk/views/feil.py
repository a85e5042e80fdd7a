"""The pages for what went wrong, in plain words and with a way on."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nettverk.tilgang.avslag import note
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import Avslag, hvem_kan, ikke_ennaa


def ikke_lov(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says which role could do this, and who holds it. Signed out: to sign-in, and back here."""
    if not request.user.is_authenticated and isinstance(exception, Avslag):
        return redirect_to_login(request.get_full_path())
    note(request, exception)
    roller, grunn = [], ""
    if isinstance(exception, Avslag) and request.user.is_authenticated:
        roller = hvem_kan(exception.tillatelse, exception.ting)
        # How far a thing has come is nothing for those outside its network.
        if roller_for(request.user, exception.ting.nettverk).er_medlem:
            grunn = ikke_ennaa(exception.tillatelse, exception.ting)
    return render(request, "403.html", {"roller_som_kan": roller, "grunn": grunn}, status=403)


def csrf(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    """The form was open too long, or in a tab from before signing in; the text is still in the browser."""
    return render(request, "403_csrf.html", status=403)
