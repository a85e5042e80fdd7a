"""The way of a goal: out to hearing, commented on, decided, taken in, assessed, revised, closed, opened again."""

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fremtidsbilder.forms.maal import (
    AvsluttForm,
    GjenaapneForm,
    HoeringForm,
    KommentarForm,
    KommentarsvarForm,
    RevisjonForm,
    TaInnForm,
    VedtaForm,
    VurderForm,
)
from fremtidsbilder.maal import runder
from fremtidsbilder.maal.overtakelse import places_to_take, take_in, takings
from fremtidsbilder.maal.vurdering import assess
from fremtidsbilder.models import Maal, Maalkommentar, Maalrunde
from fremtidsbilder.sted import kommune_of_units, places
from kommuner.gyldighet import idag
from nettverk.arbeid.brev import preview
from nettverk.models import Gruppe, Mottakere, Nettverk, Verv
from nettverk.mottakere.egne import KOMMUNE
from nettverk.mottakere.skjema import MottakereForm, answer, asks_for_count, in_words
from nettverk.mottakere.utvalg import count, people
from nettverk.side.innhold import fill_in
from nettverk.side.portalform import PortalForm, form_status, posted_fields, sent
from nettverk.side.utenfra import whole_number
from nettverk.skriving.autolagring import is_discarded, posted, save_text
from nettverk.skriving.gjennomsyn import look_over
from nettverk.skriving.svar import Angring, told
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev

_ENDRE = "fremtidsbilder.change_maal"


def fetch_maal(request: PortalRequest, pk: int, *, endre: bool = False) -> Maal:
    """A goal that the person may see; `endre`: for those who may change it (403 else)."""
    synlige = (
        Maal.objects.visible_to(request.roller)
        .select_related(
            "kommune", "enhet", "eier", "over__kommune", "over__enhet", "hoeres_av", "endret_av"
        )
        .defer("kommune__grense", "over__kommune__grense")
    )
    rad = get_object_or_404(synlige, pk=pk)
    rad.nettverk = request.nettverk
    if rad.hoeres_av:
        rad.hoeres_av.nettverk = request.nettverk
    if endre:
        krev(request.user, _ENDRE, rad)
    return rad


def address_of(maal: Maal) -> str:
    """The goal's own page."""
    return reverse("fremtidsbilder:maal", args=[maal.nettverk.slug, maal.pk])


def round_context(request: PortalRequest, maal: Maal) -> dict[str, Any]:
    """What _maalhoering.html, _maalrunder.html and _maalhandlinger.html are drawn with, for a goal from `fetch_maal`.
    As many queries for one comment as for many."""
    apen = runder.is_open(maal)
    rundene = _rounds(maal)
    kommentarer = list(maal.kommentarer.select_related("skrevet_av", "gruppe__enhet"))
    spurt = apen and runder.asked_through(maal, request.user) is not None
    tatt_her, kan_tas = _taking(request, maal)
    return {
        "maal": maal,
        "kan_endre": kan(request.user, _ENDRE, maal),
        "rundene": rundene,
        "kommentarer": kommentarer,
        "vedtak": _before_decision(maal, kommentarer),
        "spurte": _asked(maal, rundene, kommentarer),
        "hoering_apen": apen,
        "hoering_over": maal.er_paa_hoering and not apen,
        "kommentarform": KommentarForm(maal=maal) if spurt else None,
        "tatt_her": tatt_her,
        "kan_tas_inn": bool(kan_tas),
        "over_revidert": _revised_above(maal, rundene),
    }


def _rounds(maal: Maal) -> list[Maalrunde]:
    """Each with `er_gjentatt`: the next one has the same words, and shows them. One query."""
    rundene: list[Any] = list(maal.runder.select_related("av"))
    for runde, neste in zip_longest(rundene, rundene[1:]):
        runde.er_gjentatt = neste is not None and runde.tekst == neste.tekst
    return rundene


