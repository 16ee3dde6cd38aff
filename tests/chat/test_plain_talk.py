"""A conversation over ordinary forms: waiting, talking, and its end."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.chat.plain import Citizen, texts
from tests.conftest import set_conditions
from wagtail_atencion.chat import endings, lifecycle, services
from wagtail_atencion.chat.lifecycle import EndReason, State
from wagtail_atencion.chat.plain_keys import COOKIE
from wagtail_atencion.chat.plain_talk import PLACE_KEPT, RELOADED_EVERY
from wagtail_atencion.chat.state import forget_state
from wagtail_atencion.conditions.wording import moment
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.models import Conversation, ScheduleException, Submission

pytestmark = pytest.mark.django_db

HERE = "/atencion/chat/conversation/"


def say(conversation: Conversation, text: str) -> None:
    services.post_as_agent(
        conversation_id=conversation.public_id,
        agent=conversation.agent,
        client_id=uuid4(),
        text=text,
        origin=Origin(ip=None, user_agent="", door=Door.ADMIN),
    )


# Waiting


def test_who_waits_is_told_the_place_and_the_wait(ana):
    assert "<h1>You are in the queue</h1>" in ana.html
    assert "Your place in the queue: 1" in ana.html
    assert "Nobody is at the desk at this moment." in ana.html
    assert "Where do I pay the tax?" in ana.html
    assert "<title>Place 1 in the queue" in ana.html


def test_who_asked_with_an_insult_is_told_why_it_is_covered(open_now):
    ana = Citizen()
    ana.start(question="¿Dónde pago esta mierda?")
    ana.look()
    assert "¿Dónde pago esta ******?" in ana.html
    assert "Part of what you wrote is covered with asterisks" in ana.html


def test_the_page_comes_anew_well_before_a_wait_is_given_up(ana):
    response = ana.look()
    seconds, address = re.fullmatch(r"(\d+); url=(.+)", response["Refresh"]).groups()
    assert address == HERE
    assert timedelta(seconds=int(seconds)) * 4 <= lifecycle.SILENCE
    assert f"every {seconds} seconds" in ana.html


def test_each_look_says_that_the_citizen_is_still_there(ana):
    conversation = Conversation.objects.get()
    nearly = timezone.now() + timedelta(seconds=20)
    Conversation.objects.update(gone_at=nearly)
    ana.look()
    conversation.refresh_from_db()
    assert conversation.gone_at > nearly + timedelta(seconds=60)


def test_a_page_that_stands_still_keeps_the_place_and_says_how_long(ana):
    response = ana.look("?paused=1")
    assert "Refresh" not in response
    assert "We keep your place until" in ana.html
    kept = Conversation.objects.get().gone_at - timezone.now()
    assert PLACE_KEPT - timedelta(seconds=5) < kept <= PLACE_KEPT
    assert f'href="{HERE}"' in ana.html  # the way back to the live page


def test_a_wait_is_never_promised_past_its_own_limit(ana):
    soon = timezone.now() + timedelta(minutes=1)
    Conversation.objects.update(wait_until=soon)
    ana.look("?paused=1")
    told = moment(soon, ZoneInfo("America/Bogota"), now=timezone.now())
    assert f"We keep your place until {told}:" in ana.html


def test_leaving_the_queue_ends_the_wait(ana):
    assert ana.do("end").status_code == 302
    ana.look()
    assert "You ended the conversation." in ana.html


def test_the_service_closes_while_somebody_waits(ana, site):
    ScheduleException.objects.all().delete()
    set_conditions(site, chat_enabled=False, pqrd_url="https://pqrd.example/")
    forget_state()
    Conversation.objects.update(wait_until=timezone.now())  # closing time
    response = ana.look()
    assert "the service closed before anybody could attend you" in ana.html
    assert "https://pqrd.example/" in ana.html
    assert "Where do I pay the tax?" in ana.html  # to be asked elsewhere
    assert "Refresh" not in response


# Talking


def test_messages_go_both_ways(ana, talk):
    say(talk, "Good morning <Ana>")
    response = ana.look()
    assert "You are talking with Laura Gómez" in ana.html
    assert "Good morning &lt;Ana&gt;" in ana.html
    assert response["Refresh"].startswith(f"{RELOADED_EVERY[State.ACTIVE]};")
    ana.look("?paused=1")
    assert ana.do("send", text="Thank you").url == HERE
    assert texts(talk) == ["Where do I pay the tax?", "Good morning <Ana>", "Thank you"]
    assert set(Submission.objects.values_list("door", flat=True)) == {"html", "admin"}


def test_a_live_page_has_nothing_to_write_in_and_ends_at_the_newest_message(ana, talk):
    ana.look()
    assert "<textarea" not in ana.html
    assert ana.html.count("autofocus") == 1
    assert ana.html.index("autofocus") > ana.html.index('data-author="citizen"')


def test_a_page_that_comes_anew_leads_to_what_is_new_and_else_nowhere(ana, talk):
    assert ana.client.get(HERE).url == f"{HERE}?seen=1#atencion-newest"
    response = ana.client.get(f"{HERE}?seen=1")
    assert response["Refresh"].endswith(f"url={HERE}?seen=1")  # the same: the browser stays
    say(talk, "Good morning")
    assert ana.client.get(f"{HERE}?seen=1").url == f"{HERE}?seen=2#atencion-newest"


def test_a_page_to_write_in_stands_still_and_takes_the_focus_nowhere(ana, talk):
    response = ana.look("?paused=1")
    assert "Refresh" not in response
    assert '<textarea name="text"' in ana.html
    assert "autofocus" not in ana.html


def test_a_message_sent_twice_is_stored_once(ana, talk):
    ana.look("?paused=1")
    page = ana.html
    for _click in range(3):
        ana.html = page
        assert ana.do("send", text="Only once").status_code == 302
    assert texts(talk).count("Only once") == 1


def test_a_text_changed_on_a_page_from_the_history_is_another_message(ana, talk):
    ana.look("?paused=1")
    page = ana.html
    ana.do("send", text="First")
    ana.html = page
    ana.do("send", text="Second")
    assert texts(talk)[1:] == ["First", "Second"]


def test_looking_for_news_keeps_the_text(ana, talk):
    ana.look("?paused=1")
    say(talk, "Are you there?")
    response = ana.do("look", text="I am wri")
    assert response.status_code == 200
    assert "Are you there?" in ana.html
    assert "I am wri</textarea>" in ana.html
    assert len(texts(talk)) == 2


@pytest.mark.parametrize(
    ("text", "message"), [(" ", "Write your message."), ("x" * 5000, "Please write at most")]
)
def test_what_is_wrong_with_a_message_is_told_and_the_text_kept(ana, talk, text, message):
    ana.look("?paused=1")
    response = ana.do("send", text=text)
    assert response.status_code == 400
    assert ana.html.count(message) == 2
    assert text.strip() in ana.html
    assert "Refresh" not in response
    assert ana.html.count("autofocus") == 1  # at the summary


def test_the_limits_count_here_too(ana, talk, settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"chat_message": "1/d"}}
    ana.look("?paused=1")
    ana.do("send", text="One")
    ana.look("?paused=1")
    response = ana.do("send", text="Two")
    assert response.status_code == 429
    assert response["Retry-After"]
    assert "Two</textarea>" in ana.html


def test_the_time_left_and_more_of_it(ana, talk, site):
    set_conditions(site, extensions=1)
    ana.look()
    assert re.search(r"Time left: <strong>\d+ minutes? and \d+ seconds?</strong>", ana.html)
    until = talk.expires_at
    page = ana.html
    ana.do("extend")
    talk.refresh_from_db()
    assert talk.expires_at == until + timedelta(seconds=180)
    ana.html = page
    assert ana.do("extend").status_code == 302  # a double click
    talk.refresh_from_db()
    assert talk.expires_at == until + timedelta(seconds=180)
    ana.look()
    assert "I need more time" not in ana.html


def test_more_time_in_the_middle_of_writing_keeps_the_text(ana, talk, site):
    set_conditions(site, extensions=2)
    ana.look("?paused=1")
    response = ana.do("extend", text="Half a sent")
    assert response.status_code == 200
    assert "Half a sent</textarea>" in ana.html
    talk.refresh_from_db()
    assert talk.extensions == 1


def test_a_long_conversation_is_not_sent_whole_again_and_again(ana, talk):
    for number in range(25):
        say(talk, f"Message {number}.")
    ana.look()
    assert ana.html.count('class="atencion-plain__message"') == 20
    assert "See 6 earlier messages" in ana.html
    ana.look("?paused=1")
    assert ana.html.count('class="atencion-plain__message"') == 26


def test_the_time_is_over_while_somebody_writes(ana, talk):
    ana.look("?paused=1")
    Conversation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = ana.do("send", text="Too late")
    assert response.status_code == 410
    assert "The conversation ended because its time was up." in ana.html
    assert "Too late</textarea>" in ana.html
    assert "Too late" not in texts(talk)


# The end


@pytest.fixture
def ended(ana, talk, agent) -> Conversation:
    return endings.end_as_agent(conversation_id=talk.public_id, agent=agent, reason=EndReason.AGENT)


def test_the_end_tells_why_and_where_the_transcript_goes(ana, ended):
    response = ana.look()
    assert "The agent ended the conversation." in ana.html
    assert ended.reference in ana.html
    assert "ana@example.com" in ana.html
    assert "Refresh" not in response


def test_a_redirection_leads_to_the_channel(ana, talk, agent, site):
    set_conditions(site, pqrd_url="https://pqrd.example/file")
    forget_state()
    endings.end_as_agent(
        conversation_id=talk.public_id, agent=agent, reason=EndReason.REDIRECTED_PQRD
    )
    ana.look()
    assert '<a class="atencion-button" href="https://pqrd.example/file"' in ana.html


def test_the_one_question_is_answered_once(ana, ended):
    ana.look()
    assert "How well were you helped?" in ana.html
    assert ana.do("rate", score="5", comment="Quick").url == HERE
    ana.look()
    assert "Thank you for your answer." in ana.html
    ended.refresh_from_db()
    assert (ended.rating.score, ended.rating.comment) == (5, "Quick")


def test_an_answer_without_a_number_is_asked_again(ana, ended):
    ana.look()
    response = ana.do("rate", comment="Quick")
    assert response.status_code == 400
    assert ana.html.count("Choose from 1 to 5.") == 2
    assert "Quick</textarea>" in ana.html


def test_the_transcript_can_be_kept(ana, ended):
    response = ana.get("chat_transcript")
    assert ended.reference in response["Content-Disposition"]
    assert "Where do I pay the tax?" in ana.html


def test_there_is_no_transcript_before_the_end_nor_for_others(ana, talk):
    assert ana.get("chat_transcript").url == HERE
    assert Citizen().get("chat_transcript").url == HERE


def test_finish_and_erase_leaves_nothing_on_the_device(ana, talk):
    ana.look()
    response = ana.do("erase")
    assert response.cookies[COOKIE]["max-age"] == 0
    assert response.cookies[COOKIE]["path"] == HERE
    talk.refresh_from_db()
    assert (talk.state, talk.end_reason) == ("ended", "citizen")
    ana.look("?erased=1")
    assert "Erased from this device" in ana.html
    ana.look()
    assert "There is no conversation here" in ana.html
    assert "Where do I pay the tax?" not in ana.html


def test_a_browser_left_open_does_not_tell_for_long(ana, ended):
    long_ago = timezone.now() - timedelta(minutes=31)
    Conversation.objects.update(ended_at=long_ago)
    response = ana.look()
    assert "Where do I pay the tax?" not in ana.html
    assert response.cookies[COOKIE]["max-age"] == 0
    assert ana.get("chat_transcript").url == HERE
