"""The agent's desk in a real browser, with citizens who write over HTTP."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import WebSocketRoute, expect

from .at_the_desk import DESK, accept, assert_accessible, expect_sent, open_desk, waiting

pytestmark = pytest.mark.browser

SOCKET = re.compile(r"/ws/atencion/v1/desk/$")
PAYLOADS = [
    "<img src=x onerror=window.executed=1>",
    "<script>window.executed=1</script>",
    "{{7*7}}",
]


def test_a_conversation_is_attended_by_keyboard_alone(sign_in, citizen):
    page = open_desk(sign_in("agente1"))
    ana = citizen("Ana Ruiz", "¿Dónde pago?", page_url="https://valle.example/impuestos/?v=2026")
    expect(waiting(page, ana)).to_contain_text("¿Dónde pago?")
    expect(page).to_have_title(re.compile(r"^\(1\) "))

    waiting(page, ana).get_by_role("button").focus()
    page.keyboard.press("Enter")
    field = page.locator("#atencion-desk-text")
    expect(field).to_be_focused()
    page.keyboard.type("Buenos días.")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("En cualquier banco.")
    page.keyboard.press("Enter")
    sent = page.locator("[data-log] > li").last
    expect(sent).to_have_attribute("data-author", "agent")
    expect_sent(page, "En cualquier banco.")
    assert ana.texts() == ["¿Dónde pago?", "Buenos días.\nEn cualquier banco."]

    about = page.locator("[data-part=citizen]")
    expect(about).to_contain_text("ciudadana@example.com")
    expect(about).to_contain_text("127.0.0.1")
    expect(about.locator("[data-page-link]")).to_have_attribute(
        "href", "https://valle.example/impuestos/?v=2026"
    )
    expect(page.locator("[data-part=clock]")).to_contain_text(re.compile(r"[0-3]:\d\d"))

    ana.say("Gracias.")
    expect(page.locator("[data-part=voice]")).to_contain_text("Ana Ruiz: Gracias.")
    page.locator("[data-part=composer] [data-end=agent]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("[data-part=over]")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=over]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-list=mine] > li")).to_have_count(0)
    expect(page.locator("[data-part=lists] h2").first).to_be_focused()


def test_each_conversation_keeps_its_draft_and_counts_what_is_unread(sign_in, citizen):
    page = open_desk(sign_in("agente1"))
    ana, luis = citizen("Ana Ruiz", "¿Dónde pago?"), citizen("Luis Mora", "¿Y el pasaporte?")
    accept(page, ana)
    page.fill("#atencion-desk-text", "Para Ana")
    accept(page, luis)
    expect(page.locator("#atencion-desk-text")).to_have_value("")

    ana.say("¿Me oye?")
    ana.say("¿Hola?")
    other = page.locator("[data-list=mine] > li", has_text="Ana Ruiz")
    expect(other.locator("[data-slot=unread]")).to_have_text("2")
    expect(other).to_contain_text("¿Hola?")
    expect(page).to_have_title(re.compile(r"^\(2\) "))
    other.locator("[data-action=show]").click()
    expect(page.locator("#atencion-desk-text")).to_have_value("Para Ana")
    expect(other.locator("[data-slot=unread]")).to_be_hidden()

    page.reload()
    expect(page.locator("[data-list=mine] > li")).to_have_count(2)
    expect(page.locator("[data-slot=unread]:not(:empty)")).to_have_count(0)
    expect(page.locator("[data-slot=title]")).to_have_text("Ana Ruiz")
    expect(page.locator("#atencion-desk-text")).to_have_value("Para Ana")


def test_two_conversations_stand_side_by_side(sign_in, citizen):
    page = sign_in("agente1", viewport={"width": 1280, "height": 800})
    open_desk(page)
    ana, luis = citizen("Ana Ruiz", "¿Dónde pago?"), citizen("Luis Mora", "¿Y el pasaporte?")
    accept(page, ana)
    accept(page, luis)
    mine = page.locator("[data-list=mine] > li", has_text="Ana Ruiz")
    mine.locator("[data-action=beside]").click()
    panes = page.locator("[data-pane]")
    expect(panes).to_have_count(2)
    expect(panes.nth(1).locator("textarea")).to_be_focused()
    page.keyboard.type("Para Ana")
    page.keyboard.press("Enter")
    panes.nth(0).locator("textarea").fill("Para Luis")
    panes.nth(0).locator("textarea").press("Enter")
    expect_sent(page, "Para Ana")
    expect_sent(page, "Para Luis")
    assert ana.texts()[-1] == "Para Ana"
    assert luis.texts()[-1] == "Para Luis"
    luis.say("Gracias.")
    expect(panes.nth(0).locator("[data-log] > li").last).to_contain_text("Gracias.")
    assert_accessible(page, "side by side", name="desk-beside-1280")

    page.set_viewport_size({"width": 768, "height": 800})
    expect(page.locator("[data-pane]:visible")).to_have_count(1)
    expect(page.locator("[data-slot=title]:visible")).to_have_text("Luis Mora")


def test_of_two_agents_one_gets_the_citizen_and_the_other_is_told_who(sign_in, citizen):
    andres, paola = sign_in("agente1"), sign_in("agente2")
    news = True

    def line(route: WebSocketRoute) -> None:
        """Paola's desk hears nothing more of the queue once ``news`` is off."""
        server = route.connect_to_server()
        server.on_message(
            lambda frame: route.send(frame) if news or json.loads(frame)["type"] != "desk" else None
        )

    paola.route_web_socket(SOCKET, line)
    open_desk(andres)
    open_desk(paola)
    ana = citizen("Ana Ruiz", "¿Dónde pago?")
    expect(waiting(paola, ana)).to_be_visible()
    news = False
    accept(andres, ana)
    waiting(paola, ana).get_by_role("button").click()
    expect(paola.locator("[data-part=notice]")).to_contain_text("Andrés Rojas")
    expect(paola.locator("[data-list=mine] > li")).to_have_count(0)


