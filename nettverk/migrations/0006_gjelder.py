"""Jobs say what they are about in one way, «rolu.Samling:12», and letters are one kind of job."""

from django.db import migrations
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat, Substr
from django.utils import timezone

UTSENDING = "nettverk.utsending"
# Old kind, how the subject began, new kind, how it begins now.
NYE = [
    ("samling.invitasjon", "samling:", UTSENDING, "rolu.Samling:"),
    ("samling.avlysning", "samling:", UTSENDING, "rolu.Samling:"),
    ("varsle_oppdrag", "oppdrag-", UTSENDING, "rolu.Oppdrag:"),
    ("rolu.oppsummering", "samling:", "rolu.oppsummering", "rolu.Samling:"),
    (
        "nettverk.enhetsimport_les",
        "enhetsimport:",
        "nettverk.enhetsimport_les",
        "nettverk.Enhetsimport:",
    ),
]
# Those that were not sent have no rows, so no page can name them.
STANSET = (
    "Portalen ble oppdatert mens brevene ble sendt, så noen kan mangle e-posten. "
    "Gi beskjed på en annen måte til dem som ikke har svart."
)


def forwards(apps, schema_editor) -> None:
    Jobb = apps.get_model("nettverk", "Jobb")
    brev = Jobb.objects.filter(slag__in=[gammel for gammel, _, ny, _ in NYE if ny == UTSENDING])
    brev.filter(status__in=["venter", "kjorer"]).update(
        status="feilet", feil=STANSET, avsluttet=timezone.now(), leie_til=None
    )
    brev.update(parametre={})
    for gammelt_slag, gammelt, nytt_slag, nytt in NYE:
        Jobb.objects.filter(slag=gammelt_slag, gjelder__startswith=gammelt).update(
            slag=nytt_slag,
            gjelder=Concat(Value(nytt), Substr("gjelder", len(gammelt) + 1)),
        )
    Jobb.objects.filter(slag="nettverk.enhetsimport_skriv", gjelder="register").update(
        gjelder=Concat(Value("nettverk.Nettverk:"), Cast(F("nettverk_id"), CharField()))
    )


class Migration(migrations.Migration):
    dependencies = [("nettverk", "0005_brev")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
