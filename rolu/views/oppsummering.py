"""The gathering's summary: read it, write in it, make it, follow the work, open it, let the members read it."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_safe

from nettverk.arbeid import brev
from nettverk.filer.filnavn import as_it_was_named
from nettverk.filer.utlevering import send_fil
from nettverk.filer.word import DOCX
from nettverk.models import Jobb, Nettverk, Person
from nettverk.side.portalform import form_status, sent
from nettverk.skriving.svar import told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from nettverk.views.jobber import send_resultat
from rolu.forms.oppsummering import BlokktekstForm, OppsummeringPubliserForm
from rolu.models import Oppsummering, Oppsummeringsblokk, Samling
from rolu.samlinger import blokker, etterbrev
from rolu.samlinger import oppsummering as oppsummeringen
from rolu.samlinger.blokkinnhold import Blokkinnhold, keep, put_in_words, read
from rolu.views.faner import fetch_med_tall, samlingsside


def fetch(request: PortalRequest, nettverk: Nettverk, pk: int) -> tuple[Samling, bool]:
    """The gathering, and whether this person sees drafts. 404 when there is nothing to see yet."""
    samling = fetch_med_tall(request, nettverk, pk)
    ser_utkast = kan(request.user, "rolu.view_oppsummering_utkast", samling)
    if not samling.har_oppsummering and (not ser_utkast or samling.er_utkast):
        raise Http404
    return samling, ser_utkast


@dataclass(frozen=True)
class Blokkvisning:
    """A part as it stands on the page: its words, its place among its own, the form when it is written in."""

    blokk: Oppsummeringsblokk
    innhold: Blokkinnhold
    plass: int
    er_forst: bool
    er_sist: bool
    form: BlokktekstForm | None = None
    konflikt: dict[str, Any] | None = None

    @property
    def uten_tekst(self) -> Blokkinnhold:
        """What was fetched, beside the form that holds what is written."""
        return replace(self.innhold, tekst="")


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
def samling_oppsummering(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The summary and its making. An htmx request is answered with the state of the work alone."""
    samling, ser_utkast = fetch(request, nettverk, pk)
    if request.method == "POST":
        krev(request.user, "rolu.change_oppsummering", samling)
        with told(request):
            oppsummeringen.order(samling, by=request.user)
        return redirect("rolu:samling_oppsummering", nettverk.slug, pk)
    return page(request, samling, ser_utkast=ser_utkast, valgt=request.GET.get("del", ""))


