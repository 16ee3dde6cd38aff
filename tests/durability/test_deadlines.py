"""Whatever process is left ends what the others left, within two seconds of the deadline."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from tests.chat.protocol.client import Caller, Key
from tests.durability.processes import Server, Sweeper, running, wait_for
from wagtail_atencion.chat import services
from wagtail_atencion.chat.models import Conversation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.durability]

LATE = timedelta(seconds=2)
SOON = timedelta(seconds=2)


@pytest.fixture
def start(site, open_now):
    def start(server):
        """A citizen who waits."""
        key = Key()
        Caller([server.url], key).start(
            name="Ana Pérez", email="ana@example.com", question="Where do I pay the tax?"
        )
        return key

    return start


def row(key):
    return Conversation.objects.get(public_id=key.id)


def is_ended(key):
    return row(key).state == "ended"


def change(key, **values):
    Conversation.objects.filter(public_id=key.id).update(**values)


def assert_all_end_in_time(attended, waiting, agent):
    """The time of one citizen is up soon, and the other is soon taken for gone."""
    services.accept_conversation(conversation_id=UUID(attended.id), agent=agent)
    due = timezone.now() + SOON
    change(attended, expires_at=due)
    change(waiting, gone_at=due)
    wait_for(lambda: is_ended(attended) and is_ended(waiting), "nobody ended them")
    for key, reason in ((attended, "time_limit"), (waiting, "abandoned")):
        ended = row(key)
        assert ended.end_reason == ended.transcript.content["end_reason"] == reason
        assert timedelta(0) <= ended.ended_at - due <= LATE


def test_the_sweeper_when_no_server_is_left(start, agent):
    server, sweeper = Server(), Sweeper()
    with running(server, sweeper):
        keys, gone = (start(server), start(server)), start(server)
        server.kill()
        change(gone, gone_at=timezone.now())
        wait_for(lambda: is_ended(gone), "the sweeper did not start")
        assert_all_end_in_time(*keys, agent)


def test_a_server_to_which_nobody_is_connected_when_no_sweeper_is_left(start, agent):
    left, dead, sweeper = Server(), Server(), Sweeper()
    with running(left, dead, sweeper):
        keys = start(dead), start(dead)
        dead.kill()
        sweeper.kill()
        assert_all_end_in_time(*keys, agent)
