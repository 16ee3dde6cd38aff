"""What a contribution answers and quotes, checked when it is written."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from wagtail_atencion.errors import NotPermitted, Taken, Text
from wagtail_atencion.forums.models import QUOTE_LENGTH, Contribution
from wagtail_atencion.forums.texts import clean_text, is_quote_from

QUOTE_PROBLEM = _(
    "These words are not in the contribution that you quote. Quote them as they are, "
    "in at most %(limit)d characters, or quote nothing."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form says that it answers: numbers that anybody may have changed."""

    reply_to: int | None = None
    quoted: int | None = None
    quote: str = ""

    def __bool__(self) -> bool:
        return bool(self.reply_to or self.quoted)


@dataclass(frozen=True, slots=True)
class Target:
    """What it does answer: the thread, and the words quoted with the contribution they are in."""

    thread: Contribution | None = None
    quoted: Contribution | None = None
    quote: str = ""


class TargetGone(Taken):
    """What would be answered is not published (any more): the form goes on without it."""


def target_of(forum: Page, wanted: Wanted, *, replies: bool) -> tuple[Target, dict[str, Text]]:
    """The target, and what has to be put right about the quotation.

    An answer to an answer belongs to the same thread. Raises ``TargetGone`` unless it is published
    in ``forum``, and ``NotPermitted`` where people do not answer one another.
    """
    if not wanted:
        return Target(), {}
    if not replies:
        raise NotPermitted(_("In these forums people do not answer one another."))
    found = {
        row.pk: row
        for row in Contribution.objects.published()
        .filter(forum_id=forum.pk, pk__in={wanted.reply_to, wanted.quoted} - {None})
        .select_related("reply_to")
        if row.is_shown
    }
    quoted = found.get(wanted.quoted or 0)
    answered = found.get(wanted.reply_to or 0) or quoted
    if answered is None or (wanted.quoted and quoted is None):
        raise TargetGone(
            _(
                "What you wanted to answer is no longer published in this forum. "
                "Your text is here: send it again to publish it on its own."
            )
        )
    quote = " ".join(clean_text(wanted.quote).split())
    if quoted is None or not quote:
        return Target(thread=answered.reply_to or answered), {}
    errors: dict[str, Text] = {}
    if len(quote) > QUOTE_LENGTH or not is_quote_from(quoted.comment, quote):
        errors["quote"] = QUOTE_PROBLEM % {"limit": QUOTE_LENGTH}
    return Target(answered.reply_to or answered, quoted, quote), errors
