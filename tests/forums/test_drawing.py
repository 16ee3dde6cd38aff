"""What a process keeps of a page: what a contribution looks like, and how people take part."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone, translation

from wagtail_atencion.conditions import memory
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.forums import drawing
from wagtail_atencion.forums.drawing import drawn, frame_of
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.paging import ANSWERS_SHOWN, page_of
from wagtail_atencion.forums.policy import ForumPolicy, policy_of
from wagtail_atencion.forums.published import COLUMNS, Published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_drawn():
    drawing.forget_drawn()


@pytest.fixture
def frame(forum, site):
    policy = policy_of(site)
    return frame_of(forum, phase="open", zone="America/Bogota", policy=policy)


def html_of(client, forum) -> str:
    return client.get(forum.url).content.decode()


def test_what_looks_the_same_is_drawn_once(client, forum, publish):
    publish(forum, 3)
    first = html_of(client, forum)
    drawn_before = drawing._drawn.cache_info().misses
    assert html_of(client, forum).count("<article") == first.count("<article") == 3
    assert drawing._drawn.cache_info().misses == drawn_before == 3


def test_nothing_drawn_is_kept_for_longer_than_it_lasts(client, forum, publish, monkeypatch):
    publish(forum, 1)
    html_of(client, forum)
    monkeypatch.setattr(drawing, "_begun", drawing._begun - drawing.LASTS - 1)
    html_of(client, forum)
    assert drawing._drawn.cache_info().misses == 1  # of the new count
    assert drawing._drawn.cache_info().hits == 0


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"comment": "Changed by its author.", "edits": 1}, "Changed by its author."),
        ({"votes": 41}, "(41)"),
        ({"user_name": "Somebody Else"}, "<strong>Somebody Else</strong>"),
        ({"official": True}, "Official answer"),
    ],
)
def test_a_change_is_seen_at_once_by_whatever_way_it_came(client, forum, publish, change, shown):
    (row,) = publish(forum, 1)
    assert shown not in html_of(client, forum)
    Contribution.objects.filter(pk=row.pk).update(**change)  # no signal, no service, no other key
    assert shown in html_of(client, forum)


def test_what_is_taken_down_is_not_shown_although_it_was_drawn(client, forum, publish):
    (row,) = publish(forum, 1)
    assert row.comment in html_of(client, forum)
    row.set_status(Status.REMOVED, timezone.now())
    row.save()
    assert row.comment not in html_of(client, forum)


def test_each_language_phase_and_set_of_rules_is_drawn_apart(forum, publish, frame):
    publish(forum, 1)
    (contribution,) = page_of(forum).contributions
    english = drawn(contribution, frame)
    with translation.override("es"):
        spanish = drawn(contribution, frame)
    closed = drawn(contribution, replace(frame, phase="closed"))
    silent = drawn(contribution, replace(frame, replies=False))
    assert len({english, spanish, closed, silent}) == 4
    assert "<form" in english
    assert "<form" not in closed
    assert "reply_to" not in silent


def test_while_one_develops_a_changed_template_is_seen(forum, publish, frame, settings):
    publish(forum, 1)
    (contribution,) = page_of(forum).contributions
    settings.DEBUG = True
    drawn(contribution, frame)
    assert drawing._drawn.cache_info().currsize == 0


def test_the_values_read_in_bulk_are_those_of_the_row(forum, publish):
    (thread,) = publish(forum, 1)
    (answer,) = publish(forum, 1, reply_to=thread)
    Contribution.objects.filter(pk=answer.pk).update(quoted=thread, quote="number")
    for row in Contribution.objects.select_related("quoted"):
        values = Contribution.objects.filter(pk=row.pk).values_list(*COLUMNS).get()
        assert Published(*values) == Published.of(row)
    assert page_of(forum).contributions == [Published.of(thread)]


def test_a_crowded_thread_leaves_the_answers_of_the_others(forum, publish):
    rows = publish(forum, 3)
    publish(forum, 5, reply_to=rows[0])
    publish(forum, 40, reply_to=rows[1])
    shown = {row.pk: len(row.answers) for row in page_of(forum).contributions}
    assert shown == {rows[0].pk: 5, rows[1].pk: ANSWERS_SHOWN + 1, rows[2].pk: 0}


def test_the_rules_of_the_forums_cost_no_query_once_known(site, django_assert_num_queries):
    policy = policy_of(site)
    with django_assert_num_queries(0):
        assert policy_of(site) is policy


def test_other_rules_hold_at_once_here_and_soon_elsewhere(site):
    policy_of(site)
    before = AtencionSettings.objects.get(site=site).revision
    ForumPolicy.objects.update_or_create(site=site, defaults={"support": "off"})
    assert policy_of(site).support == "off"
    assert AtencionSettings.objects.get(site=site).revision > before


def test_rules_changed_in_another_process_are_noticed(site, monkeypatch):
    assert policy_of(site).support == "device"
    ForumPolicy.objects.filter(site=site).update(support="off")
    AtencionSettings.objects.filter(site=site).update(revision=99)
    monkeypatch.setattr(memory, "FRESH", 0.0)
    assert policy_of(site).support == "off"
