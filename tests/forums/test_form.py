"""The public form: what it refuses, what it keeps, and what it says. No JavaScript here."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from wagtail_atencion.conditions.terms import Terms
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.texts import clean_text, problem_of_text

from .conftest import CLOSES, OPENS

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "vectors"
SECOND = timedelta(seconds=1)
TEXT = "More fruit,\r\nplease: <b>every</b> day & always."


@pytest.fixture
def visitor() -> Client:
    """A browser that checks CSRF as the real one does."""
    return Client(enforce_csrf_checks=True)


def address(forum) -> str:
    return reverse("atencion:forum_contribute", args=[forum.pk])


def fill_in(client, forum, **changes: str) -> dict[str, str]:
    """Open the form and fill it in, with ``changes``; ``None`` leaves a field out."""
    html = client.get(address(forum)).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    written = {
        "name": "Ana Pérez",
        "email": "ana@example.com",
        "text": TEXT,
        "accept": "on",
        **hidden,
        **changes,
    }
    return {name: value for name, value in written.items() if value is not None}


def kept_text(html: str) -> str:
    return unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", html, re.DOTALL)[1])


def refused(client, forum, data, status: int = 400) -> str:
    """The page that comes back, with the text still in it and nothing stored."""
    before = Contribution.objects.count()
    response = client.post(address(forum), data)
    html = response.content.decode()
    assert response.status_code == status
    assert kept_text(html).split() == data["text"].split()
    assert Contribution.objects.count() == before
    return html


def test_sent_and_received(visitor, forum):
    response = visitor.post(
        address(forum), fill_in(visitor, forum), REMOTE_ADDR="198.51.100.4", follow=True
    )
    assert response.status_code == 200
    assert "A moderator will read it" in response.content.decode()
    contribution = Contribution.objects.get()
    assert contribution.comment == TEXT.replace("\r\n", "\n")
    assert contribution.ip_address == "198.51.100.4"
    assert Submission.objects.get().ip == "198.51.100.4"


def test_the_receipt_says_when_it_is_published_already(visitor, make_forum):
    forum = make_forum(moderation=Moderation.AFTER)
    response = visitor.post(address(forum), fill_in(visitor, forum), follow=True)
    assert "published in the forum already" in response.content.decode()


def test_the_form_needs_no_cookie_and_is_cached_by_nobody(visitor, forum):
    response = visitor.get(address(forum))
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


def test_a_reload_of_the_sending_stores_nothing_twice(visitor, forum):
    data = fill_in(visitor, forum)
    for _time in range(3):
        assert visitor.post(address(forum), data).status_code == 302
    assert Contribution.objects.count() == 1


def test_the_form_of_one_forum_is_not_taken_by_another(visitor, make_forum):
    one, other = make_forum("One"), make_forum("Other")
    html = refused(visitor, other, fill_in(visitor, one))
    assert "was not made for this forum" in html


@pytest.mark.parametrize(
    "forgery",
    [
        {"security_hash": "0" * 64},
        {"security_hash": ""},
        {"timestamp": "0"},
        {"timestamp": "now"},
        {"nonce": "00000000-0000-4000-8000-000000000000"},
        {"nonce": None},
    ],
)
def test_a_form_changed_on_its_way_comes_back_with_its_text(forgery, visitor, forum):
    html = refused(visitor, forum, fill_in(visitor, forum, **forgery))
    assert "changed on its way" in html


def test_what_comes_back_can_be_sent(visitor, forum):
    data = fill_in(visitor, forum, security_hash="0" * 64)
    html = visitor.post(address(forum), data).content.decode()
    renewed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert visitor.post(address(forum), {**data, **renewed}).status_code == 302


def test_a_form_left_open_for_a_day_still_works(visitor, make_forum):
    now = timezone.now()
    forum = make_forum(closes_at=now + timedelta(days=9))
    data = fill_in(visitor, forum)
    with time_machine.travel(now + timedelta(hours=23, minutes=59)):
        assert visitor.post(address(forum), data).status_code == 302


def test_a_form_left_open_for_longer_comes_back_with_its_text(visitor, make_forum):
    now = timezone.now()
    forum = make_forum(closes_at=now + timedelta(days=9))
    data = fill_in(visitor, forum)
    with time_machine.travel(now + timedelta(hours=25)):
        assert "open for more than a day" in refused(visitor, forum, data)


def test_a_form_opened_before_the_opening_second_counts_when_it_is_sent(visitor, dated_forum):
    with time_machine.travel(OPENS, tick=False):
        data = fill_in(visitor, dated_forum)
    with time_machine.travel(OPENS - SECOND, tick=False):
        html = refused(visitor, dated_forum, data, status=409)
    assert "has not opened yet" in html
    with time_machine.travel(OPENS + SECOND, tick=False):
        assert visitor.post(address(dated_forum), data).status_code == 302


def test_a_form_opened_before_closing_is_taken_until_the_last_second(visitor, dated_forum):
    with time_machine.travel(CLOSES - timedelta(hours=1), tick=False):
        in_time, too_late = fill_in(visitor, dated_forum), fill_in(visitor, dated_forum)
    with time_machine.travel(CLOSES - SECOND, tick=False):
        assert visitor.post(address(dated_forum), in_time).status_code == 302
    with time_machine.travel(CLOSES, tick=False):
        html = refused(visitor, dated_forum, too_late, status=409)
    assert "takes no more contributions" in html
    assert "<form" not in html


@pytest.mark.parametrize("instant", [OPENS - SECOND, CLOSES])
def test_outside_its_time_the_form_is_not_offered(instant, visitor, dated_forum):
    with time_machine.travel(instant, tick=False):
        html = visitor.get(address(dated_forum)).content.decode()
    assert "<form" not in html
    assert "This forum" in html


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("accept", None, "please accept the terms"),
        ("name", "", "Please write your name."),
        ("email", "", "Please write your e-mail address."),
        ("email", "ana@", "Please check your e-mail address"),
        ("name", "<script>", "with letters only"),
    ],
)
def test_what_is_missing_is_said_at_its_field(field, value, message, visitor, forum):
    html = refused(visitor, forum, fill_in(visitor, forum, **{field: value}))
    assert message in unescape(html)
    assert re.search(rf'id="id_{field}_error">', html)
    assert re.search(rf'id="id_{field}"[^>]*aria-invalid|aria-invalid[^>]*id="id_{field}"', html)


def test_a_missing_text_is_asked_for(visitor, forum):
    response = visitor.post(address(forum), fill_in(visitor, forum, text=" \r\n"))
    assert response.status_code == 400
    assert "Please write your contribution." in response.content.decode()


def test_a_text_of_100000_characters_comes_back_whole(visitor, forum):
    html = refused(visitor, forum, fill_in(visitor, forum, text="palabra " * 12_500))
    assert "Please shorten it" in html


def test_terms_changed_meanwhile_are_shown_and_accepted_anew(visitor, forum):
    data = fill_in(visitor, forum, terms_version="999")
    html = refused(visitor, forum, data, status=409)
    assert "The terms of use have changed" in html
    assert not re.search(r'id="id_accept"[^>]* checked', html)
    assert 'name="terms_version" value="999"' not in html


def test_what_changed_in_the_terms_meanwhile_can_be_read_and_the_text_is_kept(visitor, forum, site):
    data = fill_in(visitor, forum, text="My words.")
    Terms.objects.create(
        site=site, title="New", text="<p>New</p>", live=False
    ).save_revision().publish()
    html = refused(visitor, forum, data, status=409)
    assert "/atencion/terms/2/changes/?since=1" in html
    assert "My words." in html
    renewed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert renewed["terms_version"] == "2"
    assert visitor.post(address(forum), {**data, **renewed}).status_code == 302


def test_a_used_form_keeps_the_other_text_and_sends_it_the_next_time(visitor, forum):
    data = fill_in(visitor, forum)
    visitor.post(address(forum), data)
    html = refused(visitor, forum, {**data, "text": "Another thing."}, status=409)
    renewed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    again = {**data, **renewed, "text": "Another thing."}
    assert visitor.post(address(forum), again).status_code == 302
    assert Contribution.objects.count() == 2


def test_the_limit_keeps_the_text_and_says_when_to_try_again(visitor, forum):
    with override_settings(WAGTAIL_ATENCION={"RATES": {"contribution": "1/h"}}):
        visitor.post(address(forum), fill_in(visitor, forum))
        response = visitor.post(address(forum), fill_in(visitor, forum))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert kept_text(response.content.decode()).split() == TEXT.split()


def test_a_page_of_another_site_can_not_send_in_the_visitors_name(visitor, forum):
    response = visitor.post(
        address(forum), fill_in(visitor, forum), headers={"Origin": "https://evil.example"}
    )
    assert response.status_code == 403
    assert not Contribution.objects.exists()
    own = visitor.post(
        address(forum), fill_in(visitor, forum), headers={"Origin": "http://testserver"}
    )
    assert own.status_code == 302


def test_only_forums_of_this_site_have_a_form(visitor, forum, site):
    assert visitor.get(address(site.root_page)).status_code == 404
    forum.unpublish()
    assert visitor.get(address(forum)).status_code == 404
    assert visitor.post(address(forum), {}).status_code == 404


def test_a_private_forum_asks_for_its_password_first(visitor, forum):
    PageViewRestriction.objects.create(
        page=forum, restriction_type=PageViewRestriction.PASSWORD, password="secret"
    )
    response = visitor.post(address(forum), {"text": TEXT})
    assert response.status_code == 302
    assert response.url == forum.url
    assert not Contribution.objects.exists()


def vectors() -> list[str]:
    found: list[str] = []
    for name in ("xss_owasp.json", "blns.json"):
        path = DATA / name
        if path.exists():
            rows = json.loads(path.read_text())
            found += [row["payload"] if isinstance(row, dict) else row for row in rows]
    return found


@pytest.mark.skipif(not vectors(), reason="the vectors are not beside this checkout")
def test_whatever_is_written_comes_back_as_text_and_never_as_markup(visitor, forum):
    data = fill_in(visitor, forum, email="not an address")
    written = "\n".join(vector for vector in vectors() if "\x00" not in vector)
    plain = refused(visitor, forum, {**data, "text": "x" * len(written), "name": "1" * 100})
    html = refused(visitor, forum, {**data, "text": written, "name": written})
    assert html.count("<") == plain.count("<")


@pytest.mark.skipif(not vectors(), reason="the vectors are not beside this checkout")
def test_whatever_is_written_can_be_stored(make_forum, submit):
    forum = make_forum(moderation=Moderation.AFTER)
    with override_settings(WAGTAIL_ATENCION={"RATES": {"contribution": "1000/h"}}):
        for number, written in enumerate(vectors()):
            if problem_of_text(clean_text(written), 3000) is None:
                submit(forum, text=written, email=f"person{number}@example.com")
    assert Contribution.objects.count() > 100
