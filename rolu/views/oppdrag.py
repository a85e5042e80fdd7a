"""Give an assignment from a gathering's page, and change its text or deadline."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from nettverk.arbeid.gjelder import gjelder
from nettverk.arbeid.utsending import UTSENDING
from nettverk.models import Jobb, Nettverk
from nettverk.tilgang.sider import nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from nettverk.views.jobber import jobb_context
from rolu.forms.oppdrag import OppdragForm
from rolu.mellomarbeid.oppdrag import Utdatert, change, give
from rolu.models import Mellomarbeid, Oppdrag, Samling
from rolu.views.faner import fetch_samling, samlingsside


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def samling_oppdrag(request: HttpRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The tab «Oppdrag» of a gathering: those given here, and the form for a new one."""
    samling = fetch_samling(request, nettverk, pk)
    kan_gi = kan(request.user, "rolu.give_oppdrag", nettverk)
    form = _form(request, Oppdrag(nettverk=nettverk, samling=samling)) if kan_gi else None
    if request.method == "POST":
        krev(request.user, "rolu.give_oppdrag", nettverk)
        if form.is_valid():
            krev(request.user, "rolu.give_oppdrag", form.instance)
            return _given(request, samling, form)
    alle = Mellomarbeid.objects.filter(oppdrag__nettverk=nettverk)
    oppdragene = list(samling.oppdrag.with_status(alle).select_related("laeringsloype"))
    return render(
        request,
        "rolu/oppdrag_list.html",
        {
            **samlingsside(request, samling, "samling_oppdrag"),
            "oppdragene": oppdragene,
            **(_letters(request, oppdragene) if kan_gi else {}),
            "form": form,
            "kan_gi": kan_gi,
        },
        status=422 if form is not None and form.is_bound else 200,
    )


def _letters(request: HttpRequest, oppdragene: list[Oppdrag]) -> dict[str, Any]:
    """The letters to the leaders, while they are on their way or when they could not be sent."""
    jobb = (
        Jobb.objects.visible_to(request.roller)
        .filter(slag=UTSENDING, gjelder__in=[gjelder(o) for o in oppdragene])
        .exclude(status=Jobb.Status.FERDIG)
        .first()
    )
    return jobb_context(jobb, request.nettverk, request.user) if jobb else {}


def _form(request: HttpRequest, oppdrag: Oppdrag) -> OppdragForm:
    return OppdragForm(
        request.POST or None, instance=oppdrag, nettverk=oppdrag.nettverk, roller=request.roller
    )


def _given(request: HttpRequest, samling: Samling, form: OppdragForm) -> HttpResponse:
    felt = {navn: form.cleaned_data[navn] for navn in OppdragForm.Meta.fields}
    oppdrag = give(nettverk=samling.nettverk, samling=samling, by=request.user, **felt)
    antall = oppdrag.mellomarbeid.count()
    messages.success(
        request,
        ngettext(
            "Oppdraget er gitt til %(n)s enhet. Lederen får beskjed på e-post.",
            "Oppdraget er gitt til %(n)s enheter. Lederne får beskjed på e-post.",
            antall,
        )
        % {"n": antall},
    )
    return redirect("rolu:samling_oppdrag", samling.nettverk.slug, samling.pk)


@nettverksside("rolu.view_oppdrag")
@require_http_methods(["GET", "HEAD", "POST"])
def oppdrag_rediger(request: HttpRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change the text or the deadline. What the units have written stays as it is."""
    oppdrag = get_object_or_404(
        Oppdrag.objects.visible_to(request.roller).select_related("samling", "laeringsloype"),
        pk=pk,
    )
    oppdrag.nettverk = nettverk
    krev(request.user, "rolu.give_oppdrag", oppdrag)
    form = _form(request, oppdrag)
    deres, status = None, 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        krev(request.user, "rolu.give_oppdrag", form.instance)
        felt = {navn: form.cleaned_data[navn] for navn in OppdragForm.Meta.fields}
        try:
            change(oppdrag, versjon=form.cleaned_data["versjon"], **felt)
        except Utdatert as utdatert:
            deres, status = utdatert.deres, 409
            # Sending the form once more is to decide with both texts in sight.
            data = request.POST.copy()
            data["versjon"] = str(deres.versjon)
            form.data = data
        else:
            messages.success(request, _("Oppdraget er lagret."))
            return redirect(_home(oppdrag))
    return render(
        request,
        "rolu/oppdrag_form.html",
        {"oppdrag": oppdrag, "form": form, "deres": deres, "tilbake": _home(oppdrag)},
        status=status,
    )


def _home(oppdrag: Oppdrag) -> str:
    slug = oppdrag.nettverk.slug
    if oppdrag.samling_id:
        return reverse("rolu:samling_oppdrag", args=[slug, oppdrag.samling_id])
    return reverse("rolu:mellomarbeid_list", args=[slug]) + f"?oppdrag={oppdrag.pk}"
