"""What of fremtidsbilder the red thread goes through: tankesmier, voices, themes, images, goals."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.bilder.temaer import SLAG
from fremtidsbilder.models import Bidrag, Fremtidsbilde, Maal, Tankesmie, Tema
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
    """On its page; before it has one that all may read, on its thread."""
    side = reverse("fremtidsbilder:tema", args=[nettverk.slug, tema.pk])
    traad = reverse("nettverk:roedtraad", args=[nettverk.slug, SLAG, tema.pk])
    har_side = tema.offentlig and nettverk.uses("fremtidsbilder")
    return Treff(innhold(tema.navn, nettverk), side if har_side else traad)


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


# --- the voices


def _tankesmier(roller: Roller) -> QuerySet[Tankesmie]:
    rader = Tankesmie.objects.visible_to(roller).select_related("kommune", "enhet", "gruppe")
    return rader.defer("kommune__grense")


def _shown_tankesmie(tankesmie: Tankesmie, nettverk: Nettverk) -> Treff:
    side = "tankesmie" if tankesmie.frittstaaende else "stemmer"
    url = reverse(f"fremtidsbilder:{side}", args=[nettverk.slug, tankesmie.pk])
    om = [where(tankesmie), date_format(tankesmie.dato) if tankesmie.dato else ""]
    return Treff(innhold(tankesmie.tittel, nettverk), url, ", ".join(filter(None, om)))


def _voices(roller: Roller) -> QuerySet[Bidrag]:
    rader = Bidrag.objects.visible_to(roller)
    return rader.select_related("gruppe", "sporsmaal__tankesmie__nettverk")


def _shown_voice(bidrag: Bidrag, nettverk: Nettverk) -> Treff:
    url = reverse("nettverk:roedtraad", args=[nettverk.slug, "stemme", bidrag.pk])
    gruppe = innhold(bidrag.gruppe.navn, nettverk) if bidrag.gruppe else ""
    return Treff(innhold(Truncator(bidrag.tekst).chars(140), nettverk), url, gruppe)


def _voice_edges(nettverk: Nettverk) -> Iterable[QuerySet]:
    """A voice came of its tankesmie, and is part of the network's theme that its theme on the wall was lifted to."""
    stemmene = Bidrag.objects.filter(sporsmaal__tankesmie__nettverk=nettverk).shown()
    yield edges(stemmene, ("tankesmie", "sporsmaal__tankesmie"), ("stemme", "pk"))
    # A theme that was merged into another goes where that goes.
    loeftet = stemmene.annotate(loeftet=Coalesce("klynge__inn_i__tema", "klynge__tema"))
    yield edges(loeftet.filter(loeftet__isnull=False), ("stemme", "pk"), ("tema", "loeftet"))
    ogsaa: QuerySet[Any] = Bidrag.andre_klynger.through.objects.filter(
        bidrag__in=stemmene.values("pk")
    )
    ogsaa = ogsaa.annotate(loeftet=Coalesce("klynge__inn_i__tema", "klynge__tema"))
    yield edges(ogsaa.filter(loeftet__isnull=False), ("stemme", "bidrag"), ("tema", "loeftet"))


TANKESMIE = Traadslag(
    "tankesmie",
    "fremtidsbilder.Tankesmie",
    _("tankesmie"),
    _("tankesmier"),
    "fremtidsbilde",
    _tankesmier,
    _shown_tankesmie,
    (NorskSortering("tittel"),),
    "fremtidsbilder.lead_tankesmie",
    rekkefolge=5,
)
STEMME = Traadslag(
    "stemme",
    "fremtidsbilder.Bidrag",
    _("stemme"),
    _("stemmer"),
    "fremtidsbilde",
    _voices,
    _shown_voice,
    (NorskSortering("tekst"),),
    "fremtidsbilder.lead_tankesmie",
    spoer_om=lambda bidrag: bidrag.sporsmaal.tankesmie,
    kanter=_voice_edges,
    rekkefolge=10,
)
TEMA = Traadslag(
    SLAG,
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