def _before_decision(maal: Maal, kommentarer: list[Maalkommentar]) -> dict[str, Any] | None:
    """What is left before the goal may be decided, as `runder.decide` asks for it: the hearing, and the comments that
    wait for an answer."""
    if not (maal.er_utkast or maal.er_paa_hoering):
        return None
    ubesvarte = [k for k in kommentarer if not k.utfall]
    fra = runder.decided_from(maal)
    if not (fra or ubesvarte):
        return None
    return {
        "fra": fra,
        "ubesvart": len(ubesvarte),
        "foerste": ubesvarte[0] if ubesvarte else None,
        "adresse": address_of(maal),
    }


def _asked(
    maal: Maal, rundene: list[Maalrunde], kommentarer: list[Maalkommentar]
) -> dict[str, int] | None:
    """How many are asked in the hearing, and how many of them have said something in it. One query."""
    if not maal.er_paa_hoering or maal.hoeres_av is None:
        return None
    sendt = [r.opprettet for r in rundene if r.slag == Maalrunde.Slag.HOERING]
    svart = {k.skrevet_av_id for k in kommentarer if not sendt or k.skrevet >= sendt[-1]}
    return {"antall": people(maal.hoeres_av).count(), "svart": len(svart)}


def _taking(request: PortalRequest, maal: Maal) -> tuple[list[Maal], list[Any]]:
    """Where the person's places have the goal already, and those that may take it in."""
    steder = places(request.roller) if maal.tilstand == Maal.Tilstand.VEDTATT else []
    mulige = places_to_take(maal, steder, kommune_of_units(steder))
    tatt = takings(maal) if mulige else {}
    har = [tatt[sted.ider] for sted in mulige if sted.ider in tatt]
    return har, [sted for sted in mulige if sted.ider not in tatt]


def _revised_above(maal: Maal, rundene: list[Maalrunde]) -> Maalrunde | None:
    """The revision of the goal above that has come after this one's own last step, when it has words of its own."""
    if not maal.overtatt or maal.over is None or maal.tekst == maal.over.tekst:
        return None
    siste = rundene[-1].pk if rundene else 0
    nye = Maalrunde.objects.filter(maal=maal.over, slag=Maalrunde.Slag.REVIDERT, pk__gt=siste)
    return nye.order_by("-pk").first()


# --- to hearing


