"""A gathering as a workbook: who was there, what came of it, and what each column says."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from nettverk.filer.regneark import Ark, make_arbeidsbok
from rolu.models import Gjest, Samling, Utfall
from rolu.samlinger.dager import days_met_by
from rolu.samlinger.deltakerliste import Deltaker, excel_time, sheet


def workbook(samling: Samling, deltakere: list[Deltaker], gjester: Iterable[Gjest]) -> bytes:
    """XLSX with a sheet for each kind of thing, one row for each. One query, and one for the days when there are
    several."""
    gjestene = list(gjester)
    utfall = list(Utfall.objects.filter(samling=samling).with_who().select_related("programpost"))
    arkene = [
        sheet(deltakere, gjestene, samling=samling),
        _attendance(samling, deltakere, gjestene),
        _outcomes(utfall),
        _commitments(u for u in utfall if u.type == Utfall.Type.OPPFOLGING),
    ]
    return make_arbeidsbok([*arkene, _explained(arkene)])


def _attendance(samling: Samling, deltakere: list[Deltaker], gjester: list[Gjest]) -> Ark:
    """Each who met once for each day they did, by the first of their places."""
    dager = days_met_by(samling)
    folk = {d.person: d for d in reversed(deltakere) if d.moett}
    moett: list[tuple[str, str, str, datetime.date, Any]] = [
        (d.navn, d.sted, d.kommune, dag, tid)
        for d in deltakere
        if folk.get(d.person) is d
        for dag, tid in _each_day(dager.get(("p", d.person)), d.moett)
    ]
    moett += [
        (g.navn, g.sted, str(g.kommune or ""), dag, tid)
        for g in gjester
        if g.moett
        for dag, tid in _each_day(dager.get(("g", g.pk)), g.moett)
    ]
    return Ark(
        _("Oppmøte"),
        [
            (_("Navn"), 28),
            (_("Enhet eller gruppe"), 36),
            (_("Kommune"), 18),
            (_("Dag"), 12),
            (_("Registrert"), 18),
        ],
        ((*hvem, excel_time(tid)) for *hvem, tid in moett),
    )


def _each_day(
    dager: dict[datetime.date, Any] | None, moett: Any
) -> list[tuple[datetime.date, Any]]:
    """The days and when; the one on which they were registered, when it is not told by day."""
    return sorted(dager.items()) if dager else [(timezone.localdate(moett), moett)]


def _outcomes(utfall: list[Utfall]) -> Ark:
    return Ark(
        _("Utfall"),
        [
            (_("Type"), 14),
            (_("Nummer"), 10),
            (_("Tekst"), 70),
            (_("Programpost"), 36),
            (_("Gitt som oppdrag"), 36),
        ],
        (
            (
                capfirst(u.get_type_display()),
                u.nummer or "",
                u.tekst,
                str(u.programpost or ""),
                str(u.oppdrag or ""),
            )
            for u in utfall
        ),
    )


def _commitments(utfall: Iterable[Utfall]) -> Ark:
    return Ark(
        _("Oppfølginger"),
        [
            (_("Hva"), 70),
            (_("Hvem"), 36),
            (_("Frist"), 12),
            (_("Status"), 14),
            (_("Gjort"), 18),
            (_("Programpost"), 36),
        ],
        (
            (
                u.tekst,
                str(u.hvem),
                u.frist or "",
                _state(u),
                excel_time(u.gjort),
                str(u.programpost or ""),
            )
            for u in utfall
        ),
    )


def _state(u: Utfall) -> str:
    if u.gjort:
        return _("gjort")
    return _("over fristen") if u.er_over_fristen else _("ikke gjort")


def _explained(arkene: list[Ark]) -> Ark:
    """Every column of the other sheets, in their order."""
    ord_ = _explanations()
    return Ark(
        _("Forklaring"),
        [(_("Ark"), 18), (_("Kolonne"), 24), (_("Hva kolonnen sier"), 90)],
        [
            (ark.tittel, kolonne, ord_.get((ark.tittel, kolonne), ""))
            for ark in arkene
            for kolonne, _bredde in ark.kolonner
        ],
    )


def _explanations() -> dict[tuple[str, str], str]:
    sted = _("Enheten eller gruppa personen kom fra. For gjester det de sa i døra.")
    kommune = _("Kommunen personen hørte til da samlingen ble holdt.")
    post = _("Posten i programmet som det kom ut av. Tom når det gjelder hele samlingen.")
    ark: dict[str, dict[str, str]] = {
        _("Deltakere"): {
            _("Navn"): _(
                "Alle inviterte og gjester. Den som er med i flere grupper, har én rad for hver."
            ),
            _("Enhet eller gruppe"): sted,
            _("Kommune"): kommune,
            _("Rolle"): _("Rollen i gruppa. En vara eller en gjest er ikke i gruppa fra før."),
            _("Status"): _("Svaret. «Avmeldt her» betyr at personen kommer for en annen gruppe."),
            _("Dager"): _("Dagene personen er påmeldt til, når samlingen varer flere dager."),
            _("Møtte"): _(
                "Når personen ble registrert. Tom når personen ikke ble registrert som møtt."
            ),
            _("E-post"): _("Tom når personen har sluttet eller ikke har noen adresse."),
        },
        _("Oppmøte"): {
            _("Navn"): _("Bare de som møtte, én rad for hver dag de ble registrert."),
            _("Enhet eller gruppe"): sted,
            _("Kommune"): _(
                "Den første av kommunene personen er med fra. Oppsummeringen og siden med deltakerne teller den som er med fra to kommuner, i begge."
            ),
            _("Dag"): _("Dagen personen ble registrert."),
            _("Registrert"): _("Klokkeslettet da personen ble registrert, norsk tid."),
        },
        _("Utfall"): {
            _("Type"): _("Beslutning, innsikt, oppdrag eller oppfølging."),
            _("Nummer"): _(
                "Nummeret til en beslutning på samlingen. Nummer som mangler, er fjernet."
            ),
            _("Tekst"): _("Slik det ble skrevet."),
            _("Programpost"): post,
            _("Gitt som oppdrag"): _(
                "Tittelen på oppdraget som enhetene fikk. Tom når det ikke er gitt."
            ),
        },
        _("Oppfølginger"): {
            _("Hva"): _("Det som skal gjøres. Hver oppfølging står også i arket «Utfall»."),
            _("Hvem"): _("Kommunen eller gruppa som tok det på seg."),
            _("Frist"): _("Dagen det skal være gjort. Tom når ingen frist er satt."),
            _("Status"): _("Gjort, ikke gjort eller over fristen, den dagen fila ble lastet ned."),
            _("Gjort"): _("Når noen merket oppfølgingen som gjort."),
            _("Programpost"): post,
        },
    }
    return {(navn, kolonne): sier for navn, kol in ark.items() for kolonne, sier in kol.items()}
