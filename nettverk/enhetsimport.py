"""Units from a file into the register: uploaded, read, confirmed, written – in that order.

Reading and writing are background jobs. Each works in batches, and every batch is one transaction
(`Arbeid.writing`): a run that has lost its job to another stops there, and the run that takes over goes
on after the last batch that was written.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.core.files.base import File
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from kommuner.enhetsimport.aapning import open_kilde
from kommuner.enhetsimport.inndeling import Inndeling
from kommuner.enhetsimport.kilde import Kilde, LeseFeil, Raarad
from kommuner.enhetsimport.sammenligning import (
    Savnet,
    Utfall,
    Vurdering,
    assess,
    borte,
    moved_to_others,
)
from kommuner.enhetsimport.skriving import end, write
from kommuner.enhetsimport.tolking import Feil, Post, Rammer, Tolker
from kommuner.sortering import norsk_nokkel
from nettverk.arbeid.gjelder import gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.filer import kvote
from nettverk.filer.filnavn import file_name
from nettverk.filer.lager import all_or_nothing
from nettverk.models.enhetsimport import Enhetsimport, Importrad
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.register import others_periods
from nettverk.skriving.konflikt import KanIkke
from nettverk.utviklingsgrupper import ensure_utviklingsgrupper

LES, SKRIV = "nettverk.enhetsimport_les", "nettverk.enhetsimport_skriv"
BUNKE = 500
# What was never confirmed, and refused rows that nobody mended, go after this.
BEHOLDES = datetime.timedelta(days=30)

Status = Enhetsimport.Status
T = TypeVar("T")


# --- what the coordinator does


@transaction.atomic
@all_or_nothing()
def create(
    *,
    nettverk: Nettverk,
    fil: File,
    filnavn: str,
    per: datetime.date,
    aar: int,
    by: Person,
    type: str = "",  # noqa: A002
) -> Enhetsimport:
    """Keep the file, and ask a worker to read it. Raises IkkePlass when the network has no room for it."""
    kvote.claim(nettverk, fil.size)
    fil.name = filnavn = file_name(filnavn)
    rad = Enhetsimport.objects.create(
        nettverk=nettverk,
        fil=fil,
        bytes=fil.size,
        filnavn=filnavn,
        per=per,
        aar=aar,
        type=type,
        lastet_opp_av=by,
    )
    _ask(rad, LES, gjelder(rad), by)
    return rad


@transaction.atomic
def confirm(rad: Enhetsimport, *, by: Person, avslutt_i: Iterable[int] = ()) -> None:
    """Ask a worker to write what the preview showed. Raises KanIkke while another import is written.

    `avslutt_i` are the kommuner in which units that the file does not mention are ended.
    """
    rad = Enhetsimport.objects.select_for_update().get(pk=rad.pk)
    if rad.status != Status.LEST:
        return
    # One at a time in a network, so the thing it is about is the register, not this file.
    _ask(rad, SKRIV, gjelder(rad.nettverk), by)
    rad.status = Status.BEKREFTET
    rad.avslutt_i = sorted(avslutt_i)
    rad.save(update_fields=["status", "avslutt_i"])
    _forget_file(rad)


@transaction.atomic
def discard(rad: Enhetsimport) -> None:
    """Throw the file and the preview away. What is being written cannot be discarded."""
    rad = Enhetsimport.objects.select_for_update().get(pk=rad.pk)
    if rad.status not in {Status.VENTER, Status.LEST, Status.FEILET}:
        return
    rad.rader.all().delete()
    rad.status = Status.FORKASTET
    rad.avsluttet = timezone.now()
    rad.save(update_fields=["status", "avsluttet"])
    _forget_file(rad)


def stored(nettverk: Nettverk) -> int:
    """How many bytes of files wait to be read or confirmed."""
    ventende = Enhetsimport.objects.filter(nettverk=nettverk).exclude(fil="")
    return ventende.aggregate(sum=Sum("bytes"))["sum"] or 0


def purge_old(naa: datetime.datetime | None = None) -> int:
    """Discard what nobody confirmed, and let go of refused rows, after a month. Safe to run twice."""
    grense = (naa or timezone.now()) - BEHOLDES
    ventende = Enhetsimport.objects.filter(
        lastet_opp__lt=grense, status__in=[Status.VENTER, Status.LEST, Status.FEILET]
    )
    antall = 0
    for rad in ventende:
        discard(rad)
        antall += 1
    Importrad.objects.filter(
        enhetsimport__lastet_opp__lt=grense, enhetsimport__status=Status.FERDIG
    ).delete()
    return antall


def _ask(rad: Enhetsimport, slag: str, gjelder: str, by: Person) -> None:
    jobb = order_jobb(
        nettverk=rad.nettverk,
        slag=slag,
        gjelder=gjelder,
        by=by,
        parametre={"enhetsimport": rad.pk},
    )
    if jobb.parametre.get("enhetsimport") != rad.pk:
        raise KanIkke(
            _(
                "En annen import i nettverket blir lagret nå. Vent til den er ferdig, og bekreft igjen."
            )
        )
    rad.jobb = jobb
    rad.save(update_fields=["jobb"])


def _forget_file(rad: Enhetsimport) -> None:
    """The row forgets the file now; the file itself goes when that is certain."""
    lager, navn = rad.fil.storage, rad.fil.name
    if not navn:
        return
    rad.fil = ""
    rad.save(update_fields=["fil"])
    transaction.on_commit(lambda: lager.delete(navn))


# --- reading


@jobbslag(LES, tillatelse="nettverk.import_enheter")
def read(arbeid: Arbeid) -> None:
    """Read the file and compare it with the register. Writes nothing but the preview."""
    rad = _fetch(arbeid)
    if rad is None or rad.status != Status.VENTER:
        return
    arbeid.report(0, _("Åpner fila"))
    with arbeid.writing():
        rad.rader.all().delete()
    try:
        with rad.fil.open("rb") as fil:
            _Leser(arbeid, rad, open_kilde(fil)).run()
    except (LeseFeil, FileNotFoundError) as feil:
        grunn = str(feil) if isinstance(feil, LeseFeil) else _("Fila finnes ikke lenger.")
        with arbeid.writing():
            rad.rader.all().delete()
            rad.status, rad.feil, rad.avsluttet = Status.FEILET, grunn, timezone.now()
            rad.save(update_fields=["status", "feil", "avsluttet"])
            _forget_file(rad)
        raise JobbFeil(grunn) from feil


class _Leser:
    """One reading of one file: its rows in batches, then the units that it does not mention."""

    def __init__(self, arbeid: Arbeid, rad: Enhetsimport, kilde: Kilde) -> None:
        self.arbeid, self.rad, self.kilde = arbeid, rad, kilde
        self.rammer = _rammer(rad, har_antall_barn="antall_barn" in kilde.kjente.values())
        self.tolker = Tolker(self.rammer)
        self.utfall: Counter[str] = Counter()
        self.grunner: Counter[str] = Counter()
        self.typer: set[str] = {rad.type} if rad.type else set()
        self.enheter: dict[int, int] = {}
        self.numre: set[str] = set()
        self.uten_kommune = 0

    def run(self) -> None:
        lest = 0
        for bunke in _bunker(self.kilde.rader, BUNKE):
            self.arbeid.report(
                self._prosent(lest), _hvor_langt(_("Leser rad"), lest, self.kilde.antall)
            )
            with self.arbeid.writing():
                Importrad.objects.bulk_create(self._rader(bunke))
            lest += len(bunke)
        self.arbeid.report(98, _("Ser etter enheter som ikke står i fila"))
        with self.arbeid.writing():
            self._finish(lest)

    def _prosent(self, lest: int) -> int:
        return min(97, 97 * lest // self.kilde.antall) if self.kilde.antall else 0

    def _rader(self, bunke: list[Raarad]) -> list[Importrad]:
        tolket = [(raa, self.tolker.interpret(raa)) for raa in bunke]
        poster = [post for _raa, post in tolket if isinstance(post, Post)]
        vurderinger = {v.post.rad: v for v in assess(poster, self.rammer)}
        rader = []
        for raa, svar in tolket:
            if isinstance(svar, Post):
                rader.append(self._compared(raa, vurderinger[svar.rad]))
            else:
                rader.append(self._refused(raa, svar))
        return rader

    def _compared(self, raa: Raarad, v: Vurdering) -> Importrad:
        if v.enhet is not None:
            foer = self.enheter.setdefault(v.enhet.pk, raa.nummer)
            if foer != raa.nummer:
                grunn = _("Enheten står også i rad %(rad)s, med et annet nummer.") % {"rad": foer}
                return self._refused(raa, [Feil("organisasjonsnummer", "dobbelt", grunn)])
        if v.utfall is Utfall.AVVIST:
            rad = self._refused(raa, v.feil)
            if v.enhet is not None:  # another network's: the page offers to propose that it moves
                rad.data["flytt"] = {
                    "enhet": v.enhet.referanse,
                    "kommune": v.post.kommunenummer,
                }
            return rad
        self.typer.add(v.post.type)
        self.utfall[v.utfall] += 1
        if v.nye_plasseringer and v.nye_plasseringer[-1][2] is not None and v.enhet is None:
            self.uten_kommune += 1
        data: dict[str, Any] = {
            "post": v.post.as_json(),
            "kommunenavn": self.rammer.inndeling.per_id[v.post.kommune_id].navn,
        }
        if v.endringer:
            data["endringer"] = [[e.felt, e.foer, e.etter] for e in v.endringer]
        return self._rad(raa, v.utfall, v.post.navn, data)

    def _refused(self, raa: Raarad, feil: list[Feil]) -> Importrad:
        self.utfall[Utfall.AVVIST] += 1
        self.grunner[feil[0].kode] += 1
        # Closed in the register itself: then it is gone. For every other reason it is only not read.
        if feil[0].kode != "nedlagt":
            self.numre |= {
                raa.verdier.get(k, "").replace(" ", "") for k in ("organisasjonsnummer", "nsr_id")
            } - {""}
        data = {"feil": [[f.kolonne, f.grunn] for f in feil], "celler": raa.celler}
        rad = self._rad(raa, Utfall.AVVIST, raa.verdier.get("navn", ""), data)
        rad.grunn = feil[0].kode
        return rad

    def _rad(self, raa: Raarad, utfall: str, navn: str, data: dict[str, Any]) -> Importrad:
        return Importrad(
            enhetsimport=self.rad, nummer=raa.nummer, utfall=utfall, navn=navn[:200], data=data
        )

    def _finish(self, lest: int) -> None:
        savnet: list[Savnet] = []
        if (
            lest > self.utfall[Utfall.AVVIST]
        ):  # a file that says nothing tells nothing of who is gone
            savnet = borte(
                self.rammer,
                typer=self.typer,
                sette_enheter=set(self.enheter),
                sette_numre=self.numre,
            )
        self.utfall[Utfall.BORTE] = len(savnet)
        Importrad.objects.bulk_create(
            Importrad(
                enhetsimport=self.rad,
                utfall=Utfall.BORTE,
                navn=enhet.navn,
                data={
                    "enhet": enhet.enhet_id,
                    "kommune": enhet.kommune_id,
                    "kommunenavn": enhet.kommunenavn,
                    "referanse": enhet.referanse,
                },
            )
            for enhet in savnet
        )
        per_kommune = Counter((e.kommune_id, e.kommunenavn) for e in savnet)
        self.rad.oppsummering = {
            "slag": self.kilde.slag,
            "rader": lest,
            "utfall": dict(self.utfall),
            "grunner": dict(self.grunner),
            "overskrifter": self.kilde.overskrifter,
            "kolonner": sorted(self.kilde.kjente.values()),
            "ukjente": self.kilde.ukjente[:40],
            "typer": sorted(self.typer),
            "kapasitet_som_barn": not self.rammer.har_antall_barn
            and "kapasitet" in self.kilde.kjente.values(),
            "uten_kommune": self.uten_kommune,
            "borte_i": [
                [pk, navn, n]
                for (pk, navn), n in sorted(
                    per_kommune.items(), key=lambda par: norsk_nokkel(par[0][1])
                )
            ],
        }
        self.rad.status = Status.LEST
        self.rad.save(update_fields=["oppsummering", "status"])


# --- writing


@jobbslag(SKRIV, tillatelse="nettverk.import_enheter")
def write_confirmed(arbeid: Arbeid) -> None:
    """Write what was confirmed, in batches; rows that an earlier run wrote are left alone."""
    rad = _fetch(arbeid)
    if rad is None or rad.status != Status.BEKREFTET:
        return
    aa_skrive = rad.rader.filter(utfall__in=[Utfall.NY, Utfall.ENDRET, Utfall.UENDRET])
    antall = aa_skrive.count()
    skrevet = antall - aa_skrive.filter(resultat="").count()
    while skrevet < antall:
        arbeid.report(95 * skrevet // antall, _hvor_langt(_("Lagrer enhet"), skrevet, antall))
        with arbeid.writing():
            bunke = list(aa_skrive.filter(resultat="").in_order()[:BUNKE])
            # Asked anew each time: a kommune may have gone to another network meanwhile.
            _write(bunke, _rammer(rad, har_antall_barn=True))
        skrevet += max(len(bunke), 1)
    arbeid.report(96, _("Avslutter enheter som ikke står i fila"))
    with arbeid.writing():
        _end_missing(rad)
    arbeid.report(98, _("Lager utviklingsgrupper for nye enheter"))
    with arbeid.writing():
        _finish(rad, grupper=ensure_utviklingsgrupper(rad.nettverk))


def _write(bunke: list[Importrad], rammer: Rammer) -> None:
    poster = {rad.pk: Post.from_json(rad.data["post"]) for rad in bunke}
    vurderinger = dict(zip(poster, write(list(poster.values()), rammer), strict=True))
    for utfall in Utfall:
        gjort = [pk for pk, v in vurderinger.items() if v.utfall is utfall and not v.feil]
        if gjort:
            Importrad.objects.filter(pk__in=gjort).update(resultat=utfall)
    avviste = [rad for rad in bunke if vurderinger[rad.pk].feil]
    for rad in avviste:
        feil = vurderinger[rad.pk].feil
        rad.resultat, rad.grunn = Utfall.AVVIST, feil[0].kode
        rad.data = {**rad.data, "feil": [[f.kolonne, f.grunn] for f in feil]}
    Importrad.objects.bulk_update(avviste, ["resultat", "grunn", "data"])


def _end_missing(rad: Enhetsimport) -> None:
    """End the units that are gone, in the kommuner where the coordinator asked for it."""
    savnet = [
        r
        for r in rad.rader.filter(utfall=Utfall.BORTE, resultat="")
        if r.data["kommune"] in rad.avslutt_i
    ]
    rammer = _rammer(rad, har_antall_barn=True)
    enheter = {r.data["enhet"] for r in savnet}
    avsluttet = set(end(enheter - moved_to_others(rammer, enheter), rad.per))
    for r in savnet:
        r.resultat = Utfall.BORTE if r.data["enhet"] in avsluttet else ""
    Importrad.objects.bulk_update(savnet, ["resultat"], batch_size=BUNKE)


def _finish(rad: Enhetsimport, *, grupper: int) -> None:
    """Count what was done, keep the refused rows, and let the rest of the preview go."""
    resultat = dict(
        rad.rader.exclude(resultat="")
        .order_by()
        .values_list("resultat")
        .annotate(antall=Count("pk"))
    )
    rad.rader.filter(resultat=Utfall.AVVIST).update(utfall=Utfall.AVVIST)
    rad.rader.exclude(utfall=Utfall.AVVIST).delete()
    rad.oppsummering = {**rad.oppsummering, "resultat": resultat, "grupper": grupper}
    rad.status, rad.avsluttet = Status.FERDIG, timezone.now()
    rad.save(update_fields=["oppsummering", "status", "avsluttet"])


# --- both


def _fetch(arbeid: Arbeid) -> Enhetsimport | None:
    return (
        Enhetsimport.objects.select_related("nettverk")
        .filter(pk=arbeid.jobb.parametre.get("enhetsimport"), nettverk=arbeid.jobb.nettverk_id)
        .first()
    )


def _rammer(rad: Enhetsimport, *, har_antall_barn: bool) -> Rammer:
    return Rammer(
        per=rad.per,
        aar=rad.aar,
        inndeling=Inndeling.fetch(),
        kommuner=frozenset(rad.nettverk.kommuner(rad.per).values_list("pk", flat=True)),
        type=rad.type,
        har_antall_barn=har_antall_barn,
        andres=others_periods(rad.nettverk),
    )


def _hvor_langt(hva: str, ferdig: int, antall: int) -> str:
    """«Leser rad 1 500 av 20 000»; the words alone when nobody knows how many there are."""
    if not antall:
        return hva
    tall = [number_format(n, force_grouping=n >= 10_000) for n in (ferdig, max(antall, ferdig))]
    return _("%(hva)s %(ferdig)s av %(antall)s") % {
        "hva": hva,
        "ferdig": tall[0],
        "antall": tall[1],
    }


def _bunker(rader: Iterator[T], stoerrelse: int) -> Iterator[list[T]]:
    while bunke := list(islice(rader, stoerrelse)):
        yield bunke
