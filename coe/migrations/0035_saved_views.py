"""Saved views, and what the list of action items is filtered by, beside each promise.

What was promised before is filled in from the bytes of the publication that makes it; team,
service and severity from its columns.
"""

import datetime
from typing import Any

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from coe.snapshots.serialise import from_bytes

# The expression is the one that Django writes for SearchVector("title", "tracker", config="simple").
WORDS = """
CREATE INDEX coe_promise_words ON coe_promise USING gin
    (to_tsvector('simple'::regconfig, COALESCE(title, '') || ' ' || COALESCE(tracker, '')))
"""
NO_WORDS = "DROP INDEX coe_promise_words"

FROM_PUBLICATIONS = """
UPDATE coe_promise promise
SET team_id = COALESCE(publication.owning_team_id, incident.team_id),
    service_id = publication.service_id, severity = publication.severity
FROM coe_publication publication
JOIN coe_document document ON document.id = publication.document_id
JOIN coe_incident incident ON incident.id = document.incident_id
WHERE promise.document_id = document.id AND publication.state = 'current'
"""

AT_ONCE = 20
"""Publications, each with all its bytes."""


def fill(apps: Any, schema_editor: Any) -> None:
    Promise = apps.get_model("coe", "Promise")
    current = apps.get_model("coe", "Publication").objects.filter(state="current")
    for publication in current.select_related("snapshot").iterator(chunk_size=AT_ONCE):
        snapshot = from_bytes(bytes(publication.snapshot.content))
        kinds = {cause.uid: cause.kind for cause in snapshot.causes}
        for item in snapshot.actions:
            Promise.objects.filter(document=publication.document_id, uid=item.uid).update(
                cause_kind=kinds.get(item.cause, ""),
                tracker=item.tracker,
                stated_tracker=item.tracker,
            )


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0034_reminders'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(blank=True, max_length=1000)),
            ],
            options={
                'ordering': (django.db.models.functions.text.Lower('name'), 'pk'),
            },
        ),
        migrations.AddField(
            model_name='promise',
            name='cause_kind',
            field=models.CharField(blank=True, choices=[('trigger', 'Trigger'), ('contributing', 'Contributing factor'), ('latent', 'Latent condition'), ('safeguard', 'Failed or missing safeguard'), ('amplifier', 'Amplifier'), ('luck', 'Luck: limited the damage')], default='', max_length=12),
        ),
        migrations.AddField(
            model_name='promise',
            name='service',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coe.service'),
        ),
        migrations.AddField(
            model_name='promise',
            name='severity',
            field=models.PositiveSmallIntegerField(choices=[(1, 'Sev 1: customers cannot use the service'), (2, 'Sev 2: an important function is broken for many'), (3, 'Sev 3: some customers notice'), (4, 'Sev 4: near-miss, nobody outside noticed')], null=True),
        ),
        migrations.AddField(
            model_name='promise',
            name='stated_tracker',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        migrations.AddField(
            model_name='promise',
            name='team',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coe.team'),
        ),
        migrations.AddField(
            model_name='promise',
            name='tracker',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        migrations.RunSQL(FROM_PUBLICATIONS, migrations.RunSQL.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(django.db.models.functions.comparison.Coalesce('due_on', models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())), models.F('priority'), models.F('id'), condition=models.Q(('dropped_at__isnull', True)), name='promise_by_due'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(django.db.models.functions.comparison.Coalesce('due_on', models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())), models.F('priority'), models.F('id'), condition=models.Q(('dropped_at__isnull', True), ('state__in', ('accepted', 'in_progress', 'did_not_hold'))), name='promise_open_by_due'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(models.F('state'), django.db.models.functions.comparison.Coalesce('due_on', models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())), models.F('priority'), models.F('id'), condition=models.Q(('dropped_at__isnull', True)), name='promise_by_state'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(models.F('owner'), django.db.models.functions.comparison.Coalesce('due_on', models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())), models.F('priority'), models.F('id'), condition=models.Q(('dropped_at__isnull', True)), name='promise_by_owner'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(models.F('team'), django.db.models.functions.comparison.Coalesce('due_on', models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())), models.F('priority'), models.F('id'), condition=models.Q(('dropped_at__isnull', True)), name='promise_by_team'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(models.F('service'), django.db.models.functions.comparison.Coalesce('due_on', models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())), models.F('priority'), models.F('id'), condition=models.Q(('dropped_at__isnull', True)), name='promise_by_service'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(models.F('cause_kind'), django.db.models.functions.comparison.Coalesce('due_on', models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())), models.F('priority'), models.F('id'), condition=models.Q(('dropped_at__isnull', True)), name='promise_by_cause_kind'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(django.db.models.functions.comparison.Coalesce('severity', models.Value(9)), django.db.models.functions.comparison.Coalesce('due_on', models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())), models.F('priority'), models.F('id'), condition=models.Q(('dropped_at__isnull', True)), name='promise_by_severity'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(models.F('person'), django.db.models.functions.text.Lower('name'), name='saved_view_name_once'),
        ),
        migrations.RunSQL(WORDS, NO_WORDS),
    ]