@nettverksside("fremtidsbilder.view_maal")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_hoering(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Who is asked, and until when; then how many and the letter, before anything is sent."""
    maal = fetch_maal(request, pk, endre=True)
    form = HoeringForm(**sent(request))
    velger = _picker(request, maal)
    if velger and request.htmx and asks_for_count(request):
        return answer(request, velger)
    if "send" not in request.POST:
        with told(request) as utfall:
            runder.ready_to_send(maal)
        if utfall.nei:
            return redirect(address_of(maal))
    bare_ser = asks_for_count(request) or "rett" in request.POST
    if not bare_ser and form.is_valid() and (velger is None or velger.is_valid()):
        mottakere = velger.mottakere if velger else _own_group(maal)
        til = form.cleaned_data["til"]
        if "send" not in request.POST:
            return _show_hearing(request, maal, form, mottakere)
        with told(request, _("Målet er sendt på høring.")):
            runder.send(maal, mottakere=mottakere, til=til, by=request.user)
        return redirect(address_of(maal))
    return render(
        request,
        "fremtidsbilder/maal_hoering.html",
        {"maal": maal, "form": form, "velger": velger, "tilbake": address_of(maal)},
        status=200 if bare_ser else form_status(form, velger),
    )


def _picker(request: PortalRequest, maal: Maal) -> MottakereForm | None:
    """All in the network for its own goal, the groups of the kommune for a kommune's; a unit asks its own group."""
    if maal.enhet:
        return None
    bundet = {KOMMUNE: [maal.kommune.kommunenummer]} if maal.kommune else {}
    valgt = Mottakere(nettverk=request.nettverk, enheter=True)
    return MottakereForm(**sent(request), nettverk=request.nettverk, valgt=valgt, bundet=bundet)


def _own_group(maal: Maal) -> Mottakere:
    verv = Verv.objects.filter(
        gruppe__in=Gruppe.objects.filter(nettverk=maal.nettverk, enhet=maal.enhet)
        .utviklingsgrupper()
        .gyldig()
    ).gyldig()
    return Mottakere(
        nettverk=maal.nettverk, personer=sorted(set(verv.values_list("person", flat=True)))
    )


def _show_hearing(
    request: PortalRequest, maal: Maal, form: HoeringForm, mottakere: Mottakere
) -> HttpResponse:
    """How many are asked, how many get a letter, and the letter. Nothing is saved yet."""
    opptelling = count(mottakere)
    return render(
        request,
        "fremtidsbilder/maal_hoering_vis.html",
        {
            "maal": maal,
            "til": form.cleaned_data["til"],
            "mottakere": in_words(mottakere),
            "opptelling": opptelling,
            "brev": runder.who_gets_letter(mottakere),
            "eposten": preview(
                runder.BREVMAL,
                til=request.user,
                nettverk=request.nettverk,
                data=runder.letter_data(maal, til=form.cleaned_data["til"]),
            ),
            "felt": posted_fields(request, uten={"send", "rett"}),
            "tilbake": address_of(maal),
        },
    )


# --- the other steps: a page with a form each


def _step(
    request: PortalRequest,
    maal: Maal,
    form: PortalForm,
    act: Callable[[dict[str, Any]], object],
    *,
    tittel: str,
    knapp: str,
    takk: str,
    om: str = "",
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        with told(request, takk, form=form) as utfall:
            act(form.cleaned_data)
        if not utfall.nei:
            return redirect(address_of(maal))
    return render(
        request,
        "fremtidsbilder/maal_steg.html",
        {
            "maal": maal,
            "form": form,
            "tittel": tittel,
            "knapp": knapp,
            "om": om,
            "tilbake": address_of(maal),
        },
        status=form_status(form),
    )


@nettverksside("fremtidsbilder.view_maal")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_ta_tilbake(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """From hearing to draft."""
    maal = fetch_maal(request, pk, endre=True)
    return _step(
        request,
        maal,
        PortalForm(**sent(request)),
        lambda data: runder.take_back(maal, by=request.user),
        tittel=_("Ta tilbake som utkast"),
        knapp=_("Ta tilbake som utkast"),
        takk=_("Målet er et utkast igjen. Kommentarene er tatt vare på."),
        om=_(
            "De som er spurt, ser ikke målet mens det er et utkast. Kommentarene blir tatt vare på."
        ),
    )


@nettverksside("fremtidsbilder.view_maal")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_vedta(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Decided: where and when; until it can be, what is left to do."""
    maal = fetch_maal(request, pk, endre=True)
    venter = _before_decision(maal, list(maal.kommentarer.all()))
    if venter and request.method != "POST":
        return render(
            request,
            "fremtidsbilder/maal_steg.html",
            {
                "maal": maal,
                "vedtak": venter,
                "tittel": _("Vedta målet"),
                "tilbake": address_of(maal),
            },
        )
    return _step(
        request,
        maal,
        VedtaForm(**sent(request), initial={"dato": idag()}),
        lambda data: runder.decide(maal, **data, by=request.user),
        tittel=_("Vedta målet"),
        knapp=_("Vedta målet"),
        takk=_("Målet er vedtatt."),
    )


@nettverksside("fremtidsbilder.view_maal")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_avslutt(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Closed, with a reason."""
    maal = fetch_maal(request, pk, endre=True)
    return _step(
        request,
        maal,
        AvsluttForm(**sent(request)),
        lambda data: runder.close(maal, **data, by=request.user),
        tittel=_("Avslutt målet"),
        knapp=_("Avslutt målet"),
        takk=_("Målet er avsluttet."),
        om=_("Målet blir stående som historie, og dere kan åpne det igjen."),
    )


@nettverksside("fremtidsbilder.view_maal")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_gjenaapne(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Opened again as a new round."""
    maal = fetch_maal(request, pk, endre=True)
    return _step(
        request,
        maal,
        GjenaapneForm(**sent(request)),
        lambda data: runder.reopen(maal, **data, by=request.user),
        tittel=_("Åpne målet igjen"),
        knapp=_("Åpne målet igjen"),
        takk=_("Målet er åpnet igjen, som utkast."),
        om=_("Målet blir et utkast, og en ny runde begynner."),
    )


@nettverksside("fremtidsbilder.view_maal")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_vurder(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """How far they say that they have come."""
    maal = fetch_maal(request, pk, endre=True)
    return _step(
        request,
        maal,
        VurderForm(**sent(request), initial={"status": maal.status, "vurdering": maal.vurdering}),
        lambda data: assess(maal, **data, by=request.user),
        tittel=_("Slik vurderer vi det selv"),
        knapp=_("Lagre"),
        takk=_("Vurderingen er lagret."),
    )


@nettverksside("fremtidsbilder.view_maal")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_ta_inn(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Take a goal above in, as it is or with own words; what was written as a new goal comes along."""
    maal = fetch_maal(request, pk)
    krev(request.user, "fremtidsbilder.write_fremtid", nettverk)
    har, steder = _taking(request, maal)
    if not steder:
        if har:
            return redirect(address_of(har[0]))
        messages.error(request, _("Dette målet kan ikke tas inn her."))
        return redirect(address_of(maal))
    fra_ny = request.POST.get("fra_ny") == "1"
    if request.method == "POST" and not fra_ny:
        form = TaInnForm(request.POST, steder=steder)
    else:
        skrevet = request.POST.get("tekst", "") if fra_ny else ""
        form = TaInnForm(
            steder=steder,
            initial={
                "ord": "samme",
                "tekst": skrevet or maal.tekst,
                "sted": request.POST.get("sted"),
            },
        )
    if form.is_bound and form.is_valid():
        with told(request, _("Målet er tatt inn."), form=form) as utfall:
            eget = take_in(maal, **form.felt, by=request.user)
        if not utfall.nei:
            return redirect(address_of(eget))
    return render(
        request,
        "fremtidsbilder/maal_ta_inn.html",
        {"maal": maal, "form": form, "tilbake": address_of(maal)},
        status=form_status(form),
    )


@nettverksside("fremtidsbilder.view_maal")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_revider(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """New words, with what is changed. Of two who write, the second sees both texts."""
    maal = fetch_maal(request, pk, endre=True)
    if request.method != "POST":
        start = {"tekst": maal.tekst, "versjon": maal.versjon}
        return _revision_page(request, maal, RevisjonForm(initial=start))
    if is_discarded(request):
        return redirect(address_of(maal))

    def save(data: dict[str, Any]) -> Maal:
        endret = runder.revise(maal, **data, by=request.user)
        if flere := len(endret) - 1:
            messages.success(
                request,
                ngettext(
                    "Målet er revidert. %(n)s mål med de samme ordene følger med.",
                    "Målet er revidert. %(n)s mål med de samme ordene følger med.",
                    flere,
                )
                % {"n": flere},
            )
        else:
            messages.success(request, _("Målet er revidert."))
        return endret[0]

    return save_text(
        request,
        RevisjonForm(posted(request)),
        save=save,
        page=lambda form, **mer: _revision_page(request, maal, form, **mer),
        done=lambda naa: redirect(address_of(maal)),
    )


def _revision_page(
    request: PortalRequest,
    maal: Maal,
    form: RevisjonForm,
    *,
    status: int = 200,
    konflikt: dict[str, Any] | None = None,
) -> HttpResponse:
    foelger = Maal.objects.filter(over=maal, overtatt=True).exclude(
        tilstand=Maal.Tilstand.AVSLUTTET
    )
    tekster = list(foelger.values_list("tekst", flat=True))
    like = tekster.count(maal.tekst)
    return render(
        request,
        "fremtidsbilder/maal_revider.html",
        {
            "maal": maal,
            "form": form,
            "konflikt": konflikt,
            "like": like,
            "egne": len(tekster) - like,
            "tilbake": address_of(maal),
        },
        status=status,
    )


# --- what is said


@nettverksside("fremtidsbilder.view_maal")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_kommentarer(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Say something in a hearing, or take back what one has said; what must be mended is shown on a page of its own."""
    maal = fetch_maal(request, pk)
    if request.method != "POST":
        # The page of what must be mended, loaded again.
        return redirect(address_of(maal) + "#hoering")
    if "fjern" in request.POST:
        return _withdraw(request, maal)
    form = KommentarForm(request.POST, maal=maal)
    if form.is_valid():
        with told(request, _("Kommentaren er lagret."), form=form) as utfall:
            runder.comment(maal, **form.cleaned_data, by=request.user)
        if not utfall.nei:
            _look_over(request, form.cleaned_data["tekst"])
            return redirect(address_of(maal) + "#hoering")
    return render(
        request,
        "fremtidsbilder/maal_steg.html",
        {
            "maal": maal,
            "form": form,
            "tittel": _("Kommenter målet"),
            "knapp": _("Send kommentaren"),
            "tilbake": address_of(maal),
        },
        status=form_status(form),
    )


def _look_over(request: PortalRequest, tekst: str) -> None:
    """What the writer should look at once more: names of children, and of those who work in the network."""
    [sett] = look_over(request.nettverk, [tekst])
    for advarsel in sett.barn:
        messages.warning(request, str(advarsel))
    if sett.ansatte:
        messages.warning(
            request,
            fill_in(
                _(
                    "Kommentaren nevner %(navn)s, og alle i nettverket kan lese den. Du kan fjerne kommentaren til noen har svart på den."
                ),
                navn=", ".join(sett.ansatte),
            ),
        )


def _withdraw(request: PortalRequest, maal: Maal) -> HttpResponse:
    with told(request, _("Kommentaren er fjernet.")) as utfall:
        borte = runder.withdraw(
            maal, whole_number(request.POST.get("fjern", "")) or 0, by=request.user
        )
        if borte:
            linjer = [linje[:500] for linje in maal.linjer]
            nummer = str(linjer.index(borte.linje) + 1) if borte.linje in linjer else ""
            utfall.angre = Angring(request.path, {"linje": nummer, "tekst": borte.tekst})
    return redirect(address_of(maal) + "#hoering")


@nettverksside("fremtidsbilder.view_maal")
@require_http_methods(["GET", "HEAD", "POST"])
def maal_kommentar_svar(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """What became of a comment."""
    synlige = Maalkommentar.objects.visible_to(request.roller).select_related("skrevet_av")
    kommentar = get_object_or_404(synlige, pk=pk)
    kommentar.maal = fetch_maal(request, kommentar.maal_id, endre=True)
    form = KommentarsvarForm(
        **sent(request), initial={"utfall": kommentar.utfall, "svar": kommentar.svar}
    )
    if form.is_bound and form.is_valid():
        with told(request, _("Svaret er lagret."), form=form) as utfall:
            runder.answer(kommentar, **form.cleaned_data, by=request.user)
        if not utfall.nei:
            return redirect(address_of(kommentar.maal) + "#hoering")
    return render(
        request,
        "fremtidsbilder/maal_svar.html",
        {
            "maal": kommentar.maal,
            "kommentar": kommentar,
            "form": form,
            "tilbake": address_of(kommentar.maal),
        },
        status=form_status(form),
    )
