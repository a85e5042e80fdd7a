"""Sign-up: a leader answers for the whole group in one step; a member answers for themselves."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.models import Gruppe, Person, Rolle, Verv
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.grenser import Grense
from nettverk.skriving.konflikt import KanIkke, Konflikt
from nettverk.skriving.laas import mark
from rolu.models import Deltakelse, Gjest, Gruppetall, Samling
from rolu.models.deltakelse import RANG, SVARFELT, svar_of
from rolu.samlinger import bekreftelse, venteliste
from rolu.samlinger.behov import forget_needs
from rolu.samlinger.oppmoete import Tall
from rolu.samlinger.publisering import audience, participations, verv_to_invite
from rolu.samlinger.tilstand import require_not_begun, require_unlocked, writing

S = Deltakelse.Status
_INNE = (S.PAAMELDT, S.VENTER)


@dataclass(frozen=True)
class Vara:
    """Who comes in somebody's place, as the leader writes it."""

    navn: str
    epost: str = ""

    def is_as(self, gjest: Gjest) -> bool:
        """The same person: neither a corrected spelling of the name nor an address that is added or taken
        away makes another."""
        if self.epost and gjest.epost:
            return self.epost == gjest.epost
        return self.navn == gjest.navn


@dataclass(frozen=True)
class Plasser:
    """What a person and their substitute hand to each other, by Verv: the places that are free now, and since
    when it was waited for one."""

    ledige: set[int] = field(default_factory=set)
    koe: dict[int, datetime.datetime] = field(default_factory=dict)

    def give_up(self, gjest: Gjest) -> None:
        """The substitute is not needed, and leaves the place they had in the room or the queue."""
        if gjest.for_verv_id and gjest.status == Gjest.Status.PAAMELDT:
            self.ledige.add(gjest.for_verv_id)
        elif gjest.for_verv_id and gjest.venter_siden:
            self.koe[gjest.for_verv_id] = gjest.venter_siden
        gjest.status, gjest.venter_siden = Gjest.Status.AVMELDT, None


class FeilIFelt(Exception):
    """One field of the group's form cannot be taken as it is."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(melding)
        self.felt = felt


@dataclass(frozen=True)
class Medlem:
    """One line of the group's sign-up: a Verv that holds on the day, its answer so far, and who comes instead."""

    verv: Verv
    deltakelse: Deltakelse | None
    vara: Gjest | None = None

    @property
    def status(self) -> str:
        return self.deltakelse.status if self.deltakelse else S.INVITERT

    @property
    def svar(self) -> str:
        """As the form asks it, ticked beforehand: all come but those who have declined."""
        if self.vara:
            return "vara"
        return "nei" if self.status == S.AVMELDT else "ja"

    @property
    def kommer(self) -> bool:
        return self.svar == "ja"

    @property
    def dager(self) -> list[datetime.date]:
        """The days chosen for the place, of the substitute where there is one; none is all of them."""
        hvem = self.vara or self.deltakelse
        return (hvem.dager if hvem else None) or []


@dataclass(frozen=True)
class Gruppesvar:
    """A group's sign-up as it stands now. `tomme` are the roles the network requires that nobody holds."""

    gruppe: Gruppe
    medlemmer: list[Medlem]
    tomme: list[Rolle] = field(default_factory=list)
    tall: dict[str, int] = field(default_factory=dict)

    @property
    def er_besvart(self) -> bool:
        return any(m.status != S.INVITERT for m in self.medlemmer)

    @property
    def telt(self) -> Tall:
        """The members who come, and those who come in their place or besides."""
        return Tall(
            paameldte=sum(m.status == S.PAAMELDT for m in self.medlemmer),
            gjester_antall=sum(
                m.vara is not None and m.vara.status == Gjest.Status.PAAMELDT
                for m in self.medlemmer
            ),
            elever=self.tall.get(Gruppetall.Hva.ELEVER, 0),
            foresatte=self.tall.get(Gruppetall.Hva.FORESATTE, 0),
        )

    @property
    def antall_ventende(self) -> int:
        return sum(m.status == S.VENTER for m in self.medlemmer) + sum(
            m.vara is not None and m.vara.status == Gjest.Status.VENTER for m in self.medlemmer
        )

    @property
    def stand(self) -> str:
        """A mark of these answers: a page opened before somebody else's answer carries another."""
        linjer = [
            (
                m.verv.pk,
                m.status,
                [str(d) for d in m.dager],
                (m.vara.navn, m.vara.epost, m.vara.status) if m.vara else "",
            )
            for m in self.medlemmer
        ]
        return mark(repr((linjer, sorted(self.tall.items()))))


