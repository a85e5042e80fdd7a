"""Demo: days that a network would choose, whatever day the demo is made."""

import datetime

from rolu.samlinger.datovarsel import warnings_for

# Gatherings are laid to the middle of the week, outside the first and last weeks of a term.
_UKER = {*range(2, 8), *range(10, 25), *range(35, 40), *range(41, 50)}
_MIDT_I_UKA = {1, 2, 3}
_LENGST = 80  # days from early June to the end of August, and some


def gathering_day(dag: datetime.date, *, bakover: bool = False, dager: int = 1) -> datetime.date:
    """The nearest day, after or before, that a gathering of so many days could have begun on."""
    for n in range(_LENGST):
        forste = dag + datetime.timedelta(days=-n if bakover else n)
        if all(_suits(forste + datetime.timedelta(days=nr)) for nr in range(dager)):
            return forste
    raise ValueError(f"Ingen dag passer nær {dag}.")


def _suits(dag: datetime.date) -> bool:
    i_uka = dag.weekday() in _MIDT_I_UKA and dag.isocalendar().week in _UKER
    return i_uka and not warnings_for(dag)


def school_day(dag: datetime.date, *, bakover: bool = False) -> datetime.date:
    """The nearest day, after or before, on which schools are open."""
    while warnings_for(dag) or dag.isocalendar().week == 1:
        dag += datetime.timedelta(days=-1 if bakover else 1)
    return dag
