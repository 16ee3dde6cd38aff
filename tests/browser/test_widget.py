"""The citizen's widget in a browser: its steps, the keyboard, what may go wrong before a chat."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .scripted import CLOSED, STATE, Service
from .steps import ENDED, ask, identify, open_panel

pytestmark = pytest.mark.browser


@pytest.fixture
def page(new_context) -> Page:
    return new_context(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def service(page) -> Service:
    return Service(page)


HARMLESS = ("log", "info", "debug")  # of what the console may say


def test_all_by_keyboard_and_nothing_against_the_security_policy(page, service):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    launcher = page.locator("a.atencion-launcher")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    launcher.focus()
    page.keyboard.press("Space")
    expect(page.locator("#atencion-question")).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # nothing is written yet
    expect(page.locator("#atencion-question")).to_be_focused()
    expect(page.locator("[data-error=question]")).to_be_visible()
    page.keyboard.type("¿Cómo pago?")
    expect(page.locator("[data-error=question]")).to_be_hidden()
    expect(page.locator("[data-fill=count]")).to_contain_text("2")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".atencion-answer").first).to_have_attribute("open", "")
    page.locator("#atencion-question").focus()
    _tab_to(page, "[data-step=ask] [type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-step=identify] h3")).to_be_focused()

    _tab_to(page, "#atencion-name")
    page.keyboard.type("Ana Pérez")
    page.keyboard.press("Tab")
    page.keyboard.type("ana@example.com")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[data-step=wait] h3")).to_be_focused()
    service.accept()
    expect(page.locator("#atencion-text")).to_be_focused()
    page.keyboard.type("Hola")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("otra vez")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=log]")).to_contain_text("otra vez")
    assert service.texts[-1] == "Hola\notra vez"

    page.locator("[data-act=ask-end]").press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#atencion-text")).to_be_focused()
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(page.locator("#atencion-text")).to_be_focused()
    page.locator("[data-act=ask-end]").press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(f"{ENDED} h4")).to_be_focused()
    assert not [line for line in complaints if not line.startswith(HARMLESS)]


def _tab_to(page: Page, selector: str) -> None:
    target = page.locator(selector)
    for _ in range(12):
        if target.evaluate("element => element.getRootNode().activeElement === element"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_on_a_phone_the_window_keeps_the_focus_and_on_a_desk_it_lets_go(new_context):
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    Service(page)
    open_panel(page)
    expect(page.locator("#atencion-question")).to_be_visible()
    expect(page.locator("dialog.atencion-chat:modal")).to_have_count(1)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator("dialog.atencion-chat:modal")).to_have_count(0)
    expect(page.locator("#atencion-question")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator("dialog.atencion-chat:modal")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#atencion-question")).to_be_hidden()
    expect(page.locator("a.atencion-launcher")).to_be_focused()


def test_when_it_is_closed_it_says_when_it_opens_and_what_else_there_is(page, service):
    service.state |= CLOSED
    open_panel(page)
    closed = page.locator("[data-step=closed]")
    expect(closed.locator("h3")).to_have_text("El chat está cerrado a esta hora.")
    expect(closed).to_contain_text("3:00 p. m.")
    expect(closed.locator("[data-link=pqrd]")).to_have_attribute("href", "/pqrd/")
    expect(closed.locator("[data-link=forums]")).to_be_hidden()
    expect(page.locator("#atencion-question")).to_be_hidden()


def test_when_the_service_cannot_be_reached_it_says_so_and_tries_again(page, service):
    page.goto("/")
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "open")
    page.unroute(re.compile(r"/api/v1/state"))
    page.route(re.compile(r"/api/v1/state"), lambda route: route.fulfill(status=503))
    service.reachable = False
    page.reload()
    page.locator("a.atencion-launcher").click()
    expect(page.locator("[data-step=failed]")).to_be_visible()
    page.route(re.compile(r"/api/v1/state"), lambda route: route.fulfill(json=service.state))
    page.locator("[data-act=retry]").click()
    expect(page.locator("#atencion-question")).to_be_visible()


def test_an_answer_found_ends_it_without_a_conversation(page, service):
    open_panel(page)
    page.fill("#atencion-question", "impuesto")
    page.locator("[data-act=answered]").click()
    expect(page.locator("[data-step=answered]")).to_be_visible()
    page.locator("[data-step=answered] [data-act=restart]").click()
    expect(page.locator("#atencion-question")).to_have_value("")
    assert service.starts == []


def test_what_the_service_refuses_is_told_at_its_field_and_nothing_is_lost(page, service):
    fields = {"email": "Ese correo no existe."}
    service.start_answers = [(400, {"code": "invalid", "message": "Revise.", "fields": fields})]
    ask(page)
    identify(page)
    expect(page.locator("#atencion-email")).to_be_focused()
    expect(page.locator("[data-error=email]")).to_have_text("Ese correo no existe.")
    expect(page.locator("#atencion-name")).to_have_value("Ana Pérez")
    expect(page.locator("#atencion-terms")).to_be_checked()


def test_where_the_entity_has_topics_one_may_be_chosen_and_need_not(page, service):
    service.state = STATE | {"topics": [{"id": 7, "name": "Agua"}, {"id": 9, "name": "Impuestos"}]}
    ask(page)
    page.locator("#atencion-topic").select_option(label="Impuestos")
    assert Axe().run(page).violations_count == 0
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    assert service.starts[-1]["topic"] == 9


def test_without_topics_nobody_is_asked_for_one(page, service):
    ask(page)
    expect(page.locator("#atencion-name")).to_be_visible()
    expect(page.locator("#atencion-topic")).to_be_hidden()
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    assert "topic" not in service.starts[-1]


def test_a_start_whose_answer_is_lost_is_sent_again_as_the_same(page, service):
    service.start_answers = ["abort"]
    ask(page)
    identify(page)
    expect(page.locator("[data-step=identify] [data-part=refusal]")).to_be_visible()
    page.locator("[data-step=identify] [type=submit]").click()
    expect(page.locator("[data-step=wait]")).to_be_visible()
    first, second = service.starts
    assert first == second
    assert re.fullmatch(r"[0-9a-f]{64}", first["secret"])
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", first["client_id"])


def test_terms_that_changed_are_accepted_again(page, service):
    message = "Las condiciones cambiaron."
    error = {"code": "terms_outdated", "message": message, "fields": {"terms_version": message}}
    service.start_answers = [(409, error)]
    ask(page)
    service.state = STATE | {"terms": {"version": 2, "url": "/terms/"}}
    identify(page)
    expect(page.locator("[data-error=terms_version]")).to_have_text(message)
    expect(page.locator("#atencion-terms")).not_to_be_checked()
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    assert [start["terms_version"] for start in service.starts] == [1, 2]


def test_a_chat_that_closed_unnoticed_is_told_in_the_form(page, service):
    service.start_answers = [(409, {"code": "closed", "message": "Está cerrado."})]
    ask(page)
    service.state = STATE | CLOSED
    identify(page)
    expect(page.locator("[data-part=closing]")).to_contain_text("3:00 p. m.")
    expect(page.locator("#atencion-name")).to_have_value("Ana Pérez")
