"""Whose voices the network asks for, for its koordinator."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fremtidsbilder.forms.egen_tankesmie import StemmegruppeForm
from fremtidsbilder.portal import page_title
from fremtidsbilder.tankesmier import stemmegrupper as grupper
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status, sent
from nettverk.side.utenfra import whole_number
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside


@nettverksside("fremtidsbilder.change_stemmegrupper")
@require_http_methods(["GET", "HEAD", "POST"])
def stemmegrupper(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The groups: one more, another name, another place, one away."""
    if request.method == "POST" and "vanlige" in request.POST:
        with told(request, _("Gruppene er lagt inn. Endre dem slik dere sier det.")):
            grupper.add_usual(nettverk)
        return redirect("fremtidsbilder:stemmegrupper", nettverk.slug)
    if request.method == "POST" and "gruppe" in request.POST:
        return _changed(request, nettverk)
    form = StemmegruppeForm(**sent(request))
    if form.is_valid():
        with told(request, _("Gruppa er lagt til."), form=form) as utfall:
            grupper.add(nettverk, **form.cleaned_data)
        if not utfall.nei:
            return redirect("fremtidsbilder:stemmegrupper", nettverk.slug)
    return _page(request, nettverk, form)


def _changed(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    pk = whole_number(request.POST["gruppe"]) or 0
    gruppe = get_object_or_404(nettverk.stemmegrupper, pk=pk)
    gruppe.nettverk = nettverk
    if "opp" in request.POST or "ned" in request.POST:
        grupper.move(gruppe, opp="opp" in request.POST)
        return redirect("fremtidsbilder:stemmegrupper", nettverk.slug)
    if "slett" in request.POST:
        with told(request, _("Gruppa er slettet.")):
            grupper.remove(gruppe)
        return redirect("fremtidsbilder:stemmegrupper", nettverk.slug)
    form = StemmegruppeForm(request.POST, prefix=f"gruppe-{gruppe.pk}")
    if form.is_valid():
        with told(request, _("Gruppa er lagret."), form=form) as utfall:
            grupper.change(gruppe, **form.cleaned_data)
        if not utfall.nei:
            return redirect("fremtidsbilder:stemmegrupper", nettverk.slug)
    return _page(request, nettverk, StemmegruppeForm(), endret={gruppe.pk: form})


def _page(
    request: PortalRequest,
    nettverk: Nettverk,
    form: StemmegruppeForm,
    endret: dict[int, StemmegruppeForm] | None = None,
) -> HttpResponse:
    endret = endret or {}
    rader = [
        {
            "gruppe": gruppe,
            "form": endret.get(gruppe.pk)
            or StemmegruppeForm(
                prefix=f"gruppe-{gruppe.pk}",
                initial={"navn": gruppe.navn, "er_barn": gruppe.er_barn},
            ),
        }
        for gruppe in grupper.with_use(nettverk)
    ]
    return render(
        request,
        "fremtidsbilder/stemmegrupper.html",
        {
            "form": form,
            "endret": next(iter(endret.values()), None),
            "rader": rader,
            "liste": page_title(nettverk),
        },
        status=form_status(form, *endret.values()),
    )
