"""One second before and after closing as the clocks change, with the page opened before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.conftest import set_conditions
from wagtail_atencion.forums.models import Contribution, Moderation

from .test_form import TEXT, address, fill_in, kept_text

SECOND = timedelta(seconds=1)
NIGHTS = {
    # The hour from 1 to 2 happens twice: the forum closes in the second one.
    "back, the second time": (
        "America/New_York",
        datetime(2025, 11, 2, 1, 30, fold=1, tzinfo=ZoneInfo("America/New_York")),
        "1:30",
    ),
    "back, the first time": (
        "America/New_York",
        datetime(2025, 11, 2, 1, 30, fold=0, tzinfo=ZoneInfo("America/New_York")),
        "1:30",
    ),
    # From 1:59:59 to 3:00:00.
    "forward, as the hour is skipped": (
        "America/New_York",
        datetime(2025, 3, 9, 3, 0, tzinfo=ZoneInfo("America/New_York")),
        "3 a.m.",
    ),
    # At midnight, and so on a day without its first hour.
    "forward, at midnight": (
        "America/Santiago",
        datetime(2025, 9, 7, 1, 0, tzinfo=ZoneInfo("America/Santiago")),
        "1 a.m.",
    ),
    "no change at all": (
        "America/Bogota",
        datetime(2025, 11, 2, 1, 30, tzinfo=ZoneInfo("America/Bogota")),
        "1:30",
    ),
}


@pytest.fixture(params=NIGHTS.values(), ids=NIGHTS.keys())
def night(request, site, make_forum):
    """A forum that closes that night, the instant in UTC, and what the clocks show then."""
    zone, local, shown = request.param
    set_conditions(site, time_zone=zone)
    closes = local.astimezone(UTC)
    forum = make_forum(
        moderation=Moderation.AFTER, opens_at=closes - timedelta(hours=9), closes_at=closes
    )
    return forum, closes, shown


def test_right_each_time(night):
    forum, closes, shown = night
    early, late = Client(), Client()
    with time_machine.travel(closes - timedelta(hours=4), tick=False):  # before the change
        first, second = fill_in(early, forum), fill_in(late, forum)
    with time_machine.travel(closes - SECOND, tick=False):
        assert early.post(address(forum), first).status_code == 302
    with time_machine.travel(closes, tick=False):
        assert late.post(address(forum), second).status_code == 409
    with time_machine.travel(closes + SECOND, tick=False):
        response = late.post(address(forum), second)
        html = response.content.decode()
        assert response.status_code == 409
        assert shown in html.replace("1:30 a.m.", "1:30")
        assert kept_text(html).split() == TEXT.split()
        # The double click of what came in time is told the same as the first one.
        assert early.post(address(forum), first).status_code == 302
    assert Contribution.objects.get().submit_date == closes - SECOND


def test_support_and_edits_end_at_the_same_second(night):
    forum, closes, _shown = night
    author, reader = Client(), Client()
    with time_machine.travel(closes - timedelta(minutes=5), tick=False):
        author.post(address(forum), fill_in(author, forum))
    row = Contribution.objects.get()
    support = reverse("atencion:forum_support", args=[forum.pk, row.pk])
    edit = reverse("atencion:forum_edit", args=[forum.pk, row.pk])
    reader.get(support)
    with time_machine.travel(closes, tick=False):
        assert reader.post(support).status_code == 409
        response = author.post(edit, {"text": "Later words.", "seen": "0"})
        assert response.status_code == 409
        assert "Later words.</textarea>" in response.content.decode()
    with time_machine.travel(closes - SECOND, tick=False):
        assert reader.post(support).status_code == 302
        assert author.post(edit, {"text": "Words in time.", "seen": "0"}).status_code == 302
    row.refresh_from_db()
    assert (row.votes, row.comment) == (1, "Words in time.")
