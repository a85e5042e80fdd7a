"""The annual report, whole, and WeasyPrint alone on the same HTML: one process per run."""

import json
import os
import resource
import sys
import time
from pathlib import Path

import django


def _maal(arbeid) -> dict[str, float]:
    c0, t0 = time.process_time(), time.perf_counter()
    bytes_ = len(arbeid())
    return {
        "prosessor": time.process_time() - c0,
        "vegg": time.perf_counter() - t0,
        "minne": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "bytes": bytes_,
    }


def main() -> None:
    """`hele` does what the worker does; `bare FILE` gives WeasyPrint the HTML that it made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    django.setup()
    from evaluering.aarsrapport import build_html
    from evaluering.models import Aarsrapport
    from nettverk.filer.pdf import html_to_pdf
    from nettverk.models import Nettverk

    hva, fil = sys.argv[1], Path(sys.argv[2])
    if hva == "hele":
        nettverk = Nettverk.objects.get(slug="test-001")
        rapport, _ny = Aarsrapport.objects.get_or_create(nettverk=nettverk, aar=2026)

        def arbeid() -> bytes:
            html = build_html(rapport)
            fil.write_text(html)
            return html_to_pdf(html)
    else:

        def arbeid() -> bytes:
            return html_to_pdf(fil.read_text())

    print(json.dumps(_maal(arbeid)))


if __name__ == "__main__":
    main()
