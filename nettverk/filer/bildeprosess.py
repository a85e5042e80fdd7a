"""Makes one picture smaller, in a process that does nothing else and knows nothing else.

Started by `nettverk.filer.bilder`, which says the picture's kind, what kind it becomes, its width, its height and
how large it may become.
The picture comes on standard input and goes out on standard output. The process limits its own memory and
processor time before it has read a byte, so what a picture turns out to cost is never the portal's.
Knows neither Django nor the portal.
"""

import io
import resource
import sys

MINNE = 640 * 1024 * 1024
SEKUNDER = 10
# What it ends with when the picture is broken or is not what was said.
UBRUKELIG = 3


def main(format_: str, som: str, bredde: int, hoyde: int, stoerste_side: int) -> int:
    _limit()
    from PIL import Image, ImageOps

    # How many there are was asked before this process was started.
    Image.MAX_IMAGE_PIXELS = None
    ut = io.BytesIO()
    try:
        with Image.open(sys.stdin.buffer, formats=[format_]) as bilde:
            if bilde.size != (bredde, hoyde):
                return UBRUKELIG
            bilde.draft("RGB", (stoerste_side, stoerste_side))
            bilde.thumbnail((stoerste_side, stoerste_side))
            # Turned after it is small: turning makes a copy.
            rettet = ImageOps.exif_transpose(bilde)
            if som == "JPEG" or (som != format_ and rettet.mode not in {"RGB", "RGBA"}):
                rettet = rettet.convert("RGB")
            rettet.info = {
                navn: verdi
                for navn, verdi in rettet.info.items()
                if navn in {"icc_profile", "transparency"}
            }
            rettet.save(ut, format=som, quality=85 if som == format_ else 75)
    except Exception as feil:  # Pillow raises whatever the broken part happened to raise
        sys.stderr.write(f"{type(feil).__name__}: {feil}\n")
        return UBRUKELIG
    sys.stdout.buffer.write(ut.getvalue())
    sys.stdout.buffer.flush()
    return 0


def _limit() -> None:
    """Also where the system keeps only some of them."""
    for hva, antall in (
        (resource.RLIMIT_AS, MINNE),
        (resource.RLIMIT_CPU, SEKUNDER),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        try:
            resource.setrlimit(hva, (antall, antall))
        except (OSError, ValueError):
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])))
