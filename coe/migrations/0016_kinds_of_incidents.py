"""Incidents are of a kind, and a guide says of single kinds what holds for them alone."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0015_laid_out_summary'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='checklevel',
            name='check_level_once',
        ),
        migrations.RemoveConstraint(
            model_name='guidelimit',
            name='guide_limit_once',
        ),
        migrations.RemoveConstraint(
            model_name='sectionasking',
            name='section_asking_once',
        ),
        migrations.AddField(
            model_name='checklevel',
            name='category',
            field=models.CharField(blank=True, default='', max_length=9),
        ),
        migrations.AddField(
            model_name='guidelimit',
            name='category',
            field=models.CharField(blank=True, default='', max_length=9),
        ),
        migrations.AddField(
            model_name='incident',
            name='category',
            field=models.CharField(choices=[('outage', 'Outage'), ('security', 'Security'), ('data_loss', 'Data loss'), ('near_miss', 'Near-miss')], default='outage', max_length=9),
        ),
        migrations.AddField(
            model_name='question',
            name='categories',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=9), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='sectionasking',
            name='category',
            field=models.CharField(blank=True, default='', max_length=9),
        ),
        migrations.AddConstraint(
            model_name='checklevel',
            constraint=models.UniqueConstraint(fields=('guide', 'check_id', 'severity', 'team', 'category'), name='check_level_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='checklevel',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ('', 'outage', 'security', 'data_loss', 'near_miss'))), name='check_level_of_a_category'),
        ),
        migrations.AddConstraint(
            model_name='guidelimit',
            constraint=models.UniqueConstraint(fields=('guide', 'name', 'of', 'severity', 'team', 'category'), name='guide_limit_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='guidelimit',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ('', 'outage', 'security', 'data_loss', 'near_miss'))), name='guide_limit_of_a_category'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['outage', 'security', 'data_loss', 'near_miss'])), name='incident_category_known'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('categories__contained_by', ['outage', 'security', 'data_loss', 'near_miss'])), name='question_of_categories'),
        ),
        migrations.AddConstraint(
            model_name='sectionasking',
            constraint=models.UniqueConstraint(fields=('guide', 'name', 'severity', 'team', 'category'), name='section_asking_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='sectionasking',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ('', 'outage', 'security', 'data_loss', 'near_miss'))), name='section_asking_of_a_category'),
        ),
    ]
