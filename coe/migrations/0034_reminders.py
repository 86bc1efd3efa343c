"""What somebody was reminded of, the mails of a week, and notices of what nobody did."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

ONLY_GROW = "".join(
    f"""
CREATE TRIGGER refuse_update BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_delete BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();
"""
    for table in ("coe_reminder", "coe_digest")
)


class Migration(migrations.Migration):
    dependencies = [
        ("coe", "0033_life_of_promises"),
    ]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.DateField()),
                ("lines", models.PositiveIntegerField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("due", "Due soon"),
                            ("late", "Late"),
                            ("manager", "Late, told to the manager"),
                            ("above", "Late, told to the next above"),
                            ("verify", "To be verified"),
                        ],
                        max_length=8,
                    ),
                ),
                ("days", models.PositiveIntegerField()),
                ("due_on", models.DateField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name="dailytime",
            name="wants_week",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="notice",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("asked_to_review", "You are asked to review a COE"),
                    ("answered", "Somebody answers you in a discussion"),
                    ("mentioned", "Somebody mentions you"),
                    ("changes_requested", "Changes to your COE are asked for"),
                    ("approval_dropped", "An edit drops an approval"),
                    ("approved", "A COE is approved"),
                    ("published", "A COE is published"),
                    ("handed_over", "A COE is handed over to you"),
                    ("retracted", "A published COE is retracted"),
                    ("decided", "An action item of yours is decided"),
                    ("excused", "You are excused from a review"),
                    ("promise_done", "An action item that concerns you is done"),
                    ("promise_verified", "An action item is shown to hold"),
                    ("did_not_hold", "An action item did not hold"),
                    ("promise_moved", "The due date of an action item is moved"),
                    ("promise_asked", "You are asked to decide about an action item"),
                    ("promise_decided", "A request about an action item is decided"),
                    ("promise_handed_over", "An action item is handed over to you"),
                    ("promise_due", "An action item of yours is due soon"),
                    ("promise_late", "An action item of yours is late"),
                    ("promise_escalated", "An action item of your teams is long overdue"),
                    ("promise_to_verify", "An action item waits for you to say whether it held"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="noticesetting",
            name="kind",
            field=models.CharField(
                choices=[
                    ("asked_to_review", "You are asked to review a COE"),
                    ("answered", "Somebody answers you in a discussion"),
                    ("mentioned", "Somebody mentions you"),
                    ("changes_requested", "Changes to your COE are asked for"),
                    ("approval_dropped", "An edit drops an approval"),
                    ("approved", "A COE is approved"),
                    ("published", "A COE is published"),
                    ("handed_over", "A COE is handed over to you"),
                    ("retracted", "A published COE is retracted"),
                    ("decided", "An action item of yours is decided"),
                    ("excused", "You are excused from a review"),
                    ("promise_done", "An action item that concerns you is done"),
                    ("promise_verified", "An action item is shown to hold"),
                    ("did_not_hold", "An action item did not hold"),
                    ("promise_moved", "The due date of an action item is moved"),
                    ("promise_asked", "You are asked to decide about an action item"),
                    ("promise_decided", "A request about an action item is decided"),
                    ("promise_handed_over", "An action item is handed over to you"),
                    ("promise_due", "An action item of yours is due soon"),
                    ("promise_late", "An action item of yours is late"),
                    ("promise_escalated", "An action item of your teams is long overdue"),
                    ("promise_to_verify", "An action item waits for you to say whether it held"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("by__isnull", False),
                    (
                        "kind__in",
                        ("promise_due", "promise_late", "promise_escalated", "promise_to_verify"),
                    ),
                    _connector="OR",
                ),
                name="notice_of_somebody_or_the_clock",
            ),
        ),
        migrations.AddField(
            model_name="digest",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="digests",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="digest",
            name="team",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coe.team",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="promise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="coe.promise",
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(
                fields=("person", "team", "week"), name="digest_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("promise", "kind", "days", "due_on"), name="reminder_once"
            ),
        ),
        migrations.RunSQL(ONLY_GROW, migrations.RunSQL.noop),
    ]
