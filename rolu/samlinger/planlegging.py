"""Make a gathering. It is a draft until it is published (`rolu.samlinger.publisering`)."""

from collections.abc import Iterable

from django.db import transaction

from nettverk.models import Person
from rolu.models import Samling
from rolu.samlinger.programplan import copy_program


@transaction.atomic
def make(
    samling: Samling, *, prosessledere: Iterable[Person] = (), kopi_av: Samling | None = None
) -> Samling:
    """Keep a new gathering, with the programme of the earlier one it is a copy of."""
    samling.save()
    samling.prosessledere.set(prosessledere)
    if kopi_av:
        copy_program(fra=kopi_av, til=samling)
    return samling
