"""What people say about a working copy. It is only ever added to, and settled."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


KEEPS_WHAT_WAS_SAID = """
-- What was said stands. A thread is settled and taken up again; its words can be emptied, for a
-- secret that somebody pasted, and nothing else.
CREATE FUNCTION coe_refuse_edit_of_thread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{resolved_by_id,resolved_at,resolution_note,taken_at,quote,before,after,replacement,emptied_at}'::text[]
        <> to_jsonb(OLD) - '{resolved_by_id,resolved_at,resolution_note,taken_at,quote,before,after,replacement,emptied_at}'::text[]
        OR NEW.quote NOT IN (OLD.quote, '') OR NEW.before NOT IN (OLD.before, '')
        OR NEW.after NOT IN (OLD.after, '') OR NEW.replacement NOT IN (OLD.replacement, '')
    THEN
        RAISE EXCEPTION 'what was said stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_edit BEFORE UPDATE ON coe_thread
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_edit_of_thread();
CREATE TRIGGER refuse_delete BEFORE DELETE ON coe_thread
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_thread
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();

CREATE TRIGGER refuse_rewrite BEFORE UPDATE ON coe_message
    FOR EACH ROW WHEN (NEW.text <> '' OR NEW.thread_id <> OLD.thread_id
        OR NEW.author_id <> OLD.author_id OR NEW.uid <> OLD.uid OR NEW.at <> OLD.at)
    EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_delete BEFORE DELETE ON coe_message
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_message
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();
"""

LETS_IT_GO = """
DROP TRIGGER refuse_truncate ON coe_message;
DROP TRIGGER refuse_delete ON coe_message;
DROP TRIGGER refuse_rewrite ON coe_message;
DROP TRIGGER refuse_truncate ON coe_thread;
DROP TRIGGER refuse_delete ON coe_thread;
DROP TRIGGER refuse_edit ON coe_thread;
DROP FUNCTION coe_refuse_edit_of_thread();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0019_notices'),
    ]

    operations = [
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(choices=[('question', 'Question'), ('suggestion', 'Suggestion'), ('must', 'Must')], max_length=10)),
                ('subject', models.CharField(choices=[('whole', 'The whole COE'), ('section', 'Section'), ('answer', 'Answer'), ('entry', 'Timeline entry'), ('figure', 'Impact figure'), ('safeguard', 'Safeguard'), ('cause', 'Cause'), ('lesson', 'Lesson'), ('action', 'Action item'), ('related', 'Related item')], max_length=10)),
                ('key', models.CharField(blank=True, default='', max_length=64)),
                ('field', models.CharField(blank=True, default='', max_length=20)),
                ('quote', models.TextField(blank=True, default='')),
                ('before', models.TextField(blank=True, default='')),
                ('after', models.TextField(blank=True, default='')),
                ('rival', models.IntegerField(default=-1)),
                ('replacement', models.TextField(blank=True, default='')),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('resolution_note', models.TextField(blank=True, default='')),
                ('taken_at', models.DateTimeField(blank=True, null=True)),
                ('emptied_at', models.DateTimeField(blank=True, null=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='coe.document')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('emptied_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='coe.thread')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.UniqueConstraint(fields=('document', 'uid'), name='thread_uid_once'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'suggestion'), _negated=True), models.Q(('quote', ''), _negated=True), ('emptied_at__isnull', False), _connector='OR'), name='thread_suggests_for_words'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('resolved_by__isnull', True)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='thread_resolved_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(('taken_at__isnull', True), models.Q(('kind', 'suggestion'), ('resolved_at__isnull', False)), _connector='OR'), name='thread_taken_is_resolved'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('thread', 'uid'), name='message_uid_once'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('emptied_at__isnull', False), _connector='OR'), name='message_says_something'),
        ),
        migrations.RunSQL(KEEPS_WHAT_WAS_SAID, LETS_IT_GO),
    ]
