"""Whom we call, what each was sent, calendars that people fetch, and when a promise changed."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models


NOTES_CHANGES = """
-- A calendar says when a day in it was changed. Whatever changes a promise, this is noted.
CREATE FUNCTION coe_note_change_of_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := statement_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER note_change BEFORE UPDATE ON coe_promise
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION coe_note_change_of_promise();
"""

NOTES_NONE = """
DROP TRIGGER note_change ON coe_promise;
DROP FUNCTION coe_note_change_of_promise();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0031_incidents_without_a_coe'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='calendar_feed', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('read_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='promise',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, default='', max_length=100)),
                ('sealed_address', models.TextField()),
                ('host', models.CharField(max_length=255)),
                ('sealed_secret', models.TextField(blank=True, default='')),
                ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('tells_restricted', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('is_given_up', models.BooleanField(default=False)),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('quiet_until', models.DateTimeField(blank=True, null=True)),
                ('misses', models.PositiveSmallIntegerField(default=0)),
                ('team', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='chat', to='coe.team')),
            ],
            options={
                'ordering': (django.db.models.functions.comparison.Collate(django.db.models.functions.text.Lower('name'), 'C'), 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('event', models.CharField(max_length=40)),
                ('body', models.TextField()),
                ('version', models.PositiveIntegerField(blank=True, null=True)),
                ('is_restricted', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Given up'), ('withheld', 'Withheld')], default='waiting', max_length=10)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('error', models.TextField(blank=True, default='')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='coe.document')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='coe.webhook')),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), condition=models.Q(('team__isnull', True)), name='webhook_name_unique'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(('is_given_up', False), ('paused_at__isnull', False), _connector='OR'), name='webhook_given_up_is_paused'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(('team__isnull', True), ('tells_restricted', False), _connector='OR'), name='chat_tells_nothing_restricted'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('webhook'), models.F('due_at'), models.F('id'), condition=models.Q(('state', 'waiting')), name='delivery_waiting'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('webhook'), models.OrderBy(models.F('id'), descending=True), name='delivery_of_webhook'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('made_at'), name='delivery_by_age'),
        ),
        migrations.RunSQL(NOTES_CHANGES, NOTES_NONE),
    ]
