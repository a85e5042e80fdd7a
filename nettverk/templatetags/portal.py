"""Small tags and filters of every page: `{% load portal %}`."""

import datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nettverk.filer.pdfdrakt import farger
from nettverk.models import Gruppe, Nettverk, Person, Rolle
from nettverk.models.nettverk import Horisont
from nettverk.side import innhold, skrivemaate
from nettverk.side.kart import Kart
from nettverk.side.portalform import DatoInput, error_list
from nettverk.skriving.kladdnoekkel import key_of
from nettverk.skriving.svar import Angring, undo_of

register = template.Library()

for filter_ in (
    skrivemaate.tall,
    skrivemaate.prosent,
    skrivemaate.andel,
    skrivemaate.telefon,
    skrivemaate.orgnr,
    skrivemaate.klokke,
    skrivemaate.ukedag,
    skrivemaate.uke,
    skrivemaate.dager,
    skrivemaate.periode,
    skrivemaate.friststand,
    skrivemaate.dager_over,
    skrivemaate.fristfarge,
):
    register.filter(filter_)
register.simple_tag(skrivemaate.tidsrom)


@register.filter
def kladdnoekkel(person: Person) -> str:
    """The key to the person's own unsaved text in this browser."""
    return key_of(person)


@register.filter
def angring(melding: Any) -> Angring | None:
    """How what a message thanks for is undone, if it is: `{% with angre=melding|angring %}`."""
    return undo_of(melding)


@register.filter
def bruker(nettverk: Nettverk, del_: str) -> bool:
    """Whether the network uses that part of the portal: `{% if nettverk|bruker:"mellomarbeid" %}`."""
    return nettverk.uses(del_)


@register.filter
def spraaknavn(kode: str) -> str:
    """A language's name in the language itself, which Django's own tag would have translated."""
    return dict(settings.LANGUAGES)[kode]


@register.simple_tag
def datofelt(navn: str, dato: datetime.date) -> SafeString:
    """A date field outside a form of Django's, drawn as those inside one; its id is its name."""
    return DatoInput().render(navn, dato, {"id": navn, "class": "ds-input"})


# --- icons


@cache
def _sprite() -> str:
    return static("ikoner.svg")


@register.simple_tag
@cache
def ikon(navn: str, klasse: str = "") -> SafeString:
    """An icon from the sprite (names in nettverk/frontend/ikoner.json). Decoration: never the only name."""
    return format_html(
        '<svg class="app-ikon{}" width="24" height="24" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {klasse}" if klasse else "",
        _sprite(),
        navn,
    )


@register.simple_tag
def aksent_stilark(nettverk: Nettverk) -> str:
    """The stylesheet that gives the pages the network's colour (built by nettverk/frontend)."""
    return static(f"aksent/{nettverk.aksent}.css")


@register.simple_tag
def aksentfarge(navn: str) -> str:
    """The colour itself, to show it where another is in use."""
    return farger()[navn]


_HORISONTER = {
    Horisont.KYST: "components/horisont/kyst.html",
    Horisont.FJORD: "components/horisont/fjord.html",
    Horisont.TINDER: "components/horisont/tinder.html",
}


@register.simple_tag
def horisont(valgt: str = Horisont.KYST, *, naer: bool = False) -> SafeString:
    """The drawing behind a network's name; the coast where no network is meant. Decoration.

    `naer`: only what is nearest, to stand before a photograph.
    """
    tegning: str = render_to_string(_HORISONTER[Horisont(valgt)])
    if naer:
        tegning = tegning.replace('"app-horisont"', '"app-horisont app-horisont--naer"', 1)
    return mark_safe(tegning)


@register.inclusion_tag("nettverk/_kart.html")
def kart(kart: Kart | None, *, id: str, tittel: Any) -> dict[str, Any]:  # noqa: A002
    """The hexagon map, made by `nettverk.side.kart.draw_kart`; nothing when there is no map.

    Shaded and as a filter (in the view; both by the kommune's pk):

        draw_kart(medlemskap, skjematisk=True,
                  verdier={pk: Kartverdi(4 / 9, "4 av 9", _("4 av 9 har svart")), …},
                  lenker={pk: "?kommune=3", …}, valgt=3)

    Steps of 17, 34, 86 and 100 % of the network's colour: below 30, 50 and 60 per cent, and above (counts:
    in quarters). A kommune with nothing is dashed. The figure stands on the tile and in the link's name.
    The page loads css/nettverk.css. In the template: `{% kart kartet id="kart" tittel=tittel %}`.
    """
    return {"kart": kart, "id": id, "tittel": tittel}


# --- page parts


@register.inclusion_tag("components/brodsmuler.html", takes_context=True)
def brodsmuler(context: dict[str, Any], *deler: Any) -> dict[str, Any]:
    """`{% brodsmuler _("Samlinger") url samling.tittel %}`: label, url, …, and the label of this page.

    The network's own page comes first by itself, then the pages of the menu that this one lies below
    (`Meny.above`). A page on the line of the menu stands there already, and is not named again; nothing is
    drawn when only the network is left.
    """
    lenker = list(zip(deler[0:-1:2], deler[1::2], strict=False))
    nettverk, roller, meny = (context.get(navn) for navn in ("nettverk", "roller", "meny"))
    request = context.get("request")
    her_url = request.path if request else ""
    steg = []
    if nettverk:
        hjem = "hjem/" if roller is not None and roller.er_medlem else ""
        steg.append((nettverk.kortnavn, f"/{nettverk.slug}/{hjem}"))
    over = meny.meny.above(lenker[0][1] if lenker else her_url) if meny else []
    nevnt = {her_url, *(url for _navn, url in (*steg, *lenker))}
    steg += [(punkt.label, punkt.url) for punkt in over if punkt.url not in nevnt]
    steg += lenker
    paa_linja = [punkt.url for punkt in over] == [her_url] and not lenker
    her = "" if paa_linja else deler[-1]
    # The network's name alone leads nowhere that the menu does not.
    if len(steg) == 1 and not her:
        steg = []
    return {"steg": steg, "her": her, "forrige": steg[-1] if steg else None}


