"""A forum's page that stays open tells the phase of this moment."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

OPENS_SOON = """
from datetime import timedelta
from django.utils import timezone
from wagtail_atencion.models import ForumIndexPage, ForumPage
forum = ForumIndexPage.objects.get().add_child(instance=ForumPage(
    title="Foro que abre pronto", slug="pronto", introduction="¿Qué opina?",
    responsible_area="Secretaría de Planeación",
    opens_at=timezone.now() + timedelta(seconds={seconds}),
    closes_at=timezone.now() + timedelta(days=3),
))
print(forum.full_url)
"""


def test_a_page_left_open_hears_that_the_forum_opens(new_context, live_site):
    url = live_site.python(OPENS_SOON.format(seconds=25)).strip()
    page = new_context().new_page()
    page.goto(url)
    badge = page.locator(".atencion-phase")
    expect(badge).to_have_text("Próximamente")
    expect(page.locator("[data-countdown]")).to_have_text(re.compile(r"dentro de 1 minuto"))
    expect(badge).to_have_text("Abierto", timeout=60_000)
    expect(page.get_by_role("status").filter(has_text="El foro abrió")).to_be_visible()
    expect(page.locator("[data-countdown]")).to_have_text(re.compile(r"dentro de 3 días"))
    page.get_by_role("link", name="Participar").click()
    expect(page.get_by_role("button", name="Enviar mi aporte")).to_be_visible()
