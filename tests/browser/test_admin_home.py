"""Who waits is seen anywhere in the admin: on its home page, and in its menu."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .at_the_desk import assert_accessible
from .pictures import picture

pytestmark = pytest.mark.browser

NUMBER = """() => {
    const link = document.querySelector(".sidebar-menu-item__link.atencion-waiting");
    return link && getComputedStyle(link, "::after").content;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_menu_and_the_home_page_tell_who_waits(sign_in, citizen, scheme):
    page = sign_in("agente1", color_scheme=scheme, viewport={"width": 1280, "height": 800})
    page.goto("/admin/")
    expect(page.locator(".atencion-summary")).to_contain_text("Abierto")
    assert page.evaluate(NUMBER) == "none"
    citizen("Ana Ruiz", "¿Dónde pago?")
    page.wait_for_function(f"({NUMBER})() === '\"1\"'", timeout=20_000)
    page.reload()
    expect(page.locator(".atencion-summary__calls")).to_contain_text("1")
    page.wait_for_function(f"({NUMBER})() === '\"1\"'", timeout=20_000)
    assert_accessible(page, "home")
    picture(page, f"admin-home-{scheme}")


def test_an_editor_without_a_desk_is_not_asked_about(sign_in):
    page = sign_in("editora")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/admin/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "desk/waiting" in url]
    expect(page.locator(".atencion-summary")).to_have_count(0)
