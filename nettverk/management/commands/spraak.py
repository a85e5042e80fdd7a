import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from nettverk.spraak import fletting, katalog, sjekk
from nettverk.spraak.bibliotek import all_library_texts
from nettverk.spraak.uttrekk import UttrekkFeil


class Command(BaseCommand):
    help = (
        "Holder katalogene for nynorsk og engelsk i takt med tekstene i kildekoden. "
        "Uten valg: finn alle tekster og flett dem inn."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        valg = parser.add_mutually_exclusive_group()
        valg.add_argument(
            "--check", action="store_true", help="skriv ingenting, feil når noe mangler"
        )
        valg.add_argument(
            "--mangler", metavar="SPRÅK", choices=katalog.SPRAAK, help="JSON med det uoversatte"
        )
        valg.add_argument(
            "--fyll", nargs=2, metavar=("SPRÅK", "FIL"), help="fyll inn oversettelser fra JSON"
        )
        parser.add_argument(
            "--del", dest="part", metavar="N/M", help="med --mangler: del N av M, for flere hender"
        )

    def handle(self, *args, check, mangler, fyll, part, **options):
        try:
            if check:
                self.check_all()
            elif mangler:
                self.print_untranslated(mangler, part)
            elif fyll:
                self.fill(*fyll)
            else:
                self.merge_all()
        except UttrekkFeil as error:
            raise CommandError(f"Kan ikke lese alle tekstene:\n{error}") from error

    def merge_all(self):
        for language in katalog.SPRAAK:
            changed = fletting.merge(language)
            missing = len(fletting.untranslated(language))
            state = "oppdatert" if changed else "uendret"
            self.stdout.write(f"{language}: {state}, {missing} uten oversettelse")

    def check_all(self):
        libraries = all_library_texts()
        count = 0
        for language in katalog.SPRAAK:
            required = fletting.required(language)
            known = katalog.read(katalog.path_for(language), language)
            allowed = {**required, **(libraries if language in fletting.LIBRARY_LANGUAGES else {})}
            problems = sjekk.findings(required, known) + sjekk.obsolete(known, allowed)
            for problem in problems:
                self.stdout.write(f"{language}: {problem}")
            count += len(problems)
        if count:
            raise CommandError(f"{count} ting å rette. Kjør «manage.py spraak» og oversett.")
        self.stdout.write("Alle tekster finnes på nynorsk og engelsk.")

    def print_untranslated(self, language, part):
        texts = list(fletting.untranslated(language).items())
        if part:
            number, parts = (int(value) for value in part.split("/"))
            size = -(-len(texts) // parts)
            texts = texts[(number - 1) * size : number * size]
        self.stdout.write(json.dumps(dict(texts), ensure_ascii=False, indent=1))

    def fill(self, language, file):
        if language not in katalog.SPRAAK:
            raise CommandError(f"Ukjent språk {language}. Velg blant {', '.join(katalog.SPRAAK)}.")
        try:
            translations = fletting.load(Path(file).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"Kan ikke lese {file}: {error}") from error
        outcome = fletting.fill(language, translations)
        self.stdout.write(f"{language}: {outcome.filled} fylt inn")
        for name in outcome.unknown:
            self.stderr.write(f"Finnes ikke i kilden: {name!r}")
        for problem in outcome.refused:
            self.stderr.write(f"Avvist: {problem}")
        if outcome.unknown or outcome.refused:
            raise CommandError("Ikke alt ble fylt inn.")
