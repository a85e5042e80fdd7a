"""What rolu keeps about a person, for «Mine opplysninger»."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from nettverk.flater import Opplysninger
from nettverk.models import Nettverk, Person
from nettverk.tilgang.roller import roller_for
from rolu.models import (
    Behov,
    Bordplass,
    Bordskille,
    Deltakelse,
    Deltakerkode,
    Endringsoenske,
    Gjest,
    Innsjekkhendelse,
    Kvittering,
    Loggpost,
    Mellomarbeid,
    Nestesteg,
    Oppsummeringsblokk,
    Paaminnelse,
    Praksisbruk,
    Praksisfortelling,
    Saksvedlegg,
    Stoettehandling,
    Stoettesignal,
    Tilbakemelding,
    Vedlegg,
)
from rolu.samlinger.dager import dates_listed
from rolu.samlinger.oppsummering import with_name_in


def gather(person: Person) -> Iterator[Opplysninger]:
    """Participations, needs, wishes; what one has written, added, delivered, told, used, ticked and tapped; and what
    one is asked for and reminded of."""
    for del_ in (
        _participations,
        _check_ins,
        _codes,
        _tables,
        _kept_apart,
        _needs,
        _wishes,
        _in_anothers_place,
        _named_in,
        _written_in_summaries,
        _log,
        _said,
        _tapped,
        _delivered,
        _told,
        _used,
        _ticked,
        _asked,
        _reminded,
        _files,
        _face_answers,
        _documents,
        _support,
    ):
        yield del_(person)


def _participations(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Samlinger"),
        [
            {
                _("samling"): d.samling.tittel,
                _("dato"): d.samling.dato,
                _("svar"): d.get_status_display(),
                _("møtte"): d.moett,
                _("dager du kommer"): _listed(d.dager or []),
                _("dager du møtte"): _listed(dag.dato for dag in d.dagsoppmoeter.all()),
            }
            for d in Deltakelse.objects.filter(verv__person=person)
            .select_related("samling")
            .prefetch_related("dagsoppmoeter")
            .order_by("samling__start")
        ],
    )


def _listed(datoer: Iterable[datetime.date]) -> str:
    """Of a gathering over several days: which of them. Empty when it is not told by day."""
    i_orden = sorted(datoer)
    return dates_listed(i_orden) if i_orden else ""


def _check_ins(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Registrert i døra"),
        [
            {
                _("samling"): h.samling.tittel,
                _("hva"): h.get_handling_display(),
                _("tid"): h.tid,
            }
            for h in Innsjekkhendelse.objects.filter(person=person)
            .select_related("samling")
            .order_by("tid")
        ],
    )


def _codes(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Kodene dine til innsjekk"),
        [
            {_("samling"): k.samling.tittel, _("kode"): k.kode}
            for k in Deltakerkode.objects.filter(person=person)
            .select_related("samling")
            .order_by("samling__start")
        ],
    )


def _tables(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Bordene du har sittet ved"),
        [
            {
                _("samling"): p.bordkart.samling.tittel,
                _("dato"): p.bordkart.samling.dato,
                _("bord"): p.bord,
            }
            for p in Bordplass.objects.filter(person=person)
            .select_related("bordkart__samling")
            .order_by("bordkart__samling__start")
        ],
    )


def _kept_apart(person: Person) -> Opplysninger:
    """That somebody wanted it, and where; whom from is also about the other, and is not told."""
    return Opplysninger(
        _("Samlinger der du ikke skal sitte ved samme bord som en bestemt annen"),
        [
            {
                _("samling"): s.bordkart.samling.tittel,
                _("dato"): s.bordkart.samling.dato,
            }
            for s in Bordskille.objects.filter(Q(en=person) | Q(annen=person))
            .select_related("bordkart__samling")
            .order_by("bordkart__samling__start", "pk")
        ],
    )


def _needs(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Det du trenger på samlinger"),
        [
            {
                _("samling"): b.samling.tittel,
                _("dato"): b.samling.dato,
                _("behov"): ", ".join(str(Behov.Valg(v).label) for v in b.valg),
                _("annet"): b.annet,
            }
            for b in Behov.objects.filter(person=person)
            .select_related("samling")
            .order_by("samling__start")
        ],
    )


def _wishes(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Endringer du har bedt om etter fristen"),
        [
            {
                _("samling"): oenske.deltakelse.samling.tittel,
                _("spurt"): oenske.spurt,
                _("ønsket svar"): oenske.get_oensker_display(),
                _("vara"): oenske.vara_navn,
                _("beskjed"): oenske.tekst,
                _("tilstand"): oenske.get_tilstand_display(),
            }
            for oenske in Endringsoenske.objects.of(person).select_related("deltakelse__samling")
        ],
    )


def _in_anothers_place(person: Person) -> Opplysninger:
    """Where one's address is given for a substitute or a guest: at a gathering, or in a wish that waits."""
    gjester = Gjest.objects.filter(epost__iexact=person.epost).exclude(epost="")
    oensker = Endringsoenske.objects.filter(vara_epost__iexact=person.epost).exclude(vara_epost="")
    rader = [
        (g.samling, g.navn, g.get_status_display(), g.moett, g.dager)
        for g in gjester.select_related("samling").order_by("samling__start", "pk")
    ] + [
        (o.deltakelse.samling, o.vara_navn, o.get_tilstand_display(), None, o.vara_dager)
        for o in oensker.select_related("deltakelse__samling")
    ]
    return Opplysninger(
        _("Samlinger du er satt opp på som vara eller gjest"),
        [
            {
                _("samling"): samling.tittel,
                _("dato"): samling.dato,
                _("navn"): navn,
                _("svar"): svar,
                _("møtte"): moett,
                _("dager du kommer"): _listed(dager or []),
            }
            for samling, navn, svar, moett, dager in rader
        ],
    )


