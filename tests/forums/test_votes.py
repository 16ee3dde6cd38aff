"""Support: one for each person, whoever presses however often, and a counter that stays right."""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Door, Origin, device_of
from wagtail_atencion.errors import AtencionError, Closed, Invalid, NotFound, NotPermitted, Taken
from wagtail_atencion.forums import votes
from wagtail_atencion.forums.author_keys import COOKIE
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.participation import Vote
from wagtail_atencion.forums.policy import ForumPolicy

from .test_concurrency import all_at_once


def device(number: int) -> str:
    return device_of(f"browser-number-{number:08}")


@pytest.fixture
def contribution(make_forum, publish):
    (row,) = publish(make_forum(moderation=Moderation.AFTER), 1)
    return row


@pytest.fixture
def vote(site, contribution, origin):
    def cast(verb=votes.support, number: int = 1, ip: str = "203.0.113.7", **changes) -> int:
        values = {
            "forum": contribution.forum.specific,
            "site": site,
            "contribution_id": contribution.pk,
            "device": device(number),
            "origin": Origin(ip=ip, user_agent="pytest", door=Door.HTML),
            **changes,
        }
        return verb(**values).votes

    return cast


def rule(site, support: str) -> None:
    ForumPolicy.objects.update_or_create(site=site, defaults={"support": support})


def test_a_person_counts_once_and_may_take_it_back(vote, contribution):
    assert [vote(), vote(), vote(number=2)] == [1, 1, 2]
    assert [vote(votes.withdraw), vote(votes.withdraw)] == [1, 1]
    assert votes.supported_by(device(2), [contribution.pk]) == {contribution.pk}
    assert votes.supported_by(device(1), [contribution.pk]) == set()


def test_nobody_supports_what_they_wrote(vote, contribution):
    Contribution.objects.filter(pk=contribution.pk).update(device=device(1))
    with pytest.raises(NotPermitted):
        vote()
    assert vote(number=2) == 1


def test_without_a_key_nobody_is_counted(vote):
    with pytest.raises(Invalid):
        vote(device="")
    assert not Vote.objects.exists()


def test_support_can_be_switched_off(vote, site):
    rule(site, "off")
    with pytest.raises(NotPermitted):
        vote()


def test_where_connections_count_the_second_person_on_one_is_told(vote, site):
    rule(site, "network")
    assert vote(number=1) == 1
    with pytest.raises(Taken, match="connection"):
        vote(number=2)
    assert vote(number=2, ip="198.51.100.9") == 2
    vote(votes.withdraw, number=1)
    assert vote(number=3) == 2


def test_only_what_is_published_and_in_this_forum_is_supported(vote, contribution, make_forum):
    with pytest.raises(NotFound):
        vote(forum=make_forum("Roads"))
    contribution.set_status(Status.REMOVED, timezone.now())
    contribution.save()
    with pytest.raises(NotFound):
        vote()
    assert not Vote.objects.exists()


def test_a_closed_forum_takes_no_support(vote, contribution):
    forum = contribution.forum.specific
    forum.closes_at = forum.opens_at.replace(year=forum.opens_at.year - 1)
    type(forum).objects.filter(pk=forum.pk).update(
        opens_at=forum.closes_at.replace(month=1, day=1), closes_at=forum.closes_at
    )
    for verb in (votes.support, votes.withdraw):
        with pytest.raises(Closed):
            vote(verb)


def test_what_is_kept_of_a_vote_ties_nobodys_votes_together(
    vote, make_forum, publish, contribution
):
    (other,) = publish(contribution.forum.specific, 1)
    vote()
    vote(contribution_id=other.pk)
    marks = list(Vote.objects.values_list("voter", flat=True))
    assert len(set(marks)) == 2
    assert device(1) not in marks


def test_each_vote_leaves_its_trace(vote, contribution):
    vote()
    trace = Submission.objects.get()
    assert (trace.kind, trace.ip, trace.device) == ("vote", "203.0.113.7", device(1))
    assert trace.reference == f"contribution:{contribution.pk}"


