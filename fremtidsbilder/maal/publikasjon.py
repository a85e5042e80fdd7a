"""The goals as a spreadsheet, and as a printed publication."""

from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from fremtidsbilder.maal.arbeid import without_work
from fremtidsbilder.maal.sammenheng import sentences
from fremtidsbilder.maal.tre import Filter, Gren, read_tree
from fremtidsbilder.models import Maal
from kommuner.gyldighet import idag
from nettverk.filer.filnavn import made_name
from nettverk.filer.pdf import pdf_name, render_pdf
from nettverk.filer.regneark import make_regneark
from nettverk.tilgang.roller import Roller


def sheet(roller: Roller) -> tuple[str, bytes]:
    """Every goal the person may see, from the network to the unit: the file's name, and the file."""
    tre = read_tree(roller, Filter())
    uten_arbeid = {gren.maal.pk for gren in without_work(tre, roller.nettverk)}
    kolonner = [
        (_("Nivå"), 12),
        (_("Kommune eller enhet"), 28),
        (_("Mål"), 60),
        (_("Mål over"), 60),
        (_("Type"), 14),
        (_("Tilstand"), 14),
        (_("Tatt inn, tilpasset eller eget"), 18),
        (_("Hvor langt"), 14),
        (_("Slik vurderer vi det selv"), 50),
        (_("Vurdert"), 12),
        (_("Ansvarlig gruppe"), 28),
        (_("Fra"), 12),
        (_("Til"), 12),
        (_("Temaer"), 30),
        (_("Kommuner med mål under"), 14),
        (_("Enheter med mål under"), 14),
        (_("Uten arbeid det siste året"), 14),
    ]
    rader = [
        (*_row(gren), _("Ja") if gren.maal.pk in uten_arbeid else "") for gren in tre.alle.values()
    ]
    innhold = make_regneark(_("Mål"), kolonner, rader)
    return made_name(_("mål"), roller.nettverk.slug, endelse="xlsx"), innhold


def _row(gren: Gren) -> tuple[Any, ...]:
    maal = gren.maal
    return (
        capfirst(maal.get_nivaa_display()),
        gren.sted,
        maal.tekst,
        gren.over.maal.tekst if gren.over else "",
        capfirst(maal.get_type_display()),
        capfirst(maal.get_tilstand_display()),
        in_words(gren),
        capfirst(maal.get_status_display()),
        maal.vurdering,
        maal.vurdert,
        str(maal.eier or ""),
        gren.fra,
        gren.siste_dag,
        ", ".join(t.navn for t in maal.temaer.all()),
        gren.under_kommuner,
        gren.under_enheter,
    )


def in_words(gren: Gren) -> str:
    """How the place came by the goal."""
    ord_ = {"tatt_inn": _("Tatt inn"), "tilpasset": _("Tilpasset"), "eget": _("Eget")}
    return ord_.get(gren.slekt, "")


def pdf(roller: Roller) -> tuple[str, bytes]:
    """The goals in force or on hearing, by level and place, with how they hang together; in the network's written
    form."""
    nettverk = roller.nettverk
    tre = read_tree(roller, Filter())
    with override(nettverk.maalform):
        kontekst = {
            "nettverk": nettverk,
            "tittel": _("Mål"),
            "undertittel": _("Målene slik de var %(dato)s") % {"dato": date_format(idag())},
            "deler": [
                {"setning": s, "steder": _places(tre.alle.values(), s.nivaa)}
                for s in sentences(tre.sammenheng)
            ],
        }
        innhold = render_pdf("fremtidsbilder/pdf/maal.html", kontekst, spraak=nettverk.maalform)
        return pdf_name(_("mål"), nettverk.slug, idag().isoformat()), innhold


def _places(grener: Any, nivaa: str) -> list[tuple[str, list[Gren]]]:
    steder: dict[str, list[Gren]] = {}
    for gren in grener:
        if gren.maal.nivaa == nivaa and gren.teller:
            steder.setdefault(gren.sted, []).append(gren)
    orden = {t: nr for nr, t in enumerate(Maal.Type.values)}
    return [(sted, sorted(her, key=lambda g: orden[g.maal.type])) for sted, her in steder.items()]
