"""On paper and as spreadsheets: a track with its line and how far the kommuner have come, and the report of a module."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from kommuner.sortering import norsk_nokkel
from laeringsloyper.framdrift import Modulrapport, progress_of
from laeringsloyper.kilder import marks_along
from laeringsloyper.linje import Linjeinnhold, Loypelinje, draw_linje, units_per_period
from laeringsloyper.models import Laeringsloype, Ressursbruk
from laeringsloyper.modulstand import Periodestand, modules_on
from nettverk.filer.pdf import pdf_name, render_pdf
from nettverk.filer.regneark import Ark, make_arbeidsbok
from nettverk.tilgang.roller import Roller


def line_of(
    loype: Laeringsloype, stander: list[Periodestand], roller: Roller, dato: datetime.date
) -> Loypelinje | None:
    """The track's line with what stands along it. Two queries."""
    innhold = Linjeinnhold(units_per_period(loype), stander, marks_along([loype], roller))
    return draw_linje([loype], dato, innhold=innhold)


def track_pdf(loype: Laeringsloype, roller: Roller, dato: datetime.date) -> tuple[str, bytes]:
    """The track on paper, in the network's written form: the file's name, and the file."""
    nettverk = loype.nettverk
    with override(nettverk.maalform):
        stander = modules_on(loype, dato, roller)
        kontekst = {
            "nettverk": nettverk,
            "tittel": loype.navn,
            "undertittel": _("Læringsløype, slik den var %(dato)s") % {"dato": date_format(dato)},
            "loype": loype,
            "linje": line_of(loype, stander, roller, dato),
            "framdrift": progress_of(loype, stander, roller),
            "stander": stander,
        }
        innhold = render_pdf("laeringsloyper/pdf/loype.html", kontekst, spraak=nettverk.maalform)
        return pdf_name(_("læringsløype"), loype.slug, dato.isoformat()), innhold


def module_pdf(loype: Laeringsloype, rapport: Modulrapport) -> tuple[str, bytes]:
    """The report of a module: the file's name, and the file."""
    nettverk = loype.nettverk
    with override(nettverk.maalform):
        kontekst = {
            "nettverk": nettverk,
            "tittel": rapport.modul.tittel,
            "undertittel": _("Modulrapport fra «%(loype)s», %(dato)s")
            % {"loype": loype.navn, "dato": date_format(rapport.dato)},
            "loype": loype,
            "rapport": rapport,
        }
        innhold = render_pdf("laeringsloyper/pdf/modul.html", kontekst, spraak=nettverk.maalform)
        navn = pdf_name(_("modulrapport"), rapport.modul.tittel, rapport.dato.isoformat())
        return navn, innhold


def module_sheets(loype: Laeringsloype, rapport: Modulrapport) -> tuple[str, bytes]:
    """The report of a module as a workbook: the module, the kommuner, the resources, the units that have used them,
    and the reading list."""
    modul = rapport.modul
    navn = pdf_name(_("modulrapport"), modul.tittel, rapport.dato.isoformat())
    return navn.removesuffix("pdf") + "xlsx", make_arbeidsbok(
        [
            Ark(
                _("Modul"),
                [(_("Hva"), 24), (_("Tekst"), 80)],
                [
                    (_("Læringsløype"), loype.navn),
                    (_("Modul"), modul.tittel),
                    (_("Per dato"), rapport.dato),
                    (_("Formål"), modul.formaal),
                    (_("Forslag til oppdrag"), modul.oppdragsforslag),
                    (_("Enheter som har fått et oppdrag"), rapport.andel.spurt),
                    (_("Enheter som har levert"), rapport.andel.levert),
                ],
            ),
            Ark(
                _("Kommuner"),
                [(_("Kommune"), 28), (_("Har fått et oppdrag"), 20), (_("Har levert"), 14)],
                [(kommune, andel.spurt, andel.levert) for kommune, andel in rapport.rader],
            ),
            Ark(
                _("Ressurser"),
                [
                    (_("Tittel"), 44),
                    (_("Slag"), 12),
                    (_("Lenke eller fil"), 50),
                    (_("Brukt av"), 12),
                ],
                [(r.tittel, r.slagnavn, r.url or r.navn, r.antall_brukt) for r in modul.ressurser],
            ),
            Ark(
                _("Brukt av"),
                [(_("Ressurs"), 44), (_("Enhet"), 40), (_("Sagt"), 14)],
                _used_by(modul),
            ),
            Ark(
                _("Leseliste"),
                [
                    (_("Forfatter"), 36),
                    (_("År"), 8),
                    (_("Tittel"), 60),
                    (_("Sider"), 14),
                    (_("ISBN"), 18),
                ],
                [(v.forfatter, v.aar, v.tittel, v.sider, v.isbn) for v in modul.leseliste],
            ),
        ]
    )


def _used_by(modul: Any) -> list[tuple[str, str, datetime.date]]:
    """Which units have used what of the module, by resource and then the unit's name."""
    brukt = Ressursbruk.objects.filter(ressurs__modul=modul.pk).select_related("ressurs", "enhet")
    rader = [(b.ressurs.tittel, str(b.enhet), timezone.localdate(b.sagt)) for b in brukt]
    return sorted(rader, key=lambda rad: (norsk_nokkel(rad[0]), norsk_nokkel(rad[1])))
