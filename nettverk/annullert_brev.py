"""The letter that takes an invitation back, when the Verv it came of was given by mistake and is annulled."""

from django.db import transaction
from django.utils.translation import gettext_lazy

from nettverk.annullering import appointed, has_other_verv
from nettverk.arbeid import brev
from nettverk.arbeid.brev import brevslag, inviting_kinds, key
from nettverk.invitasjon import INVITASJON
from nettverk.models import Brev, Person, Verv
from nettverk.models.brev import BrevQuerySet

MAL = "nettverk/epost/annullert.txt"
TATT_TILBAKE = brevslag(
    "nettverk.verv_annullert", gettext_lazy("Invitasjonen var en feil"), svar_til_avsender=True
)


def is_told(verv: Verv) -> bool:
    """Whether an invitation has gone to the person since the Verv was given, so that one who takes it
    back goes too."""
    return _invitations(verv).told().exists()


def was_told(verv: Verv) -> bool:
    """Whether the one who takes it back is written."""
    return Brev.objects.filter(noekkel=_key(verv)).exists()


@transaction.atomic
def take_back(verv: Verv, *, til: Person, by: Person) -> Brev | None:
    """Tell `til`, the person as they were before the Verv was annulled (a stand-in has no address
    afterwards), that the invitation was a mistake, when one has gone. One that waits is not sent. Twice
    is once."""
    nettverk = verv.gruppe.nettverk
    andre_verv = has_other_verv(verv)
    if not andre_verv:
        brev.withdraw(_invitations(verv))
    sendt = set(_invitations(verv).told().values_list("slag", flat=True))
    if not sendt or til.pk == by.pk:
        return None
    return brev.queue(
        til=til,
        nettverk=nettverk,
        slag=TATT_TILBAKE,
        om=nettverk,
        mal=MAL,
        data={
            "av": by.navn,
            "rolle": nettverk.rollenavn(verv.rolle),
            "gruppe": verv.gruppe.navn,
            # By another Verv they may be invited all the same.
            "samling": not andre_verv and bool(sendt - {INVITASJON}),
        },
        noekkel=_key(verv),
        by=by,
    )


def _key(verv: Verv) -> str:
    return key(TATT_TILBAKE, verv)


def _invitations(verv: Verv) -> BrevQuerySet:
    """Those to the person in the network since the Verv was given."""
    gitt = appointed(verv)
    if gitt is None:
        return Brev.objects.none()
    return Brev.objects.filter(
        nettverk=verv.gruppe.nettverk_id,
        til=verv.person_id,
        slag__in=inviting_kinds(),
        opprettet__gte=gitt,
    )
