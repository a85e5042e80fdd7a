"""Tasks: small, by id, safe to run twice. The work itself stands in the modules named after the act."""

from celery import shared_task
from django.core.files.storage import default_storage

from nettverk.arbeid import faste_brev, jobber, utsending
from nettverk.filer.lager import LagerBorte
from nettverk.models.jobb import Jobb
from nettverk.rydding import rydd
from nettverk.sikkerhetskopi.innhold import is_named


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


@shared_task
def send_due_letters() -> None:
    """In daytime: reminders and the letter of the week, once each."""
    faste_brev.send_due()


# For two days, at most half an hour apart.
@shared_task(autoretry_for=(LagerBorte,), retry_backoff=60, retry_backoff_max=1800, max_retries=100)
def delete_fil(*, navn: str) -> None:
    """A file that the store could not be told to delete, when no row names it."""
    if not is_named(navn):
        getattr(default_storage, "delete_now", default_storage.delete)(navn)
