"""Set the figures of a unit for one year."""

from kommuner.models import Enhet, Enhetstall


def set_enhetstall(
    enhet: Enhet,
    *,
    aar: int,
    antall_barn: int | None,
    antall_ansatte: int | None,
    antall_foresatte: int | None,
) -> Enhetstall:
    """Write the unit's figures for `aar`, new or instead of what stood there."""
    tall, _ny = Enhetstall.objects.update_or_create(
        enhet=enhet,
        aar=aar,
        defaults={
            "antall_barn": antall_barn,
            "antall_ansatte": antall_ansatte,
            "antall_foresatte": antall_foresatte,
        },
    )
    return tall
