"""What is done with an attachment, wherever it hangs (`nettverk.models.vedlegg.VedleggBase`): kept, taken away,
and counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import QuerySet, Sum

from nettverk.filer import kvote
from nettverk.filer.lager import all_or_nothing
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.models.vedlegg import VedleggBase
from nettverk.skriving.laas import hold

Fil = TypeVar("Fil", bound=VedleggBase)
Filrad = TypeVar("Filrad", bound=models.Model)


@dataclass(frozen=True)
class SkrevetFil:
    """A file that lies in the storage, without a row yet: what is known of it, and what it and its smaller copy
    are called there."""

    om: GodkjentFil
    fil: str
    liten: str = ""

    @property
    def navn_i_lageret(self) -> list[str]:
        return [navn for navn in (self.fil, self.liten) if navn]


@contextmanager
def written(
    filer: list[GodkjentFil], *, blant: QuerySet[Filrad], nettverk: Nettverk
) -> Iterator[list[SkrevetFil]]:
    """Those of the files that are not `blant` from before, each once, in the storage; inside stands the transaction
    that gives them rows (`keep`), with the network held.

    They are written before anything is held: a slow disk, or a store far away, makes nobody else wait. What got no
    row goes again. Raises IkkePlass when there is no room for all of them.
    """
    nye = _new(filer, blant)
    kvote.require_room(nettverk, sum(fil.bytes for fil in nye))
    with all_or_nothing():
        skrevet = [_write(fil, blant.model) for fil in nye]
    navn = {ett for fil in skrevet for ett in fil.navn_i_lageret}
    with transaction.atomic(), all_or_nothing(navn):
        # The network first, as everywhere: `keep` counts what it has room for.
        if skrevet:
            hold(nettverk)
        yield skrevet
        _forget_unused(skrevet, blant.model)


def _new(filer: list[GodkjentFil], blant: QuerySet[Filrad]) -> list[GodkjentFil]:
    finnes = set(blant.values_list("sha256", flat=True))
    nye = {fil.sha256: fil for fil in reversed(filer) if fil.sha256 not in finnes}
    return list(reversed(nye.values()))


def _write(fil: GodkjentFil, modell: type[models.Model]) -> SkrevetFil:
    liten = write_file(modell, "liten", fil.liten) if fil.liten else ""
    return SkrevetFil(fil, write_file(modell, "fil", fil.innhold), liten)


def write_file(modell: type[models.Model], felt: str, innhold: File) -> str:
    """Lay a file in the storage, where the field would; what it is called there."""
    feltet = modell._meta.get_field(felt)
    assert isinstance(feltet, models.FileField)
    navn = feltet.generate_filename(modell(), innhold.name or "fil")
    return feltet.storage.save(navn, innhold, max_length=feltet.max_length)


def _forget_unused(skrevet: list[SkrevetFil], modell: type[models.Model]) -> None:
    """Somebody else added the same meanwhile."""
    navn = [fil.fil for fil in skrevet]
    brukt = set(modell._default_manager.filter(fil__in=navn).values_list("fil", flat=True))
    for fil in skrevet:
        if fil.fil not in brukt:
            for ett in fil.navn_i_lageret:
                transaction.on_commit(partial(default_storage.delete, ett))


def keep(
    skrevet: list[SkrevetFil],
    *,
    blant: QuerySet[Fil],
    nettverk: Nettverk,
    by: Person,
    felt: Callable[[SkrevetFil], dict[str, Any]],
) -> list[Fil]:
    """Give the files rows, those that are not `blant` by now. `felt`: what the row of a file says besides the file.
    Raises IkkePlass when there is no room for all of them.

    Call within `written`, with what they hang on held.
    """
    return [
        blant.model._default_manager.create(
            fil=fil.fil,
            navn=fil.om.navn,
            mimetype=fil.om.mimetype,
            bytes=fil.om.bytes,
            sha256=fil.om.sha256,
            lastet_opp_av=by,
            **felt(fil),
        )
        for fil in with_room(skrevet, blant=blant, nettverk=nettverk)
    ]


def with_room(
    skrevet: list[SkrevetFil], *, blant: QuerySet[Any], nettverk: Nettverk
) -> list[SkrevetFil]:
    """Those of the files that are not `blant` by now. Raises IkkePlass when there is no room for all of them.

    For what has rows of its own kind, as where nobody may know who added it; call as `keep`.
    """
    finnes = set(blant.values_list("sha256", flat=True))
    nye = [fil for fil in skrevet if fil.om.sha256 not in finnes]
    kvote.claim(nettverk, sum(fil.om.bytes for fil in nye))
    return nye


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
