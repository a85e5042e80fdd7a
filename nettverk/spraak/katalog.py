"""A catalogue on disk: the texts of one language in `locale/<language>/LC_MESSAGES/django.po`."""

import fcntl
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings

# Languages that must be complete. Bokmål has a catalogue too, but only for what Django lacks.
MAALSPRAAK = ("nn", "en")
SPRAAK = ("nb", *MAALSPRAAK)

Noekkel = tuple[str, str]  # context, msgid

# No dates and no names: the file changes only when a text changes.
_HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: nettverksportalen\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@dataclass
class Tekst:
    """One text: its source, and its translation when it has one."""

    msgid: str
    plural: str = ""
    context: str = ""
    files: set[str] = field(default_factory=set)
    origin: str = ""  # empty for our own; «allauth» or «django» for a library's text
    translation: tuple[str, ...] = ()
    fuzzy: bool = False

    @property
    def key(self) -> Noekkel:
        return (self.context, self.msgid)

    @property
    def name(self) -> str:
        """The key in the translators' JSON."""
        return f"{self.context}|{self.msgid}" if self.context else self.msgid

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.msgid, self.plural) if self.plural else (self.msgid,)

    @property
    def is_translated(self) -> bool:
        return len(self.translation) == len(self.sources) and all(self.translation)


def path_for(language: str, root: Path | None = None) -> Path:
    root = root or Path(settings.LOCALE_PATHS[0])
    return root / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> dict[Noekkel, Tekst]:
    """The texts of the catalogue, or nothing when the file is not there yet."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=language, abort_invalid=True)
    texts = (_from_message(message) for message in catalog if message.id)
    return {text.key: text for text in texts}


def write(path: Path, language: str, texts: Iterable[Tekst]) -> bool:
    """Write the catalogue, sorted; True when the file changed."""
    content = render(language, texts)
    if path.exists() and path.read_text(encoding="utf-8") == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, content.encode())
    return True


def render(language: str, texts: Iterable[Tekst]) -> str:
    buffer = io.BytesIO()
    write_po(
        buffer,
        as_catalog(language, texts),
        width=0,
        omit_header=True,
        include_lineno=False,
    )
    return _HEADER.format(language=language) + buffer.getvalue().decode().strip() + "\n"


def as_catalog(language: str, texts: Iterable[Tekst]) -> Catalog:
    catalog = Catalog(locale=language, charset="utf-8")
    for text in sorted(texts, key=lambda text: (text.msgid, text.context)):
        empty = ("",) * len(text.sources)
        string = text.translation or empty
        catalog.add(
            text.sources if text.plural else text.msgid,
            string if text.plural else string[0],
            locations=[(name, 1) for name in sorted(text.files)],
            flags={"fuzzy"} if text.fuzzy else (),
            auto_comments=[text.origin] if text.origin else (),
            context=text.context or None,
        )
    return catalog


def replace(path: Path, content: bytes) -> None:
    """Put the whole file in place at once, so that no reader meets half of it."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(path)


@contextmanager
def locked(language: str) -> Iterator[None]:
    """Several translators may fill the same language: one at a time reads and writes."""
    folder = path_for(language).parent
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _from_message(message) -> Tekst:
    plural = "" if isinstance(message.id, str) else message.id[1]
    string = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    comments = set(message.auto_comments)
    return Tekst(
        msgid=message.id[0] if plural else message.id,
        plural=plural,
        context=message.context or "",
        files={name for name, _line in message.locations},
        origin=next((name for name in ("allauth", "django") if name in comments), ""),
        translation=string if any(string) else (),
        fuzzy=message.fuzzy,
    )
