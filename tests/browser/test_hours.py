"""The hours as they are at this moment, and the pages of the conditions, in a browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from .pictures import picture

pytestmark = pytest.mark.browser

CONDITIONS = "/atencion-al-ciudadano/condiciones/"


@pytest.fixture
def page(new_context) -> Page:
    return new_context(viewport={"width": 1280, "height": 900}).new_page()


def test_an_open_page_is_told_that_the_chat_closed(page, sign_in):
    page.goto(CONDITIONS)
    status = page.locator("atencion-status")
    expect(status).to_contain_text("abierto", timeout=10_000)
    supervisor = sign_in("admin")
    supervisor.goto("/admin/atencion/service/")
    supervisor.fill("[name=close-reason]", "Evento extra")
    supervisor.press("[name=close-reason]", "Enter")
    expect(status).to_contain_text("Evento extra")
    expect(status).to_have_attribute("data-now", "closed")
    supervisor.click("button[value=resume]")
    expect(status).to_have_attribute("data-now", "open")


def test_a_page_without_launcher_asks_by_itself(page):
    def without_launcher(route: Route) -> None:
        page_as_served = route.fetch()
        body = page_as_served.text().replace("atencion-launcher", "other-launcher")
        route.fulfill(response=page_as_served, body=body)

    page.route(f"**{CONDITIONS}", without_launcher)
    page.goto(CONDITIONS)
    expect(page.locator("atencion-status")).to_contain_text("abierto", timeout=10_000)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("conditions", CONDITIONS),
        ("conditions-print", f"{CONDITIONS}?print"),
        ("terms", "/atencion/terms/"),
        ("terms-old", "/atencion/terms/1/"),
        ("terms-changes", "/atencion/terms/2/changes/"),
    ],
)
def test_the_pages_are_accessible_and_fit(new_context, name, address, width):
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(address)
    if page.locator("atencion-status").count():
        expect(page.locator("atencion-status")).not_to_be_empty(timeout=10_000)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert Axe().run(page).response["violations"] == []
    picture(page, f"{name}-{width}")
