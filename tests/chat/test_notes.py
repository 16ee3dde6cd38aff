"""Internal notes: the staff reads them, and no citizen ever."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from tests.chat.sockets import citizen, desk, until
from wagtail_atencion.chat import endings, notebook
from wagtail_atencion.chat.frames import conversation_frame, messages_after
from wagtail_atencion.chat.lifecycle import EndReason
from wagtail_atencion.chat.models import Transcript
from wagtail_atencion.chat.notes import NOTE_LENGTH, Note
from wagtail_atencion.conduct import personal_data
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.errors import Invalid, NotPermitted

SECRET_WORDS = "She sounds upset: be patient"


def write(conversation, agent, text=SECRET_WORDS, **changes):
    return notebook.write_note(
        **{
            "conversation_id": conversation.public_id,
            "agent": agent,
            "client_id": uuid4(),
            "text": text,
            **changes,
        }
    )


@pytest.mark.django_db
def test_colleagues_read_a_note_and_it_is_written_once(attended, agent, supervisor):
    first = write(attended, agent)
    again = write(attended, agent, client_id=first.client_id)
    assert again.pk == first.pk
    write(attended, supervisor, "I know her")
    told = notebook.notes_of(attended)
    assert [(note["name"], note["text"]) for note in told] == [
        ("Laura Gómez", SECRET_WORDS),
        ("supervisor", "I know her"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "  \n", "x" * (NOTE_LENGTH + 1), "\x00"])
def test_a_note_has_to_say_something_short(attended, agent, text):
    with pytest.raises(Invalid):
        write(attended, agent, text)
    assert Note.objects.count() == 0


@pytest.mark.django_db
def test_who_may_not_answer_writes_none(attended, editor):
    with pytest.raises(NotPermitted):
        write(attended, editor)


@pytest.mark.django_db
def test_no_citizen_is_told_a_note(attended, agent):
    write(attended, agent)
    endings.end_as_agent(conversation_id=attended.public_id, agent=agent, reason=EndReason.AGENT)
    attended.refresh_from_db()
    transcript = Transcript.objects.get(conversation=attended)
    mails = OutgoingMail.objects.all()
    records = personal_data.find(attended.email)
    told = [
        json.dumps(transcript.content),
        json.dumps(conversation_frame(attended)),
        json.dumps(messages_after(attended, 0)),
        *(f"{mail.subject} {mail.text} {mail.html}" for mail in mails),
        str([record.values for _source, found in records for record in found]),
    ]
    assert mails
    assert not [each for each in told if "upset" in each]


@pytest.mark.django_db
def test_notes_go_with_their_conversation(attended, agent):
    write(attended, agent)
    endings.end_as_agent(conversation_id=attended.public_id, agent=agent, reason=EndReason.AGENT)
    personal_data.erase(attended.email)
    assert Note.objects.count() == 0
    with pytest.raises(NotPermitted):
        write(attended, agent)


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
@pytest.mark.usefixtures("connections_closed")
async def test_an_open_desk_is_told_at_once_and_the_citizen_is_not(attended, agent, supervisor):
    ana, laura, andres = await citizen(attended), await desk(agent), await desk(supervisor)
    await until(ana, "welcome")
    await until(laura, "desk")
    await until(andres, "desk")
    await andres.send_json_to({"type": "open", "conversation": str(attended.public_id)})
    await until(andres, "opened")
    await sync_to_async(write)(attended, agent)
    for colleague in (laura, andres):
        frame = await until(colleague, "note")
        assert frame["note"]["text"] == SECRET_WORDS
    await andres.send_json_to({"type": "open", "conversation": str(attended.public_id)})
    assert [note["text"] for note in (await until(andres, "opened"))["notes"]] == [SECRET_WORDS]
    while not await ana.receive_nothing(timeout=0.3):
        assert "upset" not in json.dumps(await ana.receive_json_from())
    for one in (ana, laura, andres):
        await one.disconnect()
