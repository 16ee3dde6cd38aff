"""What the public reads: the list of forums, a forum, and its contributions."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation import approve
from wagtail_atencion.forums.pages import ForumPage

from .conftest import CLOSES, OPENS

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "vectors"
SECOND = timedelta(seconds=1)


class Reader(HTMLParser):
    """What a browser would make of a page: its tags, and the text of each contribution."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def read(client, page, query: str = "") -> str:
    response = client.get(page.url + query)
    assert response.status_code == 200
    return response.content.decode()


def numbers_shown(html: str) -> list[int]:
    return [int(number) for number in re.findall(r"Contribution number (\d+)\.", html)]


def test_a_held_contribution_is_shown_only_once_approved(client, forum, submit, moderator):
    contribution = submit(forum, text="More fruit, please.")
    assert "More fruit" not in read(client, forum)
    approve(contribution_id=contribution.pk, seen=Status.HELD, user=moderator)
    html = read(client, forum)
    assert "More fruit, please." in html
    assert "Ana Pérez" in html


def test_addresses_are_never_published(client, forum, submit, moderator):
    contribution = submit(forum, email="ana@example.com")
    approve(contribution_id=contribution.pk, seen=Status.HELD, user=moderator)
    html = read(client, forum)
    assert "ana@example.com" not in html
    assert contribution.ip_address not in html


@pytest.mark.parametrize(
    ("instant", "phase", "may_take_part"),
    [
        (OPENS - SECOND, "announced", False),
        (OPENS, "open", True),
        (CLOSES - SECOND, "open", True),
        (CLOSES, "closed", False),
    ],
)
def test_the_page_tells_its_phase_to_the_second(instant, phase, may_take_part, client, dated_forum):
    with time_machine.travel(instant, tick=False):
        html = read(client, dated_forum)
    assert f"atencion-phase--{phase}" in html
    assert ("Take part</a>" in html) is may_take_part


def test_moments_are_told_on_the_entitys_clocks(client, dated_forum):
    with time_machine.travel(OPENS):
        html = read(client, dated_forum)
    assert '<time datetime="2025-03-07T22:00:00Z">March 7, 2025, 5 p.m.</time>' in html


def test_conclusions_are_shown_once_closed(client, dated_forum):
    dated_forum.conclusions = "<p>Fruit it is.</p>"
    dated_forum.save()
    with time_machine.travel(CLOSES - SECOND, tick=False):
        assert "Fruit it is." not in read(client, dated_forum)
    with time_machine.travel(CLOSES):
        assert "Fruit it is." in read(client, dated_forum)


def test_the_page_can_be_cached_for_everybody(client, forum, publish):
    publish(forum, 1)
    response = client.get(forum.url)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_every_contribution_is_on_one_page_and_none_on_two(client, forum, publish):
    publish(forum, 45)
    pages, query = [], ""
    while True:
        html = read(client, forum, query)
        pages.append(numbers_shown(html))
        older = re.search(r'rel="next" href="(\?from=[\d-]+)', html)
        if not older:
            break
        query = older[1]
    assert [len(numbers) for numbers in pages] == [20, 20, 5]
    assert list(chain.from_iterable(pages)) == list(range(44, -1, -1))


def test_going_back_to_newer_ones_shows_the_page_one_came_from(client, forum, publish):
    rows = publish(forum, 65)
    html = read(client, forum, f"?from={rows[24].cursor}")
    assert numbers_shown(html) == list(range(24, 4, -1))
    newer = re.search(r'rel="prev" href="(\?until=[\d-]+)', html)
    html = read(client, forum, newer[1])
    assert numbers_shown(html) == list(range(44, 24, -1))
    newer = re.search(r'rel="prev" href="(\?until=[\d-]+)', html)
    html = read(client, forum, newer[1])
    assert numbers_shown(html) == list(range(64, 44, -1))
    assert 'rel="prev"' not in html


def test_a_page_stays_where_it_is_while_others_write(client, forum, publish):
    rows = publish(forum, 25)
    before = numbers_shown(read(client, forum, f"?from={rows[4].cursor}"))
    Contribution.objects.filter(pk=rows[0].pk).update(submit_date=timezone.now())
    after = numbers_shown(read(client, forum, f"?from={rows[4].cursor}"))
    assert before == [4, 3, 2, 1, 0]
    assert after == [4, 3, 2, 1]


def test_the_permalink_of_a_contribution_leads_to_it(client, forum, publish):
    rows = publish(forum, 60)
    (answer,) = publish(forum, 1, reply_to=rows[10])
    for contribution in (rows[10], answer):
        url, anchor = contribution.get_absolute_url().split("#")
        html = client.get(url).content.decode()
        assert f'id="{anchor}"' in html


