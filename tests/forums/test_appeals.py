"""The author is told of a decision, and can answer it once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.errors import Taken
from wagtail_atencion.forums.appeals import LINK_LASTS
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation import approve, hold, remove
from wagtail_atencion.forums.rulings import Appeal, Ruling

NOTICE = OutgoingMail.Kind.MODERATION_NOTICE
TEXT = "More fruit for Quetzal, please."


@pytest.fixture
def removed(forum, submit, moderator) -> Contribution:
    contribution = submit(forum, text=TEXT)
    remove(
        contribution_id=contribution.pk,
        seen=Status.HELD,
        user=moderator,
        clause="privacy",
        reason="It names Quetzal",
    )
    contribution.refresh_from_db()
    return contribution


def notices() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind=NOTICE).order_by("id"))


def link() -> str:
    return re.search(r"https?://[^/\s]+(/\S*/decisions/\S+/)", notices()[-1].text)[1]


def test_the_author_is_told_the_clause_and_how_to_answer(removed):
    (mail,) = notices()
    assert mail.address == "ana@example.com"
    assert "personal data" in mail.text
    assert link()


def test_nothing_of_what_was_written_goes_to_an_address_nobody_confirmed(removed, client):
    (mail,) = notices()
    assert "Quetzal" not in mail.text + mail.subject
    assert "Ana" not in mail.text
    assert "Quetzal" not in client.get(link()).content.decode()


def test_a_confirmed_author_reads_the_text_and_the_moderators_words(forum, submit, moderator):
    contribution = submit(forum, text=TEXT)
    Contribution.objects.filter(pk=contribution.pk).update(confirmed_at=timezone.now())
    remove(
        contribution_id=contribution.pk,
        seen=Status.HELD,
        user=moderator,
        clause="privacy",
        reason="It names somebody",
    )
    (mail,) = notices()
    assert TEXT in mail.text
    assert "It names somebody" in mail.text


def test_publishing_for_the_first_time_mails_nothing_and_hiding_does(forum, submit, moderator):
    contribution = submit(forum)
    approve(contribution_id=contribution.pk, seen=Status.HELD, user=moderator)
    assert notices() == []
    hold(contribution_id=contribution.pk, seen=Status.APPROVED, user=moderator, clause="respect")
    approve(contribution_id=contribution.pk, seen=Status.HELD, user=moderator)
    hidden, back = notices()
    assert "hidden" in hidden.text
    assert "/decisions/" in hidden.text
    assert "/decisions/" not in back.text


def test_opening_the_link_changes_nothing(removed, client):
    response = client.get(link(), {"text": "x"})
    assert response.status_code == 200
    assert response["Referrer-Policy"] == "same-origin"
    assert not Appeal.objects.exists()


def test_the_answer_is_kept_once_and_decided_and_the_author_told_again(
    removed, client, moderator, django_user_model
):
    path = link()
    response = client.post(path, {"text": "It is my own name."})
    assert "We received your answer" in response.content.decode()
    again = client.post(path, {"text": "And again."})
    assert again.status_code == 409
    assert Appeal.objects.get().text == "It is my own name."
    colleague = django_user_model.objects.create_superuser("carmen")
    approve(contribution_id=removed.pk, seen=Status.REMOVED, user=colleague)
    appeal = Appeal.objects.get()
    assert (appeal.answer.decided_by, appeal.answer.after) == (colleague, "approved")
    assert "published again" in notices()[-1].text
    removed.refresh_from_db()
    assert removed.is_public


def test_an_answer_that_changes_nothing_is_told_too_and_ends_there(removed, client, moderator):
    client.post(link(), {"text": "It is my own name."})
    remove(contribution_id=removed.pk, seen=Status.REMOVED, user=moderator, clause="privacy")
    assert Appeal.objects.get().answer.after == "removed"
    assert "stays as it was" in notices()[-1].text
    assert "/decisions/" not in notices()[-1].text
    with pytest.raises(Taken):
        remove(contribution_id=removed.pk, seen=Status.REMOVED, user=moderator, clause="privacy")


def test_a_decision_that_was_changed_meanwhile_is_not_answered(removed, client, moderator):
    approve(contribution_id=removed.pk, seen=Status.REMOVED, user=moderator)
    old = OutgoingMail.objects.filter(kind=NOTICE).earliest("id").text
    path = re.search(r"https?://[^/\s]+(/\S*/decisions/\S+/)", old)[1]
    assert client.post(path, {"text": "Why?"}).status_code == 409
    assert not Appeal.objects.exists()


def test_a_restricted_author_may_answer(removed, client, site):
    Sanction(
        site=site,
        email="ana@example.com",
        email_key="ana@example.com",
        scope="all",
        clause="respect",
    ).save()
    assert client.post(link(), {"text": "It is my own name."}).status_code == 200
    assert Appeal.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_what_is_wrong_with_the_answer_is_said_with_the_text_kept(removed, client, text):
    response = client.post(link(), {"text": text})
    assert response.status_code == 400
    assert "Write your answer" in response.content.decode()
    if text.strip():
        assert text in response.content.decode()


def test_a_link_lasts_so_long_and_a_forged_one_opens_nothing(removed, client):
    path = link()
    with time_machine.travel(timezone.now() + timedelta(days=LINK_LASTS, minutes=1), tick=False):
        assert client.get(path).status_code == 410
    forged = path.rstrip("/")[:-2] + "xx/"
    assert client.get(forged).status_code == 410
    assert client.post(forged, {"text": "x"}).status_code == 410


def test_the_history_is_append_only(removed):
    ruling = Ruling.objects.get()
    for change in (
        ruling.save,
        ruling.delete,
        Ruling.objects.all().delete,
        lambda: Ruling.objects.update(reason="x"),
    ):
        with pytest.raises(Exception, match="Records of the past"):
            change()
