"""Finding a forum in the list, with words and by phase; no JavaScript needed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from .test_pages import read


@pytest.fixture
def titles(client, forum_index):
    def shown(query: str) -> list[str]:
        return re.findall(r"<h3><a [^>]*>([^<]+)</a></h3>", read(client, forum_index, query))

    return shown


@pytest.fixture
def forums(make_forum):
    now, day = timezone.now(), timedelta(days=1)
    make_forum("Roads of the mountain", introduction="Which roads first?")
    make_forum("Parks", opens_at=now + day, closes_at=now + 2 * day)
    make_forum("Water", opens_at=now - 3 * day, closes_at=now - 2 * day)
    call_command("update_index", verbosity=0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?phase=open", ["Roads of the mountain"]),
        ("?phase=announced", ["Parks"]),
        ("?phase=closed", ["Water"]),
        ("?phase=nonsense", ["Roads of the mountain", "Parks", "Water"]),
        ("?q=roads", ["Roads of the mountain"]),
        ("?q=ROADS&phase=closed", []),
        ("?q=bridges", []),
        ("?q=%20", ["Roads of the mountain", "Parks", "Water"]),
        ('?q="', []),
        ("?q=%00", []),
    ],
)
def test_forums_are_found(query, found, titles, forums):
    assert titles(query) == found


@pytest.mark.parametrize("query", ["roads AND (", "*", "'); --", "\u202e", "a" * 5000])
def test_no_query_is_an_error(query, client, forum_index, forums):
    assert client.get(forum_index.url, {"q": query}).status_code == 200


def test_the_words_and_the_choice_stay_in_the_form_and_between_pages(
    client, forum_index, make_forum
):
    for number in range(25):
        make_forum(f"Roads {number}")
    call_command("update_index", verbosity=0)
    html = read(client, forum_index, "?q=roads&phase=open")
    assert 'value="roads"' in html
    assert '<option value="open" selected>' in html
    assert "25 forums were found." in html
    assert 'href="?q=roads&amp;phase=open&amp;page=2"' in html
