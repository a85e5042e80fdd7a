"""Find every text for the reader in our own Python files and templates."""

import ast
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.extract import extract_python
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

from nettverk.spraak.katalog import Noekkel, Tekst

# Which arguments of each function are the context, the text and the plural.
_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "gettext": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
}
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "_": ("msgid",),
    "gettext_noop": ("msgid",),
    **_ARGUMENTS,
    **{f"{name}_lazy": arguments for name, arguments in _ARGUMENTS.items()},
}

TEMPLATE_SUFFIXES = {".html", ".txt", ".xml", ".svg", ".csv", ".md"}
_SKIPPED = {"migrations", "tests", "node_modules", "static", "build", "var"}


class UttrekkFeil(Exception):
    """The source cannot be read as it stands: what is wrong, one line per place."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


def extract(root: Path | None = None) -> dict[Noekkel, Tekst]:
    """All our own texts. Raises `UttrekkFeil` rather than giving an incomplete answer."""
    root = root or Path(settings.BASE_DIR)
    texts: dict[Noekkel, Tekst] = {}
    problems: list[str] = []
    for path in source_files(root):
        name = path.relative_to(root).as_posix()
        try:
            found = list(extract_file(path))
        except (SyntaxError, ValueError) as error:
            problems.append(f"{name}: {error}")
            continue
        for text in found:
            text.files = {name}
            _add(texts, text)
    if problems:
        raise UttrekkFeil(problems)
    return texts


def source_files(root: Path) -> list[Path]:
    """Our own Python files, and every template, in a fixed order."""
    folders = [Path(app.path) for app in apps.get_app_configs()]
    own = [folder for folder in folders if _is_ours(folder, root)]
    python = {path for folder in own for path in folder.rglob("*.py")}
    template_folders = [root / "templates", *(folder / "templates" for folder in own)]
    templates = {
        path
        for folder in template_folders
        for path in folder.rglob("*")
        if path.suffix in TEMPLATE_SUFFIXES
    }
    return sorted(path for path in python | templates if _is_ours(path, root))


def extract_file(path: Path) -> Iterator[Tekst]:
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return from_python(content)
    return from_template(content, path.name)


def from_python(content: str) -> Iterator[Tekst]:
    """The texts of a Python file, also through `import gettext_lazy as _l`."""
    tree = ast.parse(content)
    aliases = {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("django.utils.translation")
        for alias in node.names
        if alias.asname and alias.name in FUNCTIONS
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        arguments = FUNCTIONS.get(aliases.get(name, name))
        if arguments:
            text = _from_call(node, arguments)
            if text:
                yield text


def from_template(content: str, name: str = "") -> Iterator[Tekst]:
    """The texts of a template: translate, blocktranslate and `_("…")` in any tag."""
    # What `templatize` leaves is Python calls among blanked-out text; without the indentation of
    # the template any such line can be read as Python.
    lines = templatize(content, origin=name).splitlines()
    python = "\n".join(line.strip() for line in lines)
    keywords = dict.fromkeys(FUNCTIONS)
    found = extract_python(io.BytesIO(python.encode()), keywords, [], {"encoding": "utf-8"})
    for _line, function, messages, _comments in found:
        values = (messages,) if isinstance(messages, str) else tuple(messages)
        text = _build(FUNCTIONS[str(function)], values)
        if text:
            yield text


def _from_call(call: ast.Call, arguments: tuple[str, ...]) -> Tekst | None:
    values = [_literal(node) for node in call.args[: len(arguments)]]
    return _build(arguments, values)


def _literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    # A name or an attribute is a text marked elsewhere. These would never match a catalogue:
    is_format = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format"
    if isinstance(node, ast.JoinedStr) or (
        (is_format or isinstance(node, ast.BinOp)) and _has_text(node)
    ):
        raise ValueError(f"linje {node.lineno}: oversett teksten først, sett inn verdiene etterpå")
    return None


def _has_text(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Constant) and isinstance(n.value, str) for n in ast.walk(node))


def _build(arguments: tuple[str, ...], values: Iterable[str | None]) -> Tekst | None:
    given = dict(zip(arguments, values, strict=False))
    if not given.get("msgid"):
        return None
    return Tekst(**{name: value or "" for name, value in given.items()})  # type: ignore[arg-type]


def _add(texts: dict[Noekkel, Tekst], text: Tekst) -> None:
    known = texts.setdefault(text.key, text)
    known.files |= text.files
    known.plural = known.plural or text.plural


def _is_ours(path: Path, root: Path) -> bool:
    if not path.is_relative_to(root):
        return False
    parts = path.relative_to(root).parts
    return not any(part.startswith(".") or part in _SKIPPED for part in parts)
