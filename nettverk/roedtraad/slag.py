"""The kinds of things that the red thread goes through in a network."""

from typing import Any

from django.db.models import Model

from nettverk.flater import Traadslag, portaler
from nettverk.models import Nettverk


def kinds(nettverk: Nettverk) -> dict[str, Traadslag]:
    """Those of the parts that the network uses, in order, by their keys."""
    alle = (slag for portal in portaler(nettverk) for slag in portal.traadslag())
    return {slag.noekkel: slag for slag in sorted(alle, key=lambda slag: slag.rekkefolge)}


def kind_of(ting: Model, nettverk: Nettverk) -> Traadslag | None:
    """The kind of the thing; None when the thread does not go through it."""
    label: Any = ting._meta.label
    return next((slag for slag in kinds(nettverk).values() if slag.modell == label), None)
