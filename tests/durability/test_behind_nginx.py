"""The citizen is on one process and the agent on the other, both behind nginx; each goes away.

nginx and the processes are started as docs/deployment.md says.
"""

from __future__ import annotations

import time
from contextlib import closing
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from tests.chat.protocol.client import Caller, Key, Line
from tests.durability.desk import Desk
from tests.durability.nginx import Nginx
from tests.durability.processes import Documented, running, wait_for
from wagtail_atencion.chat import services
from wagtail_atencion.chat.models import Conversation, Message

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.durability,
    pytest.mark.skipif(Nginx.path() is None, reason="nginx is not on this machine"),
]

EACH = 8  # messages of each side before, while and after each process is away


@pytest.mark.parametrize("goes", [Documented.kill, Documented.stop])
def test_each_process_goes_and_nobody_loses_a_message(site, open_now, agent, redis, goes):
    """Killed as by a power cut, and stopped as for a new version (``systemctl restart``)."""
    servers = [Documented(REDIS_URL=redis.url) for _number in range(2)]
    nginx = Nginx(Nginx.path(), servers)
    with running(redis), running(*servers), running(nginx):
        there, here = nginx.urls
        key = Key()
        Caller([there], key).start(
            name="Ana Pérez", email="ana@example.com", question="Where do I pay the tax?"
        )
        services.accept_conversation(conversation_id=UUID(key.id), agent=agent)
        far = timezone.now() + timedelta(days=1)
        Conversation.objects.filter(public_id=key.id).update(expires_at=far)
        citizen, desk = Line([there], key).open(), Desk(here, agent, key.id)
        with closing(citizen), closing(desk):
            sent = _talk(citizen, desk)
            for server in servers:
                goes(server)
                sent += _talk(citizen, desk)
                _wait_for_both(citizen, desk)  # the other process stands in
                server.start()
                server.wait()
                sent += _talk(citizen, desk)
            _wait_for_both(citizen, desk)
        stored = list(Message.objects.filter(conversation__public_id=key.id).order_by("seq"))
    assert [message.seq for message in stored] == list(range(1, len(stored) + 1))
    assert len(stored) == 1 + sent
    texts = [message.text for message in stored]
    assert [message["text"] for message in citizen.messages] == texts
    assert [desk.messages[seq]["text"] for seq in sorted(desk.messages)] == texts
    assert len(set(texts)) == len(texts)


def _talk(citizen: Line, desk: Desk) -> int:
    for _number in range(EACH):
        citizen.send(f"citizen {time.monotonic_ns()}")
        desk.send(f"agent {time.monotonic_ns()}")
        time.sleep(0.1)
    return 2 * EACH


def _wait_for_both(citizen: Line, desk: Desk) -> None:
    wait_for(lambda: not citizen.unsent and not desk.unsent, "messages are not acknowledged")
    newest = Conversation.objects.get(public_id=citizen.key.id).last_seq
    wait_for(lambda: citizen.last == newest == desk.last, "somebody does not see all messages")
