"""Sign-up: the leader's one step, a member's own answer, and the coordinator's on behalf of a group; what is
asked for after the deadline; and what each needs there."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
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
    EndringerForm,
    EndringssvarForm,
    GruppesvarForm,
)
from rolu.models import Behov, Deltakelse, Endringsoenske, Gjest, Samling
from rolu.models.deltakelse import svar_of
from rolu.samlinger import behov as behovene
from rolu.samlinger import endringer, venteliste
from rolu.samlinger import paamelding as svarene
from rolu.samlinger.dager import days
from rolu.samlinger.oppmoete import besides
from rolu.views.faner import fetch_med_tall, fetch_samling, samlingsside

_INNE = (Deltakelse.Status.PAAMELDT, Deltakelse.Status.VENTER)


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
def paamelding(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The groups this person may answer for, the person's own places, and what the person needs."""
    samling = fetch_med_tall(request, nettverk, pk)
    if request.method == "POST":
        # What is shown in one form is saved in one act: what one needs goes along with the answers.
        for felt, handling in [
            ("deltakelse", _own_answer),
            ("trekk", _withdraw_wish),
            ("oensker", _wish),
            ("gruppe", _group_answer),
            ("behovet", _needs),
        ]:
            if felt in request.POST:
                return handling(request, samling)
        messages.error(request, _("Vi fant ikke gruppa du svarte for. Prøv igjen."))
        return _back(samling)
    return _page(request, samling, _groups(request, samling))


def _back(samling: Samling) -> HttpResponse:
    return redirect("rolu:paamelding", samling.nettverk.slug, samling.pk)


