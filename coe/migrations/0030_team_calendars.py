"""Calendars of teams, and the clocks of a COE and of its action items."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0029_names_drop_signatures'),
    ]

    operations = [
        migrations.CreateModel(
            name='TeamCalendar',
            fields=[
                ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='calendar', serialize=False, to='coe.team')),
                ('counts_working_days', models.BooleanField(default=False)),
            ],
        ),
        migrations.AlterField(
            model_name='guidelimit',
            name='name',
            field=models.CharField(choices=[('summary_words', 'Words of a summary'), ('fewest_entries', 'Entries of a timeline, at least'), ('gap_minutes', 'Minutes without an entry'), ('slow_detection', 'Minutes to detect, by severity'), ('slow_diagnosis', 'Minutes from detected to diagnosed, by severity'), ('slow_mitigation', 'Minutes from detected to mitigated, by severity'), ('due_days', 'Days until an action item is due, by priority'), ('publication_days', 'Working days from mitigation to publication'), ('draft_days', 'Working days from mitigation to review'), ('review_days', 'Working days in review'), ('verify_days', 'Days from done to verified, at least'), ('move_days', 'Days that a due date may be moved without an approver')], max_length=16),
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('name', models.CharField(blank=True, default='', max_length=100)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holidays', to='coe.teamcalendar')),
            ],
            options={
                'ordering': ('day',),
                'constraints': [models.UniqueConstraint(fields=('calendar', 'day'), name='holiday_once')],
            },
        ),
    ]
