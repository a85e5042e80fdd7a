"""A substitute comes on some of the days, and a wish may name one."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rolu", "0019_dagsoppmoetets_samling"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="endringsoenske",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="gjest",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="gjest",
            name="update_update",
        ),
        migrations.AddField(
            model_name="endringsoenske",
            name="vara_dager",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateField(),
                blank=True,
                null=True,
                size=None,
                verbose_name="varaens dager",
            ),
        ),
        migrations.AddField(
            model_name="endringsoenske",
            name="vara_epost",
            field=models.EmailField(blank=True, max_length=254, verbose_name="varaens e-post"),
        ),
        migrations.AddField(
            model_name="endringsoenske",
            name="vara_navn",
            field=models.CharField(blank=True, max_length=150, verbose_name="varaens navn"),
        ),
        migrations.AddField(
            model_name="gjest",
            name="dager",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateField(),
                blank=True,
                null=True,
                size=None,
                verbose_name="dager",
            ),
        ),
        migrations.AddField(
            model_name="gjestevent",
            name="dager",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateField(),
                blank=True,
                null=True,
                size=None,
                verbose_name="dager",
            ),
        ),
        migrations.AlterField(
            model_name="endringsoenske",
            name="oensker",
            field=models.CharField(
                choices=[("ja", "kommer"), ("nei", "kan ikke"), ("vara", "vara")],
                max_length=4,
                verbose_name="ønsket svar",
            ),
        ),
        migrations.AlterField(
            model_name="endringsoenskeevent",
            name="oensker",
            field=models.CharField(
                choices=[("ja", "kommer"), ("nei", "kan ikke"), ("vara", "vara")],
                max_length=4,
                verbose_name="ønsket svar",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="endringsoenske",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."av_id" IS DISTINCT FROM (NEW."av_id") OR OLD."behandlet" IS DISTINCT FROM (NEW."behandlet") OR OLD."behandlet_av_id" IS DISTINCT FROM (NEW."behandlet_av_id") OR OLD."deltakelse_id" IS DISTINCT FROM (NEW."deltakelse_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."oensker" IS DISTINCT FROM (NEW."oensker") OR OLD."spurt" IS DISTINCT FROM (NEW."spurt") OR OLD."tekst" IS DISTINCT FROM (NEW."tekst") OR OLD."tilstand" IS DISTINCT FROM (NEW."tilstand"))',
                    func='INSERT INTO "rolu_endringsoenskeevent" ("av_id", "behandlet", "behandlet_av_id", "deltakelse_id", "id", "oensker", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "spurt", "tekst", "tilstand") VALUES (NEW."av_id", NEW."behandlet", NEW."behandlet_av_id", NEW."deltakelse_id", NEW."id", NEW."oensker", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."spurt", NEW."tekst", NEW."tilstand"); RETURN NULL;',
                    hash="f2b02cdcf02ff9128d76e45bc97ade934a081ef7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_11a47",
                    table="rolu_endringsoenske",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gjest",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "rolu_gjestevent" ("bekreftelse_id", "dager", "epost", "for_verv_id", "fra", "gruppe_id", "id", "kommune_id", "lagt_til", "lagt_til_av_id", "moett", "moett_registrert_av_id", "navn", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "samling_id", "status", "venter_siden") VALUES (NEW."bekreftelse_id", NEW."dager", NEW."epost", NEW."for_verv_id", NEW."fra", NEW."gruppe_id", NEW."id", NEW."kommune_id", NEW."lagt_til", NEW."lagt_til_av_id", NEW."moett", NEW."moett_registrert_av_id", NEW."navn", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."samling_id", NEW."status", NEW."venter_siden"); RETURN NULL;',
                    hash="9f5774f206a8e3cdd394170885dbb8b450c79cad",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e7325",
                    table="rolu_gjest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gjest",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "rolu_gjestevent" ("bekreftelse_id", "dager", "epost", "for_verv_id", "fra", "gruppe_id", "id", "kommune_id", "lagt_til", "lagt_til_av_id", "moett", "moett_registrert_av_id", "navn", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "samling_id", "status", "venter_siden") VALUES (NEW."bekreftelse_id", NEW."dager", NEW."epost", NEW."for_verv_id", NEW."fra", NEW."gruppe_id", NEW."id", NEW."kommune_id", NEW."lagt_til", NEW."lagt_til_av_id", NEW."moett", NEW."moett_registrert_av_id", NEW."navn", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."samling_id", NEW."status", NEW."venter_siden"); RETURN NULL;',
                    hash="a1cee2772703dc2d7a04d01c6fbd3e8318e6db4b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b8587",
                    table="rolu_gjest",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="endringsoenske",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("oensker", "vara"),
                        ("tilstand", "venter"),
                        models.Q(("vara_navn", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("oensker", "vara"), ("tilstand", "venter"), _negated=True),
                        ("vara_dager__isnull", True),
                        ("vara_epost", ""),
                        ("vara_navn", ""),
                    ),
                    _connector="OR",
                ),
                name="endringsoenske_vara_mens_det_venter",
            ),
        ),
    ]