def group_answers(samling: Samling, grupper: Collection[Gruppe]) -> list[Gruppesvar]:
    """The groups' sign-ups, in the groups' order: of those in them whom the audience means, and those
    who are invited already; who comes in their place, and the numbers given. Four queries, however many
    groups."""
    ment = Q(pk__in=verv_to_invite(samling).order_by().values("pk"))
    invitert = Q(pk__in=Deltakelse.objects.filter(samling=samling).values("verv"))
    verv = list(
        Verv.objects.filter(ment | invitert, gruppe__in=grupper)
        .gyldig(samling.dato)
        .in_order()
        .select_related("person")
    )
    svar = {d.verv_id: d for d in Deltakelse.objects.filter(samling=samling, verv__in=verv)}
    varaer = {
        g.for_verv_id: g
        for g in Gjest.objects.filter(samling=samling, for_verv__in=verv).exclude(
            status=Gjest.Status.AVMELDT
        )
    }
    tall: dict[int, dict[str, int]] = {}
    for rad in Gruppetall.objects.filter(samling=samling, gruppe__in=grupper, antall__gt=0):
        tall.setdefault(rad.gruppe_id, {})[rad.hva] = rad.antall
    return [
        Gruppesvar(
            g,
            [Medlem(v, svar.get(v.pk), varaer.get(v.pk)) for v in verv if v.gruppe_id == g.pk],
            _vacant(samling, g, [v for v in verv if v.gruppe_id == g.pk]),
            tall.get(g.pk, {}),
        )
        for g in grupper
    ]


def _vacant(samling: Samling, gruppe: Gruppe, verv: list[Verv]) -> list[Rolle]:
    """The roles that the network requires, that the gathering is for, and that nobody holds on the day."""
    gruppe.nettverk = samling.nettverk
    ment = audience(samling).roller
    return [r for r in gruppe.ledige_roller(v.rolle for v in verv) if not ment or r in ment]


def must_answer(samling: Samling, egne: Collection[Deltakelse]) -> bool:
    """Whether somebody who comes by `egne` is waited for: it is open, and they have not answered."""
    return (
        samling.er_aapen_for_paamelding
        and bool(egne)
        and svar_of((d.status, d.dager) for d in egne).status == S.INVITERT
    )


def substitutes_of(egne: Collection[Deltakelse]) -> list[Gjest]:
    """Who is signed up in the place of those who are invited by `egne`. One query, none when they have not
    declined."""
    borte = [d for d in egne if d.status == S.AVMELDT]
    if not borte:
        return []
    varaer = Gjest.objects.filter(
        samling=borte[0].samling_id, for_verv__in=[d.verv_id for d in borte]
    )
    return list(varaer.exclude(status=Gjest.Status.AVMELDT).select_related("lagt_til_av"))


def require_open(samling: Samling, *, uansett_frist: bool = False) -> None:
    """Raises KanIkke with the reason; `uansett_frist` lets the coordinator answer after the deadline."""
    require_unlocked(samling)
    require_not_begun(samling)
    if samling.er_avlyst:
        raise KanIkke(_("Samlingen er avlyst."))
    if not samling.er_publisert:
        raise KanIkke(_("Påmeldingen åpner når samlingen er publisert."))
    if samling.er_over:
        raise KanIkke(_("Samlingen er over."))
    if not samling.er_aapen_for_paamelding and not uansett_frist:
        raise KanIkke(_("Påmeldingsfristen har gått ut."))


