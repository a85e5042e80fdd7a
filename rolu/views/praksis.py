"""Practice: what the units have tried and tell everyone, to read, to search in, and to take into use."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kommuner.gyldighet import idag
from kommuner.models import Enhet
from laeringsloyper.merke import draw_merke
from nettverk.models import Nettverk
from nettverk.register import medlemskap_per
from nettverk.roedtraad.flate import section
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.kart import Kart, Kartverdi, draw_kart
from nettverk.side.liste import Brikke, address, beyond, chips
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import whole_number
from nettverk.skriving.laas import locked
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu.forms.praksis import FortellingForm, IdebrukForm, PraksisFilter, SkjulForm, TaVareForm
from rolu.mellomarbeid import praksis as praksisen
from rolu.models import Loggpost, Mellomarbeid, Praksisbruk, Praksisfortelling, Vedlegg

PER_SIDE = 18
# As in static/css/praksiskort.css.
PAA_TELEFON = 8
_FLERE = 3

_skriver = require_http_methods(["GET", "HEAD", "POST"])


@nettverksside("rolu.view_oppdrag")
@require_safe
def praksis(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """What is told, the newest or the nearest to the search first: a card each."""
    delte = Praksisfortelling.objects.visible_to(request.roller).shown()
    form = PraksisFilter(request.GET, delte=delte, nettverk=nettverk)
    rader = form.filter(delte).as_cards()
    sider = Paginator(rader, PER_SIDE)
    sider.count = form.antall  # known from the filter's figures: one query saved
    side = sider.get_page(request.GET.get("side"))
    return render(
        request,
        "rolu/praksis.html#liste" if request.htmx else "rolu/praksis.html",
        {
            "form": form,
            "side": side,
            "flere": beyond(side, PAA_TELEFON),
            "brikker": _track_chips(request, form),
            "typer": _type_chips(request, form),
            "alle_kommuner": address(request, kommune=None),
            "kart": _kart(request, form),
            "har_loyper": nettverk.uses("laeringsloyper"),
            "er_filtrert": form.er_i_bruk,
            "velger_mer": any(
                form.cleaned_data.get(felt) for felt in ("modul", "tema", "oppdrag", "forst")
            ),
            "kan_dele": praksisen.untold(request.roller).exists()
            if request.roller.enheter_ledet
            else False,
        },
    )


@nettverksside("rolu.view_oppdrag")
@require_safe
def praksis_del(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """What the own units have delivered and told nothing of, to tell of; at once when it is one."""
    krev(request.user, "rolu.use_praksis", nettverk)
    arbeidene = list(praksisen.untold(request.roller))
    if not arbeidene:
        return redirect("rolu:praksis", nettverk.slug)
    if len(arbeidene) == 1:
        return redirect("rolu:mellomarbeid_del", nettverk.slug, arbeidene[0].pk)
    return render(request, "rolu/praksis_del.html", {"arbeidene": arbeidene})


def _type_chips(request: PortalRequest, form: PraksisFilter) -> list[Brikke]:
    """Each type of unit that has told something; none when all are alike."""
    antall, valgt = form.count_by("type"), form.cleaned_data.get("type")
    typer = [t for t in Enhet.Type if antall[t.value] or t.value == valgt]
    if len(typer) < 2:
        return []
    valg = [(t.value, capfirst(t.label), antall[t.value]) for t in typer]
    return chips(request, "type", [("", _("Alle"), None), *valg])


def _track_chips(request: PortalRequest, form: PraksisFilter) -> list[Brikke]:
    """Each track of which something is shared, in its own colour, and the one that is chosen."""
    antall, valgt = form.count_by("loype"), form.cleaned_data.get("loype")
    loyper = [loype for loype in form.loyper if antall[loype.pk] or loype.pk == valgt]
    if not loyper:
        return []
    return chips(
        request,
        "loype",
        [
            ("", _("Alle"), sum(antall.values())),
            *(
                (
                    str(loype.pk),
                    draw_merke(loype.farge, loype.tegn, innhold(loype.navn, request.nettverk)),
                    antall[loype.pk],
                )
                for loype in loyper
            ),
        ],
    )


def _kart(request: PortalRequest, form: PraksisFilter) -> Kart | None:
    """The kommuner of today as a filter, shaded by how much they have shared."""
    antall, valgt = form.count_by("kommune"), form.cleaned_data.get("kommune")
    if not any(antall.values()):
        return None
    verdier = {
        pk: Kartverdi(
            None, str(n), ngettext("%(n)s fortelling", "%(n)s fortellinger", n) % {"n": n}, antall=n
        )
        for pk, n in antall.items()
        if pk
    }
    lenker = {pk: address(request, kommune=None if pk == valgt else pk) for pk in verdier}
    return draw_kart(
        list(medlemskap_per(idag()).filter(nettverk=request.nettverk)),
        skjematisk=True,
        verdier=verdier,
        lenker=lenker,
        valgt=valgt,
    )


# --- one of them


def _fetch(request: PortalRequest, nettverk: Nettverk, pk: int) -> Praksisfortelling:
    """The praksisfortelling, if the person may see it; 404 otherwise."""
    fortelling = get_object_or_404(
        Praksisfortelling.objects.visible_to(request.roller).as_cards(), pk=pk
    )
    fortelling.mellomarbeid.oppdrag.nettverk = nettverk
    return fortelling


@nettverksside("rolu.view_oppdrag")
@require_safe
def fortelling(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """What a unit tells, with its pictures, who uses it, and what else there is to read."""
    rad = _fetch(request, nettverk, pk)
    arbeid = rad.mellomarbeid
    loype = arbeid.oppdrag.laeringsloype if nettverk.uses("laeringsloyper") else None
    bruk = praksisen.uses(rad)
    egne = [ett for ett in bruk if ett.gruppe.enhet_id in request.roller.enheter]
    return render(
        request,
        "rolu/fortelling.html",
        {
            "rad": rad,
            "arbeid": arbeid,
            "oppdrag": arbeid.oppdrag,
            "enhet": arbeid.gruppe.enhet,
            "loype": loype,
            "modul": arbeid.oppdrag.modul if loype else None,
            "temaer": list(rad.temaer.all()),
            "bilder": list(rad.bilder.approved().order_by(*Vedlegg.REKKEFOLGE)),
            "bruker": [ett.gruppe.enhet for ett in bruk],
            "brukt_av_oss": any(ett.loggpost_id for ett in egne),
            "tatt_vare_paa": bool(egne),
            "kan_bruke": may_use(request, rad, egne),
            "kan_endre": kan(request.user, "rolu.change_fortelling", rad),
            "kan_skjule": kan(request.user, "rolu.hide_fortelling", rad),
            "flere": more(request, arbeid, loype),
            "seksjoner": section(rad, request.roller),
        },
    )


def may_use(
    request: PortalRequest, rad: Praksisfortelling, bruk: Iterable[Praksisbruk] | None = None
) -> bool:
    """That an own unit can plan the idea, or keep it; not when it is planned. `bruk`: the own units' use of it, asked
    for when it is not known."""
    enheter = request.roller.enheter
    if not rad.er_vist or not enheter or rad.mellomarbeid.gruppe.enhet_id in enheter:
        return False
    if bruk is None:
        bruk = rad.bruk.filter(gruppe__enhet__in=enheter)
    return not any(ett.loggpost_id for ett in bruk)


def more(request: PortalRequest, arbeid: Mellomarbeid, loype: Any) -> list[Praksisfortelling]:
    """To read on in: the newest that others tell in the same track, or at all. One query."""
    delte = Praksisfortelling.objects.visible_to(request.roller).shown()
    if loype:
        delte = delte.filter(mellomarbeid__oppdrag__laeringsloype=loype)
    andre = delte.exclude(mellomarbeid__gruppe=arbeid.gruppe_id)
    return list(andre.as_cards().newest_first()[:_FLERE])


# --- the unit tells


def told_of(request: PortalRequest, arbeid: Mellomarbeid) -> dict[str, Any]:
    """For the page of a mellomarbeid (templates/rolu/_mellomarbeid_historie.html): what is told of it in Praksis, and
    whether the person may tell. One query when it is delivered or opened again, else none."""
    if not (arbeid.er_levert or arbeid.er_fortalt) or not request.nettverk.uses("praksis"):
        return {"fortellinger": [], "fortalt": False, "offentlig": False, "kan_dele": False}
    egne = Praksisfortelling.objects.visible_to(request.roller).filter(mellomarbeid=arbeid)
    fortellinger = list(egne.with_uses().defer("tekst", "sok").order_by("pk"))
    return {
        "fortellinger": fortellinger,
        "fortalt": any(f.er_vist for f in fortellinger),
        "offentlig": any(f.er_vist and f.offentlig for f in fortellinger),
        "kan_dele": arbeid.er_levert and kan(request.user, "rolu.share_mellomarbeid", arbeid),
    }


@nettverksside("rolu.view_oppdrag")
@_skriver
def mellomarbeid_del(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Tell the network of what the unit has done, with a title and a text proposed; `?post=` of one entry only.

    What is told before is changed where it stands.
    """
    arbeid = get_object_or_404(
        Mellomarbeid.objects.visible_to(request.roller).select_related(
            "oppdrag__laeringsloype", "gruppe__enhet", "kommune"
        ),
        pk=pk,
    )
    arbeid.oppdrag.nettverk = nettverk
    krev(request.user, "rolu.share_mellomarbeid", arbeid)
    post = _entry(request, arbeid)
    if (finnes := praksisen.told_before(arbeid, post)) and request.method != "POST":
        return redirect("rolu:fortelling_rediger", nettverk.slug, finnes.pk)
    form = FortellingForm(
        **sent(request),
        arbeid=arbeid,
        instance=Praksisfortelling(mellomarbeid=arbeid, loggpost=post),
        initial=praksisen.proposal(arbeid, post),
    )
    with told(request, form=form):
        if adresse := form.once(request.user, partial(_tell, request, arbeid, post, form)):
            return redirect(adresse)
    if request.method == "POST" and (finnes := praksisen.told_before(arbeid, post)):
        # Somebody else was first: what they told is shown beside what is sent.
        finnes.mellomarbeid = arbeid
        return _change(request, finnes, stand=request.POST.get("stand") or "ny")
    return _write(request, arbeid, form, post=post, poster=_entries(arbeid))


