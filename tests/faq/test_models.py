"""Short names for links, and what protects what."""

from __future__ import annotations

import pytest
from django.db.models import ProtectedError
from wagtail.models import Locale

from wagtail_atencion.faq.models import FAQ, SLUG_LENGTH, FAQCategory
from wagtail_atencion.faq.services import expand_answers


def test_the_short_name_is_made_from_the_question_and_stays(licence) -> None:
    assert licence.slug == "como-saco-la-licencia-de-conduccion"
    licence.question = "¿Cómo obtengo la licencia?"
    licence.save()
    assert licence.slug == "como-saco-la-licencia-de-conduccion"


def test_equal_questions_get_different_short_names(make_faq) -> None:
    slugs = [make_faq("¿Cuánto vale?").slug for _ in range(3)]
    assert slugs == ["cuanto-vale", "cuanto-vale-2", "cuanto-vale-3"]


def test_long_and_wordless_questions_have_short_names_too(make_faq) -> None:
    assert len(make_faq("palabra " * 30).slug) <= SLUG_LENGTH
    assert make_faq("¿¿??").slug == "faq"


def test_a_translation_keeps_the_short_name_in_its_language(licence) -> None:
    english = Locale.objects.get(language_code="en")
    translation = licence.copy_for_translation(english)
    translation.save()
    assert (translation.slug, translation.locale) == (licence.slug, english)


def test_a_question_is_in_the_language_of_its_category(licence, spanish) -> None:
    assert licence.locale == spanish


def test_a_category_with_questions_cannot_be_deleted(licence, category) -> None:
    with pytest.raises(ProtectedError):
        category.delete()
    assert FAQCategory.objects.filter(pk=category.pk).exists()


def test_the_links_of_many_answers_are_resolved_together(
    make_faq, site, django_assert_max_num_queries
) -> None:
    link = f'<a linktype="page" id="{site.root_page_id}">Inicio</a>'
    for number in range(20):
        make_faq(f"Pregunta {number}", link)
    faqs = list(FAQ.objects.all())
    with django_assert_max_num_queries(3):
        expanded = expand_answers(faqs)
    assert all('<a href="/">Inicio</a>' in faq.answer_html for faq in expanded)


def test_an_answer_with_a_broken_tag_does_not_spoil_the_others(make_faq) -> None:
    make_faq("Primera", "<a ")
    make_faq("Segunda", '<a href="https://example.gov">sitio</a>')
    first, second = expand_answers(FAQ.objects.order_by("question"))
    assert second.answer_html.strip() == '<p><a href="https://example.gov">sitio</a></p>'
    assert "sitio" not in first.answer_html


def test_an_answer_alone_resolves_its_own_links(make_faq, site) -> None:
    faq = make_faq("Una", f'<a linktype="page" id="{site.root_page_id}">Inicio</a>')
    assert '<a href="/">Inicio</a>' in FAQ.objects.get(pk=faq.pk).answer_html
