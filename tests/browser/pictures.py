"""Pictures of pages, kept in the folder of ATENCION_SCREENSHOTS when there is one."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

SCREENSHOTS = os.environ.get("ATENCION_SCREENSHOTS")


def picture(page: Page, name: str) -> None:
    """Keep a picture of ``page`` in the folder of ATENCION_SCREENSHOTS, when there is one."""
    if SCREENSHOTS:
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}.png"))


def pictures(page: Page, name: str) -> None:
    """Keep pictures of ``page`` on a telephone and on a desk; it ends in the size it had."""
    if not SCREENSHOTS:
        return
    before = page.viewport_size
    for width, height in ((1280, 800), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        picture(page, f"{name}-{width}")
    page.set_viewport_size(before)
