"""One name, one network; one name, one of a network's own groups at a time. Of those that share one, the
first keeps it as it is, and the others get a number after it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models
from django.db.models.functions import Lower


def number_namesakes(apps, schema_editor):
    Nettverk, Gruppe = (apps.get_model("nettverk", navn) for navn in ("Nettverk", "Gruppe"))
    for nettverk in Nettverk.objects.order_by("pk"):
        _number(nettverk, Nettverk.objects.filter(pk__lt=nettverk.pk))
    egne = Gruppe.objects.exclude(type="utviklingsgruppe")
    for gruppe in egne.order_by("pk"):
        andre = egne.filter(nettverk=gruppe.nettverk_id, gyldig__overlap=gruppe.gyldig)
        _number(gruppe, andre.filter(pk__lt=gruppe.pk))


def _number(rad, tidligere):
    navn, nummer = rad.navn, 1
    lengst = rad._meta.get_field("navn").max_length
    # As the constraints compare. In capitals other names are alike than in small letters.
    tidligere = tidligere.alias(navnet=Lower("navn"))
    while tidligere.filter(navnet=Lower(models.Value(rad.navn))).exists():
        nummer += 1
        hale = f" {nummer}"
        rad.navn = navn[: lengst - len(hale)] + hale
    if nummer > 1:
        rad.save(update_fields=["navn"])


class Migration(migrations.Migration):
    dependencies = [("kommuner", "0005_register"), ("nettverk", "0024_annullert")]

    operations = [
        migrations.RunPython(number_namesakes, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="gruppe",
            constraint=ExclusionConstraint(
                condition=models.Q(("type", "utviklingsgruppe"), _negated=True),
                expressions=[("nettverk", "="), (Lower("navn"), "="), ("gyldig", "&&")],
                name="gruppe_ett_navn",
                violation_error_message="Nettverket har allerede en gruppe som heter dette.",
            ),
        ),
        migrations.AddConstraint(
            model_name="nettverk",
            constraint=models.UniqueConstraint(
                Lower("navn"),
                name="nettverk_ett_navn",
                violation_error_message="Et annet nettverk har dette navnet.",
            ),
        ),
    ]
