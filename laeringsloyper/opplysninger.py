"""What laeringsloyper keeps about a person, for «Mine opplysninger»."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from laeringsloyper.models import Ressurs, Ressursbruk
from nettverk.flater import Opplysninger
from nettverk.models import Person


def gather(person: Person) -> Iterator[Opplysninger]:
    """Resources added, and what one has said that a unit has used."""
    lagt_til = Ressurs.objects.filter(lastet_opp_av=person).select_related("modul")
    yield Opplysninger(
        _("Ressurser du har lagt til i moduler"),
        [
            {_("ressurs"): r.tittel, _("modul"): r.modul.tittel, _("dato"): r.lastet_opp}
            for r in lagt_til.order_by("lastet_opp", "pk")
        ],
        tett=True,
    )
    sagt = Ressursbruk.objects.filter(sagt_av=person).select_related("ressurs", "enhet")
    yield Opplysninger(
        _("Ressurser du har sagt at enheten har brukt"),
        [
            {_("ressurs"): b.ressurs.tittel, _("enhet"): str(b.enhet), _("dato"): b.sagt}
            for b in sagt.order_by("sagt", "pk")
        ],
        tett=True,
    )
