"""The loop closes: what an agent answered with a question is found by those who ask it next."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import translation

from tests.conftest import staff
from wagtail_atencion.chat import services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.faq.inquiries import Inquiry
from wagtail_atencion.faq.services import search_faqs

REPORT = "/admin/atencion/faq/asked/"

# Of each question: how citizens asked it in the chat, and how others ask it afterwards.
COLLECTION = {
    "¿Cómo obtengo el certificado de residencia?": (
        "necesito el papel que dice que vivo en la vereda",
        ["un papel que diga que vivo acá", "donde dan el papel de la vereda", "papel de que vivo"],
    ),
    "¿Cómo solicito la estratificación de mi predio?": (
        "por qué el recibo de la luz me llega tan caro",
        ["recibo de luz muy caro", "me llegó caro el recibo", "bajar el recibo de la luz"],
    ),
    "¿Cómo me inscribo en el Sisbén?": (
        "quiero que me hagan la encuesta de los pobres",
        ["la encuesta para pobres", "cuando hacen la encuesta", "encuesta de pobreza"],
    ),
    "¿Dónde reporto una luminaria dañada?": (
        "el bombillo del poste está fundido",
        ["bombillo fundido", "se fundió el poste de mi cuadra", "el bombillo de la calle"],
    ),
    "¿Cómo solicito el subsidio de Colombia Mayor?": (
        "la platica de los abuelitos",
        ["plata para mi abuelita", "ayuda platica abuelos", "la plata de los abuelos"],
    ),
}


@pytest.fixture
def collection(make_faq, faq_page):
    return {question: make_faq(question, "En la alcaldía.") for question in COLLECTION}


def figures(collection, locale) -> tuple[float, float]:
    """hit@1 and the mean reciprocal rank of what was not asked in the chat."""
    places = []
    for question, (_asked, held_out) in COLLECTION.items():
        for query in held_out:
            found = [faq.pk for faq in search_faqs(query, locale=locale, limit=10)]
            right = collection[question].pk
            places.append(found.index(right) + 1 if right in found else 0)
    ranks = [1 / place if place else 0.0 for place in places]
    return sum(place == 1 for place in places) / len(places), sum(ranks) / len(ranks)


def test_an_agents_link_and_one_click_raise_the_figures(
    client,
    agent,
    collection,
    faq_page,
    open_now,
    origin,
    site,
    spanish,
    django_capture_on_commit_callbacks,
) -> None:
    before = figures(collection, spanish)
    for question, (asked, _held_out) in COLLECTION.items():
        key = CitizenKey(uuid4(), "s" * 43)
        with translation.override("es"), django_capture_on_commit_callbacks(execute=True):
            services.start_conversation(
                site=site,
                key=key,
                name="Ana Pérez",
                email="ana@example.com",
                question=asked,
                terms_version=1,
                origin=origin,
            )
            services.accept_conversation(conversation_id=key.conversation, agent=agent)
            link = f"https://testserver{faq_page.url}{collection[question].slug}/"
            services.post_as_agent(
                conversation_id=key.conversation,
                agent=agent,
                client_id=uuid4(),
                text=f"Buenos días. Aquí está explicado: {link}. Con gusto.",
                origin=origin,
            )
    assert Inquiry.objects.filter(outcome=Inquiry.Outcome.AGENT).count() == len(COLLECTION)
    assert figures(collection, spanish) == before  # nothing is taught without an editor

    verbs = ("add", "change", "publish")
    client.force_login(staff("publisher", *[f"wagtail_atencion.{verb}_faq" for verb in verbs]))
    for group in client.get(REPORT).context["groups"]:
        # What the button sends: the first question of its list is the one that the agent gave.
        right = next(q for q, (asked, _) in COLLECTION.items() if asked == group.wordings[0])
        assert group.opened == [collection[right]]
        body = {"do": "phrase", "faq": group.opened[0].pk, "key": group.keys}
        client.post(REPORT, {**body, "text": group.wordings[0]})
    assert not client.get(REPORT).context["groups"]

    after = figures(collection, spanish)
    assert before[0] <= 0.3
    assert after[0] >= before[0] + 0.5
    assert after[1] >= before[1] + 0.5
