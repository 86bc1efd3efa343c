"""The outbox: jobs, put in the transaction that causes them, and the heartbeat of workers."""

import django.db.models.functions.datetime
from django.db import migrations, models

PUTS_JOBS = """
-- Puts a job into the outbox; services and triggers call it alike. A transaction that puts one of
-- the same kind and key twice has one row. Those of other transactions are not looked at: they are
-- done as one when they are taken, so nobody waits here, and no job is left out because of one that
-- looks at the tables before we are committed.
CREATE FUNCTION coe_put_job(
    of_kind text, with_payload jsonb, about text DEFAULT '', not_before timestamptz DEFAULT NULL
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO coe_job (kind, payload, key, due_at, put_in)
    SELECT of_kind, with_payload, about, COALESCE(not_before, statement_timestamp()),
        pg_current_xact_id()::text::bigint
    WHERE about = '' OR NOT EXISTS (
        SELECT FROM coe_job
        WHERE kind = of_kind AND key = about AND state = 'waiting' AND key <> '' AND tries = 0
            AND put_in = pg_current_xact_id()::text::bigint
            AND due_at <= COALESCE(not_before, statement_timestamp())
    )
$$;
"""

PUTS_NONE = "DROP FUNCTION coe_put_job(text, jsonb, text, timestamptz);"


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0017_reasons_of_an_approval'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('uid', models.UUIDField(primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('beat_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(models.F('beat_at'), name='heartbeat_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('key', models.CharField(blank=True, db_default='', max_length=200)),
                ('payload', models.JSONField(db_default={})),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('failed', 'Failed')], db_default='waiting', max_length=10)),
                ('put_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('put_in', models.BigIntegerField(blank=True, null=True)),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('tries', models.PositiveSmallIntegerField(db_default=0)),
                ('lost', models.PositiveSmallIntegerField(db_default=0)),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.TextField(blank=True, db_default='')),
            ],
            options={
                'indexes': [models.Index(models.F('due_at'), models.F('id'), condition=models.Q(('state', 'waiting')), name='job_waiting_by_time'), models.Index(models.F('kind'), models.F('key'), condition=models.Q(('state', 'waiting'), models.Q(('key', ''), _negated=True)), name='job_waiting_by_key'), models.Index(models.F('state'), models.F('ended_at'), condition=models.Q(('state', 'waiting'), _negated=True), name='job_ended')],
            },
        ),
        migrations.RunSQL(PUTS_JOBS, PUTS_NONE),
    ]
