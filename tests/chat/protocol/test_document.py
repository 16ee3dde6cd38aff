"""The document says what the doors do: no frame, field, code or limit is missing or invented."""

from __future__ import annotations

import pytest

from tests.chat.protocol import document
from wagtail_atencion import errors
from wagtail_atencion.chat import sockets
from wagtail_atencion.chat.citizen_consumer import HELLO_WITHIN, CitizenConsumer
from wagtail_atencion.chat.frames import PAGE
from wagtail_atencion.chat.lifecycle import SILENCE, EndReason
from wagtail_atencion.chat.ratings import COMMENT_LENGTH
from wagtail_atencion.conduct.doors import BODY_LIMIT, HTTP_STATUS


def refusals(of=errors.AtencionError):
    for kind in of.__subclasses__():
        yield kind
        yield from refusals(kind)


def taken_by_the_socket():
    """Each frame the citizen's socket takes, with its required and optional fields."""
    consumer = CitizenConsumer()
    before = consumer.frames()
    consumer.key = object()
    return {
        name: (required, optional)
        for name, (_handler, required, optional) in (before | consumer.frames()).items()
    }


def test_every_frame_of_the_client_has_its_fields():
    described = {
        name: (
            {field for field, (_kind, remark) in fields.items() if "optional" not in remark},
            {field for field, (_kind, remark) in fields.items() if "optional" in remark},
        )
        for name, fields in document.frames("What the client sends").items()
    }
    for required, _optional in described.values():
        required.discard("type")
    assert described == taken_by_the_socket()


def test_every_refusal_has_its_status():
    described = document.codes("Refusals", "| code | HTTP |")
    assert described == {code: str(status) for code, status in HTTP_STATUS.items()}
    assert {kind.code for kind in refusals()} == set(described)


def test_every_close_code_is_named():
    table = document.codes("Close codes", "| code | says |")
    described = {int(code) for code in table if code.isdigit()}
    used = {value for value in vars(sockets).values() if value in range(4000, 5000)}
    assert described == used


def test_every_end_reason_is_named():
    _kind, remark = document.fields(document.section("conversation"))["end_reason"]
    assert {name.strip("` ") for name in remark.split(",")} == set(EndReason)


@pytest.mark.parametrize(
    "sentence",
    [
        f"at most {BODY_LIMIT:,} bytes",
        f"at most {PAGE} messages",
        f"up to {COMMENT_LENGTH} characters",
        f"sends `hello` within {HELLO_WITHIN} s",
        f"At most {sockets.BURST} frames in {sockets.BURST_SECONDS} s",
    ],
)
def test_the_limits_are_those_enforced(sentence):
    assert sentence in document.TEXT


def test_who_is_silent_for_so_long_is_gone():
    assert (sockets.SILENT_BEATS, SILENCE.total_seconds()) == (3, 120)
    assert "nothing was heard for three beats" in document.TEXT
    assert "not heard of for two minutes" in document.TEXT
