"""What a search finds of the network's own: kommuner, units, people and groups."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from kommuner.models import Enhet, Kommune, Kommunenavn, Plassering
from kommuner.sortering import NorskSortering, folded, named, ranked
from nettverk.flater import Treff, Treffgruppe, first_hits, pages_like
from nettverk.folkeliste import verv_in_words
from nettverk.models import Gruppe, Person, Verv
from nettverk.register import enheter_visible_to, kommuner_visible_to, search_enheter
from nettverk.side.innhold import innhold
from nettverk.side.skrivemaate import kommunenavn
from nettverk.tilgang.roller import Roller


def find(roller: Roller, q: str) -> Iterator[Treffgruppe]:
    """Five queries, whatever is found."""
    yield _find_kommuner(roller, q)
    yield _find_enheter(roller, q)
    yield _find_personer(roller, q)
    yield _find_grupper(roller, q)


def own_units(roller: Roller) -> Iterator[Treff]:
    """The units the person works in. One query."""
    for enhet in Enhet.objects.filter(pk__in=roller.enheter).order_by("sortering", "pk")[:3]:
        url = reverse("nettverk:enhet", args=[roller.nettverk.slug, enhet.referanse])
        yield Treff(str(enhet), url, capfirst(enhet.get_type_display()), ikon="enhet", rang=0)


# As like as «Steinbitnset» is to «Steinbitneset», and no less.
_LIKT = 0.75
_MAKS_NAERMESTE = 4


def nearest(roller: Roller, q: str) -> list[Treff]:
    """What is called something like `q`, when nothing is called so: kommuner, units and people spelled
    almost so, else the pages of the menu. Two queries."""
    slug, leter = roller.nettverk.slug, folded(q)

    def likeness(navn: str) -> float:
        hele = folded(navn)
        return max(SequenceMatcher(None, leter, bit).ratio() for bit in [hele, *hele.split()])

    steder = [
        Treff(
            kommunenavn(navn) if slag == "kommune" else navn,
            reverse(f"nettverk:{slag}", args=[slug, noekkel]),
            ikon=slag,
        )
        for slag, navn, noekkel in _places(roller)
    ]
    like = sorted(((likeness(str(t.tittel)), t) for t in steder), key=lambda par: -par[0])
    naere = [treff for likhet, treff in like if likhet >= _LIKT]
    naere += [
        Treff(p.navn, reverse("nettverk:person", args=[slug, p.pk]), ikon="person")
        for p in _people_spelled_almost(roller, q)
    ]
    return naere[:_MAKS_NAERMESTE] or [
        Treff(p.label, p.url, ikon=p.ikon) for p in pages_like(roller, q)
    ]


def _places(roller: Roller) -> QuerySet[Any, tuple[str, str, str]]:
    """All kommuner and units: of each its kind, its name and what its address has. One query."""

    kommuner = kommuner_visible_to(roller).order_by().annotate(slag=Value("kommune"))
    kalt = Coalesce(NullIf("visningsnavn", Value("")), "navn")
    enheter = enheter_visible_to(roller).order_by().annotate(slag=Value("enhet"), kalt=kalt)
    return kommuner.values_list("slag", "navn", "kommunenummer").union(
        enheter.values_list("slag", "kalt", "referanse"), all=True
    )


def _list_url(navn: str, roller: Roller, q: str) -> str:
    """Where a list shows all that `q` finds of a kind."""
    return reverse(f"nettverk:{navn}", args=[roller.nettverk.slug]) + "?" + urlencode({"q": q})


def _find_kommuner(roller: Roller, q: str) -> Treffgruppe:
    return first_hits(
        _("Kommuner"),
        "kommune",
        _kommuner(roller, q),
        lambda k: Treff(
            kommunenavn(k.navn),
            reverse("nettverk:kommune", args=[roller.nettverk.slug, k.kommunenummer]),
            _kommune_detaljer(k),
        ),
        alle_url=_list_url("kommune_list", roller, q),
    )


def _find_enheter(roller: Roller, q: str) -> Treffgruppe:
    plassering = Plassering.objects.filter(enhet=OuterRef("pk")).gyldig()
    return first_hits(
        _("Barnehager, skoler og andre enheter"),
        "enhet",
        ranked(
            search_enheter(enheter_visible_to(roller), q).annotate(
                kommune_navn=Subquery(plassering.values("kommune__navn")[:1])
            ),
            q,
            "sortering",
            "sortering",
            "pk",
        ),
        lambda e: Treff(
            str(e),
            reverse("nettverk:enhet", args=[roller.nettverk.slug, e.referanse]),
            ", ".join(filter(None, [capfirst(e.get_type_display()), e.kommune_navn])),
        ),
        alle_url=_list_url("kommune_list", roller, q),
    )


def _find_personer(roller: Roller, q: str) -> Treffgruppe:
    nettverk = roller.nettverk

    def detaljer(person: Any) -> str:  # with `verv_her`, by `_personer`
        return verv_in_words(person.verv_her, nettverk)

    return first_hits(
        _("Personer"),
        "person",
        _personer(roller, q),
        lambda p: Treff(
            p.navn,
            reverse("nettverk:person", args=[nettverk.slug, p.pk]),
            detaljer(p),
        ),
        alle_url=_list_url("folk", roller, q),
    )


def _find_grupper(roller: Roller, q: str) -> Treffgruppe:
    synlige = Gruppe.objects.visible_to(roller).gyldig()
    return first_hits(
        _("Grupper"),
        "gruppe",
        ranked(
            named(synlige, q, "sortering", NorskSortering("kortnavn")),
            q,
            "sortering",
            "rekkefolge",
            "sortering",
            "pk",
        ),
        lambda g: Treff(
            innhold(g.navn, roller.nettverk),
            reverse("nettverk:gruppe", args=[roller.nettverk.slug, g.pk]),
            capfirst(g.get_type_display()) if not g.er_utviklingsgruppe else "",
        ),
        alle_url=_list_url("gruppe_list", roller, q),
    )


def _kommuner(roller: Roller, q: str) -> QuerySet[Kommune]:
    """By number, or by what the kommune is or has been called."""
    heter = named(Kommune.objects.all(), q, "sortering")
    het = named(Kommunenavn.objects.all(), q, NorskSortering("navn"))
    funnet = (
        kommuner_visible_to(roller)
        .filter(
            Q(kommunenummer__startswith=q.strip())
            | Q(pk__in=heter.order_by().values("pk"))
            | Q(pk__in=het.order_by().values("kommune"))
        )
        .defer("grense")
    )
    return ranked(funnet, q, "sortering", "sortering", "kommunenummer")


def _kommune_detaljer(kommune: Kommune) -> str:
    if kommune.er_gyldig(idag()):
        return kommune.kommunenummer
    return _("%(nummer)s, til og med %(aar)s") % {
        "nummer": kommune.kommunenummer,
        "aar": kommune.siste_dag.year if kommune.siste_dag else "",
    }


def _visible_people(synlige: QuerySet[Verv]) -> QuerySet[Person]:
    """People with one of the Verv, which is what the network's members see of them."""
    return Person.objects.filter(Exists(synlige.filter(person=OuterRef("pk"))))


def _personer(roller: Roller, q: str) -> QuerySet[Person]:
    """People with a Verv in the network today."""
    synlige = Verv.objects.visible_to(roller).gyldig()
    alle = synlige.select_related("gruppe__enhet", "gruppe__kommune")
    funnet = named(_visible_people(synlige), q, "sortering").prefetch_related(
        Prefetch("verv", alle.order_by("gruppe__rekkefolge", "pk"), to_attr="verv_her")
    )
    return ranked(funnet, q, "sortering", "sortering", "pk")


def _people_spelled_almost(roller: Roller, q: str) -> QuerySet[Person]:
    """A double letter for a single one: «skodeheim» is meant for Skoddeheim. The nearest first."""
    folk = _visible_people(Verv.objects.visible_to(roller).gyldig())
    naer = folk.filter(navn__trigram_word_similar=q)
    return naer.order_by(TrigramWordSimilarity(q, "navn").desc(), "sortering", "pk")[
        :_MAKS_NAERMESTE
    ]
