from __future__ import annotations

import json
import logging

from wagtail_atencion.logs import JSONFormatter


def written(message: str, *arguments: object, **more: object) -> dict[str, str]:
    record = logging.LogRecord(
        "wagtail_atencion.x", logging.ERROR, "x.py", 1, message, arguments, None
    )
    vars(record).update(more)
    return json.loads(JSONFormatter().format(record))


def test_one_line_of_json_with_what_is_documented():
    line = written("mail %s was\nnot sent", 7)
    assert line.keys() == {"time", "level", "logger", "message"}
    assert line["message"] == "mail 7 was\nnot sent"
    assert line["time"].endswith("+00:00")


def test_what_a_caller_attached_is_not_written():
    assert "request" not in written("Not Found: /x", request="a cookie")


def test_the_secret_of_a_mailed_link_is_covered():
    secret = "Zm9vYmFyYmF6cXV4Zm9vYmFy:1abc:defghij"
    for place in ("personal-data", "forums/confirm", "forums/decisions"):
        line = written("Gone: %s", f"/atencion/{place}/{secret}/?x=1")
        assert secret not in line["message"]
        assert line["message"] == f"Gone: /atencion/{place}/…/?x=1"


def test_a_traceback_is_told_and_covered():
    try:
        raise ValueError("/forums/confirm/0123456789abcdef0123/")
    except ValueError as error:
        line = written("it failed", exc_info=(type(error), error, error.__traceback__))
    assert "ValueError" in line["traceback"]
    assert "0123456789abcdef" not in line["traceback"]
