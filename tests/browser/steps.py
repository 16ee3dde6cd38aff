"""What the tests of the widget do on its pages: the steps of a citizen, and what is looked at."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .scripted import Service

ENDED = ".atencion-end[data-step=ended]"


def plain_page(
    page: Page, *, style: str, content: str = "", launcher: bool = True, direction: str = "ltr"
) -> str:
    """The address of a page with the launcher, two lines of text, ``content`` and ``style``."""
    home = page.request.get("/").text()
    widget = re.search(r"<link[^>]*data-atencion-style.*launcher\.js[^<]*</script>", home, re.S)
    assert widget
    html = f"""<!doctype html><html lang="es" dir="{direction}"><head>
      <meta charset="utf-8"><title>Valle Alto</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>{style}</style></head><body><main><h1>Valle Alto</h1>
      <p>Un departamento de <a href="/">montañas</a>.</p>{content}</main>
      {widget[0] if launcher else ""}</body></html>"""
    page.route("**/plain/", lambda route: route.fulfill(body=html, content_type="text/html"))
    return "/plain/"


# What the citizen does


def open_panel(page: Page, *, at: str = "/") -> None:
    page.goto(at)
    page.locator("a.atencion-launcher").click()


def ask(page: Page, question: str = "¿Cómo pago el impuesto?") -> None:
    open_panel(page)
    page.fill("#atencion-question", question)
    page.locator("[data-step=ask] [type=submit]").click()


def identify(page: Page) -> None:
    page.fill("#atencion-name", "Ana Pérez")
    page.fill("#atencion-email", "ana@example.com")
    page.check("#atencion-terms")
    page.locator("[data-step=identify] [type=submit]").click()


def talk(page: Page, service: Service) -> None:
    """Go all the way to a conversation with an agent."""
    ask(page)
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    service.accept()
    expect(page.locator("#atencion-text")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.fill("#atencion-text", text)
    page.press("#atencion-text", "Enter")


def log_of(page: Page) -> list[str]:
    """The texts in the log, in their order."""
    return page.locator(".atencion-message__text").all_text_contents()


def violations(page: Page, *, within: str = "html") -> list[str]:
    """What axe-core finds wrong, in a line each."""
    found = Axe().run(page, context=within).response["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]
