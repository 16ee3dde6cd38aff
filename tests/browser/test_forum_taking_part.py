"""Taking part in a forum as a citizen does: without JavaScript, with it, with a bad network."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from .pictures import pictures
from .steps import violations

pytestmark = pytest.mark.browser
numbers = itertools.count(1)

OPEN_FORUM = """
from datetime import timedelta
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail_atencion.models import Contribution, ForumIndexPage, ForumPage
now = timezone.now()
forum = ForumIndexPage.objects.get().add_child(instance=ForumPage(
    title="Debate {number}", slug="debate-{number}", introduction="¿Qué opina?",
    responsible_area="Secretaría de Planeación", moderation="after",
    opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=3),
))
Contribution.objects.bulk_create([Contribution(
    forum=forum, content_type=ContentType.objects.get_for_model(ForumPage), object_pk=str(forum.pk),
    site_id=1, user_name="Persona " + "abcdefghijklmnopqrstuvwxyz"[n % 26],
    user_email="persona" + str(n) + "@example.com",
    comment="Aporte número " + str(n) + ".", votes=n % 4,
    submit_date=now - timedelta(hours=2, minutes=-n), status="approved", is_public=True,
) for n in range({count})])
print(forum.full_url)
"""
PUBLISH = """
from django.contrib.contenttypes.models import ContentType
from wagtail_atencion.models import Contribution, ForumPage
from django.utils import timezone
forum = ForumPage.objects.get(slug="{slug}")
for n in range({count}):
    Contribution.objects.create(
        forum=forum, content_type=ContentType.objects.get_for_model(ForumPage),
        object_pk=str(forum.pk), site_id=1, user_name="Otra persona",
        user_email="otra@example.com", comment="Recién llegado.", submit_date=timezone.now(),
        published_at=timezone.now(), status="approved", is_public=True)
