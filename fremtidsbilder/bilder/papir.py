"""Images on paper: the sheet of the arenas, and one image with its pictures."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from fremtidsbilder.bilder.illustrasjoner import pictures_for_print
from fremtidsbilder.bilder.temaer import themes_of
from fremtidsbilder.models import Fremtidsbilde
from kommuner.gyldighet import idag
from nettverk.filer.pdf import pdf_name, render_pdf
from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller


def arenas_of(roller: Roller) -> list[Fremtidsbilde]:
    """The arenas that the person may see, in their order, with their signs. Two queries."""
    arenaer = Fremtidsbilde.objects.visible_to(roller).filter(nivaa=Fremtidsbilde.Nivaa.ARENA)
    return list(arenaer.prefetch_related("tegn"))


def arenas_pdf(nettverk: Nettverk, arenaer: list[Fremtidsbilde]) -> tuple[str, bytes]:
    """The sheet, in the network's written form: the file's name, and the file."""
    with override(nettverk.maalform):
        kontekst = {
            "nettverk": nettverk,
            "tittel": _("Fremtidsbilder for arenaene"),
            "arenaer": arenaer,
        }
        innhold = render_pdf("fremtidsbilder/pdf/arenaer.html", kontekst, spraak=nettverk.maalform)
        return pdf_name(_("arenaer"), nettverk.slug, idag().isoformat()), innhold


def image_pdf(bilde: Fremtidsbilde) -> tuple[str, bytes]:
    """One image: the file's name, and the file."""
    nettverk = bilde.nettverk
    siste = bilde.utgaver.order_by("nummer").last()
    with override(nettverk.maalform):
        kontekst = {
            "nettverk": nettverk,
            "tittel": bilde.tittel,
            "undertittel": bilde.utsagn,
            "bilde": bilde,
            "tegn": list(bilde.tegn.all()),
            "temaer": themes_of(bilde),
            "illustrasjoner": pictures_for_print(bilde),
            "utgave": siste,
        }
        innhold = render_pdf("fremtidsbilder/pdf/bilde.html", kontekst, spraak=nettverk.maalform)
        return pdf_name(_("fremtidsbilde"), bilde.tittel[:60], idag().isoformat()), innhold
