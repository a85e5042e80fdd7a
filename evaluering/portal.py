"""What evaluering contributes to the shared surfaces: the annual report's menu line, reminder and own chapters."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluering.aarsrapport import SAMMENDRAG, antall_uten_tekst, find_or_new
from kommuner.gyldighet import idag
from nettverk.flater import Gjoremaal, Kapittel, Menypunkt, Portal, register
from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller

# From November there is enough of the year to write; by the end of February it has been reported.
_FRA_MAANED, _TIL_MAANED = 11, 2


@register
class EvalueringPortal(Portal):
    """The annual report for those who write and approve it."""

    def meny(self, roller: Roller) -> Iterable[Menypunkt]:
        if roller.er_kog or roller.er_stg:
            url = reverse("evaluering:aarsrapport_list", args=[roller.nettverk.slug])
            yield Menypunkt(gettext_lazy("Årsrapport"), url, "aarsrapport", 50)

    def gjoremaal(self, roller: Roller) -> Iterable[Gjoremaal]:
        """From 1 November: the chapters in which nothing is written yet."""
        naa = idag()
        if not roller.er_kog or _TIL_MAANED < naa.month < _FRA_MAANED:
            return
        aar = naa.year if naa.month >= _FRA_MAANED else naa.year - 1
        if find_or_new(roller.nettverk, aar).er_laast:
            return
        if antall := antall_uten_tekst(roller.nettverk, aar):
            yield Gjoremaal(
                _("Årsrapport %(aar)s") % {"aar": aar},
                ngettext(
                    "Ett kapittel mangler tekst. Tallene er på plass.",
                    "%(antall)s kapitler mangler tekst. Tallene er på plass.",
                    antall,
                )
                % {"antall": antall},
                reverse("evaluering:aarsrapport", args=[roller.nettverk.slug, aar]),
                _("Skriv"),
                haster=60,
            )

    def kapitler(self, nettverk: Nettverk, aar: int) -> Iterable[Kapittel]:
        """What only people can write: the introduction, what did not go as planned, what comes."""
        yield Kapittel(
            SAMMENDRAG,
            1,
            _("Innledning og sammendrag"),
            "evaluering/kapitler/sammendrag.html",
            {},
            _(
                "Skriv omtrent en halv side: Hva var viktigst dette året, hva oppnådde dere, og hva lærte dere?"
            ),
        )
        yield Kapittel(
            "avvik",
            12,
            _("Avvik og risiko"),
            "",
            {},
            _("Hva ble ikke gjort, hvorfor, og hva gjør dere med det nå?"),
        )
        yield Kapittel(
            "planer",
            13,
            _("Planer for neste år"),
            "",
            {},
            _("Hva prioriterer dere, og hvilke samlinger og midler er planlagt?"),
        )