def test_an_official_answer_stands_under_its_contribution_with_a_badge(client, forum, publish):
    rows = publish(forum, 3)
    (answer,) = publish(forum, 1, reply_to=rows[1])
    tags = Reader(read(client, forum)).tags
    shown = [attrs["id"] for tag, attrs in tags if tag == "article"]
    assert shown == [rows[2].anchor, rows[1].anchor, answer.anchor, rows[0].anchor]
    assert any("atencion-badge" in (attrs.get("class") or "") for _tag, attrs in tags)


def test_the_page_costs_the_same_with_20_and_with_500(client, make_forum, publish):
    small, large = make_forum("Small"), make_forum("Large")
    for forum, count in ((small, 20), (large, 500)):
        for contribution in publish(forum, count)[-20:]:
            publish(forum, 1, reply_to=contribution)
    read(client, small)  # what is cached by process is cached
    with CaptureQueriesContext(
        connection,
    ) as few:
        read(client, small)
    with CaptureQueriesContext(connection) as many:
        read(client, large)
    assert len(few) == len(many)
    about_us = [query for query in many if "wagtail_atencion_contribution" in query["sql"]]
    assert len(about_us) == 2


def payloads() -> list[str]:
    path = DATA / "xss_owasp.json"
    return [row["payload"] for row in json.loads(path.read_text())] if path.exists() else []


@pytest.mark.skipif(not payloads(), reason="the payloads are not beside this checkout")
def test_no_payload_becomes_markup(client, forum, publish):
    (plain,) = publish(forum, 1)
    tags_of_a_page = len(Reader(read(client, forum)).tags)
    for payload in payloads():
        one_line = " ".join(payload.split())
        Contribution.objects.filter(pk=plain.pk).update(comment=one_line, user_name=payload[:80])
        html = read(client, forum)
        reader = Reader(html)
        assert len(reader.tags) == tags_of_a_page, payload
        scripts = [attrs for _tag, attrs in reader.tags if any(a.startswith("on") for a in attrs)]
        assert not scripts


def test_forums_are_listed_open_then_announced_then_closed(client, forum_index, make_forum):
    now, day = timezone.now(), timedelta(days=1)
    make_forum("Closed long ago", opens_at=now - 9 * day, closes_at=now - 8 * day)
    make_forum("Closed lately", opens_at=now - 9 * day, closes_at=now - day)
    make_forum("In a week", opens_at=now + 7 * day, closes_at=now + 8 * day)
    make_forum("Tomorrow", opens_at=now + day, closes_at=now + 9 * day)
    make_forum("Open long", opens_at=now - day, closes_at=now + 9 * day)
    make_forum("Closing soon", opens_at=now - day, closes_at=now + day)
    make_forum("Draft", live=False)
    html = read(client, forum_index)
    titles = re.findall(r"<h3><a [^>]*>([^<]+)</a></h3>", html)
    assert titles == [
        "Closing soon",
        "Open long",
        "Tomorrow",
        "In a week",
        "Closed lately",
        "Closed long ago",
    ]


def test_the_list_costs_the_same_with_2_and_with_50_forums(client, forum_index, make_forum):
    now = timezone.now()
    for number in range(2):
        make_forum(f"Forum {number}")
    read(client, forum_index)
    with CaptureQueriesContext(connection) as few:
        read(client, forum_index)
    for number in range(2, 50):
        make_forum(f"Forum {number}", closes_at=now + timedelta(days=number))
    with CaptureQueriesContext(connection) as many:
        html = read(client, forum_index)
    assert len(few) == len(many)
    assert 'href="?page=2"' in html


def test_a_forum_that_closes_before_it_opens_is_not_accepted(forum_index):
    with pytest.raises(ValidationError) as refusal:
        forum_index.add_child(
            instance=ForumPage(
                title="Backwards",
                introduction="x",
                responsible_area="x",
                opens_at=CLOSES,
                closes_at=OPENS,
            )
        )
    assert "closes_at" in refusal.value.message_dict


def test_a_forum_is_previewed_before_it_is_saved(site):
    now = timezone.now()
    forum = ForumPage(
        title="New",
        slug="new",
        introduction="What do you think?",
        responsible_area="Planning",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
    )
    forum.path, forum.depth = f"{site.root_page.path}0001", site.root_page.depth + 1
    response = forum.make_preview_request()
    assert response.status_code == 200
    assert "What do you think?" in response.render().content.decode()
