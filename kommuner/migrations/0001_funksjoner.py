"""What the tables need of the database: exclusion constraints, Norwegian order, MOD11."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

from kommuner.orgnr import ORGNR_GYLDIG_FJERN_SQL, ORGNR_GYLDIG_SQL
from kommuner.sortering import NORSK_SORTERING_FJERN_SQL, NORSK_SORTERING_SQL


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL(NORSK_SORTERING_SQL, NORSK_SORTERING_FJERN_SQL),
        migrations.RunSQL(ORGNR_GYLDIG_SQL, ORGNR_GYLDIG_FJERN_SQL),
    ]
