"""What the history can tell since there are rounds, meetings and retractions."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0027_reviewers_named_by_the_guide'),
    ]

    operations = [
        migrations.AlterField(
            model_name='historyevent',
            name='action',
            field=models.CharField(choices=[('added', 'Added'), ('changed', 'Changed'), ('moved', 'Moved'), ('removed', 'Removed'), ('submitted', 'Submitted'), ('withdrawn', 'Withdrawn'), ('changes_requested', 'Changes Requested'), ('approved', 'Approved'), ('reopened', 'Reopened'), ('published', 'Published'), ('retracted', 'Retracted'), ('handed_over', 'Handed Over'), ('discarded', 'Discarded'), ('restored', 'Restored'), ('invited', 'Invited'), ('joined', 'Joined'), ('deactivated', 'Deactivated'), ('reactivated', 'Reactivated'), ('set_aside', 'Set Aside'), ('redacted', 'Redacted'), ('searched', 'Searched'), ('met', 'Met'), ('signed', 'Signed'), ('signatures_dropped', 'Signatures Dropped'), ('excused', 'Excused')], max_length=20),
        ),
    ]
