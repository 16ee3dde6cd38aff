"""The widget on pages made with Bootstrap or Tailwind: neither changes what the other shows.

Bootstrap comes with a package of the tests. What Tailwind puts before everything else, its
preflight, is small and in frameworks/: that of version 3, and that of version 4, in layers.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .pictures import picture
from .scripted import Service
from .steps import ENDED, identify, open_panel, plain_page, violations, write

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent / "frameworks"
# What a page of the framework looks like; the same text size and font as a page without.
OWN = """
  :root { --atencion-font: monospace }
  body { margin: 0; font: 16px/1.5 monospace }
"""
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}

CONTENT = """
<nav class="navbar navbar-expand bg-body-tertiary flex p-4"><div class="container-fluid">
  <a class="navbar-brand" href="#home">Valle Alto</a>
  <ul class="navbar-nav"><li class="nav-item"><a class="nav-link" href="#a">Trámites</a></li></ul>
</div></nav>
<div class="container mx-auto">
  <h2 class="display-6">Trámites</h2><p class="lead">Un párrafo con <a href="#b">un enlace</a>.</p>
  <div class="alert alert-warning" role="alert">Aviso</div>
  <button type="button" class="btn btn-primary">Guardar</button>
  <form><label class="form-label" for="one">Nombre</label><input class="form-control" id="one">
    <textarea class="form-control" aria-label="Texto"></textarea>
    <label class="form-check-label"><input class="form-check-input" type="checkbox"> Acepto</label>
    <fieldset><legend>Uno</legend><label><input type="radio" name="r"> 1</label></fieldset></form>
  <table class="table"><tbody><tr><th scope="row">1</th><td>Dos</td></tr></tbody></table>
  <dl><dt>Uno</dt><dd>Dos</dd></dl><ol><li>Uno</li></ol><blockquote>Una cita</blockquote>
  <details open><summary>Más</summary><p>Algo</p></details>
  <div class="card"><div class="card-body"><h3 class="card-title">Tarjeta</h3></div></div>
</div>
"""

LOOKS_OF = """(place) => {
  const root = document.querySelector(place);
  const within = root.shadowRoot ?? root;
  const names = ["display", "position", "visibility", "opacity", "color", "backgroundColor",
    "fontFamily", "fontSize", "fontStyle", "fontWeight", "lineHeight", "letterSpacing", "textAlign",
    "textIndent", "textDecorationLine", "textTransform", "whiteSpace", "listStyleType", "margin",
    "padding", "borderWidth", "borderRadius", "boxShadow", "cursor",
    "appearance"];
  const passing = "[data-part=progress], .atencion-hidden, style, script, link, template";
  return [...within.querySelectorAll("*")]
    .filter((element) => !element.closest(passing) && !element.closest("atencion-panel"))
    .filter((element) => element.getClientRects().length)
    .map((element) => {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const looks = Object.fromEntries(names.map((name) => [name, style[name]]));
      for (const side of ["x", "y", "width", "height"]) looks[side] = Math.round(box[side]);
      return [element.localName + "." + (element.getAttribute("class") ?? ""), looks];
    });
}"""

SHOW_NOTE = """() => {
  const note = document.querySelector(".atencion-launcher__note");
  note.textContent = note.dataset.offline;
  note.hidden = false;
}"""

Looks = list[tuple[str, dict[str, Any]]]


def framework(name: str) -> str:
    """The style sheet of a framework."""
    if name.startswith("bootstrap"):
        sheets = resources.files("bootstrap") / "static/bootstrap/css"
        return (sheets / f"{name}.min.css").read_text(encoding="utf-8")
    return (HERE / f"{name}.css").read_text(encoding="utf-8")


FRAMEWORKS = ("bootstrap", "bootstrap.rtl", "tailwind-3", "tailwind-4")


def differences(before: Looks, after: Looks) -> list[str]:
    """What looks otherwise, in a line each."""
    assert [name for name, _looks in before] == [name for name, _looks in after]
    return [
        f"{name} {key}: {was} -> {after_looks[key]}"
        for (name, looks), (_name, after_looks) in zip(before, after, strict=True)
        for key, was in looks.items()
        if was != after_looks[key]
    ]


class Walk:
    """The widget from its launcher to the end, and how it looks at each step."""

    def __init__(self, page: Page, sheet: str, picture_name: str) -> None:
        self.page, self.picture_name = page, picture_name
        self.looks: dict[str, Looks] = {}
        service = Service(page)
        open_panel(page, at=plain_page(page, style=sheet + OWN))
        self.keep("ask", page.locator("#atencion-question"))
        page.fill("#atencion-question", "¿Cómo pago el impuesto?")
        page.locator(".atencion-answer summary").first.click()
        self.keep("answers", page.locator(".atencion-answer a").first)
        page.locator("[data-step=ask] [type=submit]").click()
        page.locator("[data-step=identify] [type=submit]").click()
        self.keep("identify", page.locator("[data-error=terms_version]"))
        identify(page)
        self.keep("wait", page.locator("[data-step=wait]"))
        service.accept()
        write(page, "Muchas gracias")
        expect(page.locator("[data-unsent]")).to_have_count(0)
        service.say("Mire https://www.vallealto.example/")
        self.keep("talk", page.locator("[data-author=agent]"))
        page.locator("[data-act=ask-end]").click()
        self.keep("ending", page.locator("[data-part=ending]"))
        service.end()
        page.locator("[name=score]").nth(3).check()
        self.keep("ended", page.locator(ENDED))
        page.locator("[data-act=hide]").first.click()
        page.evaluate(SHOW_NOTE)
        self.keep("launcher", page.locator(".atencion-launcher__note"), at="atencion-launcher")

    def keep(self, name: str, sign, *, at: str = "atencion-panel") -> None:
        expect(sign).to_be_visible()
        self.page.mouse.move(0, 0)
        self.looks[name] = self.page.evaluate(LOOKS_OF, at)
        assert self.looks[name]
        picture(self.page, f"framework-{name}-{self.picture_name}")


@pytest.fixture(scope="module")
def bare(chromium, live_site) -> dict[tuple[int, int], Walk]:
    """How the widget looks on a page without any framework, by width."""
    walks = {}
    for viewport in (DESK, PHONE):
        context = chromium.new_context(base_url=live_site.url, locale="es-CO", viewport=viewport)
        walks[viewport["width"]] = Walk(context.new_page(), "", f"none-{viewport['width']}")
        context.close()
    return walks


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", FRAMEWORKS)
def test_the_widget_looks_as_it_does_without(new_context, bare, name, viewport):
    page = new_context(viewport=viewport).new_page()
    walk = Walk(page, framework(name), f"{name}-{viewport['width']}")
    without = bare[viewport["width"]]
    assert {
        step: found
        for step, looks in walk.looks.items()
        if (found := differences(without.looks[step], looks))
    } == {}


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_the_page_looks_as_it_does_without_the_widget(new_context, name):
    page = new_context(viewport=DESK).new_page()
    Service(page)
    address = plain_page(page, style=framework(name), content=CONTENT, launcher=False)
    page.goto(address)
    before = page.evaluate(LOOKS_OF, "main")
    assert len(before) > 25

    plain_page(page, style=framework(name), content=CONTENT)
    page.goto(address)
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "open")
    closed = page.evaluate(LOOKS_OF, "main")
    page.locator("a.atencion-launcher").click()
    expect(page.locator("#atencion-question")).to_be_visible()
    picture(page, f"framework-page-{name}")
    assert differences(before, closed) == []
    assert differences(before, page.evaluate(LOOKS_OF, "main")) == []
    assert violations(page, within="atencion-launcher") == []
