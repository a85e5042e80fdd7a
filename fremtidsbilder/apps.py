from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FremtidsbilderConfig(AppConfig):
    name = "fremtidsbilder"
    verbose_name = _("fremtidsbilder og mål")
