"""People from a list: sent in, read, confirmed, written – in that order.

Reading and writing are background jobs. Reading is one transaction. Writing goes in batches, each one
transaction (`Arbeid.writing`): a run that has lost its job to another stops there, and the run that takes
over goes on after the last batch that was written.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from kommuner.gyldighet import idag
from kommuner.tabellfil.celler import LeseFeil
from nettverk import importlop
from nettverk import verv as vervene
from nettverk.arbeid.gjelder import gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag
from nettverk.filer.filnavn import file_name
from nettverk.flater import Etterlatt
from nettverk.folkeimport.sammenligning import (
    ET_DOEGN,
    Koordinering,
    as_row,
    assess,
    changes,
    new_period,
    not_mentioned,
    overlap,
    period_of,
    speaks_for_partner,
)
from nettverk.folkeimport.tabell import Folkeliste
from nettverk.folkeimport.tolking import Listetolker, Oppslag, Vervpost, refuse_too_many
from nettverk.models.folkeimport import Folkeimport, Folkeimportrad
from nettverk.models.gruppe import Gruppe, Verv
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.sikkerhet.vakt import VERV_ENDRET, VERV_GITT, note_many
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import hold
from nettverk.tilgang.roller import is_coordinating
from nettverk.utviklingsgrupper import ensure_utviklingsgrupper

LES, SKRIV = "nettverk.folkeimport_les", "nettverk.folkeimport_skriv"
BUNKE = 250

Status, Importutfall = Folkeimport.Status, Folkeimportrad.Importutfall


# --- what the coordinator does


@transaction.atomic
def create(
    *, nettverk: Nettverk, tabell: Folkeliste, filnavn: str, hel_liste: bool, by: Person
) -> Folkeimport:
    """Keep the cells, and ask a worker to compare them. `hel_liste`: Verv that the list does not mention
    are to be ended."""
    rad = Folkeimport.objects.create(
        nettverk=nettverk,
        tabell=tabell.as_json(),
        filnavn=file_name(filnavn),
        hel_liste=hel_liste,
        lastet_opp_av=by,
    )
    importlop.ask_worker(rad, LES, om=gjelder(rad), by=by)
    return rad


@transaction.atomic
def answer(rad: Folkeimport, *, svar: Mapping[str, str], by: Person) -> None:
    """Remember what the words of the list mean (empty: its rows are left out), and read it once more.

    Raises KanIkke when the list would make too many Verv with these answers."""
    rad = Folkeimport.objects.select_for_update().get(pk=rad.pk)
    if rad.status != Status.LEST or not rad.tabell:
        return
    svar = {**rad.svar, **svar}
    try:
        refuse_too_many(Folkeliste.from_json(rad.tabell), svar)
    except LeseFeil as feil:
        raise KanIkke(str(feil)) from feil
    rad.rader.all().delete()
    rad.svar, rad.status = svar, Status.VENTER
    rad.save(update_fields=["svar", "status"])
    importlop.ask_worker(rad, LES, om=gjelder(rad), by=by)


def confirm(rad: Folkeimport, *, by: Person) -> None:
    """Ask a worker to write what the preview showed. Raises KanIkke while another import is written, when
    it would change nothing, and when the network has added very many new people in a day."""
    if rad.status != Status.LEST:
        return
    if not rad.har_noe_aa_skrive:
        raise KanIkke(_("Lista endrer ingenting, så det er ingenting å lagre."))
    # Before the transaction: that there were too many is to be remembered, though nothing is written.
    nye = rad.oppsummering.get("nye_adresser", 0)
    vervene.count_import(by=by, nettverk=rad.nettverk, antall=nye)
    with transaction.atomic():
        rad = Folkeimport.objects.select_for_update().get(pk=rad.pk)
        if rad.status != Status.LEST:
            return
        # One at a time in a network, so the thing it is about is its people, not this list.
        importlop.ask_worker(rad, SKRIV, om=gjelder(rad.nettverk), by=by)
        rad.status, rad.tabell = Status.BEKREFTET, {}
        rad.save(update_fields=["status", "tabell"])


@transaction.atomic
def discard(rad: Folkeimport) -> bool:
    """Throw the list and the preview away. What is being written cannot be discarded; then it is False."""
    rad = Folkeimport.objects.select_for_update().get(pk=rad.pk)
    if rad.status not in {Status.VENTER, Status.LEST}:
        return rad.status == Status.FORKASTET
    rad.rader.all().delete()
    rad.status, rad.tabell, rad.avsluttet = Status.FORKASTET, {}, timezone.now()
    rad.save(update_fields=["status", "tabell", "avsluttet"])
    return True


def purge_old(naa: datetime.datetime | None = None) -> int:
    """Discard what nobody confirmed, and let go of refused rows, after a month. Safe to run twice."""
    return importlop.purge(
        Folkeimport,
        Folkeimportrad.objects.all(),
        venter=[Status.VENTER, Status.LEST],
        discard=discard,
        naa=naa,
    )


# --- reading


@jobbslag(LES, tillatelse="nettverk.import_folk")
def read(arbeid: Arbeid) -> None:
    """Compare the list with the network. Writes nothing but the preview."""
    rad = importlop.fetch(Folkeimport, arbeid)
    if rad is None or rad.status != Status.VENTER:
        return
    arbeid.report(5, _("Leser lista"))
    nettverk, tabell = rad.nettverk, Folkeliste.from_json(rad.tabell)
    try:
        refuse_too_many(tabell, rad.svar)
    except LeseFeil as feil:
        raise JobbFeil(str(feil)) from feil
    tolker = Listetolker(Oppslag(nettverk), tabell, rad.svar)
    tolkede = tolker.all()
    spoersmaal = tolker.questions()
    arbeid.report(40, _("Sammenligner med nettverket"), straks=True)
    koordinering = Koordinering(nettverk)
    vurderinger = assess(nettverk, tolkede, koordinering)
    rader = [as_row(rad, v) for v in vurderinger]
    if rad.hel_liste and any(v.tolket.post for v in vurderinger):
        # A list that says nothing tells nothing of who is gone.
        savnet = not_mentioned(
            nettverk, vurderinger, importerer=[p for p in [arbeid.jobb.bestilt_av_id] if p]
        )
        kan_ende = koordinering.allows((v, _ended(v)) for v in savnet)
        rader += [_ending(rad, verv, kan_ende=kan_ende) for verv in savnet]
    nye = {v.tolket.epost for v in vurderinger if v.utfall is Importutfall.NY}
    # A row that names several units is one row of the list.
    utelates = {r.nummer for r in rader if r.utfall == Importutfall.AVVIST and r.nummer}
    venter = {nr for s in spoersmaal if s.noekkel not in rad.svar for nr in s.rader}
    with arbeid.writing():
        rad.rader.all().delete()
        Folkeimportrad.objects.bulk_create(rader, batch_size=1_000)
        rad.oppsummering = {
            "rader": len(tabell.rader),
            "tomme": tolker.tomme,
            "utfall": dict(Counter(str(r.utfall) for r in rader)),
            "grunner": dict(Counter(r.grunn for r in rader if r.grunn)),
            "utelates": len(utelates - venter),
            # What an answer may mend is not left out yet.
            "venter": len(utelates & venter),
            "spoersmaal": [s.as_json() for s in spoersmaal],
            "boer_sees": sum(r.boer_sees for r in rader),
            "personer": len({v.tolket.epost for v in vurderinger if v.tolket.post}),
            "nye_adresser": len(nye - set(vervene.known_among(nettverk, nye))),
            "tegn": tabell.tegn,
            "overskrifter": tabell.overskrifter,
            "kolonner": [tabell.overskrifter[nr] for nr in sorted(tabell.kjente)],
            "ukjente": [
                o for nr, o in enumerate(tabell.overskrifter) if o and nr not in tabell.kjente
            ],
        }
        # Kept only as long as an answer may have the list read once more.
        rad.tabell, rad.status = rad.tabell if spoersmaal else {}, Status.LEST
        rad.save(update_fields=["oppsummering", "tabell", "status"])


def _ended(verv: Verv) -> DateRange:
    return verv.ended(idag() + ET_DOEGN)


def _ending(rad: Folkeimport, verv: Verv, *, kan_ende: bool) -> Folkeimportrad:
    """`kan_ende`: the network has a coordinator without those of the list that coordinate."""
    r = Folkeimportrad(
        folkeimport=rad,
        utfall=Importutfall.AVSLUTTES,
        navn=verv.person.navn,
        data={"verv": verv.pk, "rolle": verv.rolle, "gruppenavn": verv.gruppe.navn},
    )
    if not kan_ende and is_coordinating(verv.gruppe.type, verv.rolle):
        _refuse(r, "koordinator", vervene.last_coordinator())
        r.utfall, r.resultat = Importutfall.AVVIST, ""
    return r


# --- writing


@jobbslag(SKRIV, tillatelse="nettverk.import_folk")
def write_confirmed(arbeid: Arbeid) -> None:
    """Write what was confirmed, in batches; rows that an earlier run wrote are left alone."""
    rad = importlop.fetch(Folkeimport, arbeid)
    if rad is None or rad.status != Status.BEKREFTET:
        return
    with arbeid.writing():
        ensure_utviklingsgrupper(rad.nettverk)
    aa_skrive = rad.rader.filter(
        utfall__in=[Importutfall.NY, Importutfall.ENDRET, Importutfall.AVSLUTTES]
    )
    skriver = _Skriver(rad, by=arbeid.jobb.bestilt_av)
    importlop.write_in_batches(
        arbeid, aa_skrive, skriver.write, stoerrelse=BUNKE, hva=_("Lagrer verv"), til_prosent=97
    )
    with arbeid.writing():
        _finish(rad)


class _Skriver:
    """Writes a batch of rows as the confirmed list has them, and says of each what was done.

    As many queries for a batch as for a row. Only where somebody else writes the same at this very moment
    are the rows taken one by one, so that the others are written.
    """

    def __init__(self, rad: Folkeimport, *, by: Person | None) -> None:
        self.rad, self.by, self.nettverk = rad, by, rad.nettverk

    def write(self, bunke: list[Folkeimportrad]) -> None:
        poster = {r.pk: Vervpost.from_json(r.data["post"]) for r in bunke if "post" in r.data}
        numre = [r.data["verv"] for r in bunke if "verv" in r.data]
        # In this order, as everybody does: otherwise two would wait for each other.
        hold(self.nettverk)
        self.grupper = self._groups(list(poster.values()), numre)
        verv = self._locked(numre)
        self.koordinering = Koordinering(self.nettverk, ask=vervene.coordinated_without)
        nye = [(r, poster[r.pk]) for r in bunke if r.utfall == Importutfall.NY]
        endrede = [(r, poster[r.pk]) for r in bunke if r.utfall == Importutfall.ENDRET]
        if nye:
            self._appoint(nye)
        if endrede:
            self._change(endrede, verv)
        self._end([r for r in bunke if r.utfall == Importutfall.AVSLUTTES], verv)
        for gjort in Importutfall:
            like = [r.pk for r in bunke if r.resultat == gjort]
            if like:
                Folkeimportrad.objects.filter(pk__in=like).update(resultat=gjort)
        avviste = [r for r in bunke if r.resultat == Importutfall.AVVIST]
        Folkeimportrad.objects.bulk_update(avviste, ["grunn", "data"])

    def _locked(self, numre: list[int]) -> dict[int, Verv]:
        her = Verv.objects.filter(gruppe__nettverk=self.nettverk, pk__in=numre)
        her = her.select_related("person", "gruppe__nettverk", "representerer_partner")
        return {v.pk: v for v in her.held()}

    # --- new

    def _appoint(self, rader: list[tuple[Folkeimportrad, Vervpost]]) -> None:
        navnene: dict[str, str] = {}
        for _r, post in rader:
            navnene.setdefault(post.epost, post.navn)
        # No letter: the invitation asks everybody, when the coordinator has read it and sends it.
        folk = vervene.people_for(navnene, nettverk=self.nettverk, by=self.by, spoer=False)
        tatt = self._held([folk[post.epost].pk for _r, post in rader])
        lagres: list[tuple[Folkeimportrad, Verv]] = []
        for r, post in rader:
            gruppe = self.grupper.get(post.gruppe or -(post.enhet or 0))
            if gruppe is None:
                _refuse(r, "sted", _("Gruppa er ikke i nettverket lenger."))
                continue
            try:
                gyldig = vervene.within(gruppe, period_of(post))
            except KanIkke as nei:
                _refuse(r, "sted", str(nei))
                continue
            nytt = Verv(
                person=folk[post.epost],
                gruppe=gruppe,
                rolle=post.rolle,
                tittel=post.tittel,
                representerer_id=post.kommune,
                gyldig=gyldig,
            )
            if any(overlap(nytt.gyldig, g) for g in tatt[nytt.person_id, gruppe.pk, post.rolle]):
                _refuse(r, "endret", _("Personen har fått rollen i gruppa i mellomtiden."))
                continue
            lagres.append((r, nytt))
        self._save(
            lagres,
            Importutfall.NY,
            self._give,
            _("Personen har fått rollen i gruppa i mellomtiden."),
        )

    def _groups(self, poster: list[Vervpost], verv: list[int]) -> dict[int, Gruppe]:
        """The groups that the posts mean, and those of the Verv, by number; by the unit's number below
        zero where the list was read before the unit had one. Held: none of them ends meanwhile."""
        mente = Gruppe.objects.filter(
            Q(pk__in=[p.gruppe for p in poster if p.gruppe])
            | Q(enhet__in=[p.enhet for p in poster if not p.gruppe and p.enhet])
            | Q(pk__in=Verv.objects.filter(pk__in=verv).values("gruppe")),
            nettverk=self.nettverk,
        )
        grupper = list(mente.select_related("nettverk").held())
        return {g.pk: g for g in grupper} | {
            -g.enhet_id: g
            for g in grupper
            if g.enhet_id and g.er_utviklingsgruppe and g.er_gyldig()
        }

    def _held(self, personer: list[int]) -> dict[tuple[int, int, str], list[DateRange]]:
        tatt: dict[tuple[int, int, str], list[DateRange]] = defaultdict(list)
        for verv in Verv.objects.filter(gruppe__nettverk=self.nettverk, person__in=personer):
            tatt[verv.person_id, verv.gruppe_id, verv.rolle].append(verv.gyldig)
        return tatt

    # --- changed

    def _change(self, rader: list[tuple[Folkeimportrad, Vervpost]], verv: dict[int, Verv]) -> None:
        lagres = []
        for r, post in rader:
            ett = verv.get(r.data["verv"])
            if ett is None or ett.gyldig.isempty:
                _refuse(r, "endret", _("Vervet er endret i mellomtiden."))
            elif not list(changes(ett, post)):
                r.resultat = Importutfall.UENDRET
            elif feil := speaks_for_partner(ett, post):
                _refuse(r, feil.kode, feil.grunn)
            else:
                try:
                    ny = vervene.within(ett.gruppe, new_period(ett, post))
                except KanIkke as nei:
                    _refuse(r, "sted", str(nei))
                    continue
                if not self.koordinering.allows([(ett, ny)]):
                    _refuse(r, "koordinator", vervene.last_coordinator())
                    continue
                ett.tittel = post.tittel or ett.tittel
                ett.representerer_id = post.kommune or ett.representerer_id
                ett.gyldig = ny
                lagres.append((r, ett))
        self._save(
            lagres,
            Importutfall.ENDRET,
            self._update,
            _("Perioden overlapper et annet verv i samme rolle."),
        )

    def _give(self, verv: list[Verv]) -> None:
        Verv.objects.bulk_create(verv)
        note_many(VERV_GITT, verv, by=self.by)

    def _update(self, verv: list[Verv]) -> None:
        felt = ["tittel", "representerer", "gyldig"]
        Verv.objects.bulk_update(verv, felt)
        note_many(VERV_ENDRET, verv, by=self.by, felt=felt)

    def _save(
        self,
        rader: list[tuple[Folkeimportrad, Verv]],
        gjort: Folkeimportrad.Importutfall,
        save: Callable[[list[Verv]], Any],
        grunn: str,
    ) -> None:
        """All at once; one by one when the database refuses, so that only what it refuses is left out."""
        try:
            with transaction.atomic():
                save([verv for _r, verv in rader])
        except IntegrityError as feil:
            if len(rader) == 1:
                _refuse_by_constraint(rader[0][0], feil, grunn)
                return
            for par in rader:
                if par[1]._state.adding:
                    par[1].pk = None
                self._save([par], gjort, save, grunn)
            return
        for r, _verv in rader:
            r.resultat = gjort

    # --- ended

    def _end(self, rader: list[Folkeimportrad], verv: dict[int, Verv]) -> None:
        """End what the whole list did not mention; never what makes those who import coordinators."""
        if not rader:
            return
        importerer = [p.pk for p in (self.by, self.rad.lastet_opp_av) if p]
        slutter, koordinerer = [], []
        for r in rader:
            ett = verv.get(r.data["verv"])
            r.resultat = Importutfall.UENDRET
            if ett is None or not ett.er_gyldig():
                continue
            if not is_coordinating(ett.gruppe.type, ett.rolle):
                r.resultat = Importutfall.AVSLUTTES
                slutter.append(ett)
            elif ett.person_id not in importerer:
                koordinerer.append((r, ett))
        kan_ende = self.koordinering.allows((ett, _ended(ett)) for _r, ett in koordinerer)
        for r, ett in koordinerer:
            if kan_ende:
                r.resultat = Importutfall.AVSLUTTES
                slutter.append(ett)
            else:
                _refuse(r, "koordinator", vervene.last_coordinator())
        self._tell(vervene.end_many(slutter, siste_dag=idag(), by=self.by))

    def _tell(self, etterlatt: list[Etterlatt]) -> None:
        """Count what they left behind, for the page of the result; nobody's name is kept there."""
        if not etterlatt:
            return
        antall = Counter(
            "flyttes" if ting.til else "lukkes" if ting.lukkes else "uten" for ting in etterlatt
        )
        sum_ = Counter(self.rad.oppsummering.get("etterlatt", {})) + antall
        self.rad.oppsummering = {**self.rad.oppsummering, "etterlatt": dict(sum_)}
        self.rad.save(update_fields=["oppsummering"])


