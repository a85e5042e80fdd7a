"""Letters to people: written now, in each one's own language, and sent by a worker (`utsending`).

`queue` and `queue_many` are how every app writes to people, and `queue_account` how the portal writes
about the account itself; nothing else sends mail. A letter has a key: written twice with the same key,
it is one letter.
"""

import datetime
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from nettverk.arbeid import gjelder as ting
from nettverk.arbeid import utsending
from nettverk.arbeid.epost import BESVARES, sealed
from nettverk.arbeid.gjelder import gjelder
from nettverk.arbeid.kalender import Kalenderfil, address
from nettverk.models.brev import Brev, BrevQuerySet
from nettverk.models.brevvalg import Brevvalg, Naar
from nettverk.models.jobb import Jobb
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.side.utenfra import one_line
from nettverk.skriving.konflikt import KanIkke

Tilstand = Brev.Tilstand


@dataclass(frozen=True)
class Brevslag:
    """A kind of letter: what it is called, who may send it again, and where the thing is seen.

    `tillatelse` is asked of the thing it is about. `hindrer`, given the thing and the letter, says in
    plain words why it must not be sent any more, "" when it may. With `svar_til_avsender` an answer goes
    to the person who ordered it; otherwise nobody reads answers. One that `inviterer` is taken back when
    the Verv it came of was a mistake (`nettverk.annullert_brev`).
    """

    navn: str
    tittel: str | Promise
    tillatelse: str = "nettverk.send_brev"
    url: Callable[[Any], str] | None = None
    hindrer: Callable[[Any, Brev], str] | None = None
    svar_til_avsender: bool = False
    inviterer: bool = False
    # What it says is between the sender and who gets it; of the others only the koordinator reads it in the outbox.
    fortrolig: bool = False
    # When who gets it has not said otherwise (`nettverk.arbeid.brevvalg`); None when it is not theirs to choose.
    naar: Naar | None = None
    # What they may choose between, and what it is about, in their words.
    valg: tuple[Naar, ...] = tuple(Naar)
    om: str | Promise = ""


_slag: dict[str, Brevslag] = {}


def brevslag(navn: str, tittel: str | Promise, **mer: Any) -> str:
    """Register a kind of letter, «<app>.<act>»; returns its name."""
    _slag[navn] = Brevslag(navn, tittel, **mer)
    if _slag[navn].svar_til_avsender:
        BESVARES.add(navn)
    return navn


def inviting_kinds() -> list[str]:
    """The kinds of letters that invite to something."""
    return [slaget.navn for slaget in _slag.values() if slaget.inviterer]


def choosable_kinds() -> list[Brevslag]:
    """The kinds of letters that whoever gets them chooses when to get, or not to."""
    return [slaget for slaget in _slag.values() if slaget.naar]


def slag(navn: str) -> Brevslag:
    """The kind, also when the app no longer has it."""
    return _slag.get(navn) or Brevslag(navn, navn)


@dataclass(frozen=True)
class Utkast:
    """A letter about to be written. `mal`'s first line is the subject, the rest the text.

    `kalender` makes the calendar file that follows it, given the recipient. Who has no account has `til` None,
    and is written to by `navn` and `epost`.
    """

    til: Person | None
    mal: str
    noekkel: str
    data: dict[str, Any] = field(default_factory=dict)
    kalender: Callable[[Person], Kalenderfil] | None = None
    # Where it goes, when that is not the person's address any longer, or there is no person.
    epost: str = ""
    navn: str = ""


def queue(
    *,
    til: Person,
    nettverk: Nettverk,
    slag: str,
    om: Model,
    mal: str,
    data: dict[str, Any],
    noekkel: str,
    by: Person | None,
    kalender: Callable[[Person], Kalenderfil] | None = None,
    epost: str = "",
) -> Brev | None:
    """Write one letter and order it sent; None when it was written before."""
    utkast = Utkast(til, mal, noekkel, data, kalender, epost)
    nye = queue_many([utkast], nettverk=nettverk, slag=slag, om=om, by=by)
    return nye[0] if nye else None


