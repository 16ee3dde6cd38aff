"""How conversations stand, for the citizens who look at the same moment: few queries for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.utils import timezone, translation

from wagtail_atencion.chat import lifecycle, presence
from wagtail_atencion.chat.access import find_many, opened_by
from wagtail_atencion.chat.endings import end_if_overdue
from wagtail_atencion.chat.frames import Frame, conversation_frame
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.waits import positions
from wagtail_atencion.errors import NotFound


@dataclass(frozen=True, slots=True)
class Look:
    """A citizen who looks at their conversation, in their language."""

    key: CitizenKey
    language: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What they see; ``due`` is when the platform would end the conversation ``pk``."""

    frame: Frame
    pk: int
    due: datetime | None


def look_together(looks: Sequence[Look]) -> list[Standing | Exception]:
    """What each of ``looks`` sees. Whoever looks past a deadline brings the end.

    A wrong key is answered with ``NotFound``. Whoever looks is there, as in ``find_for_citizen``.
    """
    asked = {look.key.conversation for look in looks}
    found = find_many(asked, "site", "agent")
    overdue = [
        conversation
        for conversation in found.values()
        if lifecycle.is_overdue(conversation.clock, timezone.now())
    ]
    for conversation in overdue:
        end_if_overdue(conversation.pk)
    if overdue:
        found |= find_many([each.public_id for each in overdue], "site", "agent")
    opened = [_opened(look, found) for look in looks]
    seen = {each for each in opened if isinstance(each, Conversation)}
    presence.expect_many(seen)
    places = positions(seen)

    @cache  # every tab of a citizen sees the same
    def standing(conversation: Conversation, language: str) -> Standing:
        with translation.override(language):
            frame = conversation_frame(conversation, place=places.get(conversation.pk))
        return Standing(frame, conversation.pk, lifecycle.deadline(conversation.clock))

    return [
        standing(each, look.language) if isinstance(each, Conversation) else each
        for look, each in zip(looks, opened, strict=True)
    ]


def _opened(look: Look, found: Mapping[UUID, Conversation]) -> Conversation | NotFound:
    try:
        return opened_by(look.key, found)
    except NotFound as refusal:
        return refusal
