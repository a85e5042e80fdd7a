"""`manage.py demofolk`: whom one may sign in as in the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from nettverk.demo.folk import DEMOFOLK


class Command(BaseCommand):
    help = "Vis demofolkene: nøkkel, navn og hva de er."

    def handle(self, *args: Any, **options: Any) -> None:
        for person in DEMOFOLK:
            self.stdout.write(f"  {person.noekkel:<22}{person.navn:<22}{person.tittel}")
