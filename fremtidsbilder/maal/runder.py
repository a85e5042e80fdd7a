"""A goal goes in rounds: out to hearing, decided, revised, closed, opened again. Each step keeps the words as they were.

Every act holds the goal's row and may be done twice: the second time changes nothing.
"""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fremtidsbilder.models import Maal, Maalkommentar, Maalrunde
from kommuner.gyldighet import idag
from nettverk.arbeid.brev import Utkast, brevslag, key, queue_many
from nettverk.arbeid.epost import hel_adresse
from nettverk.models import Brev, Brevvalg, Mottakere, Nettverk, Person, Verv
from nettverk.models.brevvalg import Naar
from nettverk.mottakere.utvalg import chosen, keep, people, resolve
from nettverk.skriving.konflikt import KanIkke, Konflikt, write
from nettverk.skriving.laas import held, hold

Slag, Tilstand = Maalrunde.Slag, Maal.Tilstand


def _address(maal: Maal) -> str:
    return reverse("fremtidsbilder:maal", args=[maal.nettverk.slug, maal.pk])


def _is_in_the_way(maal: Maal, brev: Brev) -> str:
    """The hearing was taken back, or has ended, while the letter waited."""
    return "" if is_open(maal) else _("Høringen er over, så e-posten blir ikke sendt.")


HOERING = brevslag(
    "fremtidsbilder.hoering",
    gettext_lazy("Mål på høring"),
    tillatelse="fremtidsbilder.change_maal",
    url=_address,
    hindrer=_is_in_the_way,
    naar=Naar.STRAKS,
    valg=(Naar.STRAKS, Naar.ALDRI),
    om=gettext_lazy("Når dere blir spurt om hva dere mener om et mål"),
)
BREVMAL = "fremtidsbilder/epost/hoering.txt"


def is_open(maal: Maal) -> bool:
    """Whether a hearing goes on: on its last day too."""
    return maal.er_paa_hoering and maal.hoering_til is not None and maal.hoering_til >= idag()


def words_are_open(maal: Maal) -> bool:
    """Whether its words may be written: while it is a draft, and when a hearing has ended, so that what was said can be
    taken into them before it is decided."""
    return maal.er_utkast or (maal.er_paa_hoering and not is_open(maal))


def decided_from(maal: Maal) -> datetime.date | None:
    """The first day on which a goal whose hearing goes on may be decided."""
    if maal.hoering_til is None or not is_open(maal):
        return None
    dagen_etter: datetime.date = maal.hoering_til + datetime.timedelta(days=1)
    return dagen_etter


def letter_data(maal: Maal, *, til: datetime.date) -> dict[str, Any]:
    """What the letter is written from."""
    return {
        "maal": maal,
        "til": til,
        "adresse": hel_adresse(_address(maal)),
        "valg": hel_adresse(reverse("nettverk:konto_epost")),
    }


def who_gets_letter(mottakere: Mottakere) -> int:
    """How many will be written to: those reached who have not turned such letters off. One query."""
    uten = Brevvalg.objects.filter(slag=HOERING, naar=Naar.ALDRI).values("person")
    return people(mottakere).exclude(pk__in=uten).count()


def ready_to_send(maal: Maal) -> None:
    """Raises KanIkke when it is no draft."""
    if not maal.er_utkast:
        raise KanIkke(
            _("Bare et utkast kan sendes på høring. Dette målet er %(tilstand)s.")
            % {"tilstand": maal.get_tilstand_display()}
        )


# --- the steps


@transaction.atomic
def send(maal: Maal, *, mottakere: Mottakere, til: datetime.date, by: Person) -> Maal:
    """Send a draft to hearing until the end of `til`, with one letter to each who is asked. Raises KanIkke when it is
    no draft, or the day is past."""
    rad = held(maal)
    if rad.er_paa_hoering and rad.hoering_til == til and _same_audience(rad, mottakere):
        return rad
    ready_to_send(rad)
    if til < idag():
        raise KanIkke(_("Svarfristen er gått ut. Velg en dag fra og med i dag."))
    rad.hoeres_av = keep(mottakere, over=rad.hoeres_av)
    rad.hoering_til, rad.tilstand = til, Tilstand.HOERING
    runde = _step(rad, Slag.HOERING, by=by)
    queue_many(
        [
            Utkast(
                til=person,
                mal=BREVMAL,
                noekkel=key(HOERING, rad, "runde", runde.pk, "person", person.pk),
                data=letter_data(rad, til=til),
            )
            for person in people(rad.hoeres_av)
        ],
        nettverk=rad.nettverk,
        slag=HOERING,
        om=rad,
        by=by,
    )
    return rad


def _same_audience(rad: Maal, mottakere: Mottakere) -> bool:
    return rad.hoeres_av is not None and chosen(rad.hoeres_av) == chosen(mottakere)


