"""The summary that follows a gathering: gather the figures, make the PDF, publish it to the members."""

import datetime
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from nettverk.arbeid.gjelder import find, gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.filer.lager import all_or_nothing
from nettverk.filer.pdf import pdf_name, render_pdf
from nettverk.models import Gruppe, Jobb, Person, Rolle
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse, Oppdrag, Oppsummering, Programpost, Samling

SLAG = "rolu.oppsummering"


@dataclass(frozen=True)
class Programresultat:
    """An agenda item with what came of it."""

    start: datetime.datetime
    slutt: datetime.datetime
    tittel: str
    arbeidsform: str
    leder: str
    rom: str
    beskrivelse: str
    notat: str
    vedtak: str


@dataclass(frozen=True)
class Tall:
    """How many people of one kind were expected and met."""

    navn: str
    inviterte: int
    paameldte: int
    moett: int


@dataclass(frozen=True)
class Enhetsoppmoete:
    """A unit whose group was invited, and how many of it met."""

    enhet: str
    kommune: str
    moett: int


@dataclass(frozen=True)
class GittOppdrag:
    tittel: str
    tekst: str
    frist: datetime.date
    laeringsloype: str
    farge: str = ""
    tegn: str = ""


@dataclass(frozen=True)
class Oppsummeringsdata:
    """Everything the summary says, as plain data."""

    tittel: str
    tema: str
    type: str
    sted: str
    start: datetime.datetime
    slutt: datetime.datetime
    om: str
    totalt: Tall
    program: list[Programresultat] = field(default_factory=list)
    per_kommune: list[Tall] = field(default_factory=list)
    per_rolle: list[Tall] = field(default_factory=list)
    enheter_moett: list[Enhetsoppmoete] = field(default_factory=list)
    enheter_ikke_moett: list[Enhetsoppmoete] = field(default_factory=list)
    oppdrag: list[GittOppdrag] = field(default_factory=list)

    @property
    def vedtak(self) -> list[Programresultat]:
        """The items in which something was decided."""
        return [post for post in self.program if post.vedtak]

    @property
    def antall_enheter(self) -> int:
        return len(self.enheter_moett) + len(self.enheter_ikke_moett)


def collect(samling: Samling) -> Oppsummeringsdata:
    """The figures and texts of a gathering, as they stand now. Plain data; seven queries."""
    deltakelser = Deltakelse.objects.filter(samling=samling)
    totalt = deltakelser.totals()
    moett, ikke_moett = _enheter(samling)
    har_loyper = samling.nettverk.uses("laeringsloyper")
    return Oppsummeringsdata(
        tittel=samling.tittel,
        tema=samling.tema,
        type=samling.get_type_display(),
        sted=samling.sted,
        start=timezone.localtime(samling.start),
        slutt=timezone.localtime(samling.slutt),
        om=samling.om,
        totalt=Tall(_("Alle"), totalt["inviterte"], totalt["paameldte"], totalt["moett_antall"]),
        program=[_post(post) for post in samling.programposter.all()],
        per_kommune=[
            Tall(
                rad["kommune__navn"] or _("Uten kommune"),
                rad["inviterte"],
                rad["paameldte"],
                rad["moett_antall"],
            )
            for rad in deltakelser.per_kommune()
        ],
        per_rolle=_per_rolle(samling),
        enheter_moett=moett,
        enheter_ikke_moett=ikke_moett,
        oppdrag=[
            _oppdrag(o, har_loyper=har_loyper)
            for o in Oppdrag.objects.filter(samling=samling)
            .select_related("laeringsloype")
            .order_by("frist", "pk")
        ]
        if samling.nettverk.uses("mellomarbeid")
        else [],
    )


def _oppdrag(o: Oppdrag, *, har_loyper: bool) -> GittOppdrag:
    loype = o.laeringsloype if har_loyper else None
    if loype is None:
        return GittOppdrag(o.tittel, o.tekst, o.frist, "")
    return GittOppdrag(o.tittel, o.tekst, o.frist, loype.navn, loype.farge, loype.tegn)


def _post(post: Programpost) -> Programresultat:
    return Programresultat(
        timezone.localtime(post.start),
        timezone.localtime(post.slutt),
        post.tittel,
        post.get_arbeidsform_display(),
        post.leder,
        post.rom,
        post.beskrivelse,
        post.notat.strip(),
        post.vedtak.strip(),
    )


def _per_rolle(samling: Samling) -> list[Tall]:
    """By the role in which they came, in the order of the roles."""
    rader = Deltakelse.objects.filter(samling=samling).per_rolle()
    rang = {rolle: nr for nr, rolle in enumerate(Rolle.values)}
    return [
        Tall(
            samling.nettverk.rollenavn(rad["verv__rolle"]),
            rad["inviterte"],
            rad["paameldte"],
            rad["moett_antall"],
        )
        for rad in sorted(rader, key=lambda rad: rang[rad["verv__rolle"]])
    ]


