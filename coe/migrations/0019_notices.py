"""What people should know waits for them: notices, how they are mailed, what is watched."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0018_outbox'),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyTime',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='daily_time', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('zone', models.CharField(blank=True, default='', max_length=64)),
                ('hour', models.PositiveSmallIntegerField(default=8)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('hour__lte', 23)), name='daily_time_has_hour_of_day')],
            },
        ),
        migrations.CreateModel(
            name='DailyMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('sent_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='daily_mails', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'day'), name='daily_mail_once')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('asked_to_review', 'You are asked to review a COE'), ('answered', 'Somebody answers you in a discussion'), ('mentioned', 'Somebody mentions you'), ('changes_requested', 'Changes to your COE are asked for'), ('approval_dropped', 'An edit drops an approval'), ('approved', 'A COE is approved'), ('published', 'A COE is published'), ('handed_over', 'A COE is handed over to you'), ('retracted', 'A published COE is retracted'), ('decided', 'An action item of yours is decided'), ('excused', 'You are excused from a review')], max_length=20)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True, default='')),
                ('anchor', models.CharField(blank=True, default='', max_length=200)),
                ('key', models.CharField(blank=True, default='', max_length=200)),
                ('is_watching', models.BooleanField(default=False)),
                ('delivery', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day'), ('off', 'No mail')], max_length=8)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='coe.document')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-pk',),
                'indexes': [models.Index(models.F('person'), models.F('document'), condition=models.Q(('seen_at__isnull', True)), name='notice_unseen'), models.Index(models.F('person'), condition=models.Q(('delivery', 'daily'), ('mailed_at__isnull', True), ('seen_at__isnull', True)), name='notice_to_gather'), models.Index(models.F('seen_at'), condition=models.Q(('seen_at__isnull', False)), name='notice_seen')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('seen_at__isnull', True), models.Q(('key', ''), _negated=True)), fields=('person', 'document', 'kind', 'key'), name='notice_unseen_once')],
            },
        ),
        migrations.CreateModel(
            name='NoticeSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('asked_to_review', 'You are asked to review a COE'), ('answered', 'Somebody answers you in a discussion'), ('mentioned', 'Somebody mentions you'), ('changes_requested', 'Changes to your COE are asked for'), ('approval_dropped', 'An edit drops an approval'), ('approved', 'A COE is approved'), ('published', 'A COE is published'), ('handed_over', 'A COE is handed over to you'), ('retracted', 'A published COE is retracted'), ('decided', 'An action item of yours is decided'), ('excused', 'You are excused from a review')], max_length=20)),
                ('delivery', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day'), ('off', 'No mail')], max_length=8)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notice_settings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'kind'), name='notice_setting_once')],
            },
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='coe.document')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watches', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='coe.service')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='coe.team')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('document__isnull', False), ('service__isnull', True), ('team__isnull', True)), models.Q(('document__isnull', True), ('service__isnull', False), ('team__isnull', True)), models.Q(('document__isnull', True), ('service__isnull', True), ('team__isnull', False)), _connector='OR'), name='watch_of_one_thing'), models.UniqueConstraint(fields=('person', 'document', 'service', 'team'), name='watch_once', nulls_distinct=False)],
            },
        ),
    ]
