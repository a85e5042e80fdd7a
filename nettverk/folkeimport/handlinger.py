"""People from a list: sent in, read, confirmed, written – in that order.

Reading and writing are background jobs. Reading is one transaction. Writing goes in batches, each one
transaction (`Arbeid.writing`): a run that has lost its job to another stops there, and the run that takes
over goes on after the last batch that was written.
"""

import datetime
from collections import Counter

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from nettverk import verv as vervene
from nettverk.arbeid.gjelder import gjelder
from nettverk.arbeid.jobber import Arbeid, jobbslag, order_jobb
from nettverk.filer.filnavn import file_name
from nettverk.folkeimport.sammenligning import (
    as_row,
    assess,
    changes,
    new_period,
    not_mentioned,
    period_of,
)
from nettverk.folkeimport.tabell import Tabell
from nettverk.folkeimport.tolking import Post, Rammer, Tolker
from nettverk.models.folkeimport import Folkeimport, Folkeimportrad
from nettverk.models.gruppe import Gruppe, Verv
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import coordinators
from nettverk.utviklingsgrupper import ensure_utviklingsgrupper

LES, SKRIV = "nettverk.folkeimport_les", "nettverk.folkeimport_skriv"
BUNKE = 100
# What was never confirmed, and refused rows that nobody mended, go after this.
BEHOLDES = datetime.timedelta(days=30)

Status, Utfall = Folkeimport.Status, Folkeimportrad.Utfall


# --- what the coordinator does


