"""Citizens and agents who write without end, and what became of each message they wrote."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.utils import timezone

from tests.chat.protocol.client import Caller, Key, Line
from tests.durability.processes import PATIENCE, wait_for
from wagtail_atencion.chat import services
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.conduct.origin import Door, Origin

BURST = 5  # messages on their way at once, in each conversation
PACE = 0.4  # seconds between bursts: one socket may send 100 frames in 5 s


@dataclass
class Verdict:
    """What was stored, compared with what was sent and acknowledged."""

    acknowledged: int = 0
    resent: int = 0
    """Messages that were on their way when the connection broke, and were sent again."""
    stored: int = 0
    lost: int = 0
    duplicated: int = 0
    gaps: int = 0
    disordered: int = 0
    unseen: int = 0
    """Messages that the second tab was not shown, or not in order."""

    def __iadd__(self, other: Verdict) -> Verdict:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.duplicated or self.gaps or self.disordered or self.unseen)


@dataclass
class Times:
    """When each message was sent, acknowledged, and shown in the second tab."""

    sent: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)


class Stream:
    """One conversation: a tab that writes, a tab that watches, and an agent who answers.

    The tab that writes does so over its socket, or over HTTP while the socket only listens.
    """

    def __init__(
        self,
        sites: Sequence[str],
        agent: User,
        *,
        watch: Sequence[str] = (),
        over_http: bool = False,
    ) -> None:
        self.key, self.agent = Key(), agent
        self.times = Times()
        self.acknowledged: dict[str, int] = {}
        self.sent: list[str] = []  # client_ids, in order
        self.agent_sent: dict[str, int] = {}
        self._stopping = threading.Event()
        self._attend(sites)
        self.writer = Line(sites, self.key, on_ack=self._acked).open()
        self.watcher = Line(watch or sites, self.key, on_message=self._shown).open()
        self._threads = [
            threading.Thread(target=work, daemon=True)
            for work in (self._post if over_http else self._write, self._answer)
        ]
        for thread in self._threads:
            thread.start()

    def _attend(self, sites: Sequence[str]) -> None:
        Caller(sites, self.key).start(
            name="Ana Pérez", email="ana@example.com", question="Where do I pay the tax?"
        )
        services.accept_conversation(conversation_id=UUID(self.key.id), agent=self.agent)
        far = timezone.now() + timedelta(days=1)
        Conversation.objects.filter(public_id=self.key.id).update(expires_at=far)

    def _write(self) -> None:
        while not self._stopping.wait(random.uniform(0.5, 1.5) * PACE):
            for _message in range(BURST - self.writer.unsent):
                at = time.monotonic()
                client_id = self.writer.send(f"message {len(self.sent)}")
                self.times.sent[client_id] = at
                self.sent.append(client_id)

    def _post(self) -> None:
        """One message after the other over HTTP, each as often as it takes."""
        caller = Caller(self.writer.sites, self.key)
        while not self._stopping.wait(PACE / BURST):
            client_id = str(uuid4())
            self.times.sent[client_id] = time.monotonic()
            self.sent.append(client_id)
            message = caller.send(f"message {len(self.sent)}", client_id=client_id)["message"]
            self._acked(client_id, message["seq"])

    def _answer(self) -> None:
        """The agent, from this process: the same services, the same rows."""
        origin = Origin(ip="203.0.113.9", user_agent="", door=Door.SOCKET)
        try:
            while not self._stopping.wait(random.uniform(0.5, 1.5)):
                message = services.post_as_agent(
                    conversation_id=UUID(self.key.id),
                    agent=self.agent,
                    client_id=uuid4(),
                    text="answer",
                    origin=origin,
                )
                self.agent_sent[str(message.client_id)] = message.seq
        except OperationalError:
            pass  # a database that is too busy for the agent is not what is tried here
        finally:
            connection.close()

    def _acked(self, client_id: str, seq: int) -> None:
        self.times.acknowledged.setdefault(client_id, time.monotonic())
        if self.acknowledged.setdefault(client_id, seq) != seq:
            raise AssertionError("one message was acknowledged with two numbers")

    def _shown(self, message: dict[str, str]) -> None:
        self.times.shown.setdefault(message["client_id"], time.monotonic())

    def halt(self) -> None:
        """Write no more."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def close(self) -> None:
        self.halt()
        self.writer.close()
        self.watcher.close()

    def settle(self) -> Verdict:
        """Write no more, wait until everything is acknowledged and shown, and judge."""
        self.halt()
        wait_for(lambda: not self.writer.unsent, "messages are still not acknowledged")
        newest = Conversation.objects.get(public_id=self.key.id).last_seq
        wait_for(lambda: self.watcher.last == newest, "the second tab does not catch up")
        return self._judge()

    def _judge(self) -> Verdict:
        stored = list(Message.objects.filter(conversation__public_id=self.key.id).order_by("seq"))
        places = {str(message.client_id): message.seq for message in stored}
        acknowledged = self.acknowledged | self.agent_sent
        order = [str(message.client_id) for message in stored]
        mine = [client_id for client_id in order if client_id in self.times.sent]
        return Verdict(
            acknowledged=len(acknowledged),
            resent=self.writer.resent,
            stored=len(stored),
            lost=sum(places.get(client_id) != seq for client_id, seq in acknowledged.items()),
            duplicated=len(stored) - len(places),
            gaps=sum(message.seq != place for place, message in enumerate(stored, start=1)),
            disordered=int(mine != self.sent),
            unseen=int([message["client_id"] for message in self.watcher.messages] != order),
        )

    def slowest_acknowledgement(self, since: float = 0.0) -> float:
        """The longest time a message had to wait for its acknowledgement, in seconds."""
        return self._longest(self.times.sent, self.times.acknowledged, since)

    def latest_view(self, since: float = 0.0) -> float:
        """How long after its acknowledgement the second tab was shown the latest message."""
        return self._longest(self.times.acknowledged, self.times.shown, since)

    @staticmethod
    def _longest(begins: dict[str, float], ends: dict[str, float], since: float) -> float:
        now = time.monotonic()
        return max(
            (ends.get(name, now) - at for name, at in list(begins.items()) if at >= since),
            default=0.0,
        )

    def is_live(self) -> bool:
        """Whether the second tab has just been shown three messages within half a second."""
        recent = list(self.times.acknowledged.items())[-4:-1]
        now = time.monotonic()
        return all(self.times.shown.get(name, now) - at < 0.5 for name, at in recent)


def wait_for_acknowledgements(streams: Sequence[Stream], count: int) -> None:
    """Wait until ``count`` more messages have been acknowledged."""

    def total() -> int:
        return sum(len(stream.acknowledged) for stream in streams)

    before = total()
    wait_for(lambda: total() >= before + count, "nothing is acknowledged", seconds=2 * PATIENCE)
