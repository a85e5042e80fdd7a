"""A test network's gatherings and mellomarbeid, in bulk: ten years of gatherings, two assignments."""

import datetime
import itertools
import random
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.text import capfirst

from kommuner.models import Plassering
from nettverk.demo.testnettverk import purge
from nettverk.models import Gruppe, Mottakere, Nettverk, Person, Verv
from rolu.models import (
    Behov,
    Dagsoppmoete,
    Deltakelse,
    Deltakerkode,
    Endringsoenske,
    Gjest,
    Gruppetall,
    Innsjekkhendelse,
    Loggpost,
    Mellomarbeid,
    Oppdrag,
    Oppsummering,
    Oppsummeringsblokk,
    Praksisbruk,
    Praksisfortelling,
    Programpost,
    Saksvedlegg,
    Samling,
    Samlingsdag,
    Samlingsserie,
    Stoettehandling,
    Stoettesignal,
    Utfall,
    Vedlegg,
)

BUNKE = 2000
# Weeks from now: three gatherings of everybody are over, one is to come.
UKER = (-60, -34, -8, 6)
# Between and before them, ten years back: meetings and days of study for some of the groups.
UKER_SMAA = range(-518, -16, 20)
TYPER_SMAA = (
    Samling.Type.NETTVERKSMOETE,
    Samling.Type.FAGDAG,
    Samling.Type.TRENING,
    Samling.Type.NETTVERKSMOETE,
    Samling.Type.DIALOGKONFERANSE,
)
STORE_PLASSER, SMAA_PLASSER = 700, 40
PROGRAM = (
    ("Velkommen", 15, Programpost.Arbeidsform.PLENUM),
    ("Nytt siden sist", 45, Programpost.Arbeidsform.PLENUM),
    ("Pause", 15, Programpost.Arbeidsform.PAUSE),
    ("Å lede prosesser i egen enhet", 60, Programpost.Arbeidsform.PLENUM),
    ("Gruppearbeid på tvers av kommuner", 60, Programpost.Arbeidsform.GRUPPE),
    ("Lunsj", 45, Programpost.Arbeidsform.PAUSE),
    ("Verksted: fra plan til praksis", 75, Programpost.Arbeidsform.VERKSTED),
    ("Mellomarbeid til neste gang", 30, Programpost.Arbeidsform.REFLEKSJON),
)
TEKST = (
    "Vi prøvde arbeidsmåten i to grupper. Det som overrasket oss, var hvor mye som kom frem da vi ventet "
    "litt lenger før vi hjalp. Neste gang vil vi ha en observatør som bare lytter."
)


def make(nettverk: Nettverk) -> None:
    """Four gatherings in a series, of about 700 participations each, 26 small ones, two assignments."""
    rng = random.Random(nettverk.slug)
    samlinger = [_gathering(nettverk, nummer, uker) for nummer, uker in enumerate(UKER, start=1)]
    serie = Samlingsserie.objects.create(nettverk=nettverk, navn="ROLU-samlinger")
    Samling.objects.filter(pk__in=[s.pk for s in samlinger]).update(serie=serie)
    smaa = [
        _gathering(nettverk, nummer, uker, TYPER_SMAA[nummer % len(TYPER_SMAA)])
        for nummer, uker in enumerate(UKER_SMAA, start=1)
    ]
    leder = Verv.objects.filter(
        gruppe__nettverk=nettverk, gruppe__type=Gruppe.Type.KOORDINERINGSGRUPPE
    )[:1].get()
    kommune_av = _kommune_of_groups(nettverk)
    _participations(nettverk, [*samlinger, *smaa], kommune_av, leder.person, rng)
    for samling in samlinger[1:3]:
        _assignment(nettverk, samling, kommune_av, leder.person, rng)


