"""Change what a network says about itself, without writing over what somebody else just wrote."""

from typing import Any

from django.db import transaction

from nettverk.models import Nettverk

TEKSTFELT = (
    "visjon",
    "undertittel",
    "hovedmaal",
    "om",
    "fokus_innledning",
    "fokusomraader",
    "arbeidsmaater",
    "nettsted",
)


class Tekstkonflikt(Exception):
    """Somebody saved the text after this one was opened. `naa` is the network as it stands."""

    def __init__(self, naa: Nettverk) -> None:
        super().__init__(naa.slug)
        self.naa = naa


@transaction.atomic
def save_text(nettverk: Nettverk, *, versjon: int, tekster: dict[str, Any]) -> Nettverk:
    """Save the texts that were opened as `versjon`. Raises Tekstkonflikt when that is no longer the last.

    The same text saved twice is no conflict.
    """
    naa = Nettverk.objects.select_for_update().get(pk=nettverk.pk)
    if all(getattr(naa, felt) == verdi for felt, verdi in tekster.items()):
        return naa
    if naa.versjon != versjon:
        raise Tekstkonflikt(naa)
    for felt, verdi in tekster.items():
        setattr(naa, felt, verdi)
    naa.versjon += 1
    naa.save(update_fields=[*tekster, "versjon"])
    return naa
