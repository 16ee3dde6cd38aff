"""The one question after the end: how well were you helped?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wagtail_atencion import signals
from wagtail_atencion.chat.access import announce, find_for_citizen, lock
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.lifecycle import EndReason, State
from wagtail_atencion.chat.models import Conversation, Rating
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import gate, limits
from wagtail_atencion.conduct.decisions import Place
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Invalid, NotEnded, NotPermitted, Taken

COMMENT_LENGTH = 1000


def is_asked(conversation: Conversation) -> bool:
    """Whether the citizen of a conversation is asked: it has ended and somebody attended them."""
    return (
        conversation.state == State.ENDED
        and conversation.accepted_at is not None
        and conversation.end_reason != EndReason.SANCTION
        and conditions_for(conversation.site).ask_rating
    )


def score_of(conversation: Conversation) -> int | None:
    """What the citizen answered, if anything."""
    return Rating.objects.filter(conversation=conversation).values_list("score", flat=True).first()


def rate_as_citizen(
    *, key: CitizenKey, score: int, comment: str = "", origin: Origin
) -> Conversation:
    """Keep the citizen's answer. The first one stands; the same one again changes nothing.

    Raises ``TooMany``, ``NotFound`` for a wrong key, ``NotEnded``, ``NotPermitted`` if they are not
    asked, ``Invalid`` for the fields, and ``Taken`` if another answer was given before.
    """
    limits.enforce("chat_message", origin=origin)
    conversation = find_for_citizen(key)
    with submission(
        site=conversation.site,
        kind=Submission.Kind.RATING,
        origin=origin,
        email=conversation.email,
    ) as trace:
        trace.about(conversation)
        locked = lock(conversation.pk)
        if locked.state != State.ENDED:
            raise NotEnded(_("You can answer this when the conversation has ended."))
        if not is_asked(locked):
            raise NotPermitted(_("This conversation is not rated."))
        text = _checked(score, comment)
        if text:
            text = gate.admit(
                text, site=locked.site, place=Place.PRIVATE, trace=trace, field="comment"
            ).text
        given, created = Rating.objects.get_or_create(
            conversation=locked, defaults={"score": score, "comment": text}
        )
        if (given.score, given.comment) != (score, text):
            raise Taken(_("You have answered already. Thank you."))
        if created:
            announce(locked, signals.conversation_changed)  # the citizen's other tabs
        return locked


def _checked(score: int, comment: str) -> str:
    """The comment as it is stored. Raises ``Invalid`` for the field to put right."""
    if score not in Rating.Score.values:
        problem = _("Choose from 1 to 5.")
        raise Invalid(problem, errors={"score": problem})
    comment = comment.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(comment) > COMMENT_LENGTH:
        too_long = ngettext(
            "Please write at most %(limit)d character.",
            "Please write at most %(limit)d characters.",
            COMMENT_LENGTH,
        ) % {"limit": COMMENT_LENGTH}
        raise Invalid(too_long, errors={"comment": too_long})
    return comment
