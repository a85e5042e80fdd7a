"""Withdraw an assignment, with a reason, or ask it after all."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.loggpost import TrekkForm
from rolu.mellomarbeid import tilbaketrekking
from rolu.mellomarbeid.oppdrag import answers
from rolu.models import Oppdrag
from rolu.views.oppdrag import home


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def oppdrag_trekk(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """How many have begun, and why it is withdrawn; one that is withdrawn can be asked after all."""
    oppdrag = get_object_or_404(
        Oppdrag.objects.visible_to(request.roller).select_related("samling", "laeringsloype"),
        pk=pk,
    )
    oppdrag.nettverk = nettverk
    krev(request.user, "rolu.give_oppdrag_i_loype", oppdrag)
    # The button says which of the two: pressed twice it is done once.
    if request.method == "POST" and "gi" in request.POST:
        with told(request, _("Oppdraget er gitt igjen. Enhetene kan skrive mer.")):
            tilbaketrekking.restore(oppdrag, by=request.user)
        return redirect(home(oppdrag))
    form = TrekkForm(**sent(request))
    if request.method == "POST" and form.is_valid():
        with told(request, _("Oppdraget er trukket. Det enhetene har skrevet, blir stående.")):
            tilbaketrekking.withdraw(oppdrag, grunn=form.cleaned_data["grunn"], by=request.user)
        return redirect(home(oppdrag))
    return render(
        request,
        "rolu/oppdrag_trekk.html",
        {
            "oppdrag": oppdrag,
            "form": form,
            "begynt": answers(oppdrag).count(),
            "tilbake": home(oppdrag),
        },
        status=form_status(form),
    )
