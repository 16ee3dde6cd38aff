from __future__ import annotations

import re

import pytest

from wagtail_atencion import signals
from wagtail_atencion.conduct import counting, limits
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import TooMany


def at(ip):
    return Origin(ip=ip, user_agent="", door=Door.API)


@pytest.fixture(autouse=True)
def two_a_day(settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"chat_start": "2/d"}}


def use(ip, times=1):
    for _time in range(times):
        limits.enforce("chat_start", origin=at(ip))


def test_past_the_rate_the_answer_says_when_to_try_again():
    use("203.0.113.1", 2)
    with pytest.raises(TooMany) as refused:
        use("203.0.113.1")
    assert 1 <= refused.value.retry_after <= 86_400
    assert re.search(r"Try again in \d+ (second|minute|hour)", str(refused.value.message))


def test_each_address_has_its_own_count():
    use("203.0.113.1", 2)
    use("203.0.113.2", 2)


def test_an_ipv6_network_is_one_address():
    use("2001:db8::1", 2)
    with pytest.raises(TooMany):
        use("2001:db8::2")


def test_clients_without_address_share_one_count():
    use(None, 2)
    with pytest.raises(TooMany):
        use(None)


def test_a_counter_that_is_down_turns_nobody_away(settings, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise ConnectionError("no Redis")

    monkeypatch.setattr(counting, "_added", broken)
    use("203.0.113.1", 5)
    assert "could not be counted" in caplog.text


def test_a_person_has_a_limit_of_their_own():
    for email in ("ana@example.com", "Ana+1@example.com"):
        limits.enforce_person("contribution", email=email, per_hour=2)
    limits.enforce_person("contribution", email="eva@example.com", per_hour=2)
    with pytest.raises(TooMany):
        limits.enforce_person("contribution", email="ANA@example.com", per_hour=2)


def test_a_person_who_sends_much_waits_and_others_of_their_library_do_not(settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"chat_message_person": "2/d"}}
    for email in ("ana@example.com", "Ana+2@Example.com"):
        limits.enforce_sender("chat_message", email=email)
    with pytest.raises(TooMany) as refused:
        limits.enforce_sender("chat_message", email="ana@example.com")
    assert "You have sent a lot" in str(refused.value.message)
    assert 1 <= refused.value.retry_after <= 86_400
    limits.enforce_sender("chat_message", email="eva@example.com")
    limits.enforce_sender("chat_end", email="ana@example.com")  # has no rate for persons


def test_every_submission_of_a_person_is_counted(site, origin, settings, db):
    settings.WAGTAIL_ATENCION = {"RATES": {"chat_message_person": "2/d"}}

    def send():
        kind = Submission.Kind.CHAT_MESSAGE
        with submission(site=site, kind=kind, origin=origin, email="ana@example.com"):
            pass

    send()
    send()
    with pytest.raises(TooMany):
        send()
    reasons = Submission.objects.order_by("pk").values_list("decision", "reason")
    assert list(reasons) == [("accepted", ""), ("accepted", ""), ("refused", "too_many")]


def test_whoever_counts_is_told_of_each_limit_reached_and_of_nobody(caplog):
    heard = []

    def hear(sender, group, by, **kwargs):
        heard.append((group, by))

    caplog.set_level("INFO", logger="wagtail_atencion")
    signals.limit_reached.connect(hear)
    try:
        use("203.0.113.1", 2)
        assert heard == []
        with pytest.raises(TooMany):
            use("203.0.113.1")
    finally:
        signals.limit_reached.disconnect(hear)
    assert heard == [("chat_start", "address")]
    assert "chat_start was reached by one address" in caplog.text
    assert "203.0.113.1" not in caplog.text
