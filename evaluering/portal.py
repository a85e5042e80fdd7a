"""What evaluering contributes to the shared surfaces: the annual report's menu line, reminder and own chapters."""

import datetime
from collections.abc import Iterable
from functools import partial

from django.db.models import Model, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluering.aarsrapport import (
    GODKJENT_PDF,
    PDF,
    SAMMENDRAG,
    is_read_by_members,
)
from evaluering.hjem import hjem, how_far, is_season, reporting_year, these_days
from evaluering.models import Aarsrapport, Kapitteltekst
from evaluering.traadslag import KAPITTEL
from evaluering.undersokelser import rydding
from kommuner.sortering import folded, search_words
from nettverk.flater import (
    Blokk,
    Gjoremaal,
    Handling,
    Innhold,
    Menypunkt,
    Opplysninger,
    Portal,
    Portaldel,
    Seksjon,
    Tekst,
    Traadslag,
    Treff,
    Treffgruppe,
    first_hits,
    register,
)
from nettverk.models import Nettverk, Person
from nettverk.side.utenfra import whole_number
from nettverk.tilgang.roller import Roller
from nettverk.tilgang.tillatelser import kan


@register
class EvalueringPortal(Portal):
    """The annual report for those who write and approve it, and for those who read it."""

    del_ = Portaldel(
        "aarsrapport",
        gettext_lazy("Årsrapport"),
        gettext_lazy("Rapporten om året, med tall fra portalen og tekst dere skriver selv."),
        gettext_lazy(
            "Rapportene vises ikke, heller ikke de publiserte på den offentlige siden. Ingen blir minnet på å skrive."
        ),
        ("aarsrapport/",),
        rekkefolge=70,
        jobber=(PDF, GODKJENT_PDF),
    )

    def traadslag(self) -> Iterable[Traadslag]:
        yield KAPITTEL

    def del_innhold(self, nettverk: Nettverk) -> Iterable[Tekst]:
        if antall := Aarsrapport.objects.filter(nettverk=nettverk).count():
            yield ngettext("%(n)s årsrapport", "%(n)s årsrapporter", antall) % {"n": antall}

    def del_underveis(self, nettverk: Nettverk) -> Iterable[Tekst]:
        """What is written and not published, and what everybody can read now."""
        rapporter = Aarsrapport.objects.filter(nettverk=nettverk).order_by("aar")
        for aar, status in rapporter.values_list("aar", "status"):
            if status == Aarsrapport.Status.PUBLISERT:
                yield _("Årsrapporten for %(aar)s er publisert.") % {"aar": aar}
            else:
                yield _("Årsrapporten for %(aar)s er ikke publisert ennå.") % {"aar": aar}

    def meny(self, roller: Roller) -> Iterable[Menypunkt]:
        """For those who write and approve; for every member when there is a report they may read."""
        if not roller.er_medlem:
            return
        if roller.er_kog or roller.er_stg or is_read_by_members(roller.nettverk):
            url = reverse("evaluering:aarsrapport_list", args=[roller.nettverk.slug])
            yield Menypunkt("aarsrapport", gettext_lazy("Årsrapport"), url, "aarsrapport")

    def gjoremaal(self, roller: Roller) -> Iterable[Gjoremaal]:
        """From 1 November: the chapters in which nothing is written yet, and that STG may read and
        approve; not in a network that is being set up. At any time: that the coordinator publishes what
        is approved."""
        if roller.er_koordinator:
            yield from _to_publish(roller)
        if (
            not (roller.er_kog or roller.er_stg)
            or not is_season()
            or roller.nettverk.satt_opp is None
        ):
            return
        stand = how_far(roller)
        if stand.rapport.er_laast:
            return
        aar = stand.rapport.aar
        if roller.er_stg and stand.skrevet:
            yield Gjoremaal(
                _("Les og godkjenn årsrapport %(aar)s") % {"aar": aar},
                _("Rapporten blir skrevet nå. Dere godkjenner den når den er ferdig."),
                reverse("evaluering:forhaandsvis", args=[roller.nettverk.slug, aar]),
                _("Les utkastet"),
                haster=70,
            )
        if not roller.er_kog:
            return
        if antall := stand.uten_tekst:
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

    def hjem(self, roller: Roller) -> Iterable[Seksjon]:
        yield from hjem(roller)

    def offentlig(self, nettverk: Nettverk) -> Iterable[Seksjon]:
        """The published reports, the newest first."""
        rapporter = list(
            Aarsrapport.objects.filter(nettverk=nettverk, status=Aarsrapport.Status.PUBLISERT)
            .defer("frosset")
            .order_by("-aar")
        )
        if rapporter:
            yield Seksjon("evaluering/_offentlig.html", {"rapporter": rapporter}, 7)

    def sok(self, roller: Roller, q: str) -> Iterable[Treffgruppe]:
        """A year finds the report of that year; «årsrapport» finds them all."""
        slug = roller.nettverk.slug
        ordene = search_words(q)
        aar = [aar for aar in map(whole_number, ordene) if aar and 1000 <= aar <= 9999]
        if not aar and not any(len(o) > 2 and o in folded("årsrapport") for o in ordene):
            return
        rapporter = Aarsrapport.objects.visible_to(roller).defer("frosset")
        yield first_hits(
            _("Årsrapporter"),
            "aarsrapport",
            rapporter.filter(aar__in=aar) if aar else rapporter,
            lambda rapport: Treff(
                _("Årsrapport %(aar)s") % {"aar": rapport.aar},
                reverse("evaluering:aarsrapport", args=[slug, rapport.aar]),
                capfirst(rapport.get_status_display()),
            ),
            alle_url=reverse("evaluering:aarsrapport_list", args=[slug]),
        )

    def handlinger(self, roller: Roller, ting: Model | None) -> Iterable[Handling]:
        if ting is not None:
            return
        aar = reporting_year()
        rapport = Aarsrapport(nettverk=roller.nettverk, aar=aar)
        if kan(roller.person, "evaluering.change_aarsrapport", rapport):
            yield Handling(
                _("Skriv på årsrapporten for %(aar)s") % {"aar": aar},
                reverse("evaluering:aarsrapport", args=[roller.nettverk.slug, aar]),
                "rediger",
                rekkefolge=20,
            )

    def opplysninger(self, person: Person) -> Iterable[Opplysninger]:
        """The chapters last written by the person, and the reports approved or published by them."""
        tekster = Kapitteltekst.objects.filter(endret_av=person).order_by("endret")
        yield Opplysninger(
            _("Kapitler du sist skrev i"),
            [
                {
                    _("årsrapport"): str(tekst.aarsrapport),
                    _("kapittel"): tekst.noekkel,
                    _("tidspunkt"): tekst.endret,
                }
                for tekst in tekster.select_related("aarsrapport__nettverk").defer(
                    "aarsrapport__frosset"
                )
            ],
        )
        rapporter = (
            Aarsrapport.objects.filter(Q(godkjent_av=person) | Q(publisert_av=person))
            .select_related("nettverk")
            .defer("frosset")
        )
        yield Opplysninger(
            _("Årsrapporter du har godkjent eller publisert"),
            [
                {
                    _("årsrapport"): str(rapport),
                    _("godkjent"): rapport.godkjent
                    if rapport.godkjent_av_id == person.pk
                    else None,
                    _("publisert"): rapport.publisert
                    if rapport.publisert_av_id == person.pk
                    else None,
                }
                for rapport in rapporter
            ],
        )

    def kapitler(self, nettverk: Nettverk, aar: int) -> Iterable[Blokk]:
        """What only people can write: the introduction, what did not go as planned, what comes."""
        yield Blokk(
            SAMMENDRAG,
            _("Innledning og sammendrag"),
            partial(Innhold, "evaluering/kapitler/sammendrag.html"),
            _(
                "Skriv omtrent en halv side: Hva var viktigst dette året, hva oppnådde dere, og hva lærte dere?"
            ),
        )
        yield Blokk(
            "avvik",
            _("Avvik og risiko"),
            ledetekst=_("Hva ble ikke gjort, hvorfor, og hva gjør dere med det nå?"),
        )
        yield Blokk(
            "planer",
            _("Planer for neste år"),
            ledetekst=_("Hva prioriterer dere, og hvilke samlinger og midler er planlagt?"),
        )


@register
class UndersokelserPortal(Portal):
    """Surveys, whatever a network uses."""

    def rydd(self, naa: datetime.datetime) -> dict[str, int]:
        """The answers to surveys that closed long ago; what they came to stays. First what nobody closed is closed."""
        return {
            "glemte_undersokelser": rydding.close_forgotten(naa),
            "undersokelser": rydding.freeze(naa),
        }


def _to_publish(roller: Roller) -> Iterable[Gjoremaal]:
    for rapport in these_days(roller):
        if rapport.status != Aarsrapport.Status.GODKJENT:
            continue
        yield Gjoremaal(
            _("Publiser årsrapport %(aar)s") % {"aar": rapport.aar},
            _("Godkjent %(dato)s. Bare medlemmene kan lese den til nå.")
            % {"dato": date_format(timezone.localtime(rapport.godkjent))}
            if rapport.godkjent
            else _("Bare medlemmene kan lese den til nå."),
            reverse("evaluering:publiser", args=[roller.nettverk.slug, rapport.aar]),
            _("Publiser"),
            haster=55,
        )
