"""A changed answer after the deadline: asked for by those who may answer, and settled by the coordinator."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.arbeid import brev
from nettverk.arbeid.brev import brevslag, key
from nettverk.arbeid.epost import hel_adresse
from nettverk.models import Gruppe, Person
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse, Endringsoenske, Gjest, Samling
from rolu.samlinger import paamelding
from rolu.samlinger.bekreftelse import sign_up_url
from rolu.samlinger.paamelding import FeilIFelt, Vara
from rolu.samlinger.tilstand import writing

ENDRINGSSVAR = brevslag(
    "rolu.endringssvar",
    gettext_lazy("Svar på ønske om endring"),
    tillatelse="rolu.change_samling",
    url=sign_up_url,
)
Svar, Tilstand = Endringsoenske.Svar, Endringsoenske.Tilstand


def ask(
    deltakelse: Deltakelse,
    *,
    oensker: str,
    tekst: str,
    by: Person,
    vara: Vara | None = None,
    dager: Collection[datetime.date] = (),
) -> Endringsoenske:
    """Ask for another answer; `vara` and the `dager` they come, when it is that somebody comes in the place. One wish
    at a time for each: a new one takes the place of the one that waits. KanIkke while one may still answer oneself,
    and when it has started; FeilIFelt for a substitute who is there already, or is wished for elsewhere."""
    with writing(deltakelse.samling) as samling:
        if not paamelding.can_ask_for_change(samling):
            paamelding.require_open(samling)
            raise KanIkke(_("Påmeldingen er åpen. Du kan endre svaret selv."))
        if vara:
            _require_unwished(samling, deltakelse, vara)
            paamelding.require_substitute(samling, deltakelse, vara=vara, by=by)
        rad, _ny = Endringsoenske.objects.update_or_create(
            deltakelse=deltakelse,
            tilstand=Tilstand.VENTER,
            defaults={
                "oensker": oensker,
                "tekst": tekst,
                "av": by,
                "vara_navn": vara.navn if vara else "",
                "vara_epost": vara.epost if vara else "",
                "vara_dager": (sorted(dager) or None) if vara else None,
            },
        )
    return rad


def _require_unwished(samling: Samling, deltakelse: Deltakelse, vara: Vara) -> None:
    """Raises FeilIFelt for an address that somebody has given for another place, and that waits."""
    andre = Endringsoenske.objects.waiting().filter(deltakelse__samling=samling)
    andre = andre.exclude(deltakelse=deltakelse)
    if vara.epost and andre.filter(vara_epost=vara.epost).exists():
        raise FeilIFelt(
            f"vara_epost_{deltakelse.verv_id}", _("Den samme varaen kan bare stå én gang.")
        )


def withdraw(oenske: Endringsoenske) -> None:
    """Take back a wish that nobody has answered, with what was written in it. Twice is once; KanIkke when it was
    answered meanwhile."""
    with writing(oenske.deltakelse.samling):
        rad = Endringsoenske.objects.select_for_update(of=["self"]).filter(pk=oenske.pk).first()
        if rad is not None and not rad.venter:
            raise KanIkke(_("Noen andre har allerede svart på ønsket."))
        forget_wishes([oenske.pk])


def forget_wishes(oensker: Collection[int]) -> None:
    """These wishes go, from the history too."""
    Endringsoenske.objects.filter(pk__in=oensker).delete()
    historie: Any = Endringsoenske
    historie.pgh_event_model.objects.filter(pgh_obj_id__in=oensker).delete()


def forget(deltakelser: Collection[int]) -> None:
    """The wishes about these go, with what was written in them, from the history too: the place is another
    person's now, or nobody's."""
    oensker = Endringsoenske.objects.filter(deltakelse__in=deltakelser)
    pks = list(oensker.values_list("pk", flat=True))
    if pks:
        forget_wishes(pks)


@transaction.atomic
def settle(oenske: Endringsoenske, *, godta: bool, by: Person) -> Endringsoenske:
    """Accept it, so that the answer becomes what was asked for (on the waiting list when it is full), or refuse
    it. Who asked, is told; the one who was named to come, is not kept here. Twice changes nothing; KanIkke when it
    was settled otherwise, it has started, or whoever was named is there already."""
    # The gathering first, as every answer does.
    with writing(oenske.deltakelse.samling) as samling:
        rad = (
            Endringsoenske.objects.select_for_update(of=["self"])
            .select_related("deltakelse__verv__person", "deltakelse__verv__gruppe__enhet", "av")
            .get(pk=oenske.pk)
        )
        ny = Tilstand.GODTATT if godta else Tilstand.AVSLAATT
        if rad.tilstand == ny:
            return rad
        if not rad.venter:
            raise KanIkke(_("Noen andre har allerede svart på ønsket."))
        rad.deltakelse.samling = samling
        venter = False
        if godta:
            venter = _carry_out(rad, by=by)
        elif not samling.er_forestaaende:
            paamelding.require_open(samling, uansett_frist=True)
        uten_epost = rad.oensker == Svar.VARA and not rad.vara_epost
        rad.tilstand, rad.behandlet, rad.behandlet_av = ny, timezone.now(), by
        rad.vara_navn, rad.vara_epost, rad.vara_dager = "", "", None
        rad.save(
            update_fields=[
                "tilstand",
                "behandlet",
                "behandlet_av",
                "vara_navn",
                "vara_epost",
                "vara_dager",
            ]
        )
        _tell(samling, rad, venter=venter, uten_epost=uten_epost, by=by)
    return rad


def _carry_out(oenske: Endringsoenske, *, by: Person) -> bool:
    """The answer becomes what was asked for: with a substitute, or instead of one, as whoever asked would have given
    it in the group's form. Returns whether a place is waited for."""
    plass = oenske.deltakelse
    if oenske.oensker == Svar.VARA or (
        oenske.oensker == Svar.NEI and paamelding.substitutes_of([plass])
    ):
        navn, epost = oenske.vara_navn, oenske.vara_epost
        try:
            linje = paamelding.substitute(
                plass,
                vara=Vara(navn, epost) if navn else None,
                dager=oenske.vara_dager or [],
                by=oenske.av or by,
            )
        except FeilIFelt as feil:
            raise KanIkke(str(feil)) from feil
        return linje.vara is not None and linje.vara.status == Gjest.Status.VENTER
    kommer = oenske.oensker == Svar.JA
    svar = paamelding.answer(plass, kommer=kommer, by=by, uansett_frist=True)
    return svar.status == Deltakelse.Status.VENTER


