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
from wagtail_atencion.recent import Recent


def reads_like_pqrd(text: str) -> bool:
    """Whether ``text`` reads like a petition, complaint, claim or denunciation."""
    return pqrd_phrases().found_in(text)


def pqrd_phrases() -> Phrases:
    """The phrases in force that a petition, complaint, claim or denunciation is known by, as they
    were less than a second ago."""
    return phrases_in_force([None])[None]


def _in_force(keys: object) -> dict[None, Phrases]:
    rules = PQRDRule.objects.filter(active=True).order_by("pk")
    return {None: _phrases(tuple(rules.values_list("phrases", flat=True)))}


phrases_in_force = Recent(_in_force)


@lru_cache(maxsize=4)
def _phrases(rules: tuple[str, ...]) -> Phrases:
    return Phrases(line for rule in rules for line in rule.splitlines())


Notice = dict[str, str]


def may_have_notices(message: Message) -> bool:
    """Whether there is anything to say of a stored message: of most there is nothing."""
    return bool(message.clause or message.reads_like_pqrd)


def notices_of(message: Message) -> list[Notice]:
    """The notices that go with a stored message, the same each time they are asked for."""
    return [notice for notice in (cover_notice(message), pqrd_notice(message)) if notice]


def cover_notice(message: Message) -> Notice | None:
    """That words of the message were covered, and which rule of the conditions says so."""
    if not message.clause:
        return None
    site = message.conversation.site
    text = clauses.notice_of(Decision.MASK, Clause(message.clause), site)
    return {"kind": "conduct", "text": str(text), "url": conditions_for(site).conditions_url}


def pqrd_notice(message: Message) -> Notice | None:
    """That the message reads like a matter for the PQRD channel, where the entity has one."""
    url = conditions_for(message.conversation.site).pqrd_url
    if not (message.reads_like_pqrd and url):
        return None
    text = _(
        "This reads like a petition, complaint, claim or denunciation. Your message has been sent; "
        "but only what you file in the PQRD channel gets a number and an answer within the time "
        "that the law sets."
    )
    return {"kind": "pqrd", "text": text, "url": url}
