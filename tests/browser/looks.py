"""A public page before axe-core, on a telephone and a desk, in the light and in the dark."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .pictures import pictures

SIZES = [{"width": 360, "height": 740}, {"width": 1280, "height": 800}]


def looked_at(page: Page, name: str) -> None:
    """No violation in any of them, and nothing sticks out; the pictures are named ``name``."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for size in SIZES:
            page.set_viewport_size(size)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{name} {size}: {found.generate_report()}"
            wide = page.locator("html").evaluate("html => html.scrollWidth")
            assert wide <= size["width"], f"{name}: {wide} of {size['width']}"
        pictures(page, f"{name}-{scheme}")
