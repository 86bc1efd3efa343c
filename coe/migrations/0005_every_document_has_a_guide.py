import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coe", "0004_first_guide")]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="guide",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="coe.guide",
            ),
        ),
    ]
