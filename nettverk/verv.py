"""Appointments: who takes a place in a group, and who leaves it. History is never deleted.

Whoever appoints somebody types a name and an address, and learns nothing from the portal: the same is
done and shown whether the address is new, or belongs to an account of other networks. What was typed
stands in the network until that person has answered (`Ubesvart`).
"""

import datetime
import uuid
from collections.abc import Collection, Iterable, Sequence

from django.contrib.auth import user_logged_in
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ForeignObjectRel, ProtectedError, Q, QuerySet
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pghistory.models import Event
from psycopg.types.range import DateRange

from kommuner.gyldighet import idag, periode
from kommuner.models import Kommune
from nettverk.arbeid.brev import brevslag, queue_account, withdraw
from nettverk.arbeid.epost import hel_adresse
from nettverk.flater import Etterlatt
from nettverk.models import Brev, Gruppe, Nettverk, Partner, Person, Rolle, Ubesvart, Verv
from nettverk.models.gruppe import VervQuerySet
from nettverk.models.rolle import ENHETSROLLER
from nettverk.mottakere.folk import replace_person
from nettverk.overtakelse import hand_over, succession
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.grenser import Grense
from nettverk.sikkerhet.logg import hendelsesslag, record
from nettverk.sikkerhet.vakt import VERV_ENDRET, note_many
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import hold
from nettverk.tilgang.roller import coordinators

LAGT_TIL = brevslag("nettverk.lagt_til", gettext_lazy("Du er lagt til i et nettverk"))
OPPSLAG_FULLT = hendelsesslag(
    "nettverk.oppslag_fullt", gettext_lazy("Har lagt til svært mange personer på kort tid")
)
SVARTE_JA = hendelsesslag("nettverk.svarte_ja", gettext_lazy("Sa ja til å være med i et nettverk"))
SVARTE_NEI = hendelsesslag(
    "nettverk.svarte_nei", gettext_lazy("Sa nei til å være med i et nettverk")
)

# Each attempt is a look-up of an address. A coordinator registers a whole network in a day.
_TIME, _DAG = datetime.timedelta(hours=1), datetime.timedelta(days=1)
_GRENSER = (Grense("nettverk.oppslag_time", 60, _TIME), Grense("nettverk.oppslag_dag", 200, _DAG))
_GRENSER_KOORDINATOR = (
    Grense("nettverk.oppslag_time_k", 400, _TIME),
    Grense("nettverk.oppslag_dag_k", 1500, _DAG),
)
# A whole network by import, and as much again; by network, so that two coordinators have no more than one.
# Only addresses that the network does not know count: the others are no look-up.
_IMPORT = Grense("nettverk.oppslag_import", 3_000, _DAG)
_SAGT = Grense("nettverk.oppslag_sagt", 1, _TIME)
# Somebody who said no is not asked by letter again and again.
_SPURT = Grense("nettverk.spurt", 1, datetime.timedelta(days=30))


# --- who is it


def count_lookup(*, by: Person, nettverk: Nettverk, er_koordinator: bool) -> None:
    """Count an attempt to appoint somebody. Raises KanIkke when there have been too many."""
    tatt = [
        grenser.take(grense, by.pk)
        for grense in (_GRENSER_KOORDINATOR if er_koordinator else _GRENSER)
    ]
    if all(tatt):
        return
    if grenser.take(_SAGT, by.pk):
        record(OPPSLAG_FULLT, person=by, nettverk=nettverk)
    raise KanIkke(_("Du har lagt til svært mange på kort tid. Vent en time, og prøv igjen."))


def count_import(*, by: Person, nettverk: Nettverk, antall: int) -> None:
    """Count the unknown addresses of an import. Raises KanIkke when there are too many in a day; then none
    of them count."""
    if not antall or grenser.take(_IMPORT, nettverk.pk, antall=antall):
        return
    grenser.give_back(_IMPORT, nettverk.pk, antall=antall)
    if grenser.take(_SAGT, by.pk):
        record(OPPSLAG_FULLT, person=by, nettverk=nettverk)
    raise KanIkke(
        _(
            "Nettverket har lagt til svært mange nye personer i dag. Vent til i morgen, og bekreft igjen."
        )
    )


