"""What a job or a letter is about, as one short text: «rolu.Samling:12»."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Model

from nettverk.side.utenfra import whole_number


def gjelder(ting: Model) -> str:
    """The text for `ting`, which must be saved."""
    if ting.pk is None:
        raise ValueError(f"Ikke lagret: {ting!r}")
    return f"{ting._meta.label}:{ting.pk}"


def find(tekst: str) -> Any:
    """The thing a text is about, None when it is gone."""
    return find_many([tekst]).get(tekst)


def find_many(tekster: Iterable[str]) -> dict[str, Model]:
    """The things that still are, by their texts. One query per kind of thing."""
    pker: dict[str, dict[int, str]] = defaultdict(dict)
    for tekst in tekster:
        label, _skille, pk = tekst.rpartition(":")
        nummer = whole_number(pk)
        if nummer is not None and str(nummer) == pk:  # not 007
            pker[label][nummer] = tekst
    funnet = {}
    for label, kjente in pker.items():
        try:
            modell = apps.get_model(label)
        except (LookupError, ValueError):
            continue
        for pk, ting in modell._base_manager.in_bulk(kjente).items():
            funnet[kjente[pk]] = ting
    return funnet