def can_ask_for_change(samling: Samling) -> bool:
    """The deadline has gone out and nobody has started it: what changes now is asked for."""
    return samling.er_forestaaende and not samling.er_aapen_for_paamelding


# --- a group


@dataclass(frozen=True)
class Gruppeskjema:
    """What the leader has answered: the ids of the Verv whose holders come, who comes in somebody's place, the
    days of those of both who do not come all of them, and the numbers. None leaves what is there as it is, and so does
    `ubesvart` with those Verv that nobody has answered for, here or before."""

    kommer: frozenset[int]
    varaer: Mapping[int, Vara] = field(default_factory=dict)
    tall: Mapping[str, int] | None = None
    dager: Mapping[int, list[datetime.date]] | None = None
    ubesvart: frozenset[int] = frozenset()

    def is_as(self, svar: Gruppesvar) -> bool:
        """Nothing is new in it: the same form sent twice."""
        if self.tall is not None and {k: n for k, n in self.tall.items() if n} != svar.tall:
            return False
        return all(self._is_as(m) for m in svar.medlemmer)

    def _is_as(self, m: Medlem) -> bool:
        dager = self.dager is None or self.dager.get(m.verv.pk, []) == m.dager
        if m.verv.pk in self.kommer:
            return m.status in _INNE and dager and m.vara is None
        if m.verv.pk in self.ubesvart:
            return m.status == S.INVITERT
        vara = self.varaer.get(m.verv.pk)
        if m.status != S.AVMELDT:
            return False
        if vara is None or m.vara is None:
            return vara is None and m.vara is None
        return dager and (vara.navn, vara.epost) == (m.vara.navn, m.vara.epost)


def sign_up_group(
    samling: Samling,
    *,
    gruppe: Gruppe,
    kommer: Collection[int],
    stand: str,
    by: Person,
    varaer: Mapping[int, Vara] | None = None,
    tall: Mapping[str, int] | None = None,
    dager: Mapping[int, list[datetime.date]] | None = None,
    ubesvart: Collection[int] = (),
    uansett_frist: bool = False,
    bare_plass: int | None = None,
) -> Gruppesvar:
    """Sign up those whose Verv is in `kommer`, put the `varaer` in the place of theirs, leave those in
    `ubesvart` unanswered, and decline for the others of the group.

    `stand` is the mark of the answers that the person saw; Konflikt when they have changed since. Somebody who
    came into the group after the invitation is taken with. Who does not fit waits; a substitute takes over the
    place of the one they come for, in the room or in the queue, and gives it back when they come after all.
    Numbers do not wait: FeilIFelt when there is no room for them, and for a substitute who is there already.
    Everybody for whom something is new is written to. KanIkke for a group nobody of which is meant. `bare_plass`: the
    Verv of the one place that is another than it stands, after the deadline. Then its substitute alone is looked at.
    Who lets a person write addresses of substitutes, calls `count_addresses` first.
    """
    skjema = Gruppeskjema(frozenset(kommer), varaer or {}, tall, dager, frozenset(ubesvart))
    with writing(samling) as laast:
        require_open(laast, uansett_frist=uansett_frist)
        [foer] = group_answers(laast, [gruppe])
        if skjema.is_as(foer) and foer.er_besvart:
            return foer
        if foer.stand != stand:
            raise Konflikt(foer)
        if not foer.medlemmer:
            raise KanIkke(_("Gruppa er ikke invitert."))
        _check_substitutes(laast, foer, skjema, bare_plass=bare_plass)
        _add_missing(laast, foer, skjema)
        egne = _held(laast, [m.verv.pk for m in foer.medlemmer])
        plasser = _decline(laast, foer, egne, skjema, by=by)
        kommer_selv = [d for d in egne if d.verv_id in skjema.kommer]
        _sign_up(laast, kommer_selv, by=by, dager=dager, plasser=plasser)
        gjester = _substitute(laast, foer, egne, skjema, plasser, by=by)
        _fewer(laast, gruppe, skjema)
        personer = {m.verv.person_id for m in foer.medlemmer}
        forget_needs(laast, personer)
        inne = venteliste.let_in(laast)
        _more(laast, gruppe, foer, skjema)
        venteliste.tell(laast, inne, personer=personer, gjester=gjester, by=by)
        [etter] = group_answers(laast, [gruppe])
        return etter