def _named_in(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Oppsummeringer med navnet ditt"),
        [
            {_("samling"): samling, _("del"): str(Oppsummeringsblokk.Slag(slag).label)}
            for samling, slag in with_name_in(person)
        ],
    )


def _written_in_summaries(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Det du har skrevet i oppsummeringer"),
        [
            {_("samling"): b.samling.tittel, _("del"): b.get_slag_display(), _("tekst"): b.tekst}
            for b in Oppsummeringsblokk.objects.filter(endret_av=person)
            .exclude(tekst="")
            .select_related("samling")
            .order_by("samling__start", "pk")
        ],
    )


def _log(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Det du har skrevet i loggen"),
        [
            {
                _("mellomarbeid"): str(p.mellomarbeid),
                _("fase"): p.get_fase_display(),
                _("dato"): p.dato,
                _("tekst"): p.tekst,
            }
            for p in Loggpost.objects.filter(skrevet_av=person).select_related(
                "mellomarbeid__oppdrag", "mellomarbeid__gruppe"
            )
        ],
    )


def _said(person: Person) -> Opplysninger:
    """What one has said in the threads, and what others have said in which one is named."""
    rader = Tilbakemelding.objects.filter(Q(skrevet_av=person) | Q(nevnte=person)).distinct()
    return Opplysninger(
        _("Tilbakemeldinger du har skrevet eller er nevnt i"),
        [
            {
                _("mellomarbeid"): str(t.mellomarbeid),
                _("tidspunkt"): t.skrevet,
                _("tekst"): t.tekst if t.skrevet_av_id == person.pk else "",
            }
            for t in rader.select_related("mellomarbeid__oppdrag", "mellomarbeid__gruppe")
        ],
    )


def _tapped(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Mellomarbeid du har lest, eller sagt er nyttig"),
        [
            {
                _("mellomarbeid"): str(k.mellomarbeid),
                _("hva"): k.get_slag_display(),
                _("enhet"): str(k.enhet or ""),
                _("når"): k.naar,
            }
            for k in Kvittering.objects.filter(person=person).select_related(
                "mellomarbeid__oppdrag", "mellomarbeid__gruppe", "enhet"
            )
        ],
    )


def _delivered(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Mellomarbeid du har levert"),
        [
            {_("mellomarbeid"): str(m), _("levert"): m.levert}
            for m in Mellomarbeid.objects.filter(levert_av=person).select_related(
                "oppdrag", "gruppe"
            )
        ],
    )


