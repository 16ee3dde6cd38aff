"""What a citizen is told beside their message. A notice refuses nothing."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext as _

from wagtail_atencion.chat.diversion import Phrases
from wagtail_atencion.chat.models import Message
from wagtail_atencion.chat.pqrd import PQRDRule
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import clauses
from wagtail_atencion.conduct.decisions import Clause, Decision


def reads_like_pqrd(text: str) -> bool:
    """Whether ``text`` reads like a petition, complaint, claim or denunciation."""
    return pqrd_phrases().found_in(text)


def pqrd_phrases() -> Phrases:
    """The phrases in force that a petition, complaint, claim or denunciation is known by."""
    rules = PQRDRule.objects.filter(active=True).order_by("pk")
    return _phrases(tuple(rules.values_list("phrases", flat=True)))


@lru_cache(maxsize=4)
def _phrases(rules: tuple[str, ...]) -> Phrases:
    return Phrases(line for rule in rules for line in rule.splitlines())


def notice_of(message: Message) -> dict[str, str] | None:
    """The notice that goes with a stored message, the same each time it is asked for."""
    if message.clause:
        site = message.conversation.site
        masked = clauses.notice_of(Decision.MASK, Clause(message.clause), site)
        url = conditions_for(site).conditions_url
        return {"kind": "conduct", "text": str(masked), "url": url}
    if not message.reads_like_pqrd:
        return None
    url = conditions_for(message.conversation.site).pqrd_url
    if not url:
        return None
    text = _(
        "This reads like a petition, complaint, claim or denunciation. Your message has been sent; "
        "but only what you file in the PQRD channel gets a number and an answer within the time "
        "that the law sets."
    )
    return {"kind": "pqrd", "text": text, "url": url}
