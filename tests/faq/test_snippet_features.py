"""What Wagtail's snippets can do works for questions: time, review, locks, languages, usage."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    Locale,
    ReferenceIndex,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from tests.conftest import staff
from tests.faq.test_admin import address, form
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.services import search_faqs

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def reviewers(db) -> Group:
    """Questions are approved by this group before they are published."""
    group = Group.objects.create(name="Reviewers")
    task = GroupApprovalTask.objects.create(name="Review")
    task.groups.set([group])
    workflow = Workflow.objects.create(name="Questions")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    kind = ContentType.objects.get_for_model(FAQ)
    WorkflowContentType.objects.create(workflow=workflow, content_type=kind)
    return group


@pytest.fixture
def writer(db):
    return staff("writer", "wagtail_atencion.add_faq", "wagtail_atencion.change_faq")


@pytest.fixture
def reviewer(reviewers):
    user = staff("reviewer", "wagtail_atencion.change_faq", "wagtail_atencion.publish_faq")
    user.groups.add(reviewers)
    return user


def test_it_is_published_and_withdrawn_at_its_time(make_faq, spanish) -> None:
    faq = make_faq("¿Dónde pido la beca?", live=False)
    now = timezone.now()
    faq.go_live_at, faq.expire_at = now + timedelta(hours=1), now + timedelta(days=30)
    faq.save_revision().publish()
    call_command("publish_scheduled")
    assert search_faqs("beca", locale=spanish) == []
    # An hour later.
    faq.refresh_from_db()
    revision = faq.scheduled_revision
    revision.approved_go_live_at = now - timedelta(minutes=1)
    revision.content["go_live_at"] = (now - timedelta(minutes=1)).isoformat()
    revision.save()
    call_command("publish_scheduled")
    assert search_faqs("beca", locale=spanish) == [faq]
    FAQ.objects.update(expire_at=now - timedelta(minutes=1))
    call_command("publish_scheduled")
    assert search_faqs("beca", locale=spanish) == []
    assert FAQ.objects.get().expired


def test_it_is_published_by_who_approves_it(client, category, writer, reviewer, spanish) -> None:
    client.force_login(writer)
    question = "¿Dónde pido la beca?"
    client.post(address("add"), form(category, question, **{"action-submit": "1"}))
    faq = FAQ.objects.get()
    assert not faq.live
    assert search_faqs("beca", locale=spanish) == []
    approval = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    client.post(address("edit", faq.pk), form(category, question, **approval))
    faq.refresh_from_db()
    assert not faq.live  # who wrote it may not approve it
    client.force_login(reviewer)
    client.post(address("edit", faq.pk), form(category, question, **approval))
    faq.refresh_from_db()
    assert faq.live
    assert faq.slug == "donde-pido-la-beca"
    assert search_faqs("beca", locale=spanish) == [faq]


def test_what_somebody_locked_nobody_else_changes(client, licence, db) -> None:
    verbs = ("change", "publish", "lock")
    locker = staff("locker", *[f"wagtail_atencion.{verb}_faq" for verb in verbs])
    client.force_login(locker)
    assert client.post(address("lock", licence.pk)).status_code == 302
    licence.refresh_from_db()
    assert (licence.locked, licence.locked_by) == (True, locker)
    client.force_login(staff("other", *[f"wagtail_atencion.{verb}_faq" for verb in verbs[:2]]))
    body = form(licence.category, "¿Otra cosa?", **{"action-publish": "1"})
    client.post(address("edit", licence.pk), body)
    licence.refresh_from_db()
    assert licence.question == "¿Cómo saco la licencia de conducción?"
    client.force_login(locker)
    assert client.post(address("unlock", licence.pk)).status_code == 302
    licence.refresh_from_db()
    assert not licence.locked


def test_a_copy_to_translate_stands_in_the_translated_category(client, licence, db) -> None:
    """As simple_translation makes it."""
    english = Locale.objects.get(language_code="en")
    user = staff("translator", "wagtail_atencion.add_faq", "wagtail_atencion.change_faq")
    user.is_superuser = True
    user.save()
    copy = licence.copy_for_translation(english)
    copy.save()
    assert copy.translation_key == licence.translation_key
    assert (copy.locale, copy.category.locale) == (english, english)
    assert copy.category.translation_key == licence.category.translation_key
    assert list(licence.get_translations()) == [copy]
    client.force_login(user)
    assert client.get(address("edit", copy.pk)).status_code == 200


def test_it_says_where_it_is_used(admin_client, licence, passport, site) -> None:
    assert admin_client.get(address("usage", licence.pk)).status_code == 200
    category = reverse(
        "wagtailsnippets_wagtail_atencion_faqcategory:usage", args=[licence.category_id]
    )
    ReferenceIndex.create_or_update_for_object(licence)
    ReferenceIndex.create_or_update_for_object(passport)
    html = admin_client.get(category).content.decode()
    assert licence.question in html
    assert passport.question in html


def test_revisions_are_compared_and_a_former_one_comes_back(admin_client, licence) -> None:
    first = licence.save_revision()
    first.publish()
    licence.question = "¿Cómo saco el pase?"
    second = licence.save_revision()
    second.publish()
    html = admin_client.get(
        address("revisions_compare", licence.pk, first.pk, second.pk)
    ).content.decode()
    assert "pase" in html
    assert "licencia" in html
    response = admin_client.get(address("revisions_revert", licence.pk, first.pk))
    assert response.status_code == 200
    assert "licencia de conducción" in response.context["form"].initial["question"]