def known_in(nettverk: Nettverk, epost: str) -> Person | None:
    """Whom the network means by an address: a member of it today or soon, or the stand-in for somebody
    who has not answered. None for everybody else, whether or not they have an account."""
    return known_among(nettverk, [epost]).get(epost)


def known_among(nettverk: Nettverk, eposter: Collection[str]) -> dict[str, Person]:
    """The same of many addresses at once."""
    med = Verv.objects.filter(gruppe__nettverk=nettverk, gyldig__overlap=periode(idag()))
    kjente = (
        Person.objects.filter(
            Q(epost__in=eposter, pk__in=med.values("person"))
            | Q(epost__in=eposter, ubesvart__nettverk=nettverk)
            | Q(ubesvart__nettverk=nettverk, ubesvart__konto__epost__in=eposter)
        )
        .annotate(kontoens=F("ubesvart__konto__epost"))
        # The member last, to stand, when the person is both: the administrator made them one.
        .order_by(F("ubesvart__konto").desc(nulls_last=True))
    )
    return {person.kontoens or person.epost: person for person in kjente}


def choosable_roles(nettverk: Nettverk, *, utviklingsgruppe: bool) -> list[Rolle]:
    """The roles somebody may be given in an utviklingsgruppe of the network, or in another group."""
    if utviklingsgruppe:
        # Others are involved too, as members or observers – the group decides.
        egne = [*ENHETSROLLER, Rolle.MEDLEM, Rolle.OBSERVATOR]
        return [Rolle(r) for r in dict.fromkeys([*nettverk.paakrevde_roller, *egne])]
    utenfor = {*ENHETSROLLER} - {Rolle.TILLITSVALGT}
    return [r for r in Rolle if r not in utenfor]


def within(gruppe: Gruppe, gyldig: DateRange) -> DateRange:
    """The days of `gyldig` on which the group stands: a Verv lasts no longer than its group.

    Raises KanIkke when the group has ended before.
    """
    if gruppe.gyldig.isempty:
        raise KanIkke(_("Gruppa er ikke i nettverket lenger."))
    if gruppe.til is None or gyldig.isempty:
        return gyldig
    if gyldig.lower is not None and gyldig.lower >= gruppe.til:
        raise KanIkke(
            _("Gruppa er avsluttet. Siste dag er %(dato)s.")
            % {"dato": date_format(gruppe.til - datetime.timedelta(days=1))}
        )
    return DateRange(gyldig.lower, min(gyldig.upper or gruppe.til, gruppe.til))


@transaction.atomic
def appoint(
    *,
    gruppe: Gruppe,
    navn: str,
    epost: str,
    rolle: str,
    gyldig: DateRange,
    by: Person,
    tittel: str = "",
    representerer: Kommune | None = None,
    representerer_partner: Partner | None = None,
    spoer: bool = True,
) -> Verv:
    """Give a person a place in `gruppe`; the typed name is theirs here until they have answered.

    One the network knows already keeps the name they have. A new address becomes an account. An address
    whose account belongs elsewhere gets a stand-in, and a letter that asks; not with `spoer=False`, when
    an invitation (`nettverk.invitasjon`) asks everybody in the same words. `gyldig` is a DateRange.
    Raises IntegrityError when the person already has that role in the group at the time (the form asks
    first).
    """
    # A group that ends meanwhile is seen.
    gyldig = within(Gruppe.objects.held().get(pk=gruppe.pk), gyldig)
    epost = epost.strip().lower()
    person = people_for({epost: navn}, nettverk=gruppe.nettverk, by=by, spoer=spoer)[epost]
    return Verv.objects.create(
        person=person,
        gruppe=gruppe,
        rolle=rolle,
        tittel=tittel,
        representerer=representerer,
        representerer_partner=representerer_partner,
        gyldig=gyldig,
    )


@transaction.atomic
def people_for(
    navnene: dict[str, str], *, nettverk: Nettverk, by: Person | None, spoer: bool = True
) -> dict[str, Person]:
    """Whom the network means by each of the addresses (small letters); those it does not know are written
    down with the name that was typed. As many queries for one as for many."""
    take_turns(navnene)
    kjente = known_among(nettverk, navnene)
    ukjente = {epost: navn for epost, navn in navnene.items() if epost not in kjente}
    return kjente | _write_down(ukjente, nettverk=nettverk, by=by, spoer=spoer)


