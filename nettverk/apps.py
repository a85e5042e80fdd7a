from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NettverkConfig(AppConfig):
    name = "nettverk"
    verbose_name = _("nettverk, grupper og personer")

    def ready(self) -> None:
        from nettverk import kontroller, signaler  # noqa: F401 (they register checks and receivers)
        from nettverk.arbeid import kontopost  # noqa: F401
        from nettverk.filer import utlevering  # noqa: F401
        from nettverk.innlogging import hendelser  # noqa: F401
        from nettverk.sikkerhet import fersk, okt, tosteg, vakt  # noqa: F401
        from nettverk.tilgang import avslag  # noqa: F401

        # Every app says in its portal.py what it shows on shared surfaces, in jobbslag.py which kinds of
        # long work it can do, and in brevslag.py which letters it writes.
        autodiscover_modules("portal")
        autodiscover_modules("jobbslag")
        autodiscover_modules("brevslag")
