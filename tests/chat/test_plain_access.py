"""Who may enter a conversation over ordinary forms, and what no door of it tells."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from tests.chat.plain import ORIGIN, Citizen, hidden, texts
from tests.conftest import set_conditions
from wagtail_atencion.chat import services
from wagtail_atencion.chat.plain_keys import COOKIE

pytestmark = pytest.mark.django_db

HERE = "/atencion/chat/conversation/"


@pytest.mark.parametrize("cookie", ["", "x", "x.y", "{id}.", "{id}.wrong", f"{uuid4()}.{'s' * 43}"])
def test_without_the_key_there_is_nothing_here(ana, talk, cookie):
    stranger = Citizen()
    if cookie:
        stranger.client.cookies[COOKIE] = cookie.format(id=talk.public_id)
    stranger.look()
    assert "There is no conversation here" in stranger.html
    response = stranger.do("send", text="Let me in")
    assert response.status_code == 404
    assert "Let me in</textarea>" in stranger.html  # nobody's text is lost
    assert "Let me in" not in texts(talk)


@pytest.mark.parametrize("what", ["send", "extend", "end", "erase"])
@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {}], ids=str
)
def test_a_form_that_comes_from_elsewhere_does_nothing(ana, talk, site, what, headers):
    """Even if a browser without SameSite sent the cookie along."""
    set_conditions(site, extensions=1)
    ana.look("?paused=1")
    forged = Client(headers=headers)
    forged.cookies[COOKIE] = ana.client.cookies[COOKIE].value
    response = forged.post(HERE, {**hidden(ana.html), "do": what, "text": "I confess"})
    assert response.status_code == 403
    talk.refresh_from_db()
    assert (talk.state, talk.extensions, len(texts(talk))) == ("active", 0, 1)


def test_looking_changes_nothing(ana, talk):
    for query in ("?do=end", "?do=erase", "?do=send&text=x"):
        ana.look(query)
    talk.refresh_from_db()
    assert (talk.state, len(texts(talk))) == ("active", 1)


def test_an_unknown_deed_only_shows_the_page(ana, talk):
    ana.look("?paused=1")
    assert ana.do("destroy", text="kept").status_code == 200
    assert "kept</textarea>" in ana.html


def test_another_tab_of_the_browser_is_the_same_citizen(ana, talk):
    tab = Client(headers={"origin": ORIGIN})
    tab.cookies = ana.client.cookies
    assert "Laura Gómez" in tab.get(f"{HERE}?seen=1").content.decode()


def test_a_report_of_an_error_tells_neither_the_key_nor_the_text(
    ana, talk, monkeypatch, settings, mailoutbox
):
    def fail(**values):
        raise RuntimeError("a database that is gone")

    monkeypatch.setattr(services, "post_as_citizen", fail)
    settings.ADMINS = [("Administrator", "admin@entity.example")]
    settings.DEBUG = False
    ana.client.raise_request_exception = False
    ana.look("?paused=1")
    assert ana.do("send", text="My own business").status_code == 500
    (report,) = mailoutbox
    assert "a database that is gone" in report.body
    assert ana.client.cookies[COOKIE].value.split(".")[1] not in report.body
    assert "My own business" not in report.body
