"""A day's attendance says of which gathering it is."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    dagsoppmoete = apps.get_model("rolu", "Dagsoppmoete")
    deltakelse, gjest = apps.get_model("rolu", "Deltakelse"), apps.get_model("rolu", "Gjest")
    dagsoppmoete.objects.update(
        samling=Coalesce(
            Subquery(deltakelse.objects.filter(pk=OuterRef("deltakelse")).values("samling")[:1]),
            Subquery(gjest.objects.filter(pk=OuterRef("gjest")).values("samling")[:1]),
        )
    )
    # The keys are checked now, so that the table can be changed once more.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [("rolu", "0018_saksvedlegg")]

    operations = [
        migrations.AddField(
            "dagsoppmoete",
            "samling",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="rolu.samling",
                verbose_name="samling",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "dagsoppmoete",
            "samling",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="rolu.samling",
                verbose_name="samling",
            ),
        ),
        migrations.AddIndex(
            "dagsoppmoete",
            models.Index(fields=["samling", "dato"], name="dagsoppmoete_samling_dato"),
        ),
    ]
