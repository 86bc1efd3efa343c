"""A guide names whom it asks to review."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0026_sight_and_audit'),
    ]

    operations = [
        migrations.CreateModel(
            name='GuideReviewer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('severity', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('category', models.CharField(blank=True, default='', max_length=9)),
                ('naming', models.CharField(choices=[('person', 'A person'), ('manager', 'The manager of a team'), ('leaders', 'Every leader')], max_length=8)),
                ('guide', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviewers', to='coe.guide')),
                ('managed', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coe.team')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coe.team')),
            ],
            options={
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('guide', 'naming', 'person', 'managed', 'severity', 'team', 'category'), name='guide_reviewer_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('managed__isnull', True), ('naming', 'person'), ('person__isnull', False)), models.Q(('managed__isnull', False), ('naming', 'manager'), ('person__isnull', True)), models.Q(('managed__isnull', True), ('naming', 'leaders'), ('person__isnull', True)), _connector='OR'), name='guide_reviewer_is_named_in_one_way'), models.CheckConstraint(condition=models.Q(('severity__isnull', True), ('severity__range', (1, 4)), _connector='OR'), name='guide_reviewer_of_a_severity'), models.CheckConstraint(condition=models.Q(('category__in', ('', 'outage', 'security', 'data_loss', 'near_miss'))), name='guide_reviewer_of_a_category')],
            },
        ),
    ]
