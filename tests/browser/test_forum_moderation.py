"""The moderators' queue with keys and a mouse, reports in place, answers, and the public log."""

from __future__ import annotations

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .pictures import SCREENSHOTS, picture

pytestmark = pytest.mark.browser

QUEUE = "/admin/atencion/contributions/"

PREPARE = """
import uuid
from datetime import timedelta
from django.utils import timezone
from wagtail.models import Site
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.forums.services import submit_contribution
from wagtail_atencion.models import ForumIndexPage, ForumPage, ForumPolicy
site = Site.objects.get(is_default_site=True)
ForumPolicy.objects.update_or_create(site=site, defaults={{"public_log": True}})
now = timezone.now()
forum = ForumIndexPage.objects.get().add_child(instance=ForumPage(
    title="Foro {slug}", slug="{slug}", introduction="¿Qué opina?",
    responsible_area="Secretaría de Planeación", moderation="{moderation}",
    opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=3),
))
for number, text in enumerate({texts!r}):
    submit_contribution(
        forum=forum, site=site, name="Rosa Melo", email=f"{slug}{{number}}@example.com", text=text,
        terms_version=conditions_for(site).terms.version, client_id=uuid.uuid4(),
        origin=Origin(ip=f"198.51.100.{{number}}", user_agent="", door=Door.HTML),
    )
print(forum.pk, forum.full_url)
"""
TEXTS = [
    "Los andenes del centro están rotos.",
    "Pido más árboles en la plaza.",
    "Vendo bicicletas baratas.",
    "La ruta escolar llega tarde.",
]


def prepare(live_site, slug: str, moderation: str = "before") -> tuple[str, str]:
    """A forum with contributions: its number and its address."""
    code = PREPARE.format(slug=slug, moderation=moderation, texts=TEXTS)
    number, url = live_site.python(code).split()[-2:]
    return number, url


def mail_to(live_site, address: str) -> str:
    """What the first mail to that address says; the outbox is emptied every few seconds."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for mail in list(live_site.mails):
            if mail["To"] == address:
                return mail.get_content()
        time.sleep(0.2)
    raise AssertionError(f"no mail to {address}")


def violations(page: Page, within: str) -> str:
    found = Axe().run(page, context=within)
    return found.generate_report() if found.violations_count else ""


def looks(page: Page, name: str, within: str) -> None:
    """No violation in light and in dark, on a desk and on a tablet; pictures of each."""
    before = page.viewport_size
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 768):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(400)  # Wagtail's colours change slowly
            report = violations(page, within)
            assert not report, f"{name} {scheme} {width}: {report}"
            if SCREENSHOTS:
                picture(page, f"{name}-{scheme}-{width}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before)


def test_the_queue_is_worked_with_the_keys_alone(sign_in, live_site):
    number, _url = prepare(live_site, "teclas")
    page = sign_in("moderador")
    page.goto(f"{QUEUE}?forum={number}")
    rows = page.locator("[data-queue=rows] tbody tr")
    expect(rows).to_have_count(4)
    looks(page, "queue", ".result-list")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Teclas")).to_be_visible()
    assert not violations(page, "dialog")
    if SCREENSHOTS:
        picture(page, "queue-keys")
    page.keyboard.press("Escape")

    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(".messages")).to_contain_text("1 decidido.")

    # Two at once, removed: the clause by its first letters, then Enter.
    for key in ("j", "j", "x", "j", "x", "r"):
        page.keyboard.press(key)
    clause = page.get_by_label("Cláusula, si no aprueba")
    expect(clause).to_be_focused()
    clause.select_option("purpose")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("2 decididos.")
    page.goto(f"{QUEUE}?forum={number}&status__exact=removed")
    expect(rows).to_have_count(2)


def test_the_keys_can_be_turned_off(sign_in, live_site):
    number, _url = prepare(live_site, "sin-teclas")
    page = sign_in("moderador")
    page.goto(f"{QUEUE}?forum={number}")
    page.get_by_role("button", name="Teclas").click()
    page.get_by_label("Usar estas teclas").uncheck()
    page.get_by_role("button", name="Cerrar").click()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("[data-queue=rows] tr:focus")).to_have_count(0)
    page.keyboard.press("?")
    page.get_by_label("Usar estas teclas").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[data-queue=rows] tr:focus")).to_have_count(1)


def test_without_javascript_the_clause_is_asked_for_on_a_page_of_its_own(sign_in, live_site):
    number, _url = prepare(live_site, "sin-script")
    page = sign_in("moderador", java_script_enabled=False)
    page.goto(f"{QUEUE}?forum={number}")
    page.locator("input[name=chosen]").first.check()
    page.get_by_role("button", name="Retirar", exact=True).click()
    page.get_by_label("Cláusula de las condiciones").select_option("respect")
    page.get_by_role("button", name="Retirar", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("1 decidido.")


def test_three_readers_hide_it_the_author_answers_and_a_moderator_decides(
    sign_in, new_context, live_site
):
    number, url = prepare(live_site, "reportes", "after")
    live_site.python(
        "from wagtail_atencion.models import ForumPolicy; "
        "ForumPolicy.objects.update(flags_to_hide=1)"
    )
    page = new_context().new_page()
    page.goto(url)
    text = page.locator("article", has_text="Vendo bicicletas")
    text.get_by_role("link", name="Reportar").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Vendo bicicletas")
    dialog.get_by_role("button", name="Enviar el reporte").click()
    expect(dialog).to_contain_text("Elija qué tiene de malo.")
    looks(page, "flag", "dialog")
    dialog.get_by_label("Es publicidad").check()
    dialog.get_by_role("button", name="Enviar el reporte").click()
    expect(dialog).to_contain_text("Gracias por su reporte")
    dialog.get_by_role("button", name="Cerrar").click()
    assert page.url.startswith(url), "it happened in place"
    page.reload()
    expect(page.locator("article", has_text="Vendo bicicletas")).to_have_count(0)

    body = mail_to(live_site, "reportes2@example.com")
    assert "Vendo" not in body
    link = re.search(r"https?://\S+/decisions/\S+/", body)[0]
    page.goto(link)
    looks(page, "appeal", ".atencion-forum")
    page.get_by_label("Por qué debería cambiar la decisión").fill("Es para la escuela.")
    page.get_by_role("button", name="Enviar mi respuesta").click()
    expect(page.get_by_role("heading", name="Recibimos su respuesta")).to_be_visible()

    staff = sign_in("moderador")
    staff.goto(f"{QUEUE}?forum={number}&asked=appealed")
    staff.keyboard.press("j")
    staff.keyboard.press("o")
    ruling = staff.locator(".atencion-ruling")
    expect(ruling).to_contain_text("Es para la escuela.")
    expect(ruling).to_contain_text("Publicidad")
    looks(staff, "decision", ".atencion-ruling")
    staff.keyboard.press("r")
    expect(staff.get_by_label("Cláusula de las condiciones")).to_be_focused()
    staff.get_by_label("Cláusula de las condiciones").select_option("purpose")
    staff.get_by_role("button", name="Retirar el aporte").click()
    expect(staff.locator(".messages")).to_be_visible()

    page.goto(url)
    page.get_by_role("link", name="Decisiones de los moderadores").click()
    log = page.locator(".atencion-forum")
    expect(log).to_contain_text("Retirado")
    expect(log).not_to_contain_text("Rosa")
    looks(page, "log", ".atencion-forum")
