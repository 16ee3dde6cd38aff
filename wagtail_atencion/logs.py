"""Logs that machines read: one JSON object a line, with nothing that says who somebody is.

What the app logs names no person. Django's own lines name the address of a page, and a mailed link
is a secret: its token is covered here.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

# The parts of our addresses after which a secret stands.
_SECRETS = re.compile(r"((?:personal-data|forums/(?:confirm|decisions))/)[^/\s?\"']{16,}")


def covered(text: str) -> str:
    """``text`` without the secrets of mailed links."""
    return _SECRETS.sub(r"\1…", text)


class JSONFormatter(logging.Formatter):
    """``time`` (UTC), ``level``, ``logger``, ``message`` and, after an error, ``traceback``.

    Nothing else that a caller attached is written: a request, say, with the cookies of a person.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": covered(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = covered(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
