"""Every field that holds words is accounted for: a new one fails here until somebody says whose.

``test_gate`` finds services by what they take. This finds fields by what they hold, so that a
service which takes no origin, or a field filled otherwise, can't store a citizen's text unseen.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import models

from tests.conduct import test_gate

CHAT = "wagtail_atencion.chat."
FORUMS = "wagtail_atencion.forums."

# What citizens write: the services that store it, as the test of the gate calls them.
GATED = {
    "Conversation.name": [(f"{CHAT}services.start_conversation", "name")],
    "Message.text": [
        (f"{CHAT}services.start_conversation", "question"),
        (f"{CHAT}services.post_as_citizen", "text"),
    ],
    "Rating.comment": [(f"{CHAT}ratings.rate_as_citizen", "comment")],
    "FAQComment.text": [("wagtail_atencion.faq.feedback.leave_comment", "text")],
    "Contribution.user_name": [(f"{FORUMS}services.submit_contribution", "name")],
    "Contribution.comment": [
        (f"{FORUMS}services.submit_contribution", "text"),
        (f"{FORUMS}edits.edit_contribution", "text"),
    ],
    "Flag.words": [(f"{FORUMS}flagging.flag", "words")],
    "Appeal.text": [(f"{FORUMS}appeals.appeal", "text")],
}
# Copies of what passed it: of a conversation, of a name, of what a contribution said before.
COPIES = {
    "Message.name",
    "Transcript.content",
    "Acceptance.name",
    "Contribution.quote",
    "FormerText.text",
    "OutgoingMail.subject",
    "OutgoingMail.text",
    "OutgoingMail.html",
}
# Words of citizens that are not refused for what they say, and why.
UNGATED = {
    "RightsRequest.name": "a right of the law is not refused for its words",
    "RightsRequest.text": "a right of the law is not refused for its words",
    "Inquiry.text": "a search: scrubbed of personal data, and read by the staff only",
}
# Written by the staff.
STAFF = {
    "AtencionSettings": """privacy_notice privacy_url privacy_email sanction_days entity_name
        welcome time_zone holidays_country holidays_subdivision warnings mailbox pqrd_url""",
    "BarredWord": "text note",
    "CannedReply": "category title shortcut text language",
    "ConditionsPage": "introduction",
    "ConductPolicy": """refused_domains clause_identity clause_respect clause_discrimination
        clause_threats clause_privacy clause_purpose""",
    "Contribution": "removal_reason",
    "Erasure": "reason",
    "FAQ": "slug question answer phrasings keywords area",
    "FAQCategory": "slug name",
    "FAQIndexPage": "intro",
    "FAQSynonyms": "words",
    "ForumIndexPage": "introduction",
    "ForumPage": "introduction responsible_area conclusions",
    "LegalHold": "email reason",
    "Note": "name text",
    "PQRDRule": "name phrases",
    "PublicFigure": "name aliases",
    "RightsRequest": "extension_reason answer",
    "Ruling": "reason",
    "Sanction": "evidence lift_reason",
    "ScheduleException": "reason",
    "Terms": "title text",
    "Topic": "name",
    "Transfer": "note",
}
# Made by the software, or an address: keys, hashes, languages, where a thing came from.
NO_PROSE = {
    "Acceptance": "email",
    "AccessRecord": "username what reference",
    "Contribution": "object_pk user_email device clause",
    "Conversation": "reference secret_hash email device page_url language",
    "Erasure": "person counts",
    "Flag": "reporter network",
    "Follower": "email email_key language",
    "Inquiry": "key offered opened",
    "LegalHold": "email_key",
    "Message": "clause",
    "Opinion": "person",
    "OutgoingMail": "reference address language headers message_id error",
    "PQRDRule": "language",
    "Presence": "channel",
    "ResultFile": "kind language",
    "RightsRequest": "email language token_hash",
    "Sanction": "email email_key device network reference",
    "Submission": "ip_key user_agent email email_key device reason reference",
    "Transcript": "digest",
    "Vote": "voter network",
}


def written_fields(kinds: Iterable[type[models.Model]]) -> set[str]:
    """Each field of ``kinds`` that could hold anybody's words."""
    return {
        f"{model.__name__}.{field.name}"
        for model in kinds
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not field.choices
    }


def listed() -> set[str]:
    of_models = {
        f"{model}.{name}"
        for table in (STAFF, NO_PROSE)
        for model, names in table.items()
        for name in names.split()
    }
    return set(GATED) | COPIES | set(UNGATED) | of_models


def test_every_field_that_holds_words_is_accounted_for() -> None:
    ours = list(apps.get_app_config("wagtail_atencion").get_models())
    assert len(ours) > 30
    assert written_fields(ours) - listed() == set(), "whose words are these, and do they pass?"
    assert listed() - written_fields(ours) == set(), "listed, and no field"


def test_a_new_field_would_be_seen() -> None:
    class Letterbox(models.Model):
        kind = models.CharField(max_length=1, choices=[("a", "A")])
        letter = models.TextField()
        answers = models.JSONField()

        class Meta:
            app_label = "tests_stored_texts"
            managed = False

    try:
        assert written_fields([Letterbox]) == {"Letterbox.letter", "Letterbox.answers"}
        assert not written_fields([Letterbox]) & listed()
    finally:
        del apps.all_models["tests_stored_texts"]
        apps.clear_cache()


def test_each_text_at_a_door_is_stored_in_a_field_of_the_table() -> None:
    listed_services = {service for services in GATED.values() for service in services}
    assert listed_services == test_gate.texts_at_the_doors()
