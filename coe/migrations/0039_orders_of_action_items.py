"""An index for each order in which action items are listed; views that a team shares."""

import datetime

from django.db import migrations, models
from django.db.models.functions import Coalesce

DUE = Coalesce(
    "due_on", models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())
)
CAUSES = ("trigger", "contributing", "latent", "safeguard", "amplifier", "luck")
BY_CAUSE = models.Case(
    *(models.When(cause_kind=kind, then=models.Value(rank)) for rank, kind in enumerate(CAUSES)),
    default=models.Value(9),
    output_field=models.IntegerField(),
)
ORDERS = {
    "promise_in_order_of_causes": (BY_CAUSE, DUE, "priority", "id"),
    "promise_by_moves": (models.F("moves").desc(), DUE, "priority", "id"),
    "promise_by_priority": ("priority", DUE, "id"),
    "promise_by_rest": ("state_since", "id"),
}


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0038_items_of_several_coes'),
    ]

    operations = [
        migrations.AddField(
            model_name='savedview',
            name='is_shared',
            field=models.BooleanField(default=False),
        ),
        *(
            migrations.AddIndex(
                model_name='promise',
                index=models.Index(
                    *columns, name=name, condition=models.Q(('dropped_at__isnull', True))
                ),
            )
            for name, columns in ORDERS.items()
        ),
    ]
