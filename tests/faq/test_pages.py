"""The page of questions and the block, as a browser without JavaScript gets them."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from wagtail.blocks.struct_block import StructBlockValidationError

from wagtail_atencion.conditions import memory
from wagtail_atencion.faq.blocks import FAQBlock
from wagtail_atencion.faq.models import FAQ, FAQCategory


def body(client, url: str, **parameters: str) -> str:
    response = client.get(url, parameters)
    assert response.status_code == 200
    return response.content.decode()


def test_questions_stand_by_category_in_the_editors_order(
    client, faq_page, category, spanish, make_faq
) -> None:
    taxes = FAQCategory.objects.create(name="Impuestos", locale=spanish, order=1)
    make_faq("Quinta", category=taxes)
    make_faq("Tercera", order=2)
    make_faq("Segunda", order=1)
    make_faq("Borrador", live=False)
    html = body(client, faq_page.url)
    listed = html[html.index("<section") : html.rindex("</section>")]
    shown = re.findall(r"<h2[^>]*>(.*?)</h2>|atencion-faq__question\">(.*?)</summary>", listed)
    assert [heading or question for heading, question in shown] == [
        "Trámites", "Segunda", "Tercera", "Impuestos", "Quinta",
    ]  # fmt: skip


def test_each_answer_has_its_own_address(client, faq_page, licence, passport) -> None:
    ids = re.findall(r'atencion-faq__answer" id="([^"]+)"', body(client, faq_page.url))
    assert ids == [passport.slug, licence.slug]


def test_a_category_without_published_questions_is_left_out(client, faq_page, make_faq) -> None:
    make_faq("Borrador", live=False)
    html = body(client, faq_page.url)
    assert "Trámites" not in html
    assert "There are no questions yet." in html


def test_search_needs_no_javascript(client, faq_page, licence, passport) -> None:
    html = body(client, faq_page.url, q="LICENCIA")
    assert licence.question in html
    assert passport.question not in html
    assert 'value="LICENCIA"' in html
    assert "<details" in html


def test_search_says_when_it_finds_nothing(client, faq_page, licence) -> None:
    html = body(client, faq_page.url, q="<script>alert(1)</script>")
    assert "No question has those words" in html
    assert "<script>alert" not in html


@override_settings(WAGTAIL_ATENCION={"RATES": {"faq_search": "1/d"}})
def test_too_many_searches_are_told_on_the_page(client, faq_page, licence) -> None:
    body(client, faq_page.url, q="licencia")
    response = client.get(faq_page.url, {"q": "licencia"})
    assert response.status_code == 429
    assert "There were many requests from your connection" in response.content.decode()
    assert response["Retry-After"]
    body(client, faq_page.url)  # reading is never limited


def test_the_page_takes_the_same_queries_for_5_and_for_500_questions(
    client, faq_page, category
) -> None:
    link = f'<p><a linktype="page" id="{faq_page.pk}">enlace</a></p>'

    def publish(numbers: range) -> None:
        FAQ.objects.bulk_create(
            FAQ(
                question=f"Pregunta {number}",
                answer=link,
                slug=f"pregunta-{number}",
                category=category,
                locale=category.locale,
                live=True,
            )
            for number in numbers
        )

    def queries() -> int:
        memory.forget()  # else the conditions are read in one of two moments only
        with CaptureQueriesContext(connection) as captured:
            body(client, faq_page.url)
        return len(captured)

    publish(range(5))
    queries()  # fills the caches of sites and content types
    few = queries()
    publish(range(5, 500))
    assert queries() == few
    assert few <= 18  # six are ours, the rest Wagtail's and the conditions'


def test_an_editor_sees_the_question_before_publishing(client, admin_client, licence, site) -> None:
    licence.question = "¿Cómo saco el pase?"
    response = licence.make_preview_request()
    assert response.status_code == 200
    assert "¿Cómo saco el pase?" in response.rendered_content


def render(category=None, questions=()) -> str:
    block = FAQBlock()
    value = block.to_python(
        {
            "heading": "Lo más preguntado",
            "category": category and category.pk,
            "questions": [question.pk for question in questions],
        }
    )
    return block.render(value)


def test_the_block_shows_a_category(licence, passport, category, make_faq) -> None:
    make_faq("Borrador", live=False)
    html = render(category=category)
    assert "Lo más preguntado" in html
    assert licence.question in html
    assert passport.question in html
    assert "Borrador" not in html
    assert " id=" not in html  # two blocks on one page may show the same question


def test_the_block_shows_chosen_questions_that_are_published(licence, passport, make_faq) -> None:
    draft = make_faq("Borrador", live=False)
    html = render(questions=[passport, draft])
    assert passport.question in html
    assert licence.question not in html
    assert "Borrador" not in html


def test_the_block_shows_nothing_at_all_when_nothing_is_published(make_faq) -> None:
    assert render(questions=[make_faq("Borrador", live=False)]).strip() == ""


@pytest.mark.parametrize("both", [True, False])
def test_the_block_wants_a_category_or_questions(both, licence, category) -> None:
    block = FAQBlock()
    value = block.to_python(
        {"category": category.pk, "questions": [licence.pk]} if both else {"questions": []}
    )
    with pytest.raises(StructBlockValidationError):
        block.clean(value)
