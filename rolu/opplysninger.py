"""What rolu keeps about a person, for «Mine opplysninger»."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from nettverk.flater import Opplysninger
from nettverk.models import Person
from rolu.models import Deltakelse, Loggpost, Mellomarbeid, Vedlegg


def gather(person: Person) -> Iterator[Opplysninger]:
    """Participations, entries written, files added and work delivered."""
    yield Opplysninger(
        _("Samlinger"),
        [
            {
                _("samling"): d.samling.tittel,
                _("dato"): d.samling.dato,
                _("svar"): d.get_status_display(),
                _("møtte"): d.moett,
            }
            for d in Deltakelse.objects.filter(verv__person=person)
            .select_related("samling")
            .order_by("samling__start")
        ],
    )
    yield Opplysninger(
        _("Det du har skrevet i loggen"),
        [
            {
                _("mellomarbeid"): str(p.mellomarbeid),
                _("fase"): p.get_fase_display(),
                _("dato"): p.dato,
                _("tekst"): p.tekst,
            }
            for p in Loggpost.objects.filter(skrevet_av=person).select_related(
                "mellomarbeid__oppdrag", "mellomarbeid__gruppe"
            )
        ],
    )
    yield Opplysninger(
        _("Mellomarbeid du har levert"),
        [
            {_("mellomarbeid"): str(m), _("levert"): m.levert}
            for m in Mellomarbeid.objects.filter(levert_av=person).select_related(
                "oppdrag", "gruppe"
            )
        ],
    )
    yield Opplysninger(
        _("Filer du har lagt ved"),
        [
            {_("fil"): v.navn, _("lastet opp"): v.lastet_opp}
            for v in Vedlegg.objects.filter(lastet_opp_av=person)
        ],
    )
