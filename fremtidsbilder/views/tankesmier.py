"""Tankesmier that are held for themselves: the list, a new one, and each led from its own page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fremtidsbilder.forms.egen_tankesmie import HentForm, NyTankesmieForm, TankesmieForm
from fremtidsbilder.models import Tankesmie
from fremtidsbilder.portal import page_title
from fremtidsbilder.sted import Hjemsted, holding_places, where
from fremtidsbilder.tankesmier import egne, gjenbruk
from fremtidsbilder.tankesmier.ledelse import Adresser, Ledelse, make_sheet, rows
from fremtidsbilder.views import ledelse
from fremtidsbilder.views.stemmer import fetch_own_tankesmie
from kommuner.gyldighet import idag
from nettverk.filer.filnavn import made_name
from nettverk.filer.utlevering import send_regneark
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.laas import locked
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan

_leser_og_skriver = require_http_methods(["GET", "HEAD", "POST"])
# The open ones stand first; of the closed, those that were closed last.
_FLEST = 200


@dataclass
class Tankesmieoversikt:
    """The tankesmier as this person sees them: what is at hand, what is held elsewhere, what is over, and what may be
    taken home."""

    egne: list[Tankesmie] = field(default_factory=list)
    andre: list[Tankesmie] = field(default_factory=list)
    ferdige: list[Tankesmie] = field(default_factory=list)
    til_deling: list[Tankesmie] = field(default_factory=list)

    @property
    def er_tom(self) -> bool:
        return not (self.egne or self.andre or self.ferdige or self.til_deling)


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_safe
def tankesmie_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Those one leads, those of others in the network, and those one may take home."""
    steder = holding_places(request.roller)
    return render(
        request,
        "fremtidsbilder/tankesmie_list.html",
        {
            "stand": _listed(request, steder),
            "liste": page_title(nettverk),
            "kan_lage": bool(steder),
            "kan_endre_grupper": kan(request.user, "fremtidsbilder.change_stemmegrupper", nettverk),
        },
    )


def _listed(request: PortalRequest, steder: list[Hjemsted]) -> Tankesmieoversikt:
    """Five queries at most."""
    synlige = Tankesmie.objects.visible_to(request.roller).own()
    alle = egne.with_counts(
        synlige.select_related("kommune", "enhet", "gruppe").defer("kommune__grense")
    )
    ut = Tankesmieoversikt()
    her = [sted.felt for sted in steder]
    aapne_foerst = F("lukket").desc(nulls_first=True)
    for tankesmie in alle.order_by(aapne_foerst, "-pk")[:_FLEST]:
        tankesmie.hvor = where(tankesmie)
        tankesmie.nettverk = request.nettverk
        if tankesmie.er_over:
            ut.ferdige.append(tankesmie)
        elif any(_is_at(tankesmie, felt) for felt in her):
            ut.egne.append(tankesmie)
        else:
            ut.andre.append(tankesmie)
    ut.til_deling = _to_take(request, steder)
    return ut


def _is_at(tankesmie: Tankesmie, felt: dict[str, Any]) -> bool:
    return all(getattr(tankesmie, navn) == verdi for navn, verdi in felt.items())


def _to_take(request: PortalRequest, steder: list[Hjemsted]) -> list[Tankesmie]:
    """Those that are shared, and that one of the person's places has not taken home."""
    hjemme = [sted for sted in steder if sted.kommune or sted.enhet]
    if not hjemme:
        return []
    delte = Tankesmie.objects.filter(nettverk=request.nettverk).shared()
    delte = delte.select_related("kommune", "enhet", "gruppe").defer("kommune__grense")
    alle = list(delte.prefetch_related("kopier", "sporsmaal").order_by("-pk")[:_FLEST])
    ut = []
    for tankesmie in alle:
        tankesmie.hvor = where(tankesmie, request.nettverk.kortnavn)  # type: ignore[attr-defined]
        har = [(k.kommune_id, k.enhet_id) for k in tankesmie.kopier.all()]
        if any(gjenbruk.can_take(tankesmie, sted) and sted.ider not in har for sted in hjemme):
            ut.append(tankesmie)
    return ut


@nettverksside("fremtidsbilder.hold_tankesmie")
@_leser_og_skriver
def tankesmie_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """A new one, at a place where the person may hold it."""
    steder = holding_places(request.roller)
    if not steder:
        # The unit or the kommune has left the network.
        raise Http404
    form = NyTankesmieForm(
        **sent(request),
        nettverk=nettverk,
        steder=steder,
        initial={"hvor": steder[0].noekkel, "dato": idag()},
    )
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _made(request, form)):
            return redirect(adresse)
    return render(
        request,
        "fremtidsbilder/tankesmie_ny.html",
        {
            "form": form,
            "liste": page_title(nettverk),
            "til_deling": _to_take(request, steder)[:3],
            "kan_endre_grupper": kan(request.user, "fremtidsbilder.change_stemmegrupper", nettverk),
        },
        status=form_status(form),
    )


