"""Following a forum by mail: nobody is signed up by others, and one click ends it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import set_conditions
from wagtail_atencion.conduct import outbox, personal_data
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.forums.followers import Follower
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Moderation
from wagtail_atencion.forums.moderation import approve
from wagtail_atencion.forums.news import SETTLING, tell_followers
from wagtail_atencion.forums.paces import PAUSE, Pace, next_look

LINK = re.compile(r"https?://\S+/following/\S+")
ANA = "ana@example.com"


@pytest.fixture
def outside(db):
    """Mail leaves outside of transactions: the tests of these doors need none around them."""
    return


def ask(client, forum, email: str = ANA, pace: str = "each"):
    address = reverse("atencion:forum_follow", args=[forum.pk])
    return client.post(address, {"email": email, "pace": pace})


def link_of(mail: OutgoingMail) -> str:
    return LINK.search(mail.text)[0].replace("http://testserver", "")


@pytest.fixture
def follow(client):
    """Somebody who asked, opened the link and pressed the button."""

    def follow(forum, email: str = ANA, pace: str = "each") -> Follower:
        ask(client, forum, email, pace)
        link = link_of(OutgoingMail.objects.filter(kind="follow_link", address=email).latest("pk"))
        assert client.post(link).status_code == 200
        return Follower.objects.get(forum=forum, email=email)

    return follow


def news_at(moment: datetime) -> list[OutgoingMail]:
    """The mails with news that are queued at ``moment``."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    with time_machine.travel(moment, tick=False):
        tell_followers(timezone.now())
    return list(OutgoingMail.objects.exclude(pk__in=before).order_by("pk"))


def in_a_while(**more: float) -> datetime:
    return timezone.now() + PAUSE + timedelta(seconds=30) + timedelta(**more)


def test_the_mail_that_asks_says_nothing_that_was_typed(client, forum):
    response = ask(client, forum)
    assert response.status_code == 302
    (queued,) = OutgoingMail.objects.all()
    assert (queued.kind, queued.address) == ("follow_link", ANA)
    assert ANA not in queued.text
    assert Follower.objects.get().confirmed_at is None
    assert Submission.objects.get().kind == Submission.Kind.FOLLOW


def test_opening_the_link_changes_nothing_and_the_button_does(client, forum):
    ask(client, forum)
    link = link_of(OutgoingMail.objects.get())
    for _scan in range(3):
        response = client.get(link)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
    assert Follower.objects.get().confirmed_at is None
    assert "You follow the forum" in client.post(link).content.decode()
    confirmed = Follower.objects.get().confirmed_at
    assert confirmed is not None
    client.post(link)  # pressed twice
    assert Follower.objects.get().confirmed_at == confirmed


def test_who_has_not_confirmed_is_sent_nothing(client, forum, publish):
    ask(client, forum)
    publish(forum, 1)
    assert news_at(in_a_while(days=1)) == []


def test_the_answer_is_the_same_for_who_follows_already(client, forum, follow):
    follow(forum)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        known, stranger = ask(client, forum), ask(client, forum, "luis@example.com")
    assert (known.status_code, known.url) == (stranger.status_code, stranger.url)
    assert Follower.objects.filter(email=ANA).count() == 1


