"""Parallel names in Norwegian and Sámi: which part is in which language."""

from kommuner.lasting import kommunedata

DELER = " – "


def navnedeler(navn: str) -> list[tuple[str, str]]:
    """«Sørfold – Fuolldá» as [("Sørfold", ""), ("Fuolldá", "smj")]; the language is empty for Norwegian."""
    samiske = kommunedata()["samiske_navn"]
    return [(del_, samiske.get(del_, "")) for del_ in navn.split(DELER)]
