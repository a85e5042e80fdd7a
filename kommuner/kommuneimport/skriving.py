"""Compare a source with the kommuner that the portal knows, and write what is new or different."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kommuner.gyldighet import periode
from kommuner.kommuneimport.inndeling import FRA, Endringsrad, Inndelingskilde, Kommunerad
from kommuner.models import Kommune, Kommuneendring, Kommunenavn

# One name period: (name, from, until).
Navn = tuple[str, datetime.date | None, datetime.date | None]


@dataclass(frozen=True)
class Endret:
    """A kommune the portal knows otherwise, as it will be, and each difference in words."""

    rad: Kommunerad
    kommune: Kommune
    hva: list[str]
    navn: list[Navn]


@dataclass
class Inndelingsforskjell:
    """What a source would change."""

    nye: list[Kommunerad] = field(default_factory=list)
    endrede: list[Endret] = field(default_factory=list)
    uendret: int = 0
    # The portal knows of a later change than the source does: they are left as they are.
    nyere: list[Kommune] = field(default_factory=list)
    nye_skifter: list[Endringsrad] = field(default_factory=list)
    # Changes to or from a number that neither the source nor the portal has.
    ukjente: list[Endringsrad] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.nye or self.endrede or self.nye_skifter)


def compare(kilde: Inndelingskilde) -> Inndelingsforskjell:
    """What writing the source would change. Three queries; writes nothing."""
    kjente = {k.kommunenummer: k for k in Kommune.objects.defer("grense").order_by()}
    navnene = _names(kjente)
    svar = Inndelingsforskjell()
    for rad in kilde.kommuner:
        kommune = kjente.get(rad.nummer)
        if kommune is None:
            svar.nye.append(rad)
            continue
        naa = navnene.get(rad.nummer) or [(kommune.navn, kommune.fra, kommune.til)]
        if _latest(kommune, naa) > rad.siste_skifte:
            svar.nyere.append(kommune)
            continue
        navn = _as_it_will_be(rad, naa, kilde.tidligst)
        if hva := _differences(rad, kommune, naa, navn):
            svar.endrede.append(Endret(rad, kommune, hva, navn))
        else:
            svar.uendret += 1
    _compare_changes(kilde, kjente, svar)
    return svar


def _names(kjente: dict[str, Kommune]) -> dict[str, list[Navn]]:
    per_nummer: dict[str, list[Navn]] = {}
    nummer_av = {k.pk: nummer for nummer, k in kjente.items()}
    for rad in Kommunenavn.objects.order_by("kommune", "gyldig"):
        per_nummer.setdefault(nummer_av[rad.kommune_id], []).append((rad.navn, rad.fra, rad.til))
    return per_nummer


def _latest(kommune: Kommune, naa: list[Navn]) -> datetime.date:
    return kommune.til or naa[-1][1] or datetime.date.min


def _as_it_will_be(rad: Kommunerad, naa: list[Navn], tidligst: datetime.date | None) -> list[Navn]:
    """The names of the source; what it says began on the first day it knows, began when the portal says."""
    navn: list[Navn] = [(n.navn, n.fra, n.til) for n in rad.navn]
    if tidligst is None or rad.fra != tidligst:
        return navn
    foer = [n for n in naa if n[1] is None or n[1] < tidligst]
    if foer and foer[-1][0] == navn[0][0]:
        return [*foer[:-1], (navn[0][0], foer[-1][1], navn[0][2]), *navn[1:]]
    return [*[(n[0], n[1], min(n[2] or tidligst, tidligst)) for n in foer], *navn]


def _differences(rad: Kommunerad, kommune: Kommune, naa: list[Navn], navn: list[Navn]) -> list[str]:
    hva = []
    if kommune.navn != rad.siste_navn:
        hva.append(_("navn: %(foer)s → %(naa)s") % {"foer": kommune.navn, "naa": rad.siste_navn})
    elif naa != navn and (len(naa) > 1 or len(navn) > 1):
        hva.append(_("tidligere navn: %(navn)s") % {"navn": ", ".join(n[0] for n in navn[:-1])})
    if (kommune.fra, kommune.til) != (navn[0][1], navn[-1][2]):
        hva.append(
            _("gjelder: %(foer)s → %(naa)s")
            % {
                "foer": _span(kommune.fra, kommune.til),
                "naa": _span(navn[0][1], navn[-1][2]),
            }
        )
    if rad.orgnr and rad.orgnr != kommune.organisasjonsnummer:
        hva.append(_("organisasjonsnummer: %(nummer)s") % {"nummer": rad.orgnr})
    return hva


def _span(fra: datetime.date | None, til: datetime.date | None) -> str:
    siste = til - datetime.timedelta(days=1) if til else None
    return f"{date_format(fra) if fra else ''}–{date_format(siste) if siste else ''}"


def _compare_changes(
    kilde: Inndelingskilde, kjente: Iterable[str], svar: Inndelingsforskjell
) -> None:
    numre = {*kjente, *(rad.nummer for rad in kilde.kommuner)}
    fra_foer = {
        (fra, til, dato): type_
        for fra, til, dato, type_ in Kommuneendring.objects.order_by().values_list(
            "fra__kommunenummer", "til__kommunenummer", "dato", "type"
        )
    }
    for rad in kilde.endringer:
        if rad.fra not in numre or rad.til not in numre:
            # What happened on the first day is how the division began: nobody misses it.
            if rad.dato > FRA:
                svar.ukjente.append(rad)
        elif fra_foer.get((rad.fra, rad.til, rad.dato)) != rad.type:
            svar.nye_skifter.append(rad)


@transaction.atomic
def write(kilde: Inndelingskilde) -> Inndelingsforskjell:
    """Write what is new or different, and answer what it was. Safe to run twice, and two at once.

    These are national facts, so the source wins; except over what the portal knows from a later one.
    Borders are kept, and no kommune goes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('kommuneimport', 0))")
    forskjell = compare(kilde)
    nye = Kommune.objects.bulk_create(
        Kommune(
            kommunenummer=rad.nummer,
            navn=rad.siste_navn,
            organisasjonsnummer=rad.orgnr,
            gyldig=periode(rad.fra, rad.til),
        )
        for rad in forskjell.nye
    )
    for endret in forskjell.endrede:
        kommune = endret.kommune
        kommune.navn = endret.rad.siste_navn
        kommune.organisasjonsnummer = endret.rad.orgnr or kommune.organisasjonsnummer
        kommune.gyldig = periode(endret.navn[0][1], endret.navn[-1][2])
    Kommune.objects.bulk_update(
        [e.kommune for e in forskjell.endrede], ["navn", "organisasjonsnummer", "gyldig"]
    )
    navn: list[tuple[Kommune, Sequence[Navn]]] = [
        *(
            (k, [(n.navn, n.fra, n.til) for n in r.navn])
            for k, r in zip(nye, forskjell.nye, strict=True)
        ),
        *((e.kommune, e.navn) for e in forskjell.endrede),
    ]
    # Replaced as a whole: an exclusion constraint would refuse them one by one.
    Kommunenavn.objects.filter(kommune__in=[k for k, _navn in navn]).delete()
    Kommunenavn.objects.bulk_create(
        Kommunenavn(kommune=kommune, navn=ett, gyldig=periode(fra, til))
        for kommune, perioder in navn
        if len(perioder) > 1
        for ett, fra, til in perioder
    )
    _write_changes(forskjell.nye_skifter)
    return forskjell


def _write_changes(rader: list[Endringsrad]) -> None:
    numre = {nummer for rad in rader for nummer in (rad.fra, rad.til)}
    kommuner = dict(
        Kommune.objects.filter(kommunenummer__in=numre).values_list("kommunenummer", "pk")
    )
    Kommuneendring.objects.bulk_create(
        [
            Kommuneendring(
                fra_id=kommuner[rad.fra], til_id=kommuner[rad.til], dato=rad.dato, type=rad.type
            )
            for rad in rader
        ],
        update_conflicts=True,
        unique_fields=["fra", "til", "dato"],
        update_fields=["type"],
    )
