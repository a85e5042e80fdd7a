"""What is done with an attachment, wherever it hangs (`nettverk.models.vedlegg.VedleggBase`): kept, taken away,
and counted."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet, Sum

from nettverk.filer import kvote
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.models.vedlegg import VedleggBase

Fil = TypeVar("Fil", bound=VedleggBase)


def keep(
    filer: list[GodkjentFil],
    *,
    blant: QuerySet[Fil],
    nettverk: Nettverk,
    by: Person,
    felt: Callable[[GodkjentFil], dict[str, Any]],
) -> list[Fil]:
    """Keep those of the files that are not `blant` from before, each once. `felt`: what the row of a file says
    besides the file. Raises IkkePlass when there is no room for all of them.

    Call within a transaction that holds what they hang on, and within `all_or_nothing`.
    """
    finnes = set(blant.values_list("sha256", flat=True))
    nye = list({fil.sha256: fil for fil in reversed(filer) if fil.sha256 not in finnes}.values())
    kvote.claim(nettverk, sum(fil.bytes for fil in nye))
    return [
        blant.model._default_manager.create(
            fil=fil.innhold,
            navn=fil.navn,
            mimetype=fil.mimetype,
            bytes=fil.bytes,
            sha256=fil.sha256,
            lastet_opp_av=by,
            **felt(fil),
        )
        for fil in reversed(nye)
    ]


def remove(vedlegg: VedleggBase) -> None:
    """Remove the row, and the file from the storage once the row is surely gone."""
    forget_files([vedlegg])
    vedlegg.delete()


def forget_files(alle: list[Any]) -> None:
    """Take the files away when the transaction stands: call it before something deletes their rows."""
    for vedlegg in alle:
        for fil in (vedlegg.fil, getattr(vedlegg, "liten", None)):
            if fil:
                transaction.on_commit(partial(fil.storage.delete, str(fil.name)))


def size(alle: QuerySet[Any]) -> int:
    """How many bytes they take."""
    return alle.aggregate(sum=Sum("bytes"))["sum"] or 0