def take_turns(eposter: Iterable[str]) -> None:
    """One at a time writes an address down, until the transaction ends: two at once would each make a row,
    and the second would take the first one's for an account that stood already. Many are taken in one
    order, so that two imports never wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(n) FROM (SELECT DISTINCT hashtextextended(e, 0) AS n"
            " FROM unnest(%s::text[]) AS e ORDER BY 1) AS turer",
            [[f"verv:{epost}" for epost in eposter]],
        )


def _write_down(
    navnene: dict[str, str], *, nettverk: Nettverk, by: Person | None, spoer: bool
) -> dict[str, Person]:
    """A row of their own in either case: nobody can tell one from the other."""
    if not navnene:
        return {}
    kontoer = {konto.epost: konto for konto in Person.objects.filter(epost__in=navnene)}
    nye: dict[str, Person] = {}
    for epost, navn in navnene.items():
        if epost in kontoer:
            adresse, oppgitt = f"{uuid.uuid4().hex}@ubesvart.invalid", epost
        else:
            adresse, oppgitt = epost, ""
        nye[epost] = Person(epost=adresse, navn=navn, oppgitt_epost=oppgitt)
        nye[epost].set_unusable_password()
    Person.objects.bulk_create(nye.values())
    Ubesvart.objects.bulk_create(
        Ubesvart(person=person, konto=kontoer.get(epost), nettverk=nettverk, skrevet_av=by)
        for epost, person in nye.items()
    )
    for konto in kontoer.values() if spoer else ():
        if konto.is_active and grenser.take(_SPURT, konto.pk, nettverk.pk):
            _ask(konto, nettverk)
    return nye


def may_write_to(epost: str, nettverk: Nettverk) -> bool:
    """Whether whoever has the address may get a letter about a place in the network. One in a month, and
    none for a month after a no; counted when asked."""
    konto = Person.objects.filter(epost=epost, ubesvart__isnull=True).first()
    if konto is not None and grenser.is_full(_SPURT, konto.pk, nettverk.pk):
        return False
    return grenser.take(_SPURT, epost, nettverk.pk)


def _ask(konto: Person, nettverk: Nettverk) -> None:
    with translation.override(konto.spraak or nettverk.maalform):
        queue_account(
            til=konto,
            epost=konto.epost,
            slag=LAGT_TIL,
            emne=_("Du er lagt til i %(nettverk)s") % {"nettverk": nettverk.navn},
            tekst=_(
                "Noen har lagt deg til i %(nettverk)s. Nettverket ser ikke hvem du er før du har svart ja.\n\nLogg inn og svar ja eller nei her:\n%(adresse)s\n\nKjenner du ikke nettverket, kan du svare nei.\n"
            )
            % {"nettverk": nettverk.navn, "adresse": hel_adresse(reverse("nettverk:konto_svar"))},
        )


# --- the answer


@receiver(user_logged_in)
def answer_by_signing_in(user: Person, **kwargs: object) -> None:
    """A new account has answered when somebody signs in to it: whoever that is, has the address."""
    Ubesvart.objects.filter(person=user, konto=None).delete()


def unanswered_by(person: Person) -> QuerySet[Ubesvart]:
    """The networks that have written the person down, and wait for a yes or a no."""
    return Ubesvart.objects.filter(konto=person).select_related("nettverk", "skrevet_av")


@transaction.atomic
def accept(ubesvart: Ubesvart) -> None:
    """«Ja, det er meg»: what the stand-in held in the network is the person's own, and the stand-in is gone.

    Raises KanIkke when it is answered already.
    """
    ubesvart = _still_unanswered(ubesvart)
    stedfortreder, konto = ubesvart.person, ubesvart.konto
    assert konto is not None
    ubesvart.delete()
    for relasjon in _about_people():
        _give(relasjon, stedfortreder, konto)
    replace_person(stedfortreder, konto)
    try:
        with transaction.atomic():
            stedfortreder.delete()
    except ProtectedError:  # something could not be given: the person had the same already
        _end_all(stedfortreder)
        Person.objects.filter(pk=stedfortreder.pk).update(is_active=False)
    record(SVARTE_JA, person=konto, nettverk=ubesvart.nettverk)


@transaction.atomic
def decline(ubesvart: Ubesvart) -> None:
    """«Nei, det er ikke meg»: the Verv end today, and no more letters go. The typed name stays in the
    network's history, as it was typed. Raises KanIkke when it is answered already."""
    ubesvart = _still_unanswered(ubesvart)
    stedfortreder, konto = ubesvart.person, ubesvart.konto
    ubesvart.delete()
    _end_all(stedfortreder)
    withdraw(Brev.objects.filter(til=stedfortreder))
    stedfortreder.is_active = False
    stedfortreder.oppgitt_epost = ""
    stedfortreder.save(update_fields=["is_active", "oppgitt_epost"])
    # Perhaps it was an invitation that asked: either way no letter asks again for a while.
    if konto is not None:
        grenser.take(_SPURT, konto.pk, ubesvart.nettverk_id)
    record(SVARTE_NEI, person=konto, nettverk=ubesvart.nettverk)


