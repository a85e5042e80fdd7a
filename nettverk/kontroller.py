"""System checks: an open demo says that it is one, and no surface for a model there is not."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from nettverk.flater import portaler


@register(Tags.security, deploy=True)
def aapen_demo(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An open demo (the settings load only with DEMO_I_PRODUKSJON=1) is no place for people who exist."""
    if not settings.DEMO or settings.DEBUG:
        return []
    return [
        checks.Warning(
            "DEMO=1 uten DEBUG: hvem som helst kan logge inn som en demoperson, og se det de ser.",
            hint="Bruk en egen database. Koder og brev til folk som finnes, vises ikke i postkassen.",
            id="nettverk.W001",
        )
    ]


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
