"""Sign-up: the leader's one step, a member's own answer, and the coordinator's on behalf of a group; what is
asked for after the deadline; and what each needs there."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from nettverk.models import Gruppe, Nettverk, Verv
from nettverk.side.portalform import form_status
from nettverk.side.utenfra import came_from, whole_number
from nettverk.skriving.konflikt import KanIkke, Konflikt
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import hvem_kan, kan, krev
from rolu.forms.paamelding import (
    BehovForm,
    EgetSvarForm,
    EndringForm,
    EndringssvarForm,
    GruppesvarForm,
)
from rolu.models import Behov, Deltakelse, Endringsoenske, Samling
from rolu.models.deltakelse import svar_of
from rolu.samlinger import behov as behovene
from rolu.samlinger import endringer, venteliste
from rolu.samlinger import paamelding as svarene
from rolu.samlinger.dager import days
from rolu.samlinger.oppmoete import besides
from rolu.views.faner import fetch_med_tall, fetch_samling, samlingsside


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
def paamelding(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The groups this person may answer for, the person's own places, and what the person needs."""
    samling = fetch_med_tall(request, nettverk, pk)
    if request.method == "POST":
        for felt, handling in [
            ("deltakelse", _own_answer),
            ("oenske_for", _wish),
            ("behovet", _needs),
        ]:
            if felt in request.POST:
                return handling(request, samling)
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


def _answers_for_others(request: PortalRequest, grupper: list[Gruppe]) -> bool:
    """Whether the group is one that the person has asked for and does not lead."""
    return any(
        g.enhet_id not in request.roller.enheter_ledet or g.type != Gruppe.Type.UTVIKLINGSGRUPPE
        for g in grupper
    )


def _group_form(
    request: PortalRequest, svar: svarene.Gruppesvar, samling: Samling, data: Any = None
) -> GruppesvarForm:
    return GruppesvarForm(
        data,
        svar=svar,
        dager=[d.dato for d in days(samling)],
        foreslaar=not _answers_for_others(request, [svar.gruppe]),
    )


def _past_deadline_too(request: PortalRequest, samling: Samling) -> bool:
    return kan(request.user, "rolu.change_samling", samling)


def _page(
    request: PortalRequest,
    samling: Samling,
    grupper: list[Gruppe],
    *,
    status: int = 200,
    skjema: GruppesvarForm | None = None,
    behovskjema: BehovForm | None = None,
    endringsskjema: EndringForm | None = None,
    konflikt: bool = False,
) -> HttpResponse:
    dager = [d.dato for d in days(samling)]
    svar = svarene.group_answers(samling, grupper)
    if "gruppe" not in {*request.GET, *request.POST}:
        svar = [g for g in svar if g.medlemmer]  # a group one leads, that is not invited
    skjemaer = [
        skjema
        if skjema and skjema.svar.gruppe.pk == g.gruppe.pk
        else _group_form(request, g, samling)
        for g in svar
    ]
    for_andre = _answers_for_others(request, grupper)
    egne = list(
        Deltakelse.objects.filter(
            samling=samling, verv__person=request.roller.person
        ).select_related("verv__gruppe", "samling")
    )
    i_gruppene = {m.verv.pk for g in svar for m in g.medlemmer}
    stengt = _why_closed(request, samling)
    kan_spoerre = bool(stengt) and svarene.can_ask_for_change(samling)
    if kan_spoerre and endringsskjema is None:
        endringsskjema = _wish_form(svar, egne)
    return render(
        request,
        "rolu/paamelding.html",
        {
            **samlingsside(request, samling, "samling"),
            # Who answers for others, is not asked about themselves in the midst of it.
            **({"egen_kode": "", "eget_kursbevis": False} if for_andre else {}),
            "for_andre": for_andre,
            "svar": skjemaer,
            "skjema": skjema,
            "uten_folk": _without_people(samling, svar),
            "konflikt": konflikt,
            "eget": None
            if for_andre
            else _own(egne, [d for d in egne if d.verv_id not in i_gruppene]),
            "dager": dager if len(dager) > 1 else [],
            "stengt": stengt,
            "kontakt": _contact(samling) if stengt else [],
            "ledig": venteliste.free(samling)
            if samling.kapasitet is not None and not stengt
            else None,
            "endringsskjema": endringsskjema if kan_spoerre else None,
            "oensker": endringer.waiting_for(samling, grupper, request.user) if kan_spoerre else [],
            "behovskjema": None
            if for_andre
            else behovskjema or _needs_form(request, samling, egne),
        },
        status=status,
    )


