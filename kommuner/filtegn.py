"""What a file that people open in Word and Excel can hold of a text."""

import re

# What XML cannot hold: control characters, half of a pair, and the two that are no characters.
_ULOVLIG = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def lawful(tekst: object) -> str:
    """The text without what XML cannot hold."""
    return _ULOVLIG.sub("", str(tekst))
