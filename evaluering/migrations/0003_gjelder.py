"""The job that makes a report says what it is about as all jobs do: «evaluering.Aarsrapport:3»."""

from django.db import migrations


def forwards(apps, schema_editor) -> None:
    Aarsrapport = apps.get_model("evaluering", "Aarsrapport")
    jobber = apps.get_model("nettverk", "Jobb").objects.filter(slag="evaluering.aarsrapport_pdf")
    for jobb in jobber.filter(gjelder__regex=r"^\d+$"):
        aar = int(jobb.gjelder)
        rapport, _ny = Aarsrapport.objects.get_or_create(nettverk_id=jobb.nettverk_id, aar=aar)
        jobb.gjelder, jobb.parametre = f"evaluering.Aarsrapport:{rapport.pk}", {"aar": aar}
        jobb.save(update_fields=["gjelder", "parametre"])


class Migration(migrations.Migration):
    dependencies = [("evaluering", "0002_godkjent_rapport_bevares"), ("nettverk", "0006_gjelder")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
