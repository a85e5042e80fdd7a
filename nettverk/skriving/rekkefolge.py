"""Rows that people put in an order of their own: each carries its number."""

from typing import Any


def move_one(rekke: list[Any], rad: Any, *, opp: bool, **nummerert: Any) -> None:
    """Let `rad` change places with the one before it in `rekke`, or after; at the end nothing changes, nor when it is
    gone from it. The rows are held, and stand in their order. `nummerert`: as `number`."""
    her = next((n for n, annen in enumerate(rekke) if annen.pk == rad.pk), None)
    if her is None:
        return
    dit = her - 1 if opp else her + 1
    if 0 <= dit < len(rekke):
        rekke[her], rekke[dit] = rekke[dit], rekke[her]
    number(rekke, **nummerert)


def number(rekke: list[Any], *, felt: str = "rekkefolge", steg: int = 10) -> None:
    """Give each row its number in the order they stand, `steg` apart. Only what is changed is saved."""
    for nummer, rad in enumerate(rekke, start=1):
        if getattr(rad, felt) != nummer * steg:
            setattr(rad, felt, nummer * steg)
            rad.save(update_fields=[felt])
