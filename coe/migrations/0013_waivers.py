"""What authors answered to findings."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0012_levels_of_checks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('check_id', models.CharField(max_length=6)),
                ('panel', models.CharField(max_length=40)),
                ('row', models.CharField(blank=True, default='', max_length=64)),
                ('field', models.CharField(blank=True, default='', max_length=40)),
                ('sentence', models.TextField()),
                ('kind', models.CharField(choices=[('dismissed', 'Dismissed'), ('waived', 'Waived')], max_length=9)),
                ('reason', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waivers', to='coe.document')),
            ],
            options={
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('document', 'key'), name='waiver_once'), models.CheckConstraint(condition=models.Q(('kind', 'dismissed'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='waiver_has_a_reason')],
            },
        ),
    ]
