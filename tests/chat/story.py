"""What people in a conversation rely on, kept beside the services and held against the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine

from wagtail_atencion.chat import services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.conditions import memory
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import reference_of
from wagtail_atencion.errors import AtencionError

EXTENSIONS = 1
TIME_LIMIT = timedelta(minutes=3)


@dataclass
class Talk:
    """One conversation as those who take part in it know it."""

    citizen: str
    key: CitizenKey
    written: dict[UUID, str] = field(default_factory=dict)  # by everybody, acknowledged or not
    acknowledged: dict[UUID, int] = field(default_factory=dict)  # their place
    seen: list[int] = field(default_factory=list)  # places of the messages that the tab shows
    agent: Any = None
    extended: int = 0
    end: tuple[Any, ...] | None = None  # as it was when first seen


class Keeper(RuleBasedStateMachine):
    """The people, the clock, and what must be true; the rules of a story are told by its heirs.

    Nothing is random but what Hypothesis chooses: ids are counted, and every telling begins at the
    same moment, so that a story told again goes the same way.
    """

    begins: datetime
    site: Any
    origin: Any
    agents: tuple[Any, Any]
    guardian: Any

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(self.begins, tick=False)
        self.traveller = self.clock.start()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        memory.forget()
        cache.clear()
        self.talks: dict[str, Talk] = {}
        self.restricted: dict[str, Any] = {}
        self.is_open = True
        self.ids = map(UUID, (f"{number:032x}" for number in count(1)))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        self.clock.stop()
        memory.forget()

    def write(self, talk: Talk, client_id: UUID, *, by: Any, answered: bool) -> None:
        before, now = self.row(talk), timezone.now()
        text = (
            talk.written.get(client_id)
            or f"{'agent' if by else 'citizen'}: message {client_id.int}"
        )
        talk.written[client_id] = text
        stored = Message.objects.filter(client_id=client_id).first()
        if by is None:
            got = self.post(talk.key, client_id, text)
        else:
            got = self.attempt(
                services.post_as_agent,
                conversation_id=talk.key.conversation,
                agent=by,
                client_id=client_id,
                text=text,
                origin=self.origin,
            )
        due = before.wait_until if before.state == "waiting" else before.expires_at
        if stored:
            assert got.seq == stored.seq
        elif by is None and talk.citizen in self.restricted:
            assert got == "sanctioned"
        elif before.state == "ended" or now >= due:
            assert got == "ended"
            assert self.row(talk).state == "ended", "whoever writes too late brings the end"
        elif by is not None and by != talk.agent:
            assert got == "not_permitted"
        else:
            assert got.seq == before.last_seq + 1
        if answered and isinstance(got, Message):
            talk.acknowledged[client_id] = got.seq
        self.check(talk)

    def post(self, key: CitizenKey, client_id: UUID, text: str) -> Any:
        return self.attempt(
            services.post_as_citizen, key=key, client_id=client_id, text=text, origin=self.origin
        )

    def attempt(self, service: Any, *args: Any, **kwargs: Any) -> Any:
        """What ``service`` returns, or the code of its refusal; then what follows its commit."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            try:
                got = service(*args, **kwargs)
            except AtencionError as refusal:
                got = refusal.code
        note(f"{timezone.now():%H:%M:%S} {service.__name__}: {got!r}")
        return got

    def check(self, talk: Talk) -> None:
        """What nobody may ever see broken."""
        row = self.row(talk)
        messages = list(Message.objects.filter(conversation=row).order_by("seq"))
        assert [each.seq for each in messages] == list(range(1, row.last_seq + 1))
        by_id = {each.client_id: each for each in messages}
        assert len(by_id) == len(messages)
        for client_id, seq in talk.acknowledged.items():
            assert by_id[client_id].seq == seq
        assert all(each.text == talk.written[each.client_id] for each in messages)
        assert row.agent_id == (talk.agent.pk if talk.agent else None)
        assert row.state != "active" or row.extensions == talk.extended <= EXTENSIONS
        if row.expires_at:
            assert all(each.created_at < row.expires_at for each in messages)
        if row.state != "ended":
            assert talk.end is None, "nothing comes back from the end"
            assert talk.citizen not in self.restricted
            return
        end = (row.end_reason, row.ended_at, row.last_seq)
        if talk.end is None:
            talk.end = end
            self.check_record(row, messages)
        assert talk.end == end
        assert all(each.created_at <= row.ended_at for each in messages)

    def check_record(self, row: Conversation, messages: list[Message]) -> None:
        told = [each["text"] for each in row.transcript.content["messages"]]
        assert told == [each.text for each in messages]
        owed = OutgoingMail.objects.filter(reference=reference_of(row))
        assert sorted(owed.values_list("kind", flat=True)) == [
            OutgoingMail.Kind.TRANSCRIPT_CITIZEN,
            OutgoingMail.Kind.TRANSCRIPT_ENTITY,
        ]

    def row(self, talk: Talk) -> Conversation:
        return Conversation.objects.get(public_id=talk.key.conversation)

    @staticmethod
    def email(citizen: str) -> str:
        return f"{citizen}@example.com"
