"""Many processes assign at once while the agent accepts: nobody gets more than they can attend."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from tests.conftest import set_conditions
from wagtail_atencion.chat import offers, presence, services, team
from wagtail_atencion.chat.assignment import is_offered
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.errors import AtencionError

SWEEPERS, WAITING = 6, 5


@pytest.mark.django_db(transaction=True)
def test_offers_made_at_once_fill_the_agents_and_no_more(site, start, agent, other_agent):
    set_conditions(site, assign_automatically=True, offer_seconds=600)
    for one in (agent, other_agent):
        presence.arrive(channel=one.username, agent=one)
    waiting = [start() for _person in range(WAITING)]
    go = threading.Barrier(SWEEPERS + 2)
    failed: list[Exception] = []

    def together(work):
        def run() -> None:
            try:
                go.wait(30)
                work()
            except AtencionError:
                pass  # a refusal is an answer
            except Exception as error:
                failed.append(error)
            finally:
                connections.close_all()

        return threading.Thread(target=run)

    def accept() -> None:
        services.accept_conversation(conversation_id=waiting[-1].public_id, agent=agent)

    def leave() -> None:
        team.set_status(agent=other_agent, status="away", by=other_agent)
        team.set_status(agent=other_agent, status="attending", by=other_agent)

    threads = [together(offers.offer_waiting) for _process in range(SWEEPERS)]
    threads += [together(accept), together(leave)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    connection.close()
    assert failed == []
    offers.offer_waiting()
    now = timezone.now()
    offered = [
        row.offered_to_id
        for row in Conversation.objects.filter(state="waiting")
        if is_offered(row.offered_until, now)
    ]
    assert len(offered) == len(set(offered)), "an agent was offered two"
    assert max(team.in_hand([agent.pk, other_agent.pk]).values()) <= 2  # one was accepted by hand
