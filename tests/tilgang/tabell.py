"""Who reaches which address: docs/tilgang.md, address by address.

A row is an address, a method, what its arguments are made of, and for each place (own unit, another
unit in the same kommune, another kommune) the people of network A who get through. Everything in
network B is closed to them, whoever they are, except what is open to everyone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from tests.tilgang.verden import Sted, Verden

ALLE_MEDLEMMER = frozenset(
    [
        "medlem",
        "gruppemedlem",
        "enhetsleder",
        "kommune",
        "fagansvarlig",
        "pro",
        "eva",
        "stg",
        "kog",
        "koordinator",
        "forsker",
    ]
)
K = frozenset({"koordinator"})
KOG = frozenset({"kog", "koordinator"})
KOG_PRO = KOG | {"pro"}
K_PRO = K | {"pro"}
# The researcher of the world sits in the evaluation network.
K_PRO_EVA = K_PRO | {"eva", "forsker"}
KOG_STG = KOG | {"stg"}
STG = frozenset({"stg"})
INGEN: frozenset[str] = frozenset()

Argumenter = Callable[[Verden, str, Sted], list[Any]]


@dataclass(frozen=True)
class Rad:
    """One address with one method."""

    navn: str
    argumenter: Argumenter
    own: frozenset[str]
    # The same people everywhere unless said otherwise.
    other_unit: frozenset[str] | None = None
    other_kommune: frozenset[str] | None = None
    metode: str = "get"
    data: dict[str, Any] = field(default_factory=dict)
    offentlig: bool = False

    def slipper(self, sted: str) -> frozenset[str]:
        if sted == "other_network":
            return INGEN
        valgt = getattr(self, sted)
        return self.own if valgt is None else valgt


def _felles(*felt: str) -> Argumenter:
    """Arguments from what a network has one of, `samling.pk` and the like."""

    def hent(verden: Verden, sted: str, _enhet: Sted) -> list[Any]:
        return [_verdi(verden.felles(sted), sti) for sti in felt]

    return hent


def _sted(*felt: str) -> Argumenter:
    """Arguments from a unit and what hangs on it."""

    def hent(_verden: Verden, _sted_navn: str, enhet: Sted) -> list[Any]:
        return [_verdi(enhet, sti) for sti in felt]

    return hent


def _verdi(ting: Any, sti: str) -> Any:
    for navn in sti.split("."):
        ting = getattr(ting, navn)
    return ting


def _nett(verden: Verden, sted: str, _enhet: Sted) -> list[Any]:
    return []


def _stoettesvar(_verden: Verden, _sted_navn: str, enhet: Sted) -> list[Any]:
    return [enhet.enhet.referanse, "ny_leder"]


def _samling(*felt: str) -> Argumenter:
    return _felles("samling.pk", *felt)


def _traad(slag: str, felt: str) -> Argumenter:
    """Arguments of the red thread of what a network has one of."""
    return lambda verden, sted, _enhet: [slag, _verdi(verden.felles(sted), felt)]


G_EGEN = frozenset({"gruppemedlem", "enhetsleder"})
E_EGEN = frozenset({"enhetsleder"})

# A delivered mellomarbeid in the fagansvarlig's own løype.
_SE_ARBEID = KOG | {"kommune", "fagansvarlig"}
_SIER = K | {"kommune", "fagansvarlig"}


def _arbeid(navn: str, own: frozenset[str], *, ellers: frozenset[str] = INGEN, **mer: Any) -> Rad:
    mer.setdefault("argumenter", _sted("mellomarbeid.pk"))
    return Rad(f"rolu:{navn}", own=own, other_unit=ellers, other_kommune=ellers, **mer)


POST = {"metode": "post"}

RADER = [
    # --- the public face, and the network
    Rad("nettverk:hjem", _nett, ALLE_MEDLEMMER),
    Rad("nettverk:nettverk_rediger", _nett, K),
    Rad("nettverk:nettverk_rediger", _nett, K, **POST),
    Rad("nettverk:nettverk_kart", _nett, K),
    Rad("nettverk:nettverk_kart", _nett, K, **POST),
    Rad("nettverk:oppstart_skjul", _nett, K, **POST),
    Rad("nettverk:nettverk_sikkerhet", _nett, K),
    Rad("nettverk:nettverk_sikkerhet", _nett, K, **POST),
    # What it finds is asked in tests/nettverk/test_sok.py.
    Rad("nettverk:sok", _nett, ALLE_MEDLEMMER),
    # What stands on it is asked in tests/nettverk/roedtraad/.
    Rad("nettverk:roedtraad", _traad("oppdrag", "oppdrag.pk"), ALLE_MEDLEMMER),
    Rad("nettverk:roedtraad", _traad("oppdrag", "oppdrag.pk"), K | {"fagansvarlig"}, **POST),
    # A person's own views of lists; that the owner reaches them is asked in tests/nettverk/test_listevisning.py.
    Rad("nettverk:visning_behold", _nett, ALLE_MEDLEMMER, **POST),
    Rad("nettverk:visning_glem", _felles("listevisning.pk"), INGEN, **POST),
    # --- the network's shape
    Rad("nettverk:nettverket", _nett, ALLE_MEDLEMMER),
    Rad("nettverk:roller", _nett, K),
    Rad("nettverk:roller", _nett, K, **POST),
    Rad("nettverk:utseende", _nett, K),
    Rad("nettverk:utseende", _nett, K, **POST),
    Rad("nettverk:omslag_slett", _nett, K),
    Rad("nettverk:omslag_slett", _nett, K, **POST),
    Rad("nettverk:bekreftes_fra", _nett, K),
    Rad("nettverk:bekreftes_fra", _nett, K, **POST),
    Rad("nettverk:portaldeler", _nett, K),
    Rad("nettverk:portaldel", lambda v, s, e: ["praksis"], K),
    Rad("nettverk:portaldel", lambda v, s, e: ["praksis"], K, metode="post", data={"skal": "av"}),
    Rad("nettverk:medlemskap", _nett, K),
    Rad("nettverk:medlemskap_ny", _nett, K),
    Rad("nettverk:medlemskap_ny", _nett, K, **POST),
    Rad("nettverk:medlemskap_avslutt", _felles("medlemskap.pk"), K),
    Rad("nettverk:medlemskap_avslutt", _felles("medlemskap.pk"), K, **POST),
    Rad("nettverk:samarbeid", _nett, KOG),
    Rad("nettverk:partner_ny", _nett, KOG),
    Rad("nettverk:partner_ny", _nett, KOG, **POST),
    Rad("nettverk:partner_rediger", _felles("partner.pk"), KOG),
    Rad("nettverk:partner_rediger", _felles("partner.pk"), KOG, **POST),
    Rad("nettverk:deling_ny", _nett, KOG),
    Rad("nettverk:deling_ny", _nett, KOG, **POST),
    Rad("nettverk:deling_rediger", _felles("deling.pk"), KOG),
    Rad("nettverk:deling_rediger", _felles("deling.pk"), KOG, **POST),
    Rad("nettverk:deling_slett", _felles("deling.pk"), KOG),
    Rad("nettverk:deling_slett", _felles("deling.pk"), KOG, **POST),
    # --- register
    Rad("nettverk:kommune_list", _nett, ALLE_MEDLEMMER),
    Rad("nettverk:kommune", _sted("kommune.kommunenummer"), ALLE_MEDLEMMER),
    Rad("nettverk:enhet", _sted("enhet.referanse"), ALLE_MEDLEMMER),
    Rad(
        "nettverk:enhet_tall",
        _sted("enhet.referanse"),
        K | {"kommune", "enhetsleder"},
        other_unit=K | {"kommune"},
        other_kommune=K,
    ),
    Rad("nettverk:enhetsimport", _nett, K),
    Rad("nettverk:enhetsimport", _nett, K, **POST),
    Rad("nettverk:enhetsimport_mal", _nett, K),
    Rad("nettverk:enhetsimport_glem", _nett, K, **POST),
    Rad("nettverk:enheter_delt", _nett, K),
    Rad("nettverk:enheter_delt", _nett, K, **POST),
    # --- units between networks; who answers which is asked in tests/nettverk/test_flytting.py
    Rad("nettverk:flytteforslag_list", _nett, K),
    Rad("nettverk:flytteforslag_ny", _nett, K),
    Rad("nettverk:flytteforslag_ny", _nett, K, **POST),
    # --- groups
    Rad("nettverk:folkeimport", _nett, K),
    Rad("nettverk:folkeimport", _nett, K, **POST),
    Rad("nettverk:folkeimport_mal", _nett, K),
    Rad("nettverk:inviter", _nett, K),
    Rad("nettverk:inviter_send", _nett, K),
    Rad("nettverk:inviter_send", _nett, K, **POST),
    # What is vacant: of the own kommune alone, which tests/nettverk/test_ledige.py asks.
    Rad("nettverk:ledige", _nett, KOG | {"kommune"}),
    Rad("nettverk:ledige_paaminn", _nett, K | {"kommune"}),
    Rad("nettverk:ledige_paaminn", _nett, K | {"kommune"}, **POST),
    Rad("nettverk:gruppe_list", _nett, ALLE_MEDLEMMER),
    Rad("nettverk:gruppe", _felles("gruppe.pk"), ALLE_MEDLEMMER),
    Rad("nettverk:gruppe", _sted("gruppe.pk"), ALLE_MEDLEMMER),
    Rad("nettverk:folk", _nett, ALLE_MEDLEMMER),
    # Each gets the addresses that they see: tests/nettverk/test_folkeliste.py.
    Rad("nettverk:folk_epost", _nett, ALLE_MEDLEMMER),
    Rad("nettverk:folk_epost", _nett, ALLE_MEDLEMMER, **POST),
    Rad("nettverk:person", _felles("verv.person.pk"), ALLE_MEDLEMMER),
    Rad("nettverk:person", _sted("verv.person.pk"), ALLE_MEDLEMMER),
    Rad("nettverk:gruppe_ny", _nett, K),
    Rad("nettverk:gruppe_ny", _nett, K, **POST),
    Rad("nettverk:utviklingsgruppe_ny", _nett, K),
    Rad("nettverk:utviklingsgruppe_ny", _nett, K, **POST),
    # The network's shape is the koordinator's: also what a unit's group is called, and that it ends.
    *(
        Rad(navn, argumenter, K, metode=metode)
        for navn in ("nettverk:gruppe_rediger", "nettverk:gruppe_avslutt")
        for argumenter in (_felles("gruppe.pk"), _sted("gruppe.pk"))
        for metode in ("get", "post")
    ),
    Rad("nettverk:verv_ny", _felles("gruppe.pk"), K),
    Rad("nettverk:verv_avslutt", _felles("gruppe.pk", "verv.pk"), K),
    Rad("nettverk:verv_annuller", _felles("gruppe.pk", "verv.pk"), K),
    Rad("nettverk:verv_rett", _felles("gruppe.pk", "verv.pk"), K),
    *(
        Rad(
            "nettverk:verv_rett",
            _sted("gruppe.pk", "verv.pk"),
            K | E_EGEN,
            other_unit=K,
            other_kommune=K,
            metode=metode,
        )
        for metode in ("get", "post")
    ),
    *(
        Rad(
            navn,
            argumenter,
            K | {"kommune", "enhetsleder"},
            other_unit=K | {"kommune"},
            other_kommune=K,
            metode=metode,
        )
        for navn, argumenter in (
            ("nettverk:gruppe_bekreft", _sted("gruppe.pk")),
            ("nettverk:verv_ny", _sted("gruppe.pk")),
            ("nettverk:verv_avslutt", _sted("gruppe.pk", "verv.pk")),
            ("nettverk:verv_annuller", _sted("gruppe.pk", "verv.pk")),
        )
        for metode in ("get", "post")
    ),
    # --- jobs: nobody here asked for it, so only those who see all of the network's
    Rad("nettverk:jobb", _felles("jobb.pk"), KOG),
    Rad("nettverk:jobb_resultat", _felles("jobb.pk"), INGEN),  # it failed: there is no result
    Rad("nettverk:jobb_proev_igjen", _felles("jobb.pk"), KOG, **POST),
    # --- the outbox: nobody here sent anything
    Rad("nettverk:utboks", _nett, KOG),
    Rad("nettverk:utboks_sending", _felles("brev.sending"), KOG),
    Rad("nettverk:utboks_brev", _felles("brev.pk"), KOG),
    Rad("nettverk:utboks_sending_proev_igjen", _felles("brev.sending"), K, **POST),
    Rad("nettverk:utboks_brev_proev_igjen", _felles("brev.pk"), K, **POST),
    # --- future images and tracks
    Rad("fremtidsbilder:fremtidsbilde_list", _nett, ALLE_MEDLEMMER),
    Rad("fremtidsbilder:fremtidsbilde", _felles("fremtidsbilde_utkast.pk"), ALLE_MEDLEMMER),
    *(
        Rad(f"fremtidsbilder:{navn}", _felles("fremtidsbilde_utkast.pk"), K, metode=metode)
        for navn in ("fremtidsbilde_rediger", "fremtidsbilde_publiser", "utgave_ny")
        for metode in ("get", "post")
    ),
    Rad("fremtidsbilder:fremtidsbilde_slett", _felles("fremtidsbilde_utkast.pk"), K),
    Rad("fremtidsbilder:illustrasjon_list", _felles("fremtidsbilde_utkast.pk"), K),
    Rad("fremtidsbilder:illustrasjon_list", _felles("fremtidsbilde_utkast.pk"), K, **POST),
    Rad("fremtidsbilder:fremtidsbilde_pdf", _felles("fremtidsbilde_utkast.pk"), ALLE_MEDLEMMER),
    *(Rad("fremtidsbilder:temaer", _nett, K, metode=metode) for metode in ("get", "post")),
    # --- what becomes of the voices; a tankesmie of the network, held at a gathering
    Rad("fremtidsbilder:stemmer", _felles("samtale.tankesmie.pk"), K_PRO_EVA),
    Rad("fremtidsbilder:stemmer", _felles("samtale.tankesmie.pk"), K_PRO_EVA, **POST),
    Rad("fremtidsbilder:veggtemaer", _felles("samtale.tankesmie.pk"), K_PRO_EVA),
    Rad("fremtidsbilder:veggtemaer", _felles("samtale.tankesmie.pk"), K_PRO_EVA, **POST),
    Rad("fremtidsbilder:tema", _felles("tema.pk"), K),
    *(
        Rad(f"fremtidsbilder:{navn}", _felles("tema.pk"), K, metode=metode)
        for navn in ("tema_rediger", "tema_slaa_sammen")
        for metode in ("get", "post")
    ),
    Rad("fremtidsbilder:tema_publiser", _felles("tema.pk"), K, **POST),
    Rad(
        "fremtidsbilder:tema_stemmer",
        _felles("tema.pk"),
        K_PRO_EVA | {"kommune", "enhetsleder"},
    ),
    # --- goals; a draft is its writers' alone (tests/fremtidsbilder/maal/test_sider.py)
    Rad("fremtidsbilder:maal_list", _nett, ALLE_MEDLEMMER),
    Rad("fremtidsbilder:maal", _felles("maal.pk"), ALLE_MEDLEMMER),
    Rad("fremtidsbilder:maal_pdf", _nett, ALLE_MEDLEMMER),
    Rad("fremtidsbilder:maal_regneark", _nett, KOG | {"kommune"}),
    Rad("laeringsloyper:loype_list", _nett, ALLE_MEDLEMMER),
    # --- annual report
    # Members see the list, with the approved reports alone.
    Rad("evaluering:aarsrapport_list", _nett, ALLE_MEDLEMMER),
    Rad("evaluering:aarsrapport", _felles("aarsrapport.aar"), KOG_STG),
    Rad("evaluering:forhaandsvis", _felles("aarsrapport.aar"), KOG_STG),
    Rad("evaluering:aarsrapport_pdf", _felles("aarsrapport.aar"), KOG, **POST),
    # STG approves; when it is approved, a coordinator publishes.
    Rad("evaluering:godkjenn", _felles("aarsrapport.aar"), STG),
    Rad("evaluering:godkjenn", _felles("aarsrapport.aar"), STG, metode="post", data={"stand": 0}),
    Rad("evaluering:publiser", _felles("aarsrapport.aar"), K),
    Rad("evaluering:publiser", _felles("aarsrapport.aar"), K, **POST),
    Rad(
        "evaluering:kapittel_lagre",
        lambda v, s, e: [2026, "sammendrag"],
        KOG,
        metode="post",
        data={"tekst": "x", "versjon": 0},
    ),
    # --- gatherings
    Rad("rolu:samling_list", _nett, ALLE_MEDLEMMER),
    Rad("rolu:samling_ny", _nett, K),
    Rad("rolu:samling_ny", _nett, K, **POST),
    Rad("rolu:samling", _samling(), ALLE_MEDLEMMER),
    Rad("rolu:samling", _felles("samling_utkast.pk"), KOG_PRO),
    Rad("rolu:samling_kalender", _samling(), ALLE_MEDLEMMER),
    Rad("rolu:samling_rediger", _samling(), K),
    Rad("rolu:samling_rediger", _samling(), K, **POST),
    Rad("rolu:samling_publiser", _felles("samling_utkast.pk"), K),
    Rad("rolu:samling_publiser", _felles("samling_utkast.pk"), K, **POST),
    Rad("rolu:samling_inviter", _samling(), K),
    Rad("rolu:samling_inviter", _samling(), K, **POST),
    Rad("rolu:samling_purr", _samling(), K),
    Rad("rolu:samling_purr", _samling(), K, **POST),
    Rad("rolu:samling_mottakere", _samling(), K),
    Rad("rolu:samling_mottakere", _samling(), K, **POST),
    Rad("rolu:samling_avlys", _samling(), K),
    Rad("rolu:samling_avlys", _samling(), K, **POST),
    Rad("rolu:samling_slett", _felles("samling_utkast.pk"), K),
    Rad("rolu:samling_slett", _felles("samling_utkast.pk"), K, **POST),
    # Who leads it starts and ends it: tests/rolu/samlinger/test_tilstand.py. Here no pro leads it.
    Rad("rolu:samling_start", _samling(), K),
    Rad("rolu:samling_start", _samling(), K, **POST),
    Rad("rolu:samling_avslutt", _samling(), K),
    Rad("rolu:samling_avslutt", _samling(), K, **POST),
    Rad("rolu:samling_laas", _samling(), K),
    Rad("rolu:samling_laas", _samling(), K, **POST),
    Rad("rolu:samling_angre", _samling(), K),
    Rad("rolu:samling_angre", _samling(), K, **POST),
    Rad("rolu:serie_list", _nett, ALLE_MEDLEMMER),
    Rad("rolu:serie", _felles("serie.pk"), ALLE_MEDLEMMER),
    Rad("rolu:serie_ny", _nett, K),
    Rad("rolu:serie_ny", _nett, K, **POST),
    Rad("rolu:serie_rediger", _felles("serie.pk"), K),
    Rad("rolu:serie_rediger", _felles("serie.pk"), K, **POST),
    Rad("rolu:serie_slett", _felles("serie.pk"), K),
    Rad("rolu:serie_slett", _felles("serie.pk"), K, **POST),
    Rad("rolu:samling_program", _samling(), ALLE_MEDLEMMER),
    Rad("rolu:samling_program", _samling(), K, **POST),
    Rad("rolu:program_til_dagene", _samling(), K, **POST),
    Rad("rolu:program_utskrift", _samling(), ALLE_MEDLEMMER),
    Rad("rolu:kjoereplan_utskrift", _samling(), K_PRO),
    Rad("rolu:programpost_rediger", _samling("programpost.pk"), K),
    Rad("rolu:programpost_flytt", _samling("programpost.pk"), K, **POST),
    Rad("rolu:programpost_slett", _samling("programpost.pk"), K),
    Rad("rolu:programpost_slett", _samling("programpost.pk"), K, **POST),
    Rad("rolu:saksvedlegg_ny", _samling("programpost.pk"), K, **POST),
    Rad("rolu:saksvedlegg", _samling("saksvedlegg.pk"), ALLE_MEDLEMMER),
    Rad("rolu:saksvedlegg_slett", _samling("saksvedlegg.pk"), K),
    Rad("rolu:saksvedlegg_slett", _samling("saksvedlegg.pk"), K, **POST),
    Rad("rolu:notat", _samling("programpost.pk"), K_PRO),
    Rad("rolu:notat", _samling("programpost.pk"), K_PRO, **POST),
    Rad("rolu:utfall_ny", _samling("programpost.pk"), K_PRO, **POST),
    Rad("rolu:programpost_uferdig", _samling("programpost.pk"), K_PRO, **POST),
    Rad("rolu:utfall", _samling("utfall.pk"), K_PRO),
    Rad("rolu:utfall", _samling("utfall.pk"), K_PRO, **POST),
    Rad("rolu:utfall_fjern", _samling("utfall.pk"), K_PRO),
    Rad("rolu:utfall_fjern", _samling("utfall.pk"), K_PRO, **POST),
    Rad("rolu:protokoll", _samling(), KOG_PRO),
    Rad("rolu:samling_ta_med", _samling(), K),
    Rad("rolu:samling_ta_med", _samling(), K, **POST),
    Rad("rolu:oppfolging_list", _nett, ALLE_MEDLEMMER),
    Rad("rolu:oppfolging_gjort", _felles("utfall.pk"), K, **POST),
    Rad("rolu:samling_deltakere", _samling(), ALLE_MEDLEMMER),
    Rad("rolu:deltakere_regneark", _samling(), KOG),
    Rad("rolu:deltakere_regneark", _samling(), KOG, **POST),
    Rad("rolu:deltakere_utskrift", _samling(), KOG),
    Rad("rolu:deltakere_utskrift", _samling(), KOG, **POST),
    Rad("rolu:deltakere_epost", _samling(), KOG),
    Rad("rolu:deltakere_epost", _samling(), KOG, **POST),
    Rad("rolu:innsjekk", _samling(), K_PRO),
    Rad("rolu:innsjekk", _samling(), K_PRO, **POST),
    Rad("rolu:samling_evaluering", _samling(), K_PRO_EVA),
    Rad("rolu:samling_evaluering", _samling(), K_PRO, **POST),
    Rad("rolu:evaluering_forhaandsvis", _samling(), K_PRO_EVA),
    Rad("rolu:evaluering_utskrift", _samling(), K_PRO),
    Rad("rolu:evaluering_tekst", _samling(), K_PRO, **POST),
    Rad("rolu:evaluering_sporsmaal", _samling(), K_PRO),
    Rad("rolu:evaluering_sporsmaal", _samling(), K_PRO, **POST),
    Rad("rolu:sporsmaal_rediger", _samling("sporsmaal.noekkel"), K_PRO),
    Rad("rolu:sporsmaal_rediger", _samling("sporsmaal.noekkel"), K_PRO, **POST),
    Rad("rolu:sporsmaal_flytt", _samling("sporsmaal.noekkel"), K_PRO, **POST),
    Rad("rolu:sporsmaal_fjern", _samling("sporsmaal.noekkel"), K_PRO, **POST),
    Rad("rolu:innsjekk_navn", _samling(), K_PRO),
    Rad("rolu:innsjekk_hendelser", _samling(), K_PRO, **POST),
    Rad("rolu:dagen", _samling(), K_PRO),
    Rad("rolu:storskjerm", _samling(), K_PRO),
    Rad("rolu:storskjerm_bilde", _samling(), K_PRO, **POST),
    Rad("rolu:storskjerm_beskjed", _samling(), K_PRO, **POST),
    Rad("rolu:storskjerm_nedtelling", _samling(), K_PRO, **POST),
    Rad("rolu:samtaler", _samling(), K_PRO_EVA),
    Rad("rolu:samtaler", _samling(), K_PRO_EVA, **POST),
    Rad("rolu:samtaler_regneark", _samling(), K_PRO_EVA),
    Rad("rolu:samtale", _samling("samtale.pk"), K_PRO_EVA),
    Rad("rolu:samtale", _samling("samtale.pk"), K_PRO_EVA, **POST),
    Rad("rolu:samtale_styr", _samling("samtale.pk"), K_PRO_EVA, **POST),
    Rad("rolu:samtale_bord", _samling("samtale.pk"), K_PRO_EVA, **POST),
    Rad("rolu:samtale_ark", _samling("samtale.pk"), K_PRO_EVA, **POST),
    Rad("rolu:samtale_vegg", _samling("samtale.pk", "samtalesporsmaal.pk"), K_PRO_EVA),
    Rad("rolu:samtale_vegg", _samling("samtale.pk", "samtalesporsmaal.pk"), K_PRO_EVA, **POST),
    Rad("rolu:samtalesporsmaal_endre", _samling("samtale.pk", "samtalesporsmaal.pk"), K_PRO_EVA),
    Rad("rolu:samtale_papir", _samling("samtale.pk", "samtalesporsmaal.pk"), K_PRO_EVA, **POST),
    Rad("rolu:samling_utskrifter", _samling(), K_PRO),
    Rad("rolu:samling_utskrifter", _samling(), K_PRO, **POST),
    # Nobody but those who seat people, until it is shared: tests/rolu/samlinger/bord/test_sider.py.
    Rad("rolu:samling_bord", _samling(), K_PRO),
    Rad("rolu:bord_oppsett", _samling(), K_PRO),
    Rad("rolu:bord_oppsett", _samling(), K_PRO, **POST),
    Rad("rolu:bord_lag", _samling(), K_PRO, **POST),
    Rad("rolu:bord_sene", _samling(), K_PRO, **POST),
    Rad("rolu:bord_frigi", _samling(), K_PRO, **POST),
    Rad("rolu:bord_del", _samling(), K_PRO),
    Rad("rolu:bord_del", _samling(), K_PRO, **POST),
    Rad("rolu:bord_skille_ny", _samling(), K_PRO, **POST),
    Rad("rolu:bord_skille_fjern", _samling("bordskille.pk"), K_PRO, **POST),
    Rad("rolu:bord_plass", _samling("bordplass.noekkel"), K_PRO),
    Rad("rolu:bord_plass", _samling("bordplass.noekkel"), K_PRO, **POST),
    Rad("rolu:bord_laas", _samling("bordplass.noekkel"), K_PRO, **POST),
    Rad("rolu:bord_ta_bort", _samling("bordplass.noekkel"), K_PRO, **POST),
    # One's own, when it is over and one met: tests/rolu/samlinger/test_utskrifter.py.
    Rad("rolu:eget_kursbevis", _samling(), INGEN),
    Rad("rolu:paamelding", _samling(), ALLE_MEDLEMMER),
    Rad("rolu:endring_svar", _samling("oenske.pk"), K, **POST),
    # Not published yet.
    Rad("rolu:samling_oppsummering", _samling(), KOG_PRO),
    Rad("rolu:samling_oppsummering", _samling(), K, **POST),
    Rad("rolu:oppsummering_publiser", _samling(), K),
    Rad("rolu:oppsummering_publiser", _samling(), K, **POST),
    Rad("rolu:oppsummering_hent", _samling(), K, **POST),
    Rad("rolu:blokk_lagre", _samling("oppsummeringsblokk.slag"), K, **POST),
    Rad("rolu:blokk_flytt", _samling("oppsummeringsblokk.slag"), K, **POST),
    Rad("rolu:blokk_utelat", _samling("oppsummeringsblokk.slag"), K, **POST),
    Rad("rolu:serieoppsummering", _felles("serie.pk"), ALLE_MEDLEMMER),
    # To open it, when it is made: tests/rolu/samlinger/test_serieoppsummering.py.
    Rad("rolu:serieoppsummering_pdf", _felles("serie.pk"), K, **POST),
    # --- assignments
    Rad("rolu:samling_oppdrag", _samling(), ALLE_MEDLEMMER),
    Rad("rolu:samling_oppdrag", _samling(), K | {"fagansvarlig"}, **POST),
    Rad("rolu:oppdrag_ny", _nett, K | {"fagansvarlig"}),
    Rad("rolu:oppdrag_ny", _nett, K | {"fagansvarlig"}, **POST),
    Rad("rolu:oppdrag_rediger", _felles("oppdrag.pk"), K | {"fagansvarlig"}),
    Rad("rolu:oppdrag_nye", _felles("oppdrag.pk"), K | {"fagansvarlig"}),
    Rad("rolu:oppdrag_nye", _felles("oppdrag.pk"), K | {"fagansvarlig"}, **POST),
    Rad("rolu:oppdrag_mottakere", _felles("oppdrag.pk"), K | {"fagansvarlig"}),
    Rad("rolu:oppdrag_mottakere", _felles("oppdrag.pk"), K | {"fagansvarlig"}, **POST),
    Rad("rolu:oppdrag_trekk", _felles("oppdrag.pk"), K | {"fagansvarlig"}),
    Rad("rolu:oppdrag_trekk", _felles("oppdrag.pk"), K | {"fagansvarlig"}, **POST),
    Rad("rolu:oppdrag_slett", _felles("oppdrag.pk"), K | {"fagansvarlig"}),
    Rad("rolu:oppdrag_slett", _felles("oppdrag.pk"), K | {"fagansvarlig"}, **POST),
    # --- mellomarbeid
    Rad("rolu:mellomarbeid_list", _nett, ALLE_MEDLEMMER),
    Rad("rolu:praksis", _nett, ALLE_MEDLEMMER),
    Rad("rolu:mellomarbeid_mangler", _nett, KOG | {"kommune"}),
    Rad("rolu:matrise", _nett, KOG | {"kommune"}),
    # --- the support lens: the koordinator everywhere, the kommune its own, the unit its own
    Rad("rolu:stoette_list", _nett, K | {"kommune"}),
    Rad(
        "rolu:stoette_enhet",
        _sted("enhet.referanse"),
        G_EGEN | K | {"kommune"},
        other_unit=K | {"kommune"},
        other_kommune=K,
    ),
    Rad("rolu:stoette_svar", _stoettesvar, E_EGEN, other_unit=INGEN, other_kommune=INGEN),
    Rad(
        "rolu:stoette_svar",
        _stoettesvar,
        E_EGEN,
        other_unit=INGEN,
        other_kommune=INGEN,
        **POST,
    ),
    *(
        Rad(
            f"rolu:{navn}",
            _sted("enhet.referanse"),
            K | {"kommune"},
            other_kommune=K,
            **metode,
        )
        for navn in ("stoette_hilsen", "stoette_veiledning", "stoette_samtale")
        for metode in ({}, POST)
    ),
    Rad(
        "rolu:stoette_aapne",
        _sted("enhet.referanse", "stoettehandling.pk"),
        G_EGEN,
        other_unit=INGEN,
        other_kommune=INGEN,
        **POST,
    ),
    Rad(
        "rolu:stoette_fjern",
        _sted("enhet.referanse", "stoettehandling.pk"),
        K | {"kommune"},
        other_kommune=K,
        **POST,
    ),
    Rad(
        "rolu:mellomarbeid",
        _sted("mellomarbeid.pk"),
        _SE_ARBEID | G_EGEN,
        other_unit=_SE_ARBEID,
        other_kommune=_SE_ARBEID - {"kommune"},
    ),
    Rad(
        "rolu:vedlegg",
        _sted("vedlegg.pk"),
        _SE_ARBEID | G_EGEN,
        other_unit=_SE_ARBEID,
        other_kommune=_SE_ARBEID - {"kommune"},
    ),
    _arbeid("mellomarbeid_lever", E_EGEN, **POST),
    _arbeid("mellomarbeid_aapne", E_EGEN | K, ellers=K, **POST),
    _arbeid("mellomarbeid_del", E_EGEN),
    _arbeid("mellomarbeid_del", E_EGEN, **POST),
    # Who follows it up or writes in it; KOG reads the thread, and the koordinator speaks for it.
    *(
        Rad(
            "rolu:tilbakemelding",
            _sted("mellomarbeid.pk"),
            _SIER | G_EGEN,
            other_unit=_SIER,
            other_kommune=_SIER - {"kommune"},
            **mer,
        )
        for mer in ({}, {**POST, "data": {"tekst": "x"}})
    ),
    # Their author's alone: tests/rolu/mellomarbeid/test_tilbakemelding.py.
    *(
        _arbeid(
            "tilbakemelding_slett",
            INGEN,
            argumenter=_sted("mellomarbeid.pk", "tilbakemelding.pk"),
            metode=metode,
        )
        for metode in ("get", "post")
    ),
    Rad(
        "rolu:kvittering",
        _sted("mellomarbeid.pk"),
        _SE_ARBEID | G_EGEN,
        other_unit=_SE_ARBEID,
        other_kommune=_SE_ARBEID - {"kommune"},
        metode="post",
        data={"slag": "lest"},
    ),
    Rad("rolu:fortelling", _sted("fortelling.pk"), ALLE_MEDLEMMER),
    _arbeid("fortelling_rediger", E_EGEN, argumenter=_sted("fortelling.pk")),
    _arbeid("fortelling_rediger", E_EGEN, argumenter=_sted("fortelling.pk"), **POST),
    _arbeid("fortelling_tilbake", E_EGEN, argumenter=_sted("fortelling.pk")),
    _arbeid("fortelling_tilbake", E_EGEN, argumenter=_sted("fortelling.pk"), **POST),
    Rad("rolu:fortelling_skjul", _sted("fortelling.pk"), K),
    Rad("rolu:fortelling_skjul", _sted("fortelling.pk"), K, **POST),
    Rad("rolu:fortelling_vis", _sted("fortelling.pk"), K, **POST),
    Rad("rolu:fortelling_bruk", _sted("fortelling.pk"), G_EGEN),
    Rad("rolu:fortelling_bruk", _sted("fortelling.pk"), G_EGEN, **POST),
    Rad("rolu:fortelling_ta_vare", _sted("fortelling.pk"), G_EGEN, **POST),
    Rad("rolu:praksis_del", _nett, G_EGEN),
    _arbeid("loggpost_ny", G_EGEN),
    _arbeid("loggpost", G_EGEN, argumenter=_sted("mellomarbeid.pk", "loggpost.noekkel")),
    _arbeid(
        "loggpost",
        G_EGEN,
        argumenter=_sted("mellomarbeid.pk", "loggpost.noekkel"),
        metode="post",
        data={"tekst": "x", "versjon": 0, "fase": "proeve"},
    ),
    _arbeid("loggpost_slett", E_EGEN, argumenter=_sted("mellomarbeid.pk", "loggpost.noekkel")),
    _arbeid(
        "loggpost_slett", E_EGEN, argumenter=_sted("mellomarbeid.pk", "loggpost.noekkel"), **POST
    ),
    Rad(
        "rolu:vedlegg_liten",
        _sted("bilde.pk"),
        _SE_ARBEID | G_EGEN,
        other_unit=_SE_ARBEID,
        other_kommune=_SE_ARBEID - {"kommune"},
    ),
    _arbeid("vedlegg_ansikter", G_EGEN, argumenter=_sted("bilde.pk")),
    _arbeid(
        "vedlegg_ansikter",
        G_EGEN,
        argumenter=_sted("bilde.pk"),
        metode="post",
        data={"ansikter": "ingen"},
    ),
    _arbeid(
        "vedlegg_flytt",
        G_EGEN,
        argumenter=_sted("vedlegg.pk"),
        metode="post",
        data={"frem": "1"},
    ),
    _arbeid("loggpost_filer", G_EGEN, argumenter=_sted("mellomarbeid.pk", "loggpost.noekkel")),
    _arbeid(
        "loggpost_filer",
        G_EGEN,
        argumenter=_sted("mellomarbeid.pk", "loggpost.noekkel"),
        **POST,
    ),
    _arbeid("loggpost_naa", G_EGEN, argumenter=_sted("mellomarbeid.pk", "loggpost.noekkel")),
    _arbeid(
        "loggpost_ble",
        G_EGEN,
        argumenter=_sted("mellomarbeid.pk", "loggpost.noekkel"),
        metode="post",
        data={"svar": "ja"},
    ),
    _arbeid(
        "steg_gjort", G_EGEN, argumenter=_sted("nestesteg.pk"), metode="post", data={"gjort": "1"}
    ),
    _arbeid("vedlegg_ny", G_EGEN),
    _arbeid("vedlegg_ny", G_EGEN, **POST),
    _arbeid("vedlegg_beskriv", G_EGEN, argumenter=_sted("vedlegg.pk")),
    _arbeid("vedlegg_slett", E_EGEN, argumenter=_sted("vedlegg.pk")),
    _arbeid("vedlegg_slett", E_EGEN, argumenter=_sted("vedlegg.pk"), **POST),
]

# The løype's address holds no id that could point into another network.
RADER.append(Rad("laeringsloyper:loype", _felles("loype.slug"), ALLE_MEDLEMMER))
_FELLES_LOYPE = (
    ("loype_rediger", ("loype.slug",), K | {"fagansvarlig"}, ("get", "post")),
    ("loype_flytt", ("loype.slug",), K, ("post",)),
    ("loype_avslutt", ("loype.slug",), K, ("get", "post")),
    ("periode_ny", ("loype.slug",), K, ("get", "post")),
    ("periode", ("loype.slug", "periode.pk"), K | {"fagansvarlig"}, ("get", "post")),
    ("periode_slett", ("loype.slug", "periode.pk"), K, ("get", "post")),
    ("loype_pdf", ("loype.slug",), ALLE_MEDLEMMER, ("get",)),
    ("modul", ("loype.slug", "modul.pk"), ALLE_MEDLEMMER, ("get",)),
    ("modul_pdf", ("loype.slug", "modul.pk"), KOG | {"fagansvarlig"}, ("get",)),
    ("modul_regneark", ("loype.slug", "modul.pk"), KOG | {"fagansvarlig"}, ("get",)),
    ("ressurs", ("loype.slug", "ressurs.pk"), ALLE_MEDLEMMER, ("get",)),
    ("modul_ny", ("loype.slug",), K | {"fagansvarlig"}, ("get", "post")),
    *(
        (navn, ("loype.slug", felt), K | {"fagansvarlig"}, metoder)
        for navn, felt, metoder in (
            ("modul_rediger", "modul.pk", ("get", "post")),
            ("modul_flytt", "modul.pk", ("post",)),
            ("modul_slett", "modul.pk", ("get", "post")),
            ("ressurs_ny", "modul.pk", ("get", "post")),
            ("ressurs_rediger", "ressurs.pk", ("get", "post")),
            ("ressurs_slett", "ressurs.pk", ("get", "post")),
            ("leseverk_ny", "modul.pk", ("get", "post")),
            ("leseverk", "leseverk.pk", ("get", "post")),
            ("leseverk_slett", "leseverk.pk", ("get", "post")),
        )
    ),
)
RADER += [
    Rad(f"laeringsloyper:{navn}", _felles(*felt), hvem, metode=metode)
    for navn, felt, hvem, metoder in _FELLES_LOYPE
    for metode in metoder
]
# For the unit that is said to have used it, by somebody in its group.
RADER += [
    Rad(
        "laeringsloyper:ressurs_bruk",
        _felles("loype.slug", "ressurs.pk"),
        ALLE_MEDLEMMER,
        metode="post",
    )
]
# Who sets which units follow: of the own kommune alone, which tests/laeringsloyper asks.
RADER += [
    Rad(f"laeringsloyper:{navn}", _nett, hvem, metode=metode)
    for navn, hvem, metoder in (
        ("loype_ny", K, ("get", "post")),
        ("enhetsloyper", K | {"kommune"}, ("get", "post")),
        ("enhetsloype_fil", K | {"kommune"}, ("get", "post")),
        ("enhetsloype_mal", K | {"kommune"}, ("get",)),
    )
    for metode in metoder
]
RADER += [
    Rad(
        f"laeringsloyper:{navn}",
        _sted(felt),
        K | {"kommune"},
        other_kommune=K,
        metode=metode,
    )
    for navn, felt in (
        ("enhetsloype_ny", "enhet.referanse"),
        ("enhetsloype_slutt", "enhetsloype.pk"),
    )
    for metode in ("get", "post")
]

# Goals: the unit's own, which its leader writes and no other.
_SKRIVER_MAAL = K | {"kommune", "enhetsleder"}
RADER += [
    Rad("fremtidsbilder:maal", _sted("maal.pk"), ALLE_MEDLEMMER),
    Rad("fremtidsbilder:maal_ny", _nett, _SKRIVER_MAAL),
    Rad("fremtidsbilder:maal_ny", _nett, _SKRIVER_MAAL, **POST),
    Rad("fremtidsbilder:maal_ta_inn", _sted("maal.pk"), _SKRIVER_MAAL),
    Rad("fremtidsbilder:maal_ta_inn", _sted("maal.pk"), _SKRIVER_MAAL, **POST),
    # Who is not asked is told so.
    Rad("fremtidsbilder:maal_kommentarer", _sted("maal.pk"), ALLE_MEDLEMMER),
    Rad("fremtidsbilder:maal_kommentarer", _sted("maal.pk"), ALLE_MEDLEMMER, **POST),
]
RADER += [
    Rad(
        f"fremtidsbilder:{navn}",
        _sted(felt),
        E_EGEN,
        other_unit=INGEN,
        other_kommune=INGEN,
        metode=metode,
    )
    for navn, felt in (
        ("maal_ta_tilbake", "maal.pk"),
        ("maal_rediger", "maal.pk"),
        ("maal_hoering", "maal.pk"),
        ("maal_vedta", "maal.pk"),
        ("maal_revider", "maal.pk"),
        ("maal_avslutt", "maal.pk"),
        ("maal_gjenaapne", "maal.pk"),
        ("maal_vurder", "maal.pk"),
        ("maal_kommentar_svar", "maalkommentar.pk"),
    )
    for metode in ("get", "post")
]

# Tankesmier held for themselves: the unit's own, which its leader leads, and those who lead all of the network's.
_HOLDER = K_PRO_EVA | {"kommune", "enhetsleder"}
RADER += [
    Rad("fremtidsbilder:tankesmie_list", _nett, _HOLDER),
    Rad("fremtidsbilder:tankesmie_ny", _nett, _HOLDER),
    Rad("fremtidsbilder:tankesmie_ny", _nett, _HOLDER, **POST),
    Rad("fremtidsbilder:stemmegrupper", _nett, K),
    Rad("fremtidsbilder:stemmegrupper", _nett, K, **POST),
]
# The network's, which is shared: its own koordinator has no home to take it to.
RADER += [
    Rad(
        "fremtidsbilder:tankesmie_bruk_hos_oss",
        _felles("tankesmie.pk"),
        frozenset({"kommune", "enhetsleder"}),
        metode=metode,
    )
    for metode in ("get", "post")
]
RADER += [
    Rad(
        f"fremtidsbilder:{navn}",
        _sted("tankesmie.pk", *felt),
        K_PRO_EVA | E_EGEN,
        other_unit=K_PRO_EVA,
        other_kommune=K_PRO_EVA,
        metode=metode,
    )
    for navn, felt, metoder in (
        ("tankesmie", (), ("get", "post")),
        ("tankesmie_rediger", (), ("get", "post")),
        ("tankesmie_styr", (), ("post",)),
        ("tankesmie_bord", (), ("post",)),
        ("tankesmie_ark", (), ("post",)),
        ("tankesmie_regneark", (), ("get",)),
        ("tankesmie_vegg", ("tankesmiesporsmaal.pk",), ("get", "post")),
        ("tankesmie_samlet", ("tankesmiesporsmaal.pk",), ("get",)),
        ("tankesmie_sporsmaal", ("tankesmiesporsmaal.pk",), ("get", "post")),
        ("tankesmie_papir", ("tankesmiesporsmaal.pk",), ("post",)),
        ("paa_vegne", (), ("get", "post")),
        ("stemmeimport", (), ("get", "post")),
        ("stemmeimport_mal", (), ("get",)),
        ("skannebunke_list", (), ("get", "post")),
        ("skannebunke_del", ("skanneside.bunke.pk",), ("post",)),
        ("skannebunke_slett", ("skanneside.bunke.pk",), ("get", "post")),
        ("skanneside", ("skanneside.bunke.pk", "skanneside.nummer"), ("get", "post")),
        ("skanneside_bilde", ("skanneside.bunke.pk", "skanneside.nummer"), ("get",)),
    )
    for metode in metoder
]

# Open to everyone, signed in or not.
OFFENTLIGE = {
    "nettverk:forside",
    "nettverk:offentlig",
    "nettverk:omslag",
    "fremtidsbilder:fremtidsbilde",
    "fremtidsbilder:tema",
    "rolu:samling_offentlig",
    "rolu:samling_offentlig_kalender",
    "nettverk:tilgjengelighet",
    "nettverk:personvern",
    "helse",
    "helse_web",
    "set_language",
    "skranke_arbeider",
    "skranke_skall",
}


def public_address(navn: str, verden: Verden) -> str:
    """Where an open page stands, or one's own: about the first network, where it is about one."""
    argumenter = {
        "nettverk:offentlig": ["en"],
        "nettverk:omslag": ["en", verden.a.omslag.pk],
        "skranke_skall": ["nb"],
        "fremtidsbilder:fremtidsbilde": ["en", verden.a.fremtidsbilde.pk],
        "fremtidsbilder:tema": ["en", verden.a.tema_publisert.pk],
        "rolu:samling_offentlig": ["en", verden.a.samling.pk],
        "rolu:samling_offentlig_kalender": ["en", verden.a.samling.pk],
    }.get(navn, [])
    return reverse(navn, args=argumenter)


