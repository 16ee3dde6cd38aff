"""The widget on a bad line: what gets lost, late, twice or blocked, and what stays in the tab."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from .scripted import Service, ask, identify, log_of, open_panel, talk, write

pytestmark = pytest.mark.browser

UNSENT = "[data-unsent]"


@pytest.fixture
def page(new_context) -> Page:
    return new_context(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def service(page) -> Service:
    return Service(page)


def test_where_sockets_are_blocked_the_chat_goes_over_http(page, service):
    service.sockets_pass = False
    ask(page)
    identify(page)
    service.accept()
    expect(page.locator("#atencion-text")).to_be_visible(timeout=15_000)
    write(page, "uno")
    write(page, "dos")
    service.say("tres")
    expect(page.locator("[data-part=log]")).to_contain_text("tres", timeout=10_000)
    expect(page.locator(UNSENT)).to_have_count(0)
    assert log_of(page) == service.texts
    assert service.sockets == []
    expect(page.locator("[data-part=line]")).to_be_empty()
    page.locator("[data-act=ask-end]").click()
    page.locator("[data-part=ending] [data-act=end]").click()
    expect(page.locator(".atencion-end[data-step=ended]")).to_be_visible()


def test_lost_events_are_read_again_and_repeated_ones_shown_once(page, service):
    talk(page, service)
    service.say("perdido", told=False)
    service.say("siguiente")  # shows the gap
    expect(page.locator("[data-part=log]")).to_contain_text("siguiente")
    for message in service.messages:
        service.tell({"type": "message", "message": message})
    service.say("último", told=False)  # nothing shows this gap but the heartbeat
    expect(page.locator("[data-part=log]")).to_contain_text("último")
    assert log_of(page) == service.texts


def test_what_is_written_while_the_line_falls_arrives_once_and_in_order(page, service):
    talk(page, service)
    for number in range(4):
        write(page, f"antes {number}")
        service.drop()
        write(page, f"después {number}")
    expect(page.locator(UNSENT)).to_have_count(0, timeout=15_000)
    expected = [f"{when} {number}" for number in range(4) for when in ("antes", "después")]
    assert service.texts[1:] == expected
    assert log_of(page)[1:] == expected


def test_a_message_that_is_not_acknowledged_is_sent_again(page, service):
    talk(page, service)
    service.deaf = True
    write(page, "¿me oye?")
    expect(page.locator(f"{UNSENT} [data-fill=state]")).to_be_visible()
    service.deaf = False
    expect(page.locator(UNSENT)).to_have_count(0, timeout=10_000)
    assert service.texts.count("¿me oye?") == 1


def test_offline_is_said_in_words_and_the_message_waits(page, service):
    talk(page, service)
    service.cut()
    write(page, "sin conexión")
    expect(page.locator("[data-part=line]")).not_to_be_empty()
    expect(page.locator(f"{UNSENT} [data-fill=state]")).to_be_visible()
    service.mend()
    expect(page.locator(UNSENT)).to_have_count(0, timeout=15_000)
    expect(page.locator("[data-part=line]")).to_be_empty()
    assert service.texts[-1] == "sin conexión"


def test_a_refused_message_is_marked_and_its_text_given_back(page, service):
    service.refused_text = "malo"
    talk(page, service)
    write(page, "algo malo")
    expect(page.locator("[data-refused]")).to_contain_text("Eso no se permite.")
    expect(page.locator("#atencion-text")).to_have_value("algo malo")


def test_a_reload_finds_the_conversation_and_the_draft(page, service):
    talk(page, service)
    write(page, "Buenos días")
    page.fill("#atencion-text", "a medio escr")
    page.reload()
    expect(page.locator("#atencion-text")).to_have_value("a medio escr")
    expect(page.locator("[data-part=log]")).to_contain_text("Buenos días")
    assert page.evaluate("document.activeElement === document.body")  # the focus is the page's
    assert log_of(page) == service.texts


def test_nothing_is_stored_before_the_start_nor_after_the_end(page, service):
    ask(page)
    stored = "JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])"
    nothing = '["",{},{}]'
    assert page.evaluate(stored) == nothing
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    kept = json.loads(page.evaluate("sessionStorage.getItem('atencion.chat')"))
    assert kept["secret"] == service.starts[0]["secret"]
    other = page.context.new_page()
    Service(other)
    open_panel(other)
    expect(other.locator("#atencion-question")).to_be_visible()
    service.accept()
    service.end()
    expect(page.locator(".atencion-end[data-step=ended]")).to_be_visible()
    assert page.evaluate(stored) == nothing
    page.reload()
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "open")


def test_a_conversation_the_service_does_not_know_is_let_go(page, service):
    talk(page, service)
    service.drop(code=4401)
    expect(page.locator("#atencion-question")).to_be_visible()
    expect(page.locator("[data-part=line]")).not_to_be_empty()
    assert page.evaluate("sessionStorage.length") == 0


def test_the_secret_is_in_no_address(page, service):
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    service.sockets_pass = False
    ask(page)
    identify(page)
    service.accept()
    expect(page.locator("#atencion-text")).to_be_visible(timeout=15_000)
    assert not [address for address in addresses if service.starts[0]["secret"] in address]


def test_while_it_is_minimised_the_tab_shows_that_something_happened(page, service):
    ask(page)
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    page.locator("[data-act=hide]").first.click()
    launcher = page.locator("atencion-launcher")
    expect(launcher).to_have_attribute("data-now", "talk")
    service.accept()  # their time runs: the window comes up by itself
    expect(page.locator("#atencion-text")).to_be_visible()
    expect(page.locator("a.atencion-launcher")).to_be_hidden()
    page.locator("[data-act=hide]").first.click()
    service.say("¿Sigue ahí?")
    expect(launcher).to_have_attribute("data-now", "unread")
    page.locator("a.atencion-launcher").click()
    expect(launcher).to_have_attribute("data-now", "talk")


def test_the_time_left_is_shown_and_announced_three_times(page, service):
    talk(page, service)
    spoken = page.locator("dialog [data-part=announcer]")
    expect(spoken).to_contain_text("Laura Gómez")
    expect(page.locator("[data-part=timer]")).to_have_text(re.compile(r"2:5\d"))
    for remaining in (61.2, 21.2):
        before = spoken.text_content()
        service.change(remaining=remaining)
        expect(spoken).not_to_have_text(before or "")
    service.change(remaining=1.2)
    service.end("Se acabó el tiempo.")
    expect(page.locator("[data-fill=end_text]")).to_have_text("Se acabó el tiempo.")
    expect(page.locator("#atencion-text")).to_be_hidden()
