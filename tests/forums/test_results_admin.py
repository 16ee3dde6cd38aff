"""The forums before their editors, and who may answer officially."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import GroupPagePermission

from tests.conftest import staff
from wagtail_atencion.errors import NotPermitted
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation import answer_officially
from wagtail_atencion.forums.pages import ForumPage

LIST = "atencion_forums"


@pytest.fixture
def page_editor(site):
    """An editor of the site's pages, without any permission of ours."""
    user = staff("writer")
    group = Group.objects.create(name="Writers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(codename=codename)
        GroupPagePermission.objects.create(group=group, page=site.root_page, permission=permission)
    user.groups.add(group)
    return user


@pytest.fixture
def officials(db):
    return Group.objects.create(name="Planning")


@pytest.fixture
def official(officials):
    """Somebody of the group, who does not moderate."""
    user = staff("planner")
    user.groups.add(officials)
    return user


@pytest.fixture
def closed(make_forum):
    now = timezone.now()
    return make_forum(
        "Old bridge", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=2)
    )


def test_a_closed_forum_without_conclusions_is_pending(client, page_editor, closed, make_forum):
    make_forum("New road")
    client.force_login(page_editor)
    html = client.get(reverse(LIST)).content.decode()
    assert "New road" in html
    assert "Pending" in html
    narrowed = client.get(reverse(LIST), {"state": "pending"}).content.decode()
    assert "New road" not in narrowed
    assert closed.title in narrowed
    closed.conclusions = "<p>Fruit.</p>"
    closed.save()
    assert "Pending" not in client.get(reverse(LIST)).content.decode()


def test_it_is_pending_among_the_pages_of_wagtail_too(client, page_editor, closed, forum_index):
    client.force_login(page_editor)
    explorer = reverse("wagtailadmin_explore", args=[forum_index.pk])
    assert "conclusions pending" in client.get(explorer).content.decode()
    closed.conclusions = "<p>Fruit.</p>"
    closed.save()
    assert "conclusions pending" not in client.get(explorer).content.decode()


def test_who_edits_none_of_its_pages_does_not_see_it(client, closed):
    client.force_login(staff("guest"))
    assert closed.title not in client.get(reverse(LIST)).content.decode()
    assert client.get(reverse("atencion_forum_admin", args=[closed.pk])).status_code == 404


def test_the_editor_gets_figures_and_files_without_names(client, page_editor, closed, publish):
    publish(closed, 3)
    client.force_login(page_editor)
    html = client.get(reverse("atencion_forum_admin", args=[closed.pk])).content.decode()
    assert reverse("atencion:forum_data", args=[closed.pk, "xlsx"]) in html
    assert reverse("wagtailadmin_pages:edit", args=[closed.pk]) in html
    assert reverse("atencion_forum_export", args=[closed.pk]) not in html
    assert reverse("atencion_forum_answers", args=[closed.pk]) not in html


def test_documents_and_who_answered_what_are_shown_once_closed(client, forum, closed):
    document = get_document_model().objects.create(title="The study", file="study.pdf")
    for page in (forum, closed):
        page.documents = [("document", document)]
        page.conclusions = "<p>Concluded.</p>"
        page.conclusion_documents = [("document", document)]
        page.answered = [
            ("answered", {"matter": "Where?", "area": "Roads", "answer": "<p>In the north.</p>"})
        ]
        page.save()
    html = client.get(closed.url).content.decode()
    assert html.count("The study") == 2
    assert "In the north." in html
    html = client.get(forum.url).content.decode()
    assert html.count("The study") == 1
    assert "In the north." not in html


def test_a_closed_forum_says_that_its_conclusions_are_to_come(client, closed):
    assert "have not been published yet" in client.get(closed.url).content.decode()


def answer(forum: ForumPage, to: Contribution, user, site, origin):
    return answer_officially(
        forum=forum,
        site=site,
        reply_to=to,
        user=user,
        text="We will.",
        origin=origin,
        client_id=uuid.uuid4(),
    )


def test_the_group_that_was_chosen_answers_and_moderators_do_not(
    forum, publish, official, officials, moderator, site, origin
):
    (said,) = publish(forum, 1)
    with pytest.raises(NotPermitted):
        answer(forum, said, official, site, origin)
    forum.officials = officials
    forum.save()
    assert answer(forum, said, official, site, origin).official
    with pytest.raises(NotPermitted):
        answer(forum, said, moderator, site, origin)
    official.is_active = False
    official.save()
    with pytest.raises(NotPermitted):
        answer(forum, said, official, site, origin)


def test_an_official_answers_in_the_admin_and_sees_no_address(
    client, forum, publish, official, officials
):
    rows = publish(forum, 2)
    forum.officials = officials
    forum.save()
    client.force_login(official)
    waiting = reverse("atencion_forum_answers", args=[forum.pk])
    html = client.get(waiting).content.decode()
    assert rows[0].comment in html
    assert "@example.com" not in html
    address = reverse("atencion_forum_answer", args=[forum.pk, rows[0].pk])
    assert "@example.com" not in client.get(address).content.decode()
    form = {"text": "We will, in March.", "client_id": str(uuid.uuid4())}
    assert client.post(address, {**form, "text": ""}).status_code == 400
    assert client.post(address, form).status_code == 302
    assert client.post(address, form).status_code == 302  # pressed twice
    assert Contribution.objects.filter(official=True).count() == 1
    assert rows[0].comment not in client.get(waiting).content.decode()


def test_nobody_else_comes_in(client, forum, publish, official, moderator, officials):
    (said,) = publish(forum, 1)
    addresses = [
        reverse("atencion_forum_answers", args=[forum.pk]),
        reverse("atencion_forum_answer", args=[forum.pk, said.pk]),
    ]
    client.force_login(official)  # no group was chosen: moderators answer
    for address in addresses:
        assert client.get(address).status_code == 302
    assert client.post(addresses[1], {"text": "x"}).status_code == 302
    client.force_login(moderator)
    for address in addresses:
        assert client.get(address).status_code == 200
    forum.officials = officials
    forum.save()
    for address in addresses:
        assert client.get(address).status_code == 302