def remove(nettverk: Nettverk) -> None:
    """Everything of this app in `nettverk`, history included."""
    mellomarbeid = Mellomarbeid.objects.filter(oppdrag__nettverk=nettverk)
    samlinger = Samling.objects.filter(nettverk=nettverk)
    fortellinger = Praksisfortelling.objects.filter(mellomarbeid__in=mellomarbeid)
    for rader in (
        Praksisfortelling.bilder.through.objects.filter(praksisfortelling__in=fortellinger),
        Praksisfortelling.temaer.through.objects.filter(praksisfortelling__in=fortellinger),
        Praksisbruk.objects.filter(fortelling__in=fortellinger),
        fortellinger,
        Stoettehandling.objects.filter(nettverk=nettverk),
        Stoettesignal.objects.filter(nettverk=nettverk),
        Vedlegg.objects.filter(mellomarbeid__in=mellomarbeid),
        Loggpost.objects.filter(mellomarbeid__in=mellomarbeid),
        mellomarbeid,
        Oppdrag.objects.filter(nettverk=nettverk),
        Endringsoenske.objects.filter(deltakelse__samling__in=samlinger),
        Behov.objects.filter(samling__in=samlinger),
        Innsjekkhendelse.objects.filter(samling__in=samlinger),
        Deltakerkode.objects.filter(samling__in=samlinger),
        Dagsoppmoete.objects.filter(samling__in=samlinger),
        Gruppetall.objects.filter(samling__in=samlinger),
        Gjest.objects.filter(samling__in=samlinger),
        Deltakelse.objects.filter(samling__in=samlinger),
        Utfall.objects.filter(samling__in=samlinger),
        Saksvedlegg.objects.filter(programpost__samling__in=samlinger),
        Programpost.objects.filter(samling__in=samlinger),
        Samlingsdag.objects.filter(samling__in=samlinger),
        Oppsummeringsblokk.objects.filter(samling__in=samlinger),
        Oppsummering.objects.filter(samling__in=samlinger),
        Samling.prosessledere.through.objects.filter(samling__in=samlinger),
        samlinger,
        Samlingsserie.objects.filter(nettverk=nettverk),
        Mottakere.objects.filter(nettverk=nettverk),
    ):
        purge(rader)


def _gathering(
    nettverk: Nettverk, nummer: int, uker: int, type_: str = Samling.Type.ROLU
) -> Samling:
    dag = timezone.localdate() + datetime.timedelta(weeks=uker)
    start = timezone.make_aware(datetime.datetime.combine(dag, datetime.time(9)))
    samling = Samling.objects.create(
        nettverk=nettverk,
        mottakere=Mottakere.objects.create(nettverk=nettverk, enheter=True),
        type=type_,
        tittel=f"{capfirst(Samling.Type(type_).label)} {nummer}",
        sted="Kulturhuset",
        start=start,
        slutt=start + datetime.timedelta(hours=6),
        status=Samling.Status.INVITERT if uker >= 0 else Samling.Status.OPPSUMMERING,
        publisert=start - datetime.timedelta(weeks=8),
        paameldingsfrist=dag - datetime.timedelta(weeks=1),
    )
    poster = []
    for tittel, varighet, arbeidsform in PROGRAM:
        poster.append(
            Programpost(
                samling=samling,
                start=start,
                varighet=varighet,
                tittel=tittel,
                arbeidsform=arbeidsform,
                notat=TEKST if uker < 0 and arbeidsform != Programpost.Arbeidsform.PAUSE else "",
            )
        )
        start += datetime.timedelta(minutes=varighet)
    Programpost.objects.bulk_create(poster)
    return samling


def _kommune_of_groups(nettverk: Nettverk) -> dict[int, int]:
    """group id → id of the kommune its unit lies in."""
    plasseringer = (
        Plassering.objects.filter(enhet__grupper__nettverk=nettverk)
        .gyldig()
        .values_list("enhet__grupper", "kommune")
    )
    return dict(plasseringer)