def _groups(request: PortalRequest, samling: Samling) -> list[Gruppe]:
    """The groups asked for (`?gruppe=`, and those of a form), else those the person leads."""
    grupper = Gruppe.objects.filter(nettverk=samling.nettverk).gyldig(samling.dato)
    spurt = request.POST.getlist("gruppe") or request.GET.getlist("gruppe")[:1]
    if valgte := {pk for tekst in spurt if (pk := whole_number(tekst)) is not None}:
        rader = list(grupper.filter(pk__in=valgte).select_related("enhet", "kommune"))
        if len(rader) != len(valgte):
            raise Http404
        for gruppe in rader:
            krev(request.user, "rolu.change_paamelding", gruppe)
        return rader
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
    skjemaer: list[GruppesvarForm] | None = None,
    behovskjema: BehovForm | None = None,
    endringsskjema: EndringerForm | None = None,
    konflikt: bool = False,
) -> HttpResponse:
    """The page; with the forms that were sent, when something is to be seen to."""
    dager = [d.dato for d in days(samling)]
    if skjemaer is None:
        svar = svarene.group_answers(samling, grupper)
        if "gruppe" not in {*request.GET, *request.POST}:
            svar = [g for g in svar if g.medlemmer]  # a group one leads, that is not invited
        skjemaer = [_group_form(request, g, samling) for g in svar]
    egne = _places(request, samling)
    i_gruppene = {m.verv.pk for form in skjemaer for m in form.svar.medlemmer}
    for_andre = _answers_for_others(request, grupper)
    stengt = _why_closed(request, samling)
    kan_spoerre = bool(stengt) and svarene.can_ask_for_change(samling)
    oensker = endringer.waiting_for(samling, grupper, request.user) if kan_spoerre else []
    if kan_spoerre and endringsskjema is None:
        alle_svar = [form.svar for form in skjemaer]
        endringsskjema = _wish_form(request, samling, alle_svar, egne, oensker)
    return render(
        request,
        "rolu/paamelding.html",
        {
            **samlingsside(request, samling, "samling"),
            # Who answers for others, is not asked about themselves in the midst of it.
            **({"egen_kode": "", "eget_kursbevis": False} if for_andre else {}),
            "for_andre": for_andre,
            "svar": skjemaer,
            "uten_folk": _without_people(samling, [form.svar for form in skjemaer]),
            "har_medlemmer": any(form.svar.medlemmer for form in skjemaer),
            "er_besvart": any(form.svar.er_besvart for form in skjemaer),
            "skjema": next((f for f in skjemaer if f.errors), skjemaer[0] if skjemaer else None),
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
            "oensker": oensker,
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


def _places(request: PortalRequest, samling: Samling) -> list[Deltakelse]:
    """By what the person is invited."""
    egne = Deltakelse.objects.filter(samling=samling, verv__person=request.roller.person)
    return list(egne.select_related("verv__gruppe", "verv__person", "samling", "svart_av"))


def _why_closed(request: PortalRequest, samling: Samling) -> str:
    try:
        svarene.require_open(samling, uansett_frist=_past_deadline_too(request, samling))
    except KanIkke as feil:
        return str(feil)
    return ""


def _own(egne: list[Deltakelse], vises: list[Deltakelse]) -> dict[str, Any] | None:
    """The person's one answer, with the places it is asked for; none when all stand in a group they answer for. With
    who comes instead of them, and who said so."""
    if not vises:
        return None
    svar = svar_of((d.status, d.dager) for d in egne)
    return {
        "pk": vises[0].pk,
        "status": svar.status,
        "grupper": [d.verv.gruppe for d in vises],
        "dager": svar.dager or [],
        "varaer": svarene.substitutes_of(vises),
        "svart_av": next(
            (
                d.svart_av
                for d in vises
                if d.status == Deltakelse.Status.AVMELDT
                and d.svart_av
                and d.svart_av_id != d.verv.person_id
            ),
            None,
        ),
    }


def _contact(samling: Samling) -> list[str]:
    """Whom one can ask when the door is closed."""
    return [navn for rolle in hvem_kan("rolu.change_samling", samling) for navn in rolle.personer]


# --- for a group


def _group_answer(request: PortalRequest, samling: Samling) -> HttpResponse:
    """The groups of the form, the own answer beside them, and what one needs: all of it, or nothing."""
    grupper = _groups(request, samling)
    forms = _sent(request, samling, grupper)
    behovskjema = _sent_needs(request)
    eget = _sent_own(request, samling)
    if (status := form_status(*forms, behovskjema, eget)) != 200:
        return _page(
            request, samling, grupper, status=status, skjemaer=forms, behovskjema=behovskjema
        )
    try:
        with told(request) as utfall:
            acts = [(form.svar, form.act()) for form in forms]
            for svar, act in acts:
                svarene.count_addresses(samling, svar.medlemmer, act["varaer"], by=request.user)
            with transaction.atomic():
                utfall.takk = " ".join(
                    _signed_up(
                        svarene.sign_up_group(
                            samling,
                            gruppe=svar.gruppe,
                            by=request.user,
                            uansett_frist=_past_deadline_too(request, samling),
                            **act,
                        )
                    )
                    for svar, act in acts
                )
                if eget:
                    _answer_for_oneself(request, samling, eget)
                if behovskjema and behovene.may_write(samling, request.user):
                    _keep_needs(request, samling, behovskjema)
    except Konflikt:
        return _show_both(request, samling, grupper, behovskjema)
    except svarene.FeilIFelt as feil:
        next(form for form in forms if feil.felt in form.fields).add_error(feil.felt, str(feil))
        return _page(request, samling, grupper, status=422, skjemaer=forms, behovskjema=behovskjema)
    if utfall.nei:
        return _page(request, samling, grupper, status=409, skjemaer=forms, behovskjema=behovskjema)
    samlingen = reverse("rolu:samling", args=[samling.nettverk.slug, samling.pk])
    return redirect(came_from(request) or samlingen)


def _sent(
    request: PortalRequest, samling: Samling, grupper: list[Gruppe], *, naa: bool = False
) -> list[GruppesvarForm]:
    """The groups' parts of what was sent, each with the mark of its answers; `naa`: with the mark of now."""
    sendt = dict(zip(request.POST.getlist("gruppe"), request.POST.getlist("stand"), strict=False))
    forms = []
    for svar in svarene.group_answers(samling, grupper):
        data = request.POST.copy()
        data["gruppe"] = str(svar.gruppe.pk)
        data["stand"] = svar.stand if naa else sendt.get(str(svar.gruppe.pk), "")
        forms.append(_group_form(request, svar, samling, data))
    return forms


def _show_both(
    request: PortalRequest,
    samling: Samling,
    grupper: list[Gruppe],
    behovskjema: BehovForm | None,
) -> HttpResponse:
    """What one answered, with what is saved now beside it; sending once more saves with open eyes."""
    messages.warning(
        request,
        _(
            "Noen andre har svart for gruppa mens du hadde siden åpen. "
            "Se over svarene under, og send en gang til."
        ),
    )
    return _page(
        request,
        samling,
        grupper,
        status=409,
        skjemaer=_sent(request, samling, grupper, naa=True),
        behovskjema=behovskjema,
        konflikt=True,
    )


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
        uten_epost = [
            m.vara.navn
            for m in svar.medlemmer
            if m.vara and m.vara.status == Gjest.Status.VENTER and not m.vara.epost
        ]
        if uten_epost:
            tekster.append(
                _("Vi har ingen e-postadresse til %(navn)s, så du må si fra selv.")
                % {"navn": ", ".join(uten_epost)}
            )
    return " ".join(tekster)


# --- for oneself


def _own_answer(request: PortalRequest, samling: Samling) -> HttpResponse:
    """Yes or no, and what one needs; «behov» saves what is needed, and of who comes the days."""
    form = EgetSvarForm(request.POST, dager=[d.dato for d in days(samling)])
    behovskjema = _sent_needs(request)
    if not form.is_valid():
        messages.error(request, _("Velg om du kommer eller ikke."))
        return _back(samling)
    if behovskjema and not behovskjema.is_valid():
        grupper = _groups(request, samling)
        return _page(request, samling, grupper, status=422, behovskjema=behovskjema)
    deltakelse = _answered_for(request, samling, form)
    bare_behov = form.cleaned_data["svar"] == "behov"
    if bare_behov and (
        deltakelse.status not in _INNE or form.chosen_days is None or not behovskjema
    ):
        return _needs(request, samling)
    kommer = form.cleaned_data["svar"] != "nei"
    if kommer and form.cleaned_data["med_dager"] and not form.cleaned_data["dager"]:
        messages.error(request, _("Velg minst én dag, eller svar at du ikke kommer."))
        return _back(samling)
    if kommer and not form.cleaned_data["uten_vara"]:
        varaer = svarene.substitutes_of(_places(request, samling))
        if varaer:
            messages.warning(
                request,
                _("%(vara)s er meldt på i stedet for deg. Kryss av hvis du skal komme likevel.")
                % {"vara": ", ".join(v.navn for v in varaer)},
            )
            return _back(samling)
    with told(request) as utfall, transaction.atomic():
        rad = svarene.answer(
            deltakelse,
            kommer=kommer,
            by=request.user,
            uansett_frist=_past_deadline_too(request, samling),
            dager=form.chosen_days,
        )
        if behovskjema and behovene.may_write(samling, request.user):
            _keep_needs(request, samling, behovskjema)
        utfall.takk = (
            _("Det du trenger, er lagret. Bare du ser det.") if bare_behov else _answered(rad)
        )
    return redirect("rolu:samling", samling.nettverk.slug, samling.pk)


def _answered_for(request: PortalRequest, samling: Samling, form: EgetSvarForm) -> Deltakelse:
    synlige = Deltakelse.objects.visible_to(request.roller)
    deltakelse: Deltakelse = get_object_or_404(
        synlige.filter(samling=samling).select_related("verv__gruppe", "samling__nettverk"),
        pk=form.cleaned_data["deltakelse"],
    )
    krev(request.user, "rolu.answer_deltakelse", deltakelse)
    return deltakelse


def _sent_own(request: PortalRequest, samling: Samling) -> EgetSvarForm | None:
    """The own answer that was sent along with the groups'; None when none was given."""
    if not request.POST.get("eget_svar"):
        return None
    data = request.POST.copy()
    data["deltakelse"], data["svar"] = request.POST.get("eget", ""), request.POST["eget_svar"]
    return EgetSvarForm(data, dager=[d.dato for d in days(samling)])


def _answer_for_oneself(request: PortalRequest, samling: Samling, form: EgetSvarForm) -> None:
    """As it was chosen beside the groups, when it is another answer than the one that stands."""
    deltakelse = _answered_for(request, samling, form)
    kommer = form.cleaned_data["svar"] == "ja"
    staar = deltakelse.status in _INNE
    if deltakelse.status != Deltakelse.Status.INVITERT and staar == kommer:
        return
    svarene.answer(
        deltakelse,
        kommer=kommer,
        by=request.user,
        uansett_frist=_past_deadline_too(request, samling),
    )


def _answered(rad: Deltakelse) -> str:
    if rad.status == Deltakelse.Status.VENTER:
        return _("Samlingen er full, så du står på venteliste. Du får e-post når det blir plass.")
    return _("Du er påmeldt.") if rad.status == Deltakelse.Status.PAAMELDT else _("Du er avmeldt.")


# --- after the deadline


def _wish_form(
    request: PortalRequest,
    samling: Samling,
    svar: list[svarene.Gruppesvar],
    egne: list[Deltakelse],
    oensker: list[Endringsoenske],
    *,
    data: Any = None,
) -> EndringerForm | None:
    """For whom one may wish: the people of the groups one answers for, whom somebody may come instead of; and
    oneself, when one's answer was given by another place than there."""
    i_gruppene = [m for g in svar for m in g.medlemmer if m.deltakelse]
    deres = {m.verv.pk for m in i_gruppene}
    en_selv = _one_place(samling, egne, deres, {o.deltakelse_id for o in oensker})
    linjer = i_gruppene + [m for m in en_selv if m.verv.pk not in deres]
    if not linjer:
        return None
    return EndringerForm(
        data,
        linjer=linjer,
        oensker=oensker,
        by=request.user,
        dager=[d.dato for d in days(samling)],
        med_vara=deres,
    )


def _one_place(
    samling: Samling, egne: list[Deltakelse], i_gruppene: set[int], venter: set[int]
) -> list[svarene.Medlem]:
    """Of a person's places the one to wish by, which has their answer (`svar_of`): not one whose Verv does not hold on
    the day, and the one that is wished for already, if any; rather one `i_gruppene` than another."""
    gjelder = [d for d in egne if d.verv.er_gyldig(samling.dato)]
    if not gjelder:
        return []
    best = svar_of((d.status, d.dager) for d in gjelder).status
    valgt = min(
        gjelder,
        key=lambda d: (d.pk not in venter, d.status != best, d.verv_id not in i_gruppene, d.pk),
    )
    return [svarene.Medlem(valgt.verv, valgt)]


def _wish(request: PortalRequest, samling: Samling) -> HttpResponse:
    """Ask for all that was changed in one go, and save what one needs."""
    grupper = _groups(request, samling)
    form = _sent_wishes(request, samling, grupper)
    behovskjema = _sent_needs(request)
    if form is None:
        raise Http404
    gyldig = form.is_valid()
    if behovskjema and behovskjema.is_valid() and gyldig and not form.changed_lines:
        return _needs(request, samling)
    if gyldig and not form.changed_lines:
        form.add_error(None, _("Du har ikke endret noe svar."))
    nei = ""
    if not form.errors and not (behovskjema and behovskjema.errors):
        try:
            nei = _ask(request, samling, form, behovskjema)
            if not nei:
                return _back(samling)
        except svarene.FeilIFelt as feil:
            form.add_error(feil.felt, str(feil))
        except Konflikt:
            # With what waits now beside what was written; sending once more asks with open eyes.
            form = _sent_wishes(request, samling, grupper) or form
            nei = _asked_already(form)
            messages.warning(request, nei)
    return _page(
        request,
        samling,
        grupper,
        status=409 if nei else 422,
        endringsskjema=form,
        behovskjema=behovskjema,
    )


def _sent_wishes(
    request: PortalRequest, samling: Samling, grupper: list[Gruppe]
) -> EndringerForm | None:
    return _wish_form(
        request,
        samling,
        svarene.group_answers(samling, grupper),
        _places(request, samling),
        endringer.waiting_for(samling, grupper, request.user),
        data=request.POST,
    )


def _asked_already(form: EndringerForm) -> str:
    return _(
        "Det er allerede bedt om en endring for %(navn)s. Se over svarene under, "
        "og send en gang til hvis det du har skrevet, skal gjelde i stedet."
    ) % {"navn": ", ".join(form.names_in_conflict)}


def _ask(
    request: PortalRequest, samling: Samling, form: EndringerForm, behovskjema: BehovForm | None
) -> str:
    """All that is wished for, or nothing; why it was nothing, which is told. What waits, stands at the top of the
    page, also later."""
    with told(request) as utfall:
        svarene.count_addresses(samling, form.medlemmer, form.new_substitutes, by=request.user)
        with transaction.atomic():
            for linje in form.changed_lines:
                endringer.ask(
                    linje.deltakelse,
                    oensker=linje.oensker,
                    tekst=form.cleaned_data["tekst"],
                    vara=linje.vara,
                    dager=linje.dager,
                    sett=linje.sett,
                    by=request.user,
                )
            if behovskjema and behovene.may_write(samling, request.user):
                _keep_needs(request, samling, behovskjema)
    return utfall.nei


def _withdraw_wish(request: PortalRequest, samling: Samling) -> HttpResponse:
    """Who sent a wish, takes it back."""
    synlige = Endringsoenske.objects.visible_to(request.roller).waiting()
    oenske = get_object_or_404(
        synlige.select_related("deltakelse__samling"),
        pk=whole_number(request.POST.get("trekk")),
        av=request.user,
        deltakelse__samling=samling,
    )
    with told(request, _("Ønsket er trukket tilbake.")):
        endringer.withdraw(oenske)
    return _back(samling)


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
    return redirect(reverse("rolu:samling_deltakere", args=[nettverk.slug, pk]) + "#oensker")


# --- what one needs


def _needs_form(
    request: PortalRequest, samling: Samling, egne: list[Deltakelse]
) -> BehovForm | None:
    """Only for who is to be there, and until it is over."""
    med = any(d.status != Deltakelse.Status.AVMELDT for d in egne)
    if not med or not samling.er_publisert or samling.er_over or samling.er_avlyst:
        return None
    rad = Behov.objects.visible_to(request.roller).filter(samling=samling).first()
    return BehovForm(initial={"behov": rad.valg, "annet": rad.annet} if rad else None)


def _sent_needs(request: PortalRequest) -> BehovForm | None:
    """What one needs, when it was asked in the form that was sent."""
    return BehovForm(request.POST) if "behovet" in request.POST else None


def _keep_needs(request: PortalRequest, samling: Samling, form: BehovForm) -> None:
    behovene.keep(
        samling,
        valg=form.cleaned_data["behov"],
        annet=form.cleaned_data["annet"],
        by=request.user,
    )


def _needs(request: PortalRequest, samling: Samling) -> HttpResponse:
    form = BehovForm(request.POST)
    if not form.is_valid():
        return _page(request, samling, _groups(request, samling), status=422, behovskjema=form)
    takk = _(
        "Det du trenger, er lagret. Koordinatoren ser hvor mange som trenger hva, og det du skriver, men ikke hvem det er fra."
    )
    with told(request, takk):
        _keep_needs(request, samling, form)
    return _back(samling)