@transaction.atomic
def take_back(maal: Maal, *, by: Person) -> Maal:
    """From hearing to draft, to be worked on; the comments stand. Raises KanIkke when it is decided or closed."""
    rad = held(maal)
    if rad.er_utkast:
        return rad
    if not rad.er_paa_hoering:
        raise KanIkke(_("Målet er ikke på høring, så det kan ikke tas tilbake."))
    rad.tilstand = Tilstand.UTKAST
    _step(rad, Slag.UTKAST, by=by)
    return rad


@transaction.atomic
def decide(maal: Maal, *, hvor: str, dato: datetime.date, by: Person) -> Maal:
    """Decided, where and when: any day up to today, and not before it was sent to the last hearing. Raises KanIkke for
    another day, while a hearing goes on, while comments wait for an answer, and when it is closed."""
    rad = held(maal)
    if rad.tilstand == Tilstand.VEDTATT:
        return rad
    if rad.er_avsluttet:
        raise KanIkke(_("Målet er avsluttet. Åpne det igjen før dere vedtar det."))
    if is_open(rad):
        raise KanIkke(
            _("Høringen varer til %(dato)s. Vent til den er over, eller ta målet tilbake først.")
            % {"dato": date_format(rad.hoering_til) if rad.hoering_til else ""}
        )
    if venter := rad.kommentarer.filter(utfall="").count():
        raise KanIkke(_("Svar på kommentarene først. %(n)s venter på svar.") % {"n": venter})
    if dato > idag():
        raise KanIkke(_("Målet kan ikke være vedtatt etter i dag."))
    hoeringene = rad.runder.filter(slag=Slag.HOERING).order_by("-pk")
    if (sendt := hoeringene.values_list("dato", flat=True).first()) and dato < sendt:
        raise KanIkke(
            _("Målet ble sendt på høring %(dato)s, så det kan ikke være vedtatt før den dagen.")
            % {"dato": date_format(sendt)}
        )
    rad.tilstand = Tilstand.VEDTATT
    _step(rad, Slag.VEDTATT, by=by, hvor=hvor, dato=dato)
    return rad


@transaction.atomic
def revise(maal: Maal, *, tekst: str, grunn: str, versjon: int, by: Person) -> list[Maal]:
    """New words for a goal that is decided, opened as `versjon`, with what is changed; the goal, and those that took it
    over in the same words and follow. Raises Konflikt when somebody else has saved, KanIkke when it is not decided."""
    hold(maal.nettverk)
    rad = held(maal)
    if rad.tekst == tekst and rad.runder.filter(slag=Slag.REVIDERT, grunn=grunn).exists():
        return [rad]
    if rad.tilstand != Tilstand.VEDTATT:
        raise KanIkke(_("Bare et mål som er vedtatt, kan revideres."))
    if rad.versjon != versjon:
        raise Konflikt(rad)
    if rad.tekst == tekst:
        raise KanIkke(_("Ordene er de samme som før."))
    endres = [rad, *_followers(rad)]
    for ett in endres:
        Maalrunde.objects.create(maal=ett, slag=Slag.REVIDERT, tekst=ett.tekst, grunn=grunn, av=by)
        write(ett, versjon=ett.versjon, felt={"tekst": tekst}, endret_av=by)
    return endres


def _followers(maal: Maal) -> list[Maal]:
    """Those that took it over in the same words, and those that took theirs. As many queries as there are levels."""
    alle: list[Maal] = []
    naa = [maal.pk]
    while naa:
        lag = list(
            Maal.objects.select_for_update(of=["self"], no_key=True)
            .filter(over__in=naa, overtatt=True, tekst=maal.tekst, tilstand=Tilstand.VEDTATT)
            .exclude(pk__in=[maal.pk, *(m.pk for m in alle)])
            .order_by("pk")
        )
        alle += lag
        naa = [m.pk for m in lag]
    return alle


@transaction.atomic
def close(maal: Maal, *, grunn: str, by: Person) -> Maal:
    """Closed, with a reason. Twice changes nothing: the first reason stands."""
    rad = held(maal)
    if rad.er_avsluttet:
        return rad
    if not grunn:
        raise KanIkke(_("Skriv hvorfor målet avsluttes."))
    rad.tilstand = Tilstand.AVSLUTTET
    _step(rad, Slag.AVSLUTTET, by=by, grunn=grunn)
    return rad


