"""Calendars and Atom feeds of the forums, read back by parsers that are not ours."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageViewRestriction

from .conftest import CLOSES, OPENS
from .test_pages import payloads

ATOM = {"atom": "http://www.w3.org/2005/Atom"}
SECOND = timedelta(seconds=1)


def fetch(client, name: str, page) -> bytes:
    response = client.get(reverse(f"atencion:{name}", args=[page.pk]))
    assert response.status_code == 200
    assert not response.cookies
    assert "public" in response["Cache-Control"]
    return response.content


def events(client, page):
    return Calendar.from_ical(fetch(client, "forum_calendar", page)).walk("VEVENT")


def entries(client, page):
    return ET.fromstring(fetch(client, "forum_atom", page)).findall("atom:entry", ATOM)


def test_a_forum_can_be_put_into_a_calendar(client, dated_forum):
    (event,) = events(client, dated_forum)
    assert event.decoded("dtstart") == OPENS
    assert event.decoded("dtend") == CLOSES
    assert str(event["summary"]) == dated_forum.title
    assert str(event["url"]) == dated_forum.full_url


def test_an_event_is_moved_and_not_repeated_when_the_dates_change(client, dated_forum):
    (before,) = events(client, dated_forum)
    dated_forum.closes_at = CLOSES + timedelta(days=1)
    dated_forum.save_revision().publish()
    (after,) = events(client, dated_forum)
    assert after["uid"] == before["uid"]
    assert after.decoded("dtend") == CLOSES + timedelta(days=1)


def test_the_list_has_the_dates_of_every_forum_that_is_published(client, forum_index, make_forum):
    make_forum("Roads")
    make_forum("Parks")
    make_forum("Draft", live=False)
    names = {str(event["summary"]) for event in events(client, forum_index)}
    assert names == {"Roads", "Parks"}


def test_the_feed_of_a_forum_holds_what_is_published_and_no_address(client, forum, publish, submit):
    rows = publish(forum, 3)
    publish(forum, 1, reply_to=rows[1])
    submit(forum, text="Still held.")
    shown = entries(client, forum)
    assert len(shown) == 4
    text = fetch(client, "forum_atom", forum).decode()
    assert "Still held." not in text
    assert "@example.com" not in text
    links = [entry.find("atom:link", ATOM).get("href") for entry in shown]
    for link, row in zip(links[:1], rows[::-1], strict=False):
        assert link.startswith(forum.full_url)
        html = client.get(link.partition("#")[0]).content.decode()
        assert f'id="{link.partition("#")[2]}"' in html, row


def test_the_feed_of_the_list_announces_forums(client, forum_index, make_forum):
    make_forum("Tomorrow", opens_at=timezone.now() + timedelta(days=1, hours=-1))
    (entry,) = entries(client, forum_index)
    assert entry.find("atom:title", ATOM).text == "Tomorrow"
    assert entry.find("atom:author/atom:name", ATOM).text == "Department of Education"


@pytest.mark.skipif(not payloads(), reason="the payloads are not beside this checkout")
def test_every_payload_leaves_the_feed_well_formed(client, forum, publish):
    rows = publish(forum, len(payloads()))
    for row, payload in zip(rows, payloads(), strict=True):
        row.comment = payload.replace("\x00", "")
    type(rows[0]).objects.bulk_update(rows, ["comment"])
    assert len(entries(client, forum)) == 50


@pytest.mark.parametrize("name", ["forum_calendar", "forum_atom", "forum_now"])
def test_what_is_not_for_everybody_is_not_found(name, client, forum, site):
    url = reverse(f"atencion:{name}", args=[forum.pk])
    assert client.get(url).status_code == 200
    PageViewRestriction.objects.create(page=forum, restriction_type="login")
    assert client.get(url).status_code == 404
    assert client.get(reverse(f"atencion:{name}", args=[site.root_page.pk])).status_code == 404
    assert client.get(reverse(f"atencion:{name}", args=[10**6])).status_code == 404


def test_a_feed_costs_the_same_with_5_and_with_45_contributions(client, forum, publish):
    url = reverse("atencion:forum_atom", args=[forum.pk])
    publish(forum, 5)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for row in publish(forum, 20):
        publish(forum, 1, reply_to=row)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many)


@pytest.mark.parametrize(
    ("instant", "phase"),
    [
        (OPENS - SECOND, "announced"),
        (OPENS, "open"),
        (CLOSES - SECOND, "open"),
        (CLOSES, "closed"),
    ],
)
def test_the_page_can_ask_for_its_phase_to_the_second(instant, phase, client, dated_forum):
    with time_machine.travel(instant, tick=False):
        html = fetch(client, "forum_now", dated_forum).decode()
    assert f'data-phase="{phase}"' in html
    assert ("Take part</a>" in html) is (phase == "open")
