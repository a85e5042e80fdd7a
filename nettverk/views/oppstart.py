"""From nothing to a network: the administrator's pages, the koordinator's map, and the list of what is left."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kommuner.gyldighet import idag
from nettverk.forms.oppstart import KommunefilerForm, NyttNettverkForm, day_of
from nettverk.invitasjon import coordinators_by_network, invite
from nettverk.medlemskap import KommuneOpptatt
from nettverk.models import Kommuneimport, Nettverk
from nettverk.oppstart import kart, kommuner, nytt, steg
from nettverk.register import medlemskap_per
from nettverk.side.kart import draw_kart
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import one_line
from nettverk.sikkerhet.administrasjon import administratorside
from nettverk.sikkerhet.fersk import fersk_innlogging
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.views.konto import signed_in

VIS_MAKS = 100


# --- the administrator


@never_cache
@require_safe
@administratorside
def oppstart(request: HttpRequest) -> HttpResponse:
    """The networks there are, who coordinates them, and what comes first where there is none."""
    koordinatorer = coordinators_by_network()
    rader = []
    for nettverk in Nettverk.objects.filter(er_testdata=False):
        folk = koordinatorer.get(nettverk.pk, [])
        # Until one of them has been in, it is the administrator's to see to.
        venter = not any(en.har_vaert_inne for en in folk)
        rader.append(
            {
                "nettverk": nettverk,
                "koordinatorer": folk,
                "kan_inviteres": venter and any(en.kan_inviteres for en in folk),
            }
        )
    return render(request, "oppstart/oppstart.html", {"rader": rader, "kjent": kommuner.known()})


@require_POST
@administratorside
def koordinator_inviter(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation once more to those who coordinate a network and have not been in."""
    nettverk = get_object_or_404(Nettverk, pk=pk)
    folk = [en for en in coordinators_by_network().get(pk, []) if en.kan_inviteres]
    nye = invite([en.person.pk for en in folk], nettverk=nettverk, by=signed_in(request))
    if nye:
        messages.success(
            request,
            _("En ny invitasjon er på vei til %(adresser)s.")
            % {"adresser": ", ".join(brev.epost for brev in nye)},
        )
    else:
        messages.info(
            request, _("Ingen ny invitasjon. Alle har fått en i dag, eller har vært inne.")
        )
    return redirect("nettverk:oppstart")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@administratorside
@fersk_innlogging
def nettverk_nytt(request: HttpRequest) -> HttpResponse:
    """Make a network. *Finn* and *Vis kommunene* only show the list of kommuner otherwise."""
    sok = one_line(request.POST.get("sok", ""))[:100]
    dato = day_of(request.POST.get("fra", ""))
    if "finn" in request.POST:
        skrevet: dict[str, Any] = {navn: request.POST.get(navn) for navn in request.POST}
        skrevet |= {"kommuner": request.POST.getlist("kommuner")}
        form = NyttNettverkForm(initial=skrevet, dato=dato, sok=sok)
    else:
        form = NyttNettverkForm(**sent(request), dato=dato, sok=sok)
        try:
            with told(request, form=form):
                try:
                    adresse = form.once(signed_in(request), lambda: _made(request, form))
                except KommuneOpptatt as feil:
                    form.add_error("kommuner", str(feil))
                    adresse = None
                if adresse:
                    return redirect(adresse)
        except IntegrityError as feil:  # another administrator was first
            if "nettverk_ett_navn" in str(feil):
                form.add_error("navn", _("Et annet nettverk har fått navnet i mellomtiden."))
            else:
                form.add_error("slug", _("Et annet nettverk har fått adressen i mellomtiden."))
    return render(
        request,
        "oppstart/nytt_nettverk.html",
        {"form": form, "dato": dato, "kjent": kommuner.known()},
        status=form_status(form),
    )


def _made(request: HttpRequest, form: NyttNettverkForm) -> str:
    nettverk = nytt.make_nettverk(**form.nettverk(), by=signed_in(request))
    messages.success(
        request,
        _(
            "%(nettverk)s er laget. En invitasjon er på vei til %(navn)s, %(epost)s. Du er ferdig når «har vært inne» står ved navnet nedenfor."
        )
        % {
            "nettverk": nettverk.navn,
            "navn": form.cleaned_data["koordinator_navn"],
            "epost": form.cleaned_data["koordinator_epost"],
        },
    )
    return reverse("nettverk:oppstart")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@administratorside
