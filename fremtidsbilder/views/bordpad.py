"""The pad and the wall of a tankesmie, for whoever has the code: no account, and nobody is asked who they are."""

import uuid
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fremtidsbilder.forms.tankesmie import BidragForm, BordForm, PadbildeForm, PadForm, PrikkForm
from fremtidsbilder.models import Samtalesporsmaal, Stemmegruppe, Tankesmie
from fremtidsbilder.tankesmier import (
    bidrag,
    bidragsbilder,
    inngang,
    padbilder,
    prikker,
    temastemmer,
    veggbilde,
)
from fremtidsbilder.tankesmier.bidrag import Skrevet
from fremtidsbilder.tankesmier.inngang import Padstand
from fremtidsbilder.tankesmier.vegg import Kort, Vegg, by_alphabet, cloud, read_wall
from nettverk.filer.filtyper import heic_told
from nettverk.filer.lager import LagerBorte
from nettverk.filer.opplasting import stoerrelse
from nettverk.mellomvare import choose_spraak
from nettverk.side.bunke import answered, key_of, no_rows, no_store, read_rows
from nettverk.side.jinja import draw
from nettverk.side.kode import keep_private, shown, spoken
from nettverk.side.kodeform import InngangskodeForm
from nettverk.side.utenfra import whole_number
from nettverk.sikkerhet.ettsted import FOR_MYE, give_room_back, has_room
from nettverk.sikkerhet.feilkoder import note_wrong
from nettverk.skriving.barnesjekk import look_for_children
from nettverk.skriving.gjennomsyn import NEVNER_ANSATT
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.tillatelser import kan

# The phone remembers its table and its dots for as long as a gathering lasts, and no longer.
HUSKES = 3 * 24 * 60 * 60
# «Bytt» asks whose voice it is once more; without this, which table.
HVEM = "hvem"
# What the plain form is told to look at once more: it may name a child, or names somebody.
SE_BARN, SE_NAVN = "1", "navn"
# A picture counts as this many rows of what may come from one place.
ET_BILDE = 10


