"""What of laeringsloyper the red thread goes through: the modules."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kommuner.sortering import NorskSortering
from laeringsloyper.models import Modul
from nettverk.flater import Traadslag, Treff
from nettverk.models import Nettverk
from nettverk.side.innhold import innhold
from nettverk.tilgang.roller import Roller


def _modules(roller: Roller) -> QuerySet[Modul]:
    return Modul.objects.visible_to(roller).select_related("periode__loype__nettverk")


def _shown(modul: Modul, nettverk: Nettverk) -> Treff:
    loype = modul.periode.loype
    url = reverse("laeringsloyper:modul", args=[nettverk.slug, loype.slug, modul.pk])
    return Treff(innhold(modul.tittel, nettverk), url, innhold(loype.navn, nettverk))


MODUL = Traadslag(
    "modul",
    "laeringsloyper.Modul",
    _("modul"),
    _("moduler"),
    "loype",
    _modules,
    _shown,
    (NorskSortering("tittel"),),
    "laeringsloyper.change_loype",
    spoer_om=lambda modul: modul.periode.loype,
    rekkefolge=50,
)
