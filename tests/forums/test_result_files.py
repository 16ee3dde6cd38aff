"""The file of a large forum is made outside of the request, kept while it is true, and dropped."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from tests.forums.test_results import KINDS, data, texts_in
from wagtail_atencion.conduct.personal_data import Person
from wagtail_atencion.forums import result_files
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation import approve, hold, remove
from wagtail_atencion.forums.personal_data import Contributions
from wagtail_atencion.forums.result_file import LEASE, ResultFile
from wagtail_atencion.forums.result_files import make_wanted, public_file

# What tells of a change is sent once the change is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def three_are_many(monkeypatch):
    monkeypatch.setattr(result_files, "LARGE", 2)


@pytest.fixture
def closed(make_forum, publish):
    """A large forum in which nothing is said any more."""
    now = timezone.now()
    forum = make_forum(opens_at=now - timedelta(days=9), closes_at=now - timedelta(minutes=1))
    publish(forum, 3)
    return forum


@pytest.fixture
def kept(closed, client):
    """The same, with its file made."""
    assert data(client, closed, "csv").status_code == 202
    assert make_wanted() == 1
    return closed


def texts(client, forum) -> list[str]:
    response = data(client, forum, "csv")
    assert response.status_code == 200
    return texts_in("csv", response.content)


@pytest.mark.parametrize("kind", KINDS)
def test_that_of_a_small_forum_is_made_within_the_request(client, forum, publish, kind):
    publish(forum, 2)
    assert len(texts_in(kind, data(client, forum, kind).content)) == 2
    assert not ResultFile.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_that_of_a_large_one_is_there_after_the_sweep(client, site, closed, kind):
    waiting = data(client, closed, kind)
    assert (waiting.status_code, waiting["Retry-After"]) == (202, "5")
    assert waiting["Cache-Control"] == "no-store"
    call_command("atencion_sweep", "--once")
    made = data(client, closed, kind)
    assert made.status_code == 200
    assert f'filename="{closed.slug}.{kind}"' in made["Content-Disposition"]
    assert "max-age" in made["Cache-Control"]
    now = public_file(closed, site, kind)
    if kind == "xlsx":  # which holds the moment it was made
        assert texts_in(kind, made.content) == texts_in(kind, now)
    else:
        assert made.content == now


def test_the_page_says_what_happens_in_the_visitors_language(client, closed):
    with translation.override("es"):
        html = client.get(
            reverse("atencion:forum_data", args=[closed.pk, "csv"]),
            headers={"accept-language": "es"},
        ).content.decode()
    assert "<h1>Su archivo se está preparando" in html
    assert "Descargar el archivo (CSV)" in unescape(html)
    assert "?older" not in html


def test_many_who_ask_want_it_once_and_waiting_is_not_counted(client, closed, settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"results": "1/h"}}
    for _times in range(3):
        assert data(client, closed, "csv").status_code == 202
    assert make_wanted() == 1
    assert data(client, closed, "csv").status_code == 200
    assert data(client, closed, "csv").status_code == 429


def test_what_changed_is_made_anew_and_the_older_one_offered_meanwhile(
    client, kept, publish, moderator
):
    before = texts(client, kept)
    (late,) = publish(kept, 1)
    late.set_status(Status.HELD, timezone.now())
    late.comment = "Approved after the closing."
    late.save()
    approve(contribution_id=late.pk, seen=Status.HELD, user=moderator)
    waiting = data(client, kept, "csv")
    assert waiting.status_code == 202
    assert "?older" in waiting.content.decode()
    address = reverse("atencion:forum_data", args=[kept.pk, "csv"])
    assert texts_in("csv", client.get(f"{address}?older").content) == before
    assert make_wanted() == 1
    assert "Approved after the closing." in texts(client, kept)


def test_a_forum_that_was_published_again_is_made_anew(client, kept):
    kept.conclusions = "<p>Fruit it is.</p>"
    kept.save_revision().publish()
    assert data(client, kept, "csv").status_code == 202


def test_while_the_forum_is_open_its_file_is_good_for_some_minutes(client, forum, publish):
    publish(forum, 3)
    data(client, forum, "csv")
    make_wanted()
    publish(forum, 1)
    result_files.note_change(forum.pk)
    assert len(texts(client, forum)) == 3
    with time_machine.travel(timezone.now() + result_files.YOUNG):
        assert data(client, forum, "csv").status_code == 202
        make_wanted()
        assert len(texts(client, forum)) == 4
    with time_machine.travel(forum.closes_at):
        assert data(client, forum, "csv").status_code == 202


@pytest.mark.parametrize("verb", [remove, hold])
def test_what_is_taken_down_is_in_no_file_any_more(client, kept, publish, moderator, verb):
    publish(kept, 1)
    gone = Contribution.objects.first()
    verb(contribution_id=gone.pk, seen=Status.APPROVED, user=moderator, clause="purpose")
    address = reverse("atencion:forum_data", args=[kept.pk, "csv"])
    assert client.get(f"{address}?older").status_code == 202
    assert make_wanted() == 1
    assert len(texts(client, kept)) == 3


def test_what_is_taken_down_while_the_file_is_made_is_not_in_it(
    client, closed, publish, moderator, monkeypatch
):
    publish(closed, 1)
    gone = Contribution.objects.first()

    def slow(*args):
        content = public_file(*args)
        if Contribution.objects.get(pk=gone.pk).is_public:
            remove(contribution_id=gone.pk, seen=Status.APPROVED, user=moderator, clause="purpose")
        return content

    monkeypatch.setattr(result_files, "public_file", slow)
    data(client, closed, "csv")
    assert make_wanted() == 0
    assert data(client, closed, "csv").status_code == 202
    assert make_wanted() == 1
    assert len(texts(client, closed)) == 3


def test_the_words_of_a_person_who_is_erased_are_in_no_file_any_more(kept):
    Contributions().erase(Person("person1@example.com"))
    assert not ResultFile.objects.exists()


def test_the_file_goes_with_its_page_and_after_a_day(client, kept, site):
    with time_machine.travel(timezone.now() + result_files.KEPT_AT_MOST + timedelta(minutes=1)):
        assert data(client, kept, "csv").status_code == 202  # too old to be handed out
        Contributions().expire(site, timezone.now())
    assert not ResultFile.objects.exists()
    data(client, kept, "csv")
    Contribution.objects.all().delete()
    kept.delete()
    assert not ResultFile.objects.exists()


def test_two_who_make_at_once_make_it_once_and_who_dies_keeps_nobody_from_it(client, closed):
    data(client, closed, "csv")
    mine = result_files._claim(timezone.now())
    assert make_wanted() == 0
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        assert make_wanted() == 1
    assert result_files._make(mine) == 0  # who was thought dead comes too late


def test_one_that_cannot_be_made_keeps_no_other_waiting(client, closed, monkeypatch):
    def fails_as_csv(forum, site, kind):
        if kind == "csv":
            raise ValueError("a row that nobody can write")
        return b"{}"

    monkeypatch.setattr(result_files, "public_file", fails_as_csv)
    data(client, closed, "csv")
    data(client, closed, "json")
    assert make_wanted() == 1
    assert data(client, closed, "json").status_code == 200
    assert data(client, closed, "csv").status_code == 202
