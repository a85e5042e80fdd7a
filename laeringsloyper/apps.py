from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LaeringsloyperConfig(AppConfig):
    name = "laeringsloyper"
    verbose_name = _("læringsløyper")
