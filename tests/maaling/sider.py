"""The pages that are measured, and the bare view that shows the same rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Side:
    """A page of the portal for a coordinator, its bare counterpart, and the aims.

    A list may ask five times, once for the session, which PostgreSQL holds, and once for the views that are kept;
    the gatherings count people, guests and numbers of the groups, each by itself. What has no bare counterpart
    is measured against itself in a small network (`maal_skala`).
    """

    navn: str
    adresse: str
    bar: str
    maal_forhold: float | None
    maal_spoerringer: int
    maal_skala: float | None = None
    htmx: bool = False
    som: str = "koordinator"  # who asks; see `tjener.Tjener`


def sidene(samling: int, serie: int, kommune: int) -> list[Side]:
    n = "/test-001"
    denne = f"{n}/samlinger/{samling}"
    return [
        Side("enheter", f"{n}/kommuner/", f"/bare{n}/enheter/", 2.0, 7),
        Side("grupper", f"{n}/grupper/", f"/bare{n}/grupper/", 2.0, 7),
        Side("samlinger", f"{n}/samlinger/?vis=tidligere", f"/bare{n}/samlinger/", 2.0, 8),
        Side(
            "deltakere (ca. 700)", f"{denne}/deltakere/", f"/bare{denne}/deltakere/", 1.5, 12, 1.3
        ),
        Side("svar i en kommune", f"{denne}/deltakere/?kommune={kommune}", "", None, 12, 1.3),
        Side("søk i skranken", f"{denne}/innsjekk/?q=han", "", None, 12, 1.3, htmx=True),
        Side("serien", f"{n}/samlinger/serier/{serie}/", "", None, 12, 1.3),
        Side("mellomarbeid", f"{n}/mellomarbeid/", f"/bare{n}/mellomarbeid/", 2.0, 7),
        Side("matrisen", f"{n}/mellomarbeid/matrise/", "", None, 12, 1.3),
        Side("støttelinsen", f"{n}/stoette/", "", None, 12, 1.3),
        Side("søk i Praksis", f"{n}/praksis/?q=lek", "", None, 12, 1.3),
        Side("lederens hjem", f"{n}/hjem/", "", None, 12, 1.3, som="enhetsleder"),
        Side("hjem", f"{n}/hjem/", f"/bare{n}/hjem/", None, 12),
        Side("årsrapport", f"{n}/aarsrapport/2026/", f"/bare{n}/rapporter/", None, 30),
    ]
