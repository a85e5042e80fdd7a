"""Names that a Mac wrote with the letters taken apart (A and a ring) are found, and stand as others do."""

from django.db import migrations

from kommuner.sortering import NORSK_SORTERING_SQL, composed_sql


class Migration(migrations.Migration):
    dependencies = [
        ("kommuner", "0003_historie"),
    ]

    operations = [
        migrations.RunSQL(NORSK_SORTERING_SQL, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(composed_sql(tabell, felt), migrations.RunSQL.noop)
            for tabell, felt in (
                ("kommuner_kommune", "navn"),
                ("kommuner_enhet", "navn"),
                ("kommuner_enhet", "visningsnavn"),
            )
        ),
    ]
