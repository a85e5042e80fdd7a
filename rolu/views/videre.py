"""What was not finished, carried to a later gathering."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from nettverk.models import Nettverk
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.videre import TaMedForm
from rolu.models import Programpost, Samling, Utfall
from rolu.samlinger import videre
from rolu.views.faner import fetch_med_tall, samlingsside


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
def samling_ta_med(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """What will be carried to a later gathering, and to which; then do it."""
    samling = fetch_med_tall(request, nettverk, pk)
    krev(request.user, "rolu.change_program", samling)
    kandidater = videre.later(samling, request.roller)
    form = TaMedForm(**sent(request), kandidater=kandidater, maalform=nettverk.maalform)
    if form.is_valid():
        til = form.cleaned_data["til"]
        til.nettverk = nettverk
        with told(request, form=form) as svar:
            nye = videre.carry(samling, til=til, by=request.user)
            svar.takk = _carried(nye, til)
        if not svar.nei:
            return redirect("rolu:samling_program", nettverk.slug, til.pk)
    aapne = Utfall.objects.visible_to(request.roller).filter(samling=samling)
    return render(
        request,
        "rolu/samling_ta_med.html",
        {
            **samlingsside(request, samling, "samling_program"),
            "poster": list(videre.unfinished(samling)),
            "tatt_med": list(
                Programpost.objects.filter(fra__samling=samling).select_related("samling")
            ),
            "aapne": list(aapne.commitments().open().with_who()),
            "form": form,
            "kan_velge": bool(list(form.fields["til"].queryset)),
        },
        status=form_status(form),
    )


def _carried(nye: list[Programpost], til: Samling) -> str:
    if not nye:
        return _("Alt som ikke ble ferdig, er allerede tatt med.")
    return fill_in(
        ngettext(
            "%(n)s post er lagt sist i programmet for «%(samling)s».",
            "%(n)s poster er lagt sist i programmet for «%(samling)s».",
            len(nye),
        ),
        n=str(len(nye)),
        samling=innhold(til.tittel, til.nettverk),
    )
