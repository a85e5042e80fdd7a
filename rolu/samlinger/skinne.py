"""What stands at the side of every page of a gathering: the person's own answer, and the one thing to do
next."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from nettverk.models import Gruppe
from nettverk.tilgang.roller import Roller
from nettverk.tilgang.tillatelser import kan
from rolu.models import Deltakelse, Gjest, Gruppetall, Oppdrag, Programpost, Samling
from rolu.models.deltakelse import persons, sees_all
from rolu.samlinger.oppmoete import counted_already
from rolu.samlinger.paamelding import must_answer, substitutes_of
from rolu.samlinger.programplan import how_full
from rolu.samlinger.svar import coming, see_missing
from rolu.samlinger.tilstandslinje import change_step

# A search that finds a place by the name people use; no key, and nothing of the portal goes along.
KART = "https://www.openstreetmap.org/search"


@dataclass(frozen=True)
class Ledersvar:
    """How a group that the person leads has answered: of its members; who comes in somebody's place is told
    beside."""

    gruppe: Gruppe
    kommer: int
    alle: int
    ubesvart: int
    moett: int
    venter: int = 0
    varaer: int = 0


@dataclass(frozen=True)
class Steg:
    """The one next thing, and why."""

    knapp: str
    url: str
    ikon: str = "pil"
    tekst: str = ""

    @property
    def adresse(self) -> str:
        """The page, whatever is asked of it and wherever on it."""
        return self.url.partition("#")[0].partition("?")[0]


@dataclass(frozen=True)
class Skinne:
    kart_url: str
    kalender_url: str = ""
    egne: list[Any] = field(default_factory=list)
    grupper: list[Ledersvar] = field(default_factory=list)
    varaer: list[Gjest] = field(default_factory=list)
    i_tillegg: list[str] = field(default_factory=list)
    maa_svare: bool = False
    steg: Steg | None = None

    @property
    def var_der(self) -> bool:
        """Somebody of the groups that the person leads is registered as having come."""
        return any(g.moett for g in self.grupper)

    @property
    def eget(self) -> Any | None:
        """The own place that still holds, in a group that nobody answers for as a whole."""
        gjelder = [d for d in self.egne if not d.vervet_er_slutt]
        return gjelder[0] if gjelder and not self.grupper else None


def with_counts(samlinger: QuerySet[Samling], roller: Roller) -> QuerySet[Samling]:
    """Adds `antall_poster`, `antall_oppdrag`, and the people one may see: `inviterte`, `paameldte`,
    `avmeldte`, `ubesvarte`, `ventende`, and `moett_antall` who came; and those besides them
    (`rolu.samlinger.oppmoete.counted_already`)."""
    synlige = Deltakelse.objects.visible_to(roller).with_svar()
    gjester, tall = Gjest.objects.visible_to(roller), Gruppetall.objects.visible_to(roller)
    return samlinger.annotate(
        antall_poster=_count(Programpost.objects.all()),
        antall_oppdrag=_count(Oppdrag.objects.visible_to(roller).asked()),
        inviterte=_count(synlige, persons()),
        paameldte=_count(synlige, persons(svar=Deltakelse.Status.PAAMELDT)),
        avmeldte=_count(synlige, persons(svar=Deltakelse.Status.AVMELDT)),
        ubesvarte=_count(synlige, persons(svar=Deltakelse.Status.INVITERT)),
        ventende=_count(synlige, persons(svar=Deltakelse.Status.VENTER)),
        gjester_antall=_count(gjester.filter(status=Gjest.Status.PAAMELDT)),
        gjester_venter=_count(gjester.filter(status=Gjest.Status.VENTER)),
        gjester_moett=_count(gjester.met()),
        elever=_count(tall.filter(hva=Gruppetall.Hva.ELEVER), Sum("antall")),
        foresatte=_count(tall.filter(hva=Gruppetall.Hva.FORESATTE), Sum("antall")),
        moett_antall=_count(synlige, persons(moett__isnull=False)),
    )


def _count(rader: QuerySet, antall: Any | None = None) -> Coalesce:
    per_samling = rader.filter(samling=OuterRef("pk")).order_by().values("samling")
    tall = per_samling.annotate(n=antall or Count("pk")).values("n")
    return Coalesce(Subquery(tall, output_field=IntegerField()), 0)


def rail(samling: Any, roller: Roller) -> Skinne:
    """The rail of a gathering that was fetched `with_counts`. One query, one more for who leads a group or
    has declined."""
    rader = [] if samling.er_utkast else list(_answers(samling, roller))
    egne = [d for d in rader if d.verv.person_id == roller.person.pk]
    for d in egne:
        d.vervet_er_slutt = not d.verv.er_gyldig(samling.dato)
    grupper = _groups(samling, roller, rader)
    maa_svare = must_answer(samling, [d for d in egne if not d.vervet_er_slutt]) or (
        samling.er_aapen_for_paamelding and any(g.ubesvart for g in grupper)
    )
    return Skinne(
        kart_url=_on_the_map(samling.sted),
        kalender_url=_url(samling, "samling_kalender") if samling.er_forestaaende else "",
        egne=egne,
        grupper=grupper,
        # Nobody knows of it but by this, when it is somebody else who has answered.
        varaer=[] if grupper or samling.er_avlyst else substitutes_of(egne),
        # Who leads a group sees the numbers of their own unit only.
        i_tillegg=[] if sees_all(roller) or not grupper else counted_already(samling).uten_navn,
        maa_svare=maa_svare,
        steg=next_step(samling, roller, maa_svare=maa_svare, grupper=grupper),
    )


_PAA_NETT = re.compile(
    r"\b(teams|zoom|google meet|meet\.google|digital\w*|nettmøte\w*|videomøte\w*|online)\b|https?:|www\.",
    re.IGNORECASE,
)


def _on_the_map(sted: str) -> str:
    """Where the place is looked up; nowhere for a meeting on the net."""
    return "" if _PAA_NETT.search(sted) else f"{KART}?{urlencode({'query': sted})}"


def _answers(samling: Samling, roller: Roller) -> Iterable[Deltakelse]:
    ledet = Q(
        verv__gruppe__enhet__in=roller.enheter_ledet,
        verv__gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE,
    )
    return (
        Deltakelse.objects.visible_to(roller)
        .filter(Q(verv__person=roller.person) | ledet, samling=samling)
        .select_related("verv__gruppe__enhet")
        .order_by("verv__gruppe__sortering", "pk")
    )


def _groups(samling: Samling, roller: Roller, rader: Iterable[Any]) -> list[Ledersvar]:
    per_gruppe: dict[Gruppe, list[Deltakelse]] = {}
    for d in rader:
        if d.verv.gruppe.enhet_id in roller.enheter_ledet and d.verv.er_gyldig(samling.dato):
            per_gruppe.setdefault(d.verv.gruppe, []).append(d)
    varaer = Counter(
        Gjest.objects.filter(samling=samling, gruppe__in=per_gruppe)
        .exclude(status=Gjest.Status.AVMELDT)
        .values_list("gruppe", "status")
        if per_gruppe
        else []
    )
    ja, venter = Deltakelse.Status.PAAMELDT, Deltakelse.Status.VENTER
    return [
        Ledersvar(
            gruppe,
            kommer=sum(d.status == ja for d in deltakelser),
            varaer=varaer[gruppe.pk, ja.value],
            alle=len(deltakelser),
            ubesvart=sum(d.status == Deltakelse.Status.INVITERT for d in deltakelser),
            moett=sum(d.moett is not None for d in deltakelser),
            venter=sum(d.status == venter for d in deltakelser) + varaer[gruppe.pk, venter.value],
        )
        for gruppe, deltakelser in per_gruppe.items()
    ]


def next_step(
    samling: Any, roller: Roller, *, maa_svare: bool, grupper: Collection[Ledersvar]
) -> Steg | None:
    """The one thing this person does next with the gathering; None when there is nothing."""
    if samling.er_avlyst:
        return None
    if kan(roller.person, "rolu.change_samling", samling):
        return _to_prepare(samling) if samling.er_utkast else _to_run(samling)
    if _runs(samling, roller) and (steg := _next_state(samling)):
        return steg
    if samling.er_i_dag and kan(roller.person, "rolu.change_innsjekk", samling):
        return _on_the_day(samling)
    if maa_svare:
        return _to_answer(samling, grupper)
    return _afterwards(samling) if samling.er_over else _before(samling, roller)


def _before(samling: Any, roller: Roller) -> Steg | None:
    """For somebody who has answered, or is not asked."""
    if samling.ubesvarte and roller.kommuner_ansvar and samling.er_aapen_for_paamelding:
        return _who_is_missing(samling)
    if kan(roller.person, "rolu.change_program", samling):
        return Steg(_("Gå gjennom programmet"), _url(samling, "samling_program"), "rediger")
    if samling.antall_poster:
        return Steg(_("Se programmet"), _url(samling, "samling_program"), "kalender")
    return None


def _to_prepare(samling: Any) -> Steg:
    if not samling.antall_poster:
        url = _url(samling, "samling_program") + "#ny"
        return Steg(_("Legg inn programmet"), url, "pluss")
    return Steg(
        _("Publiser og inviter"),
        _url(samling, "samling_publiser"),
        "del",
        f"{how_full(samling)} {_('Ingen har fått e-post ennå.')}",
    )


def _runs(samling: Samling, roller: Roller) -> bool:
    """Whether the person, who does not coordinate, starts and ends it."""
    holdes = samling.status in (Samling.Status.INVITERT, Samling.Status.PAAGAAR)
    return holdes and kan(roller.person, "rolu.run_samling", samling)


def _to_run(samling: Any) -> Steg:
    if samling.er_avsluttet:
        return _after_it(samling)
    if steg := _next_state(samling):
        return steg
    if samling.ubesvarte and samling.er_forestaaende:
        return _who_is_missing(samling)
    if not samling.inviterte:
        return Steg(_("Velg hvem samlingen er for"), _url(samling, "samling_mottakere"), "gruppe")
    return Steg(_("Se deltakerne"), _url(samling, "samling_deltakere"), "gruppe", coming(samling))


def _next_state(samling: Any) -> Steg | None:
    """To start it the day itself, to run it, and to end it when its time is out."""
    if samling.status == Samling.Status.PAAGAAR and not samling.er_over:
        return _on_the_day(samling)
    knapp = change_step(samling)
    return Steg(knapp.tekst, knapp.url) if knapp else None


def _on_the_day(samling: Samling) -> Steg:
    return Steg(
        _("På dagen"),
        _url(samling, "innsjekk"),
        "innsjekk",
        _("Innsjekk, klokka og notatet på én side."),
    )


def _who_is_missing(samling: Any) -> Steg:
    return Steg(
        see_missing(samling.ubesvarte),
        _url(samling, "samling_deltakere") + "?status=invitert",
        "gruppe",
        coming(samling),
    )


def _after_it(samling: Any) -> Steg:
    if not samling.har_oppsummering and not samling.er_laast:
        if samling.oppsummering_er_laget:
            return Steg(_("Se over og del"), _url(samling, "samling_oppsummering"), "del")
        return Steg(
            _("Lag oppsummeringen"),
            _url(samling, "samling_oppsummering"),
            "pdf",
            _(
                "Program, notater, beslutninger, oppmøte, det bordene skrev, og evalueringen samlet i én PDF."
            ),
        )
    if not (samling.antall_oppdrag or samling.er_laast) and samling.nettverk.uses("mellomarbeid"):
        return Steg(_("Gi et oppdrag"), _url(samling, "samling_oppdrag"), "oppdrag")
    if knapp := change_step(samling):
        return Steg(knapp.tekst, knapp.url)
    ny = reverse("rolu:samling_ny", args=[samling.nettverk.slug])
    return Steg(_("Ny samling etter denne"), f"{ny}?fra={samling.pk}", "pluss")


def _to_answer(samling: Samling, grupper: Collection[Ledersvar]) -> Steg | None:
    """A leader answers for the group. Who answers for oneself does it here, with yes or no."""
    if not grupper:
        return None
    return Steg(_("Meld på gruppa"), _url(samling, "paamelding"), "hake")


def _afterwards(samling: Any) -> Steg | None:
    if samling.har_oppsummering:
        return Steg(_("Les oppsummeringen"), _url(samling, "samling_oppsummering"), "pdf")
    if samling.antall_oppdrag and samling.nettverk.uses("mellomarbeid"):
        return Steg(_("Se oppdraget"), _url(samling, "samling_oppdrag"), "oppdrag")
    return None


def _url(samling: Samling, side: str) -> str:
    return reverse(f"rolu:{side}", args=[samling.nettverk.slug, samling.pk])
