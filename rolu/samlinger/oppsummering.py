"""The summary that follows a gathering: made from its parts as PDF and Word, published to the members."""

from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from nettverk.arbeid.gjelder import find, gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.filer.lager import all_or_nothing
from nettverk.filer.pdf import pdf_name, render_counted
from nettverk.models import Jobb, Nettverk, Person
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Oppsummering, Oppsummeringsblokk, Samling
from rolu.samlinger import blokker, etterbrev
from rolu.samlinger.blokkinnhold import Dokument, for_print, keep, read
from rolu.samlinger.dokumentfil import write_word
from rolu.samlinger.tilstand import hold, require_unlocked, writing

Slag = Oppsummeringsblokk.Slag
SLAG = "rolu.oppsummering"
# What everybody reads is not to be longer; the appendices come after.
MAKS_SIDER = 4


def order(samling: Samling, *, by: Person) -> Jobb:
    """Ask for the summary; a worker makes it. The one already under way when there is one. The parts are made
    ready first, where they are not."""
    blokker.require_summary(samling)
    require_unlocked(samling)
    blokker.make_ready(samling)
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
    """The work itself: the parts as they stand, as PDF and as Word; in the network's written form, whoever
    asked. Nothing is kept when it is locked meanwhile, or the parts are others than those it was made of. Safe
    to run twice."""
    samling = find(arbeid.jobb.gjelder)
    if not isinstance(samling, Samling):
        raise JobbFeil(_("Samlingen finnes ikke lenger."))
    nettverk = samling.nettverk
    arbeid.report(10, _("Samler delene av oppsummeringen"))
    innhold = keep(blokker.of(samling))
    dokument = read(innhold, nettverk)
    arbeid.report(30, _("Setter opp PDF-en"), straks=True)
    with override(nettverk.maalform):
        felles = pdf_context(nettverk, title(samling), samling.tema, dokument)
        pdf = render_counted("rolu/pdf/oppsummering.html", felles)
        navn = pdf_name(_("oppsummering"), samling.tittel, samling.dato.isoformat())
        arbeid.report(75, _("Skriver Word-dokumentet"), straks=True)
        word = write_word(dokument, felles["tittel"], nettverk, under=samling.tema)
    arbeid.report(95, _("Lagrer"), straks=True)
    arbeid.resultat = (navn, pdf.innhold)
    arbeid.data = {"sider": pdf.sider, "hoveddel": pdf.plass.get("vedlegg", pdf.sider + 1) - 1}
    with writing(samling) as naa, arbeid.writing(), all_or_nothing():
        if keep(blokker.of(naa)) != innhold:
            raise JobbFeil(_("Noe ble endret mens filene ble laget. Prøv igjen."))
        rad, _ny = Oppsummering.objects.select_for_update(of=["self"]).get_or_create(
            samling=samling
        )
        gammel = rad.word.name
        rad.word.save(as_word(navn), ContentFile(word), save=False)
        rad.jobb, rad.innhold = arbeid.jobb, innhold
        rad.save(update_fields=["jobb", "innhold", "word"])
        _forget(rad.word, gammel)


def title(samling: Samling) -> str:
    """What the document is called, in the language that is active."""
    return _("Oppsummering av «%(tittel)s»") % {"tittel": samling.tittel}


def as_word(navn: str) -> str:
    """The name of the same document as Word."""
    return f"{navn.removesuffix('.pdf')}.docx"


def pdf_context(
    nettverk: Nettverk, tittel: str, undertittel: str, dokument: Dokument
) -> dict[str, Any]:
    """What the template and its base need."""
    return {
        "nettverk": nettverk,
        "tittel": tittel,
        "undertittel": undertittel,
        "dokument": for_print(dokument),
    }


def _forget(fil: FieldFile, gammel: str | None) -> None:
    """The file that another has taken the place of goes, when the row is written."""
    if gammel and gammel != fil.name:
        transaction.on_commit(lambda: fil.storage.delete(gammel))


