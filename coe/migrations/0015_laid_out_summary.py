"""What was laid out from the fields as a first draft, beside the text that it became."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0014_drafts_and_scopes_of_guides'),
    ]

    operations = [
        migrations.AddField(
            model_name='section',
            name='composed',
            field=models.TextField(blank=True, default=''),
        ),
    ]