def require_substitute(samling: Samling, plass: Deltakelse, *, vara: Vara) -> None:
    """Raises what `sign_up_group` would say of this substitute: FeilIFelt, or KanIkke."""
    svar, skjema = _for_one_place(samling, plass, vara, [])
    _check_substitutes(samling, svar, skjema, bare_plass=plass.verv_id)


def substitute(
    plass: Deltakelse, *, vara: Vara | None, dager: list[datetime.date], by: Person
) -> Medlem:
    """Put `vara` in this place after the deadline, or nobody: `sign_up_group` as the leader would have sent it, with
    the others' answers as they stand. Returns the line."""
    with writing(plass.samling) as samling:
        foer, skjema = _for_one_place(samling, plass, vara, dager)
        etter = sign_up_group(
            samling,
            gruppe=foer.gruppe,
            kommer=skjema.kommer,
            stand=foer.stand,
            by=by,
            varaer=skjema.varaer,
            dager=skjema.dager,
            ubesvart=skjema.ubesvart,
            uansett_frist=True,
            bare_plass=plass.verv_id,
        )
    return next(m for m in etter.medlemmer if m.verv.pk == plass.verv_id)


def _for_one_place(
    samling: Samling, plass: Deltakelse, vara: Vara | None, dager: list[datetime.date]
) -> tuple[Gruppesvar, Gruppeskjema]:
    """The group's answers, and the form that leaves them as they are but for `plass`: there `vara` comes on these
    days, or nobody. KanIkke when the place does not hold on the day."""
    [svar] = group_answers(samling, [plass.verv.gruppe])
    pk, andre = plass.verv_id, [m for m in svar.medlemmer if m.verv.pk != plass.verv_id]
    if len(andre) == len(svar.medlemmer):
        raise KanIkke(_("%(navn)s er ikke lenger invitert.") % {"navn": plass.verv.person.navn})
    varaer = {m.verv.pk: Vara(m.vara.navn, m.vara.epost) for m in andre if m.vara}
    dagene = {m.verv.pk: m.dager for m in andre if m.dager}
    selv = [m for m in andre if m.vara is None]
    return svar, Gruppeskjema(
        kommer=frozenset(m.verv.pk for m in selv if m.status in _INNE),
        varaer=varaer | ({pk: vara} if vara else {}),
        dager=dagene | ({pk: dager} if dager else {}),
        ubesvart=frozenset(m.verv.pk for m in selv if m.status == S.INVITERT),
    )


def _add_missing(samling: Samling, svar: Gruppesvar, skjema: Gruppeskjema) -> None:
    nye = [m.verv.pk for m in svar.medlemmer if m.deltakelse is None]
    mangler = [pk for pk in nye if pk not in skjema.ubesvart]
    if mangler:
        rader = participations(samling, Verv.objects.filter(pk__in=mangler))
        Deltakelse.objects.bulk_create(rader, ignore_conflicts=True)


def _held(samling: Samling, verv: Collection[int]) -> list[Deltakelse]:
    """In the order of the lines, and held in one order: the same person may be answered for in another group."""
    rader = Deltakelse.objects.filter(samling=samling, verv__in=verv).select_related("verv")
    av = {d.verv_id: d for d in rader.select_for_update(of=["self"]).order_by("pk")}
    return [av[pk] for pk in verv if pk in av]