def _enheter(samling: Samling) -> tuple[list[Enhetsoppmoete], list[Enhetsoppmoete]]:
    """The units that were invited: those of which somebody met, and the others."""
    gruppe = "verv__gruppe"
    rader = (
        Deltakelse.objects.filter(
            samling=samling,
            verv__gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE,
            verv__gruppe__enhet__isnull=False,
        )
        .values(
            f"{gruppe}__enhet",
            f"{gruppe}__enhet__navn",
            f"{gruppe}__enhet__visningsnavn",
            f"{gruppe}__enhet__sortering",
        )
        .annotate(
            kommune_navn=Max("kommune__navn"),
            kommune_sortering=Max("kommune__sortering"),
            antall=Count("verv__person", distinct=True, filter=Q(moett__isnull=False)),
        )
        .order_by("kommune_sortering", f"{gruppe}__enhet__sortering", f"{gruppe}__enhet")
    )
    alle = [
        Enhetsoppmoete(
            rad[f"{gruppe}__enhet__visningsnavn"] or rad[f"{gruppe}__enhet__navn"],
            rad["kommune_navn"] or "",
            rad["antall"],
        )
        for rad in rader
    ]
    return [e for e in alle if e.moett], [e for e in alle if not e.moett]


def order(samling: Samling, *, by: Person) -> Jobb:
    """Ask for the summary; a worker makes it. The one already under way when there is one."""
    if samling.er_utkast or samling.er_avlyst:
        raise KanIkke(_("Bare en publisert samling kan oppsummeres."))
    return order_jobb(nettverk=samling.nettverk, slag=SLAG, gjelder=gjelder(samling), by=by)


def latest_job(samling: Samling) -> Jobb | None:
    """The newest job, finished or not."""
    return Jobb.objects.filter(
        nettverk=samling.nettverk, slag=SLAG, gjelder=gjelder(samling)
    ).first()


@jobbslag(
    SLAG,
    tillatelse="rolu.view_oppsummering_pdf",
    bestill_tillatelse="rolu.order_oppsummering_pdf",
)
def make(arbeid: Arbeid) -> None:
    """The work itself: gather, draw, keep; in the network's written form, whoever asked. Safe to run twice."""
    samling = find(arbeid.jobb.gjelder)
    if not isinstance(samling, Samling):
        raise JobbFeil(_("Samlingen finnes ikke lenger."))
    arbeid.report(10, _("Samler program, notater og oppmøte"))
    with override(samling.nettverk.maalform):
        data = collect(samling)
    arbeid.report(35, _("Setter opp dokumentet"))
    with override(samling.nettverk.maalform):
        pdf = render_pdf("rolu/pdf/oppsummering.html", pdf_context(samling, data))
        navn = pdf_name(_("oppsummering"), samling.tittel, samling.dato.isoformat())
    arbeid.report(95, _("Lagrer"))
    arbeid.resultat = (navn, pdf)
    arbeid.data = {"moett": data.totalt.moett}
    Oppsummering.objects.update_or_create(samling=samling, defaults={"jobb": arbeid.jobb})


def pdf_context(samling: Samling, data: Oppsummeringsdata) -> dict:
    """What the template and its base need."""
    return {
        "nettverk": samling.nettverk,
        "tittel": _("Oppsummering av «%(tittel)s»") % {"tittel": data.tittel},
        "undertittel": data.tema,
        "data": data,
    }


@transaction.atomic
@all_or_nothing()
def publish(samling: Samling, *, jobb: int | None) -> Oppsummering:
    """Let the members read the version that `jobb` made: the one the coordinator had looked at.
    Raises KanIkke when there is none, or a newer one.

    Keeps a copy of its own, which neither a newer draft nor the clearing of old jobs touches.
    """
    rad = (
        Oppsummering.objects.select_for_update(of=["self"])
        .select_related("jobb")
        .filter(samling=samling)
        .first()
    )
    if jobb is None or rad is None or rad.jobb is None:
        raise KanIkke(_("Oppsummeringen er ikke laget ennå."))
    if rad.jobb.status != Jobb.Status.FERDIG or not rad.jobb.resultat:
        raise KanIkke(_("Oppsummeringen er ikke laget ennå."))
    if rad.jobb.pk != jobb:
        raise KanIkke(_("Det er laget en nyere oppsummering. Se over den nye først."))
    gammel = rad.fil.name if rad.fil else ""
    with rad.jobb.resultat.open("rb") as innhold:
        rad.fil.save(rad.jobb.filnavn, ContentFile(innhold.read()), save=False)
    rad.publisert = timezone.now()
    rad.save(update_fields=["fil", "publisert"])
    if gammel:
        transaction.on_commit(lambda: rad.fil.storage.delete(gammel))
    return rad
