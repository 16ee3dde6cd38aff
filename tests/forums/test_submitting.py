"""A citizen's contribution at the service: when it is taken, what is stored, what is refused."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import override_settings

from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conditions.terms import Acceptance
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.errors import Closed, Invalid, NotFound, Taken, TermsOutdated, TooMany
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.signals import contribution_submitted

from .conftest import CLOSES, OPENS

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("instant", [OPENS, OPENS + SECOND, CLOSES - SECOND])
def test_taken_from_the_opening_second_until_the_one_before_closing(instant, dated_forum, submit):
    with time_machine.travel(instant, tick=False):
        assert submit(dated_forum).submit_date == instant


@pytest.mark.parametrize("instant", [OPENS - SECOND, CLOSES, CLOSES + SECOND])
def test_not_taken_outside_and_nothing_is_stored_but_the_trace(instant, dated_forum, submit):
    with time_machine.travel(instant, tick=False), pytest.raises(Closed):
        submit(dated_forum)
    assert not Contribution.objects.exists()
    assert not Acceptance.objects.exists()
    assert Submission.objects.get().reason == "closed"


def test_the_refusal_tells_the_moment_on_the_entitys_clocks(dated_forum, submit):
    with time_machine.travel(OPENS - SECOND, tick=False), pytest.raises(Closed, match=r"8 a\.m\."):
        submit(dated_forum)
    with time_machine.travel(CLOSES), pytest.raises(Closed, match=r"5 p\.m\."):
        submit(dated_forum)


def test_the_dates_that_count_are_those_stored_not_those_read_before(dated_forum, submit):
    known = dated_forum.specific_class.objects.get(pk=dated_forum.pk)
    dated_forum.closes_at = OPENS + timedelta(hours=1)
    dated_forum.save()
    with time_machine.travel(OPENS + timedelta(hours=2)), pytest.raises(Closed):
        submit(known)


def test_a_forum_taken_off_the_site_takes_nothing(forum, submit):
    forum.unpublish()
    with pytest.raises(NotFound):
        submit(forum)


def test_a_contribution_is_held_with_its_author_address_and_acceptance(forum, submit, origin):
    contribution = submit(forum, name="  Ana   Pérez ", email="ana@example.com")
    contribution.refresh_from_db()
    assert contribution.status == Status.HELD
    assert not contribution.is_public
    assert contribution.user_name == "Ana Pérez"
    assert contribution.ip_address == origin.ip
    assert contribution.acceptance.email == "ana@example.com"
    assert contribution.content_object == forum
    trace = Submission.objects.get()
    assert (trace.ip, trace.decision) == (origin.ip, Submission.Decision.HELD)
    assert trace.reference == f"contribution:{contribution.pk}"


def test_a_forum_moderated_afterwards_publishes_at_once(make_forum, submit):
    contribution = submit(make_forum(moderation=Moderation.AFTER))
    assert contribution.status == Status.APPROVED
    assert contribution.is_public
    assert Submission.objects.get().decision == Submission.Decision.ACCEPTED


def test_the_same_form_sent_again_stores_nothing_twice(forum, submit):
    number = uuid.uuid4()
    first = submit(forum, client_id=number)
    assert submit(forum, client_id=number) == first
    assert Contribution.objects.count() == Acceptance.objects.count() == 1
    assert Submission.objects.count() == 2


def test_a_resend_after_closing_still_finds_what_was_stored_in_time(dated_forum, submit):
    number = uuid.uuid4()
    with time_machine.travel(CLOSES - SECOND, tick=False):
        first = submit(dated_forum, client_id=number)
    with time_machine.travel(CLOSES + SECOND):
        assert submit(dated_forum, client_id=number) == first


def test_a_used_form_does_not_swallow_another_text(forum, submit):
    number = uuid.uuid4()
    submit(forum, client_id=number, text="One thing.")
    with pytest.raises(Taken):
        submit(forum, client_id=number, text="Another thing.")


def test_the_number_of_a_form_counts_in_its_forum_only(make_forum, submit):
    number = uuid.uuid4()
    submit(make_forum("One"), client_id=number)
    submit(make_forum("Two"), client_id=number)
    assert Contribution.objects.count() == 2


def test_everything_wrong_is_told_at_once(forum, submit):
    with pytest.raises(Invalid) as refusal:
        submit(forum, name="1", email="not an address", text=" ")
    assert set(refusal.value.errors) == {"name", "email", "text"}


def test_a_text_over_the_limit_is_told_its_length_and_the_limit(site, forum, submit):
    AtencionSettings.objects.filter(site=site).update(contribution_length=100)
    with pytest.raises(Invalid) as refusal:
        submit(forum, text="a" * 101)
    message = str(refusal.value.errors["text"])
    assert "101" in message
    assert "100" in message


def test_terms_no_longer_in_force_are_refused(forum, submit):
    with pytest.raises(TermsOutdated):
        submit(forum, terms_version=999)
    assert not Contribution.objects.exists()


def test_one_address_may_not_flood_a_forum(forum, submit):
    with override_settings(WAGTAIL_ATENCION={"RATES": {"contribution": "2/h"}}):
        submit(forum)
        submit(forum)
        with pytest.raises(TooMany):
            submit(forum)
    assert Contribution.objects.count() == 2


def test_integrators_hear_of_a_contribution_after_the_commit(
    forum, submit, django_capture_on_commit_callbacks
):
    heard = []

    def listen(sender, contribution, **kwargs):
        heard.append(contribution)

    contribution_submitted.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            contribution = submit(forum)
            assert heard == []
    finally:
        contribution_submitted.disconnect(listen)
    assert heard == [contribution]
