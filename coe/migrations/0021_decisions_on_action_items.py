"""What the approver decides of each action item."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

STANDS_AS_GIVEN = """
-- A decision is taken back or replaced by another, and stays. A secret can be taken out of it.
CREATE FUNCTION coe_refuse_edit_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{withdrawn_at,reason,proposal}'::text[]
            <> to_jsonb(OLD) - '{withdrawn_at,reason,proposal}'::text[]
        OR NEW.reason NOT IN (OLD.reason, '')
        OR NEW.proposal NOT IN (OLD.proposal, '{}'::jsonb)
        OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at
    THEN
        RAISE EXCEPTION 'a decision stands as it was given' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_edit BEFORE UPDATE ON coe_itemdecision
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_edit_of_decision();
CREATE TRIGGER refuse_delete BEFORE DELETE ON coe_itemdecision
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
"""

MAY_BE_REWRITTEN = """
DROP TRIGGER refuse_delete ON coe_itemdecision;
DROP TRIGGER refuse_edit ON coe_itemdecision;
DROP FUNCTION coe_refuse_edit_of_decision();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0020_discussion'),
    ]

    operations = [
        migrations.CreateModel(
            name='ItemDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField()),
                ('verdict', models.CharField(choices=[('accepted', 'Accepted'), ('changed', 'Accepted with changes'), ('rejected', 'Rejected')], max_length=8)),
                ('reason', models.TextField(blank=True, default='')),
                ('name', models.CharField(max_length=100)),
                ('role', models.CharField(blank=True, max_length=100)),
                ('decided_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('digest', models.CharField(max_length=64)),
                ('proposal', models.JSONField()),
                ('due_on', models.DateField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='item_decisions', to='coe.document')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('document', 'uid'), name='one_decision_of_an_item'), models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', True), ('owner__isnull', True), ('verdict', 'rejected')), models.Q(models.Q(('verdict', 'rejected'), _negated=True), ('due_on__isnull', False), ('owner__isnull', False)), _connector='OR'), name='decision_commits_owner_and_date')],
            },
        ),
        migrations.RunSQL(STANDS_AS_GIVEN, MAY_BE_REWRITTEN),
    ]
