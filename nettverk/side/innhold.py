"""What a network wrote, on a page whose own words may be in another language.

Names, titles and texts are in the network's own written form, whatever language the page is in. An
element that holds nothing else carries `lang="{{ nettverk.maalform }}"` itself; among the words of
the interface it is `{{ samling.tittel|innhold:nettverk }}`, which is this.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeData, mark_safe
from django.utils.text import capfirst, get_text_list
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from nettverk.models import Nettverk


def innhold(tekst: Any, nettverk: Nettverk) -> Any:
    """The text, marked with its written form when the page is in another."""
    if not tekst or nettverk.maalform == get_language():
        return tekst
    return format_html('<span lang="{}">{}</span>', nettverk.maalform, tekst)


def fill_in(setning: str, **verdier: Any) -> str:
    """`fill_in(_("«%(samling)s» er i dag"), samling=innhold(samling.tittel, nettverk))`."""
    if not any(isinstance(verdi, SafeData) for verdi in verdier.values()):
        return setning % verdier
    trygge = {navn: conditional_escape(verdi) for navn, verdi in verdier.items()}
    # Every part is escaped above.
    return mark_safe(conditional_escape(setning) % trygge)


def rolle_i(rolle: str, nettverk: Nettverk, *, stor: bool = False) -> Any:
    """What the network calls a role, marked as its other words are; `stor` with a capital first."""
    navn = nettverk.rollenavn(rolle)
    return innhold(capfirst(navn) if stor else navn, nettverk)


def join(skille: str, deler: Iterable[Any]) -> str:
    """The parts in one line; what is marked among them stays marked."""
    deler = list(deler)
    if not any(isinstance(del_, SafeData) for del_ in deler):
        return skille.join(map(str, deler))
    # Every part is escaped here.
    return mark_safe(conditional_escape(skille).join(map(conditional_escape, deler)))


def roller_i(roller: Iterable[str], nettverk: Nettverk) -> str:
    """«formell leder, tillitsvalgt og utviklingslærer», marked as the network's own words."""
    navn = [nettverk.rollenavn(rolle) for rolle in roller]
    with override(nettverk.maalform):
        tekst = get_text_list(navn, _("og"))
    return innhold(tekst, nettverk)
