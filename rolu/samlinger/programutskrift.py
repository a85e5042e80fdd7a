"""The programme on paper, in its two layers: for those who come, and for those who hold the gathering."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from nettverk.filer.pdf import pdf_name, render_pdf
from rolu.models import Samling
from rolu.samlinger.dager import in_words
from rolu.samlinger.kollisjoner import Kollisjon
from rolu.samlinger.programplan import Plan, items, make_plan, outside


def programme(samling: Samling) -> tuple[str, bytes]:
    """The name of the file and the PDF. The texts of the kjøreplan are not fetched."""
    return _printed(samling, "rolu/pdf/program.html", gettext_lazy("program"), program_context)


def running_order(samling: Samling) -> tuple[str, bytes]:
    """The name of the file and the PDF, with all of both layers."""
    navn = gettext_lazy("kjøreplan")
    return _printed(samling, "rolu/pdf/kjoereplan.html", navn, running_order_context)


def _printed(
    samling: Samling, mal: str, navn: str | Promise, innhold: Callable[[Samling], dict[str, Any]]
) -> tuple[str, bytes]:
    """In the network's written form, whoever prints it."""
    with override(samling.nettverk.maalform):
        pdf = render_pdf(mal, innhold(samling))
        return pdf_name(navn, samling.tittel, samling.dato.isoformat()), pdf


def program_context(samling: Samling) -> dict[str, Any]:
    """What the programme is drawn from."""
    tittel = _("Program for «%(tittel)s»") % {"tittel": samling.tittel}
    return _context(samling, tittel, make_plan(samling, items(samling)))


def running_order_context(samling: Samling) -> dict[str, Any]:
    """What the kjøreplan is drawn from: at the top every collision once, at the items only their numbers."""
    tittel = _("Kjøreplan for «%(tittel)s»") % {"tittel": samling.tittel}
    plan = make_plan(samling, items(samling, med_kjoereplan=True))
    kollisjoner: list[Kollisjon] = []
    for linje in plan.linjer:
        post: Any = linje.post
        kollisjoner += linje.kollisjoner
        siste = len(kollisjoner)
        post.kollisjonsnumre = range(siste - len(linje.kollisjoner) + 1, siste + 1)
    return {
        **_context(samling, tittel, plan),
        "varsler": outside(plan.linjer),
        "kollisjoner": kollisjoner,
    }


def _context(samling: Samling, tittel: str, plan: Plan) -> dict[str, Any]:
    return {
        "nettverk": samling.nettverk,
        "samling": samling,
        "tittel": tittel,
        "undertittel": f"{in_words(samling)}, {samling.sted}",
        "plan": plan,
    }
