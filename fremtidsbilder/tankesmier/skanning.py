"""Forms on paper that were scanned: put in as a bundle, parted in pages by a worker, and written in by a person who
reads each page. The pictures are seen only by those who lead the tankesmie, and are not kept."""

import datetime
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fremtidsbilder.models import (
    Bidrag,
    Samtalesporsmaal,
    Skannebunke,
    Skanneside,
    Stemmegruppe,
    Tankesmie,
)
from fremtidsbilder.tankesmier import moderering
from fremtidsbilder.tankesmier.bidragsbilder import forget_pages
from fremtidsbilder.tankesmier.paavegne import speak_for
from fremtidsbilder.tankesmier.stand import steering
from nettverk.arbeid.gjelder import find, gjelder
from nettverk.arbeid.jobber import Arbeid, Avbrutt, JobbFeil, jobbslag, order_jobb
from nettverk.arbeid.stans import stanser
from nettverk.filer import kvote, pdfsider, vedlegg
from nettverk.filer.lager import all_or_nothing
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models import Jobb, Nettverk, Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import held, hold

SLAG = "fremtidsbilder.skannebunke"
# In one bundle.
MAKS_SIDER = 300
MAKS_BILDER = 20
# So long after a page is dealt with one may look at its picture again; and so long what could not be parted lies.
BILDER_BEHOLDES = datetime.timedelta(days=30)
# So long a page waits for somebody to write it in.
UBEHANDLET_BEHOLDES = datetime.timedelta(days=90)

Tilstand = Skanneside.Tilstand
_NAVN = 150


# --- a bundle comes in


def keep_pdf(
    tankesmie: Tankesmie,
    *,
    fil: GodkjentFil,
    sider: int,
    sporsmaal: Samtalesporsmaal,
    gruppe: Stemmegruppe | None,
    by: Person,
) -> Skannebunke:
    """Keep a PDF of `sider` pages, and have a worker part it. Raises IkkePlass and Borte."""
    navn = _written([fil], Skannebunke, "fil")
    with transaction.atomic(), all_or_nothing(navn):
        bunke = _make(tankesmie, [fil], sporsmaal, gruppe, by)
        bunke.fil, bunke.bytes = navn[0], fil.bytes
        bunke.save()
        order(bunke, sider=sider, by=by)
        return bunke


def keep_pictures(
    tankesmie: Tankesmie,
    *,
    filer: list[GodkjentFil],
    sporsmaal: Samtalesporsmaal,
    gruppe: Stemmegruppe | None,
    by: Person,
) -> Skannebunke:
    """Keep pictures, a page each, in their order. Raises IkkePlass and Borte."""
    kvote.require_room(tankesmie.nettverk, sum(fil.bytes for fil in filer))
    navn = _written(filer, Skanneside, "bilde")
    with transaction.atomic(), all_or_nothing(navn):
        bunke = _make(tankesmie, filer, sporsmaal, gruppe, by)
        bunke.save()
        Skanneside.objects.bulk_create(
            Skanneside(bunke=bunke, nummer=nummer, bilde=sted, bytes=fil.bytes)
            for nummer, (sted, fil) in enumerate(zip(navn, filer, strict=True), start=1)
        )
        return bunke


def _written(filer: list[GodkjentFil], modell: type, felt: str) -> list[str]:
    """Before anything is held: a slow disk makes nobody else wait."""
    with all_or_nothing():
        return [vedlegg.write_file(modell, felt, fil.innhold) for fil in filer]


def _make(
    tankesmie: Tankesmie,
    filer: list[GodkjentFil],
    sporsmaal: Samtalesporsmaal,
    gruppe: Stemmegruppe | None,
    by: Person,
) -> Skannebunke:
    kvote.claim(tankesmie.nettverk, sum(fil.bytes for fil in filer))
    held(sporsmaal, _("Spørsmålet finnes ikke lenger."))
    return Skannebunke(
        tankesmie=tankesmie,
        sporsmaal=sporsmaal,
        gruppe=gruppe,
        navn=filer[0].navn[:_NAVN],
        bytes=0,
        lagt_inn_av=by,
    )


def order(bunke: Skannebunke, *, sider: int, by: Person) -> Jobb:
    """Have a worker part it; the work already under way when there is one."""
    return order_jobb(
        nettverk=bunke.tankesmie.nettverk,
        slag=SLAG,
        gjelder=gjelder(bunke),
        by=by,
        parametre={"tankesmie": bunke.tankesmie_id, "bunke": bunke.pk, "sider": sider},
    )


def order_again(bunke: Skannebunke, *, by: Person) -> None:
    """Have what was stopped half-way parted once more. Raises KanIkke when there is nothing left to part."""
    siste = _jobs([bunke]).get(bunke.pk)
    if not bunke.fil or siste is None:
        raise KanIkke(_("Fila er ikke her lenger, så bunken kan ikke deles på nytt."))
    order(bunke, sider=siste.parametre["sider"], by=by)


# --- it is parted


