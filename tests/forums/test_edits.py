"""Authors change what they wrote, in time, with the proof that it is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wagtail_atencion.conduct.origin import device_of
from wagtail_atencion.errors import Closed, Invalid, NotFound, NotPermitted, Taken
from wagtail_atencion.forums.author_keys import COOKIE
from wagtail_atencion.forums.edits import edit_contribution
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.participation import FormerText
from wagtail_atencion.forums.policy import ForumPolicy

from .conftest import CLOSES
from .test_form import TEXT, address, fill_in

SECOND = timedelta(seconds=1)
MINE = device_of("the-key-of-one-browser")


@pytest.fixture
def debate(make_forum):
    return make_forum(moderation=Moderation.AFTER)


@pytest.fixture
def edit(site, origin):
    def change(contribution, **changes):
        values = {
            "forum": contribution.forum.specific,
            "site": site,
            "contribution_id": contribution.pk,
            "device": MINE,
            "text": "Bread, please.",
            "seen": contribution.edits,
            "origin": origin,
            **changes,
        }
        return edit_contribution(**values)

    return change


def test_a_change_is_marked_and_the_former_text_kept(debate, submit, edit):
    contribution = edit(submit(debate, device=MINE))
    assert contribution.status == Status.APPROVED
    contribution = edit(contribution, text="Only bread.")
    contribution.refresh_from_db()
    assert (contribution.comment, contribution.edits) == ("Only bread.", 2)
    assert contribution.edited_at is not None
    former = contribution.former_texts.values_list("edit", "text")
    assert list(former) == [(0, "More fruit, please."), (1, "Bread, please.")]


def test_the_same_text_again_changes_nothing(debate, submit, edit):
    contribution = edit(submit(debate, device=MINE))
    again = edit(contribution, seen=0)
    assert again.edits == 1
    assert FormerText.objects.count() == 1


@pytest.mark.parametrize("device", ["", device_of("the-key-of-another-browser")])
def test_knowing_the_number_of_a_contribution_changes_nothing(debate, submit, edit, device):
    with pytest.raises(NotFound):
        edit(submit(debate, device=MINE), device=device)


def test_what_was_written_without_a_key_is_changed_by_nobody(debate, submit, edit):
    contribution = submit(debate)
    for device in ("", MINE):
        with pytest.raises(NotFound):
            edit(contribution, device=device)


def test_until_the_last_second_of_the_window_and_not_after(debate, submit, edit):
    contribution = submit(debate, device=MINE)
    over = contribution.submit_date + timedelta(minutes=15)
    with time_machine.travel(over - SECOND, tick=False):
        contribution = edit(contribution)
    with time_machine.travel(over, tick=False), pytest.raises(Closed):
        edit(contribution, text="Too late.")


def test_a_window_of_no_minutes_is_never_open(debate, submit, edit, site):
    ForumPolicy.objects.update_or_create(site=site, defaults={"edit_minutes": 0})
    with pytest.raises(Closed):
        edit(submit(debate, device=MINE))


def test_the_closing_of_the_forum_ends_the_window(dated_forum, submit, edit):
    with time_machine.travel(CLOSES - 2 * SECOND, tick=False):
        contribution = submit(dated_forum, device=MINE)
    with time_machine.travel(CLOSES - SECOND, tick=False):
        contribution = edit(contribution)
    with time_machine.travel(CLOSES, tick=False), pytest.raises(Closed):
        edit(contribution, text="Too late.")


def test_what_a_moderator_approved_is_held_again(forum, submit, edit):
    contribution = submit(forum, device=MINE)
    contribution.set_status(Status.APPROVED, timezone.now())
    contribution.save()
    contribution = edit(contribution)
    assert contribution.status == Status.HELD
    assert not contribution.is_public


def test_what_a_moderator_removed_stays_as_it_is(debate, submit, edit):
    contribution = submit(debate, device=MINE)
    contribution.set_status(Status.REMOVED, timezone.now())
    contribution.save()
    with pytest.raises(NotPermitted):
        edit(contribution)


def test_a_change_made_in_another_window_is_not_overturned_unseen(debate, submit, edit):
    contribution = submit(debate, device=MINE)
    edit(contribution)
    with pytest.raises(Taken):
        edit(contribution, text="From an old window.", seen=0)


def test_the_gate_reads_the_new_text_too(debate, submit, edit):
    contribution = submit(debate, device=MINE)
    with pytest.raises(Invalid):
        edit(contribution, text="malparido hijueputa")
    contribution = edit(contribution, text="Write to me: ana@example.com")
    assert "ana@example.com" not in contribution.comment


class TestByForm:
    @pytest.fixture
    def visitor(self, debate) -> Client:
        client = Client(enforce_csrf_checks=True)
        assert client.post(address(debate), fill_in(client, debate)).status_code == 302
        return client

    def url(self) -> str:
        row = Contribution.objects.get()
        return reverse("atencion:forum_edit", args=[row.forum_id, row.pk])

    def test_the_author_finds_it_and_changes_it(self, visitor, debate):
        own = visitor.get(reverse("atencion:forum_own", args=[debate.pk])).content.decode()
        assert self.url() in own
        form = visitor.get(self.url()).content.decode()
        assert 'name="seen" value="0"' in form
        assert "&lt;b&gt;every&lt;/b&gt;" in form
        response = visitor.post(self.url(), {"text": "Other words.", "seen": "0"})
        assert response.status_code == 302
        page = Client().get(debate.url).content.decode()
        assert "Other words." in page
        assert "Edited by its author" in page

    def test_another_browser_sees_none_of_it_and_keeps_what_it_wrote(self, visitor, debate):
        other = Client()
        assert (
            self.url()
            not in other.get(reverse("atencion:forum_own", args=[debate.pk])).content.decode()
        )
        assert other.get(self.url()).status_code == 404
        response = other.post(self.url(), {"text": "Not mine.", "seen": "0"})
        assert response.status_code == 404
        assert "Not mine." in response.content.decode()
        assert Contribution.objects.get().comment == TEXT.replace("\r\n", "\n")

    def test_the_text_comes_back_with_every_refusal(self, visitor):
        with time_machine.travel(timezone.now() + timedelta(minutes=20)):
            response = visitor.post(self.url(), {"text": "Late words.", "seen": "0"})
        assert response.status_code == 409
        assert "Late words.</textarea>" in response.content.decode()

    def test_a_page_of_another_site_cannot_change_it(self, visitor):
        headers = {"Origin": "https://evil.example"}
        response = visitor.post(self.url(), {"text": "Evil.", "seen": "0"}, headers=headers)
        assert response.status_code == 403
        assert Contribution.objects.get().edits == 0

    def test_the_first_form_sent_twice_brings_the_same_key(self, debate):
        client = Client()
        data = fill_in(client, debate, text="Twice.")
        keys = {Client().post(address(debate), data).cookies[COOKIE].value for _try in range(2)}
        assert len(keys) == 1
        assert Contribution.objects.filter(comment="Twice.").count() == 1
