"""What the network itself contributes to the shared surfaces."""

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from kommuner.models import Enhet, Kommune
from nettverk import aarsrapportkapitler
from nettverk.flater import Gjoremaal, Kapittel, Menypunkt, Portal, Seksjon, register
from nettverk.models import Gruppe, Nettverk, Verv
from nettverk.tilgang.roller import Roller


@register
class NettverkPortal(Portal):
    """Home, the register and the groups in the menu; partners in public; who sits where."""

    def meny(self, roller: Roller) -> Iterable[Menypunkt]:
        rot = f"/{roller.nettverk.slug}"
        yield Menypunkt(_("Hjem"), f"{rot}/hjem/", "hjem", 0)
        yield Menypunkt(_("Kommuner og enheter"), f"{rot}/kommuner/", "kommune", 60)
        yield Menypunkt(_("Grupper"), f"{rot}/grupper/", "gruppe", 70)
        if roller.er_kog:
            yield Menypunkt(_("Utboks"), f"{rot}/utboks/", "post", 80)

    def gjoremaal(self, roller: Roller) -> Iterable[Gjoremaal]:
        if not roller.enheter_ledet:
            return
        grupper = Gruppe.objects.filter(nettverk=roller.nettverk, enhet__in=roller.enheter_ledet)
        for gruppe in grupper.utviklingsgrupper().gyldig().with_roller().select_related("enhet"):
            if ledige := gruppe.ledige_roller(gruppe.roller_da):  # type: ignore[attr-defined]
                roller_i_ord = get_text_list([str(rolle.label) for rolle in ledige], _("og"))
                yield Gjoremaal(
                    tittel=_("Utviklingsgruppa mangler %(roller)s") % {"roller": roller_i_ord},
                    tekst=_("Gjelder %(enhet)s.") % {"enhet": gruppe.enhet},
                    url=reverse("nettverk:gruppe", args=[roller.nettverk.slug, gruppe.pk]),
                    knapp=_("Se gruppa"),
                    haster=90,
                )

    def offentlig(self, nettverk: Nettverk) -> Iterable[Seksjon]:
        partnere = list(nettverk.partnere.gyldig())
        delinger = list(nettverk.delinger.all())
        if partnere or delinger:
            data = {"partnere": partnere, "delinger": delinger}
            yield Seksjon("nettverk/_offentlig_partnere.html", data, 80)

    def enhet(self, enhet: Enhet, roller: Roller, dato: datetime.date) -> Iterable[Seksjon]:
        grupper = Gruppe.objects.filter(nettverk=roller.nettverk, enhet=enhet).gyldig(dato)
        gruppe = grupper.utviklingsgrupper().first()
        verv = list(gruppe.verv.gyldig(dato).in_order().select_related("person")) if gruppe else []
        ledige = gruppe.ledige_roller(v.rolle for v in verv) if gruppe else []
        data = {"gruppe": gruppe, "verv_list": verv, "ledige": ledige}
        yield Seksjon("nettverk/_enhet_gruppe.html", data, 10)

    def kommune(self, kommune: Kommune, roller: Roller, dato: datetime.date) -> Iterable[Seksjon]:
        verv = (
            Verv.objects.filter(gruppe__nettverk=roller.nettverk, representerer=kommune)
            .gyldig(dato)
            .select_related("person", "gruppe")
            .order_by("gruppe__rekkefolge", "gruppe__sortering", "person__sortering")
        )
        yield Seksjon("nettverk/_kommune_verv.html", {"verv_list": list(verv)}, 10)

    def kapitler(self, nettverk: Nettverk, aar: int) -> Iterable[Kapittel]:
        yield aarsrapportkapitler.nettverket(nettverk, aar)
        yield aarsrapportkapitler.organisering(nettverk, aar)
        yield aarsrapportkapitler.spredning(nettverk, aar)
