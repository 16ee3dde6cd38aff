"""The questions as search engines read them: schema.org's FAQPage in JSON-LD. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Protocol

# A script element ends at the first "</script", whatever the JSON around it says.
_ESCAPED = str.maketrans(
    {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


class Answered(Protocol):
    """What is told of one question."""

    question: str

    @property
    def answer_html(self) -> str: ...


def faq_page(faqs: Iterable[Answered], *, language: str) -> str:
    """A FAQPage as JSON that may stand inside a script element as it is."""
    page = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": language,
        "mainEntity": [
            {
                "@type": "Question",
                "name": faq.question,
                "acceptedAnswer": {"@type": "Answer", "text": str(faq.answer_html).strip()},
            }
            for faq in faqs
        ],
    }
    return json.dumps(page, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