def _decline(
    samling: Samling,
    foer: Gruppesvar,
    egne: list[Deltakelse],
    skjema: Gruppeskjema,
    *,
    by: Person,
) -> Plasser:
    """Those who do not come, and the substitutes who are not needed any more. Returns the places they leave to
    each other."""
    naa = timezone.now()
    blir = skjema.kommer | skjema.ubesvart
    nei = [d for d in egne if d.verv_id not in blir and d.status != S.AVMELDT]
    hadde = {d.verv_id: d.verv.person_id for d in nei if d.status == S.PAAMELDT}
    ventet = {d.verv_id: (d.verv.person_id, d.venter_siden) for d in nei if d.status == S.VENTER}
    for rad in nei:
        rad.set_svar(S.AVMELDT, by=by, naa=naa)
    Deltakelse.objects.bulk_update(nei, SVARFELT)
    ellers = dict(
        Deltakelse.objects.filter(
            samling=samling, status__in=_INNE, verv__person__in=[d.verv.person_id for d in nei]
        )
        .order_by(RANG.desc())  # a place counts before a wait: the last holds
        .values_list("verv__person", "status")
    )
    plasser = Plasser(
        {verv for verv, person in hadde.items() if ellers.get(person) != S.PAAMELDT},
        {verv: siden for verv, (person, siden) in ventet.items() if siden and person not in ellers},
    )
    borte = [
        m.vara
        for m in foer.medlemmer
        if m.vara and not ((v := skjema.varaer.get(m.verv.pk)) and v.is_as(m.vara))
    ]
    for gjest in borte:
        plasser.give_up(gjest)
    Gjest.objects.bulk_update(borte, ["status", "venter_siden"])
    return plasser


def _sign_up(
    samling: Samling,
    rader: list[Deltakelse],
    *,
    by: Person,
    plasser: Plasser,
    dager: Mapping[int, list[datetime.date]] | None = None,
) -> None:
    """They come, or wait for a place when there is a limit: who gets in, `venteliste.let_in` says. Who comes by
    another Verv has a place, and so has whoever comes instead of their own substitute; whose substitute waited,
    goes on waiting."""
    naa = timezone.now()
    inne = set(
        Deltakelse.objects.filter(
            samling=samling, status=S.PAAMELDT, verv__person__in=[d.verv.person_id for d in rader]
        ).values_list("verv__person", flat=True)
    )
    inne |= {d.verv.person_id for d in rader if d.verv_id in plasser.ledige}
    endret = []
    for nr, rad in enumerate(rader):
        if rad.status not in _INNE:
            har_plass = samling.kapasitet is None or rad.verv.person_id in inne
            # In the order of the lines, so that the leader stands before the others.
            tid = naa + datetime.timedelta(microseconds=nr)
            rad.set_svar(S.PAAMELDT if har_plass else S.VENTER, by=by, naa=tid)
            if not har_plass:
                rad.venter_siden = plasser.koe.get(rad.verv_id, tid)
            endret.append(rad)
        if dager is not None and (rad.dager or []) != dager.get(rad.verv_id, []):
            rad.dager = dager.get(rad.verv_id) or None
            endret.append(rad)
    if endret:
        Deltakelse.objects.bulk_update(endret, SVARFELT)


def _substitute(
    samling: Samling,
    foer: Gruppesvar,
    egne: list[Deltakelse],
    skjema: Gruppeskjema,
    plasser: Plasser,
    *,
    by: Person,
) -> set[int]:
    """Who comes in somebody's place. Returns the ids of all guests that are or were there for the group."""
    naa = timezone.now()
    kommune = {d.verv_id: d.kommune_id for d in egne}
    gjester = {m.vara.pk for m in foer.medlemmer if m.vara}
    for nr, m in enumerate(foer.medlemmer):
        vara = skjema.varaer.get(m.verv.pk)
        if vara is None:
            continue
        dager = m.dager if skjema.dager is None else skjema.dager.get(m.verv.pk, [])
        if m.vara and vara.is_as(m.vara):
            if (m.vara.navn, m.vara.epost, m.dager) != (vara.navn, vara.epost, dager):
                if m.vara.epost != vara.epost:
                    # What was written to the other address, was not said to this one.
                    m.vara.bekreftelse = None
                m.vara.navn, m.vara.epost, m.vara.dager = vara.navn, vara.epost, dager or None
                m.vara.save(update_fields=["navn", "epost", "dager", "bekreftelse"])
            continue
        har_plass = samling.kapasitet is None or m.verv.pk in plasser.ledige
        tid = naa + datetime.timedelta(microseconds=nr)
        gjest = Gjest.objects.create(
            samling=samling,
            navn=vara.navn,
            epost=vara.epost,
            gruppe=foer.gruppe,
            for_verv=m.verv,
            kommune_id=kommune.get(m.verv.pk),
            status=Gjest.Status.PAAMELDT if har_plass else Gjest.Status.VENTER,
            venter_siden=None if har_plass else plasser.koe.get(m.verv.pk, tid),
            dager=dager or None,
            lagt_til_av=by,
        )
        gjester.add(gjest.pk)
    return gjester


