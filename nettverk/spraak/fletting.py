"""Bring a catalogue up to date with the source, and fill it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nettverk.spraak import katalog
from nettverk.spraak.bibliotek import all_library_texts, library_texts
from nettverk.spraak.katalog import Noekkel, Tekst
from nettverk.spraak.sjekk import broken
from nettverk.spraak.uttrekk import extract

# Only in Norwegian can our catalogue say a library's text better than the library.
LIBRARY_LANGUAGES = ("nb", "nn")


@dataclass
class Utfylling:
    """What became of a file of translations."""

    filled: int = 0
    unknown: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def required(language: str) -> dict[Noekkel, Tekst]:
    """The texts the catalogue of this language must translate."""
    texts = library_texts(language)
    if language in katalog.MAALSPRAAK:
        texts = texts | extract()
    return texts


def merged(language: str) -> list[Tekst]:
    """The catalogue as it should be: everything required, with the translations it has."""
    known = katalog.read(katalog.path_for(language), language)
    texts = required(language)
    if language in LIBRARY_LANGUAGES:
        # Where a library has its own words, ours are kept, but not asked for.
        texts |= {k: t for k, t in all_library_texts().items() if k in known and k not in texts}
    for key, text in texts.items():
        old = known.get(key)
        # Guessing from a similar text gives wrong words; a new text starts empty.
        if old and old.plural == text.plural:
            text.translation, text.fuzzy = old.translation, old.fuzzy
    return list(texts.values())


def merge(language: str) -> bool:
    """Write the catalogue anew; True when it changed."""
    with katalog.locked(language):
        return katalog.write(katalog.path_for(language), language, merged(language))


def fill(language: str, translations: Mapping[str, Any]) -> Utfylling:
    """Put translations into the catalogue, by msgid or `context|msgid`.

    A translation that loses or adds a placeholder or a tag is refused and left as it was.
    """
    outcome = Utfylling()
    with katalog.locked(language):
        texts = merged(language)
        by_name = {text.name: text for text in texts}
        if language in LIBRARY_LANGUAGES:
            by_name = {text.name: text for text in all_library_texts().values()} | by_name
        for name, value in translations.items():
            strings = _strings(value)
            text = by_name.get(name)
            if text is None:
                outcome.unknown.append(name)
            elif any(strings):
                _fill_one(text, strings, outcome)
        overrides = [t for t in by_name.values() if t.origin and t.translation]
        complete = {text.key: text for text in [*overrides, *texts]}
        katalog.write(katalog.path_for(language), language, complete.values())
    return outcome


def untranslated(language: str) -> dict[str, Any]:
    """The texts without a (certain) translation, in the shape `fill` reads."""
    missing = [text for text in merged(language) if text.fuzzy or not text.is_translated]
    return {
        text.name: {"flertall": text.plural, "oversatt": ["", ""]} if text.plural else ""
        for text in sorted(missing, key=lambda text: (sorted(text.files), text.msgid))
    }


def load(content: str) -> dict[str, Any]:
    translations = json.loads(content)
    if not isinstance(translations, dict):
        raise ValueError("ventet et JSON-objekt {tekst: oversettelse}")
    return translations


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        value = value.get("oversatt", "")
    return (value,) if isinstance(value, str) else tuple(value)


def _fill_one(text: Tekst, strings: tuple[str, ...], outcome: Utfylling) -> None:
    candidate = Tekst(msgid=text.msgid, plural=text.plural, translation=strings)
    problems = broken(candidate)
    if not candidate.is_translated:
        problems = [f"ventet {len(text.sources)} former, fikk {len(strings)}"]
    if problems:
        outcome.refused.append(f"{text.name}: {'; '.join(problems)}")
        return
    text.translation, text.fuzzy = strings, False
    outcome.filled += 1
