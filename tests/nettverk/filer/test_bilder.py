"""Pictures that are small on the disk and huge in memory: refused by their head, or unpacked one at a time."""

import fcntl
import io
import json
import os
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings as oppsettet
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from nettverk.filer import bildeprosess, bilder
from nettverk.filer.opplasting import GodkjentFil, accept

# Megabytes that the web server may grow by while pictures are taken in, and that all may take together.
VEKST = 60
# A process of the portal is some 100; the one that unpacks is stopped at 640.
SAMLET = 950


def ta_imot(navn: str, data: bytes) -> GodkjentFil:
    return accept(SimpleUploadedFile(navn, data))


def kode(navn: str, data: bytes) -> str:
    with pytest.raises(ValidationError) as feil:
        ta_imot(navn, data)
    return str(feil.value.code)


def bilde(format_: str, stoerrelse: tuple[int, int], **valg: object) -> bytes:
    ut = io.BytesIO()
    Image.new("RGB", stoerrelse, "teal").save(ut, format=format_, **valg)
    return ut.getvalue()


def png(bredde: int, hoyde: int, *, rader: int = 0, lagvis: bool = False) -> bytes:
    """A PNG whose head says so many pixels, and that has so many (black) rows of them."""

    def bit(navn: bytes, data: bytes) -> bytes:
        sum_ = zlib.crc32(navn + data)
        return struct.pack(">L", len(data)) + navn + data + struct.pack(">L", sum_)

    hode = struct.pack(">2L5B", bredde, hoyde, 8, 2, 0, 0, int(lagvis))
    pakker, rad = zlib.compressobj(1), bytes(1 + 3 * bredde)
    innhold = b"".join(pakker.compress(rad) for _ in range(rader)) + pakker.flush()
    biter = bit(b"IHDR", hode) + bit(b"IDAT", innhold) + bit(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + biter


def jpeg(bredde: int, hoyde: int, *, progressiv: bool = False) -> bytes:
    """A JPEG whose head says so many pixels, over the data of a small one."""
    data = bytearray(bilde("JPEG", (16, 16), progressive=progressiv))
    sted = data.index(b"\xff\xc2" if progressiv else b"\xff\xc0")
    data[sted + 5 : sted + 9] = struct.pack(">2H", hoyde, bredde)
    return bytes(data)


def webp(bredde: int, hoyde: int) -> bytes:
    """A WebP whose canvas is said to be so large."""
    data = bytearray(
        bilde("WEBP", (16, 16), exif=Image.Exif().tobytes() or b"Exif\0\0", lossless=True)
    )
    assert data[12:16] == b"VP8X"
    data[24:30] = (bredde - 1).to_bytes(3, "little") + (hoyde - 1).to_bytes(3, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("navn", "data"),
    [
        ("a.png", png(20_000, 20_000)),
        ("a.png", png(7_100, 7_100)),
        ("a.png", png(7_100, 7_100, lagvis=True)),
        ("a.png", png(2**31 - 1, 2**31 - 1)),
        ("a.jpg", jpeg(11_000, 11_000)),
        ("a.jpg", jpeg(65_500, 65_500)),
        ("a.jpg", jpeg(7_800, 7_800, progressiv=True)),
        ("a.webp", bilde("WEBP", (5_100, 5_100), method=0)),
        ("a.webp", webp(16_383, 16_383)),
    ],
)
def test_too_many_pixels_are_refused_by_what_the_head_says(navn: str, data: bytes):
    start = time.monotonic()

    assert kode(navn, data) == "bilde_for_stort"
    assert time.monotonic() - start < 0.5


def test_what_a_phone_takes_is_well_within():
    for format_, stoerrelse in (
        ("JPEG", (8160, 6120)),
        ("PNG", (2556, 1179)),
        ("WEBP", (4080, 3060)),
    ):
        godkjent = ta_imot(f"bilde.{format_.lower()}", bilde(format_, stoerrelse))
        assert max(Image.open(godkjent.innhold).size) <= 2400


def _tree(pid: int) -> list[int]:
    """The process and all that it and its threads have started."""
    traader = Path(f"/proc/{pid}/task").glob("*/children")
    return [
        pid,
        *(en for traad in traader for barn in _read(traad).split() for en in _tree(int(barn))),
    ]


def _read(sti: Path) -> str:
    try:
        return sti.read_text()
    except OSError:  # it ended meanwhile
        return ""


def _megabytes(pid: int) -> int:
    linjer = [
        linje for linje in _read(Path(f"/proc/{pid}/status")).splitlines() if "VmRSS" in linje
    ]
    return int(linjer[0].split()[1]) // 1024 if linjer else 0


def _take_in(sti: Path, *, prosesser: int, samtidig: int, mappe: Path) -> dict[str, object]:
    """So many web processes with so many uploads each, all at once; what they answered and cost."""
    kommando = [sys.executable, "-m", "tests.nettverk.filer.mottak", str(samtidig), str(sti)]
    miljo = {**os.environ, "TMPDIR": str(mappe), "DJANGO_SETTINGS_MODULE": "nettverk.settings"}
    alle = [
        subprocess.Popen(
            kommando, stdout=subprocess.PIPE, text=True, env=miljo, cwd=oppsettet.BASE_DIR
        )
        for _ in range(prosesser)
    ]
    toppen, arbeidere = 0, 0
    while any(prosess.poll() is None for prosess in alle):
        traer = {pid for prosess in alle for pid in _tree(prosess.pid)}
        toppen = max(toppen, sum(map(_megabytes, traer)))
        i_gang = [pid for pid in traer if "bildeprosess.py" in _read(Path(f"/proc/{pid}/cmdline"))]
        arbeidere = max(arbeidere, len(i_gang))
        time.sleep(0.01)
    svar = [json.loads(prosess.communicate()[0]) for prosess in alle]
    return {
        "svar": [ett for prosess in svar for ett in prosess["svar"]],
        "vekst": max(prosess["etter"] - prosess["foer"] for prosess in svar),
        "samlet": toppen,
        "arbeidere": arbeidere,
    }


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="leser minnet i /proc")
@pytest.mark.parametrize(
    ("navn", "data", "svar"),
    [
        # The attack: 119 million pixels. The two others are as large as is taken.
        ("angrepet.png", lambda: png(10_900, 10_917, rader=10_917), "bilde_for_stort"),
        ("lovlig.png", lambda: png(7_070, 7_070, rader=7_070), "image/png"),
        ("lovlig.jpg", lambda: bilde("JPEG", (10_900, 10_917)), "image/jpeg"),
    ],
    ids=["angrepet", "png", "jpg"],
)
def test_three_huge_pictures_at_once_in_each_of_two_web_processes(
    tmp_path: Path, navn: str, data: Callable[[], bytes], svar: str
):
    sti = tmp_path / navn
    sti.write_bytes(data())
    assert sti.stat().st_size < 2_500_000

    maalt = _take_in(sti, prosesser=2, samtidig=3, mappe=tmp_path)

    assert maalt["svar"] == [svar] * 6
    assert maalt["vekst"] < VEKST, maalt
    assert maalt["samlet"] < SAMLET, maalt
    assert maalt["arbeidere"] <= 1, maalt


