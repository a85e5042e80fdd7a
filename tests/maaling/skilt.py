"""Seven hundred name badges, whole, and WeasyPrint alone on the same HTML: one process per run."""

import json
import os
import sys
from pathlib import Path

import django

from tests.maaling.rapport import _maal


def main() -> None:
    """`hele FILE network` does what the worker does; `bare FILE` gives WeasyPrint the HTML that it made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    django.setup()
    from nettverk.filer.pdf import html_to_pdf
    from rolu.models import Samling
    from rolu.samlinger.utskrifter import badges_html

    hva, fil = sys.argv[1], Path(sys.argv[2])
    samling = None
    if hva == "hele":
        samling = Samling.objects.select_related("nettverk").get(
            nettverk__slug=sys.argv[3], tittel="Målt i skranken"
        )
        badges_html(samling)  # a worker has read its modules and templates long since

    def arbeid() -> bytes:
        if samling is None:
            return html_to_pdf(fil.read_text())
        html = badges_html(samling)
        fil.write_text(html)
        return html_to_pdf(html)

    print(json.dumps(_maal(arbeid)))


if __name__ == "__main__":
    main()
