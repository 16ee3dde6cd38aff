"""What the chat keeps of persons: conversations, with all that was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_atencion.chat.attendance import Transfer
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import (
    LOCATED,
    NAMED,
    Conversation,
    Message,
    Rating,
    Transcript,
)
from wagtail_atencion.chat.notes import Note
from wagtail_atencion.chat.retention import empty_conversations, erase_transcripts
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conditions.terms import Acceptance
from wagtail_atencion.conduct import personal_data
from wagtail_atencion.conduct.personal_data import Person, Record, batch_of, describe
from wagtail_atencion.errors import NotPermitted


class Conversations:
    """Internal notes go with their conversation, and are no part of what a person is given: they
    are the staff's own."""

    name = "conversations"
    label = _("Conversations")
    tables = (Conversation, Message, Note, Rating, Transcript, Transfer, Acceptance)

    def find(self, person: Person) -> list[Record]:
        in_order = Prefetch("messages", Message.objects.order_by("seq"))
        conversations = self._of(person).select_related("rating", "acceptance__terms")
        return [
            describe(
                row,
                *("reference", "created_at", "ended_at", "state", "end_reason"),
                *("name", "email", "ip", "page_url", "language"),
                terms_version=(_("version of the terms"), row.acceptance.terms.version),
                messages=(
                    _("messages"),
                    [
                        {
                            "at": message.created_at.isoformat(),
                            "name": message.name,
                            "text": message.text,
                        }
                        for message in row.messages.all()
                    ],
                ),
                rating=(_("rating"), self._rating(row)),
            )
            for row in conversations.prefetch_related(in_order).order_by("created_at", "id")
        ]

    @staticmethod
    def _rating(row: Conversation) -> dict[str, Any]:
        rating = getattr(row, "rating", None)
        return {"score": rating.score, "comment": rating.comment} if rating else {}

    def correct(self, person: Person, *, name: str, email: str) -> int:
        """Transcripts stay: they are the record of what was sent and received then."""
        rows = self._of(person)
        pks = list(rows.values_list("pk", flat=True))
        values = {key: value for key, value in (("name", name), ("email", email)) if value}
        if values:
            Acceptance.objects.filter(
                pk__in=list(rows.values_list("acceptance", flat=True))
            ).update(**values)
            Conversation.objects.filter(pk__in=pks).update(**values)
        if name:
            Message.objects.filter(conversation__in=pks, author=Message.Author.CITIZEN).update(
                name=name
            )
        return len(pks)

    def erase(self, person: Person) -> int:
        rows = self._of(person)
        if rows.exclude(state=State.ENDED).exists():
            raise NotPermitted(
                _("This person is in a conversation now. Erase their data when it has ended.")
            )
        pks = list(rows.values_list("pk", flat=True))
        empty_conversations(pks)
        return len(pks)

    def expire(self, site: Site, now: datetime) -> int:
        conditions = conditions_for(site)
        ended = Conversation.objects.filter(site=site, state=State.ENDED)
        located = batch_of(
            ended.filter(LOCATED, ended_at__lt=now - conditions.keep_addresses), by="ended_at"
        )
        Acceptance.objects.filter(
            pk__in=Conversation.objects.filter(pk__in=located).values("acceptance")
        ).update(ip=None)
        Conversation.objects.filter(pk__in=located).update(ip=None, device="")
        recorded = batch_of(
            ended.filter(transcript__created_at__lt=now - conditions.keep_transcripts),
            by="transcript__created_at",
        )
        erase_transcripts(recorded)
        old = batch_of(
            ended.filter(NAMED, ended_at__lt=now - conditions.keep_conversations), by="ended_at"
        )
        empty_conversations(old)
        return len(located) + len(recorded) + len(old)

    def _of(self, person: Person) -> QuerySet[Conversation]:
        return person.rows(Conversation.objects.all())


personal_data.register(Conversations())
