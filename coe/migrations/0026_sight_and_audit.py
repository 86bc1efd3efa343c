"""Named readers of a COE, and a log of who opened what few may see, which only grows."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


KEEPS_THE_AUDIT = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON coe_auditevent
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();
"""

LOSES_THE_AUDIT = """
DROP TRIGGER refuse_truncate ON coe_auditevent;
DROP TRIGGER refuse_change ON coe_auditevent;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0023_retractions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='participant',
            name='role',
            field=models.CharField(choices=[('contributor', 'Contributor'), ('reviewer', 'Reviewer'), ('reader', 'Reader')], max_length=12),
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(choices=[('read', 'Read'), ('exported', 'Exported'), ('refused', 'Refused'), ('searched', 'Searched by office'), ('audit_exported', 'Exported this log')], max_length=16)),
                ('reference', models.CharField(blank=True, default='', max_length=20)),
                ('is_restricted', models.BooleanField(default=False)),
                ('is_administrator', models.BooleanField(default=False)),
                ('method', models.CharField(max_length=8)),
                ('address', models.CharField(max_length=200)),
                ('status', models.PositiveSmallIntegerField()),
                ('document', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='coe.document')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-pk',),
                'indexes': [models.Index(models.F('person'), models.F('id'), name='audit_by_person'), models.Index(models.F('reference'), models.F('id'), name='audit_by_reference'), models.Index(models.F('at'), name='audit_by_moment')],
            },
        ),
        migrations.CreateModel(
            name='ReaderRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('team', 'Everybody in a team'), ('managers', 'The managers of a team'), ('leaders', 'Every leader')], max_length=8)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reader_roles', to='coe.document')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coe.team')),
            ],
            options={
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('document', 'kind', 'team'), name='reader_role_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'leaders'), ('team__isnull', True)), models.Q(('team__isnull', False), models.Q(('kind', 'leaders'), _negated=True)), _connector='OR'), name='reader_role_of_a_team_or_leaders')],
            },
        ),
        migrations.RunSQL(KEEPS_THE_AUDIT, LOSES_THE_AUDIT),
    ]