def _tell(
    samling: Samling, oenske: Endringsoenske, *, venter: bool, uten_epost: bool, by: Person
) -> None:
    if oenske.av is None or not oenske.av.is_active:
        return
    brev.queue(
        til=oenske.av,
        nettverk=samling.nettverk,
        slag=ENDRINGSSVAR,
        om=samling,
        mal="rolu/epost/endringssvar.txt",
        data={
            "samling": samling,
            "oenske": oenske,
            "om_seg_selv": oenske.av_id == oenske.deltakelse.verv.person_id,
            "venter": venter,
            "uten_epost": uten_epost,
            "url": hel_adresse(sign_up_url(samling)),
        },
        noekkel=key(ENDRINGSSVAR, samling, "oenske", oenske.pk),
        by=by,
    )


def waiting_for(
    samling: Samling, grupper: Iterable[Gruppe], person: Person
) -> list[Endringsoenske]:
    """The wishes that wait, of those the person may answer for here. One query."""
    egne = Endringsoenske.objects.waiting().filter(deltakelse__samling=samling)
    return list(
        (
            egne.filter(deltakelse__verv__gruppe__in=grupper)
            | egne.filter(deltakelse__verv__person=person)
        ).select_related("deltakelse__verv__person", "av")
    )


def to_settle(samling: Samling, gjester: Iterable[Gjest]) -> list[Endringsoenske]:
    """All that wait, for the coordinator, with who of the gathering's `gjester` is signed off if it is accepted. One
    query."""
    varaer = {g.for_verv_id: g for g in gjester if g.for_verv_id}
    rader = list(
        Endringsoenske.objects.waiting()
        .filter(deltakelse__samling=samling)
        .select_related("deltakelse__verv__person", "deltakelse__verv__gruppe__enhet", "av")
    )
    for rad in rader:
        naa = varaer.get(rad.deltakelse.verv_id)
        if naa and not Vara(rad.vara_navn, rad.vara_epost).is_as(naa):
            rad.vara_ut = naa.navn
    return rader
