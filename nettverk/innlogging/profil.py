"""What people change about themselves."""

from nettverk.models import Person


def change_profile(person: Person, *, navn: str, telefon: str, spraak: str) -> None:
    """Own name, phone and language. The e-mail address is the account's name; others change it."""
    person.navn, person.telefon, person.spraak = navn, telefon, spraak
    person.save(update_fields=["navn", "telefon", "spraak"])


def change_spraak(person: Person, *, spraak: str) -> None:
    """The language of every page, on every machine."""
    person.spraak = spraak
    person.save(update_fields=["spraak"])
