"""The next forums on any page, and lists that stay right on pages that are cached."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from wagtail_atencion.forums.blocks import UpcomingForumsBlock

DAY = timedelta(days=1)


@pytest.fixture
def three(make_forum):
    now = timezone.now()
    make_forum("Closed", opens_at=now - 9 * DAY, closes_at=now - DAY)
    make_forum("Open", closes_at=now + DAY)
    make_forum("Next week", opens_at=now + 7 * DAY, closes_at=now + 8 * DAY)
    make_forum("In a month", opens_at=now + 30 * DAY, closes_at=now + 40 * DAY)


def titles(html: str) -> list[str]:
    return re.findall(r"<h3><a [^>]*>([^<]+)</a></h3>", html)


def render(index, site, **value) -> str:
    block = UpcomingForumsBlock()
    request = RequestFactory().get("/", headers={"host": "testserver"})
    given = block.to_python({"heading": "Next forums", "page": index.pk, "count": 3, **value})
    return block.render(given, context={"request": request})


def test_the_block_shows_what_is_open_and_what_will_open(three, forum_index, site):
    html = render(forum_index, site)
    assert titles(html) == ["Open", "Next week", "In a month"]
    assert titles(render(forum_index, site, count=2)) == ["Open", "Next week"]
    assert "feed.atom?phase=announced" in html
    assert "calendar.ics" in html


def test_a_list_that_is_not_published_is_not_shown(three, forum_index, site):
    forum_index.unpublish()
    assert titles(render(forum_index, site)) == []


def test_the_block_costs_the_same_with_more_forums(three, forum_index, site, make_forum):
    render(forum_index, site)
    with CaptureQueriesContext(connection) as few:
        render(forum_index, site, count=12)
    for number in range(9):
        make_forum(f"Forum {number}")
    with CaptureQueriesContext(connection) as many:
        render(forum_index, site, count=12)
    assert len(few) == len(many)


def test_it_asks_for_the_list_as_it_is_now(client, three, forum_index, site):
    html = render(forum_index, site)
    address = re.search(r'data-now="([^"]+)"', html)[1]
    with time_machine.travel(timezone.now() + 2 * DAY):
        response = client.get(address)
        assert titles(response.content.decode()) == ["Next week", "In a month"]
    assert "max-age=5" in response["Cache-Control"]
    assert not response.cookies


def test_the_list_of_forums_asks_with_what_was_searched(client, three, forum_index):
    html = client.get(f"{forum_index.url}?phase=announced").content.decode()
    address = re.search(r'data-now="([^"]+)"', html)[1].replace("&amp;", "&")
    now = client.get(address).content.decode()
    assert titles(now) == titles(html) == ["Next week", "In a month"]
    with time_machine.travel(timezone.now() + 7 * DAY + timedelta(minutes=1)):
        assert titles(client.get(address).content.decode()) == ["In a month"]


@pytest.mark.parametrize("count", ["-1", "999", "x", "²"])
def test_a_strange_number_asks_for_the_whole_list(count, client, three, forum_index):
    address = reverse("atencion:forum_now", args=[forum_index.pk])
    response = client.get(address, {"upcoming": count})
    assert response.status_code == 200
    assert "Closed" in titles(response.content.decode())