def _tell(
    request: PortalRequest, arbeid: Mellomarbeid, post: Loggpost | None, form: FortellingForm
) -> str:
    ny = praksisen.share(arbeid, loggpost=post, by=request.user, **_told(form))
    messages.success(request, _("Nå kan alle i nettverket lese fortellingen."))
    return reverse("rolu:fortelling", args=[request.nettverk.slug, ny.pk])


def _entry(request: PortalRequest, arbeid: Mellomarbeid) -> Loggpost | None:
    nummer = whole_number(request.GET.get("post", ""))
    return get_object_or_404(arbeid.loggposter, pk=nummer) if nummer is not None else None


def _entries(arbeid: Mellomarbeid) -> list[Loggpost]:
    """The entries that can be told of one by one: only when there are several to choose between."""
    poster = list(arbeid.loggposter.exclude(tekst="").exclude(stand=Loggpost.Stand.PLANLAGT))
    return poster if len(poster) > 1 else []


def _told(form: FortellingForm) -> dict[str, Any]:
    felt = {
        navn: form.cleaned_data[navn] for navn in ("tittel", "tekst", "hele_loggen", "offentlig")
    }
    return felt | {navn: form.cleaned_data.get(navn) or [] for navn in ("bilder", "temaer")}


def _write(
    request: PortalRequest, arbeid: Mellomarbeid, form: FortellingForm, **mer: Any
) -> HttpResponse:
    kontekst = {
        "arbeid": arbeid,
        "enhet": arbeid.gruppe.enhet,
        "form": form,
        "uten_svar": arbeid.vedlegg.pictures().unanswered().count(),
        **mer,
    }
    return render(request, "rolu/fortelling_form.html", kontekst, status=form_status(form))