# The person's own pages, the same for everybody who is signed in.
EGNE = {
    "nettverk:konto",
    "nettverk:etter_innlogging",
    "nettverk:mine_opplysninger",
    "nettverk:mine_opplysninger_fil",
    "nettverk:konto_avslutt",
    "nettverk:tosteg",
    "nettverk:tosteg_ikke_naa",
    "bekreft_med_kode",
    "nettverk:konto_svar",
    "nettverk:konto_epost",
}

# Walked in a test of their own, since what they show must first be made.
ANDRE_STEDER = {
    # For whoever holds the code.
    "kode": "tests/rolu/samlinger/test_koder.py",
    "svarkode": "tests/evaluering/test_undersokelse.py",
    "undersokelse": "tests/evaluering/test_undersokelse.py",
    "undersokelse_svar": "tests/evaluering/test_undersokelse.py",
    # Five must have answered.
    "rolu:evaluering_regneark": "tests/rolu/samlinger/test_evaluering.py",
    "bordkode": "tests/fremtidsbilder/tankesmier/test_bordpad.py",
    "bordpad": "tests/fremtidsbilder/tankesmier/test_bordpad.py",
    "bordbilde": "tests/fremtidsbilder/tankesmier/test_pad_bilder.py",
    # What they show must first be made: a version, a picture, an arena; and where one writes is one's own place.
    **{
        f"fremtidsbilder:{navn}": "tests/fremtidsbilder/bilder/test_sider.py"
        for navn in ("fremtidsbilde_ny", "fremtidsbilde_ta_i_bruk", "utgave", "sammenlign")
    },
    **{
        f"fremtidsbilder:{navn}": "tests/fremtidsbilder/bilder/test_illustrasjoner.py"
        for navn in ("illustrasjon", "illustrasjon_endre", "illustrasjon_slett")
    },
    "fremtidsbilder:arenaer_pdf": "tests/fremtidsbilder/bilder/test_pdf.py",
    # A tankesmie that is held for itself.
    "fremtidsbilder:temaforslag": "tests/fremtidsbilder/stemmer/test_forslag.py",
    "fremtidsbilder:bidragsbilde": "tests/fremtidsbilder/stemmer/test_bidragsbilder.py",
    "bordprikk": "tests/fremtidsbilder/tankesmier/test_bordpad.py",
    "bordvegg": "tests/fremtidsbilder/tankesmier/test_bordpad.py",
    # From a link in a letter, signed for one person.
    "kjent_nettleser": "tests/nettverk/innlogging/test_forsoek.py",
    # The administrator's alone.
    "nettverk:sikkerhetslogg": "tests/nettverk/test_sikkerhetslogg.py",
    "nettverk:oppstart": "tests/nettverk/oppstart/test_sider.py",
    "nettverk:koordinator_inviter": "tests/nettverk/oppstart/test_sider.py",
    "nettverk:nettverk_nytt": "tests/nettverk/oppstart/test_sider.py",
    "nettverk:kommuneimport": "tests/nettverk/oppstart/test_sider.py",
    "nettverk:kommuneimport_hent": "tests/nettverk/oppstart/test_sider.py",
    "nettverk:kommuneimport_vis": "tests/nettverk/oppstart/test_sider.py",
    "nettverk:kommuneimport_bekreft": "tests/nettverk/oppstart/test_sider.py",
    "nettverk:kommuneimport_forkast": "tests/nettverk/oppstart/test_sider.py",
    "nettverk:flytteforslag": "tests/nettverk/test_flytting.py",
    "nettverk:flytteforslag_svar": "tests/nettverk/test_flytting.py",
    "nettverk:flytteforslag_trekk": "tests/nettverk/test_flytting.py",
    "rolu:oppsummering_pdf": "tests/rolu",
    "rolu:oppsummering_word": "tests/rolu",
    "nettverk:enhetsimport_vis": "tests/nettverk/test_enhetsimport.py",
    "nettverk:enhetsimport_kolonner": "tests/nettverk/test_enhetsimport.py",
    "nettverk:enhetsimport_samme": "tests/nettverk/test_enhetsimport.py",
    "nettverk:enhetsimport_bekreft": "tests/nettverk/test_enhetsimport.py",
    "nettverk:enhetsimport_forkast": "tests/nettverk/test_enhetsimport.py",
    "nettverk:enhetsimport_avviste": "tests/nettverk/test_enhetsimport.py",
    "nettverk:folkeimport_vis": "tests/nettverk/folkeimport/test_sider.py",
    "nettverk:folkeimport_svar": "tests/nettverk/folkeimport/test_sider.py",
    "nettverk:folkeimport_bekreft": "tests/nettverk/folkeimport/test_sider.py",
    "nettverk:folkeimport_forkast": "tests/nettverk/folkeimport/test_sider.py",
    "nettverk:folkeimport_avviste": "tests/nettverk/folkeimport/test_sider.py",
}
