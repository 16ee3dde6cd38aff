import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('sites', '0002_alter_domain_unique'),
        ('wagtail_atencion', '0004_pqrd_rules'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='text')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='time')),
            ],
            options={
                'verbose_name': 'answer of the author',
                'verbose_name_plural': 'answers of authors',
                'ordering': ['created_at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clause', models.CharField(choices=[('respect', 'Lack of respect, insults or vulgar words'), ('discrimination', 'Discrimination'), ('threats', 'Threats or calls for violence'), ('privacy', 'Personal data of others'), ('identity', 'False or offensive identity'), ('purpose', 'Advertising, flooding or another misuse')], max_length=20, verbose_name='reason')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='in words')),
                ('edits', models.PositiveSmallIntegerField(default=0, verbose_name='edits')),
                ('reporter', models.CharField(editable=False, max_length=64)),
                ('network', models.CharField(blank=True, editable=False, max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='time')),
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
                'ordering': ['created_at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='FormerText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edit', models.PositiveSmallIntegerField(verbose_name='edit')),
                ('text', models.TextField(max_length=10000, verbose_name='text')),
                ('replaced_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='replaced')),
            ],
            options={
                'verbose_name': 'former text',
                'verbose_name_plural': 'former texts',
                'ordering': ['edit'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ForumPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('replies', models.BooleanField(default=True, help_text='Answers stand under what they answer, one level deep.', verbose_name='people may answer one another')),
                ('support', models.CharField(choices=[('off', 'Nobody supports: it is not offered'), ('device', 'Once from each browser'), ('network', 'Once from each browser and each connection to the Internet')], default='device', help_text='One connection may be that of a family, a library or a village: of all of them, only one person could then support a contribution.', max_length=10, verbose_name='support of contributions')),
                ('edit_minutes', models.PositiveSmallIntegerField(default=15, help_text='While the forum is open. What was changed is marked and passes the same checks again. 0: never.', validators=[django.core.validators.MaxValueValidator(1440)], verbose_name='minutes in which one may change what one wrote')),
                ('confirm_email', models.BooleanField(default=False, help_text='The first contribution from an address waits until the person opens a link that we mail and presses a button there.', verbose_name='the e-mail address is confirmed')),
                ('flags_to_hide', models.PositiveSmallIntegerField(default=3, help_text='So many different people have to report it. It is hidden until a moderator reads it. 0: reports never hide.', verbose_name='reports that hide a contribution')),
                ('public_log', models.BooleanField(default=False, help_text="Each with its day and its clause, and nobody's name or words.", verbose_name="the moderators' decisions are published")),
            ],
            options={
                'verbose_name': 'rules of the forums',
                'verbose_name_plural': 'rules of the forums',
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(choices=[('unproved', 'Waiting for the author to confirm the address'), ('held', 'Held for review'), ('approved', 'Approved'), ('removed', 'Removed')], max_length=10, verbose_name='before')),
                ('after', models.CharField(choices=[('unproved', 'Waiting for the author to confirm the address'), ('held', 'Held for review'), ('approved', 'Approved'), ('removed', 'Removed')], max_length=10, verbose_name='after')),
                ('clause', models.CharField(blank=True, choices=[('respect', 'Lack of respect, insults or vulgar words'), ('discrimination', 'Discrimination'), ('threats', 'Threats or calls for violence'), ('privacy', 'Personal data of others'), ('identity', 'False or offensive identity'), ('purpose', 'Advertising, flooding or another misuse')], max_length=20, verbose_name='clause')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='words')),
                ('edits', models.PositiveSmallIntegerField(default=0, verbose_name='edits')),
                ('flags', models.PositiveIntegerField(default=0, verbose_name='reports')),
                ('by_flags', models.BooleanField(default=False, verbose_name="by the readers' reports")),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='time')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ['-decided_at', '-id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voter', models.CharField(editable=False, max_length=64)),
                ('network', models.CharField(blank=True, editable=False, max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='time')),
            ],
            options={
                'verbose_name': 'support',
                'verbose_name_plural': 'support',
                'default_permissions': (),
            },
        ),
        migrations.RemoveConstraint(
            model_name='contribution',
            name='atencion_contribution_status',
        ),
        migrations.AddField(
            model_name='contribution',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='address confirmed'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='device',
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name='device'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='edited_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='edited'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='edits',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='edits'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='quote',
            field=models.CharField(blank=True, max_length=300, verbose_name='words quoted'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='quoted',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtail_atencion.contribution', verbose_name='contribution quoted'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='votes',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='support'),
        ),
        migrations.AlterField(
            model_name='contribution',
            name='status',
            field=models.CharField(choices=[('unproved', 'Waiting for the author to confirm the address'), ('held', 'Held for review'), ('approved', 'Approved'), ('removed', 'Removed')], default='held', max_length=10, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='outgoingmail',
            name='kind',
            field=models.CharField(choices=[('transcript_entity', 'Transcript for the entity'), ('transcript_citizen', 'Transcript for the citizen'), ('sanction_imposed', 'Notice of a sanction'), ('sanction_lifted', 'Notice that a sanction was lifted'), ('contribution_link', 'Link to confirm a contribution'), ('moderation_notice', 'Notice of a decision on a contribution'), ('rights_link', 'Link to prove an address'), ('rights_notice', 'Notice of a request on personal data'), ('rights_answer', 'Answer to a request on personal data')], max_length=30, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='submission',
            name='kind',
            field=models.CharField(choices=[('chat_start', 'Start of a chat'), ('chat_message', 'Chat message'), ('chat_end', 'End of a chat'), ('rating', 'Rating of a chat'), ('contribution', 'Contribution to a forum'), ('vote', 'Support of a contribution'), ('flag', 'Report of a contribution'), ('appeal', 'Answer to a decision of the moderators'), ('rights', 'Request on personal data'), ('faq_comment', 'Comment on an answer')], max_length=20, verbose_name='kind'),
        ),
        migrations.AddIndex(
            model_name='contribution',
            index=models.Index(condition=models.Q(('reply_to__isnull', True)), fields=['forum', 'status', 'votes', 'id'], name='atencion_contribution_support'),
        ),
        migrations.AddIndex(
            model_name='contribution',
            index=models.Index(fields=['forum', 'status', 'submit_date', 'id'], name='atencion_contribution_news'),
        ),
        migrations.AddIndex(
            model_name='contribution',
            index=models.Index(condition=models.Q(('moderated_at__isnull', False)), fields=['forum', 'moderated_at'], name='atencion_contribution_reviewed'),
        ),
        migrations.AddIndex(
            model_name='contribution',
            index=models.Index(condition=models.Q(('device', ''), _negated=True), fields=['device', 'submit_date'], name='atencion_contribution_device'),
        ),
        migrations.AddIndex(
            model_name='contribution',
            index=models.Index(condition=models.Q(('user_email', ''), _negated=True), fields=['user_email'], name='atencion_contribution_email'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_public', False), ('is_removed', False), ('status__in', ['unproved', 'held'])), models.Q(('is_public', True), ('is_removed', False), ('status', 'approved')), models.Q(('is_public', False), ('is_removed', True), ('status', 'removed')), _connector='OR'), name='atencion_contribution_status'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='contribution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='wagtail_atencion.contribution'),
        ),
        migrations.AddField(
            model_name='flag',
            name='contribution',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='wagtail_atencion.contribution'),
        ),
        migrations.AddField(
            model_name='formertext',
            name='contribution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_texts', to='wagtail_atencion.contribution'),
        ),
        migrations.AddField(
            model_name='forumpolicy',
            name='site',
            field=models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site'),
        ),
        migrations.AddField(
            model_name='ruling',
            name='contribution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rulings', to='wagtail_atencion.contribution', verbose_name='contribution'),
        ),
        migrations.AddField(
            model_name='ruling',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='ruling',
            name='forum',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.page'),
        ),
        migrations.AddField(
            model_name='flag',
            name='ruling',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settled_flags', to='wagtail_atencion.ruling', verbose_name='decision'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='answer',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_appeal', to='wagtail_atencion.ruling', verbose_name='decision on it'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='ruling',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='wagtail_atencion.ruling', verbose_name='decision'),
        ),
        migrations.AddField(
            model_name='vote',
            name='contribution',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='supporters', to='wagtail_atencion.contribution'),
        ),
        migrations.AddConstraint(
            model_name='formertext',
            constraint=models.UniqueConstraint(fields=('contribution', 'edit'), name='atencion_former_text_once'),
        ),
        migrations.AddIndex(
            model_name='ruling',
            index=models.Index(fields=['forum', '-decided_at', '-id'], name='atencion_ruling_log'),
        ),
        migrations.AddIndex(
            model_name='ruling',
            index=models.Index(fields=['contribution', '-decided_at', '-id'], name='atencion_ruling_history'),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('ruling__isnull', True)), fields=['contribution'], name='atencion_flag_open'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.UniqueConstraint(fields=('contribution', 'reporter'), name='atencion_flag_once_a_person'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('contribution', 'voter'), name='atencion_vote_once_a_person'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(condition=models.Q(('network', ''), _negated=True), fields=('contribution', 'network'), name='atencion_vote_once_a_network'),
        ),
    ]
