"""A process that takes pictures in as the web server does, several at once in threads, and tells what it cost.

    python -m tests.nettverk.filer.mottak ANTALL PICTURE

Writes one JSON line: the answers, and the process's own peak of memory before and after, in megabytes.
"""

import json
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(antall: int, sti: Path) -> None:
    django.setup()
    from nettverk.filer.opplasting import accept

    data = sti.read_bytes()

    def take(_nummer: int) -> str:
        try:
            return accept(SimpleUploadedFile(sti.name, data)).mimetype
        except ValidationError as feil:
            return str(feil.code)

    foer = peak()
    with ThreadPoolExecutor(antall) as traader:
        svar = list(traader.map(take, range(antall)))
    sys.stdout.write(json.dumps({"svar": svar, "foer": foer, "etter": peak()}))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
