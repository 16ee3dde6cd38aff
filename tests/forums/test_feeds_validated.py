"""Feeds and calendars as other people's programs read them: feedparser, and vobject."""

from __future__ import annotations

from datetime import timedelta

import feedparser
import pytest
import vobject
from django.urls import reverse
from django.utils import timezone

from wagtail_atencion.forums.models import Contribution

from .conftest import CLOSES, OPENS

HOSTILE = [
    "<script>alert(1)</script>",
    "a & b ]]> c",
    "línea\nuna; dos, tres: \\n",
    "ñ" * 300,
    "\x0b\x1f control",
    "BEGIN:VEVENT\nUID:1\nEND:VEVENT",
    "😀 \u202e",
]


def fetch(client, name: str, page, query: str = "") -> bytes:
    response = client.get(reverse(f"atencion:{name}", args=[page.pk]) + query)
    assert response.status_code == 200
    return response.content


def feed_of(content: bytes):
    feed = feedparser.parse(content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    for needed in ("id", "title", "updated"):  # RFC 4287, 4.1.1 and 4.1.2
        assert feed.feed[needed]
        assert all(entry[needed] for entry in feed.entries)
    assert any(link.rel == "self" for link in feed.feed.links)
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    return feed


def calendar_of(content: bytes):
    """RFC 5545: lines of 75 octets at most, ended by CRLF, and what must be in each event."""
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.count(b"\n") == content.count(b"\r\n")
    calendar = vobject.readOne(content.decode())
    assert calendar.validate(raiseException=True)
    return calendar


def test_the_feed_of_contributions(client, forum, publish):
    rows = publish(forum, 3)
    publish(forum, 1, reply_to=rows[0])
    feed = feed_of(fetch(client, "forum_atom", forum))
    assert len(feed.entries) == 4
    assert feed.entries[0].links[0].href.startswith(forum.full_url)
    assert {entry.author for entry in feed.entries} >= {"Person 2", forum.responsible_area}


def test_the_feed_of_the_next_forums_holds_those_that_will_open(client, forum_index, make_forum):
    now = timezone.now()
    make_forum("Open")
    make_forum("Soon", opens_at=now + timedelta(days=3), closes_at=now + timedelta(days=9))
    assert len(feed_of(fetch(client, "forum_atom", forum_index)).entries) == 2
    (entry,) = feed_of(fetch(client, "forum_atom", forum_index, "?phase=announced")).entries
    assert entry.title == "Soon"


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_people_write_leaves_them_valid(words, client, forum_index, make_forum, publish):
    plain = words.replace("\x0b", "").replace("\x1f", "")
    line = " ".join(plain.split())[:150]
    forum = make_forum(line, slug="hostile", introduction=plain, responsible_area=line)
    publish(forum, 2)
    Contribution.objects.update(comment=words, user_name=words[:60])
    feed = feed_of(fetch(client, "forum_atom", forum))
    assert len(feed.entries) == 2
    assert "<script" not in feed.entries[0].summary
    feed_of(fetch(client, "forum_atom", forum_index))
    calendar = calendar_of(fetch(client, "forum_calendar", forum))
    (event,) = calendar.vevent_list
    assert event.summary.value.split() == forum.title.split()


def test_the_calendar_of_a_forum_and_of_all(client, forum_index, dated_forum, make_forum):
    make_forum("Another")
    (event,) = calendar_of(fetch(client, "forum_calendar", dated_forum)).vevent_list
    assert (event.dtstart.value, event.dtend.value) == (OPENS, CLOSES)
    assert event.url.value == dated_forum.full_url
    every = calendar_of(fetch(client, "forum_calendar", forum_index)).vevent_list
    assert len({event.uid.value for event in every}) == 2


def test_an_ampersand_in_a_name_is_an_ampersand_for_the_reader(client, forum, publish):
    publish(forum, 1)
    Contribution.objects.update(user_name="Ana & Luis", comment="5 < 6 & 7")
    (entry,) = feed_of(fetch(client, "forum_atom", forum)).entries
    assert entry.author == "Ana & Luis"
    assert "5 &lt; 6 &amp; 7" in entry.summary
