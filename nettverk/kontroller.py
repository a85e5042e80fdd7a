"""System checks that `check --deploy` adds: no demo people in production by mistake."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def demo_ikke_i_produksjon(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """DEMO=1 lets anybody sign in as a demo person; without DEBUG it needs a second, explicit setting."""
    if settings.DEMO and not settings.DEBUG and not settings.DEMO_I_PRODUKSJON:
        return [
            Error(
                "DEMO=1 uten DEBUG: hvem som helst kan logge inn som en demoperson.",
                hint="Fjern DEMO, eller sett DEMO_I_PRODUKSJON=1 hvis dette er en åpen demo.",
                id="nettverk.E001",
            )
        ]
    return []