def _first_page(jobb: Jobb) -> str:
    assert jobb.nettverk is not None
    om = jobb.parametre
    argumenter = [jobb.nettverk.slug, om["tankesmie"], om["bunke"], 1]
    return reverse("fremtidsbilder:skanneside", args=argumenter)


@jobbslag(
    SLAG,
    tillatelse="fremtidsbilder.hold_tankesmie",
    bestill_tillatelse="fremtidsbilder.lead_all_tankesmier",
    resultat_tekst=gettext_lazy("Skriv inn sidene"),
    resultat_url=_first_page,
    resultat_ikon="rediger",
)
def part(arbeid: Arbeid) -> None:
    """Draw each page that is not drawn, and let the file go. A run that takes over goes on where the other stopped."""
    bunke = find(arbeid.jobb.gjelder)
    if not isinstance(bunke, Skannebunke):
        raise JobbFeil(_("Bunken er slettet."))
    if bunke.fil:
        try:
            _draw_all(arbeid, bunke)
        except FileNotFoundError as feil:
            raise JobbFeil(_("Fila er borte hos oss. Last den opp på nytt.")) from feil
        with arbeid.writing():
            naa = held(bunke, _("Bunken er slettet."))
            vedlegg.forget_files([naa])
            naa.fil, naa.bytes = "", 0
            naa.save(update_fields=["fil", "bytes"])
    arbeid.data["melding"] = _how_it_went(bunke)


