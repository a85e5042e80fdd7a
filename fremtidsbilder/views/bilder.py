"""The images of the future: all of them for members, the published ones for everyone."""

from collections import Counter
from itertools import groupby
from typing import NamedTuple

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from fremtidsbilder.models import Fremtidsbilde, Innspill, Maal
from fremtidsbilder.portal import page_title
from kommuner.gyldighet import idag
from nettverk.flater import seksjoner_paa
from nettverk.models import Nettverk
from nettverk.roedtraad.flate import section
from nettverk.tilgang.sider import PortalRequest, nettverksside
from nettverk.tilgang.tillatelser import kan


@nettverksside("fremtidsbilder.view_fremtidsbilde")
@require_safe
def fremtidsbilde_list(request: PortalRequest, nettverk: Nettverk) -> HttpResponse:
    """The images by level, the goals and the priority areas."""
    har_bilder, har_maal = nettverk.uses("fremtidsbilder"), nettverk.uses("maal")
    bilder = (
        Fremtidsbilde.objects.visible_to(request.roller)
        .select_related("kommune", "enhet")
        .defer("kommune__grense")
        .annotate(antall_tegn=Count("tegn"))
        # A count takes the model's own order away.
        .order_by("rekkefolge", "pk")
    )
    orden = Fremtidsbilde.Nivaa.values
    sortert = sorted(bilder if har_bilder else (), key=lambda b: orden.index(b.nivaa))
    maal = list(Maal.objects.visible_to(request.roller)) if har_maal else []
    return render(
        request,
        "fremtidsbilder/fremtidsbilde_list.html",
        {
            "tittel": page_title(nettverk),
            "har_bilder": har_bilder,
            "temaer": list(nettverk.temaer.all())
            if any(b.nivaa == Fremtidsbilde.Nivaa.NETTVERK for b in sortert)
            else [],
            "nivaaer": [
                {"nivaa": Fremtidsbilde.Nivaa(n), "bilder": list(gruppe)}
                for n, gruppe in groupby(sortert, lambda b: b.nivaa)
            ],
            "effektmaal": [m for m in maal if m.type == Maal.Type.EFFEKT],
            "resultatmaal": [m for m in maal if m.type == Maal.Type.RESULTAT],
            "prinsipper": [m for m in maal if m.type == Maal.Type.PRINSIPP],
            "omraader": nettverk.utviklingsomraader.all() if har_maal else [],
        },
    )


@nettverksside(offentlig=True)
@require_safe
def fremtidsbilde(request: PortalRequest, nettverk: Nettverk, pk: int) -> HttpResponse:
    """One image with its signs and method, the network's themes, and the images beside it."""
    if not nettverk.er_offentlig and not request.roller.er_medlem:
        raise Http404
    synlige = Fremtidsbilde.objects.visible_to(request.roller)
    bilde = get_object_or_404(
        synlige.select_related("kommune", "enhet").defer("kommune__grense"), pk=pk
    )
    innspill = list(bilde.innspill.all())
    stemmer = _voices(innspill)
    antall = sum(stemme.antall for stemme in stemmer)
    return render(
        request,
        "fremtidsbilder/fremtidsbilde.html",
        {
            "bilde": bilde,
            # Bars that are all as long tell nothing.
            "stemmer": stemmer if len({stemme.antall for stemme in stemmer}) > 1 else [],
            "stemmetittel": _voices_title(antall, len(stemmer)),
            "liste": page_title(nettverk),
            "kan_se_alle": kan(request.user, "fremtidsbilder.view_fremtidsbilde", nettverk),
            "tegn": bilde.tegn.all(),
            "innspill": innspill,
            "antall_innspill": antall,
            "temaer": nettverk.temaer.all() if bilde.nivaa == Fremtidsbilde.Nivaa.NETTVERK else [],
            "andre": synlige.filter(nivaa=bilde.nivaa).exclude(pk=pk)[:6],
            "seksjoner": [
                *seksjoner_paa(bilde, roller=request.roller, dato=idag()),
                *section(bilde, request.roller),
            ],
        },
    )


class Stemme(NamedTuple):
    """A group and how much it put forward; `lengde` is its bar's, of 100."""

    fra: str
    antall: int
    lengde: int


def _voices(innspill: list[Innspill]) -> list[Stemme]:
    """Whose voices."""
    antall: Counter[str] = Counter()
    for rad in innspill:
        antall[rad.fra] += len(rad.punkter)
    stoerst = max(antall.values(), default=1)
    return [Stemme(fra, n, round(100 * n / stoerst)) for fra, n in antall.items()]


def _voices_title(innspill: int, grupper: int) -> str:
    return _("%(innspill)s fra %(grupper)s") % {
        "innspill": ngettext("%(n)s innspill", "%(n)s innspill", innspill) % {"n": innspill},
        "grupper": ngettext("%(n)s gruppe", "%(n)s grupper", grupper) % {"n": grupper},
    }