@transaction.atomic
def queue_many(
    utkastene: Iterable[Utkast],
    *,
    nettverk: Nettverk,
    slag: str,
    om: Model,
    by: Person | None,
    sendt: datetime.datetime | None = None,
) -> list[Brev]:
    """Write the letters that are not written before, and order them sent; returns the new ones.

    The queries are as many for one as for a thousand. What is written here by one call is one sending. Who
    has chosen not to get letters of this kind, gets none. `sendt` is for demo data: they are as if sent then.
    """
    if slag not in _slag:
        raise LookupError(f"Ukjent slag brev: {slag}")
    utkastene = _wanted({utkast.noekkel: utkast for utkast in utkastene}.values(), _slag[slag])
    finnes = set(
        Brev.objects.filter(noekkel__in=[u.noekkel for u in utkastene]).values_list(
            "noekkel", flat=True
        )
    )
    sending, hva = uuid.uuid4(), gjelder(om)
    stand: dict[str, Any] = {}
    if sendt:
        stand = {"tilstand": Tilstand.SENDT, "sendt": sendt, "dato": sendt, "opprettet": sendt}
    Brev.objects.bulk_create(
        [
            _written(
                utkast, nettverk=nettverk, slag=slag, gjelder=hva, sending=sending, by=by, **stand
            )
            for utkast in utkastene
            if utkast.noekkel not in finnes
        ],
        # Another may have written the same meanwhile: then that one stands.
        ignore_conflicts=True,
    )
    nye = list(Brev.objects.filter(sending=sending).order_by("pk"))
    if nye and not sendt:
        utsending.order_sending(nettverk=nettverk, gjelder=hva, by=by)
    return nye


def _wanted(utkastene: Collection[Utkast], slaget: Brevslag) -> Collection[Utkast]:
    if not slaget.naar:
        return utkastene
    uten = set(
        Brevvalg.objects.filter(
            slag=slaget.navn, naar=Naar.ALDRI, person__in=[u.til for u in utkastene if u.til]
        ).values_list("person", flat=True)
    )
    return [u for u in utkastene if not u.til or u.til.pk not in uten]


def _written(utkast: Utkast, *, nettverk: Nettverk, by: Person | None, **felt: Any) -> Brev:
    til = utkast.til or _without_account(utkast)
    spraak = til.spraak or nettverk.maalform
    with translation.override(spraak):
        emne, tekst = render(utkast.mal, til=til, nettverk=nettverk, data=utkast.data)
        fil = utkast.kalender(til) if utkast.kalender else None
    return Brev(
        nettverk=nettverk,
        til=utkast.til,
        epost=utkast.epost or til.postadresse,
        spraak=spraak,
        emne=emne[:300],
        tekst=tekst,
        kalender=fil.innhold if fil else "",
        metode=fil.metode if fil else "",
        melding_id=new_melding_id(),
        noekkel=utkast.noekkel,
        bestilt_av=by,
        **felt,
    )


def _without_account(utkast: Utkast) -> Person:
    """The recipient as the templates and the calendar know one; never saved."""
    person = Person(navn=utkast.navn, epost=utkast.epost)
    person.postadresse = utkast.epost
    return person


def render(mal: str, *, til: Person, nettverk: Nettverk, data: dict[str, Any]) -> tuple[str, str]:
    """Subject and text, in the language that is active."""
    return read(mal, {"person": til, "nettverk": nettverk, **data})


def read(mal: str, data: dict[str, Any]) -> tuple[str, str]:
    """The subject, which is the first line of a letter's template, and the text below it."""
    emne, _skille, innhold = render_to_string(mal, data).strip().partition("\n")
    return one_line(emne), innhold.strip() + "\n"


def preview(mal: str, *, til: Person, nettverk: Nettverk, data: dict[str, Any]) -> dict[str, str]:
    """The letter in the network's own målform, for the person who is about to send it to others:
    components/slik_blir_eposten.html shows it."""
    with translation.override(nettverk.maalform):
        emne, tekst = render(mal, til=til, nettverk=nettverk, data=data)
    return {"emne": emne, "tekst": tekst, "spraak": nettverk.maalform, "til": til.navn}


def new_melding_id() -> str:
    vert = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4().hex}@{vert}>"


def key(slag: str, om: Model, *mer: object) -> str:
    """A letter's key: «rolu.invitasjon:rolu.Samling:12:person:7»."""
    return ":".join([slag, gjelder(om), *map(str, mer)])


def next_key(slag: str, om: Model) -> Callable[[Person], str]:
    """The key, for each person, of one more letter of a kind that they may have had about it before. One
    query."""
    gang = Counter(Brev.objects.about(om).filter(slag=slag).values_list("til", flat=True))
    return lambda til: key(slag, om, "person", til.pk, "gang", gang[til.pk] + 1)


@transaction.atomic
def rewrite(utkastene: Iterable[Utkast], *, nettverk: Nettverk) -> int:
    """Write letters that have not gone anew, since what they told is no longer so; returns how many.

    They keep their key and their state. What is on its way at this moment goes as it was.
    """
    nye = {utkast.noekkel: utkast for utkast in utkastene}
    rader = list(
        Brev.objects.filter(noekkel__in=nye).unsent().select_for_update(of=("self",)).order_by("pk")
    )
    felt = ["epost", "spraak", "emne", "tekst", "kalender", "metode", "melding_id", "dato"]
    for rad in rader:
        ny = _written(nye[rad.noekkel], nettverk=nettverk, by=None)
        for navn in felt:
            setattr(rad, navn, getattr(ny, navn))
    Brev.objects.bulk_update(rader, felt)
    return len(rader)


