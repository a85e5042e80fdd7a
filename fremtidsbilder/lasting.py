"""Load themes, whose voices are asked for, goals, priority areas and images from a network's data file."""

from typing import Any

from fremtidsbilder.models import Fremtidsbilde, Innspill, Maal, Tegn, Tema, Utviklingsomraade
from fremtidsbilder.tankesmier import stemmegrupper
from nettverk.lasting import add_or_fill
from nettverk.models import Nettverk


def load_fremtid(nettverk: Nettverk, data: dict[str, Any]) -> None:
    """Add what is missing, fill what is empty; what is written stands. Safe to run twice."""
    for nummer, navn in enumerate(data.get("temaer", []), start=1):
        Tema.objects.get_or_create(
            nettverk=nettverk, navn=navn, defaults={"rekkefolge": nummer * 10}
        )
    for nummer, omraade in enumerate(data.get("utviklingsomraader", []), start=1):
        Utviklingsomraade.objects.get_or_create(
            nettverk=nettverk,
            nummer=nummer,
            defaults={"tittel": omraade["tittel"], "punkter": omraade["punkter"]},
        )
    stemmegrupper.load(nettverk, data.get("stemmegrupper", []))
    _load_maal(nettverk, data.get("maal", []))
    for nummer, bilde in enumerate(data.get("fremtidsbilder", []), start=1):
        _load_bilde(nettverk, bilde, nummer * 10)


def _load_maal(nettverk: Nettverk, rader: list[dict[str, Any]]) -> None:
    """The goals, each resultatmål under the network's first effektmål.

    Only for a network that has none: a goal whose wording was changed in the portal is not a new one.
    """
    if nettverk.maal.exists():
        return
    oeverst = None
    for nummer, rad in enumerate(rader, start=1):
        maal = Maal.objects.create(
            nettverk=nettverk,
            tekst=rad["tekst"],
            type=Maal.Type(rad["type"]),
            over=oeverst if rad["type"] == Maal.Type.RESULTAT else None,
            # It stands in a document.
            tilstand=Maal.Tilstand.VEDTATT,
            rekkefolge=nummer * 10,
        )
        if oeverst is None and maal.type == Maal.Type.EFFEKT:
            oeverst = maal


def _load_bilde(nettverk: Nettverk, rad: dict[str, Any], rekkefolge: int) -> None:
    bilde, er_ny = add_or_fill(
        Fremtidsbilde.objects.all(),
        nettverk=nettverk,
        nivaa=Fremtidsbilde.Nivaa(rad["nivaa"]),
        tittel=rad["tittel"],
        defaults={
            "sporsmaal": rad.get("sporsmaal", ""),
            "tekst": rad.get("tekst", "").strip(),
            "metode": rad.get("metode", "").strip(),
            "aar": rad.get("aar"),
            "gruppe": nettverk.grupper.filter(navn=rad["gruppe"]).first()
            if "gruppe" in rad
            else None,
            "publisert": rad.get("publisert", False),
            "rekkefolge": rekkefolge,
        },
    )
    if er_ny:
        Tegn.objects.bulk_create(
            Tegn(fremtidsbilde=bilde, tekst=tekst, rekkefolge=nummer * 10)
            for nummer, tekst in enumerate(rad.get("tegn", []), start=1)
        )
    # Also a picture from before the portal kept what was put forward.
    if er_ny or not bilde.innspill.exists():
        Innspill.objects.bulk_create(
            Innspill(fremtidsbilde=bilde, rekkefolge=nummer * 10, **innspill)
            for nummer, innspill in enumerate(rad.get("innspill", []), start=1)
        )