# --- the names in it

# The parts that list people by name, and what of their data does.
MED_NAVN = (Slag.FRAVAER, Slag.DELTAKERE)
_NAVN = ("folk", "personer")


def with_name_in(person: Person) -> list[tuple[str, str]]:
    """The title of each gathering and the part of its summary where the person stands by name: in the parts as
    they are now, in what was made of them, or in what the members read. Each once. Two queries."""
    her: dict[tuple[int, str], tuple[Any, str, str]] = {}
    deler = Oppsummeringsblokk.objects.filter(data__personer__contains=[person.pk])
    for blokk in deler.select_related("samling"):
        her[blokk.samling_id, blokk.slag] = (blokk.samling.start, blokk.samling.tittel, blokk.slag)
    navngitt = [{"data": {"personer": [person.pk]}}]
    for rad in Oppsummering.objects.filter(
        Q(innhold__contains=navngitt) | Q(publisert_innhold__contains=navngitt)
    ).select_related("samling"):
        for del_ in [*(rad.innhold or []), *(rad.publisert_innhold or [])]:
            if person.pk in del_["data"].get("personer", []):
                slag = del_["slag"]
                her[rad.samling_id, slag] = (rad.samling.start, rad.samling.tittel, slag)
    return [(tittel, slag) for _start, tittel, slag in sorted(her.values())]


def has_names() -> Q:
    """Of gatherings: that there are lists of names in their summary."""
    deler = Oppsummeringsblokk.objects.filter(slag__in=MED_NAVN, data__has_key="personer")
    liste: list[Any] = [{"data": {"personer": []}}]
    laget = Oppsummering.objects.filter(
        Q(innhold__contains=liste) | Q(publisert_innhold__contains=liste)
    )
    return Q(pk__in=deler.values("samling")) | Q(pk__in=laget.values("samling"))


@transaction.atomic
@all_or_nothing()
def forget_names(samling: Samling) -> None:
    """Clear the lists of names from the parts and from what was made of them. What the members read is made
    anew without them, as the same edition; a Word file nobody has published goes. Twice changes nothing."""
    hold(samling)
    deler = Oppsummeringsblokk.objects.filter(samling=samling, slag__in=MED_NAVN)
    for blokk in deler.filter(data__has_key="personer"):
        blokk.data = _unnamed(blokk.data)
        blokk.save(update_fields=["data"])
    rad = Oppsummering.objects.select_for_update(of=["self"]).filter(samling=samling).first()
    if rad is None:
        return
    gamle = []
    if rad.innhold and _has_names(rad.innhold):
        rad.innhold = _without_names(rad.innhold)
        gamle.append((rad.word, rad.word.name))
        rad.word.name = ""
    if rad.publisert_innhold and _has_names(rad.publisert_innhold):
        rad.publisert_innhold = _without_names(rad.publisert_innhold)
        gamle += [(fil, fil.name) for fil in (rad.fil, rad.publisert_word)]
        _make_published_again(rad, samling)
    rad.save(update_fields=["innhold", "word", "publisert_innhold", "fil", "publisert_word"])
    for fil, gammel in gamle:
        _forget(fil, gammel)


def _unnamed(data: dict[str, Any]) -> dict[str, Any]:
    return {hva: verdi for hva, verdi in data.items() if hva not in _NAVN}


def _has_names(innhold: list[dict[str, Any]]) -> bool:
    return any("personer" in del_["data"] for del_ in innhold)


def _without_names(innhold: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**del_, "data": _unnamed(del_["data"])} if del_["slag"] in MED_NAVN else del_
        for del_ in innhold
    ]


def _make_published_again(rad: Oppsummering, samling: Samling) -> None:
    nettverk = samling.nettverk
    dokument = read(rad.publisert_innhold or [], nettverk)
    with override(nettverk.maalform):
        felles = pdf_context(nettverk, title(samling), samling.tema, dokument)
        navn = pdf_name(_("oppsummering"), samling.tittel, samling.dato.isoformat())
        pdf = render_counted("rolu/pdf/oppsummering.html", felles).innhold
        word = write_word(dokument, felles["tittel"], nettverk, under=samling.tema)
    rad.fil.save(navn, ContentFile(pdf), save=False)
    rad.publisert_word.save(as_word(navn), ContentFile(word), save=False)