def _refuse(r: Folkeimportrad, kode: str, grunn: str) -> None:
    r.resultat, r.grunn = Importutfall.AVVIST, kode
    r.data = {**r.data, "feil": [["", grunn]]}


def _refuse_by_constraint(r: Folkeimportrad, feil: IntegrityError, grunn: str) -> None:
    """In the words of what the database refused: `grunn` when the periods overlap."""
    navn = getattr(getattr(feil.__cause__, "diag", None), "constraint_name", None)
    if navn == "verv_ikke_samtidig":
        _refuse(r, "overlapp", grunn)
        return
    ord_ = {c.name: str(c.violation_error_message) for c in Verv._meta.constraints}
    _refuse(r, "endret", ord_.get(navn or "") or _("Vervet er endret i mellomtiden."))


def _finish(rad: Folkeimport) -> None:
    """Count what was done, keep the refused rows, and let the rest of the preview go."""
    resultat = importlop.results(rad.rader.all())
    rad.rader.filter(resultat=Importutfall.AVVIST).update(utfall=Importutfall.AVVIST)
    rad.rader.exclude(utfall=Importutfall.AVVIST).delete()
    rad.oppsummering = {**rad.oppsummering, "resultat": resultat}
    rad.status, rad.avsluttet = Status.FERDIG, timezone.now()
    rad.save(update_fields=["oppsummering", "status", "avsluttet"])
