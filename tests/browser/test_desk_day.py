"""The agent's day: a canned reply by keyboard alone, a note, an answer of the FAQ, an end."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .at_the_desk import accept, assert_accessible, expect_sent, open_desk, waiting

pytestmark = pytest.mark.browser

REPLIES = """
from wagtail_atencion.models import CannedReply as R
for category, title, shortcut, text in [
    ("Saludos", "Saludo", "hola", "Buenos días, {nombre}. Le atiende {agente}."),
    ("Saludos", "Despedida", "adios", "Gracias por escribirnos, {nombre}."),
    ("PQRD", "Canal de PQRD", "pqrd", "Radique su petición en {pqrd}"),
]:
    R.objects.update_or_create(
        shortcut=shortcut, language="", site=None,
        defaults={"category": category, "title": title, "text": text},
    )
"""


@pytest.fixture
def replies(live_site) -> None:
    live_site.python(REPLIES)


def test_a_day_by_keyboard_alone(sign_in, citizen, replies):
    page = sign_in("agente1", viewport={"width": 1280, "height": 800})
    open_desk(page)
    ana = citizen("Ana Ruiz", "¿Dónde pago el impuesto predial?")
    expect(waiting(page, ana)).to_be_visible()
    page.locator("[data-log]").first.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("a")
    field = page.locator("#atencion-desk-text")
    expect(field).to_be_focused()
    expect(page.locator("[data-slot=terms]")).to_contain_text(re.compile(r"\d"))

    page.keyboard.type("/sal")
    suggestions = page.locator("#atencion-desk-replies [role=option]")
    expect(suggestions).to_have_count(2)  # "Saludo", and the category of the other
    expect(suggestions.first).to_have_attribute("aria-selected", "true")
    expect(page.locator("[data-part=voice]")).to_contain_text("Respuestas preparadas: 2")
    assert_accessible(page, "canned replies", name="desk-replies")
    page.keyboard.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_contain_text("Buenos días, Ana Ruiz.")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Buenos días, Ana Ruiz. Le atiende Andrés Rojas.")
    page.keyboard.press("Enter")
    expect_sent(page, "Buenos días, Ana Ruiz. Le atiende Andrés Rojas.")
    assert ana.texts()[-1] == "Buenos días, Ana Ruiz. Le atiende Andrés Rojas."
    mark = page.locator("[data-log] > li").last.locator("[data-slot=state]")
    # She has just read it over HTTP: told at once, and at the latest by two heartbeats.
    expect(mark).to_have_text("Entregado", timeout=20_000)
    ana.look()
    expect(mark).to_have_text("Visto", timeout=20_000)

    page.keyboard.press("Escape")
    page.keyboard.press("f")
    dialog = page.locator("dialog[data-part=faq]")
    expect(dialog).to_be_visible()
    expect(dialog.locator("li").first).to_be_visible()
    assert_accessible(page, "answers of the FAQ", name="desk-faq")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(field).not_to_have_value("")
    answer = field.input_value().split("\n")[0]
    page.keyboard.press("Enter")
    expect_sent(page, answer)

    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("dialog[data-part=keys]")).to_be_visible()
    assert_accessible(page, "keys", name="desk-keys")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=over]")).to_be_focused()


def test_what_an_agent_answered_with_reaches_the_report_of_the_faq(sign_in, citizen, live_site):
    page = open_desk(sign_in("agente1"))
    wanted = "¿Cómo saco el certificado de residencia del barrio?"
    ana = citizen("Ana Ruiz", wanted)
    accept(page, ana)
    page.locator("[data-action=faq]").click()
    first = page.locator("dialog[data-part=faq] li").first
    question = first.locator("[data-slot=question]").inner_text()
    first.locator("[data-action=answer]").click()
    answer = page.input_value("#atencion-desk-text").split("\n")[0]
    page.press("#atencion-desk-text", "Enter")
    expect_sent(page, answer)
    told = live_site.python(
        "from wagtail_atencion.models import Inquiry as I, FAQ\n"
        f"i = I.objects.filter(text={wanted!r}, outcome='agent').get()\n"
        "print(FAQ.objects.get(pk=i.opened[0]).question)"
    )
    assert told.strip() == question


def test_a_colleague_reads_a_note_at_once_and_the_citizen_never(sign_in, citizen):
    andres = sign_in("agente1", viewport={"width": 1280, "height": 800})
    open_desk(andres)
    ana = citizen("Ana Ruiz", "¿Dónde pago?")
    accept(andres, ana)
    andres.keyboard.type("Para Ana")
    andres.locator("button[data-mode=note]").click()
    field = andres.locator("#atencion-desk-text")
    expect(field).to_have_value("")
    andres.keyboard.type("Está molesta: tener paciencia")
    assert_accessible(andres, "writing a note", name="desk-note-mode")
    andres.keyboard.press("Enter")
    note = andres.locator("[data-log] > li[data-author=note]")
    expect(note).to_contain_text("tener paciencia")
    expect(andres.locator(".is-unsent")).to_have_count(0)
    expect(field).to_have_value("Para Ana")
    assert_accessible(andres, "a note", name="desk-note")
    assert ana.texts() == ["¿Dónde pago?"]
    andres.reload()
    expect(note).to_contain_text("tener paciencia")
    expect(field).to_have_value("Para Ana")


def test_misuse_is_restricted_in_one_step(sign_in, citizen):
    page = sign_in("admin", viewport={"width": 1280, "height": 800})
    open_desk(page)
    rude = citizen("Rudo Pérez", "Ustedes no sirven para nada", email="rudo@example.com")
    accept(page, rude)
    page.locator("[data-part=misuse]:visible").click()
    dialog = page.locator("dialog[data-part=restrict]")
    expect(dialog.locator("[name=evidence]")).to_have_value(re.compile("no sirven"))
    assert_accessible(page, "misuse", name="desk-misuse")
    dialog.locator("[type=submit]").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-part=over]")).to_be_visible()
    told = rude._call(f"conversations/{rude.id}?after=0")["conversation"]
    assert told["end_reason"] == "sanction"


def test_the_desk_calls_until_somebody_answers(sign_in, citizen):
    page = open_desk(sign_in("agente1"))
    page.locator("[data-choice=sound]").click()
    expect(page.locator("[data-choice=sound]")).to_have_attribute("aria-pressed", "true")
    before = int(page.locator("atencion-desk").get_attribute("data-rang"))
    ana = citizen("Ana Ruiz", "¿Dónde pago?")
    expect(waiting(page, ana)).to_be_visible()
    icon = page.locator("link[rel~=icon]").first
    expect(icon).to_have_attribute("href", re.compile("desk-calling"))
    rang = page.locator("atencion-desk")
    expect(rang).to_have_attribute("data-rang", str(before + 1))
    expect(rang).to_have_attribute("data-rang", str(before + 2), timeout=20_000)
    accept(page, ana)
    expect(icon).not_to_have_attribute("href", re.compile("desk-calling"))
    page.reload()
    expect(page.locator("[data-choice=sound]")).to_have_attribute("aria-pressed", "true")
