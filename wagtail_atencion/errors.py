"""What a service raises when it refuses. Doors translate ``code``, never the class or the text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


class AtencionError(Exception):
    """A refusal that a person is told about.

    ``code`` is stable and part of the public protocol; ``message`` is translated and says what to
    do next; ``field`` names the input it belongs to, when there is one; ``reason`` is a finer code
    for the trace, where ``code`` alone does not say why.
    """

    code = "refused"
    reason = ""

    def __init__(self, message: Text, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def as_dict(self) -> dict[str, Any]:
        """The refusal as every JSON door tells it."""
        answer: dict[str, Any] = {"code": self.code, "message": str(self.message)}
        if self.field:
            answer["fields"] = {self.field: str(self.message)}
        return answer


class Invalid(AtencionError):
    """Something the person wrote has to be put right; ``errors`` maps each field to its message."""

    code = "invalid"

    def __init__(self, message: Text, *, errors: Mapping[str, Text] | None = None) -> None:
        super().__init__(message)
        self.errors = dict(errors or {})

    def as_dict(self) -> dict[str, Any]:
        answer = super().as_dict()
        answer["fields"] = {field: str(message) for field, message in self.errors.items()}
        return answer


class Improper(Invalid):
    """What the person wrote breaks a rule of the conditions, and ``reason`` says which."""

    code = "improper"

    def __init__(self, message: Text, *, errors: Mapping[str, Text], reason: str) -> None:
        super().__init__(message, errors=errors)
        self.reason = reason

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "reason": self.reason}


class Closed(AtencionError):
    """The service or the forum is not open at this moment."""

    code = "closed"


class Ended(AtencionError):
    """The conversation is over: nobody can write in it any more."""

    code = "ended"


class NotEnded(AtencionError):
    """The conversation goes on: this comes after its end."""

    code = "not_ended"


class NotPermitted(AtencionError):
    """The person is known, and may not do this."""

    code = "not_permitted"


class Sanctioned(AtencionError):
    """The person is restricted for misuse until ``until``, or until it is lifted if ``None``.

    ``clause`` is the code of the rule that was broken; ``review_url`` is where to ask for a review.
    """

    code = "sanctioned"

    def __init__(
        self, message: Text, *, until: datetime | None, clause: str, review_url: str
    ) -> None:
        super().__init__(message)
        self.until = until
        self.clause = clause
        self.review_url = review_url

    def as_dict(self) -> dict[str, Any]:
        return {
            **super().as_dict(),
            "until": self.until.isoformat() if self.until else None,
            "clause": self.clause,
            "review_url": self.review_url,
        }


class NotFound(AtencionError):
    """There is no such thing, or the person may not know that there is."""

    code = "not_found"


class Taken(AtencionError):
    """Somebody else got there first."""

    code = "taken"


class TermsOutdated(AtencionError):
    """The terms accepted are not the terms in force, which are ``version`` if there are any."""

    code = "terms_outdated"

    def __init__(
        self, message: Text, *, field: str | None = None, version: int | None = None
    ) -> None:
        super().__init__(message, field=field)
        self.version = version

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "terms_version": self.version}


class TooMany(AtencionError):
    """A limit was reached; ``retry_after`` is in seconds."""

    code = "too_many"

    def __init__(self, message: Text, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "retry_after": self.retry_after}
