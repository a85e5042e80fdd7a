"""What is wrong with a translation: lost placeholders, changed tags, missing texts."""

import re
from collections import Counter
from collections.abc import Iterable

from nettverk.spraak.katalog import Noekkel, Tekst

# «92 % av» is no placeholder, so no space is allowed after the sign.
_NAMED = re.compile(r"%\(\w+\)[-#0+]?\d*(?:\.\d+)?[a-z]")
_POSITIONAL = re.compile(r"(?<!%)%[sdrif](?![\w])")
_BRACES = re.compile(r"\{\w*(?:![rsa])?(?::[^{}]*)?\}")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
# These are for the reader and may, and should, be translated inside a tag.
_READABLE = re.compile(r'\b(?:title|alt|aria-label|lang)="[^"]*"')


def findings(required: dict[Noekkel, Tekst], known: dict[Noekkel, Tekst]) -> list[str]:
    """Everything that keeps a catalogue from being complete, one line each."""
    problems = []
    for key, source in sorted(required.items()):
        text = known.get(key)
        if text is None or not text.translation or text.plural != source.plural:
            problems.append(f"mangler: {source.name!r} ({_where(source)})")
        elif text.fuzzy:
            problems.append(f"usikker: {source.name!r}")
        elif not text.is_translated:
            problems.append(f"mangler en form: {source.name!r}")
        else:
            problems += [f"feil: {source.name!r}: {problem}" for problem in broken(text)]
    return problems


def obsolete(known: Iterable[Noekkel], allowed: Iterable[Noekkel]) -> list[str]:
    """Texts in the catalogue that no source has any more."""
    return [f"utgått: {msgid!r}" for _context, msgid in sorted(set(known) - set(allowed))]


def broken(text: Tekst) -> list[str]:
    """How the translation differs from its source where it must not."""
    problems = []
    forms = zip(text.sources, text.translation, strict=False)
    for number, (source, translated) in enumerate(forms):
        is_singular = bool(text.plural) and number == 0
        problems += _differences(source, translated, is_singular=is_singular, text=text)
    return problems


def _differences(source: str, translated: str, *, is_singular: bool, text: Tekst) -> list[str]:
    expected, given = _placeholders(source), _placeholders(translated)
    if is_singular:
        # «Én samling» may drop the number, and may also use what only the plural names.
        allowed = expected | _placeholders(text.plural)
        wrong = given - allowed
    else:
        wrong = (expected - given) | (given - expected)
    problems = [f"plassholder {name}" for name in sorted(wrong)]
    if _positional(source) != _positional(translated):
        problems.append("plassholderne %s og %d må stå i samme rekkefølge")
    if _tags(source) != _tags(translated):
        problems.append("HTML-merkene er ikke de samme")
    if _edges(source) != _edges(translated):
        problems.append("mellomrom eller linjeskift i endene er ikke like")
    return problems


def _placeholders(string: str) -> set[str]:
    return set(_NAMED.findall(string)) | set(_BRACES.findall(string))


def _positional(string: str) -> list[str]:
    return _POSITIONAL.findall(string)


def _tags(string: str) -> Counter[str]:
    return Counter(_READABLE.sub("", tag) for tag in _TAG.findall(string))


def _edges(string: str) -> tuple[str, str]:
    stripped = string.strip()
    start = string.find(stripped)
    return string[:start], string[start + len(stripped) :]


def _where(text: Tekst) -> str:
    return text.origin or ", ".join(sorted(text.files))