def _made(request: PortalRequest, form: NyTankesmieForm) -> str:
    ny = egne.make(
        request.nettverk,
        sted=form.valgt_sted,
        felt=form.felt(),
        sporsmaal=form.sporsmaalene(),
        grupper=form.valgte_grupper(),
    )
    messages.success(request, _("Tankesmia er laget. Åpne et spørsmål når dere er klare."))
    return home_of(ny)


def home_of(tankesmie: Tankesmie) -> str:
    """The tankesmie's own page."""
    return reverse("fremtidsbilder:tankesmie", args=[tankesmie.nettverk.slug, tankesmie.pk])


def _led(request: PortalRequest, pk: int) -> Ledelse:
    tankesmie = fetch_own_tankesmie(request, pk)
    return egne.led(tankesmie, _addresses(tankesmie))


def _addresses(tankesmie: Tankesmie) -> Adresser:
    her = [tankesmie.nettverk.slug, tankesmie.pk]

    def of_question(navn: str) -> Callable[[int], str]:
        return lambda pk: reverse(navn, args=[*her, pk])

    return Adresser(
        lede=home_of(tankesmie),
        styr=reverse("fremtidsbilder:tankesmie_styr", args=her),
        bord=reverse("fremtidsbilder:tankesmie_bord", args=her),
        ark=reverse("fremtidsbilder:tankesmie_ark", args=her),
        regneark=reverse("fremtidsbilder:tankesmie_regneark", args=her),
        liste=reverse("fremtidsbilder:tankesmie_list", args=her[:1]),
        vegg=of_question("fremtidsbilder:tankesmie_vegg"),
        endre=of_question("fremtidsbilder:tankesmie_sporsmaal"),
        papir=of_question("fremtidsbilder:tankesmie_papir"),
    )


def _framed(request: PortalRequest, tankesmie: Tankesmie, mal: str) -> ledelse.Ramme:
    """In the frame of the tankesmie's own pages."""

    def draw(kontekst: dict[str, Any], status: int) -> HttpResponse:
        side = {"tankesmie": tankesmie, "liste": page_title(tankesmie.nettverk)}
        return render(request, mal, {**side, **kontekst}, status=status)

    return draw


# --- one of them


