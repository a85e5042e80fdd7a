"""System checks: no demo people in production by mistake, and no surface for a model there is not."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from nettverk.flater import portaler


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


@register(Tags.models)
def flatene_finnes(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every `@paa("app.Model")` names a model, by its whole label: else its pieces would never be shown."""
    kjente = {modell._meta.label for modell in apps.get_models()}
    return [
        Error(
            f"{type(portal).__qualname__}.{navn} er @paa(«{modell}»), som ikke er en modell.",
            hint="Skriv app.Modell slik den heter, for eksempel kommuner.Enhet.",
            id="nettverk.E002",
        )
        for portal in portaler()
        for modell, metoder in portal.paa_sider.items()
        if modell not in kjente
        for navn in metoder
    ]
