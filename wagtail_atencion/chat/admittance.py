"""The door of what is posted: who posts, and within which limits. Nothing is locked meanwhile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wagtail_atencion import permissions
from wagtail_atencion.chat import badges
from wagtail_atencion.chat.access import email_opened_by, openings
from wagtail_atencion.chat.drafts import Post, each
from wagtail_atencion.conduct import limits
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.errors import AtencionError, NotPermitted, Text


def let_in(posts: list[Post]) -> None:
    """Count, and ask the database again who each is; who is refused here has a ``failure``."""
    citizens = [post for post in posts if post.draft.key]
    if citizens:
        _let_citizens_in(citizens)
    if len(citizens) < len(posts):
        _let_agents_in([post for post in posts if not post.draft.key])
    for post in posts:
        post.refusal = post.failure if isinstance(post.failure, AtencionError) else None


def _let_citizens_in(posts: list[Post]) -> None:
    """Whoever shows the key, and is within the limits of their address and their own."""
    people = openings({post.draft.conversation for post in posts})
    uses: list[tuple[Post, limits.Limit]] = []

    def show_key(post: Post) -> None:
        # A wrong key counts too: nobody tries many.
        uses.append((post, limits.of_address("chat_message", origin=post.draft.origin)))
        if post.draft.key:
            email = email_opened_by(post.draft.key, people)
            post.is_known = True
            own = limits.of_sender(Submission.Kind.CHAT_MESSAGE, email=email)
            uses.extend([(post, own)] if own else [])

    each(posts, show_key)
    waits = limits.seconds_to_wait([limit for _post, limit in uses])
    past: dict[Post, tuple[limits.Limit, int]] = {}
    for (post, limit), wait in zip(uses, waits, strict=True):
        if wait:
            past.setdefault(post, (limit, wait))

    def refuse_one(post: Post) -> None:
        limit, wait = past[post]
        if limit.by == limits.ADDRESS:
            post.is_known = False  # a flood is not even traced
        limits.refuse(limit, wait)

    each(past, refuse_one)


def _let_agents_in(posts: list[Post]) -> None:
    agents = {post.draft.agent for post in posts if post.draft.agent}
    permitted = permissions.holders(agents, *badges.STAFF) if agents else set()
    holders = badges.honoured_lately({post.draft.badge for post in posts if post.draft.badge})

    def come_in(post: Post) -> None:
        badge = post.draft.badge
        post.agent = holders.get(badge) if badge else post.draft.agent
        if post.agent is None or not (badge or post.agent.pk in permitted):
            raise NotPermitted(_why_not(badge))
        post.is_known = True

    each(posts, come_in)


def _why_not(badge: badges.Badge | None) -> Text:
    if badge and badge not in badges.agents_with([badge]):
        return _("You have signed out. Sign in again to go on.")
    return _("You do not have permission to answer citizens.")
