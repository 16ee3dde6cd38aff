"""The pages of the FAQ with hundreds of questions: valid, accessible, and what a person sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .looks import SIZES, looked_at
from .nu_checker import errors_in
from .pictures import pictures

pytestmark = pytest.mark.browser

INDEX = "/atencion-al-ciudadano/preguntas-frecuentes/"
FIVE_HUNDRED = """
from wagtail.models import Locale
from wagtail_atencion.faq import memory
from wagtail_atencion.models import FAQ, FAQCategory
locale = Locale.get_default()
for place in range(10):
    category = FAQCategory.objects.create(
        name=f"Dependencia {place}", slug=f"dependencia-{place}", order=900 + place, locale=locale
    )
    FAQ.objects.bulk_create(
        FAQ(
            question=f"¿Cómo pido el documento número {place}-{number} & <otros>?",
            answer="<p>En la <b>ventanilla</b>.</p><ul><li>Cédula</li><li>Recibo</li></ul>",
            slug=f"documento-{place}-{number}", category=category, locale=locale, live=True,
        )
        for number in range(50)
    )
memory.changed(locale.pk)
"""


@pytest.fixture(scope="module")
def five_hundred(live_site) -> Iterator[None]:
    live_site.python(FIVE_HUNDRED)
    yield
    live_site.python(
        "from wagtail_atencion.models import FAQ, FAQCategory\n"
        "FAQ.objects.filter(slug__startswith='documento-').delete()\n"
        "FAQCategory.objects.filter(slug__startswith='dependencia-').delete()"
    )


def test_hundreds_of_questions_are_valid_and_accessible(
    new_context, five_hundred, tmp_path
) -> None:
    page = new_context().new_page()
    page.goto(INDEX)
    assert page.locator("main details").count() >= 500
    states = {"index": page.request.get(INDEX).text()}
    looked_at(page, "faq-index")

    page.goto(f"{INDEX}documento-3-7/")
    expect(page.locator("main h1")).to_contain_text("3-7 & <otros>")
    states["question"] = page.request.get(f"{INDEX}documento-3-7/").text()
    looked_at(page, "faq-question")

    for name, query in {"results": "documento ventanilla", "nothing": "zzzz"}.items():
        page.goto(f"{INDEX}?q={query}")
        states[name] = page.request.get(f"{INDEX}?q={query}").text()
        looked_at(page, f"faq-{name}")
    assert errors_in(states, tmp_path) == []


def test_suggestions_are_announced_read_and_accessible(new_context) -> None:
    page = new_context(viewport=SIZES[0]).new_page()
    page.goto(INDEX)
    search = page.locator(".atencion-faq-page__search [name=q]")
    search.press_sequentially("impue", delay=20)
    place = page.locator("[data-suggestions]")
    first = place.locator("details").first
    expect(first).to_be_visible()
    expect(place.get_by_role("status")).to_contain_text(re.compile(r"\w"))
    looked_at(page, "faq-suggestions")
    first.locator("summary").press("Enter")
    expect(first.locator(".atencion-faq__answer")).to_be_visible()
    looked_at(page, "faq-suggestion-open")


def test_the_reports_of_the_demonstration_show_something(sign_in) -> None:
    page = sign_in("editora")
    for name in ("asked", "due", "to-chat", "comments"):
        page.goto(f"/admin/atencion/faq/{name}/")
        assert page.locator("main table.listing tbody tr").count() >= 3, name
        found = Axe().run(page, context="main table.listing")
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        pictures(page, f"faq-report-{name}")
    page.locator("button[name=do][value=settle]").first.click()
    expect(page.locator(".messages .success")).to_be_visible()
    expect(page.locator("button[name=do][value=bring_back]")).to_have_count(1)
