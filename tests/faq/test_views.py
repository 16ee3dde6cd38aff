"""The search of the FAQ as the chat and other programs call it."""

from __future__ import annotations

import pytest
from django.test import override_settings
from django.urls import reverse

pytestmark = pytest.mark.usefixtures("site")


def search(client, query: str, **parameters: str):
    return client.get(reverse("atencion:faq_search"), {"q": query, "lang": "es", **parameters})


def test_it_tells_question_answer_and_address(client, licence, passport, faq_page) -> None:
    response = search(client, "licencia conduccion")
    assert response.status_code == 200
    assert response.json() == {
        "results": [
            {
                "id": licence.pk,
                "question": "¿Cómo saco la licencia de conducción?",
                "answer": "<p>Pida cita en la oficina de tránsito.</p>",
                "url": "/preguntas/como-saco-la-licencia-de-conduccion/",
                "confident": True,
            }
        ]
    }


def test_without_a_page_of_questions_there_is_no_address(client, licence) -> None:
    assert search(client, "licencia").json()["results"][0]["url"] is None


@pytest.mark.parametrize("query", ["biblioteca", "", '"', "\x00"])
def test_no_match_is_an_empty_list(client, licence, query) -> None:
    response = search(client, query)
    assert (response.status_code, response.json()) == (200, {"results": []})


def test_answers_may_be_cached_for_a_short_time_and_set_no_cookie(client, licence) -> None:
    response = search(client, "licencia")
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_it_only_reads(client) -> None:
    assert client.post(reverse("atencion:faq_search")).status_code == 405


@override_settings(WAGTAIL_ATENCION={"RATES": {"faq_search": "2/d"}})
def test_too_many_searches_are_told_when_to_come_back(client, licence) -> None:
    for _ in range(2):
        assert search(client, "licencia").status_code == 200
    response = search(client, "licencia")
    assert response.status_code == 429
    error = response.json()["error"]
    assert error["code"] == "too_many"
    assert error["message"]
    assert 0 < error["retry_after"] <= 86_400
    assert response["Retry-After"] == str(error["retry_after"])
    assert response["Cache-Control"] == "no-store"
