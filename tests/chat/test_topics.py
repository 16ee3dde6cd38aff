"""Topics: citizens choose one, and only those who serve it see and accept the conversation."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from tests.chat.plain import Citizen
from tests.conftest import staff
from wagtail_atencion import permissions
from wagtail_atencion.chat import endings, queue, services
from wagtail_atencion.chat.access import find_to_read
from wagtail_atencion.chat.lifecycle import EndReason
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.state import forget_state, public_state
from wagtail_atencion.chat.topics import Topic, may_attend
from wagtail_atencion.chat.waits import position
from wagtail_atencion.errors import Invalid, NotFound, NotPermitted

from .conftest import SECRET

pytestmark = pytest.mark.django_db


@pytest.fixture
def taxes(site, agent) -> Topic:
    """Laura serves it; Andrés does not."""
    topic = Topic.objects.create(site=site, name="Taxes")
    topic.agents.add(agent)
    return topic


@pytest.fixture
def about_taxes(start, taxes):
    return start(topic=taxes.pk)


def waiting(agent: User) -> list[str]:
    return [card["id"] for card in queue.desk_of(agent)["waiting"]]


def test_only_who_serves_the_topic_sees_it(
    about_taxes, conversation, agent, other_agent, supervisor
):
    without_topic, with_topic = str(conversation.public_id), str(about_taxes.public_id)
    assert waiting(agent) == [with_topic, without_topic]
    assert waiting(other_agent) == [without_topic]
    assert waiting(supervisor) == [with_topic, without_topic]
    assert queue.desk_of(agent)["waiting"][0]["topic"]["name"] == "Taxes"


def test_nobody_else_reads_or_accepts_it(about_taxes, agent, other_agent):
    its = {"conversation_id": about_taxes.public_id}
    with pytest.raises(NotFound):
        services.accept_conversation(**its, agent=other_agent)
    with pytest.raises(NotFound):
        find_to_read(about_taxes.public_id, other_agent)
    with pytest.raises(NotFound):
        endings.end_as_agent(**its, agent=other_agent, reason=EndReason.AGENT)
    services.accept_conversation(**its, agent=agent)


def test_who_serves_it_no_longer_is_refused_under_the_lock(about_taxes, agent, taxes, monkeypatch):
    """The topic changed while the agent's request was on its way."""
    lock = services.lock

    def lock_later(pk):
        taxes.agents.remove(agent)
        return lock(pk)

    monkeypatch.setattr(services, "lock", lock_later)
    with pytest.raises(NotFound):
        services.accept_conversation(conversation_id=about_taxes.public_id, agent=agent)
    about_taxes.refresh_from_db()
    assert about_taxes.agent is None


def test_what_one_attends_stays_ones_own(about_taxes, taxes, agent):
    services.accept_conversation(conversation_id=about_taxes.public_id, agent=agent)
    taxes.agents.remove(agent)
    assert find_to_read(about_taxes.public_id, agent)


def test_agents_do_not_read_what_a_colleague_attends(attended, other_agent, supervisor):
    with pytest.raises(NotPermitted):
        find_to_read(attended.public_id, other_agent)
    assert find_to_read(attended.public_id, supervisor)


def test_citizens_are_told_the_topics_that_are_offered(site, taxes):
    Topic.objects.create(site=site, name="Old", active=False)
    forget_state()
    assert public_state(site)["topics"] == [{"id": taxes.pk, "name": "Taxes"}]


def test_one_that_is_not_offered_is_refused(start, taxes):
    taxes.active = False
    taxes.save()
    for number in (taxes.pk, taxes.pk + 100):
        with pytest.raises(Invalid) as refusal:
            start(topic=number)
        assert set(refusal.value.errors) == {"topic"}


def test_only_who_may_attend_is_offered_for_a_topic(agent, supervisor, editor):
    root = User.objects.create_superuser("root")
    gone = staff("gone", permissions.ANSWER)
    gone.is_active = False
    gone.save()
    offered = set(User.objects.filter(may_attend()))
    assert offered == {agent, supervisor, root}


def test_a_citizen_chooses_it_over_http(client, open_now, taxes):
    def start(**changes):
        body = {
            "client_id": str(uuid4()),
            "secret": SECRET,
            "name": "Ana Pérez",
            "email": "ana@example.com",
            "question": "Where do I pay the tax?",
            "terms_version": 1,
            **changes,
        }
        return client.post(reverse("atencion:start"), body, content_type="application/json")

    assert start(topic=taxes.pk).json()["conversation"]["topic"] == "Taxes"
    assert start().json()["conversation"]["topic"] is None
    for wrong in ("1", True, None, 2**40):
        refused = start(topic=wrong)
        assert (refused.status_code, set(refused.json()["error"]["fields"])) == (400, {"topic"})


def test_a_citizen_chooses_it_without_javascript(open_now, taxes):
    ana = Citizen()
    ana.start(topic=str(taxes.pk))
    assert Conversation.objects.get().topic == taxes
    other = Citizen()
    other.start(topic="")
    assert Conversation.objects.filter(topic=None).exists()


def test_without_topics_nobody_is_asked(open_now):
    ana = Citizen()
    ana.get("chat_start")
    assert 'name="topic"' not in ana.html


def test_who_chose_a_topic_is_not_behind_those_who_chose_another(start, site, taxes, other_agent):
    water = Topic.objects.create(site=site, name="Water")
    water.agents.add(other_agent)
    start(topic=water.pk)
    first, second = start(topic=taxes.pk), start(topic=taxes.pk)
    assert [position(first), position(second)] == [1, 2]
    assert position(start()) == 4
