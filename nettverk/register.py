"""What of the public register a network's pages may show: its kommuner and units, now and before.

The register is a floor that knows no networks, so the question who sees what of it is answered here.
"""

import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kommuner.models import Enhet, Kommune, Kommunenavn, Plassering
from kommuner.sortering import folded, folded_key, word_in, word_variants
from nettverk.models import Medlemskap
from nettverk.tilgang.roller import Roller


def kommuner_visible_to(roller: Roller) -> QuerySet[Kommune]:
    """The kommuner that are or have been in `nettverk`, for its members; nothing for others."""
    if not roller.er_medlem:
        return Kommune.objects.none()
    return Kommune.objects.filter(medlemskap__nettverk=roller.nettverk).distinct()


def enheter_visible_to(roller: Roller) -> QuerySet[Enhet]:
    """The units that lie, or have lain, in a kommune while it was in `nettverk`, for its members."""
    if not roller.er_medlem:
        return Enhet.objects.none()
    laa_her = Plassering.objects.filter(
        enhet=OuterRef("pk"),
        kommune__medlemskap__nettverk=roller.nettverk,
        kommune__medlemskap__gyldig__overlap=F("gyldig"),
    )
    return Enhet.objects.filter(Exists(laa_her))


def medlemskap_per(
    dato: datetime.date, *, med_enheter: bool = False, med_grense: bool = False
) -> QuerySet[Medlemskap]:
    """Memberships valid on `dato` in Norwegian order, with the kommune and its name that day.

    `navn_da` is the name; `med_enheter` adds `antall_enheter`. Borders are heavy, so they come only
    `med_grense`.
    """
    navn = Kommunenavn.objects.filter(kommune=OuterRef("kommune")).gyldig(dato)
    rader = (
        Medlemskap.objects.gyldig(dato)
        .in_order()
        .annotate(navn_da=Coalesce(Subquery(navn.values("navn")[:1]), F("kommune__navn")))
    )
    if med_enheter:
        rader = rader.annotate(antall_enheter=antall_enheter(dato, OuterRef("kommune")))
    return rader if med_grense else rader.defer("kommune__grense")


def antall_enheter(dato: datetime.date, kommune: OuterRef) -> Coalesce:
    """How many units existed in `kommune` on `dato`, as a subquery."""
    her = (
        Plassering.objects.filter(kommune=kommune, enhet__gyldig__contains=dato)
        .gyldig(dato)
        .order_by()
        .values("kommune")
        .annotate(n=Count("*"))
    )
    return Coalesce(Subquery(her.values("n")), 0)


def search_enheter(enheter: QuerySet[Enhet], sok: str) -> QuerySet[Enhet]:
    """Units whose name holds the words of `sok`, or nearly so; or whose organisation number it is.

    Letters are folded as in all search (`kommuner.sortering`): averoy finds Averøy.
    """
    siffer = "".join(sok.split())
    if siffer.isdecimal():
        return enheter.filter(
            Q(organisasjonsnummer__startswith=siffer) | Q(nsr_id__startswith=siffer)
        )
    enheter = enheter.alias(soketekst=folded_key("sortering"))
    for ord_ in sok.split():
        enheter = enheter.filter(_ord_i_navn(ord_))
    return enheter


def _ord_i_navn(ord_: str) -> Q:
    treff = word_in("soketekst", ord_)
    # A short word is near too many others.
    return treff | Q(navn__trigram_word_similar=ord_) if len(ord_) >= 5 else treff


def heter_noe_med(navn: str, sok: str) -> bool:
    """Whether a name already in memory holds `sok`, by the same rules."""
    return any(variant in folded(navn) for variant in word_variants(sok))
