"""A supervisor closes and opens the service; an editor sees the hours in words while writing."""

from __future__ import annotations

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .pictures import picture

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
SERVICE = "/admin/atencion/service/"
SETTINGS = "/admin/settings/wagtail_atencion/atencionsettings/"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def supervisor(sign_in, live_site):
    """The demonstration has nobody who only supervises: its superuser does."""
    yield sign_in("admin", viewport=DESK)
    live_site.python(
        "from wagtail_atencion.models import ScheduleException as E;"
        "[e.delete() for e in E.objects.filter(by_control=True)]"
    )


def test_a_supervisor_closes_and_the_site_says_so_at_once(supervisor, new_context):
    citizen = new_context().new_page()
    assert _state(citizen)["open"]
    supervisor.goto(SERVICE)
    expect(supervisor.locator("#atencion-service-title")).to_contain_text("abierto")
    picture(supervisor, "service-1280")

    supervisor.fill("[name=close-reason]", "Evento extra")
    supervisor.press("[name=close-reason]", "Enter")
    expect(supervisor.locator("#atencion-service-title")).to_contain_text("cerrado")
    closed = time.monotonic()
    state = _state(citizen)
    assert time.monotonic() - closed < 1
    assert not state["open"]
    assert "Evento extra" in state["reason_text"]

    supervisor.click("button[value=resume]")
    expect(supervisor.locator("#atencion-service-title")).to_contain_text("abierto")
    assert _state(citizen)["open"]


def test_a_time_that_is_written_is_meant(supervisor):
    supervisor.goto(SERVICE)
    supervisor.fill("[name=close-until]", "2001-01-01T10:00")
    expect(supervisor.locator("[name=close-span][value=chosen]")).to_be_checked()
    supervisor.fill("[name=close-reason]", "Evento extra")
    supervisor.click("button[value=close]")
    expect(supervisor.locator(".error-message").first).to_be_visible()
    expect(supervisor.locator("[name=close-reason]")).to_have_value("Evento extra")


def test_the_control_needs_no_script(supervisor, new_context):
    page = new_context(
        java_script_enabled=False, storage_state=supervisor.context.storage_state()
    ).new_page()
    page.goto(SERVICE)
    page.check("[name=close-span][value=today]")
    page.fill("[name=close-reason]", "Corte de luz")
    page.click("button[value=close]")
    assert "Corte de luz" in _state(page)["reason_text"]


def test_an_editor_reads_the_hours_while_writing_them(supervisor):
    supervisor.goto(SETTINGS)
    words = supervisor.locator("[data-atencion-hours]")
    expect(words).to_contain_text("Lunes a viernes, de 09:00 a 11:00")
    supervisor.fill("[name=opening_hours-0-opens]", "08:30")
    expect(words).to_contain_text("Lunes, de 08:30 a 11:00")
    supervisor.locator("#id_opening_hours-0-DELETE-button").click()
    expect(words).to_contain_text("Lunes, de 15:00 a 17:00")
    expect(words).to_contain_text(re.compile("no se ha guardado", re.IGNORECASE))
    picture(supervisor, "settings-1280")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
@pytest.mark.parametrize("url", [SERVICE, SETTINGS], ids=["service", "settings"])
def test_the_pages_are_accessible(supervisor, url, viewport):
    supervisor.set_viewport_size(viewport)
    supervisor.goto(url)
    supervisor.wait_for_load_state("networkidle")
    found = Axe().run(supervisor, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert supervisor.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    picture(supervisor, f"{url.strip('/').replace('/', '-')}-{viewport['width']}")


def _state(page: Page) -> dict:
    return page.request.get("/atencion/api/v1/state?lang=es").json()
