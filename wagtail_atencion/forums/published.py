"""What everybody reads of a contribution, as plain values. Pure.

Two that are equal look the same on a page: what was drawn for one serves for the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wagtail_atencion.forums.cursors import Placed


@dataclass(frozen=True, slots=True)
class Published(Placed):
    """A contribution as the public reads it. What opens a thread quotes nothing.

    ``answers`` are the first ones to a contribution that opens a thread, where they were asked for;
    they have no part in whether two are equal.
    """

    pk: int
    user_name: str
    comment: str
    submit_date: datetime
    official: bool
    votes: int
    edits: int
    reply_to_id: int | None
    quote: str = ""
    quoted_id: int | None = None
    quoted_name: str | None = None
    quoted_official: bool | None = None
    quoted_is_public: bool | None = None
    answers: tuple[Published, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, row: Any) -> Published:
        """What is read of ``row``, a ``Contribution`` with the one that it quotes."""
        quoted = row.quoted
        return cls(
            pk=row.pk,
            user_name=row.user_name,
            comment=row.comment,
            submit_date=row.submit_date,
            official=row.official,
            votes=row.votes,
            edits=row.edits,
            reply_to_id=row.reply_to_id,
            quote=row.quote,
            quoted_id=row.quoted_id,
            quoted_name=quoted.user_name if quoted else None,
            quoted_official=quoted.official if quoted else None,
            quoted_is_public=quoted.is_public if quoted else None,
        )

    @property
    def quotes(self) -> bool:
        """Whether the words it quotes are shown: not once they were taken down."""
        return bool(self.quote and self.quoted_is_public)


# The fields of ``Contribution`` that ``Published`` is made of, in its order.
THREAD_COLUMNS = (
    "pk",
    "user_name",
    "comment",
    "submit_date",
    "official",
    "votes",
    "edits",
    "reply_to_id",
)
COLUMNS = (
    *THREAD_COLUMNS,
    "quote",
    "quoted_id",
    "quoted__user_name",
    "quoted__official",
    "quoted__is_public",
)
