"""What the FAQ hears: a question published, and an agent who answers with one."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.dispatch import receiver
from wagtail.signals import published

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.faq.editorial import settle_answered
from wagtail_atencion.faq.ladder import record_agent_answer
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.services import faq_at, locale_for
from wagtail_atencion.signals import message_posted


@receiver(published, sender=FAQ, dispatch_uid="atencion-faq-published")
def settle_what_it_answers(instance: FAQ, **kwargs: Any) -> None:
    """What asked for this question waits for an editor no longer."""
    settle_answered(instance)


@receiver(message_posted, dispatch_uid="atencion-faq-given")
def note_answer(message: Any, faq: int | None = None, **kwargs: Any) -> None:
    """An agent who sends an answer, or its link, has told which one the citizen looked for.

    ``faq`` is its number if the agent took it from the search at the desk.
    """
    if message.author != message.Author.AGENT:
        return
    conversation = message.conversation
    given = _taken(faq) if faq else _linked(message)
    asked = conversation.messages.order_by("seq").first() if given else None
    if given and asked:
        record_agent_answer(
            site=conversation.site, locale=given.locale, query=asked.text, faq=given
        )


def _taken(faq: int) -> FAQ | None:
    return FAQ.objects.select_related("locale").filter(pk=faq, live=True).first()


def _linked(message: Any) -> FAQ | None:
    """The question whose link is in the text; without one, no query."""
    path = urlsplit(conditions_for(message.conversation.site).faq_url).path
    given = re.search(rf"{re.escape(path)}([-\w]+)", message.text) if path else None
    locale = locale_for(message.conversation.language) if given else None
    return faq_at(given[1], locale=locale) if given and locale else None
