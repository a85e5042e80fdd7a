"""Units from a file into the register: uploaded, read, confirmed, written – in that order.

Reading and writing are background jobs. Each works in batches, and every batch is one transaction
(`Arbeid.writing`): a run that has lost its job to another stops there, and the run that takes over goes
on after the last batch that was written.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from itertools import islice
from typing import Any, TypeVar

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from kommuner.enhetsimport.aapning import open_kilde
from kommuner.enhetsimport.inndeling import Inndeling
from kommuner.enhetsimport.kilde import Kilde, Raarad
from kommuner.enhetsimport.likhet import fold_navn
from kommuner.enhetsimport.sammenligning import (
    Endringsslag,
    Importutfall,
    Savnet,
    Vurdering,
    assess,
    borte,
    moved_to_others,
)
from kommuner.enhetsimport.skriving import end, write
from kommuner.enhetsimport.tolking import Post, Rammer, Tolker, plain_number
from kommuner.sortering import norsk_nokkel
from kommuner.tabellfil.celler import LeseFeil, Radfeil
from kommuner.tabellfil.kolonner import fold
from kommuner.tabellfil.tegn import repair
from nettverk import importlop
from nettverk.arbeid.gjelder import gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag
from nettverk.filer import kvote
from nettverk.filer.filnavn import file_name
from nettverk.filer.lager import all_or_nothing
from nettverk.filer.vedlegg import write_file
from nettverk.models.enhetsimport import Enhetsimport, Importrad, Kolonnevalg
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.register import others_periods
from nettverk.utviklingsgrupper import ensure_utviklingsgrupper, follow_units

LES, SKRIV = "nettverk.enhetsimport_les", "nettverk.enhetsimport_skriv"
BUNKE = 500
# Nothing but the year's figures: one folded line.
BARE_TALL = "bare_tall"
# Refused because they are not ours: a list of the whole country has thousands, and some have our names.
_ANDRES_RADER = {"utenfor", "andres", "kommunenummer", "annet_slag"}
# What people must know of comes first; figures last.
_RANG: dict[str, int] = {
    Endringsslag.NAVN: 0,
    Endringsslag.FLYTTET: 0,
    Endringsslag.DRIFT: 0,
    Endringsslag.EIER: 0,
    Endringsslag.ANNET: 2,
    Endringsslag.TALL: 3,
    BARE_TALL: 4,
}

Status = Enhetsimport.Status
T = TypeVar("T")


# --- what the coordinator does


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
    fil.name = filnavn = file_name(filnavn)
    kvote.require_room(nettverk, fil.size)
    # Written before the network is held: a slow disk makes nobody else wait.
    navn = write_file(Enhetsimport, "fil", fil)
    with transaction.atomic(), all_or_nothing([navn]):
        kvote.claim(nettverk, fil.size)
        rad = Enhetsimport.objects.create(
            nettverk=nettverk,
            fil=navn,
            bytes=fil.size,
            filnavn=filnavn,
            per=per,
            aar=aar,
            type=type,
            lastet_opp_av=by,
        )
        importlop.ask_worker(rad, LES, om=gjelder(rad), by=by)
        return rad


@transaction.atomic
def answer_columns(rad: Enhetsimport, *, svar: Mapping[str, str], by: Person) -> None:
    """Remember what the network's unknown headings are (empty: not used), and read the file once more.

    `svar` is heading → column.
    """
    rad = Enhetsimport.objects.select_for_update().get(pk=rad.pk)
    if rad.status not in {Status.KOLONNER, Status.LEST}:
        return
    for overskrift, kolonne in svar.items():
        if not fold(overskrift):
            continue  # «#» and «*» are no names to remember a column by
        Kolonnevalg.objects.update_or_create(
            nettverk=rad.nettverk,
            overskrift=fold(overskrift)[:200],
            defaults={"kolonne": kolonne},
        )
    rad.rader.all().delete()
    rad.status = Status.VENTER
    rad.save(update_fields=["status"])
    importlop.ask_worker(rad, LES, om=gjelder(rad), by=by)


def forget_columns(nettverk: Nettverk) -> None:
    """Ask anew about every heading, from the next file on."""
    Kolonnevalg.objects.filter(nettverk=nettverk).delete()


def remembered(nettverk: Nettverk) -> dict[str, str]:
    """What the network has answered about headings: folded heading → column."""
    return dict(Kolonnevalg.objects.filter(nettverk=nettverk).values_list("overskrift", "kolonne"))


@transaction.atomic
def answer_likely(rad: Enhetsimport, *, svar: Mapping[int, int | None]) -> None:
    """What the rows that are like a unit we know, are: row id → that unit, or None for a new one."""
    rad = Enhetsimport.objects.select_for_update().get(pk=rad.pk)
    if rad.status != Status.LEST:
        return
    rader = list(rad.rader.filter(utfall=Importutfall.SPOR, pk__in=list(svar)))
    for r in rader:
        enhet = svar[r.pk]
        r.data = {**r.data, "svar": "ny" if enhet is None else enhet}
    Importrad.objects.bulk_update(rader, ["data"], batch_size=BUNKE)


@transaction.atomic
def confirm(
    rad: Enhetsimport,
    *,
    by: Person,
    avslutt_i: Iterable[int] = (),
    avslutt_nedlagte: bool = False,
) -> None:
    """Ask a worker to write what the preview showed. Raises KanIkke while another import is written.

    `avslutt_i` are the kommuner in which units that the file does not mention are ended;
    `avslutt_nedlagte` ends those that the register itself calls closed.
    """
    rad = Enhetsimport.objects.select_for_update().get(pk=rad.pk)
    if rad.status != Status.LEST:
        return
    # One at a time in a network, so the thing it is about is the register, not this file.
    importlop.ask_worker(rad, SKRIV, om=gjelder(rad.nettverk), by=by)
    rad.status = Status.BEKREFTET
    rad.avslutt_i, rad.avslutt_nedlagte = sorted(avslutt_i), avslutt_nedlagte
    rad.save(update_fields=["status", "avslutt_i", "avslutt_nedlagte"])
    _forget_file(rad)


@transaction.atomic
def discard(rad: Enhetsimport) -> bool:
    """Throw the file and the preview away. What is being written cannot be discarded; then it is False."""
    rad = Enhetsimport.objects.select_for_update().get(pk=rad.pk)
    if rad.status not in {Status.VENTER, Status.KOLONNER, Status.LEST, Status.FEILET}:
        return rad.status == Status.FORKASTET
    rad.rader.all().delete()
    rad.status = Status.FORKASTET
    rad.avsluttet = timezone.now()
    rad.save(update_fields=["status", "avsluttet"])
    _forget_file(rad)
    return True


def stored(nettverk: Nettverk) -> int:
    """How many bytes of files wait to be read or confirmed."""
    ventende = Enhetsimport.objects.filter(nettverk=nettverk).exclude(fil="")
    return ventende.aggregate(sum=Sum("bytes"))["sum"] or 0


def purge_old(naa: datetime.datetime | None = None) -> int:
    """Discard what nobody confirmed, and let go of refused rows, after a month. Safe to run twice."""
    return importlop.purge(
        Enhetsimport,
        Importrad.objects.all(),
        venter=[Status.VENTER, Status.KOLONNER, Status.LEST, Status.FEILET],
        discard=discard,
        naa=naa,
    )


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
    rad = importlop.fetch(Enhetsimport, arbeid)
    if rad is None or rad.status != Status.VENTER:
        return
    arbeid.report(0, _("Åpner fila"))
    with arbeid.writing():
        rad.rader.all().delete()
    try:
        with rad.fil.open("rb") as fil:
            kilde = open_kilde(fil, remembered(rad.nettverk))
            if kilde.mangler:
                _ask_about_columns(arbeid, rad, kilde)
            else:
                _Enhetsleser(arbeid, rad, kilde).run()
    except (LeseFeil, FileNotFoundError) as feil:
        grunn = str(feil) if isinstance(feil, LeseFeil) else _("Fila finnes ikke lenger.")
        with arbeid.writing():
            rad.rader.all().delete()
            rad.status, rad.feil, rad.avsluttet = Status.FEILET, grunn, timezone.now()
            rad.save(update_fields=["status", "feil", "avsluttet"])
            _forget_file(rad)
        raise JobbFeil(grunn) from feil


def _ask_about_columns(arbeid: Arbeid, rad: Enhetsimport, kilde: Kilde) -> None:
    """The file cannot be read before somebody says which column is which."""
    proever = _Proever(kilde)
    for raa in islice(kilde.rader, BUNKE):
        proever.see(raa)
    with arbeid.writing():
        rad.oppsummering = {
            "slag": kilde.slag,
            "kolonner": sorted(kilde.kjente.values()),
            "mangler": kilde.mangler,
            "ukjente": proever.as_json(),
        }
        rad.status = Status.KOLONNER
        rad.save(update_fields=["oppsummering", "status"])


class _Proever:
    """A few values of each column that nobody has told us what is."""

    ANTALL, LENGDE, KOLONNER = 3, 40, 40

    def __init__(self, kilde: Kilde) -> None:
        self.overskrifter = dict(islice(kilde.ukjente.items(), self.KOLONNER))
        self.verdier: dict[int, list[str]] = {nr: [] for nr in self.overskrifter}

    def see(self, raa: Raarad) -> None:
        for nr, verdier in self.verdier.items():
            verdi = raa.celler[nr][: self.LENGDE] if nr < len(raa.celler) else ""
            if verdi and len(verdier) < self.ANTALL and verdi not in verdier:
                verdier.append(verdi)

    def as_json(self) -> list[list[Any]]:
        """[heading, values], the columns without a single value left out."""
        return [[self.overskrifter[nr], verdier] for nr, verdier in self.verdier.items() if verdier]


class _Enhetsleser:
    """One reading of one file: its rows in batches, then the units that it does not mention."""

    def __init__(self, arbeid: Arbeid, rad: Enhetsimport, kilde: Kilde) -> None:
        self.arbeid, self.rad, self.kilde = arbeid, rad, kilde
        self.rammer = _rammer(rad, har_antall_barn="antall_barn" in kilde.kjente.values())
        self.tolker = Tolker(self.rammer)
        self.utfall: Counter[str] = Counter()
        self.grunner: Counter[str] = Counter()
        self.typer: set[str] = {rad.type} if rad.type else set()
        self.enheter: dict[int, int] = {}
        # Numbers and names that refused rows mention: what is refused is not gone.
        self.numre: set[str] = set()
        self.nesten: set[str] = set()
        self.navn: set[str] = set()
        self.nedlagte: set[str] = set()
        self.slag: Counter[str] = Counter()
        self.sum_tall: Counter[str] = Counter()
        self.tegn: list[list[str]] = []
        self.antall_tegn = 0
        self.proever = _Proever(kilde)
        self.uten_kommune = 0
        self.mulige: set[int] = set()

    def run(self) -> None:
        lest = 0
        for bunke in _bunker(self.kilde.rader, BUNKE):
            self.arbeid.report(
                self._prosent(lest), importlop.how_far(_("Leser rad"), lest, self.kilde.antall)
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
        for raa in bunke:
            self.proever.see(raa)
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
                grunn = _("Enheten står også i rad %(rad)s.") % {"rad": foer}
                return self._refused(raa, [Radfeil("organisasjonsnummer", "dobbelt", grunn)])
        if v.utfall is Importutfall.AVVIST:
            rad = self._refused(raa, v.feil)
            if v.enhet is not None:  # another network's: the page offers to propose that it moves
                rad.data["flytt"] = {
                    "enhet": v.enhet.referanse,
                    "kommune": v.post.kommunenummer,
                }
            return rad
        self.typer.add(v.post.type)
        self.utfall[v.utfall] += 1
        self._note_broken(v.post)
        if v.nye_plasseringer and v.nye_plasseringer[-1][2] is not None and v.enhet is None:
            self.uten_kommune += 1
        data: dict[str, Any] = {
            "post": v.post.as_json(),
            "kommunenavn": self.rammer.inndeling.per_id[v.post.kommune_id].navn,
        }
        rad = self._rad(raa, v.utfall, v.post.navn, data)
        if v.kandidater:
            self.mulige |= {k.enhet_id for k in v.kandidater}
            data |= {"kandidater": [asdict(k) for k in v.kandidater], "celler": raa.celler}
        if v.endringer:
            data["endringer"] = [[e.felt, e.foer, e.etter, e.slag] for e in v.endringer]
            slag = {e.slag for e in v.endringer}
            data["slag"] = sorted(slag) if slag != {Endringsslag.TALL} else [BARE_TALL]
            self.slag.update(data["slag"])
            rad.rang = min(_RANG.get(s, 1) for s in data["slag"])
        return rad

    def _note_broken(self, post: Post) -> None:
        for felt in post.oedelagt:
            self.antall_tegn += 1
            if len(self.tegn) < 10:
                verdi = str(getattr(post, felt))
                self.tegn.append([verdi, repair(verdi)])

    def _refused(self, raa: Raarad, feil: list[Radfeil]) -> Importrad:
        self.utfall[Importutfall.AVVIST] += 1
        self.grunner[feil[0].kode] += 1
        numre = {
            plain_number(raa.verdier.get(k, "")) for k in ("organisasjonsnummer", "nsr_id")
        } - {""}
        # Closed in the register itself: then it is gone. For every other reason it is only not read.
        if feil[0].kode == "nedlagt":
            self.nedlagte |= numre
        else:
            numre = {re.sub(r"\D", "", n) for n in numre}
            self.numre |= numre
            if feil[0].kode not in _ANDRES_RADER:
                self.nesten |= numre
                self.navn.add(fold_navn(raa.verdier.get("navn", "")))
        data = {"feil": [[f.kolonne, f.grunn] for f in feil], "celler": raa.celler}
        rad = self._rad(raa, Importutfall.AVVIST, raa.verdier.get("navn", ""), data)
        rad.grunn = feil[0].kode
        return rad

    def _rad(self, raa: Raarad, utfall: str, navn: str, data: dict[str, Any]) -> Importrad:
        return Importrad(
            enhetsimport=self.rad, nummer=raa.nummer, utfall=utfall, navn=navn[:200], data=data
        )

    def _finish(self, lest: int) -> None:
        self._settle_likely()
        savnet = self._missing(lest)
        self.utfall[Importutfall.BORTE] = len(savnet)
        nedlagte = {e.enhet_id for e in savnet if set(e.numre) & self.nedlagte}
        Importrad.objects.bulk_create(
            Importrad(
                enhetsimport=self.rad,
                utfall=Importutfall.BORTE,
                navn=enhet.navn,
                data={
                    "enhet": enhet.enhet_id,
                    "kommune": enhet.kommune_id,
                    "kommunenavn": enhet.kommunenavn,
                    "referanse": enhet.referanse,
                    "nedlagt": enhet.enhet_id in nedlagte,
                },
                rang=0 if enhet.enhet_id in nedlagte else 1,
            )
            for enhet in savnet
        )
        per_kommune = Counter(
            (e.kommune_id, e.kommunenavn) for e in savnet if e.enhet_id not in nedlagte
        )
        self.rad.oppsummering = {
            "slag": self.kilde.slag,
            "rader": lest,
            "utfall": {u: n for u, n in self.utfall.items() if n or u == Importutfall.BORTE},
            "grunner": dict(self.grunner),
            "overskrifter": self.kilde.overskrifter,
            "kolonner": sorted(self.kilde.kjente.values()),
            "ukjente": self.proever.as_json(),
            "ikke_brukt": [
                o for o in self.kilde.overskrifter if o and self.kilde.valg.get(fold(o)) == ""
            ][:40],
            "slag_av_endring": dict(self.slag),
            "tegn": self.kilde.tegn,
            "oedelagt": self.tegn,
            "antall_oedelagt": self.antall_tegn,
            "mangler_sider": self.kilde.mangler_sider,
            "nedlagte": len(nedlagte),
            "ukjente_kommuner": sorted(self.tolker.ukjente_kommuner.items())[:100],
            "antall_ukjente_kommuner": len(self.tolker.ukjente_kommuner),
            "forrige": self._previous(),
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

    def _missing(self, lest: int) -> list[Savnet]:
        """The units that the file does not mention; none when the file is a part, or says nothing."""
        if self.kilde.mangler_sider or lest <= self.utfall[Importutfall.AVVIST]:
            return []
        savnet = borte(
            self.rammer,
            typer=self.typer,
            sette_enheter=set(self.enheter) | self.mulige,
            sette_numre=self.numre - {""},
        )
        return [e for e in savnet if self._is_gone(e)]

    def _is_gone(self, enhet: Savnet) -> bool:
        """Neither its name nor a number one slip away from its own stands in a row that was refused."""
        if set(enhet.numre) & self.nedlagte:
            return True
        if fold_navn(enhet.navn) in self.navn:
            return False
        return not any(
            process.extractOne(
                nummer, self.nesten, scorer=DamerauLevenshtein.distance, score_cutoff=2
            )
            for nummer in enhet.numre
        )

    def _settle_likely(self) -> None:
        """A unit that has a row of its own further down is not the one that another row is like."""
        rader = list(self.rad.rader.filter(utfall=Importutfall.SPOR))
        nye = []
        for r in rader:
            igjen = [k for k in r.data["kandidater"] if k["enhet_id"] not in self.enheter]
            r.data = {**r.data, "kandidater": igjen}
            if not igjen:
                r.data["post"]["er_ny"] = True
                r.utfall = Importutfall.NY
                nye.append(r)
        self.utfall[Importutfall.SPOR] -= len(nye)
        self.utfall[Importutfall.NY] += len(nye)
        Importrad.objects.bulk_update(rader, ["data", "utfall"], batch_size=BUNKE)

    def _previous(self) -> dict[str, str] | None:
        """The file before this one about units of the same kind: what the changes are since."""
        siste = (
            Enhetsimport.objects.filter(
                nettverk=self.rad.nettverk, status=Status.FERDIG, per__lt=self.rad.per
            )
            .order_by("-per", "-pk")
            .first()
        )
        if siste is None or not self.typer & set(siste.oppsummering.get("typer", [])):
            return None
        return {"navn": siste.filnavn, "per": siste.per.isoformat()}


# --- writing


@jobbslag(SKRIV, tillatelse="nettverk.import_enheter")
def write_confirmed(arbeid: Arbeid) -> None:
    """Write what was confirmed, in batches; rows that an earlier run wrote are left alone."""
    rad = importlop.fetch(Enhetsimport, arbeid)
    if rad is None or rad.status != Status.BEKREFTET:
        return
    aa_skrive = rad.rader.filter(
        Q(utfall__in=[Importutfall.NY, Importutfall.ENDRET, Importutfall.UENDRET])
        | Q(utfall=Importutfall.SPOR, data__has_key="svar")
    )

    def write(bunke: list[Importrad]) -> None:
        # Asked anew each time: a kommune may have gone to another network meanwhile.
        _write(rad.nettverk, bunke, _rammer(rad, har_antall_barn=True))

    importlop.write_in_batches(
        arbeid, aa_skrive, write, stoerrelse=BUNKE, hva=_("Lagrer enhet"), til_prosent=95
    )
    arbeid.report(96, _("Avslutter enheter som ikke står i fila"))
    with arbeid.writing():
        _end_missing(rad)
    arbeid.report(98, _("Lager utviklingsgrupper for nye enheter"))
    with arbeid.writing():
        _finish(rad, grupper=ensure_utviklingsgrupper(rad.nettverk))


def _write(nettverk: Nettverk, bunke: list[Importrad], rammer: Rammer) -> None:
    poster = {rad.pk: _post(rad) for rad in bunke}
    vurderinger = dict(zip(poster, write(list(poster.values()), rammer), strict=True))
    foer = {
        v.enhet.pk: v.foer_navn
        for v in vurderinger.values()
        if v.enhet and v.foer_navn and "navn" in v.felt and not v.feil
    }
    follow_units(nettverk, foer=foer, avsluttet=(), dato=rammer.per)
    for utfall in Importutfall:
        gjort = [pk for pk, v in vurderinger.items() if v.utfall is utfall and not v.feil]
        if gjort:
            Importrad.objects.filter(pk__in=gjort).update(resultat=utfall)
    avviste = [rad for rad in bunke if vurderinger[rad.pk].feil]
    for rad in avviste:
        feil = vurderinger[rad.pk].feil
        rad.resultat, rad.grunn = Importutfall.AVVIST, feil[0].kode
        rad.data = {**rad.data, "feil": [[f.kolonne, f.grunn] for f in feil]}
    Importrad.objects.bulk_update(avviste, ["resultat", "grunn", "data"])


def _post(rad: Importrad) -> Post:
    """The unit as the file describes it, and what was answered about which one it is."""
    svar = rad.data.get("svar")
    post = Post.from_json(rad.data["post"])
    if svar is None:
        return post
    return replace(post, er_ny=True) if svar == "ny" else replace(post, samme_som=svar)


def _end_missing(rad: Enhetsimport) -> None:
    """End the units that are gone, in the kommuner where the coordinator asked for it."""
    savnet = [
        r
        for r in rad.rader.filter(utfall=Importutfall.BORTE, resultat="")
        if (rad.avslutt_nedlagte if r.data.get("nedlagt") else r.data["kommune"] in rad.avslutt_i)
    ]
    rammer = _rammer(rad, har_antall_barn=True)
    enheter = {r.data["enhet"] for r in savnet}
    avsluttet = set(end(enheter - moved_to_others(rammer, enheter), rad.per))
    follow_units(rad.nettverk, foer={}, avsluttet=avsluttet, dato=rad.per)
    for r in savnet:
        r.resultat = Importutfall.BORTE if r.data["enhet"] in avsluttet else ""
    Importrad.objects.bulk_update(savnet, ["resultat"], batch_size=BUNKE)


def _finish(rad: Enhetsimport, *, grupper: int) -> None:
    """Count what was done, keep the refused rows, and let the rest of the preview go."""
    resultat = importlop.results(rad.rader.all())
    ubesvart = rad.rader.filter(utfall=Importutfall.SPOR, resultat="")
    grunn = [["navn", _("Ingen svarte på om dette er en enhet som står i registeret.")]]
    for r in ubesvart:
        r.data = {**r.data, "feil": grunn, "celler": r.data.get("celler", [])}
        r.utfall, r.grunn = Importutfall.AVVIST, "ubesvart"
        r.save(update_fields=["data", "utfall", "grunn"])
    rad.rader.filter(resultat=Importutfall.AVVIST).update(utfall=Importutfall.AVVIST)
    rad.rader.exclude(utfall=Importutfall.AVVIST).delete()
    avviste = Counter(rad.rader.order_by().values_list("grunn", flat=True))
    rad.oppsummering = {
        **rad.oppsummering,
        "resultat": resultat,
        "grupper": grupper,
        "grunner": dict(avviste),
        "utfall": rad.oppsummering.get("utfall", {}) | {Importutfall.AVVIST: avviste.total()},
    }
    rad.status, rad.avsluttet = Status.FERDIG, timezone.now()
    rad.save(update_fields=["oppsummering", "status", "avsluttet"])


# --- both


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


def _bunker(rader: Iterator[T], stoerrelse: int) -> Iterator[list[T]]:
    while bunke := list(islice(rader, stoerrelse)):
        yield bunke
