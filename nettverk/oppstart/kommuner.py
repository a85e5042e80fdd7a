"""All of Norway's kommuner into the portal: from SSB or from files, shown before they are written."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from kommuner.kommuneimport.inndeling import Inndelingskilde
from kommuner.kommuneimport.klass import IkkeSvar, fetch
from kommuner.kommuneimport.skriving import Inndelingsforskjell, compare, write
from kommuner.models import Kommune
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.models import Jobb, Kommuneimport, Person

HENT = "nettverk.hent_kommuner"
# The same for whoever asks: one is fetched at a time.
_GJELDER = "kommuner"
BEHOLDES = datetime.timedelta(days=30)
Status = Kommuneimport.Status


@transaction.atomic
def fetch_from_ssb(*, by: Person) -> Kommuneimport:
    """Ask a worker to fetch the division from SSB; the one being fetched, when there is one.

    What stopped without an answer (the worker died) stands in nobody's way.
    """
    Kommuneimport.objects.filter(status=Status.VENTER).exclude(
        jobb__in=Jobb.objects.active()
    ).update(status=Status.FEILET, avsluttet=timezone.now())
    # Of two who press at once the second waits here, and gets the first one's job.
    jobb = order_jobb(nettverk=None, slag=HENT, gjelder=_GJELDER, by=by)
    hentes = Kommuneimport.objects.filter(jobb=jobb, status=Status.VENTER).first()
    return hentes or Kommuneimport.objects.create(kilde="SSB", bestilt_av=by, jobb=jobb)


def keep(kilde: Inndelingskilde, *, navn: str, by: Person) -> Kommuneimport:
    """What was read from the files called `navn`, to be looked at before it is written."""
    return Kommuneimport.objects.create(
        kilde=navn[:320], status=Status.LEST, innhold=kilde.as_json(), bestilt_av=by
    )


def waiting() -> Kommuneimport | None:
    """The newest that nobody has confirmed or discarded."""
    venter = Kommuneimport.objects.filter(status__in=[Status.VENTER, Status.LEST])
    return venter.defer("innhold").first()


def preview(rad: Kommuneimport) -> Inndelingsforskjell:
    """What confirming it would change now."""
    return compare(Inndelingskilde.from_json(rad.innhold or {}))


@transaction.atomic
def confirm(rad: Kommuneimport) -> Kommuneimport:
    """Write what the preview showed. Twice changes nothing."""
    rad = Kommuneimport.objects.select_for_update().get(pk=rad.pk)
    if rad.status != Status.LEST:
        return rad
    forskjell = write(Inndelingskilde.from_json(rad.innhold or {}))
    rad.resultat = {
        "nye": len(forskjell.nye),
        "endrede": len(forskjell.endrede),
        "skifter": len(forskjell.nye_skifter),
    }
    return _end(rad, Status.FERDIG)


@transaction.atomic
def discard(rad: Kommuneimport) -> Kommuneimport:
    """Throw the preview away, or what is fetched or failed. What is written cannot be discarded."""
    # The job is held before the row, as the worker does. Without it the worker stops, and writes nothing.
    if rad.jobb_id is not None:
        for jobb in Jobb.objects.active().select_for_update().filter(pk=rad.jobb_id):
            jobb.delete()
    rad = Kommuneimport.objects.select_for_update().get(pk=rad.pk)
    kan = {Status.VENTER, Status.LEST, Status.FEILET}
    return _end(rad, Status.FORKASTET) if rad.status in kan else rad


def purge(naa: datetime.datetime) -> int:
    """Discard what nobody confirmed within a month; how many. Safe to run twice."""
    venter = Kommuneimport.objects.filter(
        bestilt__lt=naa - BEHOLDES, status__in=[Status.VENTER, Status.LEST]
    )
    return len([discard(rad) for rad in venter])


def _end(rad: Kommuneimport, status: str) -> Kommuneimport:
    rad.status, rad.innhold, rad.avsluttet = status, None, timezone.now()
    rad.save(update_fields=["status", "innhold", "resultat", "avsluttet"])
    return rad


@jobbslag(HENT, tillatelse="")
def read(arbeid: Arbeid) -> None:
    """Fetch it, and let it wait for somebody to look at it."""
    rad = Kommuneimport.objects.filter(jobb=arbeid.jobb, status=Status.VENTER).first()
    if rad is None:
        return
    # Until the first day of the year after next: what is decided for the new year comes with it.
    til = datetime.date(idag().year + 2, 1, 1)
    try:
        kilde = fetch(
            til=til, report=lambda prosent, tekst: arbeid.report(prosent, tekst, straks=True)
        )
    except IkkeSvar as feil:
        with arbeid.writing():
            _end(rad, Status.FEILET)
        raise JobbFeil(str(feil)) from feil
    with arbeid.writing():
        rad.status, rad.innhold = Status.LEST, kilde.as_json()
        rad.save(update_fields=["status", "innhold"])
    arbeid.data["melding"] = _("Kommunene er hentet.")


@dataclass(frozen=True)
class Kjent:
    """How much of Norway the portal knows."""

    antall: int
    sist: Kommuneimport | None

    @property
    def hele_landet(self) -> bool:
        """No division since 2017 had fewer; three networks alone know some forty."""
        return self.antall > 300


def known() -> Kjent:
    """What the portal knows today, and when it was last read. Two queries."""
    sist = Kommuneimport.objects.filter(status=Status.FERDIG).defer("innhold").first()
    return Kjent(Kommune.objects.gyldig().count(), sist)
