"""Ending a conversation for misuse: a restriction in one step, with what was said as evidence."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import User

from wagtail_atencion.chat.access import find_to_read
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conduct import sanctions
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.models import reference_of
from wagtail_atencion.conduct.restrictions import Scope, Target
from wagtail_atencion.conduct.sanction import EVIDENCE_LENGTH, Sanction


def restrict_citizen(
    *,
    conversation_id: UUID,
    agent: User,
    clause: Clause,
    scope: Scope,
    days: int | None,
    evidence: str,
    with_device: bool = False,
    with_network: bool = False,
    although_shared: bool = False,
) -> Sanction:
    """Restrict the citizen of a conversation for ``days`` or until it is lifted; that ends it.

    Their e-mail address is always restricted, their browser and their IP address on demand. Raises
    ``NotPermitted`` without the permission to restrict, ``NotFound``, and ``Invalid`` as
    ``sanctions.impose`` does.
    """
    conversation = find_to_read(conversation_id, agent)
    return sanctions.impose(
        site=conversation.site,
        author=agent,
        target=Target(
            email=conversation.email,
            device=conversation.device if with_device else "",
            network=(conversation.ip or "") if with_network else "",
        ),
        scope=scope,
        clause=clause,
        duration=timedelta(days=days) if days else None,
        evidence=evidence,
        reference=reference_of(conversation),
        although_shared=although_shared,
    )


def evidence_of(conversation: Conversation) -> str:
    """The citizen's last messages, as evidence begins: what an agent shortens before it is kept."""
    said = conversation.messages.filter(author="citizen").order_by("-seq")
    lines: list[str] = []
    left = EVIDENCE_LENGTH
    for text, seq in said.values_list("text", "seq")[:50]:
        line = f"{seq}. {text}"
        left -= len(line) + 1
        if left < 0:
            break
        lines.append(line)
    return "\n".join(reversed(lines))
