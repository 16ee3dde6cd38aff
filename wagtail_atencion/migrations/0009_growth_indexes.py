from django.db import migrations, models

# Persons are found by how their address begins, in any case: `UPPER(column) LIKE 'ANA@%'`. Django
# has no portable name for such an index, so it is made where it helps.
ADDRESSES = {
    "atencion_conversation_alike": ("wagtail_atencion_conversation", "email"),
    "atencion_contribution_alike": ("wagtail_atencion_contribution", "user_email"),
    "atencion_mail_alike": ("wagtail_atencion_outgoingmail", "address"),
    "atencion_rights_alike": ("wagtail_atencion_rightsrequest", "email"),
}


def make_alike(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, (table, column) in ADDRESSES.items():
        schema_editor.execute(
            f'CREATE INDEX "{name}" ON "{table}" (UPPER("{column}"::text) text_pattern_ops)'
        )


def drop_alike(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in ADDRESSES:
        schema_editor.execute(f'DROP INDEX "{name}"')


class Migration(migrations.Migration):
    dependencies = [("wagtail_atencion", "0008_forum_followers_and_results")]

    operations = [
        migrations.RemoveIndex("submission", "atencion_submission_about"),
        migrations.RemoveIndex("submission", "atencion_submission_person"),
        migrations.AddIndex(
            "submission",
            models.Index(
                fields=["email_key", "-created_at"],
                name="atencion_submission_person",
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
        ),
        migrations.AddIndex(
            "submission",
            models.Index(
                fields=["reference"],
                name="atencion_submission_about",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex(
            "submission",
            models.Index(
                condition=~models.Q(ip_key="") | ~models.Q(user_agent="") | ~models.Q(device=""),
                fields=["created_at"],
                name="atencion_submission_located",
            ),
        ),
        migrations.AddIndex(
            "conversation",
            models.Index(
                condition=models.Q(ip__isnull=False) | ~models.Q(device=""),
                fields=["ended_at"],
                name="atencion_conversation_located",
            ),
        ),
        migrations.AddIndex(
            "conversation",
            models.Index(
                condition=~models.Q(email=""),
                fields=["ended_at"],
                name="atencion_conversation_named",
            ),
        ),
        migrations.AddIndex(
            "rating", models.Index(fields=["-created_at", "-id"], name="atencion_rating_recent")
        ),
        migrations.AddIndex(
            "transcript", models.Index(fields=["created_at"], name="atencion_transcript_age")
        ),
        migrations.AddIndex(
            "contribution",
            models.Index(
                condition=models.Q(ip_address__isnull=False),
                fields=["submit_date"],
                name="atencion_contribution_located",
            ),
        ),
        migrations.AddIndex(
            "contribution",
            models.Index(
                condition=~models.Q(user_email=""),
                fields=["submit_date"],
                name="atencion_contribution_named",
            ),
        ),
        migrations.AddIndex(
            "vote",
            models.Index(
                condition=~models.Q(network=""),
                fields=["created_at"],
                name="atencion_vote_located",
            ),
        ),
        migrations.AddIndex(
            "flag",
            models.Index(
                condition=~models.Q(network=""),
                fields=["created_at"],
                name="atencion_flag_located",
            ),
        ),
        migrations.RunPython(make_alike, drop_alike),
    ]