def _told(person: Person) -> Opplysninger:
    """The unit is the author; that it was this person who shared it is kept too."""
    rader = Praksisfortelling.objects.filter(delt_av=person).defer("sok")
    return Opplysninger(
        _("Fortellinger du har delt i Praksis"),
        [
            {
                _("tittel"): f.tittel,
                _("tekst"): f.tekst,
                _("mellomarbeid"): str(f.mellomarbeid),
                _("delt"): f.delt,
                _("tilstand"): f.get_stand_display(),
            }
            for f in rader.select_related("mellomarbeid__oppdrag", "mellomarbeid__gruppe").order_by(
                "delt", "pk"
            )
        ],
    )


def _used(person: Person) -> Opplysninger:
    rader = Praksisbruk.objects.filter(brukt_av=person).select_related("fortelling", "gruppe")
    return Opplysninger(
        _("Fortellinger du har tatt i bruk"),
        [
            {_("tittel"): b.fortelling.tittel, _("gruppe"): b.gruppe.navn, _("når"): b.brukt}
            for b in rader.order_by("brukt", "pk")
        ],
    )


def _ticked(person: Person) -> Opplysninger:
    rader = Nestesteg.objects.filter(gjort_av=person).order_by("gjort", "pk")
    return Opplysninger(_("Neste steg du har krysset av"), [_step(steg) for steg in _whose(rader)])


def _asked(person: Person) -> Opplysninger:
    """What units need of the groups the person is in today, and that is not done."""
    nettverkene = Nettverk.objects.filter(grupper__verv__person=person).distinct().order_by("pk")
    rader = [
        steg
        for nettverk in nettverkene
        for steg in _whose(Nestesteg.objects.asked_of(roller_for(person, nettverk)))
    ]
    return Opplysninger(
        _("Neste steg der enheter trenger en gruppe du er med i"), [_step(steg) for steg in rader]
    )


def _whose(rader: QuerySet[Nestesteg]) -> QuerySet[Nestesteg]:
    return rader.select_related(
        "hos", "loggpost__mellomarbeid__oppdrag", "loggpost__mellomarbeid__gruppe"
    )


def _step(steg: Nestesteg) -> dict[str, Any]:
    return {
        _("mellomarbeid"): str(steg.loggpost.mellomarbeid),
        _("hva"): steg.tekst,
        _("gruppe"): steg.hos_navn,
        _("når"): steg.frist,
        _("gjort"): steg.gjort,
    }


def _reminded(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Frister du er påminnet om"),
        [
            {_("oppdrag"): p.oppdrag.tittel, _("frist"): p.frist, _("når"): p.laget}
            for p in Paaminnelse.objects.filter(person=person).select_related("oppdrag")
        ],
        tett=True,
    )


def forget(person: Person) -> None:
    """Whoever closes the account is reminded of nothing more. What one has said, shared and read stands, with the
    name: it is the unit's, and what others have answered."""
    Paaminnelse.objects.filter(person=person).delete()


def _files(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Filer du har lagt ved"),
        [
            {_("fil"): v.navn, _("lastet opp"): v.lastet_opp}
            for v in Vedlegg.objects.filter(lastet_opp_av=person)
        ],
    )


def _face_answers(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Bilder og film der du har svart om ansikter"),
        [
            {_("fil"): v.navn, _("svar"): v.get_ansikter_display(), _("svart"): v.ansikter_svart}
            for v in Vedlegg.objects.filter(ansikter_av=person)
        ],
    )


def _documents(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Saksdokumenter du har lagt ved"),
        [
            {_("fil"): v.navn, _("lastet opp"): v.lastet_opp}
            for v in Saksvedlegg.objects.filter(lastet_opp_av=person)
        ],
    )


def _support(person: Person) -> Opplysninger:
    """What the person has answered for a unit, and done for others."""
    svar = Stoettesignal.objects.filter(svart_av=person).select_related("enhet")
    gjort = Stoettehandling.objects.filter(laget_av=person).select_related("enhet")
    return Opplysninger(
        _("Støtte til enheter"),
        [
            *(
                {
                    _("enhet"): str(rad.enhet),
                    _("hva"): rad.get_slag_display(),
                    _("dato"): rad.svart,
                    _("tekst"): rad.svar,
                }
                for rad in svar.order_by("svart")
            ),
            *(
                {
                    _("enhet"): str(rad.enhet),
                    _("hva"): rad.get_slag_display(),
                    _("dato"): rad.dato,
                    _("tekst"): rad.tekst,
                }
                for rad in gjort.order_by("dato", "pk")
            ),
        ],
    )
