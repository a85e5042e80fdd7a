"""The participants of a gathering: the list one works in, as a spreadsheet, on paper, and as addresses."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nettverk.filer.filnavn import made_name
from nettverk.filer.utlevering import note_export, send_regneark
from nettverk.models import Medlemskap, Nettverk
from nettverk.register import medlemskap_per
from nettverk.side.kart import Kart, draw_kart
from nettverk.side.liste import Brikke, address, chips, fetched, file_link, read_liste
from nettverk.side.utenfra import whole_number
from nettverk.sikkerhet.fersk import fersk_for_fil, fersk_innlogging
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan, krev
from rolu import lister
from rolu.forms.deltakere import DeltakerfilterForm
from rolu.models import Deltakelse, Gjest, Gruppetall, Samling
from rolu.models.deltakelse import sees_all
from rolu.samlinger import behov, deltakerliste, endringer, purring
from rolu.samlinger.dager import days, days_met_by
from rolu.samlinger.deltakerliste import Deltaker, Utvalg
from rolu.samlinger.oppmoete import counted_already
from rolu.samlinger.regneark import workbook
from rolu.views.faner import fetch_med_tall, fetch_samling, samlingsside


def _choose(
    request: PortalRequest, samling: Samling
) -> tuple[DeltakerfilterForm, dict[str, Any], Utvalg]:
    """The choices of the address, and what they leave of what this person may see. One query, two with a search."""
    synlige = Deltakelse.objects.visible_to(request.roller).filter(samling=samling)
    alle = deltakerliste.rows(synlige)
    kommuner = {d.kommunenr: d.kommune for d in alle if d.kommunenr}
    form = DeltakerfilterForm(
        request.GET, kommuner=kommuner, venter_paa_svar=not deltakerliste.has_begun(samling)
    )
    valg: dict[str, Any] = {
        felt: form.cleaned_data.get(felt) or tom
        for felt, tom in [("q", ""), ("kommune", None), ("gruppe", None), ("status", "")]
    }
    return form, valg, deltakerliste.choose(synlige, alle, **valg)


@nettverksside("rolu.view_samling")
@require_safe
def samling_deltakere(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """Everyone who is expected, by group, as this person may see them. Who sees the own unit only, or
    themselves, gets the same list without the tools."""
    samling: Any = fetch_med_tall(request, nettverk, pk)
    form, valg, utvalg = _choose(request, samling)
    side = samlingsside(request, samling, "samling_deltakere")
    kontekst = {
        **side,
        "personer": deltakerliste.count_persons(utvalg.valgte),
        "plasser": len(utvalg.valgte),
        "ser_alle": sees_all(request.roller),
        "bare_egne": all(d.person == request.user.pk for d in utvalg.alle),
        "vis_moett": deltakerliste.has_begun(samling),
        "kan_endre_svar": side["kan_endre"] and samling.er_forestaaende,
        "alle_er_paaminnet": side["kan_endre"]
        and samling.er_aapen_for_paamelding
        and counted_already(samling).ubesvarte > 0
        and purring.all_are_reminded(samling),
        **_besides(request, samling, utvalg),
    }
    if utvalg.alle and (kontekst["ser_alle"] or request.roller.kommuner_ansvar):
        kontekst |= _tools(
            request,
            samling,
            form,
            valg,
            utvalg,
            kan_endre_svar=kontekst["kan_endre_svar"],
            gjester=kontekst["gjester"],
        )
    else:
        grupper = deltakerliste.by_group(utvalg, venter_forst=False)
        kontekst["rader"] = deltakerliste.draw_groups(
            grupper, samling=samling, hoder=len(grupper) > 1, gjester=kontekst["gjester"]
        )
    mal = "rolu/samling_deltakere.html" + ("#tabell" if request.htmx else "")
    return render(request, mal, kontekst)


def _besides(request: PortalRequest, samling: Samling, utvalg: Utvalg) -> dict[str, Any]:
    """Who comes besides those invited, who waits to be answered, who is waited for, and what is needed: what this
    person may see of it. Two queries, four for the coordinator; one for the list
    alone."""
    if samling.er_utkast:
        return {"gjester": []}
    ser_flere = sees_all(request.roller) or bool(request.roller.kommuner_ansvar)
    styrer = kan(request.user, "rolu.settle_endringsoenske", samling)
    gjester = list(
        Gjest.objects.visible_to(request.roller)
        .filter(samling=samling)
        .exclude(status=Gjest.Status.AVMELDT)
        .with_sted()
    )
    if request.htmx:
        return {"gjester": gjester}
    return {
        "tallene": counted_already(samling),
        "gjester": gjester,
        "per_dag": deltakerliste.signed_up_per_day(
            samling,
            Deltakelse.objects.visible_to(request.roller).filter(samling=samling),
            gjester,
        )
        if ser_flere
        else [],
        "gruppetall": list(
            Gruppetall.objects.visible_to(request.roller)
            .filter(samling=samling, antall__gt=0)
            .select_related("gruppe__enhet")
            .order_by("gruppe__sortering", "hva")
        ),
        "mangler_svar": deltakerliste.unanswered_as_text(utvalg.treff)
        if ser_flere and samling.er_forestaaende
        else "",
        "oensker": endringer.to_settle(samling, gjester)
        if styrer and samling.er_forestaaende
        else [],
        "behov": behov.totals(samling)
        if kan(request.user, "rolu.view_behovstall", samling)
        else None,
    }


def _tools(
    request: PortalRequest,
    samling: Samling,
    form: DeltakerfilterForm,
    valg: dict[str, Any],
    utvalg: Utvalg,
    *,
    kan_endre_svar: bool,
    gjester: list[Gjest],
) -> dict[str, Any]:
    """The list as one works in it: by group, folded, with choices, and acts on what is ticked."""
    slug = samling.nettverk.slug
    kan_eksportere = kan(request.user, "rolu.export_deltakelser", samling)
    filer = _files(samling) if kan_eksportere else []
    grupper = deltakerliste.by_group(
        utvalg,
        venter_forst=not deltakerliste.has_begun(samling)
        and form.cleaned_data.get("rekkefolge") != "kommune",
    )
    en = grupper[0] if len(grupper) == 1 else None
    liste = read_liste(
        request,
        lister.DELTAKERE,
        en.valgte if en else grupper,
        form=form,
        brikker=[_status_chips(request, samling, utvalg)],
        lenker=[fetched(request, fil, url) for fil, url in filer],
    )
    er_valgt = any(valg.values())
    grense = deltakerliste.AAPNES if er_valgt else deltakerliste.LITEN
    return {
        "liste": liste,
        "knapper": [file_link(fil, url) for fil, url in filer],
        **(
            _by_kommune(request, samling, utvalg, valg["kommune"])
            if "kommune" in form.fields
            else {}
        ),
        "rader": deltakerliste.draw_groups(
            [deltakerliste.only(en, liste.side.object_list)] if en else liste.side.object_list,
            samling=samling,
            folder=True,
            aapne=bool(en) or len(utvalg.valgte) <= grense,
            bokser=kan_eksportere,
            alle_url=lambda gruppe: address(request, gruppe=gruppe),
            endre_url=_answer_url(request, samling) if kan_endre_svar else "",
            person_url=reverse("nettverk:person", args=[slug, 0]).removesuffix("0/"),
            gjester=gjester,
        ),
    }


def _answer_url(request: PortalRequest, samling: Samling) -> str:
    """Where one answers for a group, whose number is added, and comes back to the list as it is chosen."""
    siden = reverse("rolu:paamelding", args=[samling.nettverk.slug, samling.pk])
    return f"{siden}?{urlencode({'neste': request.get_full_path()})}&gruppe="


def _status_chips(request: PortalRequest, samling: Samling, utvalg: Utvalg) -> list[Brikke]:
    valg = [
        ("", _("Alle")),
        ("invitert", _("Ikke svart")),
        ("paameldt", _("Påmeldt")),
        ("avmeldt", _("Avmeldt")),
    ]
    if samling.kapasitet is not None or utvalg.persons(Deltakelse.Status.VENTER):
        valg.insert(3, ("venter", _("På venteliste")))
    if deltakerliste.has_begun(samling):
        # While it goes on they may still come.
        ikke = (
            _("Påmeldt, men møtte ikke")
            if samling.er_over
            else capfirst(_("påmeldt, ikke møtt ennå"))
        )
        valg[1:1] = [("moett", _("Møtte")), ("ikke_moett", ikke)]
    return chips(
        request,
        "status",
        [(status, ord_, utvalg.persons(status)) for status, ord_ in valg],
        stand=deltakerliste.MERKE,
    )


def _by_kommune(
    request: PortalRequest, samling: Samling, utvalg: Utvalg, valgt: int | None
) -> dict[str, Any]:
    """The figures of each kommune, and the map of them as a choice. One query."""
    medlemskap = list(medlemskap_per(samling.dato).filter(nettverk=samling.nettverk))
    paa_lista = {d.kommunenr for d in utvalg.alle if d.kommunenr}
    return {
        "per_kommune": deltakerliste.per_kommune(utvalg.alle),
        "kart": _map(request, samling, medlemskap, utvalg, valgt),
        "valgt_kommune": valgt,
        "alle_kommuner": address(request, kommune=None),
        # Who comes from a kommune that is not drawn, is found by the field only.
        "kartet_er_nok": paa_lista <= {m.kommune_id for m in medlemskap},
    }


def _map(
    request: PortalRequest,
    samling: Samling,
    medlemskap: list[Medlemskap],
    utvalg: Utvalg,
    valgt: int | None,
) -> Kart | None:
    """The kommuner shaded by how many have answered, or met; the chosen one pressed again lets all in."""
    svar = deltakerliste.shares(utvalg.alle, etter=deltakerliste.has_begun(samling))
    return draw_kart(
        medlemskap,
        skjematisk=True,
        verdier=svar,
        lenker={pk: address(request, kommune=None if pk == valgt else pk) for pk in svar},
        valgt=valgt,
    )


def _files(samling: Samling) -> list[tuple[str, str]]:
    """What can be taken out of the list, and from where: all of it, or of what is ticked."""
    return [
        (fil, reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk]))
        for fil, navn in [
            ("xlsx", "deltakere_regneark"),
            ("utskrift", "deltakere_utskrift"),
            ("epost", "deltakere_epost"),
        ]
    ]


def _taken_out(request: PortalRequest, samling: Samling) -> tuple[list[Deltaker], bool]:
    """What those who may take it out of the portal asked for: what they ticked, or the list as it is
    filtered. And whether those who declined were asked for as such."""
    krev(request.user, "rolu.export_deltakelser", samling)
    _form, valg, utvalg = _choose(request, samling)
    if request.method == "POST":
        ticked = {whole_number(pk) for pk in request.POST.getlist("valgt")}
        return [d for d in utvalg.alle if d.pk in ticked], True
    return utvalg.valgte, valg["status"] == Deltakelse.Status.AVMELDT


@nettverksside("rolu.view_samling")
@fersk_for_fil
@require_http_methods(["GET", "HEAD", "POST"])
def deltakere_regneark(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The gathering as XLSX: the list as it is filtered, or those who are ticked, and what came of it."""
    samling = fetch_samling(request, nettverk, pk)
    deltakere, _avmeldte = _taken_out(request, samling)
    gjester = _guests(request, samling, nei=True)
    antall = len(deltakere) + len(gjester)
    note_export(request, hva="rolu.deltakere", antall=antall, nettverk=nettverk)
    navn = made_name(_("samling"), samling.tittel, samling.dato.isoformat(), endelse="xlsx")
    return send_regneark(navn, workbook(samling, deltakere, gjester))


