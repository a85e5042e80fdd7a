"""The programme on paper, in its two layers: for those who come, and for those who hold the gathering."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from nettverk.filer.pdf import pdf_name, render_pdf
from rolu.models import Samling
from rolu.samlinger.dager import in_words
from rolu.samlinger.programplan import items, make_plan


def programme(samling: Samling) -> tuple[str, bytes]:
    """The name of the file and the PDF. The texts of the kjøreplan are not fetched."""
    return _printed(samling, "rolu/pdf/program.html", gettext_lazy("program"), med_kjoereplan=False)


def running_order(samling: Samling) -> tuple[str, bytes]:
    """The name of the file and the PDF, with all of both layers."""
    return _printed(
        samling, "rolu/pdf/kjoereplan.html", gettext_lazy("kjøreplan"), med_kjoereplan=True
    )


def _printed(
    samling: Samling, mal: str, navn: str | Promise, *, med_kjoereplan: bool
) -> tuple[str, bytes]:
    """In the network's written form, whoever prints it."""
    with override(samling.nettverk.maalform):
        pdf = render_pdf(mal, print_context(samling, med_kjoereplan=med_kjoereplan))
        return pdf_name(navn, samling.tittel, samling.dato.isoformat()), pdf


def print_context(samling: Samling, *, med_kjoereplan: bool) -> dict[str, Any]:
    """What both layers are drawn from."""
    plan = make_plan(samling, items(samling, med_kjoereplan=med_kjoereplan))
    return {
        "nettverk": samling.nettverk,
        "samling": samling,
        "tittel": samling.tittel,
        "undertittel": f"{in_words(samling)}, {samling.sted}",
        "plan": plan,
    }
