"""Texts that come with Django and allauth, where the library itself lacks the language.

allauth has no nynorsk at all, and Django's Norwegian catalogues lag behind its English one.
Without this a nynorsk page would show bokmål, and a bokmål page English.
"""

from pathlib import Path

import allauth
import django
from django.apps import apps

from nettverk.spraak import katalog
from nettverk.spraak.katalog import Noekkel, Tekst


def library_texts(language: str) -> dict[Noekkel, Tekst]:
    """The library texts this language must have in our own catalogue."""
    if language == "en":
        return {}
    texts = django_gaps(language)
    if language == "nn":
        texts |= allauth_texts()
    return texts


def all_library_texts() -> dict[Noekkel, Tekst]:
    """Every text of the libraries: our catalogue may say any of them better, and keeps it."""
    own_words = {
        text.key: text for folder in _django_folders() for text in _source(folder, "django")
    }
    return own_words | allauth_texts()


def allauth_texts() -> dict[Noekkel, Tekst]:
    folder = Path(allauth.__file__).parent / "locale"
    return {text.key: text for text in _source(folder, "allauth")}


def django_gaps(language: str) -> dict[Noekkel, Tekst]:
    """What the installed Django has in English and not in this language."""
    translated = {
        text.key
        for folder in _django_folders()
        for text in katalog.read(katalog.path_for(language, folder), language).values()
        if text.is_translated and not text.fuzzy
    }
    return {
        text.key: text
        for folder in _django_folders()
        for text in _source(folder, "django")
        if text.key not in translated
    }


def _django_folders() -> list[Path]:
    root = Path(django.__file__).parent
    installed = [Path(app.path) / "locale" for app in apps.get_app_configs()]
    folders = [root / "conf" / "locale", *(f for f in installed if f.is_relative_to(root))]
    return [folder for folder in folders if folder.is_dir()]


def _source(folder: Path, origin: str) -> list[Tekst]:
    texts = katalog.read(katalog.path_for("en", folder), "en").values()
    return [Tekst(msgid=t.msgid, plural=t.plural, context=t.context, origin=origin) for t in texts]
