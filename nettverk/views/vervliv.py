"""An appointment is taken back the same day; name and address of somebody in a group are corrected."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kommuner.gyldighet import idag
from nettverk import annullering, annullert_brev, rettelse
from nettverk import verv as vervene
from nettverk.forms.gruppe import RettForm
from nettverk.models import Nettverk, Person, Ubesvart
from nettverk.overtakelse import left_behind, succession
from nettverk.side.portalform import PortalForm, form_status, sent
from nettverk.sikkerhet.fersk import fersk_innlogging
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from nettverk.views.grupper import change_permission, fetch_gruppe, fetch_verv, tell_left_behind


@nettverksside("nettverk.view_gruppe")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def verv_annuller(
    request: PortalRequest, nettverk: Nettverk, pk: int, verv_pk: int
) -> HttpResponse:
    """Take back an appointment that was given today; what was done meanwhile is shown before and after."""
    gruppe = fetch_gruppe(request, nettverk, pk)
    krev(request.user, change_permission(gruppe), gruppe)
    verv = fetch_verv(gruppe, verv_pk)
    if not verv.annullert and not annullering.may_annul(verv):
        messages.info(
            request,
            _(
                "Bare et verv som ble lagt inn i dag, kan annulleres. Avslutt vervet med en siste dag."
            ),
        )
        return redirect("nettverk:gruppe", nettverk.slug, gruppe.pk)
    form = PortalForm(**sent(request))
    if form.is_valid():
        # As the person is now: a stand-in has no address when the Verv is gone.
        til = Person.objects.get(pk=verv.person_id)
        with told(request, form=form) as utfall:
            etterlatt = annullering.annul(verv, by=request.user)
            annullert_brev.take_back(verv, til=til, by=request.user)
        if not utfall.nei:
            messages.success(
                request, _("Vervet til %(navn)s er annullert.") % {"navn": verv.person.navn}
            )
            tell_left_behind(request, etterlatt)
            return redirect("nettverk:verv_annuller", nettverk.slug, gruppe.pk, verv.pk)
    # What somebody did by another place here is not for a leader to see.
    ser_alt = request.roller.er_koordinator or not annullering.has_other_verv(verv)
    gjort = annullering.done_meanwhile(verv, request.roller) if ser_alt else []
    return render(
        request,
        "nettverk/verv_annuller.html",
        {
            "gruppe": gruppe,
            "verv": verv,
            "form": form,
            "ser_alt": ser_alt,
            "gjort": gjort[: annullering.VISES],
            "flere": max(len(gjort) - annullering.VISES, 0),
            "gitt": annullering.appointed(verv),
            "er_egen": verv.person_id == request.user.pk,
            "faar_brev": annullert_brev.was_told(verv)
            if verv.annullert
            else annullert_brev.is_told(verv),
            "etterlatt": [] if verv.annullert else left_behind(succession([verv], idag())),
        },
        status=form_status(form),
    )


@nettverksside("nettverk.view_gruppe")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def verv_rett(request: PortalRequest, nettverk: Nettverk, pk: int, verv_pk: int) -> HttpResponse:
    """Correct the name and the address of somebody in the group."""
    gruppe = fetch_gruppe(request, nettverk, pk)
    krev(request.user, "nettverk.correct_person", gruppe)
    verv = fetch_verv(gruppe, verv_pk)
    if not vervene.can_end(verv):
        messages.info(request, _("Vervet er allerede rettet eller avsluttet."))
        return redirect("nettverk:gruppe", nettverk.slug, gruppe.pk)
    person = verv.person
    initial = {
        "navn": person.navn,
        "epost": person.postadresse,
        "stand": rettelse.state_of(person),
    }
    er_egen = person == request.user
    form = RettForm(**sent(request), initial=initial, er_egen=er_egen)
    if form.is_valid():
        with told(request, form=form) as utfall:
            rettet = _corrected(request, form, verv.person)
            utfall.takk = _("Rettet. Den det gjelder, får e-post om det.") if rettet else ""
        if not utfall.nei:
            return redirect("nettverk:gruppe", nettverk.slug, gruppe.pk)
    flyttes = rettelse.that_move(person, request.roller)
    for ett in flyttes:
        ett.gruppe.nettverk = nettverk
    return render(
        request,
        "nettverk/verv_rett.html",
        {
            "gruppe": gruppe,
            "verv": verv,
            "form": form,
            "flyttes": flyttes,
            "er_egen": er_egen,
            "kan_rette_navn": rettelse.may_change_name(person, request.roller, by=request.user),
            "har_svart": not Ubesvart.objects.filter(person=person, nettverk=nettverk).exists(),
        },
        status=form_status(form),
    )


def _corrected(request: PortalRequest, form: RettForm, person: Person) -> bool:
    data = form.cleaned_data
    # Each new address is a look-up, and counts as one.
    if data["epost"] != form.initial["epost"]:
        vervene.count_lookup(
            by=request.user,
            nettverk=request.nettverk,
            er_koordinator=request.roller.er_koordinator,
        )
    return rettelse.correct(person, **data, roller=request.roller, by=request.user)
