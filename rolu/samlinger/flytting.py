"""Change a gathering. When it is published and moved, those who were told of the old are told of the new."""

from collections.abc import Iterable

from django.db import transaction

from nettverk.arbeid import brev
from nettverk.models import Brev, Person
from rolu.models import Samling
from rolu.samlinger import purring, samlingsbrev
from rolu.samlinger.samlingsbrev import TidOgSted

# What a person writes of a gathering; the form has these.
FELT = [
    "type",
    "tittel",
    "tema",
    "sted",
    "start",
    "slutt",
    "paameldingsfrist",
    "laeringsloype",
    "om",
]
# What an invitation tells.
_I_INVITASJONEN = ["tittel", "tema", "sted", "start", "slutt", "paameldingsfrist"]


class MaaVelge(Exception):
    """It is moved, and `antall` people know of it as it was, `fra`: say whether they are told."""

    def __init__(self, fra: TidOgSted, antall: int) -> None:
        super().__init__(antall)
        self.fra, self.antall = fra, antall


@transaction.atomic
def change(
    samling: Samling,
    *,
    by: Person,
    tell: bool | None = None,
    prosessledere: Iterable[Person] | None = None,
) -> int:
    """Save `samling` as it now is in memory; returns how many are told that it is moved.

    Raises MaaVelge, with nothing saved, when somebody knows of another time or place and `tell` does not
    say whether they are told. A move raises the calendar's SEQUENCE. Invitations and reminders that have
    not gone, go with what is so now.
    """
    naa = Samling.objects.select_for_update(of=("self",)).get(pk=samling.pk)
    naa.nettverk = samling.nettverk
    fra = TidOgSted(naa)
    er_flyttet = not fra.is_as(samling)
    if er_flyttet and tell is None and naa.er_forestaaende:
        antall = samlingsbrev.people_told(naa).count()
        if antall:
            raise MaaVelge(fra, antall)
    nytt_i_invitasjonen = any(getattr(naa, f) != getattr(samling, f) for f in _I_INVITASJONEN)
    for felt in FELT:
        setattr(naa, felt, getattr(samling, felt))
    naa.sekvens += er_flyttet
    naa.save(update_fields=[*FELT, "sekvens"])
    samling.sekvens = naa.sekvens
    if prosessledere is not None:
        naa.prosessledere.set(prosessledere)
    if not naa.er_forestaaende:
        return 0
    if nytt_i_invitasjonen:
        samlingsbrev.rewrite_invitations(naa)
        purring.rewrite(naa)
    if not er_flyttet:
        return 0
    # What was not sent of an earlier move, is no longer true.
    brev.withdraw(Brev.objects.about(naa).filter(slag=samlingsbrev.FLYTTING))
    return samlingsbrev.queue_move(naa, fra=fra, by=by) if tell else 0
