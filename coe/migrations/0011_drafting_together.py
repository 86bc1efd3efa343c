"""What saving while one types needs: attempts that are known again, and who is there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0010_lists_and_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(blank=True, default='', max_length=40)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='historyevent',
            name='token',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='historyevent',
            name='action',
            field=models.CharField(choices=[('added', 'Added'), ('changed', 'Changed'), ('moved', 'Moved'), ('removed', 'Removed'), ('submitted', 'Submitted'), ('withdrawn', 'Withdrawn'), ('changes_requested', 'Changes Requested'), ('approved', 'Approved'), ('reopened', 'Reopened'), ('published', 'Published'), ('handed_over', 'Handed Over'), ('discarded', 'Discarded'), ('restored', 'Restored'), ('invited', 'Invited'), ('joined', 'Joined'), ('deactivated', 'Deactivated'), ('reactivated', 'Reactivated'), ('set_aside', 'Set Aside'), ('redacted', 'Redacted'), ('searched', 'Searched')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='historyevent',
            constraint=models.UniqueConstraint(condition=models.Q(('token__isnull', False)), fields=('document', 'subject', 'subject_key', 'actor', 'token'), name='attempt_once'),
        ),
        migrations.AddField(
            model_name='presence',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='coe.document'),
        ),
        migrations.AddField(
            model_name='presence',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.UniqueConstraint(fields=('document', 'user'), name='presence_once'),
        ),
    ]
