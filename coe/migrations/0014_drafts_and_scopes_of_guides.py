"""The guide has a draft, and says of single severities and teams what holds for them alone."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import F


def published_when_they_were_made(apps, schema_editor):
    apps.get_model("coe", "Guide").objects.update(published_at=F("created_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0013_waivers'),
    ]

    operations = [
        migrations.CreateModel(
            name='SectionAsking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('severity', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('name', models.CharField(choices=[('metrics', 'Metrics'), ('safeguards', 'Safeguards'), ('lessons', 'Lessons'), ('related', 'Related items')], max_length=12)),
                ('asking', models.CharField(choices=[('asked', 'Asked for'), ('offered', 'Offered'), ('hidden', 'Not shown')], max_length=8)),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.RemoveConstraint(
            model_name='checklevel',
            name='check_level_once',
        ),
        migrations.RemoveConstraint(
            model_name='guidelimit',
            name='guide_limit_once',
        ),
        migrations.AddField(
            model_name='checklevel',
            name='severity',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='checklevel',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coe.team'),
        ),
        migrations.AddField(
            model_name='guide',
            name='published_at',
            field=models.DateTimeField(blank=True, db_default=django.db.models.functions.datetime.Now(), null=True),
        ),
        migrations.RunPython(published_when_they_were_made, migrations.RunPython.noop),
        migrations.AddField(
            model_name='guidelimit',
            name='severity',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='guidelimit',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coe.team'),
        ),
        migrations.AddField(
            model_name='question',
            name='severities',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='question',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coe.team'),
        ),
        migrations.AddConstraint(
            model_name='checklevel',
            constraint=models.UniqueConstraint(fields=('guide', 'check_id', 'severity', 'team'), name='check_level_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='checklevel',
            constraint=models.CheckConstraint(condition=models.Q(('severity__isnull', True), ('severity__range', (1, 4)), _connector='OR'), name='check_level_of_a_severity'),
        ),
        migrations.AddConstraint(
            model_name='guide',
            constraint=models.UniqueConstraint(condition=models.Q(('published_at__isnull', True)), fields=('published_at',), name='one_draft_of_the_guide', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='guidelimit',
            constraint=models.UniqueConstraint(fields=('guide', 'name', 'of', 'severity', 'team'), name='guide_limit_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='guidelimit',
            constraint=models.CheckConstraint(condition=models.Q(('severity__isnull', True), models.Q(models.Q(('name__in', ('slow_detection', 'slow_diagnosis', 'slow_mitigation')), _negated=True), ('severity__range', (1, 4))), _connector='OR'), name='guide_limit_of_a_severity'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('severities__contained_by', [1, 2, 3, 4])), name='question_of_severities'),
        ),
        migrations.AddField(
            model_name='sectionasking',
            name='guide',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='coe.guide'),
        ),
        migrations.AddField(
            model_name='sectionasking',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coe.team'),
        ),
        migrations.AddConstraint(
            model_name='sectionasking',
            constraint=models.UniqueConstraint(fields=('guide', 'name', 'severity', 'team'), name='section_asking_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='sectionasking',
            constraint=models.CheckConstraint(condition=models.Q(('severity__isnull', True), ('severity__range', (1, 4)), _connector='OR'), name='section_asking_of_a_severity'),
        ),
    ]
