"""The moderators' pages in the admin."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation import approve, remove

BASE = "atencion_contributions_modeladmin"


@pytest.fixture
def held(forum, submit) -> Contribution:
    return submit(forum, text="More fruit, please.")


def index() -> str:
    return reverse(f"{BASE}_index")


def page_of(contribution: Contribution) -> str:
    return reverse(f"{BASE}_inspect", args=[contribution.pk])


def addresses(contribution: Contribution) -> list[str]:
    return [
        index(),
        page_of(contribution),
        reverse(f"{BASE}_create"),
        reverse(f"{BASE}_edit", args=[contribution.pk]),
        reverse(f"{BASE}_delete", args=[contribution.pk]),
    ]


def decide(client, contribution, decision: str, **fields: str):
    data = {f"{decision}-{name}": value for name, value in fields.items()}
    return client.post(page_of(contribution), {"decision": decision, **data})


def test_strangers_are_sent_to_the_login(client, held):
    for url in addresses(held):
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code == 302
            assert answer.url.startswith(reverse("wagtailadmin_login"))


@pytest.mark.parametrize("who", ["editor", "agent", "supervisor"])
def test_staff_who_do_not_moderate_see_and_do_nothing(who, client, held, request):
    client.force_login(request.getfixturevalue(who))
    for url in addresses(held):
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code == 302
            assert answer.url == reverse("wagtailadmin_home")
    decide(client, held, "approval", seen="held")
    held.refresh_from_db()
    assert held.status == Status.HELD


def test_moderators_list_and_read_and_never_write_edit_or_delete(client, held, moderator):
    client.force_login(moderator)
    listing, page, *writing = addresses(held)
    assert "More fruit" in client.get(listing).content.decode()
    assert "ana@example.com" in client.get(page).content.decode()
    for url in writing:
        assert client.get(url).status_code == 302
    assert Contribution.objects.get() == held


def test_nothing_is_decided_by_following_a_link(client, held, moderator):
    client.force_login(moderator)
    client.get(page_of(held), {"decision": "approval", "approval-seen": "held"})
    held.refresh_from_db()
    assert held.status == Status.HELD


def test_the_one_that_waits_longest_is_on_top(client, forum, submit, publish, moderator):
    publish(forum, 2)
    first, second = submit(forum, text="First."), submit(forum, text="Second.")
    client.force_login(moderator)
    html = client.get(index()).content.decode()
    rows = [int(pk) for pk in re.findall(r'data-object-pk="(\d+)"', html)]
    assert rows[:2] == [first.pk, second.pk]
    assert len(rows) == 4


def test_the_list_is_narrowed_by_status_forum_and_words(
    client, make_forum, submit, publish, moderator
):
    one, other = make_forum("One"), make_forum("Other")
    wanted = submit(one, text="Bread")
    submit(one, text="Milk")
    submit(other, text="Bread")
    publish(one, 1)
    client.force_login(moderator)
    query = {"status__exact": "held", "forum": one.pk, "q": "bread"}
    html = client.get(index(), query).content.decode()
    assert re.findall(r'data-object-pk="(\d+)"', html) == [str(wanted.pk)]


def test_approved_in_the_admin_is_shown_to_the_public(client, held, moderator):
    client.force_login(moderator)
    response = decide(client, held, "approval", seen="held")
    assert response.url == index()
    assert "More fruit" in client.get(held.forum.url).content.decode()


def test_removing_asks_for_the_clause_and_keeps_the_page(client, held, moderator):
    client.force_login(moderator)
    response = decide(client, held, "removal", seen="held", reason="Insult")
    assert response.status_code == 400
    assert "Choose the clause" in response.content.decode()
    assert (
        decide(client, held, "removal", seen="held", clause="respect", reason="Insult").status_code
        == 302
    )
    held.refresh_from_db()
    assert held.removal_reason == "Insult"


def test_the_official_answer_is_shown_under_the_contribution(client, held, moderator):
    client.force_login(moderator)
    approve(contribution_id=held.pk, seen=Status.HELD, user=moderator)
    number = str(uuid.uuid4())
    for _click in range(2):
        response = decide(client, held, "answer", client_id=number, text="Every day.")
        assert response.status_code == 302
    html = client.get(held.forum.url).content.decode()
    assert html.count("Every day.") == 1
    assert "Official answer" in html


def test_an_answer_refused_is_not_lost(client, held, moderator):
    client.force_login(moderator)
    approve(contribution_id=held.pk, seen=Status.HELD, user=moderator)
    response = decide(client, held, "answer", client_id="nonsense", text="Every day.")
    assert response.status_code == 400
    html = response.content.decode()
    assert "Every day." in html
    renewed = re.search(r'name="answer-client_id" value="([\w-]+)"', html)[1]
    assert decide(client, held, "answer", client_id=renewed, text="Every day.").status_code == 302


def test_a_decision_taken_meanwhile_is_told_and_not_overturned(
    client, held, moderator, django_user_model
):
    colleague = django_user_model.objects.create_superuser("carmen", first_name="Carmen")
    client.force_login(moderator)
    remove(
        contribution_id=held.pk, seen=Status.HELD, user=colleague, clause="respect", reason="Insult"
    )
    response = decide(client, held, "approval", seen="held")
    assert response.status_code == 409
    assert "Carmen decided on this contribution meanwhile" in response.content.decode()
    held.refresh_from_db()
    assert held.status == Status.REMOVED


def test_the_history_is_shown_with_the_contribution(client, held, moderator):
    remove(
        contribution_id=held.pk,
        seen=Status.HELD,
        user=moderator,
        clause="purpose",
        reason="Off topic",
    )
    client.force_login(moderator)
    assert "Removed: Off topic" in client.get(page_of(held)).content.decode()


def test_a_forum_with_contributions_is_not_deleted(client, held, admin_client):
    forum = held.forum
    for page in (forum, forum.get_parent()):
        url = reverse("wagtailadmin_pages:delete", args=[page.pk])
        response = admin_client.post(url, follow=True)
        assert "cannot be deleted" in response.content.decode()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    response = admin_client.post(f"{bulk}?id={forum.pk}&next=/admin/", follow=True)
    assert "cannot be deleted" in response.content.decode()
    assert Contribution.objects.filter(pk=held.pk).exists()


def test_a_page_without_contributions_is_deleted_as_ever(forum, admin_client):
    admin_client.post(reverse("wagtailadmin_pages:delete", args=[forum.pk]))
    assert not type(forum).objects.filter(pk=forum.pk).exists()
