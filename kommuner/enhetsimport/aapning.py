"""Open a file about units, whatever kind it is."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import IO

from kommuner.enhetsimport import udir
from kommuner.enhetsimport.kilde import Kilde, from_table
from kommuner.enhetsimport.kolonner import KJENTE
from kommuner.tabellfil.lesing import beginning, open_table


def open_kilde(fil: IO[bytes], valg: Mapping[str, str] = MappingProxyType({})) -> Kilde:
    """Open a file by what it holds, whatever its name says. Raises LeseFeil.

    `valg` is what people have said of headings before (`Kolonner.valg`).
    """
    if beginning(fil).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return udir.open_kilde(fil)
    return from_table(open_table(fil, KJENTE.answered(valg)), valg)
