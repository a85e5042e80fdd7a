"""What the network itself contributes to the shared surfaces."""

import datetime
from collections.abc import Iterable, Sequence
from functools import partial

from django.apps import apps
from django.db.models import Count, Exists, Model, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kommuner.gyldighet import idag
from kommuner.models import Enhet, Kommune
from nettverk import (
    aarsrapportkapitler,
    bekreftelse,
    enhetsimport,
    ledige,
    listevisninger,
    omslag,
    treff,
)
from nettverk.arbeid import brev, brevvalg, gamle_jobber, nyheter
from nettverk.arbeid.gjelder import gjelder
from nettverk.filer import lager
from nettverk.flater import (
    Blokk,
    Gjoremaal,
    Handling,
    Menypunkt,
    Oppstartssteg,
    Overtakelse,
    Portal,
    Seksjon,
    Side,
    Sideinnhold,
    Treff,
    Treffgruppe,
    paa,
    register,
)
from nettverk.folkeimport import handlinger as folkeimport
from nettverk.folkeliste import count_all, verv_on
from nettverk.innlogging.okter import purge_sessions
from nettverk.lister import LISTER
from nettverk.models import Brev, Flytteforslag, Gruppe, Nettverk, Nyhet, Person, Verv
from nettverk.mottakere import egne as _egne_mottakerslag  # noqa: F401 (it registers the filters)
from nettverk.oppstart import kommuner as kommuneimport
from nettverk.oppstart import steg
from nettverk.prosjekttall import grupper_tall
from nettverk.roedtraad import koblinger
from nettverk.sikkerhet import grenser, logg
from nettverk.skriving import engang
from nettverk.tilgang.roller import Roller, ask_along, may_be_there, whom_to_ask
from nettverk.tilgang.tillatelser import kan
from nettverk.verv import close_unanswered, decline, unanswered_by

# How many partners the public page names before it folds the rest.
_PARTNERE_FOERST = 8
# What a page knows of its network (`ask_along`).
_HAR_FLYTTEFORSLAG = "har_flytteforslag"
ask_along(
    _HAR_FLYTTEFORSLAG, Exists(Flytteforslag.objects.filter(fra_nettverk=OuterRef("pk")).open())
)


