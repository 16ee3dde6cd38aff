import django.db.models.deletion
import django.utils.timezone
import wagtail.fields
from django.conf import settings
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce


def note_when_published(apps, schema_editor):
    rows = apps.get_model('wagtail_atencion', 'Contribution').objects.filter(status='approved', published_at=None)
    rows.update(published_at=Coalesce(F('moderated_at'), F('confirmed_at'), F('submit_date')))


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('sites', '0002_alter_domain_unique'),
        ('wagtail_atencion', '0007_desk_topics_presence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('email_key', models.CharField(editable=False, max_length=254)),
                ('pace', models.CharField(choices=[('each', 'As they come: a mail with what is new, every ten minutes at most'), ('daily', 'Once a day, in the morning')], default='daily', max_length=10, verbose_name='how often')),
                ('language', models.CharField(blank=True, max_length=15, verbose_name='language')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='time')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='last link')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='address confirmed')),
                ('told_until', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('told_stage', models.CharField(choices=[('announced', 'Announced'), ('open', 'Open'), ('closed', 'Closed'), ('concluded', 'Concluded')], default='announced', editable=False, max_length=10)),
                ('next_look_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'follower of a forum',
                'verbose_name_plural': 'followers of forums',
                'default_permissions': (),
            },
        ),
        migrations.AlterModelOptions(
            name='contribution',
            options={'default_permissions': (), 'ordering': ['submit_date', 'id'], 'permissions': [('moderate_contribution', 'Can moderate contributions and answer officially'), ('export_contributors', 'Can export contributions with names and addresses')], 'verbose_name': 'contribution', 'verbose_name_plural': 'contributions'},
        ),
        migrations.RemoveIndex(
            model_name='contribution',
            name='atencion_contribution_reviewed',
        ),
        migrations.AddField(
            model_name='contribution',
            name='published_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published'),
        ),
        migrations.AddField(
            model_name='forumpage',
            name='answered',
            field=wagtail.fields.StreamField([('answered', 3)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'What was asked or proposed', 'max_length': 250}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'Who answers', 'max_length': 160}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Answer'}), 3: ('wagtail.blocks.StructBlock', [[('matter', 0), ('area', 1), ('answer', 2)]], {})}, help_text='What was asked or proposed, which area answers it, and what it answers.', verbose_name='who answered what'),
        ),
        migrations.AddField(
            model_name='forumpage',
            name='conclusion_documents',
            field=wagtail.fields.StreamField([('document', 0)], blank=True, block_lookup={0: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Document'})}, verbose_name='documents of the conclusions'),
        ),
        migrations.AddField(
            model_name='forumpage',
            name='documents',
            field=wagtail.fields.StreamField([('document', 0)], blank=True, block_lookup={0: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Document'})}, verbose_name='documents'),
        ),
        migrations.AddField(
            model_name='forumpage',
            name='officials',
            field=models.ForeignKey(blank=True, help_text='A group of the staff. Without one, those who moderate.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='auth.group', verbose_name='who may answer officially'),
        ),
        migrations.AlterField(
            model_name='outgoingmail',
            name='kind',
            field=models.CharField(choices=[('transcript_entity', 'Transcript for the entity'), ('transcript_citizen', 'Transcript for the citizen'), ('sanction_imposed', 'Notice of a sanction'), ('sanction_lifted', 'Notice that a sanction was lifted'), ('contribution_link', 'Link to confirm a contribution'), ('moderation_notice', 'Notice of a decision on a contribution'), ('follow_link', 'Link to follow a forum'), ('forum_news', 'News of a forum that is followed'), ('rights_link', 'Link to prove an address'), ('rights_notice', 'Notice of a request on personal data'), ('rights_answer', 'Answer to a request on personal data')], max_length=30, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='submission',
            name='kind',
            field=models.CharField(choices=[('chat_start', 'Start of a chat'), ('chat_message', 'Chat message'), ('chat_end', 'End of a chat'), ('rating', 'Rating of a chat'), ('contribution', 'Contribution to a forum'), ('vote', 'Support of a contribution'), ('flag', 'Report of a contribution'), ('appeal', 'Answer to a decision of the moderators'), ('follow', 'Request to follow a forum'), ('rights', 'Request on personal data'), ('faq_comment', 'Comment on an answer')], max_length=20, verbose_name='kind'),
        ),
        migrations.AddIndex(
            model_name='contribution',
            index=models.Index(condition=models.Q(('published_at__isnull', False)), fields=['forum', 'published_at'], name='atencion_contribution_fresh'),
        ),
        migrations.AddField(
            model_name='follower',
            name='forum',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='atencion_followers', to='wagtailcore.page', verbose_name='forum'),
        ),
        migrations.AddIndex(
            model_name='follower',
            index=models.Index(condition=models.Q(('confirmed_at__isnull', False)), fields=['next_look_at', 'id'], name='atencion_follower_due'),
        ),
        migrations.AddIndex(
            model_name='follower',
            index=models.Index(fields=['email_key'], name='atencion_follower_of'),
        ),
        migrations.AddConstraint(
            model_name='follower',
            constraint=models.UniqueConstraint(fields=('forum', 'email_key'), name='atencion_follower_once'),
        ),
        migrations.RunPython(note_when_published, migrations.RunPython.noop, elidable=True),
    ]
