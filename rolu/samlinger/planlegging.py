"""Make a gathering, or the next one from the last. It is a draft until it is published
(`rolu.samlinger.publisering`)."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from nettverk.models import Mottakere, Person
from nettverk.mottakere.utvalg import CHOSEN, keep
from rolu.models import Samling
from rolu.samlinger.dager import Dag, set_days
from rolu.samlinger.programplan import copy_program
from rolu.samlinger.serier import join_new
from rolu.samlinger.tilstand import lock_when_done


@transaction.atomic
def make(
    samling: Samling,
    *,
    prosessledere: Iterable[Person] = (),
    kopi_av: Samling | None = None,
    ny_serie: str = "",
    by: Person | None = None,
    dager: Sequence[Dag] | None = None,
) -> Samling:
    """Keep a new gathering on the days `dager`, else on the one that its start and end say; in the new series
    `ny_serie` when that has a name.

    Made from an earlier one, it has the programme of that and its audience, with empty seats and no notes; and
    the earlier one is locked when it is over and its summary is shared.
    """
    join_new(samling, ny_serie)
    samling.forrige = kopi_av
    if kopi_av:
        samling.mottakere = _same_audience(kopi_av)
    samling.save()
    if dager:
        set_days(samling, dager)
    samling.prosessledere.set(prosessledere)
    if kopi_av:
        copy_program(fra=kopi_av, til=samling)
        if by:
            lock_when_done(kopi_av, by=by)
    return samling


def _same_audience(forrige: Samling) -> Mottakere | None:
    """Of its own: whom the new one is for is changed without changing the old one."""
    valgt = forrige.mottakere
    if valgt is None:
        return None
    felt = {navn: getattr(valgt, navn) for navn in CHOSEN}
    return keep(Mottakere(nettverk=forrige.nettverk, **felt))
