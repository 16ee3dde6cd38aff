"""Every public page, in every state of it, is valid HTML: the Nu checker finds no error."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import APIRequestContext, BrowserContext, Page, expect

from tests.chat.plain import hidden

from .demo import LiveSite
from .laura import Laura
from .nu_checker import errors_in
from .scripted import CLOSED, Service
from .steps import ask, identify, open_panel, talk

pytestmark = pytest.mark.browser

LADDER = "/atencion-al-ciudadano"
HERE = "/atencion/chat/conversation/"
PAGES = {
    "home": "/",
    "faq": f"{LADDER}/preguntas-frecuentes/",
    "faq-search": f"{LADDER}/preguntas-frecuentes/?q=impuesto",
    "faq-search-nothing": f"{LADDER}/preguntas-frecuentes/?q=zzz",
    "conditions": f"{LADDER}/condiciones/",
    "conditions-print": f"{LADDER}/condiciones/?print",
    "terms": "/atencion/terms/",
    "terms-old": "/atencion/terms/1/",
    "terms-changes": "/atencion/terms/2/changes/",
    "forums": f"{LADDER}/foros/",
    "chat": "/atencion/chat/",
    "chat-answers": "/atencion/chat/?q=impuesto",
    "chat-no-answer": "/atencion/chat/?q=zzz",
    "chat-start": f"{HERE}start/?q=impuesto",
    "chat-none": HERE,
    "chat-erased": f"{HERE}?erased=1",
}
FILLED_IN = {"name": "Ana", "email": "ana@example.com", "question": "¿Dónde pago?", "accept": "on"}


class Visitor:
    """Gets pages and sends forms, without showing them."""

    def __init__(self, request: APIRequestContext, origin: str) -> None:
        self.request, self.origin, self.html = request, origin, ""

    def get(self, path: str) -> str:
        answer = self.request.get(path)
        assert answer.ok, (path, answer.status)
        self.html = answer.text()
        return self.html

    def send(self, path: str, **fields: str) -> str:
        form = {**hidden(self.html), **fields}
        self.html = self.request.post(path, form=form, headers={"Origin": self.origin}).text()
        return self.html


@pytest.fixture
def visitor(new_context, live_site) -> Visitor:
    return Visitor(new_context().request, live_site.url)


def test_every_page_is_valid_in_every_state(visitor, new_context, live_site, tmp_path):
    pages = {
        **pages_of_the_site(visitor, new_context().new_page()),
        **chat_without_javascript(visitor, live_site),
        **widget(visitor, new_context),
    }
    assert errors_in(pages, tmp_path) == []  # once: Java is slow to start


def pages_of_the_site(visitor: Visitor, page: Page) -> dict[str, str]:
    pages = {name: visitor.get(path) for name, path in PAGES.items()}
    page.goto(PAGES["forums"])
    forum = page.locator("main a[href*='/foros/']").first.get_attribute("href")
    pages["forum"] = visitor.get(forum)
    of_forum = re.search(r"/atencion/forums/\d+/", pages["forum"])[0]
    for name in ("follow", "report", "print", "own"):
        pages[f"forum-{name}"] = visitor.get(f"{of_forum}{name}/")
    page.goto(forum)
    contribute = page.locator("a[href*='/contribute/']").first.get_attribute("href")
    pages["contribute"] = visitor.get(contribute)
    pages["contribute-errors"] = visitor.send(contribute)
    return pages


def chat_without_javascript(visitor: Visitor, live_site: LiveSite) -> dict[str, str]:
    laura = Laura(live_site)
    live_site.set_conditions(extensions=1, time_limit=900)
    pages = {}
    visitor.get(f"{HERE}start/")
    pages["start-errors"] = visitor.send(f"{HERE}start/")
    pages["wait"] = visitor.send(f"{HERE}start/", **FILLED_IN)
    pages["wait-paused"] = visitor.get(f"{HERE}?paused=1")
    laura.accept()
    laura.say("Buenos días <Ana> & compañía")
    pages["talk"] = visitor.get(HERE)
    pages["write"] = visitor.get(f"{HERE}?paused=1")
    pages["write-errors"] = visitor.send(HERE, do="send", text=" ")
    laura.end()
    pages["ended"] = visitor.get(HERE)
    pages["ended-errors"] = visitor.send(HERE, do="rate")
    pages["rated"] = visitor.send(HERE, do="rate", score="4")
    live_site.set_conditions(extensions=0, time_limit=180, chat_enabled=False)
    try:
        pages["closed"] = visitor.get("/atencion/chat/")
        pages["start-closed"] = visitor.get(f"{HERE}start/?q=impuesto")
    finally:
        live_site.set_conditions(chat_enabled=True)
    for name, heading in {"wait": "fila", "talk": "Paola|Andrés", "ended": "terminó"}.items():
        assert any(word in pages[name] for word in heading.split("|")), name
    return pages


def widget(visitor: Visitor, new_context: Callable[..., BrowserContext]) -> dict[str, str]:
    lang = visitor.get("/atencion/chat/panel/?lang=es")
    pages = {"widget-as-sent": as_page(lang)}

    def keep(name: str) -> None:
        pages[f"widget-{name}"] = as_page(page.evaluate(SHADOW))

    page = new_context().new_page()
    service = Service(page)
    open_panel(page)
    expect(page.locator("#atencion-question")).to_be_visible()
    keep("ask")
    ask(page)
    expect(page.locator("#atencion-name")).to_be_visible()
    keep("identify")
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    keep("wait")
    page = new_context().new_page()
    service = Service(page)
    talk(page, service)
    service.say("Buenos días")
    expect(page.locator("[data-part=log]")).to_contain_text("Buenos días")
    keep("talk")
    service.end()
    expect(page.locator("[data-step=ended]").last).to_be_visible()
    keep("ended")
    page = new_context().new_page()
    service = Service(page)
    service.state = {**service.state, **CLOSED}
    open_panel(page)
    expect(page.locator("[data-step=closed]")).to_be_visible()
    keep("closed")
    page.goto(PAGES["conditions"])
    expect(page.locator("atencion-status")).not_to_be_empty()
    pages["page-with-launcher"] = page.content()
    return pages


SHADOW = "document.querySelector('atencion-panel').shadowRoot.innerHTML"


def as_page(fragment: str) -> str:
    """What stands in a shadow root, as the body of a page of its own."""
    head = '<head><meta charset="utf-8"><title>Widget</title></head>'
    return f'<!doctype html><html lang="es">{head}<body>{fragment}</body></html>'
