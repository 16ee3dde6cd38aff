"""What a supervisor reads afterwards: conversations with their transcripts, and the ratings."""

from __future__ import annotations

import json
import re
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .at_the_desk import accept, open_desk
from .pictures import pictures

pytestmark = pytest.mark.browser

RECORDS = "/admin/atencion/conversations/"
RATINGS = "/admin/atencion/ratings/"


def rate(one, score: int, comment: str) -> None:
    request = urllib.request.Request(
        f"{one.api}/conversations/{one.id}/rating",
        data=json.dumps({"score": score, "comment": comment}).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {one.secret}"},
    )
    urllib.request.urlopen(request, timeout=20).close()


def violations(page, within: str) -> str:
    """What is ours in the page: around it is Wagtail's own."""
    found = Axe().run(page, context=within)
    return found.generate_report() if found.violations_count else ""


def test_a_supervisor_reads_the_rating_and_sends_the_transcript_again(
    sign_in,
    citizen,
    live_site,
):
    page = open_desk(sign_in("agente1"))
    one = citizen("Rosa Melo", "Quiero poner una queja por el ruido")
    accept(page, one)
    one.say("Es en la calle 5.")
    one.end()
    rate(one, 4, "Me atendieron rápido.")

    page = sign_in("admin")
    page.goto(f"{RECORDS}?q=Rosa+Melo")
    page.locator("table.listing a", has_text="-").first.click()
    record = page.locator(".atencion-record")
    expect(record).to_contain_text("Me atendieron rápido.")
    expect(record.locator("code")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    sent = record.get_by_role("row").filter(has_text="ciudadana@example.com")
    expect(sent).to_have_count(1)
    assert not violations(page, ".atencion-record")
    pictures(page, "record")

    live_site.wait_for_mails(2)
    sent.get_by_role("button").click()
    expect(page.locator(".messages")).to_contain_text("ciudadana@example.com")
    expect(record).to_contain_text("Se volvió a enviar")

    page.goto(RATINGS)
    expect(page.locator(".result-list")).to_contain_text("de 5 en promedio")
    pictures(page, "ratings")
