"""Parallel names in Norwegian and Sámi: which part is in which language, and what people write."""

import re

from kommuner.lasting import kommunedata

DELER = " – "


def navnedeler(navn: str) -> list[tuple[str, str]]:
    """«Sørfold – Fuolldá» as [("Sørfold", ""), ("Fuolldá", "smj")]; the language is empty for Norwegian."""
    samiske = kommunedata()["samiske_navn"]
    return [(del_, samiske.get(del_, "")) for del_ in navn.split(DELER)]


def written_names(navn: str) -> set[str]:
    """What people write for a kommune: «Raane» and «Rana» for «Rana – Raane», «Herøy» for SSB's
    «Herøy (Nordland)»."""
    hele = {navn, *re.split(r"\s+[-–]\s+", navn)}
    return hele | {re.sub(r"\s*\(.*\)$", "", ett) for ett in hele}
