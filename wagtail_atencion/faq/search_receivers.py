"""Tells the search that something it reads has changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from wagtail_atencion.faq.memory import changed
from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.synonyms import FAQSynonyms

# Wagtail writes other columns of a row at every draft: the search has nothing to do with those.
READ = {"question", "answer", "phrasings", "keywords", "category", "live", "locale", "name"}


@receiver([post_save, post_delete], sender=FAQ)
@receiver([post_save, post_delete], sender=FAQCategory)
@receiver([post_save, post_delete], sender=FAQSynonyms)
def searched_text_changed(
    sender: type[FAQ] | type[FAQCategory] | type[FAQSynonyms],
    instance: FAQ | FAQCategory | FAQSynonyms,
    update_fields: Collection[str] | None = None,
    raw: bool = False,
    **kwargs: Any,
) -> None:
    if sender is not FAQSynonyms and update_fields is not None and READ.isdisjoint(update_fields):
        return
    changed(instance.locale_id)
