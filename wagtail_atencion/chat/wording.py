"""The sentences the citizen reads about the state of a conversation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wagtail_atencion.chat.lifecycle import EndReason
from wagtail_atencion.errors import Text

END_TEXTS: dict[EndReason, Text] = {
    EndReason.CITIZEN: _("You ended the conversation."),
    EndReason.AGENT: _("The agent ended the conversation."),
    EndReason.TIME_LIMIT: _("The conversation ended because its time was up."),
    EndReason.ABANDONED: _("The conversation ended because we lost contact with you."),
    EndReason.NO_AGENT: _(
        "We are sorry: nobody could attend you in time. Please try again later, or use the other "
        "channels."
    ),
    EndReason.CLOSED_HOURS: _(
        "We are sorry: the service closed before anybody could attend you. Please come back "
        "during the hours of the chat."
    ),
    EndReason.SANCTION: _("The conversation ended because of a restriction for misuse."),
    EndReason.REDIRECTED_PQRD: _(
        "The agent ended the conversation because your matter belongs to the PQRD channel. "
        "Please file it there."
    ),
}


def end_text(reason: str) -> str | None:
    """Why it ended, as a sentence; ``None`` while it has not."""
    return str(END_TEXTS[EndReason(reason)]) if reason else None