def _still_unanswered(ubesvart: Ubesvart) -> Ubesvart:
    """The row, locked: of two answers at once the first one holds. The groups before it, for whoever
    ends or corrects one of the Verv lets go of what waits for an answer last."""
    verv = Verv.objects.filter(person=ubesvart.person_id)
    list(Gruppe.objects.filter(pk__in=verv.values("gruppe")).held().values_list("pk"))
    rad = Ubesvart.objects.select_for_update().filter(pk=ubesvart.pk).first()
    if rad is None:
        raise KanIkke(_("Du har allerede svart."))
    return rad


def _about_people() -> list[ForeignObjectRel]:
    """Every column that points at a person, but those of the history: it says what was."""
    return [
        felt
        for felt in Person._meta.get_fields(include_hidden=True)
        if isinstance(felt, ForeignObjectRel)
        and not felt.many_to_many
        and felt.related_model._meta.app_label != "pghistory"
        and not issubclass(felt.related_model, Event)
    ]


def _give(relasjon: ForeignObjectRel, fra: Person, til: Person) -> None:
    felt = relasjon.field.name
    rader = relasjon.related_model._base_manager.filter(**{felt: fra})
    try:
        with transaction.atomic():
            rader.update(**{felt: til})
    except IntegrityError:
        for rad in rader:
            try:
                with transaction.atomic():
                    rader.filter(pk=rad.pk).update(**{felt: til})
            except IntegrityError:  # theirs already
                continue


def _end_all(person: Person) -> None:
    slutter = [verv for verv in held(person.verv.all()) if can_end(verv)]
    for verv in slutter:
        verv.end()
    hand_over(succession(slutter, idag()), by=None)


@transaction.atomic
def close_unanswered(nettverk: Nettverk, personer: Collection[int]) -> None:
    """Those of `personer` with no Verv left in the network today or later are waited for no longer: no
    letters go, and a stand-in is gone. An account stays, with nothing here."""
    har = Verv.objects.filter(
        gruppe__nettverk=nettverk, person__in=personer, gyldig__overlap=periode(idag())
    )
    uten = set(personer) - set(har.values_list("person", flat=True))
    if not uten:
        return
    withdraw(Brev.objects.filter(nettverk=nettverk, til__in=uten))
    ubesvarte = Ubesvart.objects.filter(nettverk=nettverk, person__in=uten)
    stedfortredere = list(ubesvarte.exclude(konto=None).values_list("person", flat=True))
    ubesvarte.delete()
    Person.objects.filter(pk__in=stedfortredere).update(is_active=False, oppgitt_epost="")


# --- the end


@transaction.atomic
def end(*, verv: Verv, siste_dag: datetime.date, by: Person) -> list[Etterlatt]:
    """End an appointment after `siste_dag`; access ends with it, the history stays. What lay ahead goes to
    the successor or closes, and is returned.

    Raises KanIkke when nobody would coordinate the network afterwards; the administrator may.
    """
    slutt = siste_dag + datetime.timedelta(days=1)
    require_coordinator_besides([verv], fra=slutt, by=by)
    # It may be annulled, corrected or ended at this moment.
    [rad] = held([verv])
    if not can_end(rad):
        raise KanIkke(_("Vervet er allerede avsluttet."))
    rad.end(slutt)
    verv.gyldig = rad.gyldig
    return hand_over(succession([rad], slutt), by=by)


