"""When Verv end: invitations, and gatherings to lead, that lie ahead of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nettverk.arbeid.brev import withdraw
from nettverk.flater import Etterlatt, Overtakelse
from nettverk.models import Brev, Gruppe, Person, Verv
from nettverk.side.innhold import fill_in, innhold
from rolu.models import Deltakelse, Gjest, Samling
from rolu.samlinger import endringer, venteliste
from rolu.samlinger.behov import forget_needs_of, move_needs

_NEI, _UBESVART = Deltakelse.Status.AVMELDT, Deltakelse.Status.INVITERT


def left_behind(overtakelser: Sequence[Overtakelse]) -> Iterable[Etterlatt]:
    """The invitations that are not declined, and the gatherings to lead. Four queries at most."""
    for o, d in _invitations(overtakelser):
        if d.status != _NEI:
            yield Etterlatt(
                _title(_("Invitasjonen til «%(samling)s»"), d.samling),
                _url(d.samling),
                til=o.til,
                lukkes=not o.til,
            )
    for o, rad in _to_lead(overtakelser):
        yield Etterlatt(
            _title(_("Å lede «%(samling)s»"), rad.samling),
            choose_leader_url(rad.samling),
            til=o.til,
        )


def take_over(overtakelser: Sequence[Overtakelse], *, by: Person | None) -> None:
    """Invitations become the successor's, who has not answered; without one, what was answered is declined,
    and what was not, or never held, is gone. A substitute follows to the successor's place; without one, they
    are declined and told. Letters about them that wait are not sent. Gatherings to lead
    go to the successor."""
    _move_invitations(overtakelser, by=by)
    ledes = _to_lead(overtakelser)
    oppdrag = Samling.prosessledere.through
    oppdrag.objects.bulk_create(
        [
            oppdrag(samling_id=rad.samling_id, person_id=o.etterfolger.person_id)
            for o, rad in ledes
            if o.etterfolger
        ],
        ignore_conflicts=True,
    )
    oppdrag.objects.filter(pk__in=[rad.pk for _o, rad in ledes]).delete()


def _title(tekst: str, samling: Samling) -> str:
    return fill_in(tekst, samling=innhold(samling.tittel, samling.nettverk))


def _url(samling: Samling) -> str:
    return reverse("rolu:samling", args=[samling.nettverk.slug, samling.pk])


def choose_leader_url(samling: Samling) -> str:
    """Where the coordinator chooses who leads it: the field itself."""
    side = reverse("rolu:samling_rediger", args=[samling.nettverk.slug, samling.pk])
    return f"{side}#id_prosessledere_0"


# --- invitations


def _invitations(
    overtakelser: Sequence[Overtakelse], *, held: bool = False
) -> list[tuple[Overtakelse, Deltakelse]]:
    """Those to gatherings from the day on which the Verv holds no longer; `held` in the order in which
    everybody who answers holds them."""
    av = {o.verv.pk: o for o in overtakelser}
    rader = (
        Deltakelse.objects.filter(verv__in=av, moett=None, samling__slutt__gte=timezone.now())
        .exclude(samling__status=Samling.Status.AVLYST)
        .select_related("samling__nettverk", "invitasjon")
        .order_by("pk")
    )
    if held:
        rader = rader.select_for_update(of=["self"])
    ahead = [(av[d.verv_id], d) for d in rader if d.samling.dato >= av[d.verv_id].fra]
    return sorted(ahead, key=lambda par: par[1].samling.start)


def _move_invitations(overtakelser: Sequence[Overtakelse], *, by: Person | None) -> None:
    samlinger = _hold_gatherings(overtakelser)
    rader = _invitations(overtakelser, held=True)
    if not rader:
        return
    etterfolgere = [o.etterfolger.pk for o in overtakelser if o.etterfolger]
    har = set(Deltakelse.objects.filter(verv__in=etterfolgere).values_list("samling", "verv"))
    flyttes, lukkes, borte = [], [], []
    nye_verv: dict[tuple[int, int], Verv] = {}
    foer = [(d.samling, o.verv) for o, d in rader]
    ikke_deres = [d.pk for o, d in rader if not o.samme_person]
    for o, d in rader:
        if o.etterfolger and (d.samling_id, o.etterfolger.pk) not in har:
            har.add((d.samling_id, o.etterfolger.pk))
            d.verv = o.etterfolger
            if not o.samme_person:
                d.status, d.svart, d.svart_av = _UBESVART, None, None
                d.venter_siden, d.dager = None, None
            flyttes.append(d)
            nye_verv[d.samling_id, o.verv.pk] = o.etterfolger
        elif o.verv.annullert or d.status == _UBESVART:
            # Nobody has declined: the history says that it was there, the numbers do not.
            borte.append(d.pk)
        elif d.status != _NEI:
            lukkes.append(d.pk)
    # A letter that waits for the same person's new address already, still invites.
    foelger = {
        d.pk
        for d in flyttes
        if d.invitasjon_id and d.invitasjon.til_id == d.verv.person_id  # type: ignore[union-attr]
    }
    brevene = {d.invitasjon_id for _o, d in rader if d.invitasjon_id and d.pk not in foelger}
    for d in flyttes:
        if d.pk not in foelger:
            d.invitasjon = None
    Deltakelse.objects.bulk_update(
        flyttes,
        ["verv", "status", "svart", "svart_av", "venter_siden", "dager", "invitasjon"],
        batch_size=500,
    )
    endringer.forget(ikke_deres)
    Deltakelse.objects.filter(pk__in=borte).delete()
    Deltakelse.objects.filter(pk__in=lukkes).update(
        status=_NEI, svart=timezone.now(), svart_av=by, venter_siden=None, dager=None
    )
    # One letter may invite for several groups.
    gjelder_ennaa = Deltakelse.objects.filter(invitasjon__in=brevene).exclude(status=_NEI)
    withdraw(Brev.objects.filter(pk__in=brevene).exclude(pk__in=gjelder_ennaa.values("invitasjon")))
    for o, d in rader:
        if o.samme_person and d.verv.person_id != o.verv.person_id:
            move_needs(d.samling, fra=o.verv.person_id, til=d.verv.person_id)
    forget_needs_of([(samling.pk, verv.person_id) for samling, verv in foer])
    varaer = _move_substitutes(foer, nye_verv)
    alle = {s.pk: s for s, _verv in foer if s.pk in varaer} | {s.pk: s for s in samlinger}
    for pk, samling in sorted(alle.items()):
        venteliste.fill(samling, by=by, gjester=varaer.get(pk, ()))


def _move_substitutes(
    foer: Iterable[tuple[Samling, Verv]], nye_verv: Mapping[tuple[int, int], Verv]
) -> dict[int, set[int]]:
    """Who comes in the place of somebody whose Verv ends, comes in the successor's; without one they are
    declined. Returns those, by gathering, to be told."""
    plasser = {(samling.pk, verv.pk) for samling, verv in foer}
    varaer = Gjest.objects.filter(
        samling__in={s for s, _v in plasser}, for_verv__in={v for _s, v in plasser}, moett=None
    ).exclude(status=Gjest.Status.AVMELDT)
    rader = [g for g in varaer.order_by("pk") if (g.samling_id, g.for_verv_id) in plasser]
    avmeldt: dict[int, set[int]] = {}
    for g in rader:
        ny = nye_verv.get((g.samling_id, g.for_verv_id or 0))
        if ny:
            g.for_verv, g.gruppe_id = ny, ny.gruppe_id
        else:
            g.status, g.venter_siden = Gjest.Status.AVMELDT, None
            avmeldt.setdefault(g.samling_id, set()).add(g.pk)
    Gjest.objects.bulk_update(rader, ["for_verv", "gruppe", "status", "venter_siden"])
    return avmeldt


def _hold_gatherings(overtakelser: Sequence[Overtakelse]) -> list[Samling]:
    """Those ahead with a limit, in which a place may become free: held before the places themselves, in the
    order in which answers hold them."""
    verv = [o.verv.pk for o in overtakelser]
    berort = Deltakelse.objects.filter(verv__in=verv, status=Deltakelse.Status.PAAMELDT)
    med_vara = Gjest.objects.filter(for_verv__in=verv).exclude(status=Gjest.Status.AVMELDT)
    return list(
        Samling.objects.filter(
            Q(pk__in=berort.values("samling")) | Q(pk__in=med_vara.values("samling")),
            status=Samling.Status.INVITERT,
            kapasitet__isnull=False,
            slutt__gte=timezone.now(),
        )
        .select_for_update(of=["self"], no_key=True)
        .select_related("nettverk")
        .order_by("pk")
    )


# --- gatherings to lead


def _to_lead(overtakelser: Sequence[Overtakelse]) -> list[tuple[Overtakelse, Any]]:
    """What leads to gatherings from that day on, of those who leave the prosessnettverk altogether."""
    pro = [o for o in overtakelser if o.verv.gruppe.type == Gruppe.Type.PROSESSNETTVERK]
    if not pro:
        return []
    nettverk = {o.verv.gruppe.nettverk_id for o in pro}
    blir = Verv.objects.filter(
        person__in={o.verv.person_id for o in pro},
        gruppe__type=Gruppe.Type.PROSESSNETTVERK,
        gruppe__nettverk__in=nettverk,
        gyldig__contains=max(o.fra for o in pro),
    ).exclude(pk__in=[o.verv.pk for o in pro])
    fortsetter = set(blir.values_list("person", flat=True))
    av = {o.verv.person_id: o for o in pro if o.verv.person_id not in fortsetter}
    rader = (
        Samling.prosessledere.through.objects.filter(
            person__in=av, samling__nettverk__in=nettverk, samling__slutt__gte=timezone.now()
        )
        .exclude(samling__status=Samling.Status.AVLYST)
        .select_related("samling__nettverk")
        .order_by("samling__start", "pk")
    )
    return [(av[r.person_id], r) for r in rader if r.samling.dato >= av[r.person_id].fra]
