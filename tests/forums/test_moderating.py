"""The decisions of moderators at the service."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction
from wagtail.log_actions import registry

from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.errors import Invalid, NotPermitted, Taken
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation import answer_officially, approve, remove
from wagtail_atencion.signals import contribution_moderated


@pytest.fixture
def held(forum, submit) -> Contribution:
    return submit(forum)


@pytest.fixture
def answer(site, moderator, origin):
    def answer_to(contribution, **changes):
        return answer_officially(
            **{
                "forum": contribution.forum.specific,
                "site": site,
                "reply_to": contribution,
                "user": moderator,
                "text": "There will be fruit every day.",
                "origin": origin,
                "client_id": uuid.uuid4(),
                **changes,
            }
        )

    return answer_to


def decide_to_approve(contribution, user, seen=Status.HELD):
    return approve(contribution_id=contribution.pk, seen=seen, user=user)


def test_approving_publishes_and_records_who_decided(held, moderator):
    decide_to_approve(held, moderator)
    held.refresh_from_db()
    assert held.status == Status.APPROVED
    assert held.is_public
    assert held.moderated_by == moderator
    assert held.moderated_at is not None


def test_removing_takes_it_down_and_keeps_the_reason(held, moderator):
    decide_to_approve(held, moderator)
    remove(
        contribution_id=held.pk,
        seen=Status.APPROVED,
        user=moderator,
        clause="privacy",
        reason="Personal data",
    )
    held.refresh_from_db()
    assert (held.status, held.is_public, held.is_removed) == (Status.REMOVED, False, True)
    assert held.removal_reason == "Personal data"


def test_a_removed_one_can_be_published_again(held, moderator):
    remove(
        contribution_id=held.pk,
        seen=Status.HELD,
        user=moderator,
        clause="purpose",
        reason="Off topic",
    )
    decide_to_approve(held, moderator, seen=Status.REMOVED)
    held.refresh_from_db()
    assert (held.status, held.removal_reason) == (Status.APPROVED, "")


def test_the_history_says_what_was_decided_by_whom_and_why(held, moderator):
    decide_to_approve(held, moderator)
    remove(
        contribution_id=held.pk,
        seen=Status.APPROVED,
        user=moderator,
        clause="respect",
        reason="Insult",
    )
    newest, oldest = registry.get_logs_for_instance(held)
    assert newest.user == oldest.user == moderator
    assert (newest.data["before"], newest.data["after"]) == ("approved", "removed")
    assert (newest.data["clause"], newest.data["reason"]) == ("respect", "Insult")
    assert (oldest.data["before"], oldest.data["after"]) == ("held", "approved")


def test_nothing_is_removed_without_a_clause(held, moderator):
    with pytest.raises(Invalid) as refusal:
        remove(contribution_id=held.pk, seen=Status.HELD, user=moderator, clause="")
    assert "clause" in refusal.value.errors


def test_of_two_moderators_the_second_learns_of_the_first(held, moderator, django_user_model):
    colleague = django_user_model.objects.create_superuser("carmen", first_name="Carmen")
    remove(
        contribution_id=held.pk, seen=Status.HELD, user=colleague, clause="respect", reason="Insult"
    )
    with pytest.raises(Taken, match="Carmen"):
        decide_to_approve(held, moderator)
    held.refresh_from_db()
    assert held.status == Status.REMOVED


@pytest.mark.parametrize("who", ["editor", "agent"])
def test_only_moderators_decide(who, held, request):
    user = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        decide_to_approve(held, user)
    with pytest.raises(NotPermitted):
        remove(contribution_id=held.pk, seen=Status.HELD, user=user, clause="respect")


def test_only_moderators_answer_officially(held, moderator, agent, answer):
    decide_to_approve(held, moderator)
    with pytest.raises(NotPermitted):
        answer(held, user=agent)


def test_an_official_answer_is_published_under_the_contribution(held, moderator, answer, origin):
    decide_to_approve(held, moderator)
    official = answer(held)
    assert official.official
    assert official.is_public
    assert official.reply_to == held
    assert official.acceptance is None
    assert official.ip_address == origin.ip
    assert Submission.objects.first().reference == f"contribution:{official.pk}"


def test_the_entity_answers_after_the_debate_has_closed_too(
    publish, make_forum, answer, dated_forum
):
    (contribution,) = publish(dated_forum, 1)
    assert answer(contribution).pk


def test_only_what_is_published_is_answered_and_one_level_deep(held, moderator, answer):
    with pytest.raises(Taken):
        answer(held)
    decide_to_approve(held, moderator)
    with pytest.raises(Taken):
        answer(answer(held))


def test_an_answer_sent_twice_is_stored_once(held, moderator, answer):
    decide_to_approve(held, moderator)
    number = uuid.uuid4()
    assert answer(held, client_id=number) == answer(held, client_id=number)


def test_integrators_hear_of_a_decision_after_the_commit(
    held, moderator, django_capture_on_commit_callbacks
):
    heard = []

    def listen(sender, contribution, user, **kwargs):
        heard.append((contribution, user))

    contribution_moderated.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            decide_to_approve(held, moderator)
            assert heard == []
    finally:
        contribution_moderated.disconnect(listen)
    assert heard == [(held, moderator)]


def test_the_database_keeps_the_three_fields_of_the_status_together(held):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.filter(pk=held.pk).update(is_public=True)