def test_what_is_written_without_a_line_is_sent_once_when_it_is_back(sign_in, citizen):
    page = sign_in("agente1")
    lines: list[WebSocketRoute] = []
    deaf = False

    def line(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        lines.append(route)
        # The server hears and stores; its answers get lost on the way.
        server.on_message(lambda frame: None if deaf else route.send(frame))

    page.route_web_socket(SOCKET, line)
    open_desk(page)
    ana = citizen("Ana Ruiz", "¿Dónde pago?")
    accept(page, ana)
    deaf = True
    page.fill("#atencion-desk-text", "En el banco.")
    page.press("#atencion-desk-text", "Enter")
    expect(page.locator(".is-unsent")).to_have_count(1)
    for _try in range(50):
        if "En el banco." in ana.texts():
            break
        page.wait_for_timeout(100)
    ana.say("¿Hola?")
    deaf = False
    lines[-1].close(code=1011)
    expect(page.locator("[data-part=line]")).to_have_attribute("data-line", "waiting")
    expect(page.locator("[data-part=line]")).to_have_attribute("data-line", "open")

    expect(page.locator(".is-unsent")).to_have_count(0)
    told = [text.strip() for text in page.locator("[data-log] [data-slot=text]").all_inner_texts()]
    assert told == ana.texts() == ["¿Dónde pago?", "En el banco.", "¿Hola?"]


def test_nothing_citizens_write_is_executed(sign_in, citizen):
    page = open_desk(sign_in("agente1"))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    mallory = citizen("Ana Ruiz", PAYLOADS[0], page_url="javascript:window.executed=1")
    expect(waiting(page, mallory)).to_contain_text(PAYLOADS[0])
    accept(page, mallory)
    for payload in PAYLOADS:
        mallory.say(payload)
        expect(page.locator("[data-log] > li").last).to_contain_text(payload)
    expect(page.locator("[data-page-plain]")).to_have_text("javascript:window.executed=1")
    expect(page.locator("[data-page-link]")).to_be_hidden()
    assert page.evaluate("window.executed") is None


def test_every_state_of_the_desk_is_accessible(sign_in, citizen):
    page = sign_in("agente1", viewport={"width": 1280, "height": 800})
    open_desk(page)
    assert_accessible(page, "nobody waits", name="desk-empty")
    ana = citizen("Ana Ruiz", "¿Dónde pago?")
    expect(waiting(page, ana)).to_be_visible()
    assert_accessible(page, "somebody waits")
    accept(page, ana)
    ana.say("¿Hola?")
    page.fill("#atencion-desk-text", "x" * 450)
    assert_accessible(page, "in conversation", name="desk-1280")
    for width in (768, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.locator("[data-part=details]").click()
        assert_accessible(page, f"details at {width}", name=f"desk-{width}")
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"scrolls sideways at {width}"
        page.locator("[data-part=details]").click()
    page.locator("[data-end=redirected_pqrd]").click()
    assert_accessible(page, "question before the end", name="desk-question")
    page.locator("dialog[open] [value=yes]").click()
    expect(page.locator("[data-part=over]")).to_be_visible()
    assert_accessible(page, "ended", name="desk-ended")


def test_what_reads_like_a_pqrd_is_marked_and_redirected_with_one_action(sign_in, citizen):
    page = open_desk(sign_in("agente1"))
    ines = citizen("Inés Pardo", "Quiero poner una queja por el ruido")
    flag = "Parece una PQRD"
    expect(waiting(page, ines).get_by_text(flag)).to_be_visible()
    accept(page, ines)
    said = page.locator("[data-log] > li")
    expect(said.first.get_by_text(flag)).to_be_visible()
    ines.say("Es en la calle 5.")
    expect(said).to_have_count(2)
    expect(said.last.get_by_text(flag)).to_be_hidden()
    assert_accessible(page, "marked", name="desk-pqrd")

    page.locator("[data-end=redirected_pqrd]").click()
    page.locator("dialog[open] button[value=yes]").click()
    expect(page.locator("[data-part=over]")).to_contain_text("PQRD")
    told = ines._call(f"conversations/{ines.id}?after=0")["conversation"]
    assert (told["state"], told["end_reason"]) == ("ended", "redirected_pqrd")
    assert told["pqrd_url"]
    assert told["can_rate"] is True


def test_an_agent_whose_network_blocks_sockets_attends_by_polling(sign_in, citizen):
    page = sign_in("agente1")
    page.route_web_socket(SOCKET, lambda route: route.close(code=1006))
    page.goto(DESK)
    line = page.locator("[data-part=line]")
    expect(line).to_have_attribute("data-line", "open", timeout=15_000)
    ana = citizen("Ana Ruiz", "¿Dónde pago?")
    expect(waiting(page, ana)).to_be_visible(timeout=10_000)
    accept(page, ana)
    page.fill("#atencion-desk-text", "En el banco.")
    page.press("#atencion-desk-text", "Enter")
    expect_sent(page, "En el banco.")
    ana.say("Gracias.")
    expect(page.locator("[data-log] > li").last).to_contain_text("Gracias.", timeout=10_000)
    assert ana.texts() == ["¿Dónde pago?", "En el banco.", "Gracias."]
    expect(line).to_have_attribute("data-line", "open")
