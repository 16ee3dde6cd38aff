"""What stands beside a conversation, and the restriction in one step."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from tests.conftest import staff
from wagtail_atencion import permissions as ours
from wagtail_atencion.chat import services
from wagtail_atencion.chat.citizen_context import context_of, earlier_of
from wagtail_atencion.chat.lifecycle import EndReason
from wagtail_atencion.chat.misuse import evidence_of, restrict_citizen
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.restrictions import Scope
from wagtail_atencion.conduct.sanction import EVIDENCE_LENGTH, Sanction
from wagtail_atencion.errors import NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def guardian(db) -> User:
    return staff("guardian", ours.ANSWER, ours.SANCTION, ours.READ_TRANSCRIPTS)


def test_an_agent_sees_the_terms_and_the_browser_and_no_more(attended, agent):
    told = context_of(attended, agent)
    assert (told["terms_version"], told["user_agent"]) == (1, "pytest")
    assert told["sanctions"] is None
    assert told["misuse"] is None
    assert told["may_read_earlier"] is False
    with pytest.raises(NotPermitted):
        earlier_of(attended, agent, ip=None)


def test_earlier_ones_are_of_the_same_browser_and_each_look_is_on_record(start, guardian):
    before = start(device="a" * 64)
    start(device="b" * 64)  # the same address in another browser: anybody could have written it
    now = start(device="a" * 64)
    assert context_of(now, guardian)["may_read_earlier"] is True
    assert AccessRecord.objects.count() == 0
    told = earlier_of(now, guardian, ip="203.0.113.9")
    assert [one["reference"] for one in told] == [before.reference]
    look = AccessRecord.objects.get()
    assert (look.username, look.reference, look.ip) == (
        "guardian",
        f"conversation:{now.pk}",
        "203.0.113.9",
    )


def test_without_a_key_of_the_browser_nobody_is_taken_for_somebody_else(start, guardian):
    start()
    now = start()
    assert context_of(now, guardian)["may_read_earlier"] is False
    assert earlier_of(now, guardian, ip=None) == []


def test_a_restriction_ends_the_conversation_in_one_step(
    start, guardian, django_capture_on_commit_callbacks
):
    rude = start(device="a" * 64, question="¡Bájese de ahí, burócrata!")
    services.accept_conversation(conversation_id=rude.public_id, agent=guardian)
    offered = context_of(rude, guardian)["misuse"]
    assert "burócrata" in offered["evidence"]
    assert offered["has_device"] is True
    with django_capture_on_commit_callbacks(execute=True):
        restrict_citizen(
            conversation_id=rude.public_id,
            agent=guardian,
            clause=Clause.RESPECT,
            scope=Scope.CHAT,
            days=7,
            evidence=offered["evidence"],
            with_device=True,
        )
    sanction = Sanction.objects.get()
    assert (sanction.email, sanction.device, sanction.network) == (rude.email, "a" * 64, "")
    assert sanction.reference == f"conversation:{rude.pk}"
    rude.refresh_from_db()
    assert rude.end_reason == EndReason.SANCTION
    assert [one["in_force"] for one in context_of(rude, guardian)["sanctions"]] == [True]


def test_an_agent_without_the_permission_restricts_nobody(attended, agent):
    with pytest.raises(NotPermitted):
        restrict_citizen(
            conversation_id=attended.public_id,
            agent=agent,
            clause=Clause.RESPECT,
            scope=Scope.CHAT,
            days=None,
            evidence="",
        )
    assert not Sanction.objects.exists()


def test_the_evidence_offered_fits(start):
    long = start(question="x" * 500)
    for seq in range(2, 12):
        long.messages.create(
            seq=seq, author="citizen", name="Ana", text="y" * 490, created_at=long.created_at
        )
    offered = evidence_of(Conversation.objects.get(pk=long.pk))
    assert len(offered) <= EVIDENCE_LENGTH
    assert offered.endswith("y")


def test_the_context_is_read_in_few_queries(start, guardian, django_assert_max_num_queries):
    now = start(device="a" * 64)
    found = Conversation.objects.select_related("site", "agent").get(pk=now.pk)
    user = User.objects.get(pk=guardian.pk)
    ours_known = user.get_all_permissions()
    assert ours_known
    with django_assert_max_num_queries(7):
        context_of(found, user)