@nettverksside("rolu.view_oppdrag")
@_skriver
def fortelling_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change what is told; with `igjen` what is taken back is told again. Somebody else's change meanwhile is shown."""
    rad = _fetch(request, nettverk, pk)
    krev(request.user, "rolu.change_fortelling", rad)
    return _change(request, rad)


def _change(request: PortalRequest, rad: Praksisfortelling, stand: str = "") -> HttpResponse:
    """`stand`: the mark of what the person had before them, when it is not in what is sent."""
    sendt = sent(request)
    if stand:
        sendt["data"] = request.POST.copy()
        sendt["data"]["stand"] = stand
    igjen = "igjen" in request.POST
    with locked(rad.mellomarbeid) as arbeid, locked(rad) as naa:
        naa.mellomarbeid = arbeid
        form = FortellingForm(**sendt, arbeid=arbeid, instance=naa)
        if request.method == "POST" and form.is_valid():
            with told(request, form=form) as utfall:
                ny = praksisen.change(naa, by=request.user, igjen=igjen, **_told(form))
                utfall.takk = _thanks(ny, igjen=igjen)
            if not utfall.nei:
                return redirect("rolu:fortelling", request.nettverk.slug, rad.pk)
    return _write(request, arbeid, form, rad=rad, post=rad.loggpost, poster=_entries(arbeid))


def _thanks(rad: Praksisfortelling, *, igjen: bool) -> str:
    if rad.er_skjult:
        return _("Fortellingen er lagret. Koordinatoren bestemmer om fortellingen vises igjen.")
    if rad.er_tatt_tilbake:
        return _("Fortellingen er lagret, men er tatt tilbake og vises ikke for andre.")
    return _("Fortellingen er delt igjen.") if igjen else _("Fortellingen er lagret.")


