"""Writing what was confirmed, a batch at a time: compared once more, in the same transaction."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kommuner.enhetsimport.sammenligning import Importutfall, Vurdering, assess, avvist
from kommuner.enhetsimport.tolking import ANTALL, Post, Rammer
from kommuner.gyldighet import periode
from kommuner.models import Eierskap, Enhet, Enhetstall, Plassering
from kommuner.tabellfil.celler import Radfeil


def write(poster: list[Post], rammer: Rammer) -> list[Vurdering]:
    """Write a batch and tell what was really done; somebody may have changed a unit since the preview.

    All of the batch in one go; when another import got in between, one unit at a time, so that a
    collision stops only the unit that it is about.
    """
    try:
        with transaction.atomic():
            return _write_batch(poster, rammer)
    except IntegrityError:
        return [_write_one(post, rammer) for post in poster]


def _write_one(post: Post, rammer: Rammer) -> Vurdering:
    try:
        with transaction.atomic():
            return _write_batch([post], rammer)[0]
    except IntegrityError:
        grunn = _("Enheten ble endret av noen andre samtidig. Last opp fila på nytt.")
        return avvist(post, Radfeil("organisasjonsnummer", "kollisjon", grunn))


def _write_batch(poster: list[Post], rammer: Rammer) -> list[Vurdering]:
    vurderinger = [_answered(v) for v in assess(poster, rammer, laas=True)]
    nye = [v for v in vurderinger if v.utfall is Importutfall.NY]
    kjente = [v for v in vurderinger if v.enhet is not None and v.utfall is not Importutfall.AVVIST]
    for v in nye:
        v.enhet = Enhet(
            **{felt: verdi for felt, verdi in v.felt.items() if verdi is not None},
            gyldig=periode(rammer.per),
            opplysninger_per=rammer.per,
        )
    Enhet.objects.bulk_create([v.enhet for v in nye if v.enhet])
    _update(kjente, rammer.per)
    # What ends, ends before what follows it begins: no two places at once.
    Plassering.objects.bulk_update(
        [p for v in kjente for p in v.flyttet], ["gyldig"], batch_size=500
    )
    Plassering.objects.bulk_create(
        Plassering(enhet=v.enhet, kommune_id=kommune, gyldig=periode(fra, til))
        for v in vurderinger
        for kommune, fra, til in v.nye_plasseringer
    )
    _write_figures(vurderinger, rammer.aar)
    _write_ownership(
        [v for v in vurderinger if v.enhet and v.utfall is not Importutfall.AVVIST], rammer
    )
    return vurderinger


def _write_ownership(vurderinger: list[Vurdering], rammer: Rammer) -> None:
    """Who owned the unit until the day stands; from the day it is as the file says, until what is known next."""
    per = rammer.per
    kjente: dict[int, list[Eierskap]] = defaultdict(list)
    for e in Eierskap.objects.filter(enhet__in=[v.enhet for v in vurderinger]).order_by("gyldig"):
        if not e.gyldig.isempty:
            kjente[e.enhet_id].append(e)
    endret, nye = [], []
    for v in vurderinger:
        assert v.enhet is not None
        eierform = v.post.eierform
        eier = "" if "eier" in v.post.oedelagt else v.post.eier
        if not eierform and not eier:
            continue
        alle = kjente[v.enhet.pk]
        da = next((e for e in alle if e.er_gyldig(per)), None)
        neste = next((e for e in alle if e.fra and e.fra > per), None)
        if da and _same_owner(da, eierform, eier):
            if eier and not da.eier:  # more is known of the same
                da.eier = eier
                endret.append(da)
        elif da and da.fra == per:
            da.eierform, da.eier = eierform or da.eierform, eier
            endret.append(da)
        elif neste and not da and _same_owner(neste, eierform, eier):
            neste.gyldig = periode(per, neste.til)
            endret.append(neste)
        else:
            til = da.til if da else neste.fra if neste else None
            if da:
                da.gyldig = periode(da.fra, per)
                endret.append(da)
            nye.append(
                Eierskap(
                    enhet=v.enhet,
                    eierform=eierform or (da.eierform if da else ""),
                    eier=eier,
                    gyldig=periode(per, til),
                )
            )
    # What ends, ends before what follows it begins.
    Eierskap.objects.bulk_update(endret, ["gyldig", "eierform", "eier"], batch_size=500)
    Eierskap.objects.bulk_create(nye)


def _same_owner(kjent: Eierskap, eierform: str, eier: str) -> bool:
    """What the file leaves out says nothing."""
    return (not eierform or not kjent.eierform or eierform == kjent.eierform) and (
        not eier or not kjent.eier or eier.casefold() == kjent.eier.casefold()
    )


def _answered(v: Vurdering) -> Vurdering:
    """A unit like it has come since the preview, so nobody has said whether they are one."""
    if v.utfall is not Importutfall.SPOR:
        return v
    grunn = _("Ligner på «%(enhet)s», som kom inn i registeret etter at fila ble lest.")
    return avvist(v.post, Radfeil("navn", "ubesvart", grunn % {"enhet": v.kandidater[0].navn}))


def _update(vurderinger: list[Vurdering], per: datetime.date) -> None:
    endret, felt = [], {"opplysninger_per"}
    for v in vurderinger:
        assert v.enhet is not None
        for navn, verdi in v.felt.items():
            setattr(v.enhet, navn, verdi)
        felt |= v.felt.keys()
        nyere = v.enhet.opplysninger_per is None or v.enhet.opplysninger_per < per
        if nyere:
            v.enhet.opplysninger_per = per
        if v.felt or nyere:
            endret.append(v.enhet)
    Enhet.objects.bulk_update(endret, sorted(felt), batch_size=500)


def _write_figures(vurderinger: list[Vurdering], aar: int) -> None:
    """Add or change the year's figures; one that the file does not give keeps its value."""
    med_tall = {v.enhet.pk: v for v in vurderinger if v.enhet and v.tall}
    kjente = {
        t.enhet_id: t
        for t in Enhetstall.objects.select_for_update().filter(enhet__in=med_tall, aar=aar)
    }
    nye = []
    for enhet_id, v in med_tall.items():
        if rad := kjente.get(enhet_id):
            for felt, antall in v.tall.items():
                setattr(rad, felt, antall)
        else:
            nye.append(Enhetstall(enhet_id=enhet_id, aar=aar, **v.tall))
    Enhetstall.objects.bulk_create(nye)
    Enhetstall.objects.bulk_update(list(kjente.values()), list(ANTALL), batch_size=500)


@transaction.atomic
def end(enheter: Iterable[int], per: datetime.date) -> list[int]:
    """End units: `per` is the first day that they are no more. Answers the ids of those that were ended.

    Their places end with them. Nothing is deleted; one that has ended meanwhile is left alone.
    """
    funnet = list(
        Enhet.objects.select_for_update().gyldig(per).filter(pk__in=list(enheter)).order_by("pk")
    )
    for enhet in funnet:
        enhet.gyldig = periode(enhet.fra, per)
    Enhet.objects.bulk_update(funnet, ["gyldig"], batch_size=500)
    plasseringer = [
        p
        for p in Plassering.objects.filter(enhet__in=funnet)
        if not p.gyldig.isempty and (p.til is None or p.til > per)
    ]
    for p in plasseringer:
        p.gyldig = periode(p.fra, max(per, p.fra) if p.fra else per)
    Plassering.objects.bulk_update(plasseringer, ["gyldig"], batch_size=500)
    return [enhet.pk for enhet in funnet]