"""


@pytest.fixture
def debate(live_site):
    """The address of an open forum that publishes at once, with 25 contributions."""
    return live_site.python(OPEN_FORUM.format(number=next(numbers), count=25)).strip()


def fill_in(page: Page, text: str) -> None:
    page.get_by_label("Su aporte").fill(text)
    page.get_by_label("Nombre").fill("Ana Pérez")
    page.get_by_label("Correo electrónico").fill(f"ana{next(numbers)}@example.com")
    page.get_by_label("Leí y acepto").check()


def article(page: Page, text: str):
    return page.locator("article").filter(has_text=text).first


def test_everything_without_javascript(new_context, debate):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(debate)
    article(page, "Aporte número 24.").get_by_role("link", name="Responder a").click()
    fill_in(page, "Estoy de acuerdo.")
    pictures(page, "forum-answer-form")
    page.get_by_role("button", name="Enviar mi aporte").click()
    expect(page.get_by_text("ya está publicado")).to_be_visible()
    page.get_by_role("link", name=re.compile("Cambiarlo")).click()
    page.get_by_role("link", name="Cambiarlo").click()
    page.get_by_label("Su aporte").fill("Estoy muy de acuerdo.")
    page.get_by_role("button", name="Guardar el cambio").click()
    pictures(page, "forum-own")
    page.goto(debate)
    mine = article(page, "Estoy muy de acuerdo.")
    expect(
        page.locator(".atencion-contributions__answers").get_by_text("Cambiado por su autor")
    ).to_be_visible()
    # A quotation of it, cut to the words that matter.
    page.locator(".atencion-contributions__answers").get_by_role(
        "link", name="Citar a Ana Pérez"
    ).click()
    page.get_by_label("Palabras que usted cita").fill("muy de acuerdo")
    fill_in(page, "Yo también.")
    page.get_by_role("button", name="Enviar mi aporte").click()
    page.goto(debate)
    expect(page.locator("blockquote", has_text="muy de acuerdo")).to_be_visible()
    expect(mine).to_be_visible()
    # Support: the key came with the contribution, so that one press counts.
    article(page, "Aporte número 23.").get_by_role("button", name=re.compile("Apoyar")).click()
    expect(page.get_by_text("Usted apoya este aporte.")).to_be_visible()
    pictures(page, "forum-support")
    page.get_by_role("button", name="Retirar mi apoyo").click()
    expect(page.get_by_text("Usted no apoya este aporte.")).to_be_visible()
    page.goto(debate)
    page.get_by_role("link", name="Con más apoyo").click()
    expect(page.locator("article").first).to_contain_text("Aporte número 23.")
    page.get_by_role("link", name="Aportes siguientes").click()
    expect(page.locator("article").last).to_contain_text("Aporte número 0.")


def test_in_place_with_javascript(new_context, live_site, debate):
    page = new_context().new_page()
    page.goto(debate)
    before = page.url
    article(page, "Aporte número 24.").get_by_role("link", name="Citar a").click()
    expect(page.get_by_label("Su aporte")).to_be_focused()
    page.get_by_label("Palabras que usted cita").fill("Aporte número 24.")
    fill_in(page, "Lo cito aquí.")
    pictures(page, "forum-inline-form")
    assert violations(page) == []
    page.get_by_role("button", name="Enviar mi aporte").click()
    expect(article(page, "Lo cito aquí.")).to_be_visible()
    expect(page.locator(".atencion-inline--done")).to_be_focused()
    expect(page.locator(".atencion-forum__news")).to_contain_text("Ya está publicado")
    assert page.url == before
    button = article(page, "Aporte número 22.").get_by_role("button", name=re.compile("Apoyar"))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button.locator("[data-votes]")).to_have_text("3")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button.locator("[data-votes]")).to_have_text("2")
    page.get_by_role("link", name="Aportes anteriores").click()
    expect(article(page, "Aporte número 0.")).to_be_visible()
    expect(page.locator("#atencion-debate")).to_be_focused()
    assert "?from=" in page.url
    page.go_back()
    expect(article(page, "Aporte número 24.")).to_be_visible()
    pictures(page, "forum-debate")
    assert violations(page) == []


def test_what_is_new_is_told_in_a_number_and_shown_when_asked_for(new_context, live_site, debate):
    page = new_context().new_page()
    page.clock.install()
    page.goto(debate)
    slug = debate.rstrip("/").rpartition("/")[2]
    live_site.python(PUBLISH.format(slug=slug, count=3))
    page.clock.fast_forward(31_000)
    news = page.locator("[data-part=news]")
    expect(news).to_have_attribute("role", "status")
    expect(news.get_by_role("link")).to_have_text("3 aportes nuevos")
    expect(article(page, "Recién llegado.")).to_be_hidden()
    news.get_by_role("link").click()
    expect(article(page, "Recién llegado.")).to_be_visible()
    expect(news.get_by_role("link")).to_be_hidden()


def test_nothing_written_is_lost_when_the_network_drops(new_context, debate):
    context = new_context()
    page = context.new_page()
    page.goto(debate)
    page.get_by_role("link", name="Participar").click()
    fill_in(page, "Escrito en el bus.")
    context.set_offline(True)
    page.get_by_role("button", name="Enviar mi aporte").click()
    expect(page.get_by_text("Falló la conexión").last).to_be_visible()
    expect(page.get_by_label("Su aporte")).to_have_value("Escrito en el bus.")
    context.set_offline(False)
    page.get_by_role("button", name="Enviar mi aporte").click()
    expect(article(page, "Escrito en el bus.")).to_have_count(1)


def test_a_refusal_keeps_the_form_and_says_why_in_place(new_context, debate):
    page = new_context().new_page()
    page.goto(debate)
    page.get_by_role("link", name="Participar").click()
    page.get_by_label("Su aporte").fill("Sin nombre.")
    page.get_by_role("button", name="Enviar mi aporte").click()
    expect(page.get_by_role("alert")).to_contain_text("Su aporte no se envió.")
    expect(page.get_by_label("Su aporte")).to_have_value("Sin nombre.")
    fill_in(page, "Con nombre.")
    page.get_by_role("button", name="Enviar mi aporte").click()
    expect(article(page, "Con nombre.")).to_be_visible()
