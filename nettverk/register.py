"""What of the public register a network's pages may show: its kommuner and units, now and before.

The register is a floor that knows no networks, so the question who sees what of it is answered here.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db import connection
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils.translation import ngettext

from kommuner.enhetsimport.tolking import Periode
from kommuner.models import Enhet, Kommune, Plassering
from kommuner.models.enhet import EnhetQuerySet
from kommuner.sortering import composed, folded, folded_key, word_in, word_variants
from nettverk.models import Medlemskap, Nettverk
from nettverk.tilgang.roller import Roller


def kommuner_visible_to(roller: Roller) -> QuerySet[Kommune]:
    """The kommuner that are or have been in the network, for its members; nothing for others."""
    if not roller.er_medlem:
        return Kommune.objects.none()
    return Kommune.objects.filter(medlemskap__nettverk=roller.nettverk).distinct()


def enheter_visible_to(roller: Roller) -> EnhetQuerySet:
    """The units that lie, or have lain, in a kommune while it was in the network, for its members."""
    if not roller.er_medlem:
        return Enhet.objects.none()
    laa_her = Plassering.objects.filter(
        enhet=OuterRef("pk"),
        kommune__medlemskap__nettverk=roller.nettverk,
        kommune__medlemskap__gyldig__overlap=F("gyldig"),
    )
    return Enhet.objects.filter(Exists(laa_her))


def register_figures(
    nettverk: Nettverk, per: datetime.date, *, kommuner: int
) -> list[tuple[int, str]]:
    """How many kommuner (known already), kindergartens and schools on the day; none of them zero. One query."""
    antall = dict(
        nettverk.enheter(per).order_by().values_list("type").annotate(Count("pk", distinct=True))
    )
    barnehager = antall.get(Enhet.Type.BARNEHAGE, 0)
    skoler = antall.get(Enhet.Type.GRUNNSKOLE, 0)
    tallene = [
        (kommuner, ngettext("kommune", "kommuner", kommuner)),
        (barnehager, ngettext("barnehage", "barnehager", barnehager)),
        (skoler, ngettext("skole", "skoler", skoler)),
    ]
    return [(n, navn) for n, navn in tallene if n]


def medlemskap_per(
    dato: datetime.date, *, med_enheter: bool = False, med_grense: bool = False
) -> QuerySet[Medlemskap]:
    """Memberships valid on `dato` in Norwegian order, with the kommune and its name that day.

    `navn_da` is the name; `med_enheter` adds `antall_enheter`. Borders are heavy, so they come only
    `med_grense`.
    """
    rader = Medlemskap.objects.gyldig(dato).in_order().with_navn(dato)
    if med_enheter:
        rader = rader.with_antall_enheter(dato)
    return rader if med_grense else rader.defer("kommune__grense")


_ANDRES = """
    SELECT kommune_id, lower(bit), upper(bit) FROM (
        SELECT kommune_id, unnest(
            range_agg(gyldig) FILTER (WHERE nettverk_id <> %(nettverk)s)
            - coalesce(range_agg(gyldig) FILTER (WHERE nettverk_id = %(nettverk)s), '{}')
        ) AS bit
        FROM nettverk_medlemskap GROUP BY kommune_id
    ) AS biter
"""


def others_periods(nettverk: Nettverk) -> dict[int, list[Periode]]:
    """When each kommune is in other networks and not in this one. A kommune in none is nobody's."""
    with connection.cursor() as cursor:
        cursor.execute(_ANDRES, {"nettverk": nettverk.pk})
        rader = cursor.fetchall()
    perioder: dict[int, list[Periode]] = defaultdict(list)
    for kommune, fra, til in rader:
        perioder[kommune].append((fra, til))
    return dict(perioder)


def known_since(medlemskap: Iterable[Medlemskap], dato: datetime.date) -> datetime.date | None:
    """The first day that anything is known of units in these kommuner, when that is after `dato`."""
    forste = Plassering.objects.filter(
        kommune__in=[m.kommune_id for m in medlemskap], gyldig__isempty=False
    ).aggregate(dag=Min(RangeStartsWith("gyldig")))["dag"]
    return forste if forste and forste > dato else None


def search_enheter(enheter: EnhetQuerySet, sok: str) -> EnhetQuerySet:
    """Units whose name holds the words of `sok`, or nearly so; or whose organisation number it is.

    Letters are folded as in all search (`kommuner.sortering`): averoy finds Averøy.
    """
    siffer = "".join(sok.split())
    if siffer.isdecimal():
        return enheter.filter(
            Q(organisasjonsnummer__startswith=siffer) | Q(nsr_id__startswith=siffer)
        )
    enheter = enheter.alias(soketekst=folded_key("sortering"))
    for ord_ in composed(sok).split():
        enheter = enheter.filter(_ord_i_navn(ord_))
    return enheter


def _ord_i_navn(ord_: str) -> Q:
    treff = word_in("soketekst", ord_)
    # A short word is near too many others.
    return treff | Q(navn__trigram_word_similar=ord_) if len(ord_) >= 5 else treff


def heter_noe_med(navn: str, sok: str) -> bool:
    """Whether a name already in memory holds `sok`, by the same rules."""
    return any(variant in folded(navn) for variant in word_variants(sok))
