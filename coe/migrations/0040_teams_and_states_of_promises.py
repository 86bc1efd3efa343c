"""Every promise has a team, and a state that there is.

Those of COEs that were retracted before lists told teams had none: they get that of the incident.
"""

import django.db.models.deletion
from django.db import migrations, models

FROM_INCIDENTS = """
UPDATE coe_promise promise
SET team_id = incident.team_id
FROM coe_document document
JOIN coe_incident incident ON incident.id = document.incident_id
WHERE promise.document_id = document.id AND promise.team_id IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0039_orders_of_action_items'),
    ]

    operations = [
        migrations.RunSQL(FROM_INCIDENTS, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='promise',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coe.team'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['accepted', 'in_progress', 'done', 'verified', 'did_not_hold', 'wont_do'])), name='promise_state_known'),
        ),
    ]