def _without_people(samling: Samling, svar: list[svarene.Gruppesvar]) -> bool:
    """Whether the group asked for has nobody in it on the day; else it is not invited."""
    tomme = [g.gruppe for g in svar if not g.medlemmer]
    return bool(tomme) and not Verv.objects.filter(gruppe__in=tomme).gyldig(samling.dato).exists()


def _why_closed(request: PortalRequest, samling: Samling) -> str:
    try:
        svarene.require_open(samling, uansett_frist=_past_deadline_too(request, samling))
    except KanIkke as feil:
        return str(feil)
    return ""


def _own(egne: list[Deltakelse], vises: list[Deltakelse]) -> dict[str, Any] | None:
    """The person's one answer, with the places it is asked for; none when all stand in a group they answer for."""
    if not vises:
        return None
    svar = svar_of((d.status, d.dager) for d in egne)
    return {
        "pk": vises[0].pk,
        "status": svar.status,
        "grupper": [d.verv.gruppe for d in vises],
        "dager": svar.dager or [],
    }


def _contact(samling: Samling) -> list[str]:
    """Whom one can ask when the door is closed."""
    return [navn for rolle in hvem_kan("rolu.change_samling", samling) for navn in rolle.personer]


# --- for a group


def _group_answer(request: PortalRequest, samling: Samling) -> HttpResponse:
    grupper = _groups(request, samling)
    if len(grupper) != 1:
        messages.error(request, _("Vi fant ikke gruppa du svarte for. Prøv igjen."))
        return redirect("rolu:paamelding", samling.nettverk.slug, samling.pk)
    [naa] = svarene.group_answers(samling, grupper)
    form = _group_form(request, naa, samling, request.POST)
    if not form.is_valid():
        return _page(request, samling, grupper, status=form_status(form), skjema=form)
    try:
        with told(request) as utfall:
            etter = svarene.sign_up_group(
                samling,
                gruppe=grupper[0],
                by=request.user,
                uansett_frist=_past_deadline_too(request, samling),
                **form.act(),
            )
            utfall.takk = _signed_up(etter)
    except Konflikt:
        return _show_both(request, samling, grupper)
    except svarene.FeilIFelt as feil:
        form.add_error(feil.felt, str(feil))
        return _page(request, samling, grupper, status=422, skjema=form)
    if utfall.nei:
        return _page(request, samling, grupper, status=409, skjema=form)
    samlingen = reverse("rolu:samling", args=[samling.nettverk.slug, samling.pk])
    return redirect(came_from(request) or samlingen)


def _show_both(request: PortalRequest, samling: Samling, grupper: list[Gruppe]) -> HttpResponse:
    """What one answered, with what is saved now beside it; sending once more saves with open eyes."""
    messages.warning(
        request,
        _(
            "Noen andre har svart for gruppa mens du hadde siden åpen. "
            "Se over svarene under, og send en gang til."
        ),
    )
    [naa] = svarene.group_answers(samling, grupper)
    data = request.POST.copy()
    data["stand"] = naa.stand
    form = _group_form(request, naa, samling, data)
    return _page(request, samling, grupper, status=409, skjema=form, konflikt=True)


def _signed_up(svar: svarene.Gruppesvar) -> str:
    telt, venter = svar.telt, svar.antall_ventende
    antall = telt.paameldte
    if not telt.kommer and not venter:
        return _("Du har svart at ingen fra %(gruppe)s kommer.") % {"gruppe": svar.gruppe}
    tekster = []
    if telt.kommer:
        tekster.append(
            ngettext("%(n)s fra %(gruppe)s er påmeldt.", "%(n)s fra %(gruppe)s er påmeldt.", antall)
            % {"n": antall, "gruppe": svar.gruppe}
        )
        tekster += filter(None, [besides(telt)])
    if venter:
        tekster.append(
            ngettext(
                "%(n)s fra %(gruppe)s står på venteliste, og får e-post når det blir plass.",
                "%(n)s fra %(gruppe)s står på venteliste, og får e-post når det blir plass.",
                venter,
            )
            % {"n": venter, "gruppe": svar.gruppe}
        )
    return " ".join(tekster)


# --- for oneself


