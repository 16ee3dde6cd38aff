"""The desk with 200 who wait and 50 in hand: what changes takes nothing from who is working."""

from __future__ import annotations

import json
from functools import partial

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from .at_the_desk import Citizen, open_desk
from .pictures import picture

pytestmark = pytest.mark.browser

WAITING, ACTIVE = 200, 50
SECRET = "c" * 43  # as in crowd.py, which needs Django
# The place on the screen of what stands at the middle of a column that scrolls.
MIDDLE = """column => {
  const { top, height } = column.getBoundingClientRect();
  const rows = [...column.querySelectorAll("li")];
  const row = rows.find((each) => each.getBoundingClientRect().bottom > top + height / 2);
  return [row.dataset.key, Math.round(row.getBoundingClientRect().top)];
}"""
# Keeps how far a row strays from its place, in pixels, in any frame that is painted.
FOLLOW = """row => {
  const place = row.getBoundingClientRect().top;
  window.strayed = 0;
  const look = () => {
    window.strayed = Math.max(window.strayed, Math.abs(row.getBoundingClientRect().top - place));
    requestAnimationFrame(look);
  };
  look();
}"""
# Counts the rows that come, go or move.
WATCH = """() => {
  window.moved = 0;
  const count = new MutationObserver((changes) => (window.moved += changes.length));
  for (const list of document.querySelectorAll("[data-list], [data-log]")) {
    count.observe(list, { childList: true });
  }
}"""


@pytest.fixture
def crowd(live_site, citizen):
    """The ids of a crowd, in the queue and in the hands of the first agent."""
    citizen("Ana Ruiz", "¿Dónde pago?").end()
    come = f"come(waiting={WAITING}, active={ACTIVE}, agent='agente1')"
    yield json.loads(live_site.python(f"from tests.browser.crowd import come\n{come}"))
    live_site.python("from tests.browser.crowd import leave\nleave()")


@pytest.fixture
def one(live_site):
    """One of the crowd, by their id."""
    return partial(Citizen.known, live_site.url, secret=SECRET)


def selected(page: Page) -> str:
    return page.evaluate("String(getSelection())")


def scrolled(column: Locator, to: float) -> list:
    for _time in range(2):  # once more when all that came into sight on the way is measured
        column.evaluate(f"column => column.scrollTop = column.scrollHeight * {to}")
        place = settled(column)
    return place


def settled(column: Locator) -> list:
    """What is in the middle: what was out of sight is measured when it comes into sight."""
    before, now = None, column.evaluate(MIDDLE)
    for _look in range(20):
        if now == before:
            break
        column.page.wait_for_timeout(300)
        before, now = now, column.evaluate(MIDDLE)
    return now


def test_a_crowd_that_changes_takes_nothing_from_who_works(sign_in, crowd, one):
    page = sign_in("agente1", viewport={"width": 1280, "height": 800})
    lines: list[WebSocket] = []
    page.on("websocket", lambda line: lines.append(line))
    open_desk(page)
    waiting = page.locator("[data-list=waiting] > li")
    mine = page.locator("[data-list=mine] > li")
    expect(waiting).to_have_count(WAITING)
    expect(mine).to_have_count(ACTIVE)
    picture(page, "desk-crowd-1280")

    def first_leaves() -> None:
        first = crowd["waiting"].pop(0)
        one(first).end()
        expect(page.locator(f"[data-list=waiting] > [data-key='{first}']")).to_have_count(0)

    # A long conversation shows its newest part, and goes back by pages without a jump.
    mine.first.locator("[data-action=show]").click()
    log = page.locator("[data-log]").first
    messages = log.locator("> li")
    expect(messages).to_have_count(100)
    page.wait_for_function(
        "log => log.scrollTop + log.clientHeight > log.scrollHeight - 2", arg=log.element_handle()
    )
    log.evaluate("log => log.scrollTop = 0")
    before = messages.nth(3)
    key = before.get_attribute("data-key")
    place = before.bounding_box()["y"]
    page.get_by_role("button", name="Mensajes anteriores").click()
    expect(messages).to_have_count(200)
    assert abs(log.locator(f"[data-key='{key}']").bounding_box()["y"] - place) < 50

    # Reading there, with words selected and an answer begun: nothing of it goes.
    said = log.locator("li [data-slot=text]").nth(60)
    reading = scrolled(log, 0.3)
    said.evaluate("text => getSelection().selectAllChildren(text)")
    chosen = selected(page)
    queue = page.locator(".atencion-desk__list").first
    looking, _top = scrolled(queue, 0.5)
    queue.evaluate("column => (column.style.overflowAnchor = 'none')")  # as in Safari
    queue.locator(f"[data-key='{looking}']").evaluate(FOLLOW)
    for _turn in range(3):
        first_leaves()
        one(crowd["active"][0]).say("¿Sigue ahí?")
        one(crowd["active"][1]).say("¿Y yo?")
    expect(mine.nth(1)).to_contain_text("¿Y yo?")
    expect(page.locator("[data-part=newer]").first).to_be_visible()
    assert selected(page) == chosen != ""
    assert settled(log) == reading
    assert page.evaluate("strayed") <= 2

    field = page.locator("#atencion-desk-text")
    field.click()
    page.keyboard.type("Un momento, ")
    first_leaves()
    page.keyboard.type("ya le ayudo.")
    expect(field).to_be_focused()
    expect(field).to_have_value("Un momento, ya le ayudo.")

    # The focus in the queue stays with its citizen, and no other row is touched.
    accept = page.locator(f"[data-key='{crowd['waiting'][2]}'] [data-action=accept]")
    accept.focus()
    page.evaluate(WATCH)
    first_leaves()
    expect(accept).to_be_focused()
    assert page.evaluate("moved") == 1
    field.focus()
    mine.nth(2).locator("[data-action=show]").click()
    mine.first.locator("[data-action=show]").click()
    expect(field).to_have_value("Un momento, ya le ayudo.")
    assert [line.is_closed() for line in lines] == [False]  # reading so much is no flood


def test_the_focus_goes_to_a_neighbour_when_its_citizen_leaves(sign_in, crowd, one):
    page = open_desk(sign_in("agente1"))
    first, second = crowd["waiting"][:2]
    page.locator(f"[data-key='{first}'] [data-action=accept]").focus()
    one(first).end()
    expect(page.locator(f"[data-key='{second}'] [data-action=accept]")).to_be_focused()
