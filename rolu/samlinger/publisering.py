"""Publish a gathering, invite its audience, tell the leaders; call it off.

Inviting makes one Deltakelse per Verv that holds on the day of the gathering, and one letter per person
(`samlingsbrev`). Everything here is safe to run twice.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from nettverk.filer.vedlegg import forget_files
from nettverk.models import Gruppe, Mottakere, Person, Rolle, Verv
from nettverk.models.gruppe import VervQuerySet
from nettverk.mottakere.utvalg import keep, resolve, with_kommune
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Behov, Deltakelse, Gjest, Saksvedlegg, Samling
from rolu.samlinger import evaluering, samlingsbrev, samtaler, venteliste
from rolu.samlinger.behov import forget_needs
from rolu.samlinger.datovarsel import warnings_for
from rolu.samlinger.programplan import make_plan
from rolu.samlinger.tilstand import close_codes, hold, require_not_begun, require_unlocked


def audience(samling: Samling) -> Mottakere:
    """Who is meant: what was chosen, else what its type proposes, not kept yet (and perhaps nobody)."""
    if samling.mottakere:
        samling.mottakere.nettverk = samling.nettverk
        return samling.mottakere
    forslag = Mottakere(nettverk=samling.nettverk)
    if samling.type == Samling.Type.ROLU:
        forslag.enheter = True
    elif samling.type == Samling.Type.NETTVERKSMOETE:
        fag = Gruppe.objects.filter(nettverk=samling.nettverk, type=Gruppe.Type.FAGNETTVERK)
        forslag.grupper = list(fag.gyldig(samling.dato).values_list("pk", flat=True))
    return forslag


@transaction.atomic
def choose_audience(samling: Samling, *, mottakere: Mottakere) -> None:
    """Keep who is meant with the draft. Invites nobody. KanIkke when it is nobody."""
    laast = hold(samling)
    require_unlocked(laast)
    if not laast.er_utkast:
        raise KanIkke(_("Samlingen er allerede publisert."))
    keep_audience(laast, mottakere)


def keep_audience(samling: Samling, mottakere: Mottakere) -> None:
    """The same, of a gathering that is held, whatever its state."""
    if mottakere.er_tom:
        raise KanIkke(_("Velg hvem som skal inviteres."))
    samling.mottakere = keep(mottakere, over=samling.mottakere)
    samling.save(update_fields=["mottakere"])


def verv_to_invite(samling: Samling, mottakere: Mottakere | None = None) -> VervQuerySet:
    """The appointments that the audience reaches on the day of the gathering."""
    return resolve(mottakere or audience(samling), samling.dato)


def letters_to(samling: Samling, mottakere: Mottakere) -> VervQuerySet:
    """The appointments of `verv_to_invite` whose holders get an e-mail (`samlingsbrev.uninvited`)."""
    return verv_to_invite(samling, mottakere).filter(samlingsbrev.asks_for_letter(mottakere))


def doubts(samling: Samling) -> list[str]:
    """What one would be sorry to discover after publishing."""
    varsler = warnings_for(samling.dato)
    poster = list(samling.programposter.all())
    if not poster:
        varsler.append(_("Programmet er tomt."))
    varsler += make_plan(samling, poster).varsler
    if samling.er_over:
        varsler.append(_("Samlingen er over. Ingen får e-post."))
    elif samling.siste_svardag < timezone.localdate():
        varsler.append(_("Påmeldingsfristen har gått ut."))
    return varsler


def newcomers(samling: Samling) -> int:
    """How many people have come since the invitation went out; each is one, however many ways lead there."""
    return missing(samling).order_by().values("person").distinct().count()


def letters_to_new(samling: Samling) -> VervQuerySet:
    """Of those appointments, the ones whose holders get an e-mail: not who was invited by another already."""
    nye = missing(samling).filter(samlingsbrev.asks_for_letter(samling.mottakere))
    invitert = Deltakelse.objects.filter(samling=samling, invitasjon__isnull=False)
    en_gruppe_til = Q(
        rolle=Rolle.FORMELL_LEDER, gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE
    )  # `carries_invitation`
    return nye.filter(en_gruppe_til | ~Q(person__in=invitert.values("verv__person")))


def missing(samling: Samling) -> VervQuerySet:
    """Appointments that came after the invitation went out."""
    return verv_to_invite(samling).exclude(deltakelser__samling=samling)


def participations(samling: Samling, verv: VervQuerySet, **felt: Any) -> list[Deltakelse]:
    """Unsaved rows for `verv`, each with the kommune it belongs to on the day (`with_kommune`)."""
    rader = with_kommune(verv, samling.dato).values_list("pk", "kommune_da")
    return [
        Deltakelse(samling=samling, verv_id=pk, kommune_id=kommune, **felt) for pk, kommune in rader
    ]


@transaction.atomic
def publish(samling: Samling, *, by: Person, mottakere: Mottakere | None = None) -> int:
    """Publish and invite `mottakere` (without: `audience`); returns how many were invited. A second press
    invites only those missing.

    Keeps the audience with the gathering, writes the letters, and sets their sending in motion.
    """
    laast = hold(samling)
    require_unlocked(laast)
    if laast.er_avlyst:
        raise KanIkke(_("Samlingen er avlyst og kan ikke publiseres."))
    require_not_begun(laast)
    if laast.er_utkast:
        keep_audience(laast, mottakere or audience(laast))
        laast.status = Samling.Status.INVITERT
        laast.publisert = timezone.now()
        laast.save(update_fields=["status", "publisert"])
    samling.status, samling.publisert = laast.status, laast.publisert
    samling.mottakere = laast.mottakere
    return _invite(laast, by=by)


@transaction.atomic
def invite_new(samling: Samling, *, by: Person) -> int:
    """Invite those whom the audience has come to reach since the invitation; returns how many."""
    laast = hold(samling)
    require_inviting(laast)
    return _invite(laast, by=by)


def require_inviting(samling: Samling) -> None:
    """Raises KanIkke with the reason when nobody more can be invited."""
    require_unlocked(samling)
    require_not_begun(samling)
    if not samling.er_forestaaende:
        raise KanIkke(_("Bare en publisert samling som ikke er over, kan sende invitasjoner."))


def _invite(samling: Samling, *, by: Person) -> int:
    antall = add_participations(samling)
    borte = let_go_of_substitutes(samling)
    if borte:
        venteliste.fill(samling, by=by, gjester=borte)
    if not samling.er_over:
        samlingsbrev.queue_invitations(samling, by=by)
    return antall


def add_participations(samling: Samling) -> int:
    """One Deltakelse for each who should be there and is not, without any letter; returns how many people."""
    verv = verv_to_invite(samling)
    if not samling.er_over:
        # Whose Verv ends, is let go when it does (`overtakelse`); here those whom another day leaves out.
        utenfor = Deltakelse.objects.filter(
            samling=samling, status=Deltakelse.Status.INVITERT, moett__isnull=True
        ).exclude(verv__in=Verv.objects.gyldig(samling.dato).values("pk"))
        folk = list(utenfor.values_list("verv__person", flat=True))
        utenfor.delete()
        forget_needs(samling, folk)
    rader = participations(samling, verv.exclude(deltakelser__samling=samling))
    _carry_invitations(samling, rader)
    lagt_til = Deltakelse.objects.bulk_create(rader, ignore_conflicts=True)
    nye = Verv.objects.filter(pk__in=[rad.verv_id for rad in lagt_til])
    return nye.order_by().values("person").distinct().count()


def let_go_of_substitutes(samling: Samling) -> set[int]:
    """Decline the substitutes for those whose Verv does not hold on the day: nobody can take them out of a group
    in which the Verv is not. Returns their ids, for whoever tells them."""
    if samling.er_over:
        return set()
    varaer = Gjest.objects.filter(samling=samling, for_verv__isnull=False, moett=None)
    borte = set(
        varaer.exclude(status=Gjest.Status.AVMELDT)
        .exclude(for_verv__in=Verv.objects.gyldig(samling.dato).values("pk"))
        .values_list("pk", flat=True)
    )
    Gjest.objects.filter(pk__in=borte).update(status=Gjest.Status.AVMELDT, venter_siden=None)
    return borte


def carries_invitation(verv: Verv) -> bool:
    """Whether the invitation its holder has by another Verv is enough. Not for who leads one more
    utviklingsgruppe: that group is signed up by a letter of its own."""
    return not (verv.rolle == Rolle.FORMELL_LEDER and verv.gruppe.er_utviklingsgruppe)


def _carry_invitations(samling: Samling, rader: list[Deltakelse]) -> None:
    """Who is invited already, is not invited once more because another Verv reaches them too."""
    nye = {
        verv.pk: verv
        for verv in Verv.objects.filter(pk__in=[r.verv_id for r in rader]).select_related("gruppe")
    }
    invitert = dict(
        Deltakelse.objects.filter(
            samling=samling,
            invitasjon__isnull=False,
            verv__person__in={verv.person_id for verv in nye.values()},
        ).values_list("verv__person", "invitasjon")
    )
    for rad in rader:
        verv = nye[rad.verv_id]
        if carries_invitation(verv):
            rad.invitasjon_id = invitert.get(verv.person_id)


@transaction.atomic
def cancel(samling: Samling, *, by: Person) -> None:
    """Call the gathering off. Those who were told of it, are told of this; what has not gone of other
    letters about it, is stopped."""
    laast = hold(samling)
    if laast.er_avlyst:
        return
    require_cancellable(laast)
    laast.status = samling.status = Samling.Status.AVLYST
    laast.sekvens += 1
    laast.save(update_fields=["status", "sekvens"])
    Behov.objects.filter(samling=laast).delete()  # nobody orders anything for it
    close_codes(laast)
    samlingsbrev.queue_call_off(laast, by=by)


def require_cancellable(samling: Samling) -> None:
    require_unlocked(samling)
    require_not_begun(samling)
    if not samling.er_forestaaende:
        raise KanIkke(_("Bare en publisert samling som ikke er over, kan avlyses."))


def require_deletable(samling: Samling) -> None:
    require_unlocked(samling)
    if not samling.er_utkast or samling.oppdrag.exists():
        raise KanIkke(_("Bare et utkast uten oppdrag kan slettes."))


def delete_draft(samling: Samling) -> None:
    """Delete a draft with its programme and its documents. What has been published is called off instead."""
    with transaction.atomic():
        laast = hold(samling)
        require_deletable(laast)
        forget_files(list(Saksvedlegg.objects.about(laast)))
        samtaler.forget(laast)
        evaluering.forget(laast)
        laast.delete()
        if laast.mottakere:
            laast.mottakere.delete()
