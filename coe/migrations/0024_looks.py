"""How far somebody has seen a working copy, and which changes they ticked off."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def of(model: str, related_name: str) -> models.ForeignKey:
    """A row that is gone with what it belongs to."""
    cascade = django.db.models.deletion.CASCADE
    return models.ForeignKey(on_delete=cascade, related_name=related_name, to=model)


KEY = models.BigAutoField(
    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
)


class Migration(migrations.Migration):
    dependencies = [("coe", "0023_retractions")]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", KEY.clone()),
                ("before", models.TextField()),
                ("before_at", models.DateTimeField()),
                ("seen", models.TextField()),
                ("seen_at", models.DateTimeField()),
                ("document", of("coe.document", "looks")),
                ("user", of(settings.AUTH_USER_MODEL, "+")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("document", "user"), name="look_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                ("id", KEY.clone()),
                ("part", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64)),
                ("ticked_at", models.DateTimeField()),
                ("document", of("coe.document", "ticks")),
                ("user", of(settings.AUTH_USER_MODEL, "+")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "user", "part"), name="tick_once"
                    )
                ],
            },
        ),
    ]
