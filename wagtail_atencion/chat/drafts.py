"""What is to be posted: drafts, and what becomes of each while a list of them is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import get_language

from wagtail_atencion.chat import badges
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.errors import AtencionError


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that somebody would post in ``conversation``, and how they are known.

    A citizen shows their ``key``. An agent is an ``agent`` who is known already, or whoever entered
    with ``badge``. ``faq`` is the key of the frequent question that an agent answers with, and
    ``language`` that of the sentences of a refusal.
    """

    conversation: UUID
    client_id: UUID
    text: str
    origin: Origin
    key: CitizenKey | None = None
    agent: User | None = None
    badge: badges.Badge | None = None
    faq: int | None = None
    language: str = field(default_factory=lambda: get_language() or "")


@dataclass(slots=True, eq=False)
class Post:
    """What becomes of a draft. ``refusal`` is what it met at the door, before any transaction."""

    draft: Draft
    agent: User | None = None
    is_known: bool = False  # whoever posts showed the key, or is staff
    refusal: AtencionError | None = None
    conversation: Conversation | None = None
    trace: Submission | None = None
    message: Message | None = None
    failure: Exception | None = None


def each(posts: Iterable[Post], step: Callable[[Post], None]) -> None:
    """Take ``step`` with each post, in its language; what it raises is the refusal."""
    spoken = get_language()
    with translation.override(spoken):
        for post in posts:
            if post.draft.language and post.draft.language != spoken:
                spoken = post.draft.language
                translation.activate(spoken)
            try:
                step(post)
            except AtencionError as refusal:
                post.failure = refusal
