"""Readers report contributions; enough of them hide one until a moderator decides."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.errors import Improper, Invalid, NotFound, NotPermitted, Sanctioned
from wagtail_atencion.forums.flagging import flag
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.moderation import approve
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.rulings import Flag, Ruling


@pytest.fixture
def said(forum, publish):
    (contribution,) = publish(forum, 1)
    return contribution


@pytest.fixture
def report(site):
    """Report as the person of that number, from a connection of their own."""

    def report_as(contribution, number: int = 1, network: int | None = None, **changes) -> Flag:
        ip = f"198.51.{100 if network is None else network}.{number}"
        origin = Origin(ip=ip, user_agent="pytest", door=Door.HTML)
        values = {
            "forum": contribution.forum,
            "site": site,
            "contribution_id": contribution.pk,
            "clause": "respect",
            "words": "",
            "device": f"{number:064d}",
            "origin": origin,
            **changes,
        }
        return flag(**values)

    return report_as


def status_of(contribution) -> str:
    contribution.refresh_from_db()
    return contribution.status


def test_the_threshold_hides_and_not_one_report_less(said, report):
    report(said, 1)
    report(said, 2)
    assert status_of(said) == Status.APPROVED
    report(said, 3, clause="privacy")
    assert status_of(said) == Status.HELD
    ruling = Ruling.objects.get()
    assert (ruling.before, ruling.after, ruling.by_flags) == ("approved", "held", True)
    assert (ruling.decided_by, ruling.flags, ruling.clause) == (None, 3, "respect")


def test_the_same_person_counts_once(said, report):
    for network in range(5):
        report(said, 1, network=network)
    assert Flag.objects.count() == 1
    assert status_of(said) == Status.APPROVED
    with pytest.raises(IntegrityError), transaction.atomic():
        Flag(contribution=said, clause="respect", reporter=Flag.objects.get().reporter).save()


def test_one_connection_hides_nothing_however_many_cookies_it_throws_away(said, report, origin):
    for number in range(5):
        report(said, number, origin=origin)
    assert Flag.objects.count() == 5
    assert status_of(said) == Status.APPROVED


@pytest.mark.parametrize("enough", [0, 1, 2])
def test_the_editor_chooses_how_many(site, said, report, enough):
    ForumPolicy.objects.update_or_create(site=site, defaults={"flags_to_hide": enough})
    for number in range(2):
        if status_of(said) == Status.APPROVED:
            report(said, number)
    assert status_of(said) == (Status.HELD if enough else Status.APPROVED)
    assert Flag.objects.count() == (enough or 2)


def test_the_entitys_answers_are_not_hidden(forum, said, publish, report):
    (official,) = publish(forum, 1, reply_to=said)
    for number in range(5):
        report(official, number)
    assert status_of(official) == Status.APPROVED


def test_a_decision_settles_them_and_others_do_not_hide_it_again(said, report, moderator):
    for number in range(3):
        report(said, number)
    approve(contribution_id=said.pk, seen=Status.HELD, user=moderator)
    assert not Flag.objects.filter(ruling__isnull=True).exists()
    for number in range(3, 8):
        report(said, number)
    assert status_of(said) == Status.APPROVED
    assert Flag.objects.filter(ruling__isnull=True).count() == 5
    type(said).objects.filter(pk=said.pk).update(edits=1)
    report(said, 9)
    assert status_of(said) == Status.HELD, "what its author changed was not reviewed"


def test_reports_that_hide_nothing_are_settled_by_leaving_it_published(said, report, moderator):
    report(said)
    approve(contribution_id=said.pk, seen=Status.APPROVED, user=moderator)
    assert Flag.objects.get().ruling.decided_by == moderator
    assert status_of(said) == Status.APPROVED


def test_the_words_pass_the_gate_and_the_limits(said, report, settings):
    with pytest.raises(Invalid) as refusal:
        report(said, clause="nonsense", words="x" * 301)
    assert set(refusal.value.errors) == {"clause", "words"}
    assert not Flag.objects.exists()
    assert Submission.objects.filter(kind="flag", decision="refused").count() == 1
    assert issubclass(Improper, Invalid)


def test_whoever_is_restricted_reports_nothing(site, said, report):
    Sanction(site=site, device=f"{1:064d}", scope="forums", clause="respect").save()
    with pytest.raises(Sanctioned):
        report(said, 1)
    assert report(said, 2).pk


def test_only_what_is_published_in_that_forum_is_reported(make_forum, forum, said, submit, report):
    with pytest.raises(NotFound):
        report(submit(forum))
    with pytest.raises(NotFound):
        report(said, forum=make_forum("Another"))


def test_nothing_in_a_report_says_who_it_was(said, report):
    row = report(said, 7)
    kept = f"{row.reporter} {row.network}"
    assert "198.51" not in kept
    assert f"{7:064d}" not in kept
    with pytest.raises(NotPermitted):
        row.save()


class TestPage:
    def address(self, said) -> str:
        return reverse("atencion:forum_flag", args=[said.forum_id, said.pk])

    def form_number(self, html: str) -> str:
        return re.search(r'name="form" value="([\w-]+)"', html)[1]

    def test_the_forum_leads_to_it_and_it_works_without_javascript(self, client, said):
        assert self.address(said) in client.get(said.forum.url).content.decode()
        html = client.get(self.address(said)).content.decode()
        sent = {"form": self.form_number(html), "clause": "threats", "words": "Look at this"}
        response = client.post(self.address(said), sent, follow=True)
        assert "Thank you for your report" in response.content.decode()
        assert Flag.objects.get().words == "Look at this"
        client.post(self.address(said), sent)
        html = client.get(self.address(said)).content.decode()
        client.post(self.address(said), {**sent, "form": self.form_number(html)})
        assert Flag.objects.count() == 1, "the cookie counts the person once"

    def test_a_double_click_without_a_cookie_counts_once(self, client, said):
        html = client.get(self.address(said)).content.decode()
        for _click in range(2):
            client.cookies.clear()
            client.post(self.address(said), {"form": self.form_number(html), "clause": "respect"})
        assert Flag.objects.count() == 1

    def test_reading_it_changes_nothing_and_sets_no_cookie(self, client, said):
        response = client.get(self.address(said), {"clause": "respect"})
        assert not response.cookies
        assert not Flag.objects.exists()

    def test_what_is_missing_is_said_with_all_kept(self, client, said):
        html = client.get(self.address(said)).content.decode()
        response = client.post(
            self.address(said), {"form": self.form_number(html), "words": "Kept words"}
        )
        assert response.status_code == 400
        assert "Choose what is wrong with it." in response.content.decode()
        assert "Kept words" in response.content.decode()

    def test_another_site_cannot_report_for_a_visitor(self, client, said):
        html = client.get(self.address(said)).content.decode()
        response = client.post(
            self.address(said),
            {"form": self.form_number(html), "clause": "respect"},
            headers={"origin": "https://elsewhere.example"},
        )
        assert response.status_code == 403
        assert not Flag.objects.exists()

    def test_what_is_not_published_has_no_form(self, client, forum, submit):
        assert client.get(self.address(submit(forum))).status_code == 404