@nettverksside("fremtidsbilder.hold_tankesmie")
@_leser_og_skriver
def tankesmie(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The next step, the questions, the code, who has answered, and who uses it at home. `?etter=` is asked again and
    again for what has come; POST adds a question."""
    led = _led(request, pk)
    if "etter" in request.GET:
        return ledelse.stand_again(request, led)
    ramme = _framed(request, led.tankesmie, "fremtidsbilder/tankesmie.html")

    def draw(kontekst: dict[str, Any], status: int) -> HttpResponse:
        return ramme({**kontekst, **_about(request, led.tankesmie)}, status)

    return ledelse.lead(request, led, draw)


def _about(request: PortalRequest, tankesmie: Tankesmie) -> dict[str, Any]:
    hentet_fra = tankesmie.kopi_av
    if hentet_fra:
        hentet_fra.nettverk = request.nettverk
    brukere = list(gjenbruk.users_of(tankesmie))
    for bruker in brukere:
        bruker.hvor = where(bruker)  # type: ignore[attr-defined]
        bruker.nettverk = request.nettverk
    kan_ledes = {b.pk for b in brukere if kan(request.user, "fremtidsbilder.lead_tankesmie", b)}
    return {
        "hvor": where(tankesmie, request.nettverk.kortnavn),
        "hentet_fra": hentet_fra,
        "ser_opphavet": hentet_fra is not None
        and kan(request.user, "fremtidsbilder.lead_tankesmie", hentet_fra),
        "brukere": brukere,
        "kan_ledes": kan_ledes,
    }


@nettverksside("fremtidsbilder.hold_tankesmie")
@_leser_og_skriver
def tankesmie_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change what it is called, when it is open, who is asked and how it is done. Of two who write, the second sees
    what the first wrote."""
    tankesmie = fetch_own_tankesmie(request, pk)
    form = TankesmieForm(instance=tankesmie, nettverk=nettverk)
    if request.method == "POST":
        with told(request) as utfall, locked(tankesmie) as naa:
            form = TankesmieForm(request.POST, instance=naa, nettverk=nettverk)
            if form.is_valid():
                egne.change(naa, grupper=form.valgte_grupper() if form.har_grupper else None)
                utfall.takk = _("Tankesmia er lagret.")
        if utfall.nei or form.is_valid():
            return redirect(home_of(tankesmie))
    return render(
        request,
        "fremtidsbilder/tankesmie_rediger.html",
        {"tankesmie": tankesmie, "form": form, "liste": page_title(nettverk)},
        status=form_status(form),
    )


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_POST
def tankesmie_styr(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Start, freeze, two minutes left, dots, close, delete."""
    return ledelse.steered(request, _led(request, pk))


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_POST
def tankesmie_bord(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """How many tables there are."""
    return ledelse.set_tables(request, _led(request, pk))


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_POST
def tankesmie_ark(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask for the pads or the slips on paper."""
    return ledelse.order_print(request, _led(request, pk))


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_safe
def tankesmie_regneark(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Everything said in it. It is nobody's: no people are taken out by it."""
    tankesmie = fetch_own_tankesmie(request, pk)
    dag = tankesmie.dato or idag()
    navn = made_name(_("tankesmie"), tankesmie.tittel, dag.isoformat(), endelse="xlsx")
    rader = rows([((tankesmie.tittel, where(tankesmie, nettverk.kortnavn)), tankesmie)])
    foran = [(_("Tankesmie"), 28), (_("Sted"), 24)]
    return send_regneark(navn, make_sheet(foran, rader, valgt=_("Sitat")))


@nettverksside("fremtidsbilder.hold_tankesmie")
@_leser_og_skriver
def tankesmie_sporsmaal(
    request: PortalRequest, nettverk: Nettverk, pk: int, sporsmaal_pk: int
) -> HttpResponse:
    """A question in other words, and the help with it."""
    led = _led(request, pk)
    sporsmaal = ledelse.own_question(led, sporsmaal_pk)
    ramme = _framed(request, led.tankesmie, "fremtidsbilder/tankesmie_sporsmaal.html")
    return ledelse.reword(request, led, sporsmaal, ramme)


# --- its walls


@nettverksside("fremtidsbilder.hold_tankesmie")
@_leser_og_skriver
def tankesmie_vegg(
    request: PortalRequest, nettverk: Nettverk, pk: int, sporsmaal_pk: int
) -> HttpResponse:
    """Put cards in themes, merge, name, hide, pick (`views.ledelse.wall`)."""
    led = _led(request, pk)
    sporsmaal = ledelse.own_question(led, sporsmaal_pk)
    ramme = _framed(request, led.tankesmie, "fremtidsbilder/tankesmie_vegg.html")
    return ledelse.wall(request, led, sporsmaal, ramme)


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_POST
def tankesmie_papir(
    request: PortalRequest, nettverk: Nettverk, pk: int, sporsmaal_pk: int
) -> HttpResponse:
    """Type what came on paper."""
    led = _led(request, pk)
    sporsmaal = ledelse.own_question(led, sporsmaal_pk)
    ramme = _framed(request, led.tankesmie, "fremtidsbilder/tankesmie_vegg.html")
    return ledelse.typed_in(request, led, sporsmaal, ramme)


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_safe
def tankesmie_samlet(
    request: PortalRequest, nettverk: Nettverk, pk: int, sporsmaal_pk: int
) -> HttpResponse:
    """The wall of a question with those of the places that have taken it home, to read."""
    led = _led(request, pk)
    sporsmaal = ledelse.own_question(led, sporsmaal_pk)
    return render(
        request,
        "fremtidsbilder/tankesmie_samlet.html",
        {
            "tankesmie": led.tankesmie,
            "sporsmaal": sporsmaal,
            "vegg": gjenbruk.read_together(sporsmaal),
            "vegg_url": led.adresser.vegg(sporsmaal.pk),
            "liste": page_title(nettverk),
        },
    )


# --- taking one home


@nettverksside("fremtidsbilder.hold_tankesmie")
@_leser_og_skriver
def tankesmie_bruk_hos_oss(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Read a tankesmie that is shared, and take it home to an own kommune or unit."""
    delte = Tankesmie.objects.filter(nettverk=nettverk).shared()
    tankesmie: Tankesmie = get_object_or_404(
        delte.select_related("kommune", "enhet", "gruppe").defer("kommune__grense"), pk=pk
    )
    tankesmie.nettverk = nettverk
    steder = [s for s in holding_places(request.roller) if gjenbruk.can_take(tankesmie, s)]
    if not steder:
        raise Http404
    form = HentForm(**sent(request), steder=steder, initial={"hvor": request.GET.get("sted", "")})
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _taken(request, tankesmie, form)):
            return redirect(adresse)
    return render(
        request,
        "fremtidsbilder/tankesmie_bruk_hos_oss.html",
        {
            "tankesmie": tankesmie,
            "hvor": where(tankesmie, nettverk.kortnavn),
            "sporsmaalene": list(tankesmie.sporsmaal.all()),
            "grupper": list(tankesmie.grupper.all()),
            "form": form,
            "eneste": steder[0] if len(steder) == 1 else None,
            "liste": page_title(nettverk),
        },
        status=form_status(form),
    )


def _taken(request: PortalRequest, tankesmie: Tankesmie, form: HentForm) -> str:
    egen, er_ny = gjenbruk.take_home(tankesmie, sted=form.valgt_sted)
    egen.nettverk = request.nettverk
    if er_ny:
        messages.success(
            request, _("Tankesmia er deres. Skriv om det som skal være annerledes hos dere.")
        )
    else:
        messages.info(request, _("Dere har hentet denne tankesmia fra før. Her er den."))
    return home_of(egen)
