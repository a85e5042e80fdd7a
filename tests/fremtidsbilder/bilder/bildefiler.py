"""Small pictures made in code."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from nettverk.filer.opplasting import GodkjentFil, accept

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 200


def bildebyte(farge: str = "teal", format_: str = "PNG", **valg: object) -> bytes:
    ut = io.BytesIO()
    Image.new("RGB", (32, 24), farge).save(ut, format=format_, **valg)
    return ut.getvalue()


def godkjent(farge: str = "teal") -> GodkjentFil:
    return accept(SimpleUploadedFile(f"{farge}.png", bildebyte(farge)), smaa=True)
