"""What of evaluering the red thread goes through: the chapters of the annual report that somebody has written in."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluering.models import Aarsrapport, Kapitteltekst
from kommuner.sortering import NorskSortering
from nettverk.flater import Traadslag, Treff, blokkene
from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller


def _chapters(roller: Roller) -> QuerySet[Kapitteltekst]:
    rapporter = Aarsrapport.objects.visible_to(roller)
    rader = Kapitteltekst.objects.filter(aarsrapport__in=rapporter).exclude(tekst="")
    return rader.select_related("aarsrapport__nettverk")


def _shown(kapittel: Kapitteltekst, nettverk: Nettverk) -> Treff:
    aar = kapittel.aarsrapport.aar
    titler = {blokk.noekkel: blokk.tittel for blokk in blokkene(nettverk, aar)}
    url = reverse("evaluering:aarsrapport", args=[nettverk.slug, aar])
    tittel = str(titler.get(kapittel.noekkel, kapittel.noekkel))
    return Treff(
        tittel, f"{url}?kapittel={kapittel.noekkel}", _("Årsrapport %(aar)s") % {"aar": aar}
    )


KAPITTEL = Traadslag(
    "kapittel",
    "evaluering.Kapitteltekst",
    _("kapittel i årsrapporten"),
    _("kapitler i årsrapporten"),
    "aarsrapport",
    _chapters,
    _shown,
    (NorskSortering("noekkel"), NorskSortering("tekst")),
    "evaluering.change_aarsrapport",
    spoer_om=lambda kapittel: kapittel.aarsrapport,
    rekkefolge=100,
)
