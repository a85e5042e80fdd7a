import django.db.models.deletion
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("nettverk", "0005_brev"),
        ("rolu", "0003_uten_versjon"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="deltakelse",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="deltakelse",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="mellomarbeid",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="mellomarbeid",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="samling",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="samling",
            name="update_update",
        ),
        migrations.RenameField("samling", "versjon", "sekvens"),
        migrations.RenameField("samlingevent", "versjon", "sekvens"),
        migrations.AlterField(
            model_name="samling",
            name="sekvens",
            field=models.PositiveIntegerField(default=0, verbose_name="kalenderens sekvens"),
        ),
        migrations.AlterField(
            model_name="samlingevent",
            name="sekvens",
            field=models.PositiveIntegerField(default=0, verbose_name="kalenderens sekvens"),
        ),
        migrations.AddField(
            model_name="samling",
            name="kalender_id",
            field=models.UUIDField(editable=False, null=True, verbose_name="kalenderens ID"),
        ),
        migrations.AddField(
            model_name="deltakelse",
            name="invitasjon",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="deltakelser",
                to="nettverk.brev",
                verbose_name="invitasjon",
            ),
        ),
        migrations.AddField(
            model_name="deltakelseevent",
            name="invitasjon",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="nettverk.brev",
                verbose_name="invitasjon",
            ),
        ),
    ]