def page(
    request: PortalRequest,
    samling: Samling,
    *,
    ser_utkast: bool,
    valgt: str = "",
    sendt: BlokktekstForm | None = None,
    konflikt: dict[str, Any] | None = None,
    skriver: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page. `valgt` is the part that is written in, `sendt` its form when it could not be saved: it is
    shown also when the gathering has been locked meanwhile, so that nothing typed is lost."""
    rad = Oppsummering.objects.select_related("jobb").filter(samling=samling).first()
    alle = blokker.of(samling) if ser_utkast else []
    kan_endre = kan(request.user, "rolu.change_oppsummering", samling) and not samling.er_laast
    felles = _state(request, samling, rad, alle, kan_endre=kan_endre, ser_utkast=ser_utkast)
    if request.htmx:
        mal = "rolu/samling_oppsummering.html#tilstand"
        return render(request, mal, {"samling": samling, **felles})
    visning = partial(
        _views,
        samling,
        valgt=valgt if kan_endre or skriver else "",
        sendt=sendt,
        konflikt=konflikt,
    )
    return render(
        request,
        "rolu/samling_oppsummering.html",
        {
            **samlingsside(request, samling, "samling_oppsummering"),
            **felles,
            "deler": visning([b for b in alle if not b.er_vedlegg]),
            "vedlegg": visning([b for b in alle if b.er_vedlegg]),
            "hentet": min((b.hentet for b in alle), default=None),
            "publisert_dokument": read(rad.publisert_innhold, samling.nettverk)
            if rad and rad.publisert_innhold and not ser_utkast
            else None,
        },
        status=status,
    )


def _state(
    request: PortalRequest,
    samling: Samling,
    rad: Oppsummering | None,
    alle: list[Oppsummeringsblokk],
    *,
    kan_endre: bool,
    ser_utkast: bool,
) -> dict[str, Any]:
    """How far the making has come, and what may be done next."""
    jobb = oppsummeringen.latest_job(samling) if ser_utkast else None
    er_i_ro = jobb is None or not jobb.er_aktiv
    adresser = [
        reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk])
        for navn in ("samling_oppsummering", "oppsummering_pdf", "oppsummering_word")
    ]
    ferdig = bool(rad and rad.jobb and rad.jobb.status == Jobb.Status.FERDIG)
    er_gammel = ferdig and bool(alle) and keep(alle) != (rad.innhold if rad else None)
    er_nyere = bool(ferdig and rad and oppsummeringen.is_changed(rad))
    kan_dele = er_i_ro and ferdig and kan_endre and not er_gammel and samling.er_over
    hoveddel = rad.jobb.resultat_data.get("hoveddel") if rad and rad.jobb and ferdig else None
    return {
        "oppsummering": rad,
        "ser_utkast": ser_utkast,
        "har_deler": bool(alle),
        "kan_skrive": kan_endre,
        "kan_lage": er_i_ro and kan_endre,
        "jobb": jobb,
        "status_url": adresser[0],
        "pdf_url": adresser[1],
        "word_url": adresser[2],
        "utkast_url": f"{adresser[1]}?versjon=utkast",
        "word_utkast_url": f"{adresser[2]}?versjon=utkast",
        "har_utkast": er_i_ro and ferdig,
        "er_gammel": er_gammel,
        "hoveddel": hoveddel,
        "er_for_lang": bool(hoveddel and hoveddel > oppsummeringen.MAKS_SIDER),
        "maks_sider": oppsummeringen.MAKS_SIDER,
        "er_nyere": er_nyere,
        "kan_dele": kan_dele,
        "alle_har_faatt": kan_dele
        and not er_nyere
        and rad is not None
        and not etterbrev.recipients(samling, oppsummeringen.next_edition(rad)).antall,
    }


def _views(
    samling: Samling,
    alle: list[Oppsummeringsblokk],
    *,
    valgt: str,
    sendt: BlokktekstForm | None,
    konflikt: dict[str, Any] | None,
) -> list[Blokkvisning]:
    with override(samling.nettverk.maalform):
        innhold = [put_in_words(b.slag, b.data, b.tekst) for b in alle]
    return [
        Blokkvisning(
            b,
            ord_,
            plass=nr,
            er_forst=nr == 1,
            er_sist=nr == len(alle),
            form=(sendt or text_form(b)) if b.slag == valgt else None,
            konflikt=konflikt if b.slag == valgt else None,
        )
        for nr, (b, ord_) in enumerate(zip(alle, innhold, strict=True), start=1)
    ]


def text_form(blokk: Oppsummeringsblokk) -> BlokktekstForm:
    return BlokktekstForm(
        initial={"tekst": blokk.tekst, "versjon": blokk.versjon}, auto_id=f"{blokk.slag}-%s"
    )


# --- publish


@nettverksside("rolu.view_samling")
@require_http_methods(["GET", "HEAD", "POST"])
def oppsummering_publiser(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """How many get a letter, and both letters; then let the members read the version that was on the page."""
    samling, _ser_utkast = fetch(request, nettverk, pk)
    krev(request.user, "rolu.change_oppsummering", samling)
    adresse = reverse("rolu:samling_oppsummering", args=[nettverk.slug, pk])
    rad = Oppsummering.objects.select_related("jobb").filter(samling=samling).first()
    form = OppsummeringPubliserForm(**sent(request), initial={"jobb": rad.jobb_id if rad else None})
    with told(request) as utfall:
        oppsummeringen.require_ready(samling)
        if videre := form.once(request.user, partial(_publish, request, samling, form, adresse)):
            return redirect(videre)
    if utfall.nei or rad is None:
        return redirect(adresse)
    utgave = oppsummeringen.next_edition(rad)
    hvem = etterbrev.recipients(samling, utgave)
    return render(
        request,
        "rolu/oppsummering_publiser.html",
        {
            **samlingsside(request, samling, "samling_oppsummering"),
            "form": form,
            "oppsummering": rad,
            "er_nyere": oppsummeringen.is_changed(rad),
            "hvem": hvem,
            "brevene": list(_previews(samling, hvem, rad, utgave)),
            "tilbake_url": adresse,
        },
        status=form_status(form),
    )


def _previews(
    samling: Samling, hvem: etterbrev.Mottakergrupper, rad: Oppsummering, utgave: int
) -> Any:
    """Both letters as the first of each group reads it."""
    for var_der, folk in ((True, hvem.var_der), (False, hvem.var_ikke_der)):
        if folk:
            utkast = etterbrev.letter(
                samling, folk[0], rad.innhold or [], utgave=utgave, var_der=var_der
            )
            til = utkast.til or Person(navn=utkast.navn, epost=utkast.epost)
            eposten = brev.preview(utkast.mal, til=til, nettverk=samling.nettverk, data=utkast.data)
            yield {"var_der": var_der, "antall": len(folk), "eposten": eposten}


def _publish(
    request: PortalRequest, samling: Samling, form: OppsummeringPubliserForm, adresse: str
) -> str:
    varsle = form.cleaned_data["varsle"]
    delt = oppsummeringen.publish(
        samling, jobb=form.cleaned_data["jobb"], by=request.user, varsle=varsle
    )
    takk = _("Alle i nettverket kan nå lese oppsummeringen.")
    if varsle:
        brevene = ngettext("%(n)s e-post blir sendt.", "%(n)s e-poster blir sendt.", delt.brev) % {
            "n": delt.brev
        }
        takk = f"{takk} {brevene}"
    messages.success(request, takk)
    return adresse


# --- the files


@nettverksside("rolu.view_samling")
@require_safe
def oppsummering_pdf(request: PortalRequest, nettverk: Nettverk, pk: int) -> FileResponse:
    """The published PDF; `?versjon=utkast` the newest one, for those who run the network."""
    samling, _ser_utkast = fetch(request, nettverk, pk)
    rad = Oppsummering.objects.select_related("jobb").filter(samling=samling).first()
    if request.GET.get("versjon") == "utkast":
        krev(request.user, "rolu.view_oppsummering_utkast", samling)
        if rad and rad.jobb:
            return send_resultat(rad.jobb)
    elif rad and rad.fil.name:
        return send_fil(rad.fil, navn=as_it_was_named(rad.fil.name), mimetype="application/pdf")
    raise Http404


@nettverksside("rolu.view_samling")
@require_safe
def oppsummering_word(request: PortalRequest, nettverk: Nettverk, pk: int) -> FileResponse:
    """The published summary as Word; `?versjon=utkast` the newest one, for those who run the network."""
    samling, _ser_utkast = fetch(request, nettverk, pk)
    rad = Oppsummering.objects.filter(samling=samling).first()
    fil = rad.publisert_word if rad else None
    if request.GET.get("versjon") == "utkast":
        krev(request.user, "rolu.view_oppsummering_utkast", samling)
        fil = rad.word if rad else None
    if not fil:
        raise Http404
    return send_fil(fil, navn=as_it_was_named(fil.name or ""), mimetype=DOCX)