@register.inclusion_tag("components/feiloppsummering.html")
def feiloppsummering(*skjemaer: Any) -> dict[str, Any]:
    """The error summary of one or more forms and formsets, with both texts where somebody else has
    changed the same; nothing when there is no error."""
    forskjeller = [f for skjema in skjemaer for f in getattr(skjema, "forskjeller", ())]
    return {"feil": error_list(*skjemaer), "forskjeller": forskjeller}


@register.inclusion_tag("components/sidetall.html", takes_context=True)
def sidetall(context: dict[str, Any], side: Any, flere: int = 0) -> dict[str, Any]:
    """Pagination of a Page; the links keep the rest of the address. `flere`: so many of its rows a phone begins
    without (components/liste/bunn.html)."""
    request = context.get("request")
    felt = request.GET.copy() if request else QueryDict(mutable=True)

    def url(nummer: int) -> str:
        felt["side"] = str(nummer)
        return f"?{felt.urlencode()}"

    antall = side.paginator.num_pages
    numre = sorted({1, antall, *range(max(1, side.number - 1), min(antall, side.number + 1) + 1)})
    sider: list[tuple[int, str]] = []
    for nummer in numre:
        if sider and nummer - sider[-1][0] > 1:
            sider.append((0, ""))
        sider.append((nummer, url(nummer)))
    return {
        "side": side,
        "forst_til": side.end_index() - flere if flere else 0,
        "sider": sider,
        "forrige": url(side.previous_page_number()) if side.has_previous() else "",
        "neste": url(side.next_page_number()) if side.has_next() else "",
    }


# What `nettverk.views.jobber.jobb_context` lays in the page of the work it shows.
_JOBB = ("jobb", "status_url", "resultat_url", "resultat_tekst", "resultat_ikon", "igjen_url")


@register.inclusion_tag("components/jobb.html", takes_context=True)
def jobb(context: dict[str, Any], **egne: Any) -> dict[str, Any]:
    """The long work that the page shows: how far it is, and what came of it. `egne` are the values that
    are others here than in the page."""
    return {navn: context.get(navn) for navn in _JOBB} | egne


@register.inclusion_tag("components/framdrift.html")
def framdrift(
    etikett: str,
    verdi: Any,
    maks: Any,
    tekst: str = "",
    *,
    id: str,  # noqa: A002
    farge: str = "",
) -> dict[str, Any]:
    """How far something has come, with its words."""
    return {
        "etikett": etikett,
        "verdi": verdi,
        "maks": maks,
        "tekst": tekst,
        "id": id,
        "farge": farge,
    }


@register.simple_tag
def merke(tekst: Any, farge: str = "neutral") -> SafeString:
    """A state in words on a coloured ground: success, warning, danger, info, neutral, kyst, varm."""
    return format_html('<span class="ds-tag" data-color="{}">{}</span>', farge, tekst)


@register.filter
def brytbar(adresse: str) -> SafeString:
    """An e-mail address that may break after @, not inside a name."""
    foran, krull, bak = adresse.partition("@")
    return format_html("{}{}<wbr>{}", foran, krull, bak) if krull else format_html("{}", adresse)


@register.filter
def rolle_i(rolle: str, nettverk: Any) -> str:
    """What the network calls a role, inside a sentence: `{{ verv.rolle|rolle_i:nettverk }}`."""
    return innhold.rolle_i(rolle, nettverk)


@register.filter
def stor_rolle_i(rolle: str, nettverk: Any) -> str:
    """The same with a capital first, where it stands alone."""
    return innhold.rolle_i(rolle, nettverk, stor=True)


@register.filter
def egen_tittel(verv: Any, nettverk: Any) -> str:
    """The title of an appointment, when it says more than the role's name; marked."""
    lik = verv.tittel.lower() == nettverk.rollenavn(verv.rolle).lower()
    return "" if lik else innhold.innhold(verv.tittel, nettverk)


@register.simple_tag
def rollenavn(roller: Any) -> list[str]:
    """What the person is in this network, in words. No queries."""
    if roller is None or not roller.er_medlem:
        return []
    navn = []
    if roller.er_koordinator:
        navn.append(innhold.rolle_i(Rolle.KOORDINATOR, roller.nettverk, stor=True))
    elif roller.er_kog:
        navn.append(_group(roller, Gruppe.Type.KOORDINERINGSGRUPPE))
    if roller.er_stg:
        navn.append(_group(roller, Gruppe.Type.STYRINGSGRUPPE))
    if roller.kommuner_ansvar:
        navn.append(innhold.rolle_i(Rolle.OPPVEKSTANSVARLIG, roller.nettverk, stor=True))
    if roller.enheter_ledet:
        navn.append(_("Enhetsleder"))
    elif roller.enheter:
        navn.append(_("Utviklingsgruppe"))
    if roller.fagmiljo:
        navn.append(_("Fagansvarlig"))
    if roller.er_pro:
        navn.append(_group(roller, Gruppe.Type.PROSESSNETTVERK))
    if roller.er_eva:
        navn.append(_group(roller, Gruppe.Type.EVALUERINGSNETTVERK))
    if roller.er_forsker:
        navn.append(innhold.rolle_i(Rolle.FOLGEFORSKER, roller.nettverk, stor=True))
    return navn or [_("Medlem av nettverket")]


def _group(roller: Any, type_: str) -> str:
    return innhold.innhold(roller.gruppenavn(type_), roller.nettverk)
