from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import translation

from tests.conftest import set_conditions
from wagtail_atencion.chat import endings, services
from wagtail_atencion.chat.models import Transcript
from wagtail_atencion.chat.transcripts import digest
from wagtail_atencion.conduct import outbox
from wagtail_atencion.errors import NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(site, attended, key, agent, origin):
    set_conditions(site, mailbox="chat@entity.example", pqrd_url="https://entity.example/pqrd")
    services.post_as_agent(
        conversation_id=attended.public_id,
        agent=agent,
        client_id=uuid4(),
        text="At the <b>bank</b>",
        origin=origin,
    )
    return endings.end_as_citizen(key=key, origin=origin)


def test_the_transcript_goes_to_the_entity_and_to_the_citizen(ended):
    assert outbox.deliver_due() == 2
    assert {message.to[0] for message in mail.outbox} == {
        "chat@entity.example",
        "ana@example.com",
    }
    for message in mail.outbox:
        (html, _type), *_rest = message.alternatives
        assert "Where do I pay the tax?" in message.body
        assert "At the <b>bank</b>" in message.body
        assert "At the &lt;b&gt;bank&lt;/b&gt;" in html
        assert ended.reference in message.subject
        assert "https://entity.example/pqrd" in message.body


def test_the_address_of_the_citizen_is_told_to_the_entity_alone(ended, origin):
    outbox.deliver_due()
    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert origin.ip in bodies["chat@entity.example"]
    assert origin.ip not in bodies["ana@example.com"]


def test_without_a_mailbox_the_citizen_still_gets_theirs(attended, key, origin):
    endings.end_as_citizen(key=key, origin=origin)
    assert outbox.deliver_due() == 1
    assert mail.outbox[0].to == ["ana@example.com"]


def test_the_record_proves_itself(ended):
    transcript = Transcript.objects.get()
    assert transcript.digest == digest(transcript.content)
    assert [message["seq"] for message in transcript.content["messages"]] == [1, 2]
    changed = {**transcript.content, "end_reason": "agent"}
    assert digest(changed) != transcript.digest


def test_the_record_is_never_changed_and_goes_only_with_its_conversation(ended):
    transcript = Transcript.objects.get()
    transcript.content = {}
    with pytest.raises(NotPermitted):
        transcript.save()
    with pytest.raises(NotPermitted):
        transcript.delete()
    for change in (Transcript.objects.all().delete, partial(Transcript.objects.update, digest="")):
        with pytest.raises(NotPermitted):
            change()
    assert Transcript.objects.get().content["reference"] == ended.reference
    ended.delete()
    assert not Transcript.objects.exists()


def test_the_mail_speaks_the_language_of_the_citizen(site, start, key, origin):
    with translation.override("es"):
        start(key=key)
    endings.end_as_citizen(key=key, origin=origin)
    outbox.deliver_due()
    (sent,) = mail.outbox
    assert "Referencia" in sent.body
    assert sent.subject.startswith("Test entity: ")
