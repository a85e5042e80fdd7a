"""What fremtidsbilder contributes: the images and priority areas in public, and loading them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.lasting import load_fremtid
from fremtidsbilder.models import Fremtidsbilde
from kommuner.sortering import NorskSortering, named
from nettverk.flater import (
    Menypunkt,
    Portal,
    Seksjon,
    Treff,
    Treffgruppe,
    first_hits,
    register,
)
from nettverk.models import Nettverk
from nettverk.side.innhold import innhold
from nettverk.tilgang.roller import Roller


@register
class FremtidsbilderPortal(Portal):
    def meny(self, roller: Roller) -> Iterable[Menypunkt]:
        yield Menypunkt(
            "fremtidsbilder",
            _("Fremtidsbilder og mål"),
            reverse("fremtidsbilder:fremtidsbilde_list", args=[roller.nettverk.slug]),
            "fremtidsbilde",
            om=_("Dit nettverket vil, og målene på veien."),
        )

    def offentlig(self, nettverk: Nettverk) -> Iterable[Seksjon]:
        bilder = list(
            Fremtidsbilde.objects.filter(nettverk=nettverk).published().prefetch_related("tegn")
        )
        felles = [b for b in bilder if b.nivaa == Fremtidsbilde.Nivaa.NETTVERK]
        arenaer = [b for b in bilder if b.nivaa == Fremtidsbilde.Nivaa.ARENA]
        if felles:
            data = {"bilder": felles, "temaer": list(nettverk.temaer.all())}
            yield Seksjon("fremtidsbilder/_offentlig_felles.html", data, 20)
        if arenaer:
            yield Seksjon("fremtidsbilder/_offentlig_arenaer.html", {"bilder": arenaer}, 25)
        omraader = list(nettverk.utviklingsomraader.all())
        if omraader:
            data = {"omraader": omraader, "arbeidsmaater": nettverk.arbeidsmaater}
            yield Seksjon("fremtidsbilder/_offentlig_omraader.html", data, 30)

    def sok(self, roller: Roller, q: str) -> Iterable[Treffgruppe]:
        slug = roller.nettverk.slug
        yield first_hits(
            _("Fremtidsbilder"),
            "fremtidsbilde",
            named(Fremtidsbilde.objects.visible_to(roller), q, NorskSortering("tittel")),
            lambda bilde: Treff(
                innhold(bilde.tittel, roller.nettverk),
                reverse("fremtidsbilder:fremtidsbilde", args=[slug, bilde.pk]),
                capfirst(bilde.get_nivaa_display()),
            ),
            alle_url=reverse("fremtidsbilder:fremtidsbilde_list", args=[slug]),
        )

    def load_nettverk(self, nettverk: Nettverk, data: dict[str, Any]) -> None:
        load_fremtid(nettverk, data)
