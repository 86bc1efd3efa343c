"""What becomes of a published action item: how far it is, when it is due, and all that happened."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

STANDS_ONCE_TOLD = """
CREATE FUNCTION coe_refuse_edit_of_promise_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{note,evidence}'::text[] <> to_jsonb(OLD) - '{note,evidence}'::text[]
        OR NEW.note NOT IN (OLD.note, '') OR NEW.evidence NOT IN (OLD.evidence, '')
    THEN
        RAISE EXCEPTION 'what became of a promise stands as it was told'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_edit BEFORE UPDATE ON coe_promiseevent
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_edit_of_promise_event();
CREATE TRIGGER refuse_delete BEFORE DELETE ON coe_promiseevent
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_promiseevent
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();

CREATE FUNCTION coe_refuse_edit_of_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.event_id, NEW.media_type) <> (OLD.event_id, OLD.media_type)
        OR NEW.name <> '' OR NEW.content <> ''::bytea
    THEN
        RAISE EXCEPTION 'evidence stands as it was given' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_edit BEFORE UPDATE ON coe_evidencefile
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_edit_of_evidence();
CREATE TRIGGER refuse_delete BEFORE DELETE ON coe_evidencefile
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_evidencefile
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();
"""

IS_NOT_KEPT = """
DROP TRIGGER refuse_truncate ON coe_evidencefile;
DROP TRIGGER refuse_delete ON coe_evidencefile;
DROP TRIGGER refuse_edit ON coe_evidencefile;
DROP FUNCTION coe_refuse_edit_of_evidence();
DROP TRIGGER refuse_truncate ON coe_promiseevent;
DROP TRIGGER refuse_delete ON coe_promiseevent;
DROP TRIGGER refuse_edit ON coe_promiseevent;
DROP FUNCTION coe_refuse_edit_of_promise_event();
"""

PROMISES_OF_BEFORE = """
UPDATE coe_promise SET first_due_on = due_on, stated_due_on = due_on, stated_owner_id = owner_id,
    state_since = promised_at
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0032_webhooks_and_feeds'),
    ]

    operations = [
        migrations.CreateModel(
            name='PromiseEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('started', 'Started'), ('put_back', 'Put back'), ('done', 'Done'), ('not_done', 'Not done after all'), ('verified', 'Verified'), ('did_not_hold', 'Did not hold'), ('wont_do', 'Won’t do'), ('taken_up', 'Taken up again'), ('moved', 'Due date moved'), ('handed_over', 'Handed over'), ('asked_to_move', 'Asked to move the due date'), ('asked_wont_do', 'Asked not to do it'), ('refused', 'Refused'), ('taken_back', 'Request taken back'), ('dropped', 'Promised no more'), ('promised_again', 'Promised again')], max_length=16)),
                ('name', models.CharField(max_length=100)),
                ('role', models.CharField(blank=True, default='', max_length=100)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('state_before', models.CharField(blank=True, choices=[('accepted', 'Accepted'), ('in_progress', 'In progress'), ('done', 'Done'), ('verified', 'Verified'), ('did_not_hold', 'Did not hold'), ('wont_do', 'Won’t do')], default='', max_length=12)),
                ('state_after', models.CharField(blank=True, choices=[('accepted', 'Accepted'), ('in_progress', 'In progress'), ('done', 'Done'), ('verified', 'Verified'), ('did_not_hold', 'Did not hold'), ('wont_do', 'Won’t do')], default='', max_length=12)),
                ('due_before', models.DateField(blank=True, null=True)),
                ('due_after', models.DateField(blank=True, null=True)),
                ('note', models.TextField(blank=True, default='')),
                ('evidence', models.CharField(blank=True, default='', max_length=1000)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='PromiseRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('move', 'Move the due date'), ('wont_do', 'Not do it')], max_length=8)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('reason', models.TextField()),
                ('wanted', models.DateField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Taken back'), ('lapsed', 'Overtaken')], default='', max_length=9)),
                ('note', models.TextField(blank=True, default='')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.AddField(
            model_name='promise',
            name='did_not_hold_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='promise',
            name='done_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promise',
            name='done_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='promise',
            name='first_due_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='promise',
            name='moves',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='promise',
            name='state',
            field=models.CharField(choices=[('accepted', 'Accepted'), ('in_progress', 'In progress'), ('done', 'Done'), ('verified', 'Verified'), ('did_not_hold', 'Did not hold'), ('wont_do', 'Won’t do')], default='accepted', max_length=12),
        ),
        migrations.AddField(
            model_name='promise',
            name='state_since',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='promise',
            name='stated_due_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='promise',
            name='stated_owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promise',
            name='verify_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('asked_to_review', 'You are asked to review a COE'), ('answered', 'Somebody answers you in a discussion'), ('mentioned', 'Somebody mentions you'), ('changes_requested', 'Changes to your COE are asked for'), ('approval_dropped', 'An edit drops an approval'), ('approved', 'A COE is approved'), ('published', 'A COE is published'), ('handed_over', 'A COE is handed over to you'), ('retracted', 'A published COE is retracted'), ('decided', 'An action item of yours is decided'), ('excused', 'You are excused from a review'), ('promise_done', 'A correction that concerns you is done'), ('promise_verified', 'A correction is shown to hold'), ('did_not_hold', 'A correction did not hold'), ('promise_moved', 'The due date of a correction is moved'), ('promise_asked', 'You are asked to decide about a correction'), ('promise_decided', 'A request about a correction is decided'), ('promise_handed_over', 'A correction is handed over to you')], max_length=20),
        ),
        migrations.AlterField(
            model_name='noticesetting',
            name='kind',
            field=models.CharField(choices=[('asked_to_review', 'You are asked to review a COE'), ('answered', 'Somebody answers you in a discussion'), ('mentioned', 'Somebody mentions you'), ('changes_requested', 'Changes to your COE are asked for'), ('approval_dropped', 'An edit drops an approval'), ('approved', 'A COE is approved'), ('published', 'A COE is published'), ('handed_over', 'A COE is handed over to you'), ('retracted', 'A published COE is retracted'), ('decided', 'An action item of yours is decided'), ('excused', 'You are excused from a review'), ('promise_done', 'A correction that concerns you is done'), ('promise_verified', 'A correction is shown to hold'), ('did_not_hold', 'A correction did not hold'), ('promise_moved', 'The due date of a correction is moved'), ('promise_asked', 'You are asked to decide about a correction'), ('promise_decided', 'A request about a correction is decided'), ('promise_handed_over', 'A correction is handed over to you')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_by__isnull', False), ('done_on__isnull', False), ('state__in', ('done', 'verified')), ('verify_from__isnull', False)), models.Q(models.Q(('state__in', ('done', 'verified')), _negated=True), ('done_by__isnull', True), ('done_on__isnull', True), ('verify_from__isnull', True)), _connector='OR'), name='promise_is_finished_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('moves', 0), ('first_due_on__isnull', False), _connector='OR'), name='promise_is_moved_from_a_day'),
        ),
        migrations.CreateModel(
            name='EvidenceFile',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='file', serialize=False, to='coe.promiseevent')),
                ('name', models.CharField(blank=True, max_length=100)),
                ('media_type', models.CharField(max_length=40)),
                ('content', models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name='promiseevent',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promiseevent',
            name='owner_after',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promiseevent',
            name='owner_before',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promiseevent',
            name='promise',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='coe.promise'),
        ),
        migrations.AddField(
            model_name='promiserequest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promiserequest',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promiserequest',
            name='promise',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='coe.promise'),
        ),
        migrations.AddConstraint(
            model_name='promiserequest',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('promise', 'kind'), name='request_open_once'),
        ),
        migrations.AddConstraint(
            model_name='promiserequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'move'), ('wanted__isnull', False)), models.Q(('kind', 'wont_do'), ('wanted__isnull', True)), _connector='OR'), name='request_to_move_names_a_day'),
        ),
        migrations.AddConstraint(
            model_name='promiserequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='request_is_decided_once'),
        ),
        migrations.RunSQL(STANDS_ONCE_TOLD, IS_NOT_KEPT),
        migrations.RunSQL(PROMISES_OF_BEFORE, migrations.RunSQL.noop),
    ]