@transaction.atomic
def reopen(maal: Maal, *, grunn: str, by: Person) -> Maal:
    """Opened again as a new round: a draft, not yet assessed. Raises KanIkke when the place has taken the same goal in
    again meanwhile."""
    hold(maal.nettverk)
    rad = held(maal)
    if not rad.er_avsluttet:
        siste = rad.runder.order_by("-pk").first()
        if siste and siste.slag == Slag.GJENAAPNET:
            return rad
        raise KanIkke(_("Målet er ikke avsluttet."))
    andre = Maal.objects.filter(
        over=rad.over_id, overtatt=True, kommune=rad.kommune_id, enhet=rad.enhet_id
    ).exclude(tilstand=Tilstand.AVSLUTTET)
    if rad.overtatt and andre.exists():
        raise KanIkke(_("Målet over er tatt inn på nytt etter at dette ble avsluttet."))
    rad.tilstand, rad.hoering_til = Tilstand.UTKAST, None
    rad.status, rad.vurdering, rad.vurdert = "", "", None
    _step(rad, Slag.GJENAAPNET, by=by, grunn=grunn)
    return rad


def _step(rad: Maal, slag: str, *, by: Person, **mer: Any) -> Maalrunde:
    rad.endret_av = by
    rad.versjon += 1
    rad.save()
    return Maalrunde.objects.create(maal=rad, slag=slag, tekst=rad.tekst, av=by, **mer)


# --- what is said in a hearing


def asked_through(maal: Maal, person: Person) -> Verv | None:
    """The appointment through which the person is asked in the hearing, today; None when not asked. One query."""
    if maal.hoeres_av is None:
        return None
    verv = resolve(maal.hoeres_av).filter(person=person)
    return verv.select_related("gruppe").order_by("pk").first()


def taken_back_from(person: Person, nettverk: Nettverk, pk: int) -> Maal | None:
    """The goal, when it is a draft that was taken back from a hearing in which the person is asked: they have the
    letter, and its address. None else. Three queries at most."""
    siste = Maalrunde.objects.filter(maal=OuterRef("pk")).order_by("-pk").values("slag")[:1]
    maal = (
        Maal.objects.filter(nettverk=nettverk, pk=pk, tilstand=Tilstand.UTKAST)
        .annotate(siste=Subquery(siste))
        .filter(siste=Slag.UTKAST)
        .select_related("hoeres_av")
        .first()
    )
    if maal is None or maal.hoeres_av is None:
        return None
    maal.hoeres_av.nettverk = maal.nettverk = nettverk
    return maal if asked_through(maal, person) else None


@transaction.atomic
def comment(maal: Maal, *, linje: str, tekst: str, by: Person) -> Maalkommentar:
    """Say something of a line, or of the whole when `linje` is "". The same words twice are one comment. Raises KanIkke
    when the hearing is over, the person is not asked, or the line has other words by now."""
    rad = held(maal)
    if not is_open(rad):
        raise KanIkke(_("Høringen er over, så kommentaren ble ikke lagret."))
    verv = asked_through(rad, by)
    if verv is None:
        raise KanIkke(_("Denne høringen er ikke sendt til deg. Du kan lese det andre skriver."))
    if linje and linje not in [ett[:500] for ett in rad.linjer]:
        raise KanIkke(_("Linja har fått andre ord. Les målet på nytt, og skriv igjen."))
    kommentar, _ny = Maalkommentar.objects.get_or_create(
        maal=rad,
        linje=linje,
        tekst=tekst,
        skrevet_av=by,
        utfall="",
        defaults={"gruppe": verv.gruppe},
    )
    return kommentar


@transaction.atomic
def withdraw(maal: Maal, pk: int, *, by: Person) -> Maalkommentar | None:
    """Take the person's own comment away, until it is answered; None when it is gone already. Saying it once more is
    how it is undone, so only while the hearing goes on. Raises KanIkke after that."""
    rad = held(maal)
    egen = rad.kommentarer.select_for_update(no_key=True).filter(pk=pk, skrevet_av=by).first()
    if egen is None:
        return None
    if egen.utfall:
        raise KanIkke(_("Noen har svart på kommentaren, så den blir stående."))
    if not is_open(rad):
        raise KanIkke(_("Høringen er over, så kommentaren blir stående."))
    egen.delete()
    return egen


@transaction.atomic
def answer(kommentar: Maalkommentar, *, utfall: str, svar: str, by: Person) -> Maalkommentar:
    """What became of a comment, and why, where it asked for a change. It may be said again until the goal is decided.
    Raises KanIkke after that."""
    maal = held(kommentar.maal)
    rad = held(kommentar)
    if (rad.utfall, rad.svar) == (utfall, svar):
        return rad
    if not (maal.er_utkast or maal.er_paa_hoering):
        raise KanIkke(_("Målet er vedtatt eller avsluttet, så svaret blir stående."))
    if not utfall or not (svar or utfall == Maalkommentar.Utfall.TAKK):
        raise KanIkke(_("Velg hva som ble gjort, og skriv en setning om hvorfor."))
    rad.utfall, rad.svar = utfall, svar
    rad.save(update_fields=["utfall", "svar"])
    return rad
