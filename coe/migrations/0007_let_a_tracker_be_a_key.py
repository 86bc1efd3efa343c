from django.db import migrations, models


class Migration(migrations.Migration):
    """A ticket is named by its key or its address; the column stays as it is."""

    dependencies = [
        ("coe", "0006_say_more_actions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="actionitem",
            name="tracker",
            field=models.CharField(blank=True, default="", max_length=1000),
        ),
    ]
