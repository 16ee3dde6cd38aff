"""How a citizen proves that a conversation is theirs: a secret made by their own browser."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

# 32 random bytes in base64url without padding (RFC 4648, section 5) are 43 characters.
_SECRET = re.compile(r"[A-Za-z0-9_-]{43,128}")


@dataclass(frozen=True, slots=True)
class CitizenKey:
    """The public id of a conversation and the secret that opens it."""

    conversation: UUID
    secret: str

    def __repr__(self) -> str:
        return f"CitizenKey({self.conversation}, …)"  # a secret is never written to a log


def is_strong_secret(secret: str) -> bool:
    """Whether ``secret`` has the form and length of 32 random bytes or more."""
    return bool(_SECRET.fullmatch(secret))


def hash_secret(secret: str) -> str:
    """What is stored. A plain SHA-256 is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def opens(secret: str, secret_hash: str) -> bool:
    """Whether ``secret`` is the one hashed, compared in constant time."""
    return hmac.compare_digest(hash_secret(secret), secret_hash)
