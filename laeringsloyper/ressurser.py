"""What a unit can use in a module: files and links, and which units have said that they used them."""

from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from kommuner.models import Enhet
from laeringsloyper.models import Modul, Ressurs, Ressursbruk
from nettverk.filer import vedlegg as filvedlegg
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models import Nettverk, Person
from nettverk.skriving.laas import held

_FILM = (".mp4", ".mov", ".webm", ".m4v")
_LYSARK = (".pptx", ".ppt", ".odp", ".key")
_FILMSTEDER = ("youtube.com", "youtu.be", "vimeo.com", "tv.nrk.no", "film.udir.no")


def add_file(
    modul: Modul, *, fil: GodkjentFil, tittel: str, slag: str = "", by: Person
) -> Ressurs | None:
    """Keep a file; None when the module has it from before. Raises IkkePlass when there is no room for it, and
    Borte."""
    blant = Ressurs.objects.filter(modul=modul)
    with filvedlegg.written([fil], blant=blant, nettverk=modul.nettverk) as skrevet:
        held(modul, _("Modulen er slettet av noen andre."))
        nye = filvedlegg.keep(
            skrevet,
            blant=blant,
            nettverk=modul.nettverk,
            by=by,
            felt=lambda en: {
                "modul": modul,
                "tittel": tittel or PurePath(en.om.navn).stem,
                "slag": slag or kind_of(en.om.navn, ellers=Ressurs.Slag.FIL),
            },
        )
        return next(iter(nye), None)


@transaction.atomic
def add_link(modul: Modul, *, url: str, tittel: str, slag: str = "", by: Person) -> Ressurs:
    """An address; the same one twice is kept once, with the title that was given last. Raises Borte."""
    held(modul, _("Modulen er slettet av noen andre."))
    felt = {"tittel": tittel, "slag": slag or kind_of(url, ellers=Ressurs.Slag.LENKE)}
    rad, er_ny = Ressurs.objects.get_or_create(
        modul=modul, url=url, defaults={**felt, "lastet_opp_av": by}
    )
    if not er_ny:
        for navn, verdi in felt.items():
            setattr(rad, navn, verdi)
        rad.save(update_fields=list(felt))
    return rad


def change(ressurs: Ressurs, **felt: Any) -> Ressurs:
    """Write `felt` in a resource that is held (`nettverk.skriving.laas.locked`)."""
    for navn, verdi in felt.items():
        setattr(ressurs, navn, verdi)
    ressurs.save(update_fields=list(felt))
    return ressurs


def kind_of(sted: str, *, ellers: str) -> str:
    """What a file's name or an address says that it is: a film, slides, or `ellers`."""
    deler = urlsplit(sted)
    vert = (deler.hostname or "").removeprefix("www.")
    endelse = PurePath(deler.path).suffix.lower()
    if endelse in _FILM or vert in _FILMSTEDER:
        return Ressurs.Slag.FILM
    if endelse in _LYSARK or (vert == "docs.google.com" and "/presentation/" in deler.path):
        return Ressurs.Slag.LYSARK
    return ellers


@transaction.atomic
def remove(ressurs: Ressurs) -> None:
    """Take it out of the module, and the file from the storage. What it was stays in the history."""
    if ressurs.fil:
        filvedlegg.remove(ressurs)
    else:
        ressurs.delete()


def stored(nettverk: Nettverk) -> int:
    """How many bytes the files of the network's modules take."""
    return filvedlegg.size(Ressurs.objects.filter(modul__periode__loype__nettverk=nettverk))


# --- «brukt hos oss»


@transaction.atomic
def say_used(ressurs: Ressurs, *, enhet: Enhet, by: Person) -> None:
    """The unit has used it; said twice is once. Raises Borte."""
    held(ressurs)
    Ressursbruk.objects.get_or_create(ressurs=ressurs, enhet=enhet, defaults={"sagt_av": by})


def take_back(ressurs: Ressurs, *, enhet: Enhet) -> None:
    """The unit has not used it after all."""
    Ressursbruk.objects.filter(ressurs=ressurs, enhet=enhet).delete()
