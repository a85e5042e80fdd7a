"""Files in a unit's mellomarbeid: added, in an entry or to the whole, described, ordered and removed; and the answer to
whether there are faces, without which nobody else sees a picture."""

import uuid

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.filer import vedlegg as filvedlegg
from nettverk.filer.opplasting import GodkjentFil
from nettverk.filer.vedlegg import SkrevetFil
from nettverk.models import Nettverk, Person
from nettverk.skriving.konflikt import KanIkke
from rolu.mellomarbeid.logg import begin, open_for_writing
from rolu.mellomarbeid.utdrag import sentences
from rolu.models import Loggpost, Mellomarbeid, Vedlegg

ER_SLETTET = gettext_lazy("Fila er slettet av noen andre.")


def add(
    *, mellomarbeid: Mellomarbeid, filer: list[GodkjentFil], beskrivelse: str, by: Person
) -> list[Vedlegg]:
    """Keep the files. `beskrivelse` belongs to the picture when there is exactly one.

    The same file twice is kept once. Raises Lukket, and IkkePlass when there is no room for all of them.
    """
    blant = mellomarbeid.vedlegg.all()
    with filvedlegg.written(filer, blant=blant, nettverk=mellomarbeid.nettverk) as skrevet:
        arbeid = open_for_writing(mellomarbeid.pk)
        return _keep(arbeid, skrevet, blant=blant, post=None, beskrivelse=beskrivelse, by=by)


def add_to_entry(
    *,
    mellomarbeid: Mellomarbeid,
    noekkel: uuid.UUID,
    fase: str,
    filer: list[GodkjentFil],
    beskrivelse: str,
    by: Person,
) -> list[Vedlegg]:
    """Keep the files in the entry, which is made when they come before its first word, in `fase`.

    Otherwise as `add`. Raises Loggpost.DoesNotExist when the entry is another unit's.
    """
    blant = Vedlegg.objects.filter(loggpost__noekkel=noekkel)
    with filvedlegg.written(filer, blant=blant, nettverk=mellomarbeid.nettverk) as skrevet:
        arbeid = open_for_writing(mellomarbeid.pk)
        post = Loggpost.objects.filter(noekkel=noekkel).first()
        if post is None:
            # Its version is still 0: the form on the page, which opened it as that, may save.
            post = Loggpost.objects.create(
                mellomarbeid=arbeid, noekkel=noekkel, fase=fase, skrevet_av=by
            )
        elif post.mellomarbeid_id != arbeid.pk:
            raise Loggpost.DoesNotExist
        return _keep(arbeid, skrevet, blant=blant, post=post, beskrivelse=beskrivelse, by=by)


def _keep(
    arbeid: Mellomarbeid,
    skrevet: list[SkrevetFil],
    *,
    blant: QuerySet[Vedlegg],
    post: Loggpost | None,
    beskrivelse: str,
    by: Person,
) -> list[Vedlegg]:
    bilder = [fil for fil in skrevet if fil.om.mimetype.startswith("image/")]
    sist = blant.aggregate(plass=Max("plass"))["plass"] or 0
    nye = filvedlegg.keep(
        skrevet,
        blant=blant,
        nettverk=arbeid.nettverk,
        by=by,
        felt=lambda fil: {
            "mellomarbeid": arbeid,
            "loggpost": post,
            "plass": sist + 1,
            "liten": fil.liten,
            "alternativ_tekst": beskrivelse if bilder == [fil] else "",
        },
    )
    if nye:
        begin(arbeid)
    return nye


def those_of(filer: list[GodkjentFil], *, noekkel: uuid.UUID) -> list[Vedlegg]:
    """The files as they lie in the entry, whoever sent them and when."""
    summer = {fil.sha256 for fil in filer}
    return list(Vedlegg.objects.filter(loggpost__noekkel=noekkel, sha256__in=summer))


def proposal(post: Loggpost | None) -> str:
    """What the next picture of the entry may be called: the first sentence of what one wrote that no picture has
    yet. "" when there is none."""
    if post is None:
        return ""
    brukt = set(post.vedlegg.values_list("alternativ_tekst", flat=True))
    ord_ = sentences(f"{post.tekst}\n{post.merket}")
    return next((setning for setning in ord_ if setning not in brukt), "")


def stored(nettverk: Nettverk) -> int:
    """How many bytes the network's units have added."""
    return filvedlegg.size(Vedlegg.objects.filter(mellomarbeid__oppdrag__nettverk=nettverk))


@transaction.atomic
def remove(vedlegg: Vedlegg) -> None:
    """Remove the file, from the storage too once the row is surely gone. Raises Lukket."""
    open_for_writing(vedlegg.mellomarbeid_id)
    filvedlegg.remove(vedlegg)


@transaction.atomic
def describe(vedlegg: Vedlegg, *, beskrivelse: str) -> None:
    """Say what a picture shows, for those who do not see it. Raises Lukket."""
    open_for_writing(vedlegg.mellomarbeid_id)
    naa = _still(vedlegg)
    naa.alternativ_tekst = beskrivelse
    naa.save(update_fields=["alternativ_tekst"])


def _still(vedlegg: Vedlegg) -> Vedlegg:
    """The row as it stands, held. Raises KanIkke when somebody has removed it."""
    naa: Vedlegg | None = (
        Vedlegg.objects.select_for_update(of=["self"]).filter(pk=vedlegg.pk).first()
    )
    if naa is None:
        raise KanIkke(ER_SLETTET)
    return naa


@transaction.atomic
def move(vedlegg: Vedlegg, *, frem: bool) -> None:
    """One place nearer the beginning (`frem`), or the end, among those it stands with. Raises Lukket."""
    open_for_writing(vedlegg.mellomarbeid_id)
    alle = list(
        Vedlegg.objects.filter(mellomarbeid=vedlegg.mellomarbeid_id, loggpost=vedlegg.loggpost_id)
    )
    if vedlegg not in alle:
        raise KanIkke(ER_SLETTET)
    naa = alle.index(vedlegg)
    ny = max(naa - 1, 0) if frem else min(naa + 1, len(alle) - 1)
    alle.insert(ny, alle.pop(naa))
    for nummer, fil in enumerate(alle, start=1):
        if fil.plass != nummer:
            fil.plass = nummer
            fil.save(update_fields=["plass"])


@transaction.atomic
def answer(vedlegg: Vedlegg, *, ansikter: str, by: Person) -> Vedlegg:
    """Say whether there are faces in a picture or a film, and that those who are seen have consented; or, with
    "", take the answer back, so that others no longer see it. Also when the work is delivered: nothing
    in it is changed, only who sees it. Raises KanIkke for a file that is neither.
    """
    naa = _still(vedlegg)
    if not naa.viser_folk:
        raise KanIkke(_("Det er bare bilder og film som har ansikter."))
    if naa.ansikter != ansikter:
        naa.ansikter = ansikter
        naa.ansikter_av = by if ansikter else None
        naa.ansikter_svart = timezone.now() if ansikter else None
        naa.save(update_fields=["ansikter", "ansikter_av", "ansikter_svart"])
    return naa


def hang(poster: list[Loggpost], filer: list[Vedlegg]) -> list[Vedlegg]:
    """Gives each entry its `filer`; returns those that hang on none of them."""
    per_post: dict[int | None, list[Vedlegg]] = {}
    for fil in filer:
        per_post.setdefault(fil.loggpost_id, []).append(fil)
    for post in poster:
        post.filer = per_post.pop(post.pk, [])  # type: ignore[attr-defined]
    return [fil for fil in filer if fil.loggpost_id in per_post]
