"""The public pages of personal data, as a person goes through them: on a telephone, by keyboard."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import pictures
from .nu_checker import errors_in

pytestmark = pytest.mark.browser

RIGHTS = "/atencion/datos-personales/"
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
