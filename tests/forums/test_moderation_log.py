"""The published log of decisions tells what was decided and why, and nobody's name or words."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation import approve, remove
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.rulings import Ruling


@pytest.fixture
def published(site):
    ForumPolicy.objects.update_or_create(site=site, defaults={"public_log": True})


def address(forum) -> str:
    return reverse("atencion:forum_log", args=[forum.pk])


def test_it_is_there_only_if_the_editor_wants_it(client, site, forum):
    assert client.get(address(forum)).status_code == 404
    assert address(forum) not in client.get(forum.url).content.decode()
    ForumPolicy.objects.update_or_create(site=site, defaults={"public_log": True})
    assert client.get(address(forum)).status_code == 200
    assert address(forum) in client.get(forum.url).content.decode()


def test_it_names_nobody_and_repeats_nothing(client, published, forum, submit, moderator):
    said = submit(forum, text="Quetzal eats mangoes")
    moderator.first_name = "Marta"
    moderator.save()
    remove(
        contribution_id=said.pk,
        seen=Status.HELD,
        user=moderator,
        clause="privacy",
        reason="Xylophone",
    )
    html = client.get(address(forum)).content.decode()
    assert "Personal data of others" in html
    for word in (
        "Quetzal",
        "Ana",
        "Marta",
        "moderator@",
        "Xylophone",
        "example.com",
        said.anchor,
    ):
        assert word not in html
    assert Ruling.objects.get().decided_at.strftime("%H:%M:%S") not in html


def test_another_forums_decisions_are_not_in_it(client, published, make_forum, submit, moderator):
    one, other = make_forum("One"), make_forum("Other")
    approve(contribution_id=submit(one).pk, seen=Status.HELD, user=moderator)
    assert "Nothing has been decided yet." in client.get(address(other)).content.decode()


def test_as_many_queries_with_2000_decisions_as_with_20(client, published, forum, publish):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(forum)).status_code == 200
        return len(queries)

    def decide_on(number: int) -> None:
        publish(forum, number)
        Ruling.objects.bulk_create(
            Ruling(contribution=row, forum=forum, before="held", after="approved")
            for row in Contribution.objects.filter(rulings=None)
        )

    decide_on(20)
    count()
    few = count()
    decide_on(1980)
    assert count() == few
    html = client.get(address(forum), {"page": 2}).content.decode()
    assert 'rel="prev"' in html
    assert 'rel="next"' in html
    assert client.get(address(forum), {"page": "nonsense"}).status_code == 200
