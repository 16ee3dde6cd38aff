"""The watch over the desks outlives a store that fails, and knows each way to leave."""

from __future__ import annotations

import asyncio
from importlib import import_module

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group, Permission

from tests.conftest import staff
from wagtail_atencion import permissions
from wagtail_atencion.chat import badges


@pytest.fixture
def badge(agent):
    session = import_module(django_settings.SESSION_ENGINE).SessionStore()
    session.create()
    return badges.badge_of({"session": session}, agent)


def test_a_badge_holds_until_something_is_lost(badge, agent):
    assert badge.session
    assert badges.honoured({badge})
    assert badges.holds(badge, agent)
    assert badges.honoured({badge}) == {badge: agent}
    agent.user_permissions.remove(Permission.objects.get(codename="answer_conversation"))
    assert not badges.honoured({badge})


def test_a_permission_of_a_group_counts_until_the_person_leaves_it(db):
    group = Group.objects.create(name="Desk")
    group.permissions.add(Permission.objects.get(codename="supervise_conversation"))
    person = staff("person")
    badge = badges.badge_of({}, person)
    assert not badges.honoured({badge})
    person.groups.add(group)
    assert badges.honoured({badge})
    person.groups.remove(group)
    assert not badges.honoured({badge})


def test_a_session_that_ended_opens_nothing(badge, agent):
    import_module(django_settings.SESSION_ENGINE).SessionStore(badge.session).flush()
    assert not badges.honoured({badge})
    assert not badges.holds(badge, agent)


def test_only_the_desks_that_lost_it_are_named(badge, django_assert_max_num_queries):
    others = {badges.badge_of({}, staff(f"agent{n}", permissions.ANSWER)) for n in range(10)}
    plain = badges.badge_of({}, staff("superseded", permissions.ANSWER))
    with django_assert_max_num_queries(4):
        assert badges.honoured({badge, plain, *others}).keys() == {badge, plain, *others}


@pytest.mark.asyncio
async def test_a_store_that_fails_is_asked_again(monkeypatch):
    badge, closed, asked = badges.Badge(1, "", ""), asyncio.Event(), []

    def fails_once(them):
        asked.append(them)
        if len(asked) == 1:
            raise ConnectionError
        return {}

    monkeypatch.setattr(badges, "honoured", fails_once)
    watch = badges.Watch()
    watch.enter(badge, closed.set)
    await asyncio.wait_for(closed.wait(), 5)
    assert len(asked) == 2


@pytest.mark.asyncio
async def test_what_was_seen_a_moment_ago_counts_for_messages_and_no_longer(monkeypatch):
    laura, stranger = badges.Badge(1, "", ""), badges.Badge(2, "", "")
    asked, left = [], asyncio.Event()

    def ask(them):
        asked.append(set(them))
        return {badge: f"agent {badge.user}" for badge in them}

    monkeypatch.setattr(badges, "honoured", ask)
    watch = badges.watch()
    watch.enter(laura, left.set)
    while not watch.asked_at:
        await asyncio.sleep(0.01)
    asked.clear()
    assert badges.honoured_lately({laura}) == {laura: "agent 1"}
    assert asked == []
    assert badges.honoured_lately({laura, stranger}) == {laura: "agent 1", stranger: "agent 2"}
    assert asked == [{stranger}]
    watch.leave(laura, left.set)
    asked.clear()
    watch.asked_at -= badges.LATELY
    badges.honoured_lately({laura})
    assert asked == [{laura}]