@transaction.atomic
def create(
    *, nettverk: Nettverk, tabell: Tabell, filnavn: str, hel_liste: bool, by: Person
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
    _ask(rad, LES, gjelder(rad), by)
    return rad


def confirm(rad: Folkeimport, *, by: Person) -> None:
    """Ask a worker to write what the preview showed. Raises KanIkke while another import is written, and
    when the network has added very many new people in a day."""
    if rad.status != Status.LEST:
        return
    # Before the transaction: that there were too many is to be remembered, though nothing is written.
    nye = rad.oppsummering.get("nye_adresser", 0)
    vervene.count_import(by=by, nettverk=rad.nettverk, antall=nye)
    with transaction.atomic():
        rad = Folkeimport.objects.select_for_update().get(pk=rad.pk)
        if rad.status != Status.LEST:
            return
        # One at a time in a network, so the thing it is about is its people, not this list.
        _ask(rad, SKRIV, gjelder(rad.nettverk), by)
        rad.status = Status.BEKREFTET
        rad.save(update_fields=["status"])


@transaction.atomic
def discard(rad: Folkeimport) -> None:
    """Throw the list and the preview away. What is being written cannot be discarded."""
    rad = Folkeimport.objects.select_for_update().get(pk=rad.pk)
    if rad.status not in {Status.VENTER, Status.LEST, Status.FEILET}:
        return
    rad.rader.all().delete()
    rad.status, rad.tabell, rad.avsluttet = Status.FORKASTET, {}, timezone.now()
    rad.save(update_fields=["status", "tabell", "avsluttet"])


def purge_old(naa: datetime.datetime | None = None) -> int:
    """Discard what nobody confirmed, and let go of refused rows, after a month. Safe to run twice."""
    grense = (naa or timezone.now()) - BEHOLDES
    antall = 0
    for rad in Folkeimport.objects.filter(
        lastet_opp__lt=grense, status__in=[Status.VENTER, Status.LEST, Status.FEILET]
    ):
        discard(rad)
        antall += 1
    Folkeimportrad.objects.filter(
        folkeimport__lastet_opp__lt=grense, folkeimport__status=Status.FERDIG
    ).delete()
    return antall


def _ask(rad: Folkeimport, slag: str, om: str, by: Person) -> None:
    jobb = order_jobb(
        nettverk=rad.nettverk, slag=slag, gjelder=om, by=by, parametre={"folkeimport": rad.pk}
    )
    if jobb.parametre.get("folkeimport") != rad.pk:
        raise KanIkke(
            _(
                "En annen liste blir lagret i nettverket nå. Vent til den er ferdig, og bekreft igjen."
            )
        )
    rad.jobb = jobb
    rad.save(update_fields=["jobb"])


# --- reading


@jobbslag(LES, tillatelse="nettverk.import_folk")
def read(arbeid: Arbeid) -> None:
    """Compare the list with the network. Writes nothing but the preview."""
    rad = _fetch(arbeid)
    if rad is None or rad.status != Status.VENTER:
        return
    arbeid.report(5, _("Leser lista"))
    nettverk, tabell = rad.nettverk, Tabell.from_json(rad.tabell)
    tolker = Tolker(Rammer(nettverk), tabell)
    tolkede = tolker.all()
    arbeid.report(40, _("Sammenligner med nettverket"), straks=True)
    vurderinger = assess(nettverk, tolkede)
    rader = [as_row(rad, v) for v in vurderinger]
    if rad.hel_liste and any(v.tolket.post for v in vurderinger):
        # A list that says nothing tells nothing of who is gone.
        savnet = not_mentioned(nettverk, vurderinger, importerer=[arbeid.jobb.bestilt_av_id])
        rader += [_ending(rad, verv) for verv in savnet]
    nye = {v.tolket.epost for v in vurderinger if v.utfall is Utfall.NY}
    with arbeid.writing():
        rad.rader.all().delete()
        Folkeimportrad.objects.bulk_create(rader, batch_size=1_000)
        rad.oppsummering = {
            "rader": len(tabell.rader),
            "tomme": tolker.tomme,
            "utfall": dict(Counter(str(r.utfall) for r in rader)),
            "grunner": dict(Counter(r.grunn for r in rader if r.grunn)),
            "boer_sees": sum(r.boer_sees for r in rader),
            "personer": len({v.tolket.epost for v in vurderinger if v.tolket.post}),
            "nye_adresser": len(nye - set(vervene.known_among(nettverk, nye))),
            "overskrifter": tabell.overskrifter,
            "kolonner": [tabell.overskrifter[nr] for nr in sorted(tabell.kjente)],
            "ukjente": [
                o for nr, o in enumerate(tabell.overskrifter) if o and nr not in tabell.kjente
            ],
        }
        rad.tabell, rad.status = {}, Status.LEST
        rad.save(update_fields=["oppsummering", "tabell", "status"])


def _ending(rad: Folkeimport, verv: Verv) -> Folkeimportrad:
    return Folkeimportrad(
        folkeimport=rad,
        utfall=Utfall.AVSLUTTES,
        navn=verv.person.navn,
        data={"verv": verv.pk, "rolle": verv.rolle, "gruppenavn": verv.gruppe.navn},
    )


# --- writing


@jobbslag(SKRIV, tillatelse="nettverk.import_folk")
def write_confirmed(arbeid: Arbeid) -> None:
    """Write what was confirmed, in batches; rows that an earlier run wrote are left alone."""
    rad = _fetch(arbeid)
    if rad is None or rad.status != Status.BEKREFTET:
        return
    with arbeid.writing():
        ensure_utviklingsgrupper(rad.nettverk)
    aa_skrive = rad.rader.filter(utfall__in=[Utfall.NY, Utfall.ENDRET, Utfall.AVSLUTTES])
    antall = aa_skrive.count()
    skrevet = antall - aa_skrive.filter(resultat="").count()
    while skrevet < antall:
        arbeid.report(97 * skrevet // antall, _how_far(skrevet, antall))
        with arbeid.writing():
            bunke = list(aa_skrive.filter(resultat="").in_order()[:BUNKE])
            _Skriver(rad, by=arbeid.jobb.bestilt_av).write(bunke)
        skrevet += max(len(bunke), 1)
    with arbeid.writing():
        _finish(rad)


class _Skriver:
    """Writes a batch of rows as the confirmed list has them, and says of each what was done."""

    def __init__(self, rad: Folkeimport, *, by: Person) -> None:
        self.rad, self.by, self.nettverk = rad, by, rad.nettverk
        self.kommuner = {k.pk: k for k in self.nettverk.kommuner().defer("grense")}

    def write(self, bunke: list[Folkeimportrad]) -> None:
        poster = {r.pk: Post.from_json(r.data["post"]) for r in bunke if "post" in r.data}
        vervene.take_turns(post.epost for post in poster.values())
        grupper = {
            g.pk: g
            for g in Gruppe.objects.filter(
                nettverk=self.nettverk, pk__in=[p.gruppe for p in poster.values() if p.gruppe]
            )
        }
        enhetens = {
            g.enhet_id: g
            for g in Gruppe.objects.filter(
                nettverk=self.nettverk, enhet__in=[p.enhet for p in poster.values() if p.enhet]
            )
            .utviklingsgrupper()
            .gyldig()
        }
        verv = {
            v.pk: v
            for v in Verv.objects.filter(
                gruppe__nettverk=self.nettverk,
                pk__in=[r.data["verv"] for r in bunke if "verv" in r.data],
            )
            .select_for_update(of=("self",))
            .order_by("pk")
        }
        koordinerer = set(
            coordinators(
                Verv.objects.filter(pk__in=verv, person__in=self._importers())
            ).values_list("pk", flat=True)
        )
        for r in bunke:
            post = poster.get(r.pk)
            gammelt = verv.get(r.data.get("verv", 0))
            if r.utfall == Utfall.AVSLUTTES:
                self._end(r, gammelt, gammelt is not None and gammelt.pk in koordinerer)
            elif post and r.utfall == Utfall.NY:
                gruppe = grupper.get(post.gruppe or 0) or enhetens.get(post.enhet)
                self._appoint(r, post, gruppe)
            elif post:
                self._change(r, post, gammelt)
        Folkeimportrad.objects.bulk_update(bunke, ["resultat", "grunn", "data"])

    def _importers(self) -> set[int]:
        return {self.by.pk, self.rad.lastet_opp_av_id or self.by.pk}

    def _appoint(self, r: Folkeimportrad, post: Post, gruppe: Gruppe | None) -> None:
        if gruppe is None:
            _refuse(r, "sted", _("Gruppa er ikke i nettverket lenger."))
            return
        gruppe.nettverk = self.nettverk
        try:
            with transaction.atomic():
                vervene.appoint(
                    gruppe=gruppe,
                    navn=post.navn,
                    epost=post.epost,
                    rolle=post.rolle,
                    gyldig=period_of(post),
                    by=self.by,
                    tittel=post.tittel,
                    representerer=self.kommuner.get(post.kommune or 0),
                    # The invitation asks everybody, when the coordinator has read it and sends it.
                    spoer=False,
                )
        except IntegrityError:  # written by somebody else meanwhile
            _refuse(r, "endret", _("Personen har fått rollen i gruppa i mellomtiden."))
            return
        r.resultat = Utfall.NY

    def _change(self, r: Folkeimportrad, post: Post, verv: Verv | None) -> None:
        if verv is None or verv.gyldig.isempty:
            _refuse(r, "endret", _("Vervet er endret i mellomtiden."))
            return
        if not list(changes(verv, post)):
            r.resultat = Utfall.UENDRET
            return
        verv.tittel = post.tittel or verv.tittel
        verv.representerer_id = post.kommune or verv.representerer_id
        verv.gyldig = new_period(verv, post)
        try:
            with transaction.atomic():
                verv.save(update_fields=["tittel", "representerer", "gyldig"])
        except IntegrityError:
            _refuse(r, "overlapp", _("Perioden overlapper et annet verv i samme rolle."))
            return
        r.resultat = Utfall.ENDRET

    def _end(self, r: Folkeimportrad, verv: Verv | None, er_egen: bool) -> None:
        if verv is None or er_egen or not verv.er_gyldig():
            r.resultat = Utfall.UENDRET
            return
        vervene.end(verv=verv, siste_dag=idag())
        r.resultat = Utfall.AVSLUTTES


def _refuse(r: Folkeimportrad, kode: str, grunn: str) -> None:
    r.resultat, r.grunn = Utfall.AVVIST, kode
    r.data = {**r.data, "feil": [["", grunn]]}


def _finish(rad: Folkeimport) -> None:
    """Count what was done, keep the refused rows, and let the rest of the preview go."""
    resultat = dict(
        rad.rader.exclude(resultat="")
        .order_by()
        .values_list("resultat")
        .annotate(antall=Count("pk"))
    )
    rad.rader.filter(resultat=Utfall.AVVIST).update(utfall=Utfall.AVVIST)
    rad.rader.exclude(utfall=Utfall.AVVIST).delete()
    rad.oppsummering = {**rad.oppsummering, "resultat": resultat}
    rad.status, rad.avsluttet = Status.FERDIG, timezone.now()
    rad.save(update_fields=["oppsummering", "status", "avsluttet"])


# --- both


def _fetch(arbeid: Arbeid) -> Folkeimport | None:
    return (
        Folkeimport.objects.select_related("nettverk", "lastet_opp_av")
        .filter(pk=arbeid.jobb.parametre.get("folkeimport"), nettverk=arbeid.jobb.nettverk_id)
        .first()
    )


def _how_far(ferdig: int, antall: int) -> str:
    tall = [number_format(n, force_grouping=n >= 10_000) for n in (ferdig, antall)]
    return _("Lagrer verv %(ferdig)s av %(antall)s") % {"ferdig": tall[0], "antall": tall[1]}
