import uuid

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rolu", "0005_brev_fra_merker"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="deltakelse",
            name="avlysning_sendt",
        ),
        migrations.RemoveField(
            model_name="deltakelse",
            name="invitasjon_sendt",
        ),
        migrations.RemoveField(
            model_name="deltakelseevent",
            name="avlysning_sendt",
        ),
        migrations.RemoveField(
            model_name="deltakelseevent",
            name="invitasjon_sendt",
        ),
        migrations.RemoveField(
            model_name="mellomarbeid",
            name="varslet",
        ),
        migrations.RemoveField(
            model_name="mellomarbeidevent",
            name="varslet",
        ),
        migrations.AlterField(
            model_name="samling",
            name="kalender_id",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, unique=True, verbose_name="kalenderens ID"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deltakelse",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "rolu_deltakelseevent" ("id", "invitasjon_id", "kommune_id", "moett", "moett_registrert_av_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "samling_id", "status", "svart", "svart_av_id", "verv_id") VALUES (NEW."id", NEW."invitasjon_id", NEW."kommune_id", NEW."moett", NEW."moett_registrert_av_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."samling_id", NEW."status", NEW."svart", NEW."svart_av_id", NEW."verv_id"); RETURN NULL;',
                    hash="1a331a525e9314a7d9a1089807faf08e8a9d5fd8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9bc88",
                    table="rolu_deltakelse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deltakelse",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "rolu_deltakelseevent" ("id", "invitasjon_id", "kommune_id", "moett", "moett_registrert_av_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "samling_id", "status", "svart", "svart_av_id", "verv_id") VALUES (NEW."id", NEW."invitasjon_id", NEW."kommune_id", NEW."moett", NEW."moett_registrert_av_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."samling_id", NEW."status", NEW."svart", NEW."svart_av_id", NEW."verv_id"); RETURN NULL;',
                    hash="8b176d9430d21ce1af10718c8848ac7b7499f673",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1e5af",
                    table="rolu_deltakelse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mellomarbeid",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "rolu_mellomarbeidevent" ("delt", "gruppe_id", "id", "kommune_id", "levert", "levert_av_id", "oppdrag_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") VALUES (NEW."delt", NEW."gruppe_id", NEW."id", NEW."kommune_id", NEW."levert", NEW."levert_av_id", NEW."oppdrag_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."status"); RETURN NULL;',
                    hash="f1e2463c73efc032b78d68f6a9d1c39306489713",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_06d1c",
                    table="rolu_mellomarbeid",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mellomarbeid",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "rolu_mellomarbeidevent" ("delt", "gruppe_id", "id", "kommune_id", "levert", "levert_av_id", "oppdrag_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") VALUES (NEW."delt", NEW."gruppe_id", NEW."id", NEW."kommune_id", NEW."levert", NEW."levert_av_id", NEW."oppdrag_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."status"); RETURN NULL;',
                    hash="f758f6380f9593e12335b75dfbcbdf0e6e026786",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4ab66",
                    table="rolu_mellomarbeid",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="samling",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "rolu_samlingevent" ("id", "laeringsloype_id", "nettverk_id", "om", "opprettet", "paameldingsfrist", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisert", "sekvens", "slutt", "start", "status", "sted", "tema", "tittel", "type") VALUES (NEW."id", NEW."laeringsloype_id", NEW."nettverk_id", NEW."om", NEW."opprettet", NEW."paameldingsfrist", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."publisert", NEW."sekvens", NEW."slutt", NEW."start", NEW."status", NEW."sted", NEW."tema", NEW."tittel", NEW."type"); RETURN NULL;',
                    hash="1ab7658fdb1355c451d6fdecf24d3535dff35870",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_99ab1",
                    table="rolu_samling",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="samling",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."laeringsloype_id" IS DISTINCT FROM (NEW."laeringsloype_id") OR OLD."nettverk_id" IS DISTINCT FROM (NEW."nettverk_id") OR OLD."om" IS DISTINCT FROM (NEW."om") OR OLD."opprettet" IS DISTINCT FROM (NEW."opprettet") OR OLD."paameldingsfrist" IS DISTINCT FROM (NEW."paameldingsfrist") OR OLD."publisert" IS DISTINCT FROM (NEW."publisert") OR OLD."sekvens" IS DISTINCT FROM (NEW."sekvens") OR OLD."slutt" IS DISTINCT FROM (NEW."slutt") OR OLD."start" IS DISTINCT FROM (NEW."start") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."sted" IS DISTINCT FROM (NEW."sted") OR OLD."tema" IS DISTINCT FROM (NEW."tema") OR OLD."tittel" IS DISTINCT FROM (NEW."tittel") OR OLD."type" IS DISTINCT FROM (NEW."type"))',
                    func='INSERT INTO "rolu_samlingevent" ("id", "laeringsloype_id", "nettverk_id", "om", "opprettet", "paameldingsfrist", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisert", "sekvens", "slutt", "start", "status", "sted", "tema", "tittel", "type") VALUES (NEW."id", NEW."laeringsloype_id", NEW."nettverk_id", NEW."om", NEW."opprettet", NEW."paameldingsfrist", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."publisert", NEW."sekvens", NEW."slutt", NEW."start", NEW."status", NEW."sted", NEW."tema", NEW."tittel", NEW."type"); RETURN NULL;',
                    hash="917aac7de4db8193d03831e38747ac68adbffd98",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fa4ce",
                    table="rolu_samling",
                    when="AFTER",
                ),
            ),
        ),
    ]
