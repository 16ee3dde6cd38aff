"""The chat inside the body of a page: a StreamField block."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class ChatBlock(blocks.StructBlock):
    """A card whose button opens the chat, on pages that carry ``{% atencion_launcher %}``.

    On other pages, and without JavaScript, the button leads to the page of the chat.
    """

    heading = blocks.CharBlock(
        label=_("Heading"), max_length=120, required=False, default=_("Do you have a question?")
    )
    text = blocks.TextBlock(label=_("Text"), required=False, rows=3)
    button = blocks.CharBlock(
        label=_("Text of the button"), max_length=60, default=_("Open the chat")
    )

    class Meta:
        label = _("Chat")
        icon = "comment"
        template = "wagtail_atencion/chat/chat_block.html"
