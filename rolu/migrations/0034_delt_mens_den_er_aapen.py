from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rolu", "0033_hilsen_aapnet")]

    operations = [
        migrations.RemoveConstraint(model_name="mellomarbeid", name="mellomarbeid_delt_er_levert"),
    ]
