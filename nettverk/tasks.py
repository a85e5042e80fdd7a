"""Tasks: small, by id, safe to run twice. The work itself stands in the modules named after the act."""

from celery import shared_task

from nettverk.arbeid import jobber, utsending
from nettverk.models.jobb import Jobb
from nettverk.rydding import rydd


@shared_task
def run_jobb(*, jobb_id: int) -> None:
    """Do one job, unless another worker already holds it or it is done."""
    jobber.run(jobb_id)


@shared_task
def start_waiting_jobber() -> None:
    """The sweep: nudge every job that nobody works on (dead worker, Redis was away), and see to the letters."""
    utsending.sweep()
    ventende = Jobb.objects.to_start().order_by("bestilt", "pk").values_list("pk", flat=True)
    for jobb_id in ventende[:100]:
        if not jobber.send(jobb_id):
            break


@shared_task
def purge_expired() -> None:
    """Nightly: what has an end date goes when the date has come."""
    rydd()
