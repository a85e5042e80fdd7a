"""`make sbom`: what the portal is built from, as CycloneDX, in build/sbom/. From the locks alone, without a network.

The Python lock knows the sums of every package but no licences; those are read from what is installed.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROT = Path(__file__).resolve().parent.parent
MAPPE = ROT / "build" / "sbom"
BIN = Path(sys.executable).parent
CYCLONEDX = str(BIN / "cyclonedx-py")
# npm is the machine's own, or beside Python where the machine has none.
MILJO = {
    **os.environ,
    "PATH": f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{BIN}",
    "PYTHONWARNINGS": "ignore",
}


def main() -> None:
    MAPPE.mkdir(parents=True, exist_ok=True)
    python = tell(
        [CYCLONEDX, "requirements", "--pyproject", "pyproject.toml", "requirements/produksjon.txt"]
    )
    lisenser = {
        _name(pakke): pakke["licenses"]
        for pakke in tell([CYCLONEDX, "environment", sys.executable])["components"]
        if pakke.get("licenses")
    }
    for pakke in python["components"]:
        if _name(pakke) in lisenser:
            pakke["licenses"] = lisenser[_name(pakke)]
    keep("python", python)
    npm = tell(["npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"])
    npm["metadata"]["component"]["name"] = python["metadata"]["component"][
        "name"
    ]  # not the folder's
    keep("npm", npm)


def _name(pakke: dict[str, Any]) -> str:
    return re.sub(r"[-_.]+", "-", str(pakke["name"])).lower()


def tell(kommando: list[str]) -> dict[str, Any]:
    svar = subprocess.run(kommando, cwd=ROT, env=MILJO, stdout=subprocess.PIPE, check=True)
    innhold: dict[str, Any] = json.loads(svar.stdout)
    return innhold


def keep(navn: str, innhold: dict[str, Any]) -> None:
    fil = MAPPE / f"{navn}.cdx.json"
    fil.write_text(json.dumps(innhold, indent=1, ensure_ascii=False) + "\n")
    print(f"{fil.relative_to(ROT)}: {len(innhold['components'])} pakker")


if __name__ == "__main__":
    main()
