"""The documents of an agenda item: added and removed by who may change the programme, fetched by who sees it."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nettverk.filer.utlevering import send_fil
from nettverk.models import Nettverk
from nettverk.side.portalform import form_status
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import krev
from rolu.forms.program import ProgrampostForm, SaksvedleggForm
from rolu.models import Programpost, Saksvedlegg
from rolu.samlinger import saksvedlegg as handling
from rolu.samlinger.tilstand import require_unlocked
from rolu.views.faner import fetch_item, fetch_med_tall, fetch_samling, told_when_locked
from rolu.views.program import edit_page


@nettverksside("rolu.view_samling")
@require_safe
def saksvedlegg(request: PortalRequest, nettverk: Nettverk, pk: int, fil_pk: int) -> FileResponse:
    """The document itself, for those who see the gathering."""
    fil = _fetch(request, pk, fil_pk)
    return send_fil(fil.fil, navn=fil.navn, mimetype=fil.mimetype)


@nettverksside("rolu.view_samling")
@require_POST
@told_when_locked
def saksvedlegg_ny(
    request: PortalRequest, nettverk: Nettverk, pk: int, post_pk: int
) -> HttpResponse:
    """Add one or several documents to an item. htmx gets the documents and a fresh form; the item's own form
    beside them is left alone."""
    fetch = fetch_samling if request.htmx else fetch_med_tall
    samling = fetch(request, nettverk, pk)
    krev(request.user, "rolu.change_program", samling)
    post = fetch_item(samling, post_pk)
    form = SaksvedleggForm(request.POST, request.FILES)
    if form.is_valid():
        filer = form.cleaned_data["filer"]
        takk = ngettext("Fila er lagt ved.", "%(n)s filer er lagt ved.", len(filer))
        with told(request, takk % {"n": len(filer)}, form=form, filfelt="filer"):
            handling.add(post, filer=filer, by=request.user)
        if form.is_valid():
            return _back_to_documents(request, post)
    if request.htmx:
        return _shown(request, post, form)
    require_unlocked(samling)
    return edit_page(
        request, samling, post, ProgrampostForm(instance=post, samling=samling), dokumentskjema=form
    )


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
@told_when_locked
def saksvedlegg_slett(
    request: PortalRequest, nettverk: Nettverk, pk: int, fil_pk: int
) -> HttpResponse:
    """Ask, then remove a document."""
    fil = _fetch(request, pk, fil_pk)
    samling = fil.programpost.samling
    samling.nettverk = nettverk
    krev(request.user, "rolu.change_program", samling)
    if request.method == "POST":
        with told(request, _("Fila er slettet.")):
            handling.remove(fil)
        return _back_to_documents(request, fil.programpost)
    require_unlocked(samling)
    return render(
        request,
        "bekreft.html",
        {
            "tittel": _("Slette «%(fil)s»?") % {"fil": fil.navn},
            "tekst": _("Fila blir borte for godt."),
            "knapp": _("Slett fila"),
            "avbryt_url": _documents(fil.programpost),
        },
    )


def _fetch(request: PortalRequest, samling_pk: int, fil_pk: int) -> Saksvedlegg:
    synlige = Saksvedlegg.objects.visible_to(request.roller).select_related("programpost__samling")
    fil: Saksvedlegg = get_object_or_404(synlige, programpost__samling=samling_pk, pk=fil_pk)
    return fil


def _documents(post: Programpost) -> str:
    args = [post.samling.nettverk.slug, post.samling_id, post.pk]
    return reverse("rolu:programpost_rediger", args=args) + "#dokumenter"


def _back_to_documents(request: PortalRequest, post: Programpost) -> HttpResponse:
    return _shown(request, post, SaksvedleggForm()) if request.htmx else redirect(_documents(post))


def _shown(request: PortalRequest, post: Programpost, form: SaksvedleggForm) -> HttpResponse:
    """The documents alone."""
    return render(
        request,
        "rolu/_saksvedlegg_endre.html",
        {
            "post": post,
            "samling": post.samling,
            "vedlegg": post.vedlegg.select_related("lastet_opp_av"),
            "dokumentskjema": form,
        },
        status=form_status(form),
    )
