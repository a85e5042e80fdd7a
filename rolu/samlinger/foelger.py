"""What a change of a gathering's state will do, in sentences, before it is done."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.models import Brev
from nettverk.side.skrivemaate import klokke, ukedag
from rolu.models import Deltakelse, Samling
from rolu.samlinger.dager import days
from rolu.samlinger.oppmoete import besides, counted_already
from rolu.samlinger.samlingsbrev import INVITASJON
from rolu.samlinger.tilstand import back_to, is_done, open_questions, waiting_about_answering

Status = Samling.Status


def of_start(samling: Any) -> Iterator[str]:
    """Of a gathering that was fetched `with_counts`, as all here."""
    yield _(
        "Påmeldingen stenges: Ingen kan svare, og ingen flere kan inviteres eller få påminnelse."
    )
    if samling.ubesvarte:
        yield ngettext(
            "%(n)s person har ikke svart, og blir stående uten svar.",
            "%(n)s personer har ikke svart, og blir stående uten svar.",
            samling.ubesvarte,
        ) % {"n": samling.ubesvarte}
    yield from _stopped(waiting_about_answering(samling).count())
    yield _("Du kommer til siden «På dagen» med innsjekk, klokka og notatet.")
    yield _("Ingen får e-post. Du kan angre til samlingen er avsluttet.")


def of_finish(samling: Any) -> Iterator[str]:
    if samling.slutt > timezone.now():
        yield from _before_time(samling)
    if samling.status == Status.INVITERT:
        yield _(
            "Påmeldingen stenges: Ingen kan svare, og ingen flere kan inviteres eller få påminnelse."
        )
        yield from _stopped(waiting_about_answering(samling).count())
    telt = counted_already(samling).etterpaa
    if telt.var_der:
        registrert = ngettext(
            "%(n)s av %(alle)s inviterte er registrert som møtt.",
            "%(n)s av %(alle)s inviterte er registrert som møtt.",
            telt.moett_antall,
        ) % {"n": telt.moett_antall, "alle": telt.inviterte}
        yield f"{registrert} {besides(telt)}".strip()
    else:
        yield _("Ingen er registrert som møtt ennå.")
    for aapent in open_questions(samling):
        yield _("Spørsmålet «%(tekst)s» stenges, så ingen kan skrive mer.") % {
            "tekst": aapent.tekst
        }
    yield _("Innsjekken stenges. Notater kan endres til samlingen er låst.")
    yield _("Oppsummeringen er neste steg.")
    yield _("Ingen får e-post. Du kan angre til oppsummeringen er delt.")


def _before_time(samling: Samling) -> Iterator[str]:
    """It was to last longer: until when, and which days are not held."""
    slutt, idag = timezone.localtime(samling.slutt), timezone.localdate()
    if slutt.date() == idag:
        yield _("Etter planen varer samlingen til %(naar)s.") % {"naar": klokke(slutt)}
        return
    yield _("Etter planen varer samlingen til %(dato)s %(naar)s.") % {
        "dato": ukedag(slutt.date()),
        "naar": klokke(slutt),
    }
    igjen = [ukedag(d.dato) for d in days(samling) if d.dato > idag]
    if igjen:
        yield _("Da blir samlingen ikke holdt %(dager)s.") % {"dager": _(" og ").join(igjen)}


def of_lock(samling: Samling) -> Iterator[str]:
    if not is_done(samling):
        yield _(
            "Oppsummeringen er ikke delt, og kan ikke lages eller deles mens samlingen er låst."
        )
    yield _("Program, notater, beslutninger, svar, oppmøte og oppsummering kan ikke endres.")
    yield _("Kodene til tankesmier og evaluering slutter å virke.")
    yield _("Alle leser det samme som før, og oppdrag kan fortsatt gis.")
    yield _("Ingen får e-post. Koordinatoren kan åpne samlingen igjen.")


def asks_to_take_back(samling: Samling, fra: str | None = None) -> str:
    """The permission that taking the change to `fra`, else to the state of now, back asks for: who may start
    and end the gathering, may take that back."""
    kjoerte = (Status.PAAGAAR, Status.OPPSUMMERING)
    return "rolu.run_samling" if (fra or samling.status) in kjoerte else "rolu.change_samling"


def words_of_take_back(samling: Samling) -> tuple[str, str]:
    """The title of the page, and the button."""
    return {
        Status.INVITERT: (_("Gjøre «%(tittel)s» til utkast igjen?"), _("Gjør til utkast")),
        Status.PAAGAAR: (_("Angre at «%(tittel)s» har startet?"), _("Angre starten")),
        Status.OPPSUMMERING: (_("Angre at «%(tittel)s» er avsluttet?"), _("Angre avslutningen")),
        Status.LAAST: (_("Åpne «%(tittel)s» igjen?"), _("Åpne samlingen")),
    }[Status(samling.status)]


def taken_back(fra: str) -> str:
    """What was done, when it was taken back from that state."""
    return {
        Status.INVITERT: _("Samlingen er utkast igjen."),
        Status.PAAGAAR: _("Starten er angret."),
        Status.OPPSUMMERING: _("Avslutningen er angret."),
        Status.LAAST: _("Samlingen er åpnet igjen."),
    }[Status(fra)]


def of_take_back(samling: Samling) -> Iterator[str]:
    if samling.status == Status.INVITERT:
        yield from _of_draft(samling)
        return
    if samling.status == Status.LAAST:
        yield _("Program, notater, beslutninger, oppmøte og oppsummering kan endres igjen.")
    elif back_to(samling) == Status.PAAGAAR:
        yield _("Samlingen pågår igjen.")
    else:
        yield _("Samlingen går tilbake til «Invitert», som før den startet.")
        if timezone.localdate() <= samling.siste_svardag and samling.slutt > timezone.now():
            yield _("Påmeldingen åpner igjen.")
        yield _("E-poster som ble stoppet, blir ikke sendt.")
    yield _("Ingen får e-post.")


def _of_draft(samling: Samling) -> Iterator[str]:
    antall = Deltakelse.objects.filter(samling=samling).totals()["inviterte"]
    yield ngettext(
        "%(n)s person er ikke lenger invitert.", "%(n)s personer er ikke lenger invitert.", antall
    ) % {"n": antall}
    yield from _stopped(Brev.objects.about(samling).filter(slag=INVITASJON).waiting().count())
    yield _("Medlemmene ser ikke samlingen før du publiserer den igjen.")
    yield _("Programmet, og hvem samlingen er for, blir stående.")


def _stopped(antall: int) -> Iterator[str]:
    if antall:
        yield ngettext(
            "%(n)s e-post som venter på å bli sendt, blir stoppet.",
            "%(n)s e-poster som venter på å bli sendt, blir stoppet.",
            antall,
        ) % {"n": antall}
