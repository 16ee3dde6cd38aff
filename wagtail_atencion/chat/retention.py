"""Erases conversations when the conditions no longer let them be kept."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conditions.services import conditions_for, erase_acceptances


def erase_old_conversations(site: Site, *, limit: int = 200) -> int:
    """Erase ended conversations of ``site`` past their time, with messages and transcripts.

    The acceptance of the terms goes with them: it holds the same person. Returns how many.
    """
    before = timezone.now() - conditions_for(site).keep_conversations
    old = Conversation.objects.filter(
        site=site, state=State.ENDED, ended_at__lt=before
    ).values_list("pk", "acceptance_id")[:limit]
    with transaction.atomic():
        found = dict(old)
        Conversation.objects.filter(pk__in=found).delete()
        erase_acceptances(list(found.values()))
    return len(found)
