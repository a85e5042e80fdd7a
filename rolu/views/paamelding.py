"""Sign-up: the leader's one step, a member's own answer, and the coordinator's on behalf of a group."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from nettverk.models import Gruppe, Nettverk
from nettverk.side.utenfra import whole_number
from nettverk.skriving.konflikt import KanIkke, Konflikt
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import hvem_kan, kan, krev
from rolu.forms.samling import EgetSvarForm, GruppesvarForm
from rolu.models import Deltakelse, Samling
from rolu.samlinger import paamelding as svarene
from rolu.views.faner import fetch_med_tall, samlingsside


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
def paamelding(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The groups this person may answer for, and the person's own places."""
    samling = fetch_med_tall(request, nettverk, pk)
    if request.method == "POST" and "deltakelse" in request.POST:
        return _own_answer(request, samling)
    if request.method == "POST":
        return _group_answer(request, samling)
    return _page(request, samling, _groups(request, samling))


def _groups(request: PortalRequest, samling: Samling) -> list[Gruppe]:
    """The group asked for (`?gruppe=`), else those the person leads."""
    grupper = Gruppe.objects.filter(nettverk=samling.nettverk).gyldig(samling.dato)
    valgt = whole_number(request.POST.get("gruppe") or request.GET.get("gruppe"))
    if valgt is not None:
        gruppe = get_object_or_404(grupper.select_related("enhet", "kommune"), pk=valgt)
        krev(request.user, "rolu.change_paamelding", gruppe)
        return [gruppe]
    ledet = request.roller.enheter_ledet
    egne = grupper.utviklingsgrupper().filter(enhet__in=ledet).select_related("enhet")
    return list(egne) if ledet else []


def _past_deadline_too(request: PortalRequest, samling: Samling) -> bool:
    return kan(request.user, "rolu.change_samling", samling)


def _page(
    request: PortalRequest,
    samling: Samling,
    grupper: list[Gruppe],
    *,
    status: int = 200,
    valgt: set[int] | None = None,
    **mer: Any,
) -> HttpResponse:
    svar = svarene.group_answers(samling, grupper)
    if "gruppe" not in {*request.GET, *request.POST}:
        svar = [g for g in svar if g.medlemmer]  # a group one leads, that is not invited
    i_gruppene = {m.verv.pk for g in svar for m in g.medlemmer}
    egne = [
        d
        for d in Deltakelse.objects.filter(
            samling=samling, verv__person=request.roller.person
        ).select_related("verv__gruppe", "samling")
        if d.verv_id not in i_gruppene
    ]
    try:
        svarene.require_open(samling, uansett_frist=_past_deadline_too(request, samling))
        stengt = ""
    except KanIkke as feil:
        stengt = str(feil)
    return render(
        request,
        "rolu/paamelding.html",
        {
            **samlingsside(request, samling, "samling"),
            "svar": [_with_ticks(g, valgt) for g in svar],
            "eget": _own(egne),
            "stengt": stengt,
            "kontakt": _contact(samling) if stengt else [],
            **mer,
        },
        status=status,
    )


def _own(egne: list[Deltakelse]) -> dict[str, Any] | None:
    """The person's own places as one answer; waited for as long as one of them is."""
    if not egne:
        return None
    statuser = {d.status for d in egne}
    status = statuser.pop() if len(statuser) == 1 else Deltakelse.Status.INVITERT
    return {"pk": egne[0].pk, "status": status, "grupper": [d.verv.gruppe for d in egne]}


def _with_ticks(svar: svarene.Gruppesvar, valgt: set[int] | None) -> dict[str, Any]:
    """A group and its lines; `valgt` keeps the ticks of somebody whose answer was not taken."""
    return {
        "svar": svar,
        "linjer": [
            (m, m.verv.pk in valgt if valgt is not None else m.kommer) for m in svar.medlemmer
        ],
    }


def _contact(samling: Samling) -> list[str]:
    """Whom one can ask when the door is closed."""
    return [navn for rolle in hvem_kan("rolu.change_samling", samling) for navn in rolle.personer]


def _group_answer(request: PortalRequest, samling: Samling) -> HttpResponse:
    grupper = _groups(request, samling)
    if len(grupper) != 1:
        messages.error(request, _("Vi fant ikke gruppa du svarte for. Prøv igjen."))
        return redirect("rolu:paamelding", samling.nettverk.slug, samling.pk)
    [gruppe] = grupper
    [naa] = svarene.group_answers(samling, grupper)
    form = GruppesvarForm(request.POST, verv=[m.verv.pk for m in naa.medlemmer])
    if not form.is_valid():  # somebody left the group meanwhile
        messages.error(request, _("Gruppa er endret siden du åpnet siden. Se over og svar igjen."))
        return _page(request, samling, grupper, status=409)
    valgt = set(form.cleaned_data["kommer"])
    try:
        with told(request) as utfall:
            etter = svarene.sign_up_group(
                samling,
                gruppe=gruppe,
                kommer=valgt,
                stand=form.cleaned_data["stand"],
                by=request.user,
                uansett_frist=_past_deadline_too(request, samling),
            )
            utfall.takk = _signed_up(etter)
    except Konflikt:
        messages.warning(
            request,
            _(
                "Noen andre har svart for gruppa mens du hadde siden åpen. "
                "Se over svarene under, og send en gang til."
            ),
        )
        return _page(request, samling, grupper, status=409, valgt=valgt)
    if utfall.nei:
        return _page(request, samling, grupper, status=409, valgt=valgt)
    return redirect("rolu:samling", samling.nettverk.slug, samling.pk)


def _signed_up(svar: svarene.Gruppesvar) -> str:
    antall = svar.antall_paameldte
    if not antall:
        return _("Du har svart at ingen fra %(gruppe)s kommer.") % {"gruppe": svar.gruppe}
    return ngettext(
        "%(n)s fra %(gruppe)s er påmeldt.", "%(n)s fra %(gruppe)s er påmeldt.", antall
    ) % {"n": antall, "gruppe": svar.gruppe}


def _own_answer(request: PortalRequest, samling: Samling) -> HttpResponse:
    form = EgetSvarForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Velg om du kommer eller ikke."))
        return redirect("rolu:paamelding", samling.nettverk.slug, samling.pk)
    synlige = Deltakelse.objects.visible_to(request.roller)
    deltakelse = get_object_or_404(
        synlige.filter(samling=samling).select_related("verv__gruppe", "samling__nettverk"),
        pk=form.cleaned_data["deltakelse"],
    )
    krev(request.user, "rolu.answer_deltakelse", deltakelse)
    kommer = form.cleaned_data["svar"] == "ja"
    with told(request, _("Du er påmeldt.") if kommer else _("Du er avmeldt.")):
        svarene.answer(
            deltakelse,
            kommer=kommer,
            by=request.user,
            uansett_frist=_past_deadline_too(request, samling),
        )
    return redirect("rolu:samling", samling.nettverk.slug, samling.pk)
