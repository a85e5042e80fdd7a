"""From a code to an open tankesmie, and which question is shown there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fremtidsbilder.models import Samtalesporsmaal, Tankesmie
from nettverk.side import kode as tegnet
from nettverk.skriving.laas import mark


def look_up(kode: str) -> Tankesmie | None:
    """The tankesmie that has the code, closed or not; none that is held for itself where the network has switched this
    part off, for nobody could lead it. One query, its network with it."""
    alle = Tankesmie.objects.select_related("nettverk")
    funnet: Tankesmie | None = alle.filter(kode=tegnet.read(kode)).first()
    if funnet and funnet.frittstaaende and not funnet.nettverk.uses("fremtidsbilder"):
        return None
    return funnet


def pad_path(tankesmie: Tankesmie, bord: int | None = None) -> str:
    """Where the pad stands; of one table with its number."""
    sti = reverse("bordpad", args=[tankesmie.kode])
    return f"{sti}?bord={bord}" if bord else sti


def pad_qr(tankesmie: Tankesmie, bord: int | None = None) -> SafeString:
    """The way to the pad, as a picture."""
    return tegnet.qr(
        tegnet.whole(pad_path(tankesmie, bord)),
        tittel=_("QR-kode til «%(tittel)s»") % {"tittel": tankesmie.tittel},
    )


@dataclass(frozen=True)
class Padstand:
    """What a pad shows besides what one writes: the question that is open, else the last one, and whether there is a
    vote."""

    tankesmie: Tankesmie
    aapent: Samtalesporsmaal | None
    sist: Samtalesporsmaal | None
    stemmes: Samtalesporsmaal | None

    @property
    def merke(self) -> str:
        """Changes when something of it does; a card that somebody writes does not."""
        t = self.tankesmie
        biter: list[object] = [
            "l" if t.er_over else "v" if t.venter else "",
            t.antall_bord,
        ]
        for s in (self.aapent, self.sist, self.stemmes):
            biter.append(f"{s.pk}.{s.status[0]}.{s.prikker}" if s else "")
        if self.aapent:
            # The words too: a question may be put in others while it is open.
            frist = self.aapent.frist
            tekst = f"{self.aapent.tekst}\n{self.aapent.hjelp}"
            biter += [int(frist.timestamp()) if frist else "", mark(tekst)]
        return "-".join(map(str, biter))


def pad_state(tankesmie: Tankesmie) -> Padstand:
    """One query, none when it is closed, by somebody or by its time, or that time has not come."""
    if tankesmie.er_over or tankesmie.venter:
        return Padstand(tankesmie, None, None, None)
    startet = started(tankesmie)
    aapent = next((s for s in startet if s.er_aapent), None)
    stemmes = next((s for s in startet if s.kan_stemmes), None)
    return Padstand(tankesmie, aapent, startet[0] if startet else None, stemmes)


def started(tankesmie: Tankesmie) -> list[Samtalesporsmaal]:
    """The questions that are or have been open, the one opened last first. One query."""
    alle = list(tankesmie.sporsmaal.started())
    for s in alle:
        s.tankesmie = tankesmie
    return alle
