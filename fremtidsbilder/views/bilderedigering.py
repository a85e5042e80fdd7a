"""The images are written here: a new one, its words, who may read it, its end; taken in use at one's own place; and
the themes they share."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fremtidsbilder.bilder import skriving, temaer
from fremtidsbilder.forms.bilde import BildeForm, NyttBildeForm, StedForm, TemaForm
from fremtidsbilder.models import Fremtidsbilde
from fremtidsbilder.portal import page_title
from fremtidsbilder.sted import Hjemsted, kommune_of_units, places, places_below
from kommuner.gyldighet import idag
from nettverk.models import Nettverk
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import whole_number
from nettverk.skriving.autolagring import is_discarded, posted, save_text
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev


def fetch_bilde(request: PortalRequest, pk: int, *, endre: bool = False) -> Fremtidsbilde:
    """An image that the person may see; `endre`: for those who may change it (403 else)."""
    if not request.nettverk.er_offentlig and not request.roller.er_medlem:
        raise Http404
    synlige = Fremtidsbilde.objects.visible_to(request.roller)
    bilde = get_object_or_404(
        synlige.select_related("kommune", "enhet").defer("kommune__grense"), pk=pk
    )
    bilde.nettverk = request.nettverk
    if endre:
        krev(request.user, "fremtidsbilder.change_fremtidsbilde", bilde)
    return bilde


def home_of(bilde: Fremtidsbilde) -> str:
    """The image's own page."""
    return reverse("fremtidsbilder:fremtidsbilde", args=[bilde.nettverk.slug, bilde.pk])


def may_take(request: PortalRequest, bilde: Fremtidsbilde) -> list[Hjemsted]:
    """Where the person may take the image in use. Three queries at most."""
    steder = places(request.roller)
    return places_below(bilde, steder, kommune_of_units(steder))


def places_to_take(request: PortalRequest, bilde: Fremtidsbilde) -> list[Hjemsted]:
    """`may_take`, without those that have."""
    steder = may_take(request, bilde)
    tatt = set(bilde.bygget_videre.values_list("kommune", "enhet")) if steder else set()
    return [sted for sted in steder if sted.ider not in tatt]


def themes_from(request: PortalRequest) -> list[int]:
    """The theme that one came from (`?tema=`), ticked in the form of something new."""
    tema = whole_number(request.GET.get("tema"))
    return [] if tema is None else [tema]


@nettverksside("fremtidsbilder.write_fremtid")
@require_http_methods(["GET", "HEAD", "POST"])
def fremtidsbilde_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """Begin an image, at a place where the person may write (`?sted=`)."""
    steder = places(request.roller)
    if not steder:
        # The unit or the kommune has left the network.
        raise Http404
    form = NyttBildeForm(
        **sent(request),
        nettverk=nettverk,
        steder=steder,
        initial={
            "sted": request.GET.get("sted"),
            "aar": idag().year,
            "temaer": themes_from(request),
        },
    )
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _made(request, form)):
            return redirect(adresse)
    return render(
        request,
        "fremtidsbilder/bilde_ny.html",
        {"form": form, "liste": page_title(nettverk), "til_deling": _to_share(request, steder)},
        status=form_status(form),
    )


def _to_share(request: PortalRequest, steder: list[Hjemsted]) -> list[Fremtidsbilde]:
    """The network's images, which a kommune or a unit may build on instead of beginning anew."""
    if all(sted.nivaa == Fremtidsbilde.Nivaa.NETTVERK for sted in steder):
        return []
    felles = Fremtidsbilde.objects.visible_to(request.roller)
    return list(felles.filter(nivaa=Fremtidsbilde.Nivaa.NETTVERK)[:3])


def _made(request: PortalRequest, form: NyttBildeForm) -> str:
    bilde = skriving.create(
        nettverk=request.nettverk, sted=form.valgt_sted, **form.innhold(), by=request.user
    )
    messages.success(
        request, _("Fremtidsbildet er laget. Bare de som er med i nettverket, ser det foreløpig.")
    )
    return home_of(bilde)


@nettverksside("fremtidsbilder.view_fremtidsbilde")
@require_http_methods(["GET", "HEAD", "POST"])
def fremtidsbilde_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change the words of an image. Of two who write, the second sees both texts."""
    bilde = fetch_bilde(request, pk, endre=True)
    if is_discarded(request):
        return redirect(home_of(bilde))
    if request.method != "POST":
        return _form_page(request, bilde, BildeForm(bilde=bilde))
    form = BildeForm(posted(request), bilde=bilde)

    def save(data: dict[str, Any]) -> Fremtidsbilde:
        return skriving.change(bilde, versjon=data["versjon"], **form.innhold(), by=request.user)

    def done(naa: Fremtidsbilde) -> HttpResponse:
        messages.success(request, _("Fremtidsbildet er lagret."))
        return redirect(home_of(bilde))

    return save_text(
        request,
        form,
        save=save,
        page=lambda form, **mer: _form_page(request, bilde, form, **mer),
        done=done,
    )


def _form_page(
    request: PortalRequest,
    bilde: Fremtidsbilde,
    form: BildeForm,
    *,
    status: int = 200,
    konflikt: dict[str, Any] | None = None,
) -> HttpResponse:
    return render(
        request,
        "fremtidsbilder/bilde_rediger.html",
        {
            "bilde": bilde,
            "form": form,
            "konflikt": konflikt,
            "liste": page_title(request.nettverk),
            "kan_slettes": not skriving.why_it_stays(bilde),
        },
        status=status,
    )


@nettverksside("fremtidsbilder.view_fremtidsbilde")
@require_http_methods(["GET", "HEAD", "POST"])
def fremtidsbilde_publiser(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Say who reads it now and who will, then publish it or take it back."""
    bilde = fetch_bilde(request, pk, endre=True)
    if request.method == "POST":
        til = request.POST.get("publisert") == "1"
        takk = _("Fremtidsbildet er publisert.") if til else _("Fremtidsbildet er trukket tilbake.")
        with told(request, takk):
            skriving.publish(bilde, publisert=til, by=request.user)
        return redirect(home_of(bilde))
    return render(
        request,
        "fremtidsbilder/bilde_publiser.html",
        {"bilde": bilde, "liste": page_title(nettverk)},
    )


