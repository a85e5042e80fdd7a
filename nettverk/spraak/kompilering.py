"""Make the `.mo` files gettext reads at run time."""

import io
from pathlib import Path

from babel.messages.mofile import write_mo

from nettverk.spraak import katalog


def compile_all(*, force: bool = False) -> list[Path]:
    """Compile every catalogue that is newer than its `.mo`; returns the files written."""
    return [target for language in katalog.SPRAAK if (target := _compile(language, force=force))]


def _compile(language: str, *, force: bool) -> Path | None:
    source = katalog.path_for(language)
    target = source.with_suffix(".mo")
    if not source.exists() or (not force and _is_fresh(target, source)):
        return None
    texts = katalog.read(source, language).values()
    # Half a plural or an uncertain text falls back to bokmål rather than showing nothing.
    certain = [text for text in texts if text.is_translated and not text.fuzzy]
    buffer = io.BytesIO()
    write_mo(buffer, katalog.as_catalog(language, certain))
    katalog.replace(target, buffer.getvalue())
    return target


def _is_fresh(target: Path, source: Path) -> bool:
    return target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns
