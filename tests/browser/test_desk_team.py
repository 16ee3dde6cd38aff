"""Several people at their desks: passing on, supervising, presence, and the same by polling."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .at_the_desk import accept, assert_accessible, expect_sent, open_desk, waiting

SOCKET = re.compile(r"/ws/atencion/v1/desk/$")
pytestmark = pytest.mark.browser


def pass_on(page: Page, to: str, note: str) -> None:
    page.locator("[data-part=transfer]").click()
    dialog = page.locator("dialog[data-transfer]")
    dialog.locator("[name=to]").select_option(
        value=dialog.locator("option", has_text=to).get_attribute("value")
    )
    dialog.locator("[name=note]").fill(note)
    assert_accessible(page, "passing on", name="desk-passing-on")
    dialog.locator("button[value=yes]").click()


def test_a_conversation_is_passed_to_a_colleague_with_a_note(sign_in, citizen):
    andres, paola = open_desk(sign_in("agente1")), open_desk(sign_in("agente2"))
    expect(andres.locator("[data-list=team]")).to_contain_text("Paola Mina")
    ana = citizen("Ana Ruiz", "¿Dónde pago?")
    expect(waiting(andres, ana)).to_be_visible()
    accept(andres, ana)
    pass_on(andres, "Paola Mina", "Pregunta por tercera vez")

    expect(andres.locator("[data-list=mine] > li")).to_have_count(0)
    expect(andres.locator("[data-part=conversation]").first).to_be_hidden()
    theirs = paola.locator("[data-list=mine] > li", has_text="Ana Ruiz")
    theirs.get_by_role("button").first.click()
    expect(paola.locator("[data-part=passed]").first).to_contain_text("Pregunta por tercera vez")
    paola.fill("#atencion-desk-text", "En el banco.")
    paola.press("#atencion-desk-text", "Enter")
    expect_sent(paola, "En el banco.")
    assert ana.texts()[-2:] == [
        "Hola, soy Paola Mina y le atiendo a partir de ahora.",
        "En el banco.",
    ]
    assert "tercera vez" not in str(ana._call(f"conversations/{ana.id}?after=0"))


def test_a_supervisor_reads_along_joins_and_takes_over(sign_in, citizen):
    size = {"width": 1280, "height": 800}
    agent = open_desk(sign_in("agente1"))
    boss = open_desk(sign_in("admin", viewport=size))
    ana = citizen("Ana Ruiz", "¿Dónde pago?")
    expect(waiting(agent, ana)).to_be_visible()
    accept(agent, ana)

    others = boss.locator("[data-list=others] > li", has_text="Ana Ruiz")
    expect(others).to_contain_text("Andrés Rojas")
    others.get_by_role("button").click()
    expect(boss.locator("[data-log] > li").first).to_contain_text("¿Dónde pago?")
    expect(boss.locator("[data-part=composer]").first).to_be_hidden()
    ana.say("¿Hola?")
    expect(boss.locator("[data-log] > li").last).to_contain_text("¿Hola?")
    for width in (1280, 768):
        boss.set_viewport_size({"width": width, "height": 800})
        overflow = boss.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"scrolls sideways at {width}"
        assert_accessible(boss, f"reading along at {width}", name=f"desk-supervisor-{width}")
    boss.set_viewport_size(size)

    boss.locator("[data-role=join]").first.click()
    boss.fill("#atencion-desk-text", "Le ayudo yo también.")
    boss.press("#atencion-desk-text", "Enter")
    expect(agent.locator("[data-log] > li").last).to_contain_text("Le ayudo yo también.")

    other = citizen("Luis Mora", "¿Y el pasaporte?")
    accept(agent, other)
    boss.locator("[data-list=others] > li", has_text="Luis Mora").get_by_role("button").click()
    boss.locator("[data-role=take-over]").first.click()
    expect(agent.locator("[data-part=notice]")).to_contain_text("Luis Mora")
    expect(boss.locator("[data-part=composer]").first).to_be_visible()
    assert other.texts()[-1].endswith("le atiendo a partir de ahora.")


def test_the_public_state_follows_what_agents_say(sign_in, citizen):
    page = open_desk(sign_in("agente1"))
    ana = citizen("Ana Ruiz", "¿Dónde pago?")

    def agents(expected: int) -> None:
        """Who closed a desk a moment ago may count for some seconds more."""
        for _second in range(40):
            if ana._call("state")["agents"] == expected:
                return
            page.wait_for_timeout(1000)
        pytest.fail(f"never {expected} agents")

    status = page.locator("[data-me]")
    agents(1)
    status.select_option("off")
    try:
        expect(waiting(page, ana).locator("[data-action=accept]")).to_be_disabled()
        agents(0)
    finally:
        status.select_option("attending")
    expect(waiting(page, ana).locator("[data-action=accept]")).to_be_enabled()
    agents(1)


def test_a_supervisor_puts_an_agent_off_without_a_socket(sign_in):
    agent = open_desk(sign_in("agente1"))
    boss = sign_in("admin")
    boss.route_web_socket(SOCKET, lambda route: route.close(code=1006))
    boss.goto("/admin/atencion/desk/")
    colleague = boss.locator("[data-list=team] > li", has_text="Andrés Rojas")
    colleague.get_by_role("button").click(timeout=20_000)
    expect(colleague.locator("[data-slot=status]")).to_have_text(re.compile("Fuera"))
    expect(agent.locator("[data-me]")).to_have_value("off")
    agent.locator("[data-me]").select_option("attending")
    expect(agent.locator("[data-part=staff]")).to_have_attribute("data-status", "attending")
