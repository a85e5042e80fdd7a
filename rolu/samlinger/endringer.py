"""A changed answer after the deadline: asked for by those who may answer, and settled by the coordinator."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.arbeid import brev
from nettverk.arbeid.brev import Utkast, brevslag, key
from nettverk.arbeid.epost import hel_adresse
from nettverk.models import Gruppe, Nettverk, Person, Rolle, Verv
from nettverk.skriving.konflikt import KanIkke, Konflikt
from nettverk.skriving.laas import mark
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import kan
from rolu.models import Deltakelse, Endringsoenske, Gjest, Samling
from rolu.samlinger import paamelding
from rolu.samlinger.bekreftelse import sign_up_url
from rolu.samlinger.dager import days
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
    sett: str = "",
) -> Endringsoenske:
    """Ask for another answer; `vara` and the `dager` they come, when it is that somebody comes in the place. One wish
    at a time for each: a new one takes the place of the one that waits, when its mark (`stand`) is `sett`; else
    Konflikt. The very same twice is once. KanIkke while one may still answer oneself, when it has started, and when
    the place is gone; FeilIFelt for a substitute who is there already, or is wished for elsewhere."""
    with writing(deltakelse.samling) as samling:
        if not paamelding.can_ask_for_change(samling):
            paamelding.require_open(samling)
            raise KanIkke(_("Påmeldingen er åpen. Du kan endre svaret selv."))
        deltakelse = _held(deltakelse)
        if (oensker == Svar.VARA) != bool(vara and vara.navn):
            raise KanIkke(_("Skriv hvem som er vara, eller velg et annet svar."))
        dager = _some_days(samling, dager) if vara else []
        venter = Endringsoenske.objects.waiting().filter(deltakelse=deltakelse).first()
        if venter:
            if is_as(venter, oensker=oensker, tekst=tekst, vara=vara, dager=dager, by=by):
                return venter
            if stand(venter) != sett:
                raise Konflikt(venter)
        if vara:
            _require_may_name(deltakelse, by=by)
            _require_unwished(samling, deltakelse, vara)
            paamelding.require_substitute(samling, deltakelse, vara=vara)
        rad, _ny = Endringsoenske.objects.update_or_create(
            deltakelse=deltakelse,
            tilstand=Tilstand.VENTER,
            defaults={
                "oensker": oensker,
                "tekst": tekst,
                "av": by,
                "vara_navn": vara.navn if vara else "",
                "vara_epost": vara.epost if vara else "",
                "vara_dager": dager or None,
            },
        )
    return rad


def stand(oenske: Endringsoenske) -> str:
    """A mark of a wish that waits: a page opened before it was sent, or sent otherwise, carries another."""
    return mark(repr((oenske.pk, _content(oenske))))


def is_as(
    oenske: Endringsoenske,
    *,
    oensker: str,
    tekst: str,
    vara: Vara | None,
    dager: Collection[datetime.date],
    by: Person,
) -> bool:
    """Whether it is the very same wish, by the same person: sent twice."""
    hvem = vara or Vara("")
    return _content(oenske) == (oensker, tekst, hvem.navn, hvem.epost, sorted(dager), by.pk)


def _content(oenske: Endringsoenske) -> tuple[object, ...]:
    hvem = (oenske.vara_navn, oenske.vara_epost, oenske.vara_dager or [])
    return (oenske.oensker, oenske.tekst, *hvem, oenske.av_id)


def _held(deltakelse: Deltakelse) -> Deltakelse:
    """The place as it stands now, held. KanIkke when it is gone, or another's: whom the gathering is for, or who is
    in the group, was changed meanwhile."""
    rad = (
        Deltakelse.objects.select_for_update(of=["self"])
        .select_related("verv__person", "verv__gruppe")
        .filter(pk=deltakelse.pk, verv=deltakelse.verv_id)
        .first()
    )
    if rad is None:
        navn = deltakelse.verv.person.navn
        raise KanIkke(_("%(navn)s er ikke lenger invitert.") % {"navn": navn})
    return rad


def _require_may_name(deltakelse: Deltakelse, *, by: Person) -> None:
    """Raises KanIkke for one who does not answer for the group: a place is the group's to give to another."""
    if not kan(by, "rolu.change_paamelding", deltakelse.verv.gruppe):
        raise KanIkke(
            _("Bare den som svarer for gruppa, kan sette opp en vara for %(navn)s.")
            % {"navn": deltakelse.verv.person.navn}
        )


def _some_days(samling: Samling, dager: Collection[datetime.date]) -> list[datetime.date]:
    """Those days in order, none when it is all of them. KanIkke when some are not the gathering's."""
    alle = {dag.dato for dag in days(samling)}
    if not alle.issuperset(dager):
        raise KanIkke(
            _("Samlingen er flyttet til andre dager. Se over dagene, og send en gang til.")
        )
    return sorted(dager) if len(set(dager)) < len(alle) else []


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
    it. Who asked, or the group's leader in their place, is told; the one who was named to come, is not kept here.
    Twice changes nothing; KanIkke when it was taken back or settled otherwise, it has started, or whoever was named
    is there already."""
    # The gathering first, as every answer does.
    with writing(oenske.deltakelse.samling) as samling:
        rad = (
            Endringsoenske.objects.select_for_update(of=["self"])
            .select_related("deltakelse__verv__person", "deltakelse__verv__gruppe__enhet", "av")
            .filter(pk=oenske.pk)
            .first()
        )
        if rad is None:
            raise KanIkke(_("Ønsket er trukket tilbake."))
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
    utkastene = [
        Utkast(
            til,
            "rolu/epost/endringssvar.txt",
            key(ENDRINGSSVAR, samling, "oenske", oenske.pk, "person", til.pk),
            {
                "samling": samling,
                "oenske": oenske,
                "spurte_selv": til.pk == oenske.av_id,
                "venter": venter,
                "uten_epost": uten_epost,
                "url": hel_adresse(sign_up_url(samling)),
            },
        )
        for til in _to_tell(oenske)
    ]
    brev.queue_many(utkastene, nettverk=samling.nettverk, slag=ENDRINGSSVAR, om=samling, by=by)


def _to_tell(oenske: Endringsoenske) -> list[Person]:
    """Who asked, when they may still see the wish; else those who lead the group now."""
    if oenske.av and _may_see(oenske.av, oenske):
        return [oenske.av]
    ledere = Verv.objects.filter(
        gruppe=oenske.deltakelse.verv.gruppe_id,
        gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE,
        rolle=Rolle.FORMELL_LEDER,
        person__is_active=True,
    )
    return [verv.person for verv in ledere.gyldig().select_related("person")]


def _may_see(person: Person, oenske: Endringsoenske) -> bool:
    # Read anew: the page's own brings along the roles of who settles it.
    nettverk = Nettverk.objects.get(pk=oenske.nettverk.pk)
    synlige = Endringsoenske.objects.visible_to(roller_for(person, nettverk))
    return synlige.filter(pk=oenske.pk).exists()


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
