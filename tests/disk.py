"""A disk with no more room: the system itself refuses to write past a size that the test sets."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def full_disk(byte: int) -> Iterator[None]:
    """Inside, no file becomes longer than so many bytes."""
    myk, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (byte, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (myk, hard))


def files_in(mappe: Path) -> list[str]:
    """Every file under the folder, the hidden ones too."""
    return sorted(str(sti.relative_to(mappe)) for sti in mappe.rglob("*") if sti.is_file())
