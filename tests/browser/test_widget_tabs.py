"""The conversation between pages and tabs: what is kept, who is handed it, what is erased."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from .scripted import Service
from .steps import ENDED, ask, identify, log_of, open_panel, talk, write

pytestmark = pytest.mark.browser

LOG = "[data-part=log]"
# Names only: the browser's own key stays, until somebody erases it.
STORED = "[document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
NOTHING = [""]
DEVICE = "atencion-device"
TAB = "atencion.chat"


@pytest.fixture
def page(new_context) -> Page:
    return new_context(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def service(page) -> Service:
    return Service(page)


def another_tab(page: Page, service: Service) -> Page:
    other = page.context.new_page()
    service.serve(other)
    other.goto("/")
    return other


def test_nothing_is_stored_before_the_start_nor_after_the_end(page, service):
    ask(page)
    assert page.evaluate(STORED) == NOTHING
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    assert page.evaluate(STORED) == ["", DEVICE, TAB]
    kept = json.loads(page.evaluate(f"sessionStorage.getItem('{TAB}')"))
    assert kept["secret"] == service.starts[0]["secret"]
    service.accept()
    service.end()
    expect(page.locator(ENDED)).to_be_visible()
    assert page.evaluate(STORED) == ["", DEVICE]
    page.reload()
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "open")


def test_a_reload_finds_the_conversation_and_the_draft(page, service):
    talk(page, service)
    write(page, "Buenos días")
    page.fill("#atencion-text", "a medio escr")
    page.reload()
    expect(page.locator("#atencion-text")).to_have_value("a medio escr")
    expect(page.locator(LOG)).to_contain_text("Buenos días")
    assert page.evaluate("document.activeElement === document.body")  # the focus is the page's
    assert log_of(page) == service.texts


def test_another_page_of_the_site_and_the_way_back_keep_the_conversation(page, service):
    talk(page, service)
    write(page, "Buenos días")
    expect(page.locator(LOG)).to_contain_text("Buenos días")
    page.goto("/atencion/chat/")
    expect(page.locator(LOG)).to_contain_text("Buenos días")
    service.say("¿En qué le ayudo?")
    expect(page.locator(LOG)).to_contain_text("¿En qué le ayudo?")
    write(page, "Un momento")
    page.go_back()
    expect(page.locator(LOG)).to_contain_text("Un momento")
    expect(page.locator("[data-unsent]")).to_have_count(0)
    write(page, "Ya volví")
    expect(page.locator("[data-unsent]")).to_have_count(0)
    assert log_of(page) == service.texts
    assert service.texts.count("Ya volví") == 1


def test_two_tabs_of_one_citizen_agree(page, service):
    talk(page, service)
    write(page, "en la primera")
    other = another_tab(page, service)
    expect(other.locator("atencion-launcher")).to_have_attribute("data-now", "talk")
    service.wait_for_socket(2)
    assert len(service.starts) == 1
    other.locator("a.atencion-launcher").click()
    expect(other.locator(LOG)).to_contain_text("en la primera")
    write(other, "en la segunda")
    expect(page.locator(LOG)).to_contain_text("en la segunda")
    write(page, "otra vez en la primera")
    expect(other.locator(LOG)).to_contain_text("otra vez en la primera")
    service.say("Leo las dos")
    for tab in (page, other):
        expect(tab.locator(LOG)).to_contain_text("Leo las dos")
        assert log_of(tab) == service.texts
    other.locator("[data-act=ask-end]").click()
    other.locator("[data-part=ending] [data-act=end]").click()
    for tab in (page, other):
        expect(tab.locator(ENDED)).to_be_visible()
        assert tab.evaluate(STORED) == ["", DEVICE]


def test_a_tab_that_was_open_before_the_start_is_handed_the_conversation(page, service):
    other = another_tab(page, service)
    expect(other.locator("atencion-launcher")).to_have_attribute("data-now", "open")
    talk(page, service)
    expect(other.locator("atencion-launcher")).to_have_attribute("data-now", "talk")
    service.wait_for_socket(2)
    page.close()
    other.locator("a.atencion-launcher").click()
    write(other, "cerré la otra")
    expect(other.locator("[data-unsent]")).to_have_count(0)
    assert service.texts[-1] == "cerré la otra"


def test_somebody_else_s_browser_is_handed_nothing(page, service, new_context):
    talk(page, service)
    stranger = new_context().new_page()
    Service(stranger)
    open_panel(stranger)
    expect(stranger.locator("#atencion-question")).to_be_visible()


def test_end_and_erase_leaves_nothing_for_the_next_person(page, service):
    talk(page, service)
    write(page, "mi cédula es 123")
    other = another_tab(page, service)
    service.wait_for_socket(2)
    page.locator("[data-act=ask-end]").click()
    page.locator("[data-part=ending] [data-act=erase]").click()
    expect(page.locator("[data-step=erased]")).to_be_visible()
    assert service.conversation["state"] == "ended"
    for tab in (page, other):
        expect(tab.locator("atencion-launcher")).to_have_attribute("data-now", "open")
        assert tab.evaluate(STORED) == NOTHING
        text, fields = tab.evaluate(
            """() => {
              const { shadowRoot: root } = document.querySelector("atencion-panel");
              const fields = root.querySelectorAll("input:not([type=radio]), textarea");
              return [root.textContent, [...fields].map((field) => field.value).join("")];
            }"""
        )
        assert "mi cédula" not in text
        assert "ana@example.com" not in text
        assert "¿Cómo pago el impuesto?" not in text
        assert fields.replace("on", "") == ""
    page.locator("[data-step=erased] [data-act=restart]").click()
    expect(page.locator("#atencion-question")).to_have_value("")


def test_without_a_line_erasing_erases_all_the_same(page, service):
    talk(page, service)
    service.cut()
    page.locator("[data-act=ask-end]").click()
    page.locator("[data-part=ending] [data-act=erase]").click()
    expect(page.locator("[data-step=erased]")).to_be_visible()
    assert page.evaluate(STORED) == NOTHING