def held(verv: Collection[Verv]) -> list[Verv]:
    """`verv` as they stand now, after their groups: nobody else ends them, or takes a place beside them,
    until the transaction ends. When the network is held too, it is held before."""
    list(Gruppe.objects.filter(pk__in={ett.gruppe_id for ett in verv}).held().values_list("pk"))
    rader = Verv.objects.filter(pk__in=[ett.pk for ett in verv]).held()
    return list(rader.select_related("person", "gruppe__nettverk"))


def require_coordinator_besides(verv: Sequence[Verv], *, fra: datetime.date, by: Person) -> None:
    """Raises KanIkke when nobody would coordinate the network on `fra` without `verv`, which are all of one
    network; the administrator may."""
    disse = Verv.objects.filter(pk__in=[ett.pk for ett in verv])
    if not by.is_superuser and not coordinated_without(
        disse, nettverk=verv[0].gruppe.nettverk, fra=fra
    ):
        raise KanIkke(last_coordinator())


def last_coordinator() -> str:
    """Why a Verv cannot end, in plain words."""
    return _(
        "Nettverket må alltid ha noen som koordinerer det. Utnevn en annen først, og vent til den nye koordinatoren har vært inne."
    )


def coordinated_without(verv: VervQuerySet, *, nettverk: Nettverk, fra: datetime.date) -> bool:
    """Whether somebody still coordinates the network on `fra` without `verv`: one who has answered and can
    sign in. True when none of `verv` coordinates.

    Holds the network, so of two who end each other's at the same moment the second waits here, and
    sees what the first did.
    """
    if not coordinators(verv.filter(gruppe__nettverk=nettverk)).exists():
        return True
    hold(nettverk)
    return others_coordinate(verv, nettverk=nettverk, fra=fra)


def others_coordinate(verv: VervQuerySet, *, nettverk: Nettverk, fra: datetime.date) -> bool:
    """The same of a network that nobody holds: as it stands, for a preview."""
    koordinatorene = coordinators(Verv.objects.filter(gruppe__nettverk=nettverk))
    andre = koordinatorene.gyldig(fra).exclude(pk__in=verv.values("pk"))
    return andre.filter(person__is_active=True, person__ubesvart__isnull=True).exists()


def end_many(
    verv: Collection[Verv], *, siste_dag: datetime.date, by: Person | None
) -> list[Etterlatt]:
    """The same of many; the caller leaves somebody who coordinates. What has ended meanwhile stands. As many
    queries for one as for many, but for the security log."""
    slutt = siste_dag + datetime.timedelta(days=1)
    rader = [rad for rad in held(verv) if _lasts_beyond(rad, slutt)]
    for rad in rader:
        rad.gyldig = rad.ended(slutt)
    Verv.objects.bulk_update(rader, ["gyldig"])
    note_many(VERV_ENDRET, rader, by=by, felt=["gyldig"])
    return hand_over(succession(rader, slutt), by=by)


def end_with_groups(grupper: Collection[Gruppe], slutt: datetime.date) -> None:
    """Groups that are held end (`slutt` is the first day without), and the Verv in them with them."""
    verv = Verv.objects.filter(gruppe__in=grupper).select_related("person", "gruppe__nettverk")
    siste_dag = slutt - datetime.timedelta(days=1)
    end_many([v for v in verv if _lasts_beyond(v, slutt)], siste_dag=siste_dag, by=None)
    for gruppe in grupper:
        if _lasts_beyond(gruppe, slutt):
            gruppe.end(slutt)


def _lasts_beyond(ting: Verv | Gruppe, slutt: datetime.date) -> bool:
    return not ting.gyldig.isempty and (ting.til is None or ting.til > slutt)


def can_end(verv: Verv) -> bool:
    """Whether it still holds, or will."""
    return _lasts_beyond(verv, idag())
