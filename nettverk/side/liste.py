"""A list one works in: what the address asks for, by the page, with chips, and views one has kept.

A list page gives its template a `Liste`, draws its rows itself, and includes what stands around them:

    {% include "components/liste/sok.html" %}       the search and the choices, once, above
    <div id="liste"> … </div>                       all that follows the choices (htmx swaps it)
        {% include "components/liste/hode.html" %}  chips, kept views, Excel and print
        <table class="ds-table app-liste"> …        the rows; the classes are told of in static/css/liste.css
        {% include "components/liste/bunn.html" with side=liste.side flere=liste.flere %}  the pages
    {% include "components/liste/masse.html" %}     the bar of acts, once, when something is ticked

All of it works as plain links and forms; static/js/liste.js adds ticking many at once, folding, and
the keys J, K, X and Enter. A page is fifty rows; a phone begins with the first of them, and has the rest
when it asks (`bunn.html`), so that no list is longer than four screens.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.utils import translation
from django.utils.functional import Promise

from nettverk.models import Listevisning

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller
    from nettverk.tilgang.sider import PortalRequest

PER_SIDE = 50
# As in static/css/liste.css.
PAA_TELEFON = 20
SIDETALL = "side"
FORMAT = "format"
_FILER = {
    "xlsx": (translation.gettext_lazy("Excel"), "regneark"),
    "utskrift": (translation.gettext_lazy("Skriv ut"), "skriv-ut"),
    "epost": (translation.gettext_lazy("E-postadresser"), "post"),
}
Tekst = str | Promise


@dataclass(frozen=True, slots=True)
class Brikke:
    """One answer to one choice, with how many rows it gives: «Ikke svart 346». `stand` is a mark as the ones
    of the rows (`app-prikk`). `bak` names the fold that it stands behind."""

    etikett: Tekst
    url: str
    valgt: bool
    antall: int | None = None
    stand: str = ""
    bak: Tekst = ""


@dataclass(frozen=True, slots=True)
class Lenke:
    """What can be done with the list as it stands: fetch it, print it."""

    etikett: Tekst
    url: str
    ikon: str


@dataclass(frozen=True, slots=True)
class Visning:
    """A view that the person keeps, as a link."""

    pk: int
    navn: str
    url: str
    valgt: bool


@dataclass(frozen=True)
class Liste:
    """What stands around the rows of a list.

    navn        under which its views are kept, the same for every list of its kind: `rolu.deltakere`
    side        the rows of this page, or the groups
    sporring    the choices as an address writes them, without the page
    rot         the address without any choice
    form        search and choices that are fields; None when the chips say it all
    brikker     rows of chips, one row per choice
    lenker      Excel, print
    visninger   the person's own views, each with its address
    skjulte     what the form must carry along: (name, value)
    """

    navn: str
    side: Page
    sporring: str
    rot: str
    form: forms.Form | None
    brikker: Sequence[Sequence[Brikke]]
    lenker: Sequence[Lenke]
    visninger: Sequence[Visning]
    skjulte: Sequence[tuple[str, str]]

    @property
    def er_filtrert(self) -> bool:
        return bool(self.sporring)

    @property
    def flere(self) -> int:
        """How many of the page's rows a phone begins without."""
        return beyond(self.side, PAA_TELEFON)


def beyond(side: Page, forst: int) -> int:
    """How many of a page's rows come after the first."""
    return max(0, len(side) - forst)


def read_liste(
    request: "PortalRequest",
    navn: str,
    rader: Any,
    *,
    form: forms.Form | None = None,
    brikker: Sequence[Sequence[Brikke]] = (),
    lenker: Sequence[Lenke] = (),
    antall: int | None = None,
    beholdes: Iterable[str] = (),
    per_side: int = PER_SIDE,
) -> Liste:
    """The list as the address asks for it. One query for the views, one for the page, one to count it.

    `rader` is a queryset or a list, already filtered; `antall` how many they are, when it is known.
    `beholdes` names what in the address says which list it is (`oppdrag`, `per`), and is no choice.
    """
    sider = Paginator(rader, per_side)
    if antall is not None:
        sider.count = antall
    valg = _choices(request.GET)
    fast = QueryDict(mutable=True)
    for felt in beholdes:
        if felt in valg:
            fast.setlist(felt, valg.pop(felt))
    synlige = {felt.name for felt in form.visible_fields()} if form else set()
    return Liste(
        navn=navn,
        side=sider.get_page(request.GET.get(SIDETALL)),
        sporring=valg.urlencode(),
        rot=f"?{fast.urlencode()}",
        form=form,
        brikker=brikker,
        lenker=lenker,
        visninger=_views(request.roller, navn, valg.urlencode(), fast),
        skjulte=[
            (felt, verdi)
            for felt, verdier in [*fast.lists(), *valg.lists()]
            if felt not in synlige
            for verdi in verdier
        ],
    )


def chips(
    request: HttpRequest,
    felt: str,
    valg: Iterable[tuple[str, Tekst, int | None]],
    *,
    stand: dict[str, str] | None = None,
) -> list[Brikke]:
    """One chip per (value, words, number) of the field `felt`; "" is no choice. The others stay as they are."""
    valg = list(valg)
    valgt = chosen(request, felt, {verdi for verdi, _ord, _antall in valg})
    return [
        Brikke(
            etikett,
            address(request, **{felt: verdi}),
            verdi == valgt,
            antall,
            (stand or {}).get(verdi, ""),
        )
        for verdi, etikett, antall in valg
    ]


def chosen(request: HttpRequest, felt: str, verdier: Container[str]) -> str:
    """What the address chooses of `felt`; "" when that is none of `verdier`."""
    verdi = request.GET.get(felt, "")
    return verdi if verdi in verdier else ""


def _choices(adresse: QueryDict) -> QueryDict:
    """What the address chooses: neither the page nor what is left empty."""
    valg = adresse.copy()
    valg.pop(SIDETALL, None)
    for felt in list(valg):
        valg.setlist(felt, [verdi for verdi in valg.getlist(felt) if verdi])
        if not valg.getlist(felt):
            del valg[felt]
    return valg


def address(request: HttpRequest, **valg: object) -> str:
    """The list with the choices as they are but for `valg`; what is empty is no choice."""
    adresse = request.GET.copy()
    for felt, verdi in valg.items():
        adresse[felt] = str(verdi or "")
    return f"?{_choices(adresse).urlencode()}"


def file_link(fil: str, url: str) -> Lenke:
    """A list as Excel (`xlsx`), for printing (`utskrift`) or as addresses (`epost`)."""
    etikett, ikon = _FILER[fil]
    return Lenke(etikett, url, ikon)


def fetched(request: HttpRequest, fil: str, url: str = "") -> Lenke:
    """All of the list as it stands, from `url`; else from the list's own address, by `?format=`."""
    return file_link(fil, url + address(request) if url else address(request, **{FORMAT: fil}))


def _views(roller: "Roller", navn: str, sporring: str, fast: QueryDict) -> list[Visning]:
    egne = Listevisning.objects.visible_to(roller).filter(liste=navn)
    return [
        Visning(
            pk=visning.pk,
            navn=visning.navn,
            url="?" + "&".join(filter(None, [fast.urlencode(), visning.sporring])),
            valgt=visning.sporring == sporring,
        )
        for visning in egne
    ]
