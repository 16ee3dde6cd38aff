"""The public pages of personal data, as a person goes through them: on a telephone, by keyboard."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import pictures
from .nu_checker import errors_in

pytestmark = pytest.mark.browser

RIGHTS = "/atencion/personal-data/"
SIZES = [{"width": 360, "height": 740}, {"width": 1280, "height": 800}]


def looked_at(page: Page, name: str) -> None:
    """No violation on a telephone or a desk, in the light and in the dark; nothing sticks out."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for size in SIZES:
            page.set_viewport_size(size)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{name} {size}: {found.generate_report()}"
            wide = page.locator("html").evaluate("html => html.scrollWidth")
            assert wide <= size["width"], f"{name}: {wide} of {size['width']}"
        pictures(page, f"rights-{name}-{scheme}")


def test_a_person_asks_on_a_telephone_and_proves_the_address(
    new_context, live_site, tmp_path
) -> None:
    page = new_context(viewport=SIZES[0]).new_page()
    page.goto(RIGHTS)
    states = {"form": page.request.get(RIGHTS).text()}
    expect(page.locator("main h1")).to_have_text("Sus datos personales")
    looked_at(page, "form")

    # Sent empty: what is wrong is told, beside the fields and together, and nothing is lost.
    page.set_viewport_size(SIZES[0])
    page.locator("#id_name").fill("Ana Pérez")
    page.get_by_role("button", name="Enviar mi solicitud").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("Ana Pérez")
    looked_at(page, "errors")

    before = len(live_site.mails)
    page.locator("[name=kind][value=erase]").check()
    page.locator("#id_email").fill("ana.rights@example.com")
    page.get_by_role("button", name="Enviar mi solicitud").press("Enter")
    expect(page.locator("main h1")).to_have_text("Revise su correo")
    states["sent"] = page.content()
    looked_at(page, "sent")

    mail = live_site.wait_for_mails(before + 1)[-1]
    assert mail["To"] == "ana.rights@example.com"
    link = re.search(r"https?://[^/\s]+(/\S+)", mail.get_body(("plain",)).get_content())
    page.goto(link.group(1))
    states["proof"] = page.request.get(link.group(1)).text()
    looked_at(page, "proof")
    page.get_by_role("main").get_by_role("button").press("Enter")
    expect(page.get_by_role("main").get_by_role("status")).to_be_visible()
    looked_at(page, "received")

    page.goto(link.group(1))  # it serves once
    expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    looked_at(page, "used")
    states.pop("sent")
    assert errors_in(states, tmp_path) == []