# --- publish


@dataclass(frozen=True)
class Publisering:
    """The summary as the members read it now, and how many letters were written about it."""

    oppsummering: Oppsummering
    brev: int


def is_changed(rad: Oppsummering) -> bool:
    """What was made last is other than what the members read, or they read nothing yet."""
    return rad.publisert is None or (rad.innhold or []) != (rad.publisert_innhold or [])


def next_edition(rad: Oppsummering) -> int:
    """The edition that the members read when what was made last is published."""
    return rad.utgave + 1 if is_changed(rad) else rad.utgave


@transaction.atomic
@all_or_nothing()
def publish(samling: Samling, *, jobb: int | None, by: Person, varsle: bool = False) -> Publisering:
    """Let the members read the version that `jobb` made: the one the coordinator had looked at. With `varsle`
    everybody invited gets a letter about it, each once for each edition (`etterbrev`).

    Keeps a copy of its own, which neither a newer draft nor the clearing of old jobs touches. Raises KanIkke
    when there is none, when there is a newer one or something is changed since, and before it is over.
    """
    with writing(samling) as naa:
        rad = _require_made(naa, _rows(naa).select_for_update(of=["self"]).first(), jobb)
        if is_changed(rad):
            _copy(rad)
        brev = etterbrev.queue(naa, rad, by=by) if varsle else 0
        return Publisering(rad, brev)


def require_ready(samling: Samling) -> None:
    """Raises KanIkke when what was made last cannot be published now."""
    require_unlocked(samling)
    rad = _rows(samling).first()
    _require_made(samling, rad, rad.jobb_id if rad else None)


def _rows(samling: Samling) -> QuerySet[Oppsummering]:
    return Oppsummering.objects.filter(samling=samling).select_related("jobb")


def _require_made(samling: Samling, rad: Oppsummering | None, jobb: int | None) -> Oppsummering:
    """The summary, when what `jobb` made may be published."""
    if jobb is None or rad is None or rad.jobb is None:
        raise KanIkke(_("Oppsummeringen er ikke laget ennå."))
    if rad.jobb.status != Jobb.Status.FERDIG or not rad.jobb.resultat:
        raise KanIkke(_("Oppsummeringen er ikke laget ennå."))
    if rad.jobb.pk != jobb:
        raise KanIkke(_("Det er laget en nyere oppsummering. Se over den nye først."))
    if samling.er_avlyst or not samling.er_over:
        raise KanIkke(_("Oppsummeringen kan deles når samlingen er over."))
    if keep(blokker.of(samling)) != (rad.innhold or []):
        raise KanIkke(
            _(
                "Noe er endret etter at PDF-en ble laget. Lag PDF og Word på nytt, og se over filene."
            )
        )
    return rad


def _copy(rad: Oppsummering) -> None:
    gamle = rad.fil.name, rad.publisert_word.name
    if rad.jobb:
        with rad.jobb.resultat.open("rb") as innhold:
            rad.fil.save(rad.jobb.filnavn, ContentFile(innhold.read()), save=False)
    if rad.word:
        with rad.word.open("rb") as innhold:
            navn = as_word(rad.jobb.filnavn if rad.jobb else "oppsummering.pdf")
            rad.publisert_word.save(navn, ContentFile(innhold.read()), save=False)
    rad.publisert_innhold = rad.innhold
    rad.publisert = timezone.now()
    rad.utgave += 1
    rad.save(update_fields=["fil", "publisert_word", "publisert_innhold", "publisert", "utgave"])
    for fil, gammel in zip((rad.fil, rad.publisert_word), gamle, strict=True):
        _forget(fil, gammel)
