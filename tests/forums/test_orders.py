"""The debate in three orders: the same few queries at any length, and nothing lost while paging."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.forums import paging
from wagtail_atencion.forums.cursors import Order, Rank, read_order, read_place
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.paging import news_since, page_of

MOST_QUERIES = 8  # beyond those of the same page without the debate


def shown(html: str) -> list[str]:
    return re.findall(r'<article[^>]* id="([^"]+)"', html)


def walk(client, forum, order: str, between=lambda: None) -> list[str]:
    """All that a reader sees who goes from page to page, with ``between`` happening at each."""
    seen, address = [], f"{forum.url}?order={order}"
    while address:
        html = client.get(address).content.decode()
        seen += shown(html)
        more = re.search(r'rel="next" href="([^"#]+)', html)
        address = f"{forum.url}{more[1].replace('&amp;', '&')}" if more else ""
        between()
    return seen


def supported(rows) -> None:
    for number, row in enumerate(rows):
        row.votes = number * 7 % 5  # many with the same number
    Contribution.objects.bulk_update(rows, ["votes"])


@pytest.mark.parametrize("order", list(Order))
def test_each_order_shows_everything_once(client, forum, publish, order):
    rows = publish(forum, 65)
    supported(rows)
    keys = {
        Order.NEWEST: lambda row: (-row.submit_date.timestamp(), -row.pk),
        Order.OLDEST: lambda row: (row.submit_date.timestamp(), row.pk),
        Order.SUPPORT: lambda row: (-row.votes, -row.pk),
    }
    expected = [row.anchor for row in sorted(rows, key=keys[order])]
    assert walk(client, forum, order) == expected


@pytest.mark.parametrize("order", list(Order))
def test_what_others_publish_and_support_meanwhile_moves_nothing_else(
    client, forum, publish, order
):
    rows = publish(forum, 65)
    supported(rows)
    moving = rows[::9]

    def others_take_part() -> None:
        publish(forum, 3)
        for row in moving:
            row.votes += 2
        Contribution.objects.bulk_update(moving, ["votes"])

    seen = walk(client, forum, order, others_take_part)
    still = {row.anchor for row in rows if row not in moving}
    assert still <= set(seen)
    assert len([anchor for anchor in seen if anchor in still]) == len(still)


@pytest.mark.parametrize("order", list(Order))
def test_the_way_back_leads_to_the_page_one_came_from(forum, publish, order):
    supported(publish(forum, 65))
    first = page_of(forum, order=order)
    second = page_of(forum, order=order, start=first.older)
    third = page_of(forum, order=order, start=second.older)
    back = page_of(forum, order=order, until=third.newer)
    assert [row.pk for row in back.contributions] == [row.pk for row in second.contributions]
    assert [row.pk for row in page_of(forum, order=order, until=back.newer).contributions] == [
        row.pk for row in first.contributions
    ]


@pytest.mark.parametrize("order", list(Order))
def test_the_number_of_queries_is_the_same_at_any_length(client, make_forum, publish, order):
    """20, 2,000 and 20,000 contributions, with answers and quotations among them."""

    def queries(forum) -> int:
        client.get(forum.url)  # what a process remembers
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(f"{forum.url}?order={order}").status_code == 200
        return len(seen)

    bare = queries(make_forum("Nothing yet"))
    counts = {}
    for length in (20, 2_000, 20_000):
        forum = make_forum(f"Of {length}")
        rows = publish(forum, length)
        answers = publish(forum, 12, reply_to=rows[-1])
        Contribution.objects.filter(pk=answers[0].pk).update(quoted=rows[0], quote="Contribution")
        counts[length] = queries(forum)
    assert len(set(counts.values())) == 1, counts
    assert counts[20] - bare <= MOST_QUERIES, (counts, bare)


@pytest.mark.parametrize("order", list(Order))
def test_an_index_gives_each_page_in_its_order(forum, publish, order):
    """No sorting of the whole debate: neither database makes a temporary tree or a sort of it."""
    rows = publish(forum, 3_000)
    supported(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE wagtail_atencion_contribution")
    way = paging._WALKS[order]
    place = rows[1500].rank if order is Order.SUPPORT else rows[1500].cursor
    threads = Contribution.objects.published().threads().filter(forum_id=forum.pk)
    told = threads.filter(way.beyond(place)).order_by(*way.keys())[:21].explain()
    assert "TEMP B-TREE" not in told
    # (An incremental sort orders what has the very same moment, and no more.)
    assert not re.search(r"(->|^)\s*Sort  ", told), told
    assert "atencion_contribution" in told


def test_an_unknown_order_and_a_broken_place_show_the_first_page(client, forum, publish):
    rows = publish(forum, 3)
    first = [row.anchor for row in reversed(rows)]
    for query in ("order=drop+table", "order=support&from=x", "order=newest&from=--", "from=1"):
        assert set(shown(client.get(f"{forum.url}?{query}").content.decode())) == set(first)
    huge = f"order=support&from={'9' * 17}-{'9' * 18}"
    assert len(shown(client.get(f"{forum.url}?{huge}").content.decode())) == 3


@given(st.integers(0, 2**31 - 1), st.integers(1, 10**17))
def test_a_rank_is_read_as_it_is_written(votes, pk):
    assert read_place(str(Rank(votes, pk)), Order.SUPPORT) == Rank(votes, pk)


@given(st.text())
def test_whatever_stands_in_the_address_names_an_order(written):
    assert read_order(written) in list(Order)


def test_what_is_new_counts_what_was_published_after_and_answers_too(forum, publish):
    rows = publish(forum, 5)
    publish(forum, 2, reply_to=rows[0])
    assert news_since(forum, rows[2].cursor) >= 2
    last = max(Contribution.objects.all(), key=lambda row: (row.submit_date, row.pk))
    assert news_since(forum, last.cursor) == 0
    Contribution.objects.filter(pk=rows[0].pk).update(
        published_at=last.submit_date + timedelta(minutes=1)
    )
    assert news_since(forum, last.cursor) == 1


def test_the_answers_of_a_page_are_found_by_their_index(forum, publish):
    rows = publish(forum, 500)
    publish(forum, 20, reply_to=rows[-1])
    with CaptureQueriesContext(connection) as seen:
        page_of(forum)
    asked = seen.captured_queries[-1]["sql"]
    if connection.vendor == "sqlite":  # PostgreSQL reads so small a table whole, and rightly so
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked}")
            assert "atencion_contribution_answers" in str(cursor.fetchall())
    assert len(seen) == 2
