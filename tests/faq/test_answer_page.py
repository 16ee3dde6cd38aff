"""The page of one answer, and what search engines are told."""

from __future__ import annotations

import json
import warnings
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils import translation
from wagtail.models import Page

from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.structured_data import faq_page as structured

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own dependencies; ours stay errors
    from extruct.jsonld import JsonLdExtractor


def body(client, url: str, **parameters: str) -> str:
    response = client.get(url, parameters)
    assert response.status_code == 200
    return response.content.decode()


def test_each_question_has_a_page_of_its_own(client, faq_page, licence, passport, make_faq) -> None:
    html = body(client, f"{faq_page.url}{licence.slug}/")
    assert f"<h1>{licence.question}</h1>" in html
    assert "Pida cita en la oficina de tránsito." in html
    assert f'href="/preguntas/{passport.slug}/">{passport.question}</a>' in html  # beside it
    assert "Consulte las tarifas" not in html
    assert f"<title>{licence.question}" in html


def test_the_answers_of_the_page_and_of_a_search_link_to_it(client, faq_page, licence) -> None:
    assert f'href="/preguntas/{licence.slug}/"' in body(client, faq_page.url)
    found = body(client, faq_page.url, q="pase & chofer")
    assert f'href="/preguntas/{licence.slug}/?q=pase%20%26%20chofer"' in found


def test_the_words_that_led_there_go_along_with_the_opinion(client, faq_page, licence) -> None:
    html = body(client, f"{faq_page.url}{licence.slug}/", q='pase "x')
    assert '<input type="hidden" name="q" value="pase &quot;x">' in html


@pytest.mark.parametrize("slug", ["no-hay", "borrador", "%C3%B1"])
def test_what_is_not_published_has_no_page(client, faq_page, make_faq, slug) -> None:
    make_faq("Borrador", live=False, slug="borrador")
    assert client.get(f"{faq_page.url}{slug}/").status_code == 404


def test_a_question_of_another_language_has_no_page_here(client, faq_page, root) -> None:
    category = FAQCategory.objects.create(name="Taxes")  # the default language, English
    category.faqs.create(question="What?", answer="<p>That.</p>", slug="what", live=True)
    assert client.get(f"{faq_page.url}what/").status_code == 404


def test_pages_under_the_page_of_questions_are_still_there(faq_page, licence) -> None:
    faq_page.add_child(instance=Page(title="Ayuda", slug="ayuda"))
    assert faq_page.route(None, ["ayuda"]).page.slug == "ayuda"


def test_the_page_takes_few_queries(
    client, faq_page, licence, make_faq, django_assert_max_num_queries
) -> None:
    for number in range(30):
        make_faq(f"Pregunta {number}")
    with django_assert_max_num_queries(22):
        html = body(client, f"{faq_page.url}{licence.slug}/")
    assert html.count("Pregunta ") == 5


def test_the_sitemap_names_every_answer(faq_page, licence, passport, make_faq) -> None:
    make_faq("Borrador", live=False)
    locations = [entry["location"] for entry in faq_page.get_sitemap_urls()]
    assert locations == [
        "http://testserver/preguntas/",
        f"http://testserver/preguntas/{passport.slug}/",
        f"http://testserver/preguntas/{licence.slug}/",
    ]


class TestStructuredData:
    """Read by extruct, which knows nothing of how we write it."""

    def found(self, html: str) -> list[dict]:
        return JsonLdExtractor().extract(html)

    def test_the_page_of_questions_is_a_faqpage(self, client, faq_page, licence, passport) -> None:
        (data,) = self.found(body(client, faq_page.url))
        assert (data["@context"], data["@type"]) == ("https://schema.org", "FAQPage")
        assert [(each["@type"], each["name"]) for each in data["mainEntity"]] == [
            ("Question", passport.question),
            ("Question", licence.question),
        ]
        answer = data["mainEntity"][1]["acceptedAnswer"]
        assert answer["@type"] == "Answer"
        assert "<p>Pida cita en la oficina de tránsito.</p>" in answer["text"]

    def test_so_is_one_of_five_hundred(self, client, faq_page, category) -> None:
        FAQ.objects.bulk_create(
            FAQ(
                question=f"¿Pregunta {number}?",
                answer="<p>Sí & <b>no</b>.</p>",
                slug=f"pregunta-{number}",
                category=category,
                locale=category.locale,
                live=True,
            )
            for number in range(500)
        )
        (data,) = self.found(body(client, faq_page.url))
        assert len({each["name"] for each in data["mainEntity"]}) == 500

    def test_the_page_of_an_answer_tells_that_one(
        self, client, faq_page, licence, passport
    ) -> None:
        (data,) = self.found(body(client, f"{faq_page.url}{licence.slug}/"))
        assert [each["name"] for each in data["mainEntity"]] == [licence.question]

    def test_a_search_tells_nothing(self, client, faq_page, licence) -> None:
        assert self.found(body(client, faq_page.url, q="licencia")) == []

    def test_no_text_gets_out_of_its_script(self, client, faq_page, make_faq) -> None:
        evil = '</script><script>alert(1)</script><!-- \u2028 & "comillas" \\'
        make_faq(evil, "Respuesta")
        html = body(client, faq_page.url)
        (data,) = self.found(html)
        assert data["mainEntity"][0]["name"] == evil
        assert "<script>alert" not in html

    @pytest.mark.parametrize("text", ["</SCRIPT >", "<!--<script>", "\u2029", "'\"\\u003c"])
    def test_a_browser_ends_the_script_where_we_do(self, text) -> None:
        class Scripts(HTMLParser):
            scripts = 0

            def handle_starttag(self, tag, attrs) -> None:
                self.scripts += tag == "script"

        class One:
            question = answer_html = text

        made = structured([One()], language="es")
        parser = Scripts()
        parser.feed(f"<script>{made}</script><p>")
        assert parser.scripts == 1
        assert json.loads(made)["mainEntity"][0]["name"] == text


class TestTag:
    def rendered(self, source: str) -> str:
        with translation.override("es"):
            return Template("{% load atencion %}" + source).render(Context())

    def test_it_shows_a_category_by_its_short_name(self, licence, category, make_faq) -> None:
        make_faq("Borrador", live=False)
        html = self.rendered('{% atencion_faqs "tramites" heading="Lo más preguntado" %}')
        assert licence.question in html
        assert "<h2>Lo más preguntado</h2>" in html
        assert "Borrador" not in html

    def test_no_such_category_shows_nothing(self, licence) -> None:
        assert self.rendered('{% atencion_faqs "no-hay" %}').strip() == ""

    def test_no_question_is_no_data(self, root) -> None:
        assert self.rendered("{% atencion_faq_data faqs %}") == ""
