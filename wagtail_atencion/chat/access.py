"""Who reaches which conversation: every verb finds and locks its row here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import UUIDField
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_atencion import permissions
from wagtail_atencion.chat import presence, reach
from wagtail_atencion.chat.keys import CitizenKey, opens
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.errors import NotFound, NotPermitted
from wagtail_atencion.prepared import Prepared
from wagtail_atencion.recent import Recent


def find_for_citizen(key: CitizenKey) -> Conversation:
    """The conversation that ``key`` opens. Raises ``NotFound``, whichever half is wrong.

    Whoever shows the key is there: nobody who is heard of is taken for gone.
    """
    conversation = opened_by(key, find_many([key.conversation], "site", "agent"))
    presence.expect(conversation)
    return conversation


def find_many(public_ids: Iterable[UUID], *related: str) -> dict[UUID, Conversation]:
    """Conversations by their public id with what is ``related``, in one query.

    Says nothing of who may see them.
    """
    found = Conversation.objects.select_related(*related).filter(public_id__in=public_ids)
    return {conversation.public_id: conversation for conversation in found.order_by()}


def opened_by(key: CitizenKey, found: Mapping[UUID, Conversation]) -> Conversation:
    """Of ``found`` the one that ``key`` opens. Raises ``NotFound``, whichever half is wrong."""
    conversation = found.get(key.conversation)
    if conversation is None or not opens(key.secret, conversation.secret_hash):
        raise NotFound(_("We cannot find this conversation."))
    return conversation


Opening = tuple[str, str]  # the hash that a key has to fit, and the address of the citizen


def _openings(public_ids: Collection[UUID]) -> dict[UUID, Opening]:
    rows = Conversation.objects.filter(public_id__in=public_ids).order_by()
    return {
        public_id: (secret_hash, email)
        for public_id, secret_hash, email in rows.values_list("public_id", "secret_hash", "email")
    }


# What opens each conversation, and whose it is: neither changes while it goes on.
openings = Recent(_openings, seconds=10)
sites = Recent(Site.objects.in_bulk)


def email_opened_by(key: CitizenKey, found: Mapping[UUID, Opening]) -> str:
    """The address of the citizen to whom ``key`` belongs. Raises ``NotFound`` as ``opened_by``."""
    secret_hash, email = found.get(key.conversation, ("", ""))
    if not opens(key.secret, secret_hash):
        raise NotFound(_("We cannot find this conversation."))
    return email


def find_for_agent(conversation_id: UUID, agent: User) -> Conversation:
    """A conversation, for somebody who may answer and reaches it (``reach``).

    Raises ``NotPermitted`` and ``NotFound``: of what is not theirs nobody knows that there is.
    """
    if not permissions.may(agent, permissions.ANSWER, permissions.SUPERVISE):
        raise NotPermitted(_("You do not have permission to answer citizens."))
    conversation = (
        Conversation.objects.select_related("site", "agent")
        .filter(reach.reached_by(agent), public_id=conversation_id)
        .first()
    )
    if conversation is None:
        raise NotFound(_("We cannot find this conversation."))
    return conversation


def find_to_read(conversation_id: UUID, agent: User) -> Conversation:
    """As ``find_for_agent``, to read what is said. ``NotPermitted`` also if a colleague attends."""
    conversation = find_for_agent(conversation_id, agent)
    if not Conversation.objects.filter(reach.read_by(agent), pk=conversation.pk).exists():
        raise NotPermitted(_("Another agent attends this conversation."))
    return conversation


def display_name(user: User | None) -> str:
    """How citizens and colleagues know a member of staff."""
    return (user.get_full_name() or user.get_username()) if user else ""


def lock(pk: int) -> Conversation:
    """The row as it is now, held until the transaction ends.

    Its agent is read when asked for: whoever waited for the lock on PostgreSQL gets the row as it
    is now, but joined to what it pointed to before.
    """
    return Conversation.objects.select_for_update(of=("self",)).select_related("site").get(pk=pk)


# What a post asks of its conversation: to read all of its fields took longer than to lock it.
_ASKED_BY_A_POST = (
    *("public_id", "site", "state", "name", "email", "device", "agent", "last_seq"),
    *("wait_until", "gone_at", "expires_at", "time_left"),
)
_held = Prepared(
    lambda public_ids: (
        Conversation.objects.select_for_update()
        .filter(public_id__in=public_ids)
        .only(*_ASKED_BY_A_POST)
        .order_by("pk")
    ),
    public_ids=UUIDField(),
)


def lock_many(public_ids: Iterable[UUID]) -> dict[UUID, Conversation]:
    """Rows as they are now with their sites, held until the transaction ends; always taken in the
    same order, so that nobody waits for somebody who waits for them.

    They have the fields that a post asks for, and read any other when it is asked.
    """
    rows = {row.public_id: row for row in _held(public_ids=set(public_ids))}
    found = sites({row.site_id for row in rows.values()})
    for row in rows.values():
        row.site = found[row.site_id]
    return rows


def announce(conversation: Conversation, signal: Signal) -> None:
    """Send ``signal`` about ``conversation`` once the transaction has committed."""
    transaction.on_commit(
        partial(signal.send_robust, sender=Conversation, conversation=conversation)
    )
