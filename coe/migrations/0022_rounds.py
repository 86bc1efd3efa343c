"""Rounds of review: who was asked, who signed, what came of it. What was submitted before gets its
rounds from the history."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

KEEPS_ROUNDS = """
CREATE FUNCTION coe_refuse_edit_of_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL
        OR to_jsonb(NEW) - '{closed_at,outcome}'::text[] <> to_jsonb(OLD) - '{closed_at,outcome}'::text[]
    THEN
        RAISE EXCEPTION 'a round is closed once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_edit BEFORE UPDATE ON coe_round
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_edit_of_round();
CREATE TRIGGER refuse_delete BEFORE DELETE ON coe_round
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_round
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();
"""

LOSES_ROUNDS = """
DROP TRIGGER refuse_truncate ON coe_round;
DROP TRIGGER refuse_delete ON coe_round;
DROP TRIGGER refuse_edit ON coe_round;
DROP FUNCTION coe_refuse_edit_of_round();
"""

SIGN_OFF_STANDS = """
CREATE OR REPLACE FUNCTION coe_refuse_edit_of_sign_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{dropped_at,waivers%(more)s}'::text[]
        <> to_jsonb(OLD) - '{dropped_at,waivers%(more)s}'::text[]
        OR NOT NEW.waivers <@ OLD.waivers
    THEN
        RAISE EXCEPTION 'a sign-off stands as it was given' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
GETS_ITS_ROUND = SIGN_OFF_STANDS % {"more": ",round_id"}
STANDS_AGAIN = SIGN_OFF_STANDS % {"more": ""}

ROUNDS_OF_BEFORE = """
WITH turn AS (
    SELECT event.*, content -> 'after' ->> 'digest' AS digest,
           LEAD(action) OVER course AS outcome, LEAD(event.at) OVER course AS closed_at
    FROM coe_historyevent event LEFT JOIN coe_historytext ON event_id = event.id
    WHERE subject = 'document'
        AND action IN ('submitted', 'withdrawn', 'changes_requested', 'approved')
    WINDOW course AS (PARTITION BY document_id ORDER BY event.id)
)
INSERT INTO coe_round
    (document_id, number, snapshot_id, opened_by_id, opened_at, closed_at, outcome)
SELECT document_id, ROW_NUMBER() OVER (PARTITION BY document_id ORDER BY turn.id),
       COALESCE(
           (SELECT id FROM coe_storedsnapshot judged
            WHERE judged.document_id = turn.document_id AND judged.digest = turn.digest),
           (SELECT id FROM coe_storedsnapshot judged
            WHERE judged.document_id = turn.document_id
            ORDER BY taken_at <= turn.at DESC, taken_at DESC LIMIT 1)
       ), actor_id, at, closed_at, COALESCE(outcome, '')
FROM turn JOIN coe_document document ON document.id = document_id
WHERE action = 'submitted' AND (closed_at IS NOT NULL OR document.state = 'in_review');

UPDATE coe_signoff signed SET round_id = (
    SELECT id FROM coe_round round
    WHERE round.document_id = signed.document_id AND round.opened_at <= signed.signed_at
    ORDER BY number DESC LIMIT 1
);

WITH asked AS (
    SELECT DISTINCT round_id, user_id FROM coe_signoff WHERE round_id IS NOT NULL
    UNION
    SELECT round.id, user_id FROM coe_round round
    JOIN coe_participant part ON part.document_id = round.document_id AND role = 'reviewer'
    WHERE closed_at IS NULL OR outcome = 'withdrawn'
)
INSERT INTO coe_reviewer
    (round_id, user_id, name, role, why, is_required, asked_by_id, asked_at, excused_reason)
SELECT round_id, user_id, person.name,
       CASE WHEN is_leader THEN 'Leadership' ELSE COALESCE(team.name, '') END,
       'approver', false, opened_by_id, opened_at, ''
FROM asked JOIN coe_round round ON round.id = round_id
JOIN coe_user person ON person.id = user_id LEFT JOIN coe_team team ON team.id = team_id;
"""

CHECKS_SIGNATURES = """
-- Whoever writes in a text that somebody signed need not think of it: the worker looks whether the
-- signatures still stand (coe/reviews/jobs.py).
CREATE FUNCTION coe_check_signatures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM coe_document document JOIN coe_signoff signed
            ON signed.document_id = document.id AND dropped_at IS NULL AND verdict = 'signed'
        WHERE document.id = NEW.document_id AND state = 'in_review'
    ) THEN
        PERFORM coe_put_job(
            'signatures_checked', jsonb_build_object('document', NEW.document_id),
            NEW.document_id::text
        );
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER check_signatures AFTER INSERT ON coe_historyevent
    FOR EACH ROW WHEN (
        NEW.document_id IS NOT NULL
        AND NEW.action IN ('added', 'changed', 'moved', 'removed', 'handed_over', 'restored')
    )
    EXECUTE FUNCTION coe_check_signatures();
"""

CHECKS_NOTHING = """
DROP TRIGGER check_signatures ON coe_historyevent;
DROP FUNCTION coe_check_signatures();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0021_decisions_on_action_items'),
    ]

    operations = [
        migrations.AddField(
            model_name='signoff',
            name='dissent',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='signoff',
            name='verdict',
            field=models.CharField(choices=[('approved', 'Approved'), ('signed', 'Signed'), ('changes_requested', 'Changes requested')], max_length=20),
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('approved', 'Approved'), ('changes_requested', 'Changes requested'), ('withdrawn', 'Taken back')], default='', max_length=20)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='coe.document')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='coe.storedsnapshot')),
            ],
            options={
                'ordering': ('number',),
            },
        ),
        migrations.CreateModel(
            name='Reviewer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('role', models.CharField(blank=True, max_length=100)),
                ('why', models.CharField(choices=[('approver', 'Approves it'), ('guide', 'Asked by the guide'), ('asked', 'Asked')], max_length=10)),
                ('is_required', models.BooleanField(default=False)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('excused_at', models.DateTimeField(blank=True, null=True)),
                ('excused_reason', models.TextField(blank=True, default='')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('excused_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviewers', to='coe.round')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.AddField(
            model_name='signoff',
            name='round',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='coe.round'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at', None), models.Q(('verdict', 'changes_requested'), _negated=True)), fields=('round', 'user'), name='one_standing_signature'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(fields=('document', 'number'), name='round_number_once'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('document',), name='one_open_round'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('outcome', '')), models.Q(('closed_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='round_closed_with_outcome'),
        ),
        migrations.AddConstraint(
            model_name='reviewer',
            constraint=models.UniqueConstraint(fields=('round', 'user'), name='reviewer_once_a_round'),
        ),
        migrations.AddConstraint(
            model_name='reviewer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('excused_at', None), ('excused_by', None), ('excused_reason', '')), models.Q(('excused_at__isnull', False), ('excused_by__isnull', False), models.Q(('excused_reason', ''), _negated=True)), _connector='OR'), name='excused_with_a_reason'),
        ),
        migrations.RunSQL(KEEPS_ROUNDS, LOSES_ROUNDS),
        migrations.RunSQL(CHECKS_SIGNATURES, CHECKS_NOTHING),
        migrations.RunSQL(GETS_ITS_ROUND, migrations.RunSQL.noop),
        migrations.RunSQL(ROUNDS_OF_BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(STANDS_AGAIN, migrations.RunSQL.noop),
    ]
