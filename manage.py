#!/usr/bin/env python
"""Django's command line for the portal."""

import importlib
import os
import sys

HVORDAN = (
    "På en tjener: sudo drift/portal {kommando}   "
    'På egen maskin: make manage ARGS="{kommando}"   '
    "Hva hver variabel er, står i drift/portal.env.example."
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db.utils import OperationalError

        from nettverk.maskinrom.miljo import IngenServere, missing
    except ModuleNotFoundError as feil:
        sys.exit(
            f"Pakken {feil.name} mangler. Kjør «make bygg», og bruk .venv/bin/python eller drift/portal."
        )
    hvordan = HVORDAN.format(kommando=" ".join(sys.argv[1:]) or "help")
    try:
        importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except (ImproperlyConfigured, IngenServere) as feil:
        mangler = missing(os.environ)
        hva = f"Miljøet mangler {', '.join(mangler)}." if mangler else str(feil)
        if mangler and set(mangler) <= {"DATABASE_URL", "REDIS_URL"}:
            hva += " Portalens egne servere går heller ikke (sudo systemctl start portal-servere)."
        sys.exit(f"{hva}\n{hvordan}")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as feil:
        if getattr(feil.__cause__, "sqlstate", "") is not None:
            raise
        sys.exit(f"Får ikke kontakt med databasen: {str(feil).strip()}")


if __name__ == "__main__":
    main()
