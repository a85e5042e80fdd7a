"""Hold a tankesmie: make it, open and freeze its questions one at a time, close it."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Prikk, Samtalesporsmaal, Tankesmie
from fremtidsbilder.tankesmier.bidrag import SENEST
from fremtidsbilder.tankesmier.stand import arranging, steering
from nettverk.models import Nettverk
from nettverk.side.kode import make_coded
from nettverk.skriving.konflikt import KanIkke

Status = Samtalesporsmaal.Status

# «Tell ned to minutter»
SNART = datetime.timedelta(minutes=2)
# So long after it is closed the phones' keys are kept: until then one may mend what one wrote, and take back a dot.
NOEKLER_BEHOLDES = datetime.timedelta(days=14)
# One without an end is left when nothing has happened in it for so long.
FORLATT = datetime.timedelta(days=90)
MAKS_SPORSMAAL = 30


@transaction.atomic
def make(
    nettverk: Nettverk,
    *,
    tittel: str,
    antall_bord: int = 0,
    sporsmaal: Iterable[str | Samtalesporsmaal] = (),
    **felt: Any,
) -> Tankesmie:
    """A tankesmie with its questions, in words or as rows that are not kept; none of them is open yet."""
    ny = make_coded(Tankesmie, nettverk=nettverk, tittel=tittel, antall_bord=antall_bord, **felt)
    rader = [Samtalesporsmaal(tekst=s) if isinstance(s, str) else s for s in sporsmaal]
    if len(rader) > MAKS_SPORSMAAL:
        raise _too_many()
    for nr, rad in enumerate(rader):
        rad.tankesmie, rad.rekkefolge = ny, nr
    Samtalesporsmaal.objects.bulk_create(rader)
    return ny


def _too_many() -> KanIkke:
    return KanIkke(
        _("Det er plass til %(n)s spørsmål. Slett et før du legger til et nytt.")
        % {"n": MAKS_SPORSMAAL}
    )


def rename(tankesmie: Tankesmie, *, tittel: str) -> None:
    """Call it something else."""
    with steering(tankesmie):
        tankesmie.tittel = tittel
        tankesmie.save(update_fields=["tittel"])


def set_tables(tankesmie: Tankesmie, *, antall_bord: int) -> None:
    """How many tables it has. What was written at a table that is no more, keeps its table."""
    with steering(tankesmie):
        tankesmie.antall_bord = antall_bord
        tankesmie.save(update_fields=["antall_bord"])


# --- the questions


def add_question(tankesmie: Tankesmie, *, tekst: str, hjelp: str = "") -> Samtalesporsmaal:
    """A question after the others."""
    with steering(tankesmie) as alle:
        if len(alle) >= MAKS_SPORSMAAL:
            raise _too_many()
        sist = tankesmie.sporsmaal.aggregate(nr=Max("rekkefolge"))["nr"]
        return Samtalesporsmaal.objects.create(
            tankesmie=tankesmie,
            tekst=tekst,
            hjelp=hjelp,
            rekkefolge=0 if sist is None else sist + 1,
        )


def reword_question(sporsmaal: Samtalesporsmaal) -> None:
    """Keep the other words of a question that is held (`arranging`), and of the help with it."""
    sporsmaal.save(update_fields=["tekst", "hjelp"])


def move_question(sporsmaal: Samtalesporsmaal, *, opp: bool) -> None:
    """Let a question that is to come change places with the one before it, or after. The outermost stays."""
    with steering(sporsmaal.tankesmie) as alle:
        naa = _the_one(alle, sporsmaal)
        if not naa.er_kommende:
            raise KanIkke(_("Spørsmålet er åpnet, så det kan ikke flyttes."))
        rekke = sorted(alle.values(), key=lambda rad: (rad.rekkefolge, rad.pk))
        plass = rekke.index(naa)
        rekke.insert(max(plass - 1, 0) if opp else plass + 1, rekke.pop(plass))
        for nr, rad in enumerate(rekke):
            if rad.rekkefolge != nr:
                rad.rekkefolge = nr
                rad.save(update_fields=["rekkefolge"])


def delete_question(sporsmaal: Samtalesporsmaal) -> None:
    """Take out a question that nobody has written to."""
    with arranging(sporsmaal) as naa:
        if not naa.er_kommende or naa.bidrag.exists():
            raise KanIkke(_("Spørsmålet er åpnet, så det kan ikke slettes."))
        if naa.bunker.exists():
            raise KanIkke(_("Skjemaer er skannet til spørsmålet, så det kan ikke slettes."))
        naa.delete()


def open_question(sporsmaal: Samtalesporsmaal, *, minutter: int | None = None) -> None:
    """Open it for writing, for the first time or again; the one that was open is frozen. With `minutter` the pads
    count down, and close nothing."""
    with steering(sporsmaal.tankesmie) as alle:
        if sporsmaal.tankesmie.er_over:
            raise KanIkke(_("Tankesmia er stengt. Åpne tankesmia igjen først."))
        naa = _the_one(alle, sporsmaal)
        for andre in alle.values():
            if andre.er_aapent and andre.pk != naa.pk:
                _freeze(andre)
        tid = timezone.now()
        naa.status, naa.frosset = Status.AAPENT, None
        naa.aapnet = tid
        naa.frist = tid + datetime.timedelta(minutes=minutter) if minutter else None
        naa.save(update_fields=["status", "frosset", "aapnet", "frist"])


def freeze_question(sporsmaal: Samtalesporsmaal) -> None:
    """No more is written. What was written before, and has not come yet, is still taken (`bidrag.contribute`)."""
    with steering(sporsmaal.tankesmie) as alle:
        naa = _the_one(alle, sporsmaal)
        if naa.er_aapent:
            _freeze(naa)


def soon_over(sporsmaal: Samtalesporsmaal) -> None:
    """Two minutes from now on the pads and the big screen."""
    with steering(sporsmaal.tankesmie) as alle:
        naa = _the_one(alle, sporsmaal)
        if not naa.er_aapent:
            raise KanIkke(_("Spørsmålet er ikke åpent."))
        naa.frist = timezone.now() + SNART
        naa.save(update_fields=["frist"])


def give_dots(sporsmaal: Samtalesporsmaal, *, prikker: int) -> None:
    """How many dots each phone may give; 0 ends the vote, and the dots that are given stand."""
    with arranging(sporsmaal) as naa:
        if prikker and naa.er_kommende:
            raise KanIkke(
                _("Spørsmålet har ikke vært åpent, så det er ingenting å gi prikker til.")
            )
        naa.prikker = prikker
        naa.save(update_fields=["prikker"])


def close(tankesmie: Tankesmie) -> None:
    """The code opens nothing more. What is open is frozen."""
    with steering(tankesmie) as alle:
        for sporsmaal in alle.values():
            if sporsmaal.er_aapent:
                _freeze(sporsmaal)
        if tankesmie.lukket is None:
            tankesmie.lukket = timezone.now()
            tankesmie.save(update_fields=["lukket"])


def reopen(tankesmie: Tankesmie) -> None:
    """The code works again, without an end when that has passed; the questions stay frozen until they are opened."""
    with steering(tankesmie):
        tankesmie.lukket = None
        if tankesmie.er_over:
            tankesmie.aapen_til = None
        tankesmie.save(update_fields=["lukket", "aapen_til"])


def _the_one(alle: dict[int, Samtalesporsmaal], sporsmaal: Samtalesporsmaal) -> Samtalesporsmaal:
    if sporsmaal.pk not in alle:
        raise KanIkke(_("Spørsmålet finnes ikke lenger."))
    return alle[sporsmaal.pk]


def _freeze(sporsmaal: Samtalesporsmaal) -> None:
    sporsmaal.status, sporsmaal.frosset, sporsmaal.frist = Status.FROSSET, timezone.now(), None
    sporsmaal.save(update_fields=["status", "frosset", "frist"])


# --- what is not kept


def close_ended(naa: datetime.datetime) -> int:
    """Close those whose time was out so long ago that nothing written before comes in any more, and those held for
    themselves that everybody has left."""
    aapne = Tankesmie.objects.filter(lukket__isnull=True)
    ute = [*aapne.filter(aapen_til__lt=naa - SENEST), *_forgotten(aapne, naa - FORLATT)]
    for tankesmie in ute:
        close(tankesmie)
    return len(ute)


def _forgotten(aapne: QuerySet[Tankesmie], foer: datetime.datetime) -> QuerySet[Tankesmie]:
    """Those without an end that were begun, and where nothing has been opened or written since."""
    egne = aapne.filter(frittstaaende=True, aapen_til__isnull=True)
    sist = egne.annotate(
        aapnet_sist=Max("sporsmaal__aapnet"), skrevet_sist=Max("sporsmaal__bidrag__skrevet")
    )
    stille = Q(skrevet_sist__isnull=True) | Q(skrevet_sist__lt=foer)
    return sist.filter(stille, aapnet_sist__lt=foer)


def purge(naa: datetime.datetime) -> int:
    """Forget the phones: the keys of what was written and of the dots, some days after the tankesmie was closed. What
    was said is kept; it is nobody's."""
    gamle = Tankesmie.objects.filter(lukket__lt=naa - NOEKLER_BEHOLDES).values("pk")
    # What came from a spreadsheet has no phone: by its key it is known when the same file comes once more.
    kort = Bidrag.objects.filter(sporsmaal__tankesmie__in=gamle, nokkel__isnull=False)
    kort = kort.exclude(kilde=Bidrag.Kilde.REGNEARK)
    prikker = Prikk.objects.filter(bidrag__sporsmaal__tankesmie__in=gamle, velger__isnull=False)
    return kort.update(nokkel=None) + prikker.update(velger=None)
