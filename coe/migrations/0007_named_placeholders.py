"""A name in an imported COE that nobody here has is a row that can never sign in."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coe', '0006_say_more_actions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='user',
            name='user_email_unique',
        ),
        migrations.AddField(
            model_name='user',
            name='is_placeholder',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='user',
            name='stored_role',
            field=models.CharField(blank=True, default='', editable=False, max_length=100),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('is_placeholder', False)), name='user_email_unique'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(condition=models.Q(('is_placeholder', True)), fields=('name', 'stored_role'), name='placeholder_once'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_placeholder', False), ('stored_role', ''), models.Q(('email', ''), _negated=True)), models.Q(('email', ''), ('invited_at__isnull', True), ('is_active', False), ('is_administrator', False), ('is_leader', False), ('is_placeholder', True), ('joined_at__isnull', True), ('password__startswith', '!'), ('team__isnull', True)), _connector='OR'), name='user_account_or_placeholder'),
        ),
    ]
