"""Read the mails that Django's file backend wrote."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

# Django writes this line after each message of a file; headers follow it, or nothing.
SEPARATOR = re.compile(rb"^-{79}\n(?=[A-Za-z-]+: |\Z)", re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    """One mail as it was sent."""

    key: str
    sender: str
    to: str
    subject: str
    date: datetime | None
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    attachments: tuple[str, ...]


def mails(folder: Path) -> list[Mail]:
    """Every mail of the folder, the newest first."""
    found = [mail for path in sorted(folder.glob("*.log"), reverse=True) for mail in _read(path)]
    return sorted(found, key=lambda mail: mail.date.timestamp() if mail.date else 0, reverse=True)


def mail(folder: Path, key: str) -> Mail | None:
    """The mail with this key, or None."""
    return next((found for found in mails(folder) if found.key == key), None)


def _read(path: Path) -> list[Mail]:
    parts = [part for part in SEPARATOR.split(path.read_bytes()) if part.strip()]
    return [_parse(f"{path.stem}-{number}", part) for number, part in enumerate(parts)]


def _parse(key: str, raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, policy=default)
    return Mail(
        key=key,
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        date=_date(message),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        headers=tuple((name, str(value)) for name, value in message.items()),
        attachments=tuple(part.get_filename() or "" for part in message.iter_attachments()),
    )


def _date(message: EmailMessage) -> datetime | None:
    if not message["Date"]:
        return None
    date = parsedate_to_datetime(str(message["Date"]))
    return date if date.tzinfo else date.replace(tzinfo=UTC)  # "-0000", as Django writes it


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return part.get_content() if part else ""
