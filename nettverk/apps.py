from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NettverkConfig(AppConfig):
    name = "nettverk"
    verbose_name = _("nettverk, grupper og personer")

    def ready(self) -> None:
        from nettverk import (  # noqa: F401 (they register checks, receivers and kinds of jobs)
            enhetsimport,
            jobber,
            kontroller,
            signaler,
        )

        # Every app says in its portal.py what it shows on shared surfaces, and in jobber.py
        # which background jobs it can do.
        autodiscover_modules("portal")
        autodiscover_modules("jobber")
