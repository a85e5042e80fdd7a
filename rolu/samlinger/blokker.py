"""The parts of a gathering's summary: made ready with data in, written in, moved, left out, fetched anew.

Every act holds the gathering's row, so that nobody locks it meanwhile; a locked one refuses (Lukket).
"""

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke, write
from rolu.models import Oppsummeringsblokk, Samling
from rolu.samlinger.blokkdata import collect
from rolu.samlinger.tilstand import writing

Slag = Oppsummeringsblokk.Slag


def of(samling: Samling) -> list[Oppsummeringsblokk]:
    """The parts in the order they are read: those of the document first, then the appendices. One query."""
    rader = Oppsummeringsblokk.objects.filter(samling=samling).select_related("endret_av")
    return sorted(rader, key=lambda b: (b.er_vedlegg, b.rekkefolge, b.pk))


def require_summary(samling: Samling) -> None:
    if samling.er_utkast or samling.er_avlyst:
        raise KanIkke(_("Bare en publisert samling kan oppsummeres."))


def make_ready(samling: Samling) -> int:
    """Make the parts that are not there, with what the portal knows now; returns how many. Those that are
    there stand as they are."""
    require_summary(samling)
    with writing(samling) as naa:
        finnes = Oppsummeringsblokk.objects.filter(samling=naa)
        mangler = set(Slag.values) - set(finnes.values_list("slag", flat=True))
        if not mangler:
            return 0
        siste = finnes.aggregate(n=Max("rekkefolge"))["n"] or 0
        data, hentet = collect(naa), timezone.now()
        Oppsummeringsblokk.objects.bulk_create(
            Oppsummeringsblokk(
                samling=naa,
                slag=slag,
                rekkefolge=siste + nr,
                er_utelatt=slag in Oppsummeringsblokk.UTELATT_FRA_STARTEN,
                data=data[slag],
                hentet=hentet,
            )
            for nr, slag in enumerate((s for s in Slag.values if s in mangler), start=1)
        )
        return len(mangler)


def edit(blokk: Oppsummeringsblokk, *, tekst: str, versjon: int, by: Person) -> Oppsummeringsblokk:
    """Save the text of a part that was opened as `versjon`. Raises Konflikt, or Lukket."""
    with writing(blokk.samling) as samling:
        require_summary(samling)
        naa = _held(blokk)
        return write(
            naa, versjon=versjon, felt={"tekst": tekst}, endret_av=by, endret=timezone.now()
        )


def move(blokk: Oppsummeringsblokk, *, plass: int) -> None:
    """Let the part stand as number `plass` (from 1) among its own, the document or the appendices. Twice is
    once."""
    with writing(blokk.samling) as naa:
        require_summary(naa)
        alle = [b for b in of(naa) if b.er_vedlegg == blokk.er_vedlegg]
        andre = [b for b in alle if b.pk != blokk.pk]
        denne = next(b for b in alle if b.pk == blokk.pk)
        plasser = sorted(b.rekkefolge for b in alle)
        ny = [*andre[: max(plass - 1, 0)], denne, *andre[max(plass - 1, 0) :]]
        for b, rekkefolge in zip(ny, plasser, strict=True):
            if b.rekkefolge != rekkefolge:
                b.rekkefolge = rekkefolge
                b.save(update_fields=["rekkefolge"])


def leave_out(blokk: Oppsummeringsblokk, *, utelat: bool) -> None:
    """Leave the part out of the document, or bring it back. What is written in it is kept."""
    with writing(blokk.samling) as samling:
        require_summary(samling)
        naa = _held(blokk)
        if naa.er_utelatt != utelat:
            naa.er_utelatt = utelat
            naa.save(update_fields=["er_utelatt"])


def refresh(samling: Samling) -> list[Oppsummeringsblokk]:
    """Fetch the data of every part anew; returns the parts in which something was other than before. The
    texts, the order and what is left out stand, and so does what somebody is writing."""
    require_summary(samling)
    with writing(samling) as naa:
        data, hentet = collect(naa), timezone.now()
        endret = []
        rader = Oppsummeringsblokk.objects.filter(samling=naa).select_for_update(of=["self"])
        for blokk in rader:
            if blokk.data != data[blokk.slag]:
                blokk.data = data[blokk.slag]
                endret.append(blokk)
            blokk.hentet = hentet
        Oppsummeringsblokk.objects.bulk_update(rader, ["data", "hentet"])
        return endret


def _held(blokk: Oppsummeringsblokk) -> Oppsummeringsblokk:
    rader = Oppsummeringsblokk.objects.select_for_update(of=["self"])
    naa = rader.select_related("endret_av").get(pk=blokk.pk)
    naa.samling = blokk.samling
    return naa