def _places(samlinger: Sequence[Samling], verv: Sequence[Verv]) -> Iterator[tuple[Samling, Verv]]:
    """Who is invited: everybody to the big gatherings, a stretch of the groups in turn to the small."""
    for nummer, samling in enumerate(samlinger):
        if samling.type == Samling.Type.ROLU:
            yield from itertools.product([samling], verv[:STORE_PLASSER])
        else:
            fra = nummer * SMAA_PLASSER % max(1, len(verv) - SMAA_PLASSER)
            yield from itertools.product([samling], verv[fra : fra + SMAA_PLASSER])


def _participations(
    nettverk: Nettverk,
    samlinger: Sequence[Samling],
    kommune_av: dict[int, int],
    by: Person,
    rng: random.Random,
) -> None:
    verv = list(
        Verv.objects.filter(gruppe__nettverk=nettverk).gyldig().order_by("pk").only("pk", "gruppe")
    )
    rader = []
    for samling, v in _places(samlinger, verv):
        paameldt = rng.random() < 0.85
        moett = samling.er_over and paameldt and rng.random() < 0.92
        svart = samling.start - datetime.timedelta(weeks=3)
        rader.append(
            Deltakelse(
                samling=samling,
                verv=v,
                kommune_id=kommune_av.get(v.gruppe_id),
                status=Deltakelse.Status.PAAMELDT if paameldt else Deltakelse.Status.AVMELDT,
                svart=svart,
                svart_av=by,
                moett=samling.start if moett else None,
                moett_registrert_av=by if moett else None,
            )
        )
    Deltakelse.objects.bulk_create(rader, batch_size=BUNKE)


def _assignment(
    nettverk: Nettverk,
    samling: Samling,
    kommune_av: dict[int, int],
    by: Person,
    rng: random.Random,
) -> None:
    oppdrag = Oppdrag.objects.create(
        nettverk=nettverk,
        mottakere=Mottakere.objects.create(nettverk=nettverk, enheter=True),
        samling=samling,
        tittel=f"Mellomarbeid etter {samling}",
        tekst="Prøv en arbeidsmåte fra samlingen, og skriv hva som skjedde.",
        frist=samling.dato + datetime.timedelta(weeks=10),
    )
    levert_andel = 0.9 if oppdrag.er_forfalt else 0.4
    grupper = Gruppe.objects.filter(nettverk=nettverk).utviklingsgrupper().order_by("pk")
    mellomarbeid = []
    for gruppe in grupper:
        levert = rng.random() < levert_andel
        mellomarbeid.append(
            Mellomarbeid(
                oppdrag=oppdrag,
                gruppe=gruppe,
                kommune_id=kommune_av.get(gruppe.pk),
                status=Mellomarbeid.Status.LEVERT if levert else Mellomarbeid.Status.KLADD,
                levert=samling.slutt + datetime.timedelta(weeks=3) if levert else None,
                levert_av=by if levert else None,
                delt=levert and rng.random() < 0.2,
            )
        )
    Mellomarbeid.objects.bulk_create(mellomarbeid, batch_size=BUNKE)
    poster = [
        Loggpost(
            mellomarbeid=m,
            fase=fase,
            dato=samling.dato + datetime.timedelta(days=3 * n),
            tekst=TEKST,
            versjon=1,
            skrevet_av=by,
        )
        for m in mellomarbeid
        for n, fase in enumerate(
            Loggpost.Fase.values[: 5 if m.er_levert else rng.randint(1, 3)], start=1
        )
    ]
    Loggpost.objects.bulk_create(poster, batch_size=BUNKE)
    Praksisfortelling.objects.bulk_create(
        [
            Praksisfortelling(
                mellomarbeid=m,
                om_alt=True,
                tittel=f"Det {m.gruppe} prøvde",
                tekst=TEKST,
                delt=m.levert or samling.slutt,
                delt_av=by,
            )
            for m in mellomarbeid
            if m.delt
        ],
        batch_size=BUNKE,
    )