@pytest.mark.django_db(transaction=True)
def test_many_people_at_once_are_all_counted(vote, contribution):
    all_at_once(lambda number: vote(number=number))
    contribution.refresh_from_db()
    assert contribution.votes == Vote.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_one_person_at_once_in_many_windows_counts_once_in_and_out(vote, contribution):
    all_at_once(lambda _number: vote())
    contribution.refresh_from_db()
    assert contribution.votes == Vote.objects.count() == 1
    all_at_once(lambda _number: vote(votes.withdraw))
    contribution.refresh_from_db()
    assert contribution.votes == Vote.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_in_and_out_at_the_same_moment_leave_the_counter_right(vote, contribution):
    all_at_once(lambda n: vote(votes.support if n % 2 else votes.withdraw, number=n // 4))
    contribution.refresh_from_db()
    assert contribution.votes == Vote.objects.count()


@pytest.mark.django_db(transaction=True)
def test_one_connection_at_once_counts_once(vote, contribution, site):
    rule(site, "network")

    def cast(number: int) -> bool:
        try:
            return bool(vote(number=number))
        except AtencionError:
            return False

    assert sum(all_at_once(cast)) == 1
    contribution.refresh_from_db()
    assert contribution.votes == 1


@pytest.mark.django_db
def test_the_counter_is_the_number_of_votes_after_any_sequence(vote, contribution):
    @hypothesis_settings(max_examples=15)
    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=12))
    def check(steps):
        Vote.objects.all().delete()
        Contribution.objects.filter(pk=contribution.pk).update(votes=0)
        people: set[int] = set()
        with override_settings(WAGTAIL_ATENCION={"RATES": {"vote": "100000/h"}}):
            for wanted, number in steps:
                vote(votes.support if wanted else votes.withdraw, number=number)
                people = people | {number} if wanted else people - {number}
        contribution.refresh_from_db()
        assert contribution.votes == len(people) == Vote.objects.count()

    check()


class TestTheButton:
    """By plain forms: a browser with a cookie, and one without."""

    @pytest.fixture
    def url(self, contribution) -> str:
        return reverse("atencion:forum_support", args=[contribution.forum_id, contribution.pk])

    def test_the_first_press_gives_a_key_and_the_second_counts(self, url, contribution):
        visitor = Client(enforce_csrf_checks=True)
        first = visitor.post(url)
        assert "press the button again" in first.content.decode()
        assert not Vote.objects.exists()
        cookie = first.cookies[COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        assert url.startswith(cookie["path"])
        page = visitor.post(url, follow=True).content.decode()
        assert "You support this contribution. 1 person supports it." in " ".join(page.split())
        visitor.post(url)
        assert Vote.objects.count() == 1
        page = visitor.post(url, {"withdraw": "1"}, follow=True).content.decode()
        assert "You do not support" in page
        assert not Vote.objects.exists()

    def test_a_browser_that_keeps_no_cookie_counts_for_nobody(self, url):
        for _again in range(3):
            assert Client().post(url).status_code == 200
        assert not Vote.objects.exists()

    def test_opening_the_page_changes_nothing(self, url):
        visitor = Client()
        visitor.get(url)
        visitor.get(url)
        assert not Vote.objects.exists()

    def test_a_page_of_another_site_cannot_support_in_ones_name(self, url):
        visitor = Client()
        visitor.get(url)
        response = visitor.post(url, headers={"Origin": "https://evil.example"})
        assert response.status_code == 403
        assert not Vote.objects.exists()

    def test_the_limit_says_when_to_try_again(self, url):
        visitor = Client()
        visitor.get(url)
        with override_settings(WAGTAIL_ATENCION={"RATES": {"vote": "1/h"}}):
            visitor.post(url)
            response = visitor.post(url)
        assert response.status_code == 429
        assert int(response["Retry-After"]) > 0

    def test_the_forums_page_shows_the_number_and_no_cookie(self, client, contribution, vote):
        vote()
        response = client.get(contribution.forum.url)
        assert not response.cookies
        assert re.search(r"<span data-votes>1</span>", response.content.decode())