def _guests(request: PortalRequest, samling: Samling, *, nei: bool = False) -> list[Gjest]:
    """Those without a Verv, when all of the list is asked for, in whatever order: they have no place in its
    choices. With `nei` those who do not come after all, too."""
    if request.method == "POST" or any(
        request.GET.get(valg) for valg in DeltakerfilterForm.base_fields if valg != "rekkefolge"
    ):
        return []
    synlige = Gjest.objects.visible_to(request.roller).filter(samling=samling)
    if not nei:
        synlige = synlige.exclude(status=Gjest.Status.AVMELDT)
    return list(synlige.with_sted())


@nettverksside("rolu.view_samling")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def deltakere_utskrift(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The list for the door, with a box to tick, for when the network is gone."""
    samling = fetch_samling(request, nettverk, pk)
    deltakere, med_avmeldte = _taken_out(request, samling)
    gjester = _guests(request, samling)
    antall = len(deltakere) + len(gjester)
    note_export(request, hva="rolu.utskrift", antall=antall, nettverk=nettverk)
    dager = [dag.dato for dag in days(samling)]
    liste = deltakerliste.door_list(
        deltakere,
        gjester,
        med_avmeldte=med_avmeldte,
        dager=dager,
        moett_dager=days_met_by(samling),
    )
    return render(
        request,
        "rolu/deltakere_utskrift.html",
        {
            "samling": samling,
            "med_avmeldte": med_avmeldte,
            "dager": dager,
            "kommuner": [
                {
                    "navn": kommune,
                    "steder": list(steder.items()),
                    "antall": sum(map(len, steder.values())),
                }
                for kommune, steder in liste.items()
            ],
        },
    )


@nettverksside("rolu.view_samling")
@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def deltakere_epost(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """The addresses, to be put into a letter of one's own."""
    samling = fetch_samling(request, nettverk, pk)
    deltakere, _avmeldte = _taken_out(request, samling)
    gjester = _guests(request, samling)
    adresser = deltakerliste.addresses(deltakere, gjester)
    note_export(request, hva="rolu.epostadresser", antall=len(adresser), nettverk=nettverk)
    return render(
        request,
        "rolu/deltakere_epost.html",
        {
            "samling": samling,
            "adresser": adresser,
            "uten": deltakerliste.count_persons(d for d in deltakere if not d.epost)
            + sum(not g.epost for g in gjester),
        },
    )
