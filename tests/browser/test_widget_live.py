"""What changes while somebody is there: the service closes, the line breaks, time and terms."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import picture
from .scripted import CLOSED, STATE, Service, ask, identify, open_panel, talk, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def page(new_context) -> Page:
    return new_context(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def service(page) -> Service:
    return Service(page)


def attended(page, service, **facts):
    talk(page, service)
    service.change(**facts)


def test_the_launcher_follows_the_service(page, service):
    page.goto("/")
    state = page.locator("atencion-launcher")
    expect(state).to_have_attribute("data-now", "open")
    service.turn(**CLOSED)
    expect(state).to_have_attribute("data-now", "closed", timeout=1000)
    service.turn(**STATE)
    expect(state).to_have_attribute("data-now", "open", timeout=1000)


def test_closing_while_somebody_fills_the_form_keeps_what_they_wrote(page, service):
    ask(page, "¿Dónde pago el impuesto?")
    page.fill("#atencion-name", "Ana Pérez")
    service.turn(**CLOSED)
    notice = page.locator("[data-part=closing]")
    expect(notice).to_contain_text("El chat está cerrado a esta hora.")
    expect(notice).to_contain_text("3:00 p. m.")
    assert not violations(page)
    picture(page, "closing-1280")

    service.start_answers.append((409, {"code": "closed", "message": "El chat está cerrado."}))
    page.fill("#atencion-email", "ana@example.com")
    page.check("#atencion-terms")
    # A refusal makes the widget ask for the state: what it hears then is still closed.
    with page.expect_response(re.compile("/api/v1/state")):
        page.locator("[data-step=identify] [type=submit]").click()
    expect(notice).to_be_visible()
    expect(page.locator("#atencion-name")).to_have_value("Ana Pérez")
    expect(page.locator("#atencion-email")).to_have_value("ana@example.com")

    service.turn(**STATE)
    expect(notice).to_be_hidden()
    page.locator("[data-step=identify] [type=submit]").click()
    expect(page.locator("[data-step=wait]")).to_be_visible()
    assert service.starts[-1]["question"] == "¿Dónde pago el impuesto?"


def test_an_empty_form_gives_way_to_the_hours_and_comes_back(page, service):
    open_panel(page)
    expect(page.locator("#atencion-question")).to_be_visible()
    service.turn(**CLOSED)
    expect(page.locator("[data-step=closed]")).to_be_visible()
    service.turn(**STATE)
    expect(page.locator("#atencion-question")).to_be_visible()


def test_without_connection_the_launcher_says_what_to_do_and_recovers(page, service):
    page.goto("/")
    note = page.locator(".atencion-launcher__note")
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "open")
    service.cut()
    expect(note).to_contain_text("Revise la conexión a internet")
    assert not violations(page)
    picture(page, "offline-1280")
    page.locator("a.atencion-launcher").click()
    expect(page).to_have_url(re.compile("/$"))
    service.mend()
    expect(note).to_be_hidden()
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "open")
    page.locator("a.atencion-launcher").click()
    expect(page.locator("#atencion-question")).to_be_visible()


def test_more_time_is_one_button_when_the_conditions_allow_it(page, service):
    attended(page, service, extensions_left=1, remaining=30)
    expect(page.locator("[data-part=timer]")).to_have_text(re.compile("0:(30|2)"))
    page.locator("[data-act=extend]").click()
    expect(page.locator("[data-part=timer]")).to_have_text(re.compile("3:00|2:5"))
    service.change(extensions_left=0)
    expect(page.locator("[data-act=extend]")).to_be_hidden()


def test_new_terms_are_announced_in_the_conversation(page, service):
    attended(page, service)
    news = page.locator("[data-link=new-terms]")
    expect(news).to_be_hidden()
    service.tell(
        {"type": "terms", "version": 2, "url": "/terms/", "changes_url": "/terms/2/changes/"}
    )
    expect(news).to_be_visible()
    expect(news).to_have_attribute("href", "/terms/2/changes/")
    assert not violations(page)


def test_who_accepted_an_older_version_can_see_what_changed(page, service):
    ask(page)
    changes = page.locator("[data-link=changes]")
    expect(changes).to_be_hidden()
    page.check("#atencion-terms")
    service.turn(terms={"version": 3, "url": "/terms/", "changes_url": "/terms/3/changes/"})
    expect(changes).to_have_attribute("href", "/terms/3/changes/")
    expect(changes).to_be_visible()
    expect(page.locator("#atencion-terms")).not_to_be_checked()


def test_a_late_answer_does_not_take_back_what_the_socket_told(page, service):
    ask(page)
    held = []
    page.route(re.compile(r"/api/v1/state"), lambda route: held.append(route))
    service.start_answers.append((409, {"code": "closed", "message": "El chat está cerrado."}))
    identify(page)
    expect(page.locator("[data-step=identify] [type=submit]")).to_be_enabled()
    page.wait_for_timeout(200)
    assert len(held) == 1, "the form asks why it was refused"
    service.turn(**CLOSED)
    notice = page.locator("[data-part=closing]")
    expect(notice).to_be_visible()
    service.turn(**STATE)
    expect(notice).to_be_hidden()
    held[0].fulfill(json=STATE | CLOSED)
    page.wait_for_timeout(200)
    expect(notice).to_be_hidden()
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "open")
