"""How editors write, find and publish questions in the admin."""

from __future__ import annotations

import pytest
from django.urls import reverse

from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.services import search_faqs

pytestmark = pytest.mark.usefixtures("site")

# An answer as Draftail sends it.
ANSWER = (
    '{"blocks": [{"key": "a", "text": "En la Secretaría.", "type": "unstyled", "depth": 0,'
    ' "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}'
)


def form(category: FAQCategory, question: str, **fields: str) -> dict[str, str | int]:
    return {
        "question": question,
        "answer": ANSWER,
        "phrasings": "",
        "category": category.pk,
        "origin": "editor",
        "order": 0,
        "slug": "",
        **fields,
    }


def address(action: str, *args: object) -> str:
    return reverse(f"wagtailsnippets_wagtail_atencion_faq:{action}", args=args)


def publish(client, faq: FAQ, question: str) -> None:
    response = client.post(
        address("edit", faq.pk), form(faq.category, question, **{"action-publish": "1"})
    )
    assert response.status_code == 302


def titles(client, **parameters: str) -> list[str]:
    response = client.get(address("list"), parameters)
    assert response.status_code == 200
    return [faq.question for faq in response.context["object_list"]]


def test_the_list_is_searched_while_typing_and_filtered(
    admin_client, licence, passport, make_faq, spanish
) -> None:
    make_faq("¿Hay subsidio?", live=False)
    assert titles(admin_client, q="licen") == [licence.question]
    assert titles(admin_client, q="chofer") == [licence.question]
    assert titles(admin_client, live="false") == ["¿Hay subsidio?"]
    taxes = FAQCategory.objects.create(name="Impuestos", locale=spanish)
    assert titles(admin_client, category=str(taxes.pk)) == []


@pytest.mark.parametrize("query", ['licen"', "\"'", "licen*", "(licen", "\x00licen", "'--"])
def test_nothing_typed_in_the_list_is_an_error(query, admin_client, licence) -> None:
    assert titles(admin_client, q=query) == [licence.question]


def test_the_list_takes_the_same_queries_however_long(
    admin_client, make_faq, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    make_faq("Primera")
    titles(admin_client)
    with django_assert_max_num_queries(30) as few:
        titles(admin_client)
    for number in range(20):
        make_faq(f"Pregunta {number}")
    with django_assert_num_queries(len(few)):
        titles(admin_client)


def test_a_question_is_drafted_and_then_published(admin_client, category) -> None:
    """The editor's browser saves while she types, so the first text is not the question yet."""
    assert admin_client.post(address("add"), form(category, "¿Dónde pi")).status_code == 302
    faq = FAQ.objects.get()
    assert not faq.live
    assert search_faqs("beca", locale=faq.locale) == []
    publish(admin_client, faq, "¿Dónde pido la beca?")
    assert search_faqs("beca", locale=faq.locale) == [faq]
    faq.refresh_from_db()
    assert faq.slug == "donde-pido-la-beca"


def test_links_outlive_a_new_wording(admin_client, category) -> None:
    admin_client.post(address("add"), form(category, "¿Dónde pido la beca?"))
    faq = FAQ.objects.get()
    publish(admin_client, faq, "¿Dónde pido la beca?")
    publish(admin_client, faq, "¿Cómo se pide la beca?")
    faq.refresh_from_db()
    assert (faq.question, faq.slug) == ("¿Cómo se pide la beca?", "donde-pido-la-beca")


def test_a_short_name_that_is_taken_is_told_in_the_form(admin_client, category, licence) -> None:
    response = admin_client.post(
        address("add"), form(category, "¿Y la otra licencia?", slug=licence.slug)
    )
    assert response.status_code == 200
    assert "slug" in response.context["form"].errors
    assert FAQ.objects.count() == 1


def test_the_form_explains_what_to_write(admin_client) -> None:
    html = admin_client.get(address("add")).content.decode()
    assert "As a citizen would ask it" in html
    assert "One per line" in html


def test_a_question_is_chosen_by_its_words(admin_client, licence, passport) -> None:
    response = admin_client.get(
        reverse("wagtailsnippetchoosers_wagtail_atencion_faq:choose_results"), {"q": "conducc"}
    )
    html = response.content.decode()
    assert licence.question in html
    assert passport.question not in html


def test_who_may_not_change_questions_does_not_see_them(client, agent) -> None:
    client.force_login(agent)
    assert client.get(address("list")).status_code == 302


def test_categories_are_put_in_order_by_dragging(admin_client, category, spanish) -> None:
    taxes = FAQCategory.objects.create(name="Impuestos", locale=spanish, order=1)
    url = reverse("wagtailsnippets_wagtail_atencion_faqcategory:reorder", args=[taxes.pk])
    assert admin_client.post(f"{url}?position=0").status_code == 200
    assert list(FAQCategory.objects.all()) == [taxes, category]
