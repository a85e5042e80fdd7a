"""Voices of a group, brought by somebody who leads the tankesmie: what they said, and their drawings."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fremtidsbilder.forms.paavegne import PaaVegneForm
from fremtidsbilder.models import Bidrag, Tankesmie
from fremtidsbilder.tankesmier.paavegne import speak_for
from fremtidsbilder.views.stemmer import fetch_own_tankesmie
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import whole_number
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_http_methods(["GET", "HEAD", "POST"])
def paa_vegne(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Bring what a group said. Afterwards the same page, with how many came in, and ready for the next group."""
    tankesmie = fetch_own_tankesmie(request, pk)
    form = PaaVegneForm(**sent(request), tankesmie=tankesmie, initial=_start(tankesmie))
    with told(request, form=form, filfelt="bilder"):
        if adresse := form.once(request.user, lambda: _brought(tankesmie, form)):
            return redirect(adresse)
    return render(
        request,
        "fremtidsbilder/paa_vegne.html",
        {"tankesmie": tankesmie, "form": form, **came_in(request, tankesmie)},
        status=form_status(form),
    )


def _start(tankesmie: Tankesmie) -> dict[str, Any]:
    """The group and the question that somebody spoke for last; else the question that is open. One query or two."""
    kort = Bidrag.objects.filter(sporsmaal__tankesmie=tankesmie, kilde=Bidrag.Kilde.PAA_VEGNE)
    if sist := kort.order_by("-pk").values("sporsmaal", "gruppe").first():
        return dict(sist)
    aapent = tankesmie.sporsmaal.started().values_list("pk", flat=True).first()
    return {"sporsmaal": aapent} if aapent else {}


def _brought(tankesmie: Tankesmie, form: PaaVegneForm) -> str:
    sporsmaal = form.cleaned_data["sporsmaal"]
    sporsmaal.tankesmie = tankesmie
    kort = speak_for(sporsmaal, **form.felt)
    adresse = reverse("fremtidsbilder:paa_vegne", args=[tankesmie.nettverk.slug, tankesmie.pk])
    return f"{adresse}?{came_in_query(sporsmaal.pk, kort)}"


def came_in_query(sporsmaal: int, kort: list[Bidrag]) -> str:
    """What the address says of the cards that came in, for the page that one is sent to (`came_in`)."""
    tall = {"inn": len(kort), "paa": sporsmaal, "skjult": sum(k.skjult for k in kort)}
    return urlencode({navn: n for navn, n in tall.items() if n})


def came_in(request: PortalRequest, tankesmie: Tankesmie) -> dict[str, Any]:
    """How many cards came in by what was sent last, how many of them wait to be read, and where they are seen."""
    inn = whole_number(request.GET.get("inn")) or 0
    if request.method == "POST" or not inn:
        return {}
    paa = whole_number(request.GET.get("paa")) or 0
    sporsmaal = tankesmie.sporsmaal.filter(pk=paa).first() or tankesmie.sporsmaal.first()
    if sporsmaal is None:
        return {}
    if tankesmie.frittstaaende:
        her = [tankesmie.nettverk.slug, tankesmie.pk, sporsmaal.pk]
        vegg = reverse("fremtidsbilder:tankesmie_vegg", args=her)
    else:
        vegg = reverse("bordvegg", args=[tankesmie.kode])
    skjult = whole_number(request.GET.get("skjult")) or 0
    return {"inn": inn, "skjult": skjult, "vegg_url": vegg}
