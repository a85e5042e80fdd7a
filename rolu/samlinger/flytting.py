"""Change a gathering. When it is published and moved, those who were told of the old are told of the new."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from nettverk.arbeid import brev
from nettverk.models import Brev, Person
from rolu.models import Samling
from rolu.samlinger import bekreftelse, purring, samlingsbrev, venteliste
from rolu.samlinger.dager import Dag, days, forget, set_days
from rolu.samlinger.samlingsbrev import TidOgSted
from rolu.samlinger.serier import join_new
from rolu.samlinger.tilstand import hold, require_unlocked

# What a person writes of a gathering; the form has these.
FELT = [
    "type",
    "tittel",
    "tema",
    "sted",
    "start",
    "slutt",
    "paameldingsfrist",
    "kapasitet",
    "laeringsloype",
    "om",
    "serie",
    "er_offentlig",
]
# What an invitation tells.
_I_INVITASJONEN = ["tittel", "tema", "sted", "paameldingsfrist"]


class MaaVelge(Exception):
    """It is moved `til` another time or place, and `antall` people know of it as it was, `fra`: say whether
    they are told."""

    def __init__(self, fra: TidOgSted, til: TidOgSted, antall: int) -> None:
        super().__init__(antall)
        self.fra, self.til, self.antall = fra, til, antall


@transaction.atomic
def change(
    samling: Samling,
    *,
    by: Person,
    tell: bool | None = None,
    prosessledere: Iterable[Person] | None = None,
    ny_serie: str = "",
    dager: Sequence[Dag] | None = None,
) -> int:
    """Save `samling` as it now is in memory; returns how many are told that it is moved. `dager` are its
    days; when they are not given, it is on the day that its start and end say, or on those it has.

    Raises Lukket when it is locked; MaaVelge, with nothing saved, when somebody knows of another time or
    place and `tell` does not say whether they are told. A move, if only of the hours of one of its days,
    raises the calendar's SEQUENCE. Invitations and reminders that have not gone, go with what is so now.
    With more places, those who wait come in. KanIkke with fewer than are taken.
    """
    naa = hold(samling)
    require_unlocked(naa)
    fra, til = TidOgSted(naa), TidOgSted(samling, dager)
    er_flyttet = fra != til
    nye_plasser = naa.kapasitet != samling.kapasitet
    if nye_plasser:
        venteliste.require_places(naa, samling.kapasitet)
    if er_flyttet and tell is None and naa.er_forestaaende:
        antall = samlingsbrev.count_told(naa)
        if antall:
            raise MaaVelge(fra, til, antall)
    join_new(samling, ny_serie)
    nytt_i_invitasjonen = er_flyttet or any(
        getattr(naa, f) != getattr(samling, f) for f in _I_INVITASJONEN
    )
    foer = [dag.dato for dag in days(naa)]
    for felt in FELT:
        setattr(naa, felt, getattr(samling, felt))
    naa.sekvens += er_flyttet
    naa.save(update_fields=[*FELT, "sekvens"])
    if dager is not None:
        set_days(naa, dager, foer=foer)
    samling.start, samling.slutt, samling.sekvens = naa.start, naa.slutt, naa.sekvens
    forget(samling)
    if prosessledere is not None:
        naa.prosessledere.set(prosessledere)
    if not naa.er_forestaaende:
        return 0
    if nye_plasser:
        venteliste.fill(naa, by=by)
    if nytt_i_invitasjonen:
        bekreftelse.rewrite(naa, by=by)
        samlingsbrev.rewrite_invitations(naa)
        purring.rewrite(naa)
    if not er_flyttet:
        return 0
    # What was not sent of an earlier move, is no longer true.
    brev.withdraw(Brev.objects.about(naa).filter(slag=samlingsbrev.FLYTTING))
    return samlingsbrev.queue_move(naa, fra=fra, by=by) if tell else 0
