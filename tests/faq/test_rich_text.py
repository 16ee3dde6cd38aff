"""What is left of an answer that came from elsewhere."""

from __future__ import annotations

import json
from contextlib import suppress
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from tests.conditions.schedule_cases import shared_vectors
from wagtail_atencion.faq.rich_text import clean_answer


def test_no_published_attack_survives_in_an_answer(root) -> None:
    attributes = {"data-block-key", "href"}
    for vector in json.loads(shared_vectors("xss_owasp.json").read_text(encoding="utf-8")):
        with suppress(ValueError):
            for tag in BeautifulSoup(clean_answer(vector["payload"]), "html.parser").find_all():
                assert tag.name in {"p", "b", "i", "ul", "ol", "li", "a", "br"}
                assert tag.attrs.keys() <= attributes
                assert urlsplit(tag.get("href", "")).scheme in {"", "http", "https", "mailto"}
