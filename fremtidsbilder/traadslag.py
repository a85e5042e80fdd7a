"""What of fremtidsbilder the red thread goes through: themes, images, goals."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.models import Fremtidsbilde, Maal, Tema
from fremtidsbilder.sted import where
from kommuner.sortering import NorskSortering
from nettverk.flater import Traadslag, Treff, edges
from nettverk.models import Nettverk
from nettverk.side.innhold import innhold
from nettverk.tilgang.roller import Roller


def _themes(roller: Roller) -> QuerySet[Tema]:
    egne = Tema.objects.filter(nettverk=roller.nettverk)
    return egne if roller.er_medlem else egne.none()


def _shown_theme(tema: Tema, nettverk: Nettverk) -> Treff:
    url = reverse("nettverk:roedtraad", args=[nettverk.slug, "tema", tema.pk])
    return Treff(innhold(tema.navn, nettverk), url)


def _images(roller: Roller) -> QuerySet[Fremtidsbilde]:
    rader = Fremtidsbilde.objects.visible_to(roller).select_related("kommune", "enhet")
    return rader.defer("kommune__grense")


def _shown_image(bilde: Fremtidsbilde, nettverk: Nettverk) -> Treff:
    url = reverse("fremtidsbilder:fremtidsbilde", args=[nettverk.slug, bilde.pk])
    return Treff(
        innhold(bilde.tittel, nettverk), url, where(bilde, capfirst(bilde.get_nivaa_display()))
    )


def _image_edges(nettverk: Nettverk) -> Iterable[QuerySet]:
    """An image that was taken further came of the one it builds on; its themes are what it is made of."""
    bilder = Fremtidsbilde.objects.filter(nettverk=nettverk)
    videre = bilder.filter(bygger_paa__isnull=False)
    yield edges(videre, ("fremtidsbilde", "bygger_paa"), ("fremtidsbilde", "pk"))
    temaer = Fremtidsbilde.temaer.through.objects.filter(fremtidsbilde__nettverk=nettverk)
    yield edges(temaer, ("tema", "tema"), ("fremtidsbilde", "fremtidsbilde"))


def _goals(roller: Roller) -> QuerySet[Maal]:
    rader = Maal.objects.visible_to(roller).select_related("kommune", "enhet")
    return rader.defer("kommune__grense")


def _shown_goal(maal: Maal, nettverk: Nettverk) -> Treff:
    url = reverse("fremtidsbilder:maal", args=[nettverk.slug, maal.pk])
    return Treff(
        innhold(Truncator(maal.tekst).chars(140), nettverk),
        url,
        where(maal, capfirst(maal.get_nivaa_display())),
    )


def _goal_edges(nettverk: Nettverk) -> Iterable[QuerySet]:
    """A goal came of its themes, and of the goal above it."""
    yield edges(
        Maal.objects.filter(nettverk=nettverk, over__isnull=False), ("maal", "over"), ("maal", "pk")
    )
    temaer = Maal.temaer.through.objects.filter(maal__nettverk=nettverk)
    yield edges(temaer, ("tema", "tema"), ("maal", "maal"))


TEMA = Traadslag(
    "tema",
    "fremtidsbilder.Tema",
    _("tema"),
    _("temaer"),
    "fremtidsbilde",
    _themes,
    _shown_theme,
    (NorskSortering("navn"),),
    "fremtidsbilder.change_tema",
    spoer_om=lambda tema: tema.nettverk,
    rekkefolge=20,
)
FREMTIDSBILDE = Traadslag(
    "fremtidsbilde",
    "fremtidsbilder.Fremtidsbilde",
    _("fremtidsbilde"),
    _("fremtidsbilder"),
    "fremtidsbilde",
    _images,
    _shown_image,
    (NorskSortering("tittel"),),
    "fremtidsbilder.change_fremtidsbilde",
    kanter=_image_edges,
    rekkefolge=30,
)
MAAL = Traadslag(
    "maal",
    "fremtidsbilder.Maal",
    _("mål"),
    _("mål"),
    "maal",
    _goals,
    _shown_goal,
    (NorskSortering("tekst"),),
    "fremtidsbilder.change_maal",
    kanter=_goal_edges,
    rekkefolge=40,
)
