"""The moderators' queue: narrowed, decided in one go, and as fast with many as with few."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.forums.flagging import flag
from wagtail_atencion.forums.lifecycle import Status, version_of
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation import approve, remove
from wagtail_atencion.forums.rulings import Appeal, Flag, Ruling

INDEX = "atencion_contributions_modeladmin_index"
QUERIES = 15


def queue(client, **query) -> str:
    return client.get(reverse(INDEX), query).content.decode()


def rows(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'data-object-pk="(\d+)"', html)]


def choices(html: str) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)"', html)


def decide(client, chosen, decision: str, **fields):
    data = {"chosen": chosen, "decision": decision, "next": reverse(INDEX), **fields}
    return client.post(reverse("atencion_decide"), data, follow=True)


def report(site, contribution, clause: str = "threats") -> None:
    origin = Origin(ip="198.51.100.9", user_agent="pytest", door=Door.HTML)
    flag(
        forum=contribution.forum,
        site=site,
        contribution_id=contribution.pk,
        clause=clause,
        words="",
        device="f" * 64,
        origin=origin,
    )


@pytest.fixture
def at_the_queue(client, moderator):
    client.force_login(moderator)
    return client


def test_as_many_queries_with_2000_as_with_20(at_the_queue, site, forum, publish):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            html = queue(at_the_queue)
        assert len(rows(html)) in (20, 50)
        return len(queries)

    publish(forum, 20)
    queue(at_the_queue)
    few = count()
    publish(forum, 1980)
    Contribution.objects.filter(pk__in=Contribution.objects.order_by("pk")[:500]).update(
        status=Status.HELD, is_public=False
    )
    published = Contribution.objects.published()[:300]
    Flag.objects.bulk_create(
        Flag(contribution=row, clause="respect", reporter=str(row.pk)) for row in published
    )
    assert count() == few
    assert few <= QUERIES, few


def test_one_contribution_with_its_context_takes_as_many_queries_however_many_are_around(
    at_the_queue, forum, publish
):
    (thread,) = publish(forum, 1)
    page = reverse("atencion_contributions_modeladmin_inspect", args=[thread.pk])

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert at_the_queue.get(page).status_code == 200
        return len(queries)

    publish(forum, 2, reply_to=thread)
    count()
    few = count()
    publish(forum, 50, reply_to=thread)
    Contribution.objects.filter(reply_to=None).update(user_email="ana@example.com")
    publish(forum, 30)
    Contribution.objects.filter(reply_to=None).update(user_email="ana@example.com")
    assert count() <= few + 1


def test_what_readers_and_authors_ask_for_comes_first_and_can_be_filtered(
    at_the_queue, site, forum, publish, submit, moderator
):
    quiet, reported = publish(forum, 2)
    report(site, reported)
    appealed = submit(forum)
    remove(contribution_id=appealed.pk, seen=Status.HELD, user=moderator, clause="privacy")
    Appeal(ruling=Ruling.objects.get(), contribution=appealed, text="Why?").save()
    html = queue(at_the_queue)
    assert rows(html) == [reported.pk, appealed.pk, quiet.pk]
    assert "1 report" in html
    assert "The author answered" in html
    assert rows(queue(at_the_queue, asked="flagged")) == [reported.pk]
    assert rows(queue(at_the_queue, asked="appealed")) == [appealed.pk]
    assert rows(queue(at_the_queue, clause="threats")) == [reported.pk]
    assert rows(queue(at_the_queue, clause="privacy")) == [appealed.pk]
    assert rows(queue(at_the_queue, clause="nonsense", days="x", forum="y", asked="z"))


def test_by_date(at_the_queue, forum, publish):
    publish(forum, 2 * 24 * 60)
    Contribution.objects.exclude(
        pk__in=[Contribution.objects.earliest("pk").pk, Contribution.objects.latest("pk").pk]
    ).delete()
    assert len(rows(queue(at_the_queue, days="1"))) == 1
    assert len(rows(queue(at_the_queue, days="7"))) == 2


def test_what_waits_for_its_authors_address_is_not_before_moderators(at_the_queue, forum, submit):
    Contribution.objects.filter(pk=submit(forum).pk).update(status=Status.UNPROVED)
    assert rows(queue(at_the_queue)) == []


@pytest.mark.parametrize(
    ("decision", "after"), [("approve", Status.APPROVED), ("remove", Status.REMOVED)]
)
def test_several_are_decided_in_one_go(at_the_queue, forum, submit, decision, after):
    held = [submit(forum, text=f"Text {number}") for number in range(3)]
    chosen = choices(queue(at_the_queue))
    response = decide(at_the_queue, chosen[:2], decision, clause="respect", reason="Together")
    assert "2 decided." in response.content.decode()
    assert response.redirect_chain[0][0] == reverse(INDEX)
    statuses = [Contribution.objects.get(pk=row.pk).status for row in held]
    assert statuses == [after, after, Status.HELD]
    assert Ruling.objects.filter(after=after).count() == 2


def test_holding_hides_what_was_published(at_the_queue, forum, publish):
    (said,) = publish(forum, 1)
    decide(at_the_queue, choices(queue(at_the_queue)), "hold", clause="purpose")
    said.refresh_from_db()
    assert (said.status, said.is_public) == (Status.HELD, False)
    assert "Contribution number 0" not in at_the_queue.get(forum.url).content.decode()


def test_without_a_clause_it_is_asked_for_and_the_choice_is_kept(at_the_queue, forum, submit):
    submit(forum)
    chosen = choices(queue(at_the_queue))
    response = decide(at_the_queue, chosen, "remove", reason="Kept words")
    html = response.content.decode()
    assert response.status_code == 400
    assert choices(html) == chosen
    assert "Kept words" in html
    assert "Choose the clause" in html
    assert not Ruling.objects.exists()


def test_two_moderators_at_once_the_second_is_told_for_each(
    at_the_queue, forum, submit, django_user_model
):
    first, _second = submit(forum, text="One"), submit(forum, text="Two")
    chosen = choices(queue(at_the_queue))
    colleague = django_user_model.objects.create_superuser("carmen", first_name="Carmen")
    remove(contribution_id=first.pk, seen=Status.HELD, user=colleague, clause="respect")
    html = decide(at_the_queue, chosen, "approve").content.decode()
    assert "1 decided." in html
    assert "Carmen decided on this contribution meanwhile" in html
    first.refresh_from_db()
    assert first.status == Status.REMOVED


def test_a_decision_and_back_is_noticed_too(at_the_queue, forum, submit, moderator):
    said = submit(forum)
    approve(contribution_id=said.pk, seen=Status.HELD, user=moderator)
    chosen = choices(queue(at_the_queue))
    remove(contribution_id=said.pk, seen=Status.APPROVED, user=moderator, clause="respect")
    approve(contribution_id=said.pk, seen=Status.REMOVED, user=moderator)
    html = decide(at_the_queue, chosen, "remove", clause="respect").content.decode()
    assert "decided on this contribution meanwhile" in html
    said.refresh_from_db()
    assert said.status == Status.APPROVED


def test_a_text_changed_meanwhile_is_not_decided_on(at_the_queue, forum, submit):
    said = submit(forum)
    chosen = choices(queue(at_the_queue))
    Contribution.objects.filter(pk=said.pk).update(edits=1, comment="Something else")
    html = decide(at_the_queue, chosen, "approve").content.decode()
    assert "Its author changed the text meanwhile" in html
    said.refresh_from_db()
    assert said.status == Status.HELD


@pytest.mark.parametrize(
    "chosen",
    [[], ["x"], ["1"], ["1:held"], ["9" * 30 + ":held:0.0"], ["1:nonsense:0.0"], ["²:held:0.0"]],
)
def test_nonsense_decides_nothing(at_the_queue, chosen):
    response = decide(at_the_queue, chosen, "approve")
    assert response.status_code == 200
    assert not Ruling.objects.exists()


def test_it_leads_back_to_our_own_queue_only(at_the_queue, forum, submit):
    submit(forum)
    chosen = choices(queue(at_the_queue))
    response = decide(at_the_queue, chosen, "approve", next="https://elsewhere.example/")
    assert response.redirect_chain == [(reverse(INDEX), 302)]


def test_the_version_changes_with_each_edit_and_each_decision(forum, submit, moderator):
    said = submit(forum)
    first = version_of(edits=0, decided_at=None)
    approve(contribution_id=said.pk, seen=Status.HELD, user=moderator)
    said.refresh_from_db()
    second = version_of(edits=0, decided_at=said.moderated_at)
    assert len({first, second, version_of(edits=1, decided_at=said.moderated_at)}) == 3


@pytest.mark.parametrize("who", ["editor", "agent", "supervisor"])
def test_only_moderators_decide_in_one_go(who, client, forum, submit, request):
    said = submit(forum)
    client.force_login(request.getfixturevalue(who))
    choice = f"{said.pk}:held:0.0"
    response = client.post(reverse("atencion_decide"), {"chosen": choice, "decision": "approve"})
    assert response.url == reverse("wagtailadmin_home")
    assert not Ruling.objects.exists()


def test_nobody_decides_by_following_a_link(at_the_queue, client):
    assert at_the_queue.get(reverse("atencion_decide")).status_code == 405
    client.logout()
    response = client.post(reverse("atencion_decide"))
    assert response.url.startswith(reverse("wagtailadmin_login"))
