"""What happens at the same moment, with real transactions."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from wagtail_atencion.conditions.terms import Acceptance
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.errors import NotFound, Taken
from wagtail_atencion.forums.flagging import flag
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation import approve, remove
from wagtail_atencion.forums.rulings import Flag, Ruling

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


def all_at_once(work, count: int = AT_ONCE) -> list:
    """What ``work(number)`` returned in each of ``count`` threads that start together."""
    start = Barrier(count)

    def run(number: int):
        try:
            start.wait()
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_one_form_sent_many_times_at_once_is_stored_once(forum, submit):
    number = uuid.uuid4()
    stored = all_at_once(lambda _number: submit(forum, client_id=number).pk)
    assert len(set(stored)) == 1
    assert Contribution.objects.count() == Acceptance.objects.count() == 1
    assert Submission.objects.count() == AT_ONCE


def test_many_people_at_once_lose_nothing(forum, submit):
    all_at_once(lambda number: submit(forum, text=f"Contribution number {number}."))
    texts = set(Contribution.objects.values_list("comment", flat=True))
    assert texts == {f"Contribution number {number}." for number in range(AT_ONCE)}


def test_of_two_decisions_at_once_one_counts_and_the_other_is_told(forum, submit, moderator):
    held = submit(forum)

    def decide(number: int) -> str:
        arguments = {"contribution_id": held.pk, "seen": Status.HELD, "user": moderator}
        try:
            if number:
                return approve(**arguments).status
            return remove(**arguments, clause="purpose", reason="Off topic").status
        except Taken:
            return "taken"

    answers = all_at_once(decide, count=2)
    held.refresh_from_db()
    assert sorted(answers) == sorted([held.status, "taken"])


def test_of_many_reports_at_once_one_hides_and_each_person_counts_once(site, forum, publish):
    (said,) = publish(forum, 1)

    def report(number: int) -> str:
        person = number // 2  # each one twice
        try:
            flag(
                forum=forum,
                site=site,
                contribution_id=said.pk,
                clause="respect",
                words="",
                device=f"{person:064d}",
                origin=Origin(ip=f"198.51.{person}.1", user_agent="", door=Door.HTML),
            )
        except NotFound:
            return "hidden already"
        return "taken"

    all_at_once(report)
    said.refresh_from_db()
    ruling = Ruling.objects.get()
    assert (said.status, ruling.by_flags, ruling.flags) == (Status.HELD, True, 3)
    assert Flag.objects.values("reporter").distinct().count() == Flag.objects.count() == 3
