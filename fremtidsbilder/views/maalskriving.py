"""Goals are written: a new one, after a look at those that say nearly the same, and changes of one that stands."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fremtidsbilder.forms.maal import MaalForm, NyttMaalForm
from fremtidsbilder.maal import skriving
from fremtidsbilder.maal.likheter import near
from fremtidsbilder.maal.overtakelse import places_to_take
from fremtidsbilder.models import Maal
from fremtidsbilder.sted import kommune_of_units, places
from fremtidsbilder.views.bilderedigering import themes_from
from fremtidsbilder.views.maalrunder import address_of, fetch_maal
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.autolagring import is_discarded, posted, save_text
from nettverk.skriving.barnesjekk import look_for_children
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside


class _NestenLikt(Exception):
    """The network has goals that say nearly the same, and the writer has not seen them yet. Raised inside the act, so
    that a form that was sent twice does not meet the goal that it made itself."""

    def __init__(self, maalene: list[Maal]) -> None:
        super().__init__()
        self.maalene = maalene


@nettverksside("fremtidsbilder.write_fremtid")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_ny(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """A new goal. Those that say nearly the same are shown first; nothing that was written is lost meanwhile."""
    steder = places(request.roller)
    if not steder:
        # The unit or the kommune has left the network.
        raise Http404
    form = NyttMaalForm(
        **sent(request),
        nettverk=nettverk,
        steder=steder,
        initial={
            "sted": request.GET.get("sted"),
            "over": request.GET.get("over"),
            "temaer": themes_from(request),
        },
    )
    like: list[Maal] = []
    try:
        with told(request, form=form):
            if adresse := form.once(request.user, lambda: _made(request, form)):
                return redirect(adresse)
    except _NestenLikt as feil:
        like = feil.maalene
    kommuner = kommune_of_units(steder) if like else {}
    return render(
        request,
        "fremtidsbilder/maal_ny.html",
        {
            "form": form,
            "like": [(m, bool(places_to_take(m, steder, kommuner))) for m in like],
            "tilbake": reverse("fremtidsbilder:maal_list", args=[nettverk.slug]),
        },
        status=422 if like else form_status(form),
    )


def _made(request: PortalRequest, form: NyttMaalForm) -> str:
    if "likevel" not in request.POST:
        like = near(form.cleaned_data["tekst"], request.roller)
        if like:
            raise _NestenLikt(like)
    ny = skriving.make(
        request.nettverk,
        sted=form.cleaned_data["sted"],
        felt=form.felt,
        **form.mer,
        by=request.user,
    )
    messages.success(request, _("Målet er lagret som utkast."))
    for advarsel in look_for_children(f"{ny.tekst} {form['tegn'].value()}"):
        messages.warning(request, str(advarsel))
    return address_of(ny)


@nettverksside("fremtidsbilder.view_maal")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_rediger(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Change a goal. Of two who write, the second sees both texts."""
    rad = fetch_maal(request, pk, endre=True)
    if rad.er_avsluttet:
        messages.error(request, _("Målet er avsluttet. Åpne det igjen før dere endrer det."))
        return redirect(address_of(rad))
    under = skriving.with_all_below(rad)
    if request.method != "POST":
        return _page(request, MaalForm(maal=rad, under=under))
    if is_discarded(request):
        return redirect(address_of(rad))
    form = MaalForm(posted(request), maal=rad, under=under)

    def save(data: dict[str, Any]) -> Maal:
        return skriving.change(
            rad, versjon=data["versjon"], felt=form.felt, **form.mer, by=request.user
        )

    def done(naa: Maal) -> HttpResponse:
        messages.success(request, _("Målet er lagret."))
        return redirect(address_of(naa))

    return save_text(
        request, form, save=save, page=lambda form, **mer: _page(request, form, **mer), done=done
    )


def _page(
    request: PortalRequest,
    form: MaalForm,
    *,
    status: int = 200,
    konflikt: dict[str, Any] | None = None,
) -> HttpResponse:
    return render(
        request,
        "fremtidsbilder/maal_rediger.html",
        {"form": form, "maal": form.maal, "konflikt": konflikt, "tilbake": address_of(form.maal)},
        status=status,
    )
