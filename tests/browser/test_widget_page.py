"""The widget on somebody else's page: what it loads, and what each does to the other."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .scripted import Service
from .steps import ask

pytestmark = pytest.mark.browser


@pytest.fixture
def page(new_context) -> Page:
    return new_context(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def service(page) -> Service:
    return Service(page)


def test_without_scripts_the_launcher_is_a_link_to_a_page_with_the_channels(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    launcher = page.locator("a.atencion-launcher")
    assert launcher.evaluate("link => getComputedStyle(link).position") == "fixed"
    launcher.click()
    main = page.locator("main")
    expect(main.locator("h1")).to_be_visible()
    expect(main.locator("form input[name=q]")).to_be_visible()
    expect(main.locator(".atencion-hours")).to_be_visible()
    expect(main.locator("[data-atencion-open]")).to_be_hidden()


def test_a_page_asks_one_thing_more_and_stores_nothing(new_context):
    page = new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto("/")
    launcher = page.locator("atencion-launcher")
    expect(launcher).to_have_attribute("data-now", re.compile("open|closed"))
    # The hours that this page shows beside have a script and a style of their own.
    ours = [url for url in asked if re.search("wagtail_atencion/(chat/|atencion)|/v1/", url)]
    names = [re.sub(r".*/(.)", r"\1", url.split("?")[0]) for url in ours]
    assert sorted(names) == ["atencion.css", "launcher.js", "state/"]
    stored = page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
    assert stored == ["", 0, 0]
    blocking = page.evaluate(
        """performance.getEntriesByType("resource")
        .filter((resource) => resource.renderBlockingStatus === "blocking")
        .map((resource) => resource.name)"""
    )
    assert not [name for name in blocking if "wagtail_atencion" in name]


def test_any_button_of_a_page_opens_the_same_panel(page, service):
    page.goto("/atencion/chat/")
    button = page.locator("main [data-atencion-open]")
    expect(button).to_be_visible()
    button.click()
    expect(page.locator("#atencion-question")).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    assert page.locator("atencion-panel").count() == 1


HOSTILE = """
  *, ::before, ::after { box-sizing: border-box; margin: 0; padding: 0; border: 0 solid; }
  html { font-size: 62.5%; }
  body { letter-spacing: 3px; text-transform: uppercase; text-align: center; line-height: 1; }
  dialog, section, div, form, p, ol, li { margin: 3em !important; background: yellow !important; }
  button, input, textarea { border-radius: 0 !important; width: 100% !important; }
  a { float: left; } h3 { color: red; } [hidden] { display: block !important; }
"""


def test_the_page_and_the_panel_leave_each_other_s_style_alone(new_context):
    panel = "document.querySelector('atencion-panel').shadowRoot"
    looks = []
    for style in ("", HOSTILE):
        page = new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True).new_page()
        Service(page)
        page.goto("/")
        page_before = page.evaluate(_boxes("document", "main *"))
        ask(page)
        expect(page.locator("#atencion-name")).to_be_visible()
        assert page.evaluate(_boxes("document", "main *")) == page_before
        if style:
            page.add_style_tag(content=style)
        looks.append(page.evaluate(_boxes(panel, "dialog *")))
    plain, among_hostile_rules = looks
    assert plain == among_hostile_rules


def _boxes(root: str, selector: str) -> str:
    """A script that tells where the visible elements are, and in which colours."""
    return (
        f"[...{root}.querySelectorAll('{selector}')]"
        """
          .filter((element) => element.offsetParent)
          .map((element) => {
            const { x, y, width, height } = element.getBoundingClientRect();
            const { color, backgroundColor } = getComputedStyle(element);
            return [element.tagName, x, y, width, height, color, backgroundColor];
          })"""
    )


def test_what_the_keyboard_reaches_is_never_under_the_launcher(page, service):
    page.goto("/")
    page.evaluate(
        """() => {
          const tab = document.querySelector("a.atencion-launcher").getBoundingClientRect();
          const link = document.createElement("a");
          Object.assign(link, { href: "#x", textContent: "x", id: "under" });
          document.body.append(link);
          link.style.position = "fixed";
          link.style.left = `${tab.left + 5}px`;
          link.style.top = `${tab.top + 5}px`;
        }"""
    )
    page.focus("#under")
    covered = """() => {
      const link = document.querySelector("#under").getBoundingClientRect();
      const tab = document.querySelector("a.atencion-launcher").getBoundingClientRect();
      return link.bottom > tab.top && link.top < tab.bottom;
    }"""
    assert not page.evaluate(covered)
