"""Who stands on whom: an app imports from its own floor or a lower one, never from a higher one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROT = Path(__file__).resolve().parent.parent
# From below. What an upper app shows on a shared surface it declares in its own portal.py.
ETASJER = ["kommuner", "nettverk", "fremtidsbilder", "evaluering", "laeringsloyper", "rolu"]


def _imports(fil: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(fil.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module


def _source_files(app: str) -> list[Path]:
    return [fil for fil in sorted((ROT / app).rglob("*.py")) if "node_modules" not in fil.parts]


@pytest.mark.parametrize("app", ETASJER)
def test_app_imports_only_downwards(app: str):
    hoeyere = set(ETASJER[ETASJER.index(app) + 1 :])

    brudd = [
        f"{fil.relative_to(ROT)}:{linje} importerer {modul}"
        for fil in _source_files(app)
        for linje, modul in _imports(fil)
        if modul.split(".")[0] in hoeyere
    ]

    assert brudd == []


@pytest.mark.parametrize("app", ETASJER)
def test_app_does_not_import_from_tests(app: str):
    brudd = [
        f"{fil.relative_to(ROT)}:{linje}"
        for fil in _source_files(app)
        for linje, modul in _imports(fil)
        if modul.split(".")[0] == "tests"
    ]

    assert brudd == []


def test_a_breach_would_be_found(tmp_path: Path):
    fil = tmp_path / "galt.py"
    fil.write_text("def f():\n    from rolu.models import Samling\n    import evaluering.models\n")

    assert sorted(_imports(fil)) == [(2, "rolu.models"), (3, "evaluering.models")]
