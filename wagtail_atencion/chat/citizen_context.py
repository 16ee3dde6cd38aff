"""What the desk shows of a citizen beside the conversation, as far as the agent may see it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_atencion import permissions
from wagtail_atencion.chat.frames import Frame, iso
from wagtail_atencion.chat.misuse import evidence_of
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import sanctions
from wagtail_atencion.conduct.access_log import record_access
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.models import Submission, reference_of
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.errors import NotPermitted

MOST = 20  # earlier conversations, and sanctions


def context_of(conversation: Conversation, agent: User) -> Frame:
    """The facts beside a conversation, in five queries at most.

    ``sanctions`` and ``misuse`` (what a restriction would be filled with) are null for who may not
    restrict persons; ``may_read_earlier`` says whether ``earlier_of`` would answer.
    """
    terms = conversation.acceptance.terms
    conditions = conditions_for(conversation.site)
    trace = Submission.objects.filter(reference=reference_of(conversation)).order_by("id").first()
    return {
        "terms_version": terms.version,
        "terms_accepted_at": iso(conversation.acceptance.created_at),
        "site_id": conversation.site_id,
        "language": conversation.language,
        "entity": conditions.entity_name,
        "pqrd_url": conditions.pqrd_url,
        "user_agent": trace.user_agent if trace else "",
        "may_read_earlier": bool(conversation.device)
        and permissions.may(agent, permissions.READ_TRANSCRIPTS),
        **_conduct(conversation, agent),
    }


def _conduct(conversation: Conversation, agent: User) -> Frame:
    if not permissions.may(agent, permissions.SANCTION):
        return {"sanctions": None, "misuse": None}
    before = list(Sanction.objects.of(conversation.email).filter(site=conversation.site)[:MOST])
    suggested = sanctions.suggestion(conversation.site, conversation.email)
    return {
        "sanctions": [
            {
                "clause": str(one.get_clause_display()),
                "scope": str(one.get_scope_display()),
                "from": iso(one.starts_at),
                "until": iso(one.until),
                "in_force": one.in_force,
                "url": reverse("atencion_sanctions_modeladmin_inspect", args=[one.pk]),
            }
            for one in before
        ],
        "misuse": {
            "days": suggested.days if suggested else None,
            "evidence": evidence_of(conversation),
            "has_device": bool(conversation.device),
            "ip": conversation.ip,
        },
    }


def earlier_of(conversation: Conversation, agent: User, *, ip: str | None) -> list[Frame]:
    """Earlier conversations from the same browser, newest first. The look itself is on record.

    By the browser's key and not by the e-mail address: anybody can write somebody else's address.
    Raises ``NotPermitted``.
    """
    if not permissions.may(agent, permissions.READ_TRANSCRIPTS):
        raise NotPermitted(_("You do not have permission to read earlier conversations."))
    record_access(
        user=agent,
        action=AccessRecord.Action.LIST,
        what="conversation",
        reference=reference_of(conversation),
        ip=ip,
    )
    if not conversation.device:
        return []
    earlier = (
        Conversation.objects.filter(device=conversation.device, site=conversation.site_id)
        .exclude(pk=conversation.pk)
        .exclude(email="")
        .order_by("-created_at", "-id")[:MOST]
    )
    return [
        {
            "reference": one.reference,
            "name": one.name,
            "email": one.email,
            "at": iso(one.created_at),
            "end_text": str(one.get_end_reason_display()) or str(one.get_state_display()),
            "url": reverse("atencion_conversations_modeladmin_inspect", args=[one.pk]),
        }
        for one in earlier
    ]