def test_one_who_has_waited_long_is_asked_to_try_again(monkeypatch, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    monkeypatch.setattr(bilder, "VENT", 0.2)
    with bilder.lock_path().open("w") as laas:
        fcntl.flock(laas, fcntl.LOCK_EX)
        assert kode("a.png", bilde("PNG", (60, 30))) == "opptatt"

    assert ta_imot("a.png", bilde("PNG", (60, 30))).mimetype == "image/png"


def test_few_wait_and_the_rest_are_told_at_once(monkeypatch, tmp_path, settings):
    """The other threads are for those who only want to read a page."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    monkeypatch.setattr(bilder, "VENT", 3.0)
    lite = bilde("PNG", (60, 30))

    def tid(_nummer: int) -> float:
        start = time.monotonic()
        assert kode("a.png", lite) == "opptatt"
        return time.monotonic() - start

    with bilder.lock_path().open("w") as laas, ThreadPoolExecutor(12) as traader:
        fcntl.flock(laas, fcntl.LOCK_EX)
        ventet = [t >= 3 for t in traader.map(tid, range(12))]

    assert (ventet.count(True), ventet.count(False)) == (4, 8)
    assert ta_imot("a.png", lite).mimetype == "image/png"


def test_the_turn_lasts_as_long_as_the_process_that_unpacks(tmp_path, settings):
    """Also when the web process is killed meanwhile: then only the one that unpacks holds it."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    with bilder.turn() as laas:
        barn = subprocess.Popen(["sleep", "60"], pass_fds=[laas])
    with bilder.lock_path().open("w") as annen:
        with pytest.raises(BlockingIOError):
            fcntl.flock(annen, fcntl.LOCK_EX | fcntl.LOCK_NB)
        barn.kill()
        barn.wait()
        fcntl.flock(annen, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _two_heads() -> bytes:
    """A JPEG that says it is small, and then that it is huge."""
    data = jpeg(16, 16)
    sted = data.index(b"\xff\xc0")
    slutt = sted + 2 + int.from_bytes(data[sted + 2 : sted + 4], "big")
    stort = data[sted : sted + 5] + struct.pack(">2H", 60_000, 60_000) + data[sted + 9 : slutt]
    return data[:slutt] + stort + data[slutt:]


@pytest.mark.parametrize(
    ("navn", "data"),
    [
        # Small by its head, large by its data.
        ("a.png", png(10, 10, rader=2_000_000)),
        ("a.jpg", _two_heads()),
        # Large by its head (and within the limit), with hardly any data.
        ("a.png", png(7_000, 7_000)),
        ("a.jpg", jpeg(10_900, 10_900)),
        ("a.jpg", jpeg(7_700, 7_700, progressiv=True)),
        ("a.webp", webp(4_900, 4_900)),
        ("a.webp", bilde("WEBP", (400, 400))[:-40]),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        ("a.jpg", b"\xff\xd8\xff" + os.urandom(500)),
    ],
)
def test_a_head_that_lies_costs_no_more_than_it_says(navn: str, data: bytes):
    """What is whole in it is kept small, or it is refused; nothing else comes of it."""
    try:
        side = max(Image.open(ta_imot(navn, data).innhold).size)
    except ValidationError as feil:
        side = {"bilde": 0, "bilde_for_stort": 0}[str(feil.code)]

    assert side <= 2400


def test_a_picture_of_another_kind_than_its_ending_is_refused():
    assert kode("bilde.png", bilde("JPEG", (20, 20))) == "innhold"
    assert kode("bilde.jpg", b"\xff\xd8\xff" + bilde("PNG", (20, 20))) == "bilde"


@pytest.mark.parametrize("format_", ["WEBP", "PNG"])
def test_of_a_moving_picture_the_first_is_kept(format_: str):
    rammer = [Image.new("RGB", (300, 300), (n, 0, 0)) for n in range(0, 250, 5)]
    ut = io.BytesIO()
    rammer[0].save(ut, format=format_, save_all=True, append_images=rammer[1:])

    godkjent = ta_imot(f"film.{format_.lower()}", ut.getvalue())

    with Image.open(godkjent.innhold) as kept:
        assert (kept.size, getattr(kept, "n_frames", 1)) == ((300, 300), 1)


def test_a_jpeg_with_more_pictures_in_it_as_phones_make_them_is_taken():
    ut = io.BytesIO()
    Image.new("RGB", (80, 40), "teal").save(
        ut, format="MPO", save_all=True, append_images=[Image.new("RGB", (80, 40))]
    )

    assert Image.open(ta_imot("bilde.jpg", ut.getvalue()).innhold).size == (80, 40)


def test_the_process_that_unpacks_stops_at_its_own_limit():
    """As it is started, but with a picture that was never to reach it."""
    svar = subprocess.run(
        [sys.executable, "-I", bildeprosess.__file__, "PNG", "PNG", "14000", "14000", "2400"],
        input=png(14_000, 14_000, rader=14_000),
        capture_output=True,
        env={"MALLOC_ARENA_MAX": "1"},
        timeout=60,
    )

    assert (svar.returncode, svar.stdout) == (bildeprosess.UBRUKELIG, b"")
    assert b"MemoryError" in svar.stderr