@nettverksside("fremtidsbilder.view_fremtidsbilde")
@require_http_methods(["GET", "HEAD", "POST"])
def fremtidsbilde_slett(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Ask, then delete an image that is not published and has no versions."""
    bilde = fetch_bilde(request, pk, endre=True)
    if request.method == "POST":
        with told(request, _("Fremtidsbildet er slettet.")) as utfall:
            skriving.remove(bilde)
        if utfall.nei:
            return redirect(home_of(bilde))
        return redirect("fremtidsbilder:fremtidsbilde_list", nettverk.slug)
    if grunn := skriving.why_it_stays(bilde):
        messages.error(request, grunn)
        return redirect(home_of(bilde))
    return render(
        request,
        "bekreft.html",
        {
            "tittel": fill_in(_("Slette «%(tittel)s»?"), tittel=innhold(bilde.tittel, nettverk)),
            "tekst": _("Teksten, tegnene og bildene blir borte for alle."),
            "konsekvenser": [],
            "knapp": _("Slett fremtidsbildet"),
            "avbryt_url": home_of(bilde),
        },
    )


@nettverksside("fremtidsbilder.write_fremtid")
@require_http_methods(["GET", "HEAD", "POST"])
def fremtidsbilde_ta_i_bruk(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """A kommune or a unit takes the image as its own, to write it further on."""
    bilde = fetch_bilde(request, pk)
    steder = may_take(request, bilde)
    if not steder:
        raise Http404
    form = StedForm(**sent(request), steder=steder, initial={"sted": request.GET.get("sted")})
    with told(request, form=form):
        if adresse := form.once(request.user, lambda: _taken(request, bilde, form)):
            return redirect(adresse)
    return render(
        request,
        "fremtidsbilder/bilde_ta_i_bruk.html",
        {
            "bilde": bilde,
            "form": form,
            "eneste": steder[0] if len(steder) == 1 else None,
            "liste": page_title(nettverk),
        },
        status=form_status(form),
    )


def _taken(request: PortalRequest, bilde: Fremtidsbilde, form: StedForm) -> str:
    eget, er_nytt = skriving.take_in_use(bilde, sted=form.valgt_sted, by=request.user)
    if not er_nytt:
        messages.info(request, _("Dere har tatt i bruk dette fremtidsbildet fra før. Her er det."))
        return home_of(eget)
    messages.success(
        request, _("Teksten er kopiert. Skriv om det som skal være annerledes hos dere.")
    )
    return reverse("fremtidsbilder:fremtidsbilde_rediger", args=[request.nettverk.slug, eget.pk])


@nettverksside("fremtidsbilder.change_tema")
@require_http_methods(["GET", "HEAD", "POST"])
def temaer_rediger(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The themes of the network: one more, another name, another place."""
    tema_pk = request.POST.get("tema", "")
    form = TemaForm(**sent(request)) if request.method == "POST" and not tema_pk else TemaForm()
    if request.method == "POST" and tema_pk:
        return _theme_changed(request, nettverk, tema_pk)
    if form.is_bound and form.is_valid():
        with told(request, _("Temaet er lagt til."), form=form) as utfall:
            temaer.add(nettverk, navn=form.cleaned_data["navn"])
        if not utfall.nei:
            return redirect("fremtidsbilder:temaer", nettverk.slug)
    return _themes_page(request, nettverk, form)


def _theme_changed(request: PortalRequest, nettverk: Nettverk, pk: str) -> HttpResponse:
    tema = get_object_or_404(nettverk.temaer, pk=whole_number(pk) or 0)
    tema.nettverk = nettverk
    if "opp" in request.POST or "ned" in request.POST:
        temaer.move(tema, opp="opp" in request.POST)
        return redirect("fremtidsbilder:temaer", nettverk.slug)
    form = TemaForm(request.POST, prefix=f"tema-{tema.pk}")
    if form.is_valid():
        with told(request, _("Temaet er lagret."), form=form) as utfall:
            temaer.rename(tema, navn=form.cleaned_data["navn"])
        if not utfall.nei:
            return redirect("fremtidsbilder:temaer", nettverk.slug)
    return _themes_page(request, nettverk, TemaForm(), endret={tema.pk: form})


def _themes_page(
    request: PortalRequest,
    nettverk: Nettverk,
    form: TemaForm,
    endret: dict[int, TemaForm] | None = None,
) -> HttpResponse:
    endret = endret or {}
    rader = [
        {
            "tema": tema,
            "form": endret.get(tema.pk)
            or TemaForm(prefix=f"tema-{tema.pk}", initial={"navn": tema.navn}),
        }
        for tema in nettverk.temaer.all()
    ]
    skjemaer = [form, *endret.values()]
    return render(
        request,
        "fremtidsbilder/temaer.html",
        {
            "form": form,
            "endret": next(iter(endret.values()), None),
            "rader": rader,
            "liste": page_title(nettverk),
        },
        status=form_status(*skjemaer),
    )
