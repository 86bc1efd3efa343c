"""What a guide says of the checks: their levels and limits, where they are its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0011_drafting_together'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_id', models.CharField(max_length=6)),
                ('level', models.CharField(choices=[('blocks', 'Blocks review'), ('reason', 'Needs a reason'), ('hint', 'Hint'), ('off', 'Off')], max_length=6)),
                ('guide', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='levels', to='coe.guide')),
            ],
            options={
                'ordering': ('check_id',),
                'constraints': [models.UniqueConstraint(fields=('guide', 'check_id'), name='check_level_once')],
            },
        ),
        migrations.CreateModel(
            name='GuideLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('summary_words', 'Words of a summary'), ('fewest_entries', 'Entries of a timeline, at least'), ('gap_minutes', 'Minutes without an entry'), ('slow_detection', 'Minutes to detect, by severity'), ('slow_diagnosis', 'Minutes from detected to diagnosed, by severity'), ('slow_mitigation', 'Minutes from detected to mitigated, by severity'), ('due_days', 'Days until an action item is due, by priority'), ('publication_days', 'Working days from mitigation to publication')], max_length=16)),
                ('of', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('value', models.PositiveIntegerField()),
                ('guide', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='limits', to='coe.guide')),
            ],
            options={
                'ordering': ('name', 'of'),
                'constraints': [models.UniqueConstraint(fields=('guide', 'name', 'of'), name='guide_limit_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('name__in', ('slow_detection', 'slow_diagnosis', 'slow_mitigation', 'due_days')), ('of__isnull', False)), models.Q(models.Q(('name__in', ('slow_detection', 'slow_diagnosis', 'slow_mitigation', 'due_days')), _negated=True), ('of__isnull', True)), _connector='OR'), name='guide_limit_of_a_number_or_none')],
            },
        ),
    ]
