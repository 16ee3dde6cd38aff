"""Fifty agents accept one citizen in the same moment: one gets her, and each other is told who."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection, connections

from wagtail_atencion import signals
from wagtail_atencion.chat import services
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.errors import Taken

AGENTS = 50


@pytest.mark.django_db(transaction=True)
def test_one_of_fifty_gets_the_citizen_and_the_others_are_told_who(conversation):
    permission = Permission.objects.get(codename="answer_conversation")
    agents = [
        User.objects.create_user(f"agent{n}", first_name=f"Agent{n}", last_name="Mora")
        for n in range(AGENTS)
    ]
    for agent in agents:
        agent.user_permissions.add(permission)
    go = threading.Barrier(AGENTS)
    got: list[User] = []
    told: list[str] = []
    failed: list[Exception] = []
    announced: list[object] = []

    def accept(agent: User) -> None:
        try:
            go.wait(30)
            services.accept_conversation(conversation_id=conversation.public_id, agent=agent)
            got.append(agent)
        except Taken as refusal:
            told.append(str(refusal))
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    def heard(**kwargs: object) -> None:
        announced.append(kwargs["conversation"])

    signals.conversation_changed.connect(heard)
    try:
        threads = [threading.Thread(target=accept, args=[agent]) for agent in agents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        signals.conversation_changed.disconnect(heard)
    connection.close()

    assert failed == []
    assert len(got) == 1
    winner = got[0]
    assert told == [f"{winner.get_full_name()} is attending this citizen."] * (AGENTS - 1)
    row = Conversation.objects.get(pk=conversation.pk)
    assert (row.state, row.agent) == (State.ACTIVE, winner)
    assert len(announced) == 1