def _check_substitutes(
    samling: Samling, foer: Gruppesvar, skjema: Gruppeskjema, *, bare_plass: int | None
) -> None:
    """Nobody stands on the list twice: not as two people's substitute, and not as somebody invited, who comes or
    is ticked to come in the same form. With `bare_plass` the others' substitutes stand as they are."""
    adresser = {v.epost for v in skjema.varaer.values() if v.epost}
    if not adresser:
        return
    inviterte = set(
        Deltakelse.objects.filter(
            samling=samling, verv__person__epost__in=adresser, status__in=_INNE
        ).values_list("verv__person__epost", flat=True)
    )
    inviterte |= {m.verv.person.epost.lower() for m in foer.medlemmer if m.verv.pk in skjema.kommer}
    egne = [m.verv.pk for m in foer.medlemmer]
    andres = set(
        Gjest.objects.filter(samling=samling, epost__in=adresser)
        .exclude(Q(status=Gjest.Status.AVMELDT) | Q(for_verv__in=egne))
        .values_list("epost", flat=True)
    )
    sett: set[str] = set()
    # The one place last: it is its substitute that is one too many.
    for verv, vara in sorted(skjema.varaer.items(), key=lambda en: en[0] == bare_plass):
        if bare_plass not in (None, verv):
            sett.add(vara.epost)
            continue
        if vara.epost and vara.epost in sett:
            raise FeilIFelt(f"vara_epost_{verv}", _("Den samme varaen kan bare stå én gang."))
        if vara.epost and vara.epost in inviterte | andres:
            raise FeilIFelt(
                f"vara_epost_{verv}", _("Denne personen er allerede meldt på samlingen.")
            )
        sett.add(vara.epost)


# Each address gets a letter or two, and need not be anybody's we know; and the answer tells whether it is signed up.
VARAADRESSER = Grense("rolu.varaadresser", 20, datetime.timedelta(hours=1))


def count_addresses(
    samling: Samling, medlemmer: Iterable[Medlem], varaer: Mapping[int, Vara], *, by: Person
) -> None:
    """Raises KanIkke when one person writes more addresses of substitutes at a gathering than anybody needs to, those
    that are not taken counted too: call it before the transaction in which they are. An address that stands at its
    place already, of these `medlemmer`, is not counted."""
    hadde = {m.verv.pk: m.vara.epost for m in medlemmer if m.vara}
    nye = sum(bool(v.epost) and v.epost != hadde.get(pk) for pk, v in varaer.items())
    if nye and not grenser.take(VARAADRESSER, by.pk, samling.pk, antall=nye):
        raise KanIkke(
            _(
                "Du har skrevet inn mange nye e-postadresser til varaer på kort tid. Prøv igjen om en time, "
                "eller la e-postfeltene stå tomme. Da er varaene påmeldt, men får ikke e-post."
            )
        )


def _fewer(samling: Samling, gruppe: Gruppe, skjema: Gruppeskjema) -> None:
    """Numbers that go down give their places away before anybody new gets one."""
    for hva, antall in (skjema.tall or {}).items():
        Gruppetall.objects.filter(
            samling=samling, gruppe=gruppe, hva=hva, antall__gt=antall
        ).update(antall=antall)


