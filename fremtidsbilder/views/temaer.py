"""A theme of the network: «Dette sa dere – dette skjedde» for everybody, the writing of it, whose voices are in it, and
merging it into another."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fremtidsbilder.bilder import temaer
from fremtidsbilder.forms.tema import SlaaSammenForm, TemasideForm
from fremtidsbilder.models import Fremtidsbilde, Maal, Tankesmie, Tema
from fremtidsbilder.portal import page_title
from fremtidsbilder.tankesmier import temastemmer
from fremtidsbilder.tankesmier.temastemmer import Stemmetall
from fremtidsbilder.tankesmier.vegg import by_alphabet, cloud
from fremtidsbilder.traadslag import FREMTIDSBILDE, MAAL, TEMA
from nettverk.models import Nettverk
from nettverk.roedtraad.flate import section
from nettverk.roedtraad.lesing import Traadgruppe, read
from nettverk.side.diagram import Stolpediagram, stolper
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.liste import PER_SIDE, SIDETALL
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.autolagring import is_discarded, posted, save_text
from nettverk.skriving.svar import Angring, told
from nettverk.tilgang.roller import Roller, roller_for
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan


def _fetch(request: PortalRequest, pk: int) -> Tema:
    tema: Tema = get_object_or_404(request.nettverk.temaer, pk=pk)
    tema.nettverk = request.nettverk
    return tema


# --- what everybody reads


@dataclass
class Temaside:
    """All that stands on the page, as anybody outside the network may see it."""

    tall: Stemmetall
    diagram: Stolpediagram | None
    sitater: list[Any]
    bilder: list[Fremtidsbilde]
    maal: list[Maal]
    traaden: list[Traadgruppe] = field(default_factory=list)


def public_page(tema: Tema) -> Temaside:
    """Nothing of it depends on who reads: who is to publish it, sees what the others will."""
    nettverk = tema.nettverk
    alle: Roller = roller_for(AnonymousUser(), nettverk)  # type: ignore[arg-type] # nobody
    tall = temastemmer.count(temastemmer.voices(tema)).together()
    return Temaside(
        tall,
        _chart(tall) if len(tall.grupper) > 1 else None,
        temastemmer.quoted(tema, tall),
        _images(tema, alle),
        _decided_goals(tema) if nettverk.uses("maal") else [],
        [
            gruppe
            for gruppe in read(TEMA, tema.pk, alle).har_foert_til
            if gruppe.slag not in (FREMTIDSBILDE, MAAL)
        ],
    )


def _decided_goals(tema: Tema) -> list[Maal]:
    """The goals that the voices gave: what is decided is told to those who said it, also when they are no members."""
    maal = Maal.objects.filter(nettverk=tema.nettverk, temaer=tema).in_force()
    return list(maal.select_related("kommune", "enhet").defer("kommune__grense")[:20])


def _images(tema: Tema, alle: Roller) -> list[Fremtidsbilde]:
    """The published ones that have the theme; the network's own has all of them where none are chosen."""
    egne = Fremtidsbilde.temaer.through.objects.filter(fremtidsbilde=OuterRef("pk"))
    hvor = Q(Exists(egne.filter(tema=tema)))
    hvor |= Q(~Exists(egne), nivaa=Fremtidsbilde.Nivaa.NETTVERK)
    bilder = Fremtidsbilde.objects.visible_to(alle).published().filter(hvor)
    return list(bilder.with_picture()[:12])


def _chart(tall: Stemmetall) -> Stolpediagram:
    return stolper(
        [(g.navn, g.antall) for g in tall.grupper],
        tittel=tall.setning,
        radnavn=_("Hvem sin stemme"),
        verdinavn=_("Stemmer"),
        beskrivelse=_("Hvor mange stemmer hver gruppe har i temaet."),
    )