@login_not_required
@require_safe
def skriv_kode(request: HttpRequest) -> HttpResponse:
    """Type the code that stands on the screen or on the table."""
    form = InngangskodeForm(request.GET if "kode" in request.GET else None)
    if form.is_valid():
        return redirect("bordpad", form.cleaned_data["kode"])
    return _closed(request, None, "kode", form=form, status=422 if form.is_bound else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def bordpad(request: HttpRequest, kode: str) -> HttpResponse:
    """The question that is open, and a field. GET `?etter=` is asked again and again: has the question changed? POST
    takes a list of rows from a phone (static/js/bordpad.js), or a plain form."""
    tankesmie = inngang.look_up(kode)
    if tankesmie is None:
        return _unknown(request)
    choose_spraak(request, tankesmie.nettverk)
    if request.method == "POST" and request.content_type == "application/json":
        return _take_rows(request, tankesmie)
    stand = inngang.pad_state(tankesmie)
    if "etter" in request.GET:
        return _asked_again(request, stand)
    if tankesmie.er_over:
        return _closed(request, tankesmie, "lukket", status=410)
    return _take_form(request, stand) if request.method == "POST" else _pad_page(request, stand)


def _asked_again(request: HttpRequest, stand: Padstand) -> HttpResponse:
    if request.GET["etter"] == stand.merke:
        return HttpResponse(status=204)
    return keep_private(render(request, "fremtidsbilder/bordpad.html#stand", _pad(stand)))


def _take_rows(request: HttpRequest, tankesmie: Tankesmie) -> HttpResponse:
    """Rows of a phone; each is answered under its key. What was written before the end is taken also after it."""
    rader = read_rows(request)
    if rader is None:
        return no_rows()
    svar: dict[str, str] = {}
    varsler: dict[str, list[str]] = {}
    skrevet = []
    for rad in rader:
        form = BidragForm(rad)
        if form.is_valid():
            skrevet.append(_written(form))
            if funn := look_for_children(form.cleaned_data["tekst"]):
                varsler[str(form.cleaned_data["id"])] = [*map(str, funn), _read_first()]
        elif rad:
            feil = form.errors.get("tekst")
            svar[key_of(rad)] = str(feil[0]) if feil else _("Teksten kunne ikke sendes.")
    if skrevet and not has_room(request, tankesmie, len(skrevet)):
        return no_store({"svar": {}}, status=429)
    if skrevet:
        mottatt = bidrag.take_in(tankesmie, skrevet)
        svar |= {str(n): nei for n, nei in mottatt.svar.items()}
        for nokkel in mottatt.nevner:
            varsler.setdefault(str(nokkel), [str(NEVNER_ANSATT), _read_first()])
    return answered(svar, varsler=varsler) if varsler else answered(svar)


def _read_first() -> str:
    return _("Den som leder tankesmia, leser det før det vises på veggen.")


def _written(form: BidragForm) -> Skrevet:
    felt = form.cleaned_data
    return Skrevet(
        felt["id"],
        felt["sporsmaal"],
        felt["tekst"].strip(),
        felt["utgave"],
        felt["bord"],
        felt["skrevet"],
        felt["gruppe"],
    )


def _take_form(request: HttpRequest, stand: Padstand) -> HttpResponse:
    """The plain form: the card is sent, or the page comes back with the text in the field and the reason."""
    med_bilde = "bilde" in request.FILES
    if med_bilde and not has_room(request, stand.tankesmie, ET_BILDE):
        return _refused(request, stand, PadForm(request.POST), str(FOR_MYE))
    form = PadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _pad_page(request, stand, form)
    # In a plain form nothing counts the editions: what is sent last is newest.
    rad = replace(_written(form), utgave=None)
    if not has_room(request, stand.tankesmie):
        return _refused(request, stand, form, str(FOR_MYE))
    mottatt = bidrag.take_in(stand.tankesmie, [rad])
    if nei := mottatt.svar[rad.nokkel]:
        return _refused(request, stand, form, nei)
    if fil := form.cleaned_data["bilde"]:
        try:
            padbilder.send_with(stand.tankesmie, rad, fil=fil)
        except KanIkke as feil:
            # The text is in; sent again it is the same card.
            return _refused(request, stand, form, str(feil), felt="bilde")
    valg = {"sendt": "1"} | ({"bilde": "1"} if fil else {})
    if look_for_children(rad.tekst):
        valg |= {"se": SE_BARN}
    elif mottatt.nevner:
        valg |= {"se": SE_NAVN}
    return redirect(f"{request.path}?{urlencode(valg)}")


def _refused(
    request: HttpRequest, stand: Padstand, form: PadForm, nei: str, *, felt: str | None = None
) -> HttpResponse:
    if form.is_valid():
        form.add_error(felt, nei)
    return _pad_page(request, stand, form)


def _pad_page(request: HttpRequest, stand: Padstand, form: PadForm | None = None) -> HttpResponse:
    bord, nytt = _table(request, stand.tankesmie)
    grupper = list(stand.tankesmie.grupper.all())
    gruppe, ny_gruppe = _group(request, grupper)
    aapent = stand.aapent
    feil = form is not None
    bytt = request.GET.get("bytt")
    # What came back with an error is never hidden behind a choice.
    velg_gruppe = bool(grupper) and not feil and (gruppe is None or bytt == HVEM)
    velg_bord = (
        bool(stand.tankesmie.antall_bord)
        and not feil
        and (bord is None or bytt not in (None, HVEM))
    )
    if form is None:
        form = PadForm(
            initial={
                "id": uuid.uuid4(),
                "sporsmaal": aapent.pk if aapent else "",
                "utgave": 1,
                "bord": bord or 0,
                "gruppe": gruppe or "",
            }
        )
    side = render(
        request,
        "fremtidsbilder/bordpad.html",
        {
            **_pad(stand),
            "nettverk": stand.tankesmie.nettverk,
            "form": form,
            "feil": feil,
            "bord": bord,
            "velg_bord": velg_bord and not velg_gruppe,
            "bordene": range(1, stand.tankesmie.antall_bord + 1),
            "grupper": grupper,
            "gruppe": next((g for g in grupper if g.pk == gruppe), None),
            "velg_gruppe": velg_gruppe,
            "er_valgt": nytt or ny_gruppe,
            "ble_sendt": "sendt" in request.GET,
            "med_bilde": "bilde" in request.GET,
            "bildet_falt_ut": feil and "bilde" in request.FILES,
            "maks_bilde": settings.OPPLASTING_MAKS,
            "for_stort_bilde": _("Bildet er for stort. Grensen er %(maks)s.")
            % {"maks": stoerrelse(settings.OPPLASTING_MAKS)},
            "heic": heic_told("#").messages[0],
            "nevner_barn": request.GET.get("se") == SE_BARN,
            "nevner_noen": request.GET.get("se") == SE_NAVN,
        },
        status=422 if feil else 200,
    )
    if nytt:
        _remember(side, request, "bord", str(bord), stand.tankesmie)
    if ny_gruppe:
        _remember(side, request, "gruppe", str(gruppe), stand.tankesmie)
    return keep_private(side)


@login_not_required
@require_POST
def bordbilde(request: HttpRequest, kode: str) -> HttpResponse:
    """A picture that follows a card from a phone (static/js/bordpad.js), answered under the card's key as a row is:
    also when the tankesmie is closed, what was there before the end is taken."""
    tankesmie = inngang.look_up(kode)
    if tankesmie is None:
        return no_store({"svar": {}}, status=note_wrong(request))
    choose_spraak(request, tankesmie.nettverk)
    if not has_room(request, tankesmie, ET_BILDE):
        return no_store({"svar": {}}, status=429)
    form = PadbildeForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            nei = _keep_picture(tankesmie, form.cleaned_data)
        except LagerBorte:
            # It waits on the phone until the storage is there.
            give_room_back(request, tankesmie, ET_BILDE)
            return no_store({"svar": {}}, status=503)
    elif form.is_busy:
        give_room_back(request, tankesmie, ET_BILDE)
        return no_store({"svar": {}}, status=429)
    else:
        nei = form.why_not()
    return answered({request.POST.get("id", "")[:40]: nei})


def _keep_picture(tankesmie: Tankesmie, felt: dict[str, Any]) -> str:
    rad = Skrevet(felt["id"], felt["sporsmaal"], "", skrevet=felt["skrevet"])
    try:
        padbilder.send_with(tankesmie, rad, fil=felt["bilde"])
    except LagerBorte:
        raise
    except KanIkke as nei:
        return str(nei)
    return ""


def _pad(stand: Padstand) -> dict[str, Any]:
    return {
        "stand": stand,
        "tankesmie": stand.tankesmie,
        "naa": timezone.now(),
        "adresse": inngang.pad_path(stand.tankesmie),
    }


def _table(request: HttpRequest, tankesmie: Tankesmie) -> tuple[int | None, bool]:
    """The table as the address or the phone says it, 0 for none, None when it has not been said; and whether it was
    said just now."""
    for kilde, naa in ((request.GET, True), (request.COOKIES, False)):
        form = BordForm({"bord": kilde.get("bord", "")})
        if form.is_valid():
            bord = form.cleaned_data["bord"]
            if bord == 0 or bidrag.table_of(tankesmie, bord):
                return bord, naa
    return None, False


def _group(request: HttpRequest, grupper: list[Stemmegruppe]) -> tuple[int | None, bool]:
    """Which of the groups that are asked, as the address or the phone says it: 0 for another, None when it has not
    been said; and whether it was said just now."""
    kjent = {0, *(gruppe.pk for gruppe in grupper)} if grupper else set()
    for kilde, naa in ((request.GET, True), (request.COOKIES, False)):
        gruppe = whole_number(kilde.get("gruppe"))
        if gruppe in kjent:
            return gruppe, naa
    return None, False


# --- dots


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def prikk(request: HttpRequest, kode: str) -> HttpResponse:
    """The cards, and a button on each that gives it a dot or takes it back."""
    tankesmie = inngang.look_up(kode)
    if tankesmie is None:
        return _unknown(request)
    choose_spraak(request, tankesmie.nettverk)
    if tankesmie.er_over:
        return _closed(request, tankesmie, "lukket", status=410)
    sporsmaal = inngang.pad_state(tankesmie).stemmes
    if sporsmaal is None:
        return redirect("bordpad", tankesmie.kode)
    velger = _phone(request)
    if request.method == "POST":
        return _give_dot(request, sporsmaal, velger)
    return _vote_page(request, sporsmaal, velger)


def _vote_page(
    request: HttpRequest, sporsmaal: Samtalesporsmaal, velger: uuid.UUID | None, feil: str = ""
) -> HttpResponse:
    egne = prikker.own(sporsmaal, velger)
    side = render(
        request,
        "fremtidsbilder/bordprikk.html",
        {
            **_vote(sporsmaal, egne, feil),
            "nettverk": sporsmaal.tankesmie.nettverk,
            "kortene": draw(
                "fremtidsbilder/prikkort.jinja",
                **_wall_words(),
                vegg=read_wall(sporsmaal).hver_en_gang,
                egne=egne,
                token=get_token(request),
                adresse=request.path,
            ),
        },
        status=409 if feil else 200,
    )
    if velger is None:
        _remember(side, request, "velger", str(uuid.uuid4()), sporsmaal.tankesmie)
    return keep_private(side)


def _give_dot(
    request: HttpRequest, sporsmaal: Samtalesporsmaal, velger: uuid.UUID | None
) -> HttpResponse:
    form = PrikkForm(request.POST)
    if velger is None or not form.is_valid():
        feil = _(
            "Nettleseren husket ikke prikkene dine. Tillat informasjonskapsler, og prøv igjen."
        )
        return _vote_page(request, sporsmaal, velger, feil)
    pk, feil = form.cleaned_data["bidrag"], ""
    try:
        if not has_room(request, sporsmaal.tankesmie):
            raise KanIkke(str(FOR_MYE))
        act = prikker.give if form.cleaned_data["handling"] == "gi" else prikker.take_back
        act(sporsmaal, bidrag=pk, velger=velger)
    except KanIkke as nei:
        feil = str(nei)
    if "HX-Request" not in request.headers:
        if feil:
            return _vote_page(request, sporsmaal, velger, feil)
        return redirect(f"{request.path}#kort-{pk}")
    egne = prikker.own(sporsmaal, velger)
    rad = sporsmaal.bidrag.shown().filter(pk=pk).values_list("pk", "tekst", "bord").first()
    kort = draw(
        "fremtidsbilder/prikkort.jinja",
        **_wall_words(),
        vegg=Vegg([], [Kort(*rad, 0, False, False)]) if rad else None,
        bare_ett=True,
        egne=egne,
        token=get_token(request),
        adresse=request.path,
    )
    igjen = render_to_string(
        "fremtidsbilder/bordprikk.html#igjen", {**_vote(sporsmaal, egne, feil), "oob": True}
    )
    return keep_private(HttpResponse(kort + igjen))


def _vote(sporsmaal: Samtalesporsmaal, egne: set[int], feil: str) -> dict[str, Any]:
    return {
        "sporsmaal": sporsmaal,
        "tankesmie": sporsmaal.tankesmie,
        "igjen": max(sporsmaal.prikker - len(egne), 0),
        "feil": feil,
    }


def _phone(request: HttpRequest) -> uuid.UUID | None:
    """The key of the phone, that only counts its dots."""
    try:
        return uuid.UUID(request.COOKIES.get("velger", ""))
    except ValueError:
        return None


# --- the wall


@login_not_required
@require_safe
def bordvegg(request: HttpRequest, kode: str) -> HttpResponse:
    """Everything that is written to a question, for a projector. `?etter=` is asked again and again; without
    `?sporsmaal=` the wall follows the question that is open."""
    tankesmie = inngang.look_up(kode)
    if tankesmie is None:
        return _unknown(request)
    choose_spraak(request, tankesmie.nettverk)
    if tankesmie.er_over:
        return _closed(request, tankesmie, "lukket", status=410)
    etter = whole_number(request.GET.get("etter"))
    if etter is not None and tankesmie.versjon <= etter:
        return HttpResponse(status=204)
    startet = inngang.started(tankesmie)
    valgt = whole_number(request.GET.get("sporsmaal"))
    sporsmaal = next((s for s in startet if valgt in (None, s.pk)), None)
    if etter is not None and sporsmaal is not None:
        return _refresh(request, sporsmaal, etter, folger=valgt is None)
    bilde = _drawn(sporsmaal, etter=-1, folger=valgt is None) if sporsmaal else None
    return keep_private(
        render(
            request,
            "fremtidsbilder/bordvegg.html",
            {
                "tankesmie": tankesmie,
                "nettverk": tankesmie.nettverk,
                "startet": startet,
                "sporsmaal": sporsmaal,
                "folger": valgt is None,
                "vegg": bilde.html.decode() if bilde else "",
                "qr": inngang.pad_qr(tankesmie),
                "adresse": inngang.pad_path(tankesmie),
                "kode": shown(tankesmie.kode),
                "kodeadresse": spoken(reverse("bordkode")),
                "ledes_paa": _leads_at(request, tankesmie),
            },
        )
    )


def _leads_at(request: HttpRequest, tankesmie: Tankesmie) -> str:
    """Where the one who reads leads it, if they do; whoever is not signed in is not asked about."""
    if not tankesmie.frittstaaende or not request.user.is_authenticated:
        return ""
    if not kan(request.user, "fremtidsbilder.lead_tankesmie", tankesmie):
        return ""
    return reverse("fremtidsbilder:tankesmie", args=[tankesmie.nettverk.slug, tankesmie.pk])


def _refresh(
    request: HttpRequest, sporsmaal: Samtalesporsmaal, etter: int, *, folger: bool
) -> HttpResponse:
    bilde = _drawn(sporsmaal, etter=etter, folger=folger)
    if bilde is None:
        return HttpResponse(status=204)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        svar = HttpResponse(bilde.pakket, headers={"Content-Encoding": "gzip"})
        patch_vary_headers(svar, ("Accept-Encoding",))
    else:
        svar = HttpResponse(bilde.html)
    return keep_private(svar)


def _drawn(sporsmaal: Samtalesporsmaal, *, etter: int, folger: bool) -> veggbilde.Bilde | None:
    spraak = f"{get_language()}{'+' if folger else ''}"
    return veggbilde.newest(
        sporsmaal, spraak, etter=etter, draw=lambda: draw_wall(sporsmaal, folger=folger)
    )


def draw_wall(sporsmaal: Samtalesporsmaal, *, folger: bool) -> str:
    """The wall as it stands, with the address that asks for the next."""
    vegg = read_wall(sporsmaal)
    valg: dict[str, int] = {"etter": sporsmaal.tankesmie.versjon}
    if not folger:
        valg["sporsmaal"] = sporsmaal.pk
    adresse = reverse("bordvegg", args=[sporsmaal.tankesmie.kode])
    ordene = cloud(kort.tekst for kort in vegg.kort)
    return draw(
        "fremtidsbilder/vegg.jinja",
        **_wall_words(),
        vegg=vegg,
        bilder=_pictures(sporsmaal),
        sporsmaal=sporsmaal,
        ordene=ordene,
        sky=by_alphabet(ordene),
        maalform=sporsmaal.nettverk.maalform,
        neste=f"{adresse}?{urlencode(valg)}",
    )


def _pictures(sporsmaal: Samtalesporsmaal) -> dict[int, list[str]]:
    """Where the pictures of approved cards are, by the card; none where only members may see them. One query."""
    if not sporsmaal.nettverk.er_offentlig:
        return {}
    slug = sporsmaal.nettverk.slug
    return {
        kort: [
            f"{reverse('fremtidsbilder:bidragsbilde', args=[slug, bilde.pk])}?liten"
            for bilde in bilder
        ]
        for kort, bilder in bidragsbilder.approved_on(sporsmaal).items()
    }


def _wall_words() -> dict[str, Any]:
    """What the walls say in the language of the page."""
    return {
        "sagt": {
            "ett_bidrag": ngettext("bidrag", "bidrag", 1),
            "bidrag": ngettext("bidrag", "bidrag", 2),
            "prikk": _("prikk"),
            "prikker": _("prikker"),
            "bord": _("Bord"),
            "ingen": _("Ingen har skrevet ennå."),
            "uten_tema": _("Uten tema"),
            "ordene": _("Ordene som går igjen"),
            "ord": _("Ord"),
            "antall": _("Antall bidrag"),
            "tallene": _("Tallene bak ordene"),
            "gi": _("Gi prikk"),
            "ta": _("Fjern prikken"),
            "gitt": _("Du har gitt prikk"),
        }
    }


# --- what they share


def _unknown(request: HttpRequest) -> HttpResponse:
    status = note_wrong(request)
    return _closed(request, None, "for_mange" if status == 429 else "ukjent", status=status)


def _closed(
    request: HttpRequest,
    tankesmie: Tankesmie | None,
    stand: str,
    *,
    status: int,
    form: InngangskodeForm | None = None,
) -> HttpResponse:
    """A page that opens nothing: no such code, too many tried, the tankesmie is closed. What a phone still keeps is
    sent from there too."""
    side = render(
        request,
        "fremtidsbilder/bord_stengt.html",
        {
            "stand": stand,
            "tankesmie": tankesmie,
            "nettverk": tankesmie.nettverk if tankesmie else None,
            "adresse": inngang.pad_path(tankesmie) if tankesmie else "",
            "naa": timezone.now(),
            "temasider": temastemmer.pages_with(tankesmie) if tankesmie else [],
            "form": form or InngangskodeForm(),
        },
        status=status,
    )
    return keep_private(side)


def _remember(
    svar: HttpResponse, request: HttpRequest, navn: str, verdi: str, tankesmie: Tankesmie
) -> None:
    svar.set_cookie(
        navn,
        verdi,
        max_age=HUSKES,
        path=inngang.pad_path(tankesmie),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
