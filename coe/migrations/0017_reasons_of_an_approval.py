"""An approval keeps what stood for a reason when it was given."""

from django.db import migrations, models

LETS_REASONS_GO = """
-- An administrator can take a secret out of what stood for a reason: it gets less, never more.
CREATE OR REPLACE FUNCTION coe_refuse_edit_of_sign_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{dropped_at,waivers}'::text[] <> to_jsonb(OLD) - '{dropped_at,waivers}'::text[]
        OR NOT NEW.waivers <@ OLD.waivers
    THEN
        RAISE EXCEPTION 'a sign-off stands as it was given' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

KEEPS_THEM = """
CREATE OR REPLACE FUNCTION coe_refuse_edit_of_sign_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'dropped_at' <> to_jsonb(OLD) - 'dropped_at' THEN
        RAISE EXCEPTION 'a sign-off stands as it was given' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0016_kinds_of_incidents'),
    ]

    operations = [
        migrations.AddField(
            model_name='signoff',
            name='waivers',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunSQL(LETS_REASONS_GO, KEEPS_THEM),
    ]