def kommuneimport(request: HttpRequest) -> HttpResponse:
    """Norway's kommuner: how many the portal knows, fetch from SSB, or two files."""
    form = KommunefilerForm(**sent(request))
    if form.is_valid():
        rad = kommuner.keep(form.cleaned_data["kilde"], navn=form.navn, by=signed_in(request))
        return redirect("nettverk:kommuneimport_vis", rad.pk)
    return render(
        request,
        "oppstart/kommuner.html",
        {"form": form, "kjent": kommuner.known(), "venter": kommuner.waiting()},
        status=form_status(form),
    )


@require_POST
@administratorside
def kommuneimport_hent(request: HttpRequest) -> HttpResponse:
    """Ask a worker to fetch them from SSB."""
    return redirect("nettverk:kommuneimport_vis", kommuner.fetch_from_ssb(by=signed_in(request)).pk)


@never_cache
@require_safe
@administratorside
def kommuneimport_vis(request: HttpRequest, pk: int) -> HttpResponse:
    """What was read and what it would change; how far it is, while it is fetched."""
    rad = get_object_or_404(Kommuneimport.objects.select_related("jobb"), pk=pk)
    if rad.status in {Kommuneimport.Status.VENTER, Kommuneimport.Status.FEILET} and rad.jobb:
        return _fetching(request, rad)
    if getattr(request, "htmx", False):  # the progress bar asked, and it is fetched
        return HttpResponse(headers={"HX-Refresh": "true"})
    forskjell = kommuner.preview(rad) if rad.status == Kommuneimport.Status.LEST else None
    return render(
        request,
        "oppstart/kommuner_vis.html",
        {"rad": rad, "forskjell": forskjell, "maks": VIS_MAKS},
    )


def _fetching(request: HttpRequest, rad: Kommuneimport) -> HttpResponse:
    innhold = {
        "rad": rad,
        "jobb": rad.jobb,
        "status_url": reverse("nettverk:kommuneimport_vis", args=[rad.pk]),
    }
    if getattr(request, "htmx", False):
        return render(request, "components/jobb.html#tilstand", innhold)
    return render(request, "oppstart/kommuner_hentes.html", innhold)


@require_POST
@administratorside
def kommuneimport_bekreft(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the preview showed."""
    kommuner.confirm(get_object_or_404(Kommuneimport, pk=pk))
    return redirect("nettverk:kommuneimport_vis", pk)


@require_POST
@administratorside
def kommuneimport_forkast(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw it away."""
    kommuner.discard(get_object_or_404(Kommuneimport, pk=pk))
    messages.info(request, _("Forkastet. Ingenting er endret."))
    return redirect("nettverk:kommuneimport")


# --- the koordinator


@nettverksside("nettverk.change_nettverk")
@require_http_methods(["GET", "HEAD", "POST"])
def nettverk_kart(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The tiles of the map: choose a kommune, and move it a step at a time."""
    medlemskap = list(medlemskap_per(idag()).filter(nettverk=nettverk))
    nummer = one_line(request.POST.get("kommune") or request.GET.get("kommune", ""))
    valgt = next((m for m in medlemskap if m.kommune.kommunenummer == nummer), None)
    if request.method == "POST":
        retning = request.POST.get("retning", "")
        if valgt is None or retning not in kart.RETNINGER:
            return redirect(request.path)  # the kommune has left meanwhile: choose another
        kart.move(nettverk, kommune=valgt.kommune_id, retning=retning)
        return redirect(f"{request.path}?kommune={nummer}&sist={retning}")
    return render(
        request,
        "oppstart/kart.html",
        {
            "medlemskap": medlemskap,
            "valgt": valgt,
            # The button that was pressed has the focus again, to be pressed once more.
            "sist": request.GET.get("sist", ""),
            # Each hexagon chooses its kommune, instead of leading to its page.
            "kart": draw_kart(
                medlemskap,
                skjematisk=True,
                lenker={
                    m.kommune_id: f"?kommune={m.kommune.kommunenummer}#flytt" for m in medlemskap
                },
                valgt=valgt.kommune_id if valgt else None,
            ),
        },
    )


@nettverksside("nettverk.change_nettverk")
@require_POST
def oppstart_skjul(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The koordinator knows what is left: the list is not shown again."""
    steg.finish(nettverk)
    messages.info(request, _("Lista er skjult. Alt står i menyen."))
    return redirect("nettverk:hjem", nettverk.slug)
