"""Search in running text by Norwegian word forms (nettverk/sokeform.py)."""

from django.db import migrations

from nettverk.sokeform import SOKEFORM_FJERN_SQL, SOKEFORM_SQL


class Migration(migrations.Migration):
    dependencies = [("nettverk", "0029_brevvalg")]

    operations = [migrations.RunSQL(SOKEFORM_SQL, SOKEFORM_FJERN_SQL)]
