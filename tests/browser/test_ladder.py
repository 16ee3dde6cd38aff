"""The whole ladder with two people on two computers: FAQ, chat, transcript, forum."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .pictures import pictures

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}}
DESK = {"viewport": {"width": 1280, "height": 860}}
TIME_LIMIT = 30  # seconds: three minutes would be a long test


@pytest.fixture
def short_consultations(live_site):
    live_site.set_conditions(time_limit=TIME_LIMIT)
    yield
    live_site.set_conditions(time_limit=180)


def test_a_citizen_is_attended_from_the_faq_to_the_transcript(
    live_site, new_context, sign_in, short_consultations
):
    live_site.mails.clear()
    laura = sign_in("agente1", **DESK)
    laura.goto("/admin/atencion/desk/")
    ana = new_context(**PHONE).new_page()
    ana.goto("/")
    pictures(ana, "home")

    _ask(ana, "¿Cómo pago el impuesto de mi carro?")
    _go_on_to_the_chat(ana, name="Ana Pérez", email="ana@example.com")
    expect(ana.locator("[data-step=wait]")).to_be_visible()

    waiting = laura.locator("[data-list=waiting]")
    expect(waiting).to_contain_text("Ana Pérez")
    expect(waiting).to_contain_text("¿Cómo pago el impuesto de mi carro?")
    waiting.get_by_role("button").first.click()

    expect(ana.locator("[data-part=timer]")).to_have_text(re.compile(r"0:[0-3]\d"))
    expect(laura.locator("[data-part=clock]")).to_contain_text(re.compile(r"0:[0-3]\d"))
    laura.fill("#atencion-desk-text", "Buenos días. Lo puede pagar en cualquier banco.")
    laura.press("#atencion-desk-text", "Enter")
    log = ana.locator("[data-part=log]")
    expect(log).to_contain_text("Lo puede pagar en cualquier banco.")
    ana.fill("#atencion-text", "Muchas gracias <b>Andrés</b>")
    ana.press("#atencion-text", "Enter")
    expect(laura.locator("[data-log]")).to_contain_text("Muchas gracias <b>Andrés</b>")
    pictures(ana, "chat")
    pictures(laura, "desk")

    # Nobody ends it: the platform does, on both sides.
    expect(ana.locator("[data-step=ended]").last).to_be_visible(timeout=(TIME_LIMIT + 10) * 1000)
    expect(laura.locator("[data-part=over]")).to_be_visible()
    expect(ana.locator("#atencion-text")).to_be_hidden()
    ended = live_site.python(
        "from wagtail_atencion.models import Conversation as C;"
        "c = C.objects.get(email='ana@example.com');"
        "print(c.end_reason, (c.ended_at - c.expires_at).total_seconds() < 2)"
    )
    assert ended.split() == ["time_limit", "True"]

    mails = live_site.wait_for_mails(2)
    assert {mail["To"] for mail in mails} == {"ana@example.com", "atencion@vallealto.example"}
    for mail in mails:
        text = mail.get_body(("plain",)).get_content()
        assert "¿Cómo pago el impuesto de mi carro?" in text
        assert "Lo puede pagar en cualquier banco." in text
        assert "&lt;b&gt;Andrés&lt;/b&gt;" in mail.get_body(("html",)).get_content()
    assert len({mail["Message-ID"] for mail in mails}) == 2


def test_a_citizen_takes_part_in_a_forum(new_context, sign_in):
    ana = new_context(**PHONE).new_page()
    ana.goto("/atencion-al-ciudadano/foros/")
    pictures(ana, "forums")
    ana.locator("main a[href*='/foros/']").first.click()
    pictures(ana, "forum")
    forum = ana.url
    ana.locator("a[href*='/contribute/']").first.click()
    pictures(ana, "contribute")
    ana.fill("[name=name]", "Ana Pérez")
    ana.fill("[name=email]", "ana@example.com")
    ana.fill("[name=text]", "Propongo un bus de madrugada para los estudiantes del norte.")
    ana.check("main [type=checkbox]")
    ana.locator("main form:has([name=text]) [type=submit]").click()
    expect(ana.locator(".atencion-inline--done")).to_contain_text("moderador")
    ana.goto(forum)
    expect(ana.locator("main")).not_to_contain_text("bus de madrugada")

    ricardo = sign_in("moderador", **DESK)
    ricardo.goto("/admin/atencion/contributions/")
    pictures(ricardo, "moderation")
    ricardo.locator("tr", has_text="bus de madrugada").get_by_role("link").first.click()
    pictures(ricardo, "decision")
    ricardo.locator("main button[name=decision][value=approval]").click()
    ana.goto(forum)
    _show_newest(ana)
    expect(ana.locator("main")).to_contain_text("bus de madrugada")


def _ask(page: Page, question: str) -> None:
    page.locator("a.atencion-launcher").click()
    page.locator("#atencion-question").press_sequentially(question, delay=5)
    answers = page.locator("[data-part=answers] details")
    expect(answers.first).to_be_visible()
    answers.first.locator("summary").click()
    pictures(page, "launcher")


def _go_on_to_the_chat(page: Page, *, name: str, email: str) -> None:
    page.locator("[data-step=ask] [type=submit]").click()
    page.fill("#atencion-name", name)
    page.fill("#atencion-email", email)
    page.check("#atencion-terms")
    pictures(page, "identify")
    page.locator("[data-step=identify] [type=submit]").click()


def _show_newest(page: Page) -> None:
    last = page.locator("main nav a[rel=next], main a[rel=next]")
    while last.count():
        last.first.click()