def withdraw(brevene: BrevQuerySet) -> int:
    """Those of `brevene` that wait are not sent after all. What is on its way cannot be stopped."""
    return brevene.waiting().end(Tilstand.TRUKKET)


@transaction.atomic
def send_after_all(brevene: BrevQuerySet, *, by: Person) -> int:
    """Those of `brevene` that were withdrawn wait again; returns how many."""
    rader = list(
        brevene.filter(tilstand=Tilstand.TRUKKET).exclude(tekst="").select_for_update(of=("self",))
    )
    for brev in rader:
        brev.tilstand = Tilstand.VENTER
    Brev.objects.bulk_update(rader, ["tilstand"])
    for hva in {brev.gjelder for brev in rader}:
        utsending.order_sending(nettverk=rader[0].nettverk, gjelder=hva, by=by)
    return len(rader)


# --- once more


@transaction.atomic
def try_again(brevene: BrevQuerySet, *, by: Person) -> int:
    """Let failed letters about one thing wait once more; returns how many.

    It is the same letter, to the address the person has now. Raises KanIkke when the thing it is
    about is such that it must not be sent.
    """
    rader: Sequence[Brev] = list(
        brevene.failed().exclude(tekst="").select_for_update(of=("self",)).select_related("til")
    )
    if not rader:
        return 0
    tingene = ting.find_many({brev.gjelder for brev in rader})
    for brev in rader:
        if grunn := _hindered(brev, tingene.get(brev.gjelder)):
            raise KanIkke(grunn)
        brev.tilstand, brev.grunn, brev.svar = Tilstand.VENTER, "", ""
        if brev.til and brev.til.postadresse != brev.epost:
            brev.epost = brev.til.postadresse
            brev.kalender = address(brev.kalender, brev.til.navn, brev.epost)
    Brev.objects.bulk_update(rader, ["tilstand", "grunn", "svar", "epost", "kalender"])
    for hva in {brev.gjelder for brev in rader}:
        utsending.order_sending(nettverk=rader[0].nettverk, gjelder=hva, by=by)
    return len(rader)


def _hindered(brev: Brev, tingen: Model | None) -> str:
    if tingen is None:
        return _("Det e-posten gjelder, finnes ikke lenger.")
    hindrer = slag(brev.slag).hindrer
    return hindrer(tingen, brev) if hindrer else ""


# --- mail about the account


def queue_account(
    *,
    til: Person | None,
    epost: str,
    slag: str,
    emne: str,
    tekst: str,
    noekkel: str | None = None,
    hemmelig: bool = False,
) -> Brev:
    """Write a letter that belongs to no network; `kontopost` sends it at once, past everything that waits.

    With a key it is one letter however many times it is written. A secret one (the code) is
    sealed while it waits, and its subject and text are gone when it is sent or given up.
    """
    if slag not in _slag:
        raise LookupError(f"Ukjent slag brev: {slag}")
    sending = uuid.uuid4()
    brev, _ny = Brev.objects.get_or_create(
        noekkel=noekkel or f"{slag}:{sending}",
        defaults={
            "til": til,
            "epost": epost,
            "slag": slag,
            "sending": sending,
            "spraak": (translation.get_language() or "nb")[:2],
            "emne": "" if hemmelig else one_line(emne)[:300],
            "tekst": sealed(one_line(emne), tekst) if hemmelig else tekst,
            "hemmelig": hemmelig,
            "melding_id": new_melding_id(),
        },
    )
    return brev


# --- what has an end date


def purge(naa: datetime.datetime | None = None) -> int:
    """Let go of letters' text after a year, and of mail about sign-in after a month. Returns how many
    rows were touched. Safe to run twice."""
    naa = naa or timezone.now()
    tekster = (
        Brev.objects.filter(opprettet__lt=naa - settings.BREV_TEKST_BEHOLDES)
        .exclude(tekst="", kalender="")
        .exclude(tilstand__in=[Tilstand.VENTER, Tilstand.SENDER])
        .update(tekst="", kalender="", metode="")
    )
    slettet, _per_slag = Brev.objects.filter(
        nettverk=None, opprettet__lt=naa - settings.BREV_INNLOGGING_BEHOLDES
    ).delete()
    return tekster + slettet


def job_about(om: Model, nettverk: Nettverk) -> Jobb | None:
    """The newest sending about a thing."""
    return Jobb.objects.filter(
        nettverk=nettverk, slag=utsending.UTSENDING, gjelder=gjelder(om)
    ).first()
