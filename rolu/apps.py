from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoluConfig(AppConfig):
    name = "rolu"
    verbose_name = _("samlinger og mellomarbeid")
