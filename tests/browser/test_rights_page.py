"""The public pages of personal data, as a person goes through them: on a telephone, by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .looks import SIZES, looked_at
from .nu_checker import errors_in

pytestmark = pytest.mark.browser

RIGHTS = "/atencion/personal-data/"


def test_a_person_asks_on_a_telephone_and_proves_the_address(
    new_context, live_site, tmp_path
) -> None:
    page = new_context(viewport=SIZES[0]).new_page()
    page.goto(RIGHTS)
    states = {"form": page.request.get(RIGHTS).text()}
    expect(page.locator("main h1")).to_have_text("Sus datos personales")
    looked_at(page, "rights-form")

    # Sent empty: what is wrong is told, beside the fields and together, and nothing is lost.
    page.set_viewport_size(SIZES[0])
    page.locator("#id_name").fill("Ana Pérez")
    page.get_by_role("button", name="Enviar mi solicitud").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("Ana Pérez")
    looked_at(page, "rights-errors")

    before = len(live_site.mails)
    page.locator("[name=kind][value=erase]").check()
    page.locator("#id_email").fill("ana.rights@example.com")
    page.get_by_role("button", name="Enviar mi solicitud").press("Enter")
    expect(page.locator("main h1")).to_have_text("Revise su correo")
    states["sent"] = page.content()
    looked_at(page, "rights-sent")

    mail = live_site.wait_for_mails(before + 1)[-1]
    assert mail["To"] == "ana.rights@example.com"
    link = re.search(r"https?://[^/\s]+(/\S+)", mail.get_body(("plain",)).get_content())
    page.goto(link.group(1))
    states["proof"] = page.request.get(link.group(1)).text()
    looked_at(page, "rights-proof")
    page.get_by_role("main").get_by_role("button").press("Enter")
    expect(page.get_by_role("main").get_by_role("status")).to_be_visible()
    looked_at(page, "rights-received")

    page.goto(link.group(1))  # it serves once
    expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    looked_at(page, "rights-used")
    states.pop("sent")
    assert errors_in(states, tmp_path) == []
