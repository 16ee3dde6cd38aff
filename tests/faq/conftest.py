"""A small collection of questions, in Spanish."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from wagtail.models import Locale, Site

from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.pages import FAQIndexPage

MakeFAQ = Callable[..., FAQ]


@pytest.fixture
def spanish(root) -> Locale:
    return Locale.objects.get_or_create(language_code="es")[0]


@pytest.fixture
def category(spanish) -> FAQCategory:
    return FAQCategory.objects.create(name="Trámites", locale=spanish)


@pytest.fixture
def make_faq(category) -> MakeFAQ:
    def make(question: str, answer: str = "", **fields: object) -> FAQ:
        fields.setdefault("category", category)
        return FAQ.objects.create(question=question, answer=f"<p>{answer}</p>", **fields)

    return make


@pytest.fixture
def licence(make_faq) -> FAQ:
    return make_faq(
        "¿Cómo saco la licencia de conducción?",
        "Pida cita en la oficina de tránsito.",
        phrasings="quiero sacar el pase\nrenovar el carné de chofer",
    )


@pytest.fixture
def passport(make_faq) -> FAQ:
    return make_faq("¿Cuánto cuesta el pasaporte?", "Consulte las tarifas del año.")


@pytest.fixture
def faq_page(site: Site, spanish) -> FAQIndexPage:
    """The page of questions, which the operating conditions name."""
    page = FAQIndexPage(title="Preguntas frecuentes", slug="preguntas", locale=spanish)
    site.root_page.add_child(instance=page)
    AtencionSettings.objects.filter(site=site).update(faq_page=page)
    return page
