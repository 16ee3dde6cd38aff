"""The frequently asked questions of the demonstration."""

from __future__ import annotations

import json

from wagtail.models import Locale

from example_site.home.demo import CONTENT
from wagtail_atencion.models import FAQ, FAQCategory


def load_faqs() -> None:
    """Publish the questions of ``faqs.json`` with their categories, unless there are any."""
    if FAQ.objects.exists():
        return
    locale = Locale.get_default()
    groups = json.loads((CONTENT / "faqs.json").read_text(encoding="utf-8"))
    for place, group in enumerate(groups):
        category = FAQCategory.objects.create(
            name=group["category"], order=place * 10, locale=locale
        )
        for order, entry in enumerate(group["faqs"]):
            faq = FAQ.objects.create(
                category=category,
                question=entry["question"],
                answer=entry["answer"],
                phrasings="\n".join(entry["phrasings"]),
                order=order * 10,
                locale=locale,
            )
            faq.save_revision().publish()