@register
class NettverkPortal(Portal):
    """Home, the register and the groups in the menu; partners in public; who sits where."""

    lister = LISTER

    def meny(self, roller: Roller) -> Iterable[Menypunkt]:
        def url(navn: str) -> str:
            return reverse(f"nettverk:{navn}", args=[roller.nettverk.slug])

        yield Menypunkt("hjem", _("Hjem"), url("hjem"), "hjem")
        yield Menypunkt("nettverket", _("Nettverket"), url("nettverket"), "nettverk")
        yield Menypunkt(
            "kommuner",
            _("Kommuner og enheter"),
            url("kommune_list"),
            "kommune",
            om=_("Barnehagene og skolene, kommune for kommune."),
        )
        yield Menypunkt(
            "grupper",
            _("Grupper"),
            url("gruppe_list"),
            "gruppe",
            om=_("Hvem som er med i hvilken gruppe, og hva som mangler."),
        )
        yield Menypunkt(
            "folk",
            _("Folk"),
            url("folk"),
            "person",
            om=_("Alle med et verv, og hvordan du når dem."),
        )
        if roller.er_kog:
            yield Menypunkt(
                "utboks",
                _("Utboks"),
                url("utboks"),
                "post",
                om=_("E-posten som er sendt, og den som ikke kom frem."),
            )

    def sideinnhold(self, roller: Roller) -> Iterable[Sideinnhold]:
        """The groups and the people. The kommuner: the page itself, which draws them."""
        dag = idag()
        grupper = Gruppe.objects.visible_to(roller).gyldig(dag).order_by()
        per_type = dict(grupper.values_list("type").annotate(Count("pk")))
        ved_enheter = per_type.pop(Gruppe.Type.UTVIKLINGSGRUPPE, 0)
        felles = sum(per_type.values())
        yield Sideinnhold(
            "grupper",
            (
                (felles, ngettext("gruppe", "grupper", felles)),
                (
                    ved_enheter,
                    ngettext("utviklingsgruppe", "utviklingsgrupper", ved_enheter),
                ),
            ),
            _("Gruppene kommer når koordinatoren har laget dem."),
        )
        folk = count_all(verv_on(roller, dag))
        yield Sideinnhold(
            "folk",
            ((folk, ngettext("person", "personer", folk)),),
            _("Her står alle når de har fått et verv."),
        )

    def gjoremaal(self, roller: Roller) -> Iterable[Gjoremaal]:
        yield from self._flytteforslag(roller)
        yield from bekreftelse.gjoremaal(roller)

    def _flytteforslag(self, roller: Roller) -> Iterable[Gjoremaal]:
        """What another network waits for: that a coordinator here says whether a unit may move."""
        nettverk = roller.nettverk
        if not roller.er_koordinator or not may_be_there(nettverk, _HAR_FLYTTEFORSLAG):
            return
        venter = Flytteforslag.objects.filter(fra_nettverk=nettverk).open()
        for forslag in venter.select_related("enhet", "til_nettverk"):
            yield Gjoremaal(
                tittel=_("Skal %(enhet)s flyttes til et annet nettverk?")
                % {"enhet": forslag.enhet},
                tekst=_("%(nettverk)s har foreslått det.")
                % {"nettverk": forslag.til_nettverk.navn},
                url=reverse("nettverk:flytteforslag", args=[nettverk.slug, forslag.pk]),
                knapp=_("Svar på forslaget"),
                haster=40,
            )

    def hjem(self, roller: Roller) -> Iterable[Seksjon]:
        yield from ledige.hjem(roller)
        if (roller.er_eva or roller.er_forsker) and not roller.er_kog:
            yield self._what_may_be_taken_out(roller)

    def _what_may_be_taken_out(self, roller: Roller) -> Seksjon:
        """For those who evaluate and research: what they may load down, and whom to ask for the rest."""
        data = {"forsker": roller.er_forsker, "koordinatorer": whom_to_ask(roller.nettverk)[:2]}
        return Seksjon("nettverk/flater/uttrekk.html", data, 60)

    def oppstartssteg(self, roller: Roller) -> Iterable[Oppstartssteg]:
        yield from steg.own_steg(roller)

    def offentlig(self, nettverk: Nettverk) -> Iterable[Seksjon]:
        if prosjekter := list(nettverk.prosjekter.prefetch_related("noekkeltall", "summer")):
            yield Seksjon(
                "nettverk/_offentlig_prosjekter.html",
                {"prosjekter": [(p, grupper_tall(p)) for p in prosjekter]},
                85,
            )
        partnere = list(nettverk.partnere.gyldig())
        if partnere:
            data = {
                "partnere": partnere,
                "foerst": partnere[:_PARTNERE_FOERST],
                "flere": len(partnere) > _PARTNERE_FOERST or any(p.om for p in partnere),
            }
            yield Seksjon("nettverk/_offentlig_partnere.html", data, 80)
        if delinger := list(nettverk.delinger.all()):
            yield Seksjon("nettverk/_offentlig_delinger.html", {"delinger": delinger}, 90)

    @paa("kommuner.Enhet")
    def enhet(self, enhet: Enhet, side: Side) -> Iterable[Seksjon]:
        dato = side.dato
        grupper = Gruppe.objects.filter(nettverk=side.roller.nettverk, enhet=enhet).gyldig(dato)
        gruppe = grupper.utviklingsgrupper().first()
        if gruppe:
            gruppe.nettverk = side.roller.nettverk
        verv = list(gruppe.verv.gyldig(dato).in_order().select_related("person")) if gruppe else []
        mangler = gruppe.ledige_roller(v.rolle for v in verv) if gruppe else []
        data = {"gruppe": gruppe, "verv_list": verv, "ledige": mangler}
        yield Seksjon("nettverk/_enhet_gruppe.html", data, 10)

    @paa("kommuner.Kommune")
    def kommune(self, kommune: Kommune, side: Side) -> Iterable[Seksjon]:
        verv = (
            Verv.objects.filter(gruppe__nettverk=side.roller.nettverk, representerer=kommune)
            .gyldig(side.dato)
            .select_related("person", "gruppe")
            .order_by("gruppe__rekkefolge", "gruppe__sortering", "person__sortering")
        )
        yield Seksjon("nettverk/_kommune_verv.html", {"verv_list": list(verv)}, 10)

    def sok(self, roller: Roller, q: str) -> Iterable[Treffgruppe]:
        yield from treff.find(roller, q)

    def snarveier(self, roller: Roller) -> Iterable[Treff]:
        if roller.enheter:
            yield from treff.own_units(roller)

    def handlinger(self, roller: Roller, ting: Model | None) -> Iterable[Handling]:
        if ting is None and kan(roller.person, "nettverk.import_enheter", roller.nettverk):
            url = reverse("nettverk:enhetsimport", args=[roller.nettverk.slug])
            yield Handling(_("Last opp enheter"), url, "last-opp")
        if ting is None and kan(roller.person, "nettverk.import_folk", roller.nettverk):
            url = reverse("nettverk:folkeimport", args=[roller.nettverk.slug])
            yield Handling(_("Legg inn folk fra en liste"), url, "last-opp")
            url = reverse("nettverk:inviter", args=[roller.nettverk.slug])
            yield Handling(_("Inviter folk"), url, "post")

    def kapitler(self, nettverk: Nettverk, aar: int) -> Iterable[Blokk]:
        yield Blokk(
            "nettverket",
            _("Nettverket og kommunene"),
            partial(aarsrapportkapitler.nettverket, nettverk, aar),
            _("Hva er nettverket til for, og hva har endret seg siden i fjor?"),
        )
        yield Blokk(
            "organisering",
            _("Forankring og organisering"),
            partial(aarsrapportkapitler.organisering, nettverk, aar),
            _(
                "Hvordan er arbeidet forankret hos eierne, og hvordan har gruppene arbeidet dette året?"
            ),
        )
        yield Blokk(
            "spredning",
            _("Spredning og overføringsverdi"),
            partial(aarsrapportkapitler.spredning, nettverk, aar),
            _("Hvem utenfor nettverket har fått nytte av arbeidet, og hva kan andre bruke?"),
        )

    def overta(self, overtakelser: Sequence[Overtakelse], *, by: Person | None) -> None:
        """Nobody is waited for, or written to, who has nothing left in the network."""
        nettverk = {o.verv.gruppe.nettverk_id: o.verv.gruppe.nettverk for o in overtakelser}
        for pk, ett in nettverk.items():
            personer = {o.verv.person_id for o in overtakelser if o.verv.gruppe.nettverk_id == pk}
            close_unanswered(ett, personer)

    def lagret(self, nettverk: Nettverk) -> int:
        return enhetsimport.stored(nettverk) + omslag.stored(nettverk)

    def rydd(self, naa: datetime.datetime) -> dict[str, int]:
        """Old jobs with their files, sessions nobody can use, imports nobody confirmed, the security log,
        halves of files, links of the red thread to what is deleted."""
        return {
            "jobber": gamle_jobber.purge_old(naa),
            "okter": purge_sessions(),
            "enhetsimporter": enhetsimport.purge_old(naa),
            "kommuneimporter": kommuneimport.purge(naa),
            "folkeimporter": folkeimport.purge_old(naa),
            "brev": brev.purge(naa),
            "sikkerhetshendelser": logg.purge(naa),
            "tellere": grenser.purge(naa),
            "halve_filer": lager.purge_unfinished(naa),
            "koblinger": koblinger.purge(),
            "engangsnoekler": engang.purge(naa),
        }

    def faste_brev(self, nettverk: Nettverk, naa: datetime.datetime) -> int:
        """The letter of the week."""
        return nyheter.send_weekly(nettverk, naa)

    def nyheter(self, roller: Roller, nyhetene: Sequence[Nyhet]) -> Iterable[Nyhet]:
        """What is about the network itself is for every member."""
        her = gjelder(roller.nettverk)
        return [nyhet for nyhet in nyhetene if nyhet.gjelder == her]

    def lukk_konto(self, person: Person) -> None:
        """Phone, language, views of lists and letters not sent go, the phone from the history too. Name and
        Verv belong to the groups. Networks that wait for an answer get a no."""
        for ubesvart in unanswered_by(person):
            decline(ubesvart)
        brev.withdraw(Brev.objects.filter(til=person))
        listevisninger.forget_all(person)
        brevvalg.forget_all(person)
        person.telefon = ""
        person.spraak = ""
        person.save(update_fields=["telefon", "spraak"])
        apps.get_model("nettverk", "PersonEvent").objects.filter(pgh_obj=person).update(telefon="")