@nettverksside(offentlig=True)
@require_safe
def tema(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """What was said and what came of it. Before it is published only who may publish it sees it."""
    if not nettverk.er_offentlig and not request.roller.er_medlem:
        raise Http404
    if not nettverk.temaer.filter(pk=pk).exists():
        annet = temaer.went_into(nettverk, pk)
        if annet is None or not annet.offentlig:
            raise Http404
        return redirect("fremtidsbilder:tema", nettverk.slug, annet.pk)
    denne = _fetch(request, pk)
    kan_endre = kan(request.user, "fremtidsbilder.change_tema", nettverk)
    if not denne.offentlig and not kan_endre:
        raise Http404
    return render(
        request,
        "fremtidsbilder/tema.html",
        {
            "tema": denne,
            "side": public_page(denne),
            "kan_endre": kan_endre,
            "kan_se_alle": kan(request.user, "fremtidsbilder.view_fremtidsbilde", nettverk),
            "kan_telle": kan(request.user, "fremtidsbilder.hold_tankesmie", nettverk),
            **_may_begin(request),
            "seksjoner": section(denne, request.roller),
            "liste": page_title(nettverk),
        },
    )


def _may_begin(request: PortalRequest) -> dict[str, bool]:
    """Whether the person may make a goal and an image of the theme."""
    kan_skrive = kan(request.user, "fremtidsbilder.write_fremtid", request.nettverk)
    return {
        "kan_skrive": kan_skrive,
        "kan_sette_maal": kan_skrive and request.nettverk.uses("maal"),
    }


# --- writing it


@nettverksside("fremtidsbilder.change_tema")
@require_http_methods(["GET", "HEAD", "POST"])
def tema_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """What it is about, and what came of it. Of two who write, the second sees both texts."""
    denne = _fetch(request, pk)
    siden = reverse("fremtidsbilder:tema", args=[nettverk.slug, pk])
    if is_discarded(request):
        return redirect(siden)

    def page(form: TemasideForm, **mer: Any) -> HttpResponse:
        return _form_page(request, denne, form, **mer)

    if request.method != "POST":
        return page(TemasideForm(tema=denne))
    form = TemasideForm(posted(request), tema=denne)

    def save(data: dict[str, Any]) -> Tema:
        return temaer.describe(denne, versjon=data["versjon"], felt=form.felt)

    def done(naa: Tema) -> HttpResponse:
        messages.success(
            request,
            _("Siden er lagret.")
            if naa.offentlig
            else _("Siden er lagret. Slik blir den når den er publisert."),
        )
        return redirect(siden)

    return save_text(request, form, save=save, page=page, done=done)


def _form_page(
    request: PortalRequest,
    tema: Tema,
    form: TemasideForm,
    *,
    status: int = 200,
    konflikt: dict[str, Any] | None = None,
) -> HttpResponse:
    return render(
        request,
        "fremtidsbilder/tema_rediger.html",
        {
            "tema": tema,
            "form": form,
            "konflikt": konflikt,
            "liste": page_title(request.nettverk),
        },
        status=status,
    )


@nettverksside("fremtidsbilder.change_tema")
@require_POST
def tema_publiser(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Let everybody read the page that one has just seen, or take it back."""
    denne = _fetch(request, pk)
    til = request.POST.get("offentlig") == "1"
    with told(request) as utfall:
        temaer.publish(denne, offentlig=til)
        utfall.takk = _("Siden er publisert.") if til else _("Siden er trukket tilbake.")
        utfall.angre = Angring(request.path, {"offentlig": "0" if til else "1"})
    return redirect("fremtidsbilder:tema", nettverk.slug, pk)


@nettverksside("fremtidsbilder.change_tema")
@require_http_methods(["GET", "HEAD", "POST"])
def tema_slaa_sammen(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Let it become part of another: what that means, and doing it."""
    denne = _fetch(request, pk)
    form = SlaaSammenForm(**sent(request), tema=denne)
    if form.is_valid():
        with told(request, form=form) as utfall:
            annet = temaer.merge(denne, inn_i=form.cleaned_data["inn_i"])
            utfall.takk = fill_in(
                _("«%(tema)s» er nå en del av «%(annet)s»."),
                tema=innhold(denne.navn, nettverk),
                annet=innhold(annet.navn, nettverk),
            )
        if not utfall.nei:
            return redirect("fremtidsbilder:temaer", nettverk.slug)
    return render(
        request,
        "fremtidsbilder/tema_slaa_sammen.html",
        {
            "tema": denne,
            "form": form,
            "liste": page_title(nettverk),
            "antall_bilder": denne.fremtidsbilder.count(),
            "antall_maal": denne.maal.count(),
            "antall_vegger": denne.klynger.count(),
            "kan_slaas": nettverk.temaer.exclude(pk=pk).exists(),
        },
        status=form_status(form),
    )


# --- whose voices


@nettverksside("fremtidsbilder.hold_tankesmie")
@require_safe
def tema_stemmer(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Whose voices are in the theme, of all tankesmier and levels; and what the person may read of them, with the words
    they use."""
    denne = _fetch(request, pk)
    alle = temastemmer.voices(denne)
    tall = temastemmer.count(alle)
    ledes = Tankesmie.objects.visible_to(request.roller)
    lesbare = alle.filter(Q(avgjoerelse="godkjent") | Q(sporsmaal__tankesmie__in=ledes))
    nivaaer = temastemmer.levels(tall)
    kortene = lesbare.select_related("gruppe", "sporsmaal__tankesmie").prefetch_related("bilder")
    return render(
        request,
        "fremtidsbilder/tema_stemmer.html",
        {
            "tema": denne,
            "tall": tall,
            "diagram": _chart(tall) if tall.grupper else None,
            "nivaaer": [navn for _n, navn in nivaaer],
            "rader": [(g, [g.nivaaer.get(n, 0) for n, _navn in nivaaer]) for g in tall.grupper],
            "ordene": by_alphabet(cloud(temastemmer.texts(lesbare))),
            "side": Paginator(kortene.order_by("-pk"), PER_SIDE).get_page(
                request.GET.get(SIDETALL)
            ),
            "vegger": list(
                temastemmer.belonging(denne.pk)
                .filter(inn_i__isnull=True, sporsmaal__tankesmie__in=ledes)
                .select_related("sporsmaal__tankesmie")[:50]
            ),
            "kan_endre": kan(request.user, "fremtidsbilder.change_tema", nettverk),
            **_may_begin(request),
            "liste": page_title(nettverk),
        },
    )
