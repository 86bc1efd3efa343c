"""Incidents that are registered before they have a COE, and those that need none."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0030_team_calendars'),
    ]

    operations = [
        migrations.AddField(
            model_name='incident',
            name='uid',
            field=models.UUIDField(null=True, unique=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='set_aside_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='set_aside_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incident',
            name='set_aside_reason',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('set_aside_at', None), ('set_aside_by', None), ('set_aside_reason', '')), models.Q(('set_aside_at__isnull', False), ('set_aside_by__isnull', False), ('uid__isnull', False), models.Q(('set_aside_reason', ''), _negated=True)), _connector='OR'), name='incident_set_aside_with_a_reason'),
        ),
    ]
