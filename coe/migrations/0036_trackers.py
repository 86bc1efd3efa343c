"""Trackers, what was read of the tickets of promises, and tickets that are wanted."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0035_saved_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tracker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('jira', 'Jira'), ('github', 'GitHub')], max_length=6)),
                ('name', models.CharField(max_length=100)),
                ('address', models.CharField(max_length=1000)),
                ('project', models.CharField(max_length=200)),
                ('account', models.CharField(blank=True, default='', max_length=200)),
                ('issue_type', models.CharField(blank=True, default='Task', max_length=60)),
                ('sealed_token', models.TextField(blank=True, default='')),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.TextField(blank=True, default='')),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('quiet_until', models.DateTimeField(blank=True, null=True)),
                ('misses', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': (django.db.models.functions.comparison.Collate(django.db.models.functions.text.Lower('name'), 'C'), 'pk'),
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='tracker_name_unique'), models.UniqueConstraint(models.F('kind'), django.db.models.functions.text.Lower('address'), django.db.models.functions.text.Lower('project'), name='tracker_project_unique')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('promise', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='ticket', serialize=False, to='coe.promise')),
                ('key', models.CharField(max_length=250)),
                ('state', models.CharField(choices=[('open', 'Open'), ('in_progress', 'In progress'), ('done', 'Done'), ('gone', 'Gone'), ('unknown', 'Not known')], default='unknown', max_length=11)),
                ('told', models.CharField(blank=True, default='', max_length=80)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('error', models.TextField(blank=True, default='')),
                ('misses', models.PositiveSmallIntegerField(default=0)),
                ('tracker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tickets', to='coe.tracker')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('read_at__isnull', False), ('state', 'unknown'), _connector='OR'), name='ticket_is_known_when_read')],
            },
        ),
        migrations.CreateModel(
            name='NewTicket',
            fields=[
                ('promise', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='new_ticket', serialize=False, to='coe.promise')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('first_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('is_bare', models.BooleanField(default=False)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('sent', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('error', models.TextField(blank=True, default='')),
                ('link', models.CharField(blank=True, default='', max_length=1000)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tracker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='new_tickets', to='coe.tracker')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('link', ''), ('ended_at__isnull', False), _connector='OR'), name='new_ticket_opened_is_ended')],
            },
        ),
    ]
