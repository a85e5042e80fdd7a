"""Files out: shown only when they cannot act."""

import pytest
from django.core.files.base import ContentFile
from django.http import Http404

from nettverk.filer.utlevering import send_fil


@pytest.mark.parametrize("mimetype", ["application/pdf", "image/png"])
def test_pdf_and_pictures_are_shown(mimetype: str):
    svar = send_fil(ContentFile(b"x", name="a"), navn="Årsplan.pdf", mimetype=mimetype)

    assert svar["Content-Disposition"].startswith("inline")
    assert svar["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in svar["Content-Security-Policy"]


@pytest.mark.parametrize("mimetype", ["text/plain", "text/html", "image/svg+xml", "audio/mpeg", ""])
def test_all_else_is_fetched_in_a_sandbox(mimetype: str):
    svar = send_fil(ContentFile(b"<script>", name="a"), navn="a.html", mimetype=mimetype)

    assert svar["Content-Disposition"].startswith("attachment")
    assert "sandbox" in svar["Content-Security-Policy"]


def test_a_file_whose_content_is_gone_is_not_found(tmp_path):
    from django.core.files.storage import FileSystemStorage
    from django.db.models.fields.files import FieldFile, FileField

    felt = FileField(storage=FileSystemStorage(tmp_path))
    felt.name = "fil"

    with pytest.raises(Http404):
        send_fil(FieldFile(None, felt, "borte.pdf"), navn="borte.pdf", mimetype="application/pdf")
