from django.core.management.base import BaseCommand

from nettverk.spraak.kompilering import compile_all


class Command(BaseCommand):
    help = "Lager .mo-filene portalen leser språkene fra. Gjør bare det som er nytt."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--alle", action="store_true", help="også dem som ikke er endret")

    def handle(self, *args, alle, verbosity, **options):
        for path in compile_all(force=alle):
            if verbosity:
                self.stdout.write(f"Laget {path.parent.parent.name}/{path.name}")