def _own_answer(request: PortalRequest, samling: Samling) -> HttpResponse:
    form = EgetSvarForm(request.POST, dager=[d.dato for d in days(samling)])
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
    if kommer and form.cleaned_data["med_dager"] and not form.cleaned_data["dager"]:
        messages.error(request, _("Velg minst én dag, eller svar at du ikke kommer."))
        return redirect("rolu:paamelding", samling.nettverk.slug, samling.pk)
    with told(request) as utfall:
        rad = svarene.answer(
            deltakelse,
            kommer=kommer,
            by=request.user,
            uansett_frist=_past_deadline_too(request, samling),
            dager=form.chosen_days,
        )
        utfall.takk = _answered(rad)
    return redirect("rolu:samling", samling.nettverk.slug, samling.pk)


def _answered(rad: Deltakelse) -> str:
    if rad.status == Deltakelse.Status.VENTER:
        return _("Samlingen er full, så du står på venteliste. Du får e-post når det blir plass.")
    return _("Du er påmeldt.") if rad.status == Deltakelse.Status.PAAMELDT else _("Du er avmeldt.")


# --- after the deadline


def _wish_form(
    svar: list[svarene.Gruppesvar], egne: list[Deltakelse], data: Any = None
) -> EndringForm | None:
    """For whom one may wish: the people of the groups one answers for, and oneself."""
    hvem = {m.deltakelse.pk: m.verv.person.navn for g in svar for m in g.medlemmer if m.deltakelse}
    if not hvem:
        hvem = {d.pk: d.verv.gruppe.navn for d in egne[:1]}
    return EndringForm(data, hvem=hvem) if hvem else None


def _wish(request: PortalRequest, samling: Samling) -> HttpResponse:
    grupper = _groups(request, samling)
    egne = list(
        Deltakelse.objects.filter(
            samling=samling, verv__person=request.roller.person
        ).select_related("verv__gruppe")
    )
    form = _wish_form(svarene.group_answers(samling, grupper), egne, request.POST)
    if form is None or not form.is_valid():
        return _page(request, samling, grupper, status=422, endringsskjema=form)
    synlige = Deltakelse.objects.visible_to(request.roller).select_related("samling__nettverk")
    deltakelse = get_object_or_404(synlige, samling=samling, pk=form.cleaned_data["oenske_for"])
    with told(request, _("Ønsket er sendt til koordinatoren. Du får svar på e-post.")):
        endringer.ask(
            deltakelse,
            oensker=form.cleaned_data["oensker"],
            tekst=form.cleaned_data["tekst"],
            by=request.user,
        )
    return redirect("rolu:paamelding", samling.nettverk.slug, samling.pk)


@nettverksside("rolu.view_samling")
@require_POST
def endring_svar(
    request: PortalRequest, nettverk: Nettverk, pk: int, oenske_pk: int
) -> HttpResponse:
    """The coordinator accepts a wish, or refuses it."""
    samling = fetch_samling(request, nettverk, pk)
    krev(request.user, "rolu.settle_endringsoenske", samling)
    synlige = Endringsoenske.objects.visible_to(request.roller)
    oenske = get_object_or_404(
        synlige.select_related("deltakelse__samling__nettverk"),
        pk=oenske_pk,
        deltakelse__samling=samling,
    )
    form = EndringssvarForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Velg om du godtar ønsket eller ikke."))
    else:
        godta = form.cleaned_data["svar"] == "godta"
        takk = _("Ønsket er godtatt.") if godta else _("Ønsket er avslått.")
        with told(request, takk):
            endringer.settle(oenske, godta=godta, by=request.user)
    return redirect("rolu:samling_deltakere", nettverk.slug, pk)


# --- what one needs


def _needs_form(
    request: PortalRequest, samling: Samling, egne: list[Deltakelse]
) -> BehovForm | None:
    """Only for who is to be there, and until it is over."""
    med = any(d.status != Deltakelse.Status.AVMELDT for d in egne)
    if not med or not samling.er_publisert or samling.er_over:
        return None
    rad = Behov.objects.visible_to(request.roller).filter(samling=samling).first()
    return BehovForm(initial={"behov": rad.valg, "annet": rad.annet} if rad else None)


def _needs(request: PortalRequest, samling: Samling) -> HttpResponse:
    form = BehovForm(request.POST)
    if not form.is_valid():
        return _page(request, samling, _groups(request, samling), status=422, behovskjema=form)
    with told(request, _("Det du trenger, er lagret. Bare du ser det.")):
        behovene.keep(
            samling,
            valg=form.cleaned_data["behov"],
            annet=form.cleaned_data["annet"],
            by=request.user,
        )
    return redirect("rolu:paamelding", samling.nettverk.slug, samling.pk)