def test_asking_again_and_again_mails_one_link(client, forum):
    for email in (ANA, ANA, " Ana@Example.com "):
        assert ask(client, forum, email).status_code == 302
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "pace", "message"),
    [
        ("", "each", "Please write your e-mail address."),
        ("ana@", "each", "Please check your e-mail address"),
        ("ana@example.com\r\nBcc: all@example.com", "each", "Please check your e-mail address"),
        ("ana@example.com", "hourly", "hourly"),
        ("ana@example.com", "", "Choose how often"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(email, pace, message, client, forum):
    response = ask(client, forum, email, pace)
    assert response.status_code == 400
    assert message in response.content.decode()
    assert not Follower.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_page_of_another_site_signs_nobody_up(client, forum):
    address = reverse("atencion:forum_follow", args=[forum.pk])
    data = {"email": ANA, "pace": "each"}
    response = client.post(address, data, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert not Follower.objects.exists()


def test_one_connection_asks_so_often_and_no_more(client, forum):
    with override_settings(WAGTAIL_ATENCION={"RATES": {"follow": "1/h"}}):
        ask(client, forum)
        response = ask(client, forum, "luis@example.com")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_forged_and_old_links_serve_for_nothing(client, forum):
    ask(client, forum)
    link = link_of(OutgoingMail.objects.get())
    head, _slash, _rest = link.rstrip("/").rpartition("/")
    assert client.post(f"{head}/WzEsImVhY2giXQ:1w:forged/").status_code == 410
    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1)):
        assert client.post(link).status_code == 410
    assert Follower.objects.get().confirmed_at is None


def test_each_contribution_comes_with_its_link_and_a_way_out(client, make_forum, follow, submit):
    forum = make_forum(moderation=Moderation.AFTER)
    follower = follow(forum)
    submit(forum, text="More fruit, please.", email="luis@example.com")
    (queued,) = news_at(in_a_while())
    assert queued.address == ANA
    assert "More fruit, please." in queued.text
    assert "?from=" in queued.text
    assert "luis@example.com" not in queued.text
    stop = queued.headers["List-Unsubscribe"]
    assert queued.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://testserver/\S+/unfollow/\S+>", stop)
    assert stop.strip("<>") in queued.text
    assert news_at(in_a_while(hours=1)) == []  # nothing new
    follower.refresh_from_db()
    assert follower.told_until > follower.confirmed_at


def test_what_waits_for_a_moderator_comes_once_it_is_published(forum, follow, submit, moderator):
    follow(forum)
    held = submit(forum, email="luis@example.com")
    assert news_at(in_a_while()) == []
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        approve(contribution_id=held.pk, seen=Status.HELD, user=moderator)
    (queued,) = news_at(in_a_while(hours=3))
    assert "More fruit, please." in queued.text


def test_a_digest_comes_in_the_morning_with_all_of_the_day(make_forum, follow, publish, site):
    set_conditions(site, time_zone="America/Bogota")
    noon = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # twelve o'clock there
    with time_machine.travel(noon, tick=False):
        forum = make_forum(closes_at=noon + timedelta(days=30))
        follow(forum, pace="daily")
    with time_machine.travel(noon + timedelta(hours=2), tick=False):
        publish(forum, 25)
    assert news_at(datetime(2026, 3, 3, 11, 59, tzinfo=UTC)) == []
    (queued,) = news_at(datetime(2026, 3, 3, 12, 0, tzinfo=UTC))  # seven o'clock
    assert "25 new contributions (the last 20 are here)" in queued.text
    assert "Contribution number 24." in queued.text
    assert "Contribution number 4." not in queued.text
    assert news_at(datetime(2026, 3, 4, 12, 1, tzinfo=UTC)) == []


def test_opening_closing_and_conclusions_are_told_and_then_it_ends(make_forum, follow):
    now = timezone.now()
    day = timedelta(days=1)
    forum = make_forum(opens_at=now + day, closes_at=now + 3 * day)
    follow(forum)
    assert news_at(now + timedelta(hours=1)) == []
    (opened,) = news_at(now + day + timedelta(minutes=1))
    assert opened.subject.startswith("The forum is open")
    (closed,) = news_at(now + 3 * day)
    assert closed.subject.startswith("The forum has closed")
    assert news_at(now + 4 * day) == []
    forum.conclusions = "<p>Fruit.</p>"
    forum.save_revision().publish()
    (concluded,) = news_at(now + 5 * day)
    assert concluded.subject.startswith("Conclusions")
    assert not Follower.objects.exists()  # nothing more will come: the address is not kept


def test_one_click_in_a_mail_program_ends_it(forum, follow, publish):
    follow(forum)
    publish(forum, 1)
    Follower.objects.update(told_until=timezone.now() - timedelta(days=1))
    (queued,) = news_at(in_a_while())
    address = queued.headers["List-Unsubscribe"].strip("<>")
    program = Client(enforce_csrf_checks=True)
    for _scan in range(2):
        assert "Stop following" in program.get(address).content.decode()
    assert Follower.objects.exists()
    answer = program.post(
        address,
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": "https://webmail.example"},
    )
    assert answer.status_code == 200
    assert not answer.cookies
    assert not Follower.objects.exists()
    assert not OutgoingMail.objects.filter(kind="forum_news", state="pending").exists()
    again = program.post(address)
    assert again.status_code == 200
    assert "You do not follow the forum any more" in again.content.decode()
    assert program.post(f"{address[:-4]}abc/").status_code == 404


def test_the_headers_reach_the_mail_as_it_is_sent(transactional_db, site, make_forum, follow):
    forum = make_forum(moderation=Moderation.AFTER)
    follow(forum)
    Follower.objects.update(told_stage="announced", next_look_at=timezone.now())
    outbox.deliver_due()
    news = [message for message in mail.outbox if message.subject.startswith("The forum is open")]
    (message,) = news
    sent = message.message()
    assert sent["List-Unsubscribe"].startswith("<http")
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Message-ID"]


def test_two_processes_queue_a_mail_once(forum, follow, publish, monkeypatch):
    follow(forum)
    Follower.objects.update(told_until=timezone.now() - timedelta(days=1))
    publish(forum, 1)
    moment = in_a_while()
    due = list(Follower.objects.due(moment))
    monkeypatch.setattr(
        "wagtail_atencion.forums.followers.FollowerQuerySet.due", lambda self, now: due
    )
    assert len(news_at(moment)) == 1
    assert news_at(moment) == []  # the other process read the same rows


def test_past_the_cap_nothing_is_lost(forum, follow, publish):
    follow(forum)
    with override_settings(WAGTAIL_ATENCION={"RATES": {"mail_news": "1/d"}}):
        noon = timezone.now()
        Follower.objects.update(told_until=noon - timedelta(days=1))
        publish(forum, 1)
        assert len(news_at(noon + timedelta(minutes=20))) == 1
        Follower.objects.update(told_until=noon - timedelta(days=1))
        assert news_at(noon + timedelta(minutes=40)) == []
        (queued,) = news_at(noon + timedelta(days=2))
    assert "Contribution number 0." in queued.text
    assert queued.state == OutgoingMail.State.PENDING


def test_a_forum_that_is_not_for_everybody_any_more_is_not_mailed(forum, follow, publish):
    follow(forum)
    Follower.objects.update(told_until=timezone.now() - timedelta(days=1))
    publish(forum, 1)
    forum.unpublish()
    assert news_at(in_a_while()) == []


def test_what_was_published_this_second_waits_for_its_transaction(forum, follow, publish):
    """Another process may still be about to commit something with an earlier moment."""
    follow(forum)
    now = in_a_while()
    (row,) = publish(forum, 1)
    type(row).objects.update(published_at=now - SETTLING / 2)
    assert news_at(now) == []
    assert len(news_at(now + PAUSE + timedelta(seconds=1))) == 1


def test_followers_are_found_corrected_and_erased(site, forum, follow):
    follow(forum)
    (found,) = [
        records for source, records in personal_data.find(ANA) if source.name == "followers"
    ]
    assert found[0].values["forum"] == forum.title
    personal_data.correct(ANA, new_email="new@example.com")
    assert Follower.objects.get().email_key == "new@example.com"
    personal_data.erase("new@example.com")
    assert not Follower.objects.exists()


def test_who_never_confirmed_is_forgotten(client, site, forum):
    ask(client, forum)
    personal_data.expire(site, timezone.now() + timedelta(days=1))
    assert Follower.objects.exists()
    personal_data.expire(site, timezone.now() + timedelta(days=2, minutes=1))
    assert not Follower.objects.exists()


@given(
    now=st.datetimes(
        min_value=datetime(2020, 1, 1),  # noqa: DTZ001  Hypothesis adds the zone
        max_value=datetime(2030, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    zone=st.sampled_from(
        ["America/Bogota", "America/New_York", "America/Santiago", "Asia/Kolkata"]
    ),
    pace=st.sampled_from(list(Pace)),
)
def test_the_next_look_is_soon_and_never_now(now, zone, pace):
    look = next_look(pace, now, ZoneInfo(zone))
    assert now < look <= now + timedelta(hours=25)
    if pace is Pace.DAILY:
        assert look.astimezone(ZoneInfo(zone)).hour == 7
