from __future__ import annotations

from uuid import uuid4

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from tests.chat.plain import Citizen
from wagtail_atencion.chat import services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.models import Conversation

SECRET = "s" * 43


@pytest.fixture
def key() -> CitizenKey:
    return CitizenKey(uuid4(), SECRET)


@pytest.fixture
def start(site, open_now, origin):
    """Starts conversations; any argument of the service can be given."""

    def start(**changes):
        return services.start_conversation(
            **{
                "site": site,
                "key": CitizenKey(uuid4(), SECRET),
                "name": "Ana Pérez",
                "email": "ana@example.com",
                "question": "Where do I pay the tax?",
                "terms_version": 1,
                "origin": origin,
                **changes,
            }
        )

    return start


@pytest.fixture
def conversation(start, key):
    """Ana waits."""
    return start(key=key)


@pytest.fixture
def attended(conversation, agent):
    """Laura attends Ana."""
    return services.accept_conversation(conversation_id=conversation.public_id, agent=agent)


@pytest_asyncio.fixture
async def connections_closed():
    """The ORM of an async test keeps a connection in a thread that outlives the test."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def ana(open_now) -> Citizen:
    """Ana waits, in a browser without JavaScript."""
    ana = Citizen()
    ana.start()
    ana.look()
    return ana


@pytest.fixture
def talk(ana, agent) -> Conversation:
    """Laura attends Ana."""
    conversation = Conversation.objects.get()
    return services.accept_conversation(conversation_id=conversation.public_id, agent=agent)
