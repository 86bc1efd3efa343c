"""What was published can be retracted: readers get a stub that says who, when and why."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

ENDS_ONCE = """
CREATE OR REPLACE FUNCTION coe_refuse_edit_of_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION 'a published version stands' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state
        AND NOT (OLD.state = 'current' AND NEW.state IN ('superseded', 'retracted'))
    THEN
        RAISE EXCEPTION 'a version that was % never becomes %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

ENDS_AS_BEFORE = """
CREATE OR REPLACE FUNCTION coe_refuse_edit_of_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION 'a published version stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

KEEPS_REASONS = """
-- The reason can be emptied, for a secret that somebody pasted, and nothing else.
CREATE FUNCTION coe_refuse_edit_of_retraction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'reason' <> to_jsonb(OLD) - 'reason' OR NEW.reason <> '' THEN
        RAISE EXCEPTION 'a retraction stands as it was given' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_edit BEFORE UPDATE ON coe_retraction
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_edit_of_retraction();
CREATE TRIGGER refuse_delete BEFORE DELETE ON coe_retraction
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_retraction
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();
"""

LOSES_REASONS = """
DROP TRIGGER refuse_truncate ON coe_retraction;
DROP TRIGGER refuse_delete ON coe_retraction;
DROP TRIGGER refuse_edit ON coe_retraction;
DROP FUNCTION coe_refuse_edit_of_retraction();
"""


class Migration(migrations.Migration):
    dependencies = [("coe", "0022_rounds")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="retracted_version",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("current_version__gt", models.F("retracted_version")),
                    ("current_version__isnull", True),
                    ("retracted_version__isnull", True),
                    _connector="OR",
                ),
                name="current_after_retracted",
            ),
        ),
        migrations.AlterField(
            model_name="publication",
            name="state",
            field=models.CharField(
                choices=[
                    ("current", "Current"),
                    ("superseded", "Superseded"),
                    ("retracted", "Retracted"),
                ],
                default="current",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Retraction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("role", models.CharField(blank=True, max_length=100)),
                ("reason", models.TextField()),
                (
                    "retracted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retractions",
                        to="coe.document",
                    ),
                ),
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retraction",
                        to="coe.publication",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ("pk",)},
        ),
        migrations.RunSQL(ENDS_ONCE, ENDS_AS_BEFORE),
        migrations.RunSQL(KEEPS_REASONS, LOSES_REASONS),
    ]
