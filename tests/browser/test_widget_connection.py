"""The widget on a bad line: what gets lost, late, twice or blocked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .scripted import Service
from .steps import ENDED, ask, identify, log_of, talk, write

pytestmark = pytest.mark.browser

LOG = "[data-part=log]"
UNSENT = "[data-unsent]"


@pytest.fixture
def page(new_context) -> Page:
    return new_context(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def service(page) -> Service:
    return Service(page)


def test_where_sockets_are_blocked_the_chat_goes_over_http_and_back_when_it_can(page, service):
    service.sockets_pass = False
    ask(page)
    identify(page)
    service.accept()
    expect(page.locator("#atencion-text")).to_be_visible(timeout=15_000)
    write(page, "uno")
    write(page, "dos")
    service.say("tres")
    expect(page.locator(LOG)).to_contain_text("tres", timeout=15_000)
    expect(page.locator(UNSENT)).to_have_count(0)
    assert log_of(page) == service.texts
    assert service.sockets == []
    expect(page.locator("[data-part=line]")).to_be_empty()

    service.sockets_pass = True
    write(page, "cuatro")
    expect(page.locator(LOG)).to_contain_text("cuatro")
    # The tries are further and further apart; coming back to the tab tries at once.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    service.wait_for_socket()
    polls = len(service.reads)
    service.say("por socket")
    expect(page.locator(LOG)).to_contain_text("por socket")
    page.wait_for_timeout(4_000)
    assert len(service.reads) == polls, "it still asks over HTTP"
    page.locator("[data-act=ask-end]").click()
    page.locator("[data-part=ending] [data-act=end]").click()
    expect(page.locator(ENDED)).to_be_visible()


def test_lost_events_are_read_again_and_repeated_ones_shown_once(page, service):
    talk(page, service)
    service.say("perdido", told=False)
    service.say("siguiente")  # shows the gap
    expect(page.locator(LOG)).to_contain_text("siguiente")
    for message in service.messages:
        service.tell({"type": "message", "message": message})
    service.say("último", told=False)  # nothing shows this gap but the heartbeat
    service.beat()
    expect(page.locator(LOG)).to_contain_text("último")
    assert log_of(page) == service.texts


def test_both_sides_beat_and_a_silent_service_is_left_for_another_socket(page, service):
    service.beat_seconds = 1
    talk(page, service)
    first = service.sockets[0]
    service.beat()
    service.say("oído", told=False)
    expect(page.locator(LOG)).to_contain_text("oído")  # nothing was heard for two beats and a half
    assert {"type": "beat", "after": 1, "seen": 1} in service.told
    assert first not in service.sockets


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
    expect(page.locator(f"{UNSENT} [data-part=state]")).to_be_visible()
    service.deaf = False
    service.beat()
    expect(page.locator(UNSENT)).to_have_count(0, timeout=10_000)
    assert service.texts.count("¿me oye?") == 1


def test_fifteen_seconds_offline_in_mid_conversation_lose_nothing(page, service):
    talk(page, service)
    write(page, "antes")
    expect(page.locator(LOG)).to_contain_text("antes")
    service.cut()
    write(page, "sin conexión")
    page.fill("#atencion-text", "a medio escr")
    expect(page.locator("[data-part=line]")).to_contain_text("No hay conexión")
    expect(page.locator(f"{UNSENT} [data-part=state]")).to_have_text("Aún no se ha enviado")
    service.say("mientras tanto", told=False)
    page.wait_for_timeout(15_000)
    expect(page.locator(UNSENT)).to_have_count(1)
    service.mend()
    expect(page.locator(UNSENT)).to_have_count(0, timeout=20_000)
    expect(page.locator(LOG)).to_contain_text("mientras tanto")
    expect(page.locator("[data-part=line]")).to_be_empty()
    expect(page.locator("#atencion-text")).to_have_value("a medio escr")
    assert service.texts[1:] == ["antes", "mientras tanto", "sin conexión"]
    assert log_of(page) == service.texts


def test_a_refused_message_is_marked_and_its_text_given_back(page, service):
    service.refused_text = "malo"
    talk(page, service)
    write(page, "algo malo")
    expect(page.locator("[data-refused]")).to_contain_text("Eso no se permite.")
    expect(page.locator("#atencion-text")).to_have_value("algo malo")


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
