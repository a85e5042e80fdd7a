"""The demo's own pages: choose who to be, and read the mail that nobody was sent."""

from itertools import groupby, islice

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nettverk.demo import post
from nettverk.demo.folk import DEMOFOLK, DOMENE, PER_NOEKKEL
from nettverk.models import Nettverk, Person

_ANTALL_BREV = 100


@login_not_required
@require_safe
def folk(request: HttpRequest) -> HttpResponse:
    """The demo people, by network."""
    navn = dict(Nettverk.objects.values_list("slug", "navn"))
    grupper = [
        {"nettverk": navn.get(slug, slug), "folk": list(personer)}
        for slug, personer in groupby(DEMOFOLK, key=lambda p: p.nettverk)
    ]
    return render(request, "demo/folk.html", {"grupper": grupper})


@login_not_required
@require_POST
def logg_inn(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo person whose button was pressed."""
    demo = PER_NOEKKEL.get(request.POST.get("person", ""))
    if demo is None:
        raise Http404
    person = Person.objects.filter(
        epost=demo.epost, is_active=True, is_staff=False, is_superuser=False
    ).first()
    if person is None:
        messages.error(request, _("Demodata mangler. Kjør kommandoen demodata først."))
        return redirect("demo:folk")
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("nettverk:hjem", nettverk=demo.nettverk)


@login_not_required
@require_safe
def postkasse(request: HttpRequest) -> HttpResponse:
    """The newest mails; `?til=` narrows to an address."""
    til = request.GET.get("til", "").strip()
    brev = list(islice(filter(_is_shown, post.letters(til)), _ANTALL_BREV))
    return render(request, "demo/postkasse.html", {"brev_list": brev, "til": til})


def _is_shown(brev: post.Postkassebrev) -> bool:
    """In an open demo only letters to invented people: nobody reads a code or a letter of somebody who exists."""
    return settings.DEBUG or all(
        epost.rpartition("@")[2] == DOMENE or epost.endswith(f".{DOMENE}")
        for epost in brev.mottakere
    )


@login_not_required
@require_safe
def brev(request: HttpRequest, noekkel: str) -> HttpResponse:
    """One mail as it would have been read."""
    funnet = post.letter(noekkel)
    if funnet is None or not _is_shown(funnet):
        raise Http404
    return render(request, "demo/brev.html", {"brev": funnet})


@login_not_required
@require_POST
def toem(request: HttpRequest) -> HttpResponse:
    """Throw all the mail away."""
    post.empty()
    return redirect("demo:postkasse")