def _draw_all(arbeid: Arbeid, bunke: Skannebunke) -> None:
    antall = arbeid.jobb.parametre["sider"]
    finnes = set(bunke.sider.values_list("nummer", flat=True))
    try:
        with bunke.fil.open("rb"), pdfsider.on_disk(bunke.fil) as disk:
            for nummer in (n for n in range(1, antall + 1) if n not in finnes):
                if stanser():
                    raise Avbrutt
                sagt = _("Side %(n)s av %(antall)s") % {"n": nummer, "antall": antall}
                arbeid.report(100 * (nummer - 1) // antall, sagt)
                _keep_page(arbeid, bunke, nummer, pdfsider.draw_page(disk, nummer) or b"")
    except ValidationError as feil:
        # Others have the machine, or its disk is full just now.
        if feil.code == "opptatt":
            raise Avbrutt from feil
        raise JobbFeil(feil.messages[0]) from feil


def _keep_page(arbeid: Arbeid, bunke: Skannebunke, nummer: int, bilde: bytes) -> None:
    """The page has a row also when it could not be drawn: whoever has the paper can still write it in."""
    navn = ""
    with all_or_nothing():
        # Before anything is held: a slow disk makes nobody else wait.
        if bilde:
            innhold = ContentFile(bilde, name=f"side-{nummer}.webp")
            navn = vedlegg.write_file(Skanneside, "bilde", innhold)
    with arbeid.writing(), all_or_nothing([navn] if navn else []):
        kvote.claim(bunke.tankesmie.nettverk, len(bilde))
        held(bunke, _("Bunken er slettet."))
        Skanneside.objects.create(bunke=bunke, nummer=nummer, bilde=navn, bytes=len(bilde))


def _how_it_went(bunke: Skannebunke) -> str:
    antall = bunke.sider.count()
    sagt = ngettext("%(n)s side.", "%(n)s sider.", antall) % {"n": antall}
    uten = bunke.sider.filter(bilde="", behandlet__isnull=True).values_list("nummer", flat=True)
    if numre := list(uten):
        sagt += " " + ngettext(
            "Vi fikk ikke laget bilde av side %(sider)s.",
            "Vi fikk ikke laget bilder av sidene %(sider)s.",
            len(numre),
        ) % {"sider": ", ".join(map(str, numre))}
    return sagt


# --- what there is


def bundles(tankesmie: Tankesmie) -> QuerySet[Skannebunke]:
    """Its bundles, the newest first, each with how many pages it has, how many are left, and the first of those."""
    venter = Q(sider__tilstand=Tilstand.VENTER)
    return tankesmie.bunker.select_related("sporsmaal", "gruppe").annotate(
        antall=Count("sider"),
        skrevet=Count("sider", filter=Q(sider__tilstand=Tilstand.SKREVET)),
        hoppet=Count("sider", filter=Q(sider__tilstand=Tilstand.HOPPET_OVER)),
        venter=Count("sider", filter=venter),
        neste=Min("sider__nummer", filter=venter),
    )


def latest_jobs(bunker: Iterable[Skannebunke]) -> dict[int, Jobb]:
    """Of those that are not parted yet: the work with each. One query."""
    return _jobs([bunke for bunke in bunker if bunke.fil])


def _jobs(bunker: list[Skannebunke]) -> dict[int, Jobb]:
    om = {gjelder(bunke): bunke.pk for bunke in bunker}
    jobber = Jobb.objects.filter(slag=SLAG, gjelder__in=om).order_by("pk") if om else []
    return {om[jobb.gjelder]: jobb for jobb in jobber}


def next_waiting(side: Skanneside) -> Skanneside | None:
    """The next page that nobody has dealt with: after this one, then before it, then in the other bundles."""
    venter = Skanneside.objects.filter(
        bunke__tankesmie=side.bunke.tankesmie_id, tilstand=Tilstand.VENTER
    ).exclude(pk=side.pk)
    denne = venter.filter(bunke=side.bunke_id)
    return (
        denne.filter(nummer__gt=side.nummer).first()
        or denne.first()
        or venter.exclude(bunke=side.bunke_id).order_by("bunke", "nummer").first()
    )


def neighbours(side: Skanneside) -> tuple[Skanneside | None, Skanneside | None]:
    """The page before, and the page after."""
    sider = Skanneside.objects.filter(bunke=side.bunke_id)
    return (
        sider.filter(nummer__lt=side.nummer).order_by("-nummer").first(),
        sider.filter(nummer__gt=side.nummer).first(),
    )


def written_of(side: Skanneside) -> QuerySet[Bidrag]:
    """The cards that were written in from the page and are not erased."""
    return side.bidrag.exclude(tekst="").select_related("gruppe", "sporsmaal")


# --- a page is written in


@dataclass(frozen=True)
class Avskrift:
    """What came of a page: its cards, and how many of them nobody sees before they are read once more."""

    kort: list[Bidrag]
    venter: int


@transaction.atomic
def write_in(
    side: Skanneside,
    *,
    sporsmaal: Samtalesporsmaal,
    gruppe: Stemmegruppe | None,
    antall: int,
    om_hvem: str,
    tekst: str,
    godkjenn: bool = False,
) -> Avskrift:
    """A card for each line of what stands on the page. With `godkjenn` whoever writes it in has read it and lets it
    out, but never what must be read once more. All or nothing: raises KanIkke, also when it is written in already."""
    naa = held(side, _("Bunken er slettet av noen andre."))
    if written_of(naa).exists():
        raise KanIkke(_("Denne siden er skrevet inn fra før. Det du skrev, er ikke lagret."))
    # All the questions at once, as whoever approves holds them: then no two wait for each other.
    with steering(sporsmaal.tankesmie) if godkjenn else nullcontext():
        kort = speak_for(
            sporsmaal,
            gruppe=gruppe,
            antall=antall,
            tekst=tekst,
            om_hvem=om_hvem,
            kilde=Bidrag.Kilde.SKANNET,
            skanneside=naa,
        )
        trygge = [k for k in kort if not k.skjult]
        if godkjenn and trygge:
            lest = {k.pk: moderering.seen(k) for k in trygge}
            moderering.decide(sporsmaal.tankesmie, lest, valg=moderering.GODKJENN)
    _deal_with(naa, Tilstand.SKREVET)
    return Avskrift(kort, len(kort) - len(trygge))


@transaction.atomic
def skip(side: Skanneside) -> None:
    """There is nothing to write in from the page. It can be written in later all the same. Raises KanIkke."""
    naa = held(side, _("Bunken er slettet av noen andre."))
    if naa.tilstand == Tilstand.SKREVET:
        raise KanIkke(_("Denne siden er skrevet inn fra før."))
    _deal_with(naa, Tilstand.HOPPET_OVER)


def _deal_with(side: Skanneside, tilstand: str) -> None:
    side.tilstand, side.behandlet = tilstand, timezone.now()
    side.save(update_fields=["tilstand", "behandlet"])


# --- what is not kept


@transaction.atomic
def forget(bunke: Skannebunke) -> None:
    """Take a bundle away with its pictures, from the storage too once the rows are surely gone. What was written in
    from it stays. Gone already is gone."""
    hold(bunke.tankesmie.nettverk)
    naa = Skannebunke.objects.select_for_update().filter(pk=bunke.pk).first()
    if naa is not None:
        forget_pages(naa.sider.all())
        vedlegg.forget_files([naa])
        naa.delete()


@transaction.atomic
def purge(naa: datetime.datetime) -> int:
    """Take away the pictures of the pages that were dealt with some time ago, of those that nobody has dealt with for
    long, and the files that nobody had parted. How many."""
    foer = naa - BILDER_BEHOLDES
    gjort = Q(behandlet__lt=foer) | Q(bunke__lagt_inn__lt=naa - UBEHANDLET_BEHOLDES)
    bilder = forget_pages(Skanneside.objects.filter(gjort).exclude(bilde=""))
    i_arbeid = Jobb.objects.active().filter(slag=SLAG).values_list("gjelder", flat=True)
    gamle = Skannebunke.objects.filter(lagt_inn__lt=foer).exclude(fil="").select_for_update()
    udelte = [bunke for bunke in gamle if gjelder(bunke) not in set(i_arbeid)]
    vedlegg.forget_files(udelte)
    Skannebunke.objects.filter(pk__in=[b.pk for b in udelte]).update(fil="", bytes=0)
    return bilder + len(udelte)


def stored(nettverk: Nettverk) -> int:
    """How many bytes the bundles and their pages take."""
    bunker = Skannebunke.objects.filter(tankesmie__nettverk=nettverk)
    sider = Skanneside.objects.filter(bunke__tankesmie__nettverk=nettverk)
    return vedlegg.size(bunker) + vedlegg.size(sider)
