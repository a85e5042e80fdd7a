"""Files out: shown only when they cannot act."""

import pytest
from django.core.files.base import ContentFile
from django.http import Http404

from nettverk.filer.regneark import XLSX
from nettverk.filer.utlevering import send_fil, send_regneark, send_zip


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


@pytest.mark.parametrize(
    ("send", "mimetype"), [(send_regneark, XLSX), (send_zip, "application/zip")]
)
def test_what_is_made_on_the_spot_is_fetched_and_as_harmless(send, mimetype):
    svar = send("enheter på nordmøre", b"innhold")

    assert (svar.content, svar["Content-Type"]) == (b"innhold", mimetype)
    assert svar["Content-Disposition"].startswith("attachment; filename*=utf-8''enheter%20p%C3%A5")
    assert "sandbox" in svar["Content-Security-Policy"]
    assert svar["X-Content-Type-Options"] == "nosniff"


def test_no_cache_keeps_a_file():
    kept = send_fil(ContentFile(b"x", name="a"), navn="rapport.pdf")
    made = send_regneark("rapport.xlsx", b"x")

    assert kept["Content-Type"] == "application/pdf"  # as its name says
    assert kept["Cache-Control"] == made["Cache-Control"] == "private, no-store"


def test_no_other_site_may_show_a_file():
    kept = send_fil(ContentFile(b"x", name="a"), navn="rapport.pdf")
    made = send_zip("rapport.zip", b"x")

    for svar in (kept, made):
        assert svar["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_file_whose_content_is_gone_is_not_found(tmp_path):
    from django.core.files.storage import FileSystemStorage
    from django.db.models.fields.files import FieldFile, FileField

    felt = FileField(storage=FileSystemStorage(tmp_path))
    felt.name = "fil"

    with pytest.raises(Http404):
        send_fil(FieldFile(None, felt, "borte.pdf"), navn="borte.pdf", mimetype="application/pdf")
