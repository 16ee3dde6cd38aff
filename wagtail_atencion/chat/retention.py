"""Erases conversations, when the conditions no longer let them be kept or their person asks.

What is counted stays: that there was a conversation, when, how long, how it ended and how well it
was rated. Who it was with and what was said goes, with the transcript and the mails.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from wagtail_atencion.chat.attendance import Transfer
from wagtail_atencion.chat.models import Conversation, Message, Rating, Transcript
from wagtail_atencion.chat.notes import Note
from wagtail_atencion.conditions.services import anonymise_acceptances
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.own_data import forget_mails


@transaction.atomic
def empty_conversations(pks: Collection[int]) -> None:
    """Leave of the conversations ``pks`` only what is counted. Their secrets open nothing more."""
    conversations = Conversation.objects.filter(pk__in=pks)
    erase_transcripts(pks)
    Note.objects.filter(conversation__in=pks).delete()
    Message.objects.filter(conversation__in=pks).update(text="")
    Message.objects.filter(conversation__in=pks, author=Message.Author.CITIZEN).update(name="")
    Rating.objects.filter(conversation__in=pks).update(comment="")
    Transfer.objects.filter(conversation__in=pks).update(note="")
    anonymise_acceptances(conversations.values_list("acceptance", flat=True))
    conversations.update(name="", email="", ip=None, page_url="", device="", secret_hash="")


@transaction.atomic
def erase_transcripts(pks: Collection[int]) -> int:
    """Erase the transcripts of conversations, and what their mails said; how many there were."""
    references = [f"{Conversation._meta.model_name}:{pk}" for pk in pks]
    forget_mails(OutgoingMail.objects.filter(reference__in=references))
    return Transcript.objects.filter(conversation__in=pks).destroy()
