"""The verbs that end a conversation, and what must happen in the same transaction."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Site

from wagtail_atencion import permissions, signals
from wagtail_atencion.chat import desk_log, lifecycle, transcripts
from wagtail_atencion.chat.access import announce, find_for_agent, find_for_citizen, lock
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.lifecycle import EndReason, Party, State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.reach import admitted, supervises
from wagtail_atencion.conditions.services import conditions_for, service_is_open
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.restrictions import scopes_over
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import NotPermitted


def end_as_citizen(*, key: CitizenKey, origin: Origin) -> Conversation:
    """End the citizen's own conversation. Raises ``NotFound``; ending twice changes nothing."""
    conversation = find_for_citizen(key)
    with submission(
        site=conversation.site,
        kind=Submission.Kind.CHAT_END,
        origin=origin,
        email=conversation.email,
    ) as trace:
        trace.about(conversation)
        locked = lock(conversation.pk)
        if locked.state != State.ENDED:
            _end(locked, Party.CITIZEN, EndReason.CITIZEN)
        return locked


def end_as_agent(*, conversation_id: UUID, agent: User, reason: EndReason) -> Conversation:
    """End a conversation as the agent who attends it, or as a supervisor; ending twice changes
    nothing.

    Raises ``NotFound``, and ``NotPermitted`` for another's conversation, one that nobody attended,
    or a reason agents cannot give.
    """
    conversation = find_for_agent(conversation_id, agent)
    with transaction.atomic():
        locked = lock(conversation.pk)
        if locked.state == State.ENDED:
            return locked
        if locked.agent_id != agent.pk:
            if not supervises(agent):
                raise NotPermitted(_("Another agent attends this conversation."))
            admitted(agent, permissions.SUPERVISE)
            log(instance=locked, action=desk_log.END, user=agent)
        _end(locked, Party.AGENT, reason)
        return locked


def end_for_sanction(conversation_pk: int) -> bool:
    """End a conversation because its citizen was sanctioned; whether there was one to end."""
    with transaction.atomic():
        locked = lock(conversation_pk)
        if locked.state == State.ENDED:
            return False
        _end(locked, Party.PLATFORM, EndReason.SANCTION)
        return True


def end_under(sanction: Sanction) -> int:
    """End the conversations of whoever ``sanction`` restricts; how many there were."""
    if not set(scopes_over(Submission.Kind.CHAT_MESSAGE)) & {sanction.scope}:
        return 0
    live = Conversation.objects.filter(
        site=sanction.site_id, state__in=[State.WAITING, State.ACTIVE]
    ).order_by()
    return sum(
        end_for_sanction(pk)
        for pk, email, device, ip in live.values_list("pk", "email", "device", "ip")
        if sanction.covers(email=email, device=device, ip=ip)
    )


def as_it_stands(key: CitizenKey) -> Conversation:
    """The citizen's conversation now: whoever looks past its deadline brings the end.

    Raises ``NotFound``.
    """
    conversation = find_for_citizen(key)
    if lifecycle.is_overdue(conversation.clock, timezone.now()):
        end_if_overdue(conversation.pk)
        conversation = find_for_citizen(key)
    return conversation


def end_if_overdue(conversation_pk: int) -> bool:
    """End a conversation that the platform has a reason to end; whether it did. Idempotent."""
    with transaction.atomic():
        locked = lock(conversation_pk)
        now = timezone.now()
        reason = lifecycle.reason_to_end(
            locked.clock, now, service_is_open=service_is_open(conditions_for(locked.site), now)
        )
        if reason is None:
            return False
        _end(locked, Party.PLATFORM, reason)
        return True


def end_waits_when_closed(site: Site) -> int:
    """Tell those who wait on ``site`` that the service has closed; how many they were."""
    if service_is_open(conditions_for(site), timezone.now()):
        return 0
    waiting = Conversation.objects.filter(site=site, state=State.WAITING)
    return sum(end_if_overdue(pk) for pk in list(waiting.values_list("pk", flat=True)))


def end_overdue(*, limit: int = 200) -> int:
    """End every conversation that a dead process left past its deadline; how many were ended."""
    overdue = Conversation.objects.overdue(timezone.now()).values_list("pk", flat=True)[:limit]
    ended = sum(end_if_overdue(pk) for pk in list(overdue))
    sites = Site.objects.filter(
        pk__in=Conversation.objects.filter(state=State.WAITING).values("site")
    )
    return ended + sum(map(end_waits_when_closed, sites))


def _end(locked: Conversation, by: Party, reason: EndReason) -> None:
    """The one ending: state, transcript and outbox in the same transaction."""
    if not lifecycle.may_end(State(locked.state), by, reason):
        raise NotPermitted(_("This conversation cannot be ended that way."))
    locked.state = State.ENDED
    locked.ended_at = timezone.now()
    locked.end_reason = reason
    locked.save(update_fields=["state", "ended_at", "end_reason"])
    transcripts.record(locked, conditions_for(locked.site))
    announce(locked, signals.conversation_changed)
    announce(locked, signals.conversation_ended)
