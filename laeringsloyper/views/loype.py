"""The learning tracks: the nine-year line, and one track with the units that follow it."""

import datetime
from collections import Counter
from itertools import groupby

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kommuner.gyldighet import idag
from kommuner.sortering import norsk_nokkel
from laeringsloyper.enheter import enhetsloyper_per
from laeringsloyper.framdrift import progress_of
from laeringsloyper.linje import draw_linje
from laeringsloyper.models import Laeringsloype
from laeringsloyper.modulstand import Periodestand, modules_on
from laeringsloyper.rapport import line_of
from nettverk.flater import seksjoner_paa
from nettverk.models import Nettverk, Verv
from nettverk.register import medlemskap_per
from nettverk.side.kart import Kart, Kartverdi, draw_kart
from nettverk.side.perdato import read_per
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan


@nettverksside("laeringsloyper.view_laeringsloype")
@require_safe
def loype_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """All tracks on one line, and how many units follow each now."""
    dag = idag()
    naa = Q(
        perioder__gyldig__contains=dag,
        perioder__enhetsloyper__gyldig__contains=dag,
        perioder__enhetsloyper__enhet__gyldig__contains=dag,
    )
    loyper = list(
        Laeringsloype.objects.visible_to(request.roller)
        .select_related("ansvarlig_gruppe")
        .prefetch_related("perioder")
        .annotate(antall_enheter=Count("perioder__enhetsloyper", filter=naa))
        # The model's own order does not hold for rows that are counted together.
        .order_by("rekkefolge", "sortering")
    )
    return render(
        request,
        "laeringsloyper/loype_list.html",
        {
            "loyper": loyper,
            "linje": draw_linje(loyper, dag),
            "kan_lage": kan(request.user, "laeringsloyper.arrange_loyper", nettverk),
            "kan_sette": kan(request.user, "laeringsloyper.set_enhetsloyper", nettverk),
        },
    )


@nettverksside("laeringsloyper.view_laeringsloype")
@require_safe
def loype(request: PortalRequest, nettverk: Nettverk, slug: str) -> HttpResponse:
    """One track: its periods, who answers for it, and the units that follow it, by kommune."""
    synlige = Laeringsloype.objects.visible_to(request.roller)
    loypa = get_object_or_404(
        synlige.select_related("ansvarlig_gruppe").prefetch_related("perioder"), slug=slug
    )
    loypa.nettverk = nettverk
    per = read_per(request)
    stander = modules_on(loypa, per, request.roller)
    rader = sorted(
        enhetsloyper_per(nettverk, per).filter(periode__loype=loypa),
        key=lambda r: norsk_nokkel(r.kommune_navn or ""),
    )
    return render(
        request,
        "laeringsloyper/loype.html",
        {
            "loype": loypa,
            "per": per,
            "er_idag": per == idag(),
            "linje": line_of(loypa, stander, request.roller, idag()),
            "framdrift": progress_of(loypa, stander, request.roller),
            "stander": _with_open(stander, per),
            "egne_enheter": request.roller.egne_enheter,
            "naa": per >= idag(),
            "perioder": list(loypa.perioder.all()),
            "kommuner": [
                {"navn": navn, "rader": list(gruppe)}
                for navn, gruppe in groupby(rader, lambda r: r.kommune_navn or "")
            ],
            "antall_enheter": len(rader),
            "kart": _kart(nettverk, per, Counter(r.kommune_id_da for r in rader)),
            "kan_endre": kan(request.user, "laeringsloyper.change_loype", loypa),
            "kan_sette": kan(request.user, "laeringsloyper.set_enhetsloyper", nettverk),
            "ansvarlige": Verv.objects.filter(gruppe=loypa.ansvarlig_gruppe_id)
            .gyldig(per)
            .in_order()
            .select_related("person"),
            "seksjoner": seksjoner_paa(loypa, roller=request.roller, dato=per),
        },
    )


def _with_open(stander: list[Periodestand], dato: datetime.date) -> list[tuple[Periodestand, bool]]:
    """Each period with whether it is unfolded: the one that runs on the day, else the last that has modules."""
    naa = next((s for s in stander if s.periode.er_gyldig(dato)), None)
    med = [s for s in stander if s.moduler]
    aapen = naa or (med[-1] if med else None)
    return [(s, s is aapen) for s in stander]


def _kart(nettverk: Nettverk, per: datetime.date, antall: Counter[int | None]) -> Kart | None:
    """The kommuner, shaded by how many of their units follow the track."""
    if not any(antall.values()):
        return None
    medlemskap = list(medlemskap_per(per).filter(nettverk=nettverk))
    verdier = {
        m.kommune_id: Kartverdi(
            None, str(n), ngettext("%(n)s enhet", "%(n)s enheter", n) % {"n": n}, antall=n
        )
        for m in medlemskap
        if (n := antall[m.kommune_id])
    }
    return draw_kart(medlemskap, skjematisk=True, verdier=verdier)