def _more(samling: Samling, gruppe: Gruppe, foer: Gruppesvar, skjema: Gruppeskjema) -> None:
    """Numbers that go up come after the people. They do not wait: FeilIFelt when there is no room."""
    for hva, antall in (skjema.tall or {}).items():
        flere = antall - foer.tall.get(hva, 0)
        if flere <= 0:
            continue
        ledig = venteliste.free(samling)
        if ledig is not None and flere > ledig:
            raise FeilIFelt(f"{hva}_{gruppe.pk}", _no_room(ledig + foer.tall.get(hva, 0)))
        enhet = gruppe.enhet
        Gruppetall.objects.update_or_create(
            samling=samling,
            gruppe=gruppe,
            hva=hva,
            defaults={"antall": antall},
            create_defaults={
                "antall": antall,
                "kommune": enhet.kommune_per(samling.dato) if enhet else gruppe.kommune,
            },
        )


def _no_room(hoyst: int) -> str:
    if not hoyst:
        return _("Det er ingen ledige plasser. Skriv 0, eller spør koordinatoren.")
    return ngettext(
        "Det er plass til høyst %(n)s. Skriv et lavere tall, eller spør koordinatoren.",
        "Det er plass til høyst %(n)s. Skriv et lavere tall, eller spør koordinatoren.",
        hoyst,
    ) % {"n": hoyst}


# --- oneself


def answer(
    deltakelse: Deltakelse,
    *,
    kommer: bool,
    by: Person,
    uansett_frist: bool = False,
    dager: list[datetime.date] | None = None,
) -> Deltakelse:
    """One person's own answer, for every group they are invited with: a person comes or does not.

    Saying the same twice changes nothing. Who does not fit waits; whoever was put in their place is not needed
    when they come after all, and whoever put them there is told.
    """
    person = deltakelse.verv.person_id
    with writing(deltakelse.samling) as samling:
        require_open(samling, uansett_frist=uansett_frist)
        # What they are invited with that does not hold on the day, is no place to come by.
        gjelder = Verv.objects.filter(person=person).gyldig(samling.dato)
        egne = Deltakelse.objects.filter(samling=samling, verv__in=gjelder).order_by("pk")
        rader = _held(samling, list(egne.values_list("verv", flat=True)))
        if not rader:  # whom it is for was changed meanwhile
            raise KanIkke(
                _(
                    "Samlingen er ikke lenger for deg. Er dette feil, kan du spørre den som inviterte deg."
                )
            )
        gjester: set[int] = set()
        if kommer:
            varaer, plasser = _not_needed(samling, rader)
            gjester = {gjest.pk for gjest in varaer}
            bekreftelse.tell_not_needed(samling, varaer, by=by)
            _sign_up(
                samling,
                rader,
                by=by,
                plasser=plasser,
                dager=None if dager is None else {d.verv_id: dager for d in rader},
            )
        else:
            naa = timezone.now()
            nei = [d for d in rader if d.status != S.AVMELDT]
            for rad in nei:
                rad.set_svar(S.AVMELDT, by=by, naa=naa)
            Deltakelse.objects.bulk_update(nei, SVARFELT)
            forget_needs(samling, [person])
        venteliste.fill(samling, by=by, personer=[person], gjester=gjester)
    for rad in rader:
        rad.refresh_from_db(fields=["status", "venter_siden"])
    return next((rad for rad in rader if rad.pk == deltakelse.pk), rader[0])


def _not_needed(samling: Samling, rader: list[Deltakelse]) -> tuple[list[Gjest], Plasser]:
    """The substitutes of somebody who comes after all, and the places they leave."""
    varaer = Gjest.objects.filter(samling=samling, for_verv__in=[d.verv_id for d in rader])
    borte = list(
        varaer.exclude(status=Gjest.Status.AVMELDT).select_related(
            "for_verv__person", "lagt_til_av"
        )
    )
    plasser = Plasser()
    for gjest in borte:
        plasser.give_up(gjest)
    Gjest.objects.bulk_update(borte, ["status", "venter_siden"])
    return borte, plasser
