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
    assert badges.void({badge}) == set()
    assert badges.holds(badge, agent)
    agent.user_permissions.remove(Permission.objects.get(codename="answer_conversation"))
    assert badges.void({badge}) == {badge}


def test_a_permission_of_a_group_counts_until_the_person_leaves_it(db):
    group = Group.objects.create(name="Desk")
    group.permissions.add(Permission.objects.get(codename="supervise_conversation"))
    person = staff("person")
    badge = badges.badge_of({}, person)
    assert badges.void({badge}) == {badge}
    person.groups.add(group)
    assert badges.void({badge}) == set()
    person.groups.remove(group)
    assert badges.void({badge}) == {badge}


def test_a_session_that_ended_opens_nothing(badge, agent):
    import_module(django_settings.SESSION_ENGINE).SessionStore(badge.session).flush()
    assert badges.void({badge}) == {badge}
    assert not badges.holds(badge, agent)


def test_only_the_desks_that_lost_it_are_named(badge, django_assert_max_num_queries):
    others = {badges.badge_of({}, staff(f"agent{n}", permissions.ANSWER)) for n in range(10)}
    plain = badges.badge_of({}, staff("superseded", permissions.ANSWER))
    with django_assert_max_num_queries(4):
        assert badges.void({badge, plain, *others}) == set()


@pytest.mark.asyncio
async def test_a_store_that_fails_is_asked_again(monkeypatch):
    badge, closed, asked = badges.Badge(1, "", ""), asyncio.Event(), []

    def fails_once(them):
        asked.append(them)
        if len(asked) == 1:
            raise ConnectionError
        return them

    monkeypatch.setattr(badges, "void", fails_once)
    watch = badges.Watch()
    watch.enter(badge, closed.set)
    await asyncio.wait_for(closed.wait(), 5)
    assert len(asked) == 2
