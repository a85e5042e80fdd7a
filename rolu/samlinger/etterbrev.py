"""The letter that follows when a summary is published: one to those who were there, guests with an address
among them, another to those who were invited and were not. Each gets one for each edition, however often it is
sent."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.arbeid import brev
from nettverk.arbeid.brev import Utkast, brevslag, key
from nettverk.arbeid.epost import hel_adresse
from nettverk.models import Brev, Person
from rolu.models import Deltakelse, Gjest, Oppsummering, Oppsummeringsblokk, Samling

Slag = Oppsummeringsblokk.Slag
# In a letter the decisions are told in short; the whole of it is behind the link.
_FLEST, _LENGST = 5, 200


def _address(samling: Samling) -> str:
    return reverse("rolu:samling_oppsummering", args=[samling.nettverk.slug, samling.pk])


def _is_in_the_way(samling: Samling, letter: Brev) -> str:
    if samling.er_avlyst:
        return _("Samlingen er avlyst, så e-posten blir ikke sendt.")
    rad = Oppsummering.objects.filter(samling=samling).first()
    if rad is None or not letter.noekkel.endswith(_of_edition(rad.utgave)):
        return _("Oppsummeringen er delt i en nyere utgave, så e-posten blir ikke sendt.")
    return ""


OPPSUMMERING = brevslag(
    "rolu.oppsummering",
    gettext_lazy("Oppsummering"),
    tillatelse="rolu.change_samling",
    url=_address,
    hindrer=_is_in_the_way,
)


def _key(samling: Samling, utgave: int, hvem: Person | Gjest) -> str:
    slag = "gjest" if isinstance(hvem, Gjest) else "person"
    return key(OPPSUMMERING, samling, slag, hvem.pk, "utgave", utgave)


def _of_edition(utgave: int) -> str:
    """What the keys of an edition end in."""
    return f":utgave:{utgave}"


# --- who


@dataclass(frozen=True)
class Mottakergrupper:
    """Who gets which letter, and how many have had theirs. Guests have no account, and were all there."""

    var_der: list[Person | Gjest]
    var_ikke_der: list[Person | Gjest]
    har_faatt: int

    @property
    def antall(self) -> int:
        return len(self.var_der) + len(self.var_ikke_der)


def recipients(samling: Samling, utgave: int) -> Mottakergrupper:
    """Everybody who was invited, and the guests who were there and can be written to, that have not been told of
    the edition. Who was there by any of their places, was there. Three queries."""
    inviterte: list[Any] = list(_invited(samling))
    alle: list[Any] = [*inviterte, *_guests(samling, {p.epost.lower() for p in inviterte})]
    sendt = set(
        Brev.objects.about(samling)
        .filter(slag=OPPSUMMERING, noekkel__in=[_key(samling, utgave, p) for p in alle])
        .values_list("noekkel", flat=True)
    )
    rest = [p for p in alle if _key(samling, utgave, p) not in sendt]
    return Mottakergrupper(
        [p for p in rest if isinstance(p, Gjest) or p.var_der],
        [p for p in rest if not (isinstance(p, Gjest) or p.var_der)],
        len(alle) - len(rest),
    )


def _guests(samling: Samling, inviterte: Collection[str]) -> list[Gjest]:
    """The guests who were there and gave an address, each address once; not those invited by the same one."""
    rader = Gjest.objects.filter(samling=samling).met().exclude(epost="").select_related("for_verv")
    per_adresse: dict[str, Gjest] = {}
    for gjest in rader.order_by("pk"):
        per_adresse.setdefault(gjest.epost.lower(), gjest)
    return [gjest for epost, gjest in per_adresse.items() if epost not in inviterte]


def _invited(samling: Samling) -> QuerySet[Person]:
    rader = Deltakelse.objects.filter(samling=samling)
    egne = rader.filter(verv__person=OuterRef("pk"))
    return (
        Person.objects.filter(pk__in=rader.values("verv__person"), is_active=True)
        .annotate(var_der=Exists(egne.met()))
        .order_by("sortering", "pk")
    )


# --- the letters


def queue(samling: Samling, rad: Oppsummering, *, by: Person) -> int:
    """Write to everybody who was invited about what is published now; returns how many new letters. Those
    about an older edition that have not gone, are taken back."""
    brev.withdraw(
        Brev.objects.about(samling)
        .filter(slag=OPPSUMMERING)
        .exclude(noekkel__endswith=_of_edition(rad.utgave))
    )
    hvem = recipients(samling, rad.utgave)
    innhold = rad.publisert_innhold or []
    utkast = [
        letter(samling, en, innhold, utgave=rad.utgave, var_der=var_der)
        for folk, var_der in ((hvem.var_der, True), (hvem.var_ikke_der, False))
        for en in folk
    ]
    nye = brev.queue_many(utkast, nettverk=samling.nettverk, slag=OPPSUMMERING, om=samling, by=by)
    return len(nye)


def letter(
    samling: Samling,
    hvem: Person | Gjest,
    innhold: list[dict[str, Any]],
    *,
    utgave: int,
    var_der: bool,
) -> Utkast:
    """The letter to one: `innhold` is the document it is about. Who has no account, could not open the page."""
    gjest = hvem if isinstance(hvem, Gjest) else None
    return Utkast(
        til=None if isinstance(hvem, Gjest) else hvem,
        mal="rolu/epost/oppsummering_der.txt"
        if var_der
        else "rolu/epost/oppsummering_ikke_der.txt",
        noekkel=_key(samling, utgave, hvem),
        data={
            "samling": samling,
            "er_ny_utgave": utgave > 1,
            "url": "" if gjest else hel_adresse(_address(samling)),
            **_in_short(innhold),
        },
        epost=gjest.epost if gjest else "",
        navn=gjest.navn if gjest else "",
    )


def _in_short(innhold: list[dict[str, Any]]) -> dict[str, Any]:
    """What of the document the letter tells. A part that is left out of the one is left out of the other."""
    data = {del_["slag"]: del_["data"] for del_ in innhold}
    alle = data.get(Slag.BESLUTNINGER, {}).get("beslutninger", [])
    neste = data.get(Slag.NESTE, {})
    return {
        "beslutninger": [_shortened(b["tekst"]) for b in alle[:_FLEST]],
        "flere": max(len(alle) - _FLEST, 0),
        "oppdrag": [
            {"tittel": o["tittel"], "frist": datetime.date.fromisoformat(o["frist"])}
            for o in data.get(Slag.OPPDRAG, {}).get("oppdrag", [])
        ],
        "neste": neste.get("tittel", ""),
        "neste_sted": neste.get("sted", ""),
        "neste_dager": [(_time(fra), _time(til)) for fra, til in neste.get("dager", [])],
    }


def _shortened(tekst: str) -> str:
    tekst = " ".join(tekst.split())
    return tekst if len(tekst) <= _LENGST else tekst[: _LENGST - 1].rstrip() + "…"


def _time(iso: str) -> datetime.datetime:
    return timezone.localtime(datetime.datetime.fromisoformat(iso))