@nettverksside("rolu.view_oppdrag")
@_skriver
def fortelling_tilbake(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, then take it back."""
    rad = _fetch(request, nettverk, pk)
    krev(request.user, "rolu.change_fortelling", rad)
    if request.method == "POST":
        with told(request, _("Fortellingen er tatt tilbake.")):
            praksisen.take_back(rad)
        return redirect("rolu:mellomarbeid", nettverk.slug, rad.mellomarbeid_id)
    planlagt = rad.bruk.exclude(loggpost=None).count()
    return render(
        request,
        "bekreft.html",
        {
            "tittel": fill_in(_("Ta tilbake «%(tittel)s»?"), tittel=innhold(rad.tittel, nettverk)),
            "tekst": _(
                "Ingen andre kan lese fortellingen etterpå. Dere beholder teksten, og kan dele fortellingen igjen."
            ),
            "konsekvenser": [
                ngettext(
                    "%(n)s enhet har tatt ideen i bruk, og beholder den i loggen sin.",
                    "%(n)s enheter har tatt ideen i bruk, og beholder den i loggen sin.",
                    planlagt,
                )
                % {"n": planlagt}
            ]
            if planlagt
            else [],
            "knapp": _("Ta tilbake"),
            "avbryt_url": reverse("rolu:fortelling", args=[nettverk.slug, pk]),
        },
    )


# --- the koordinator


@nettverksside("rolu.view_oppdrag")
@_skriver
def fortelling_skjul(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Hide it, and say to the unit why."""
    rad = _fetch(request, nettverk, pk)
    krev(request.user, "rolu.hide_fortelling", rad)
    form = SkjulForm(**sent(request))
    if request.method == "POST" and form.is_valid():
        with told(request, _("Fortellingen er skjult. Enheten ser hvorfor.")):
            praksisen.hide(rad, grunn=form.cleaned_data["grunn"])
        return redirect("rolu:fortelling", nettverk.slug, pk)
    return render(
        request, "rolu/fortelling_skjul.html", {"rad": rad, "form": form}, status=form_status(form)
    )


@nettverksside("rolu.view_oppdrag")
@require_POST
def fortelling_vis(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Show what was hidden."""
    rad = _fetch(request, nettverk, pk)
    krev(request.user, "rolu.hide_fortelling", rad)
    with told(request, _("Fortellingen er ikke lenger skjult.")):
        praksisen.show_again(rad)
    return redirect("rolu:fortelling", nettverk.slug, pk)


# --- others take it into use


@nettverksside("rolu.view_oppdrag")
@_skriver
def fortelling_bruk(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Plan the idea in a log of one's own, which of them and when."""
    rad = _fetch(request, nettverk, pk)
    krev(request.user, "rolu.use_praksis", nettverk)
    form = IdebrukForm(**sent(request), roller=request.roller)
    if request.method == "POST" and form.is_valid():
        with told(request, form=form) as utfall:
            post = praksisen.use(rad, by=request.user, **form.cleaned_data)
        if not utfall.nei:
            messages.success(
                request, _("Ideen er planlagt i loggen deres. De som delte ideen, får vite det.")
            )
            return redirect("rolu:loggpost", nettverk.slug, post.mellomarbeid_id, post.noekkel)
    return render(
        request,
        "rolu/fortelling_bruk.html",
        {
            "rad": rad,
            "form": form,
            "enhet": rad.enhet,
            "har_aapent": bool(form.arbeidene),
            "tatt_vare_paa": rad.bruk.filter(
                gruppe__enhet__in=request.roller.enheter, loggpost=None
            ).exists(),
            "kan_ta_vare": praksisen.may_keep(rad, request.roller) if rad.er_vist else [],
            "flere_enheter": len(request.roller.enheter) > 1,
        },
        status=form_status(form),
    )


@nettverksside("rolu.view_oppdrag")
@require_POST
def fortelling_ta_vare(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Keep the idea for the next log; with `bort` keep it no more."""
    rad = _fetch(request, nettverk, pk)
    krev(request.user, "rolu.use_praksis", nettverk)
    form = TaVareForm(**sent(request), roller=request.roller)
    if not form.is_valid():
        return redirect("rolu:fortelling_bruk", nettverk.slug, pk)
    gruppe = form.cleaned_data["gruppe"]
    if "bort" in request.POST:
        with told(request, _("Ideen er tatt bort.")):
            praksisen.let_go(rad, gruppe=gruppe)
    else:
        with told(
            request,
            _(
                "Dere har tatt vare på ideen. Ideen står øverst i loggen når dere får et nytt oppdrag."
            ),
        ):
            praksisen.keep(rad, gruppe=gruppe, by=request.user)
    return redirect("rolu:fortelling", nettverk.slug, pk)
