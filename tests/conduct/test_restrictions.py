from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.conduct.addresses import (
    customer_network,
    key_range,
    network_in,
    networks_around,
    sort_key,
)
from wagtail_atencion.conduct.deadlines import business_day_after
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.restrictions import (
    Scope,
    is_in_force,
    scopes_over,
    suggested_duration,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

addresses = st.one_of(
    st.ip_addresses(v=4).map(str), st.ip_addresses(v=6, network="2001:db8::/32").map(str)
)


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        (" 203.0.113.0/24 ", "203.0.113.0/24"),
        ("203.0.113.9/24", "203.0.113.0/24"),
        ("203.0.0.0/16", "203.0.0.0/16"),
        ("203.0.0.0/15", None),
        ("0.0.0.0/0", None),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:DB8:0:0::1/128", "2001:db8::/64"),
        ("2001:db8:1::/48", "2001:db8:1::/48"),
        ("2001::/16", None),
        ("::/0", None),
        ("203.0.113.256", None),
        ("a library", None),
        ("", None),
    ],
)
def test_a_network_has_one_form_and_is_neither_a_person_s_part_nor_a_provider(written, network):
    assert network_in(written) == network


@given(addresses)
def test_every_address_is_in_its_own_network_and_in_those_around_it(ip):
    own = customer_network(ip)
    around = networks_around(ip)
    assert around[0] == own == network_in(ip)
    for network in around:
        first, last = key_range(network)
        assert first <= sort_key(ip) <= last


@given(addresses, addresses)
def test_a_range_holds_exactly_the_addresses_of_its_network(ip, other):
    first, last = key_range(customer_network(ip))
    assert (first <= sort_key(other) <= last) == (customer_network(other) == customer_network(ip))


@pytest.mark.parametrize(
    ("kind", "scopes"),
    [
        ("chat_start", {Scope.CHAT, Scope.ALL}),
        ("chat_message", {Scope.CHAT, Scope.ALL}),
        ("rating", {Scope.CHAT, Scope.ALL}),
        ("contribution", {Scope.FORUMS, Scope.ALL}),
        ("faq_comment", {Scope.ALL}),
        ("chat_end", set()),
        ("rights", set()),
    ],
)
def test_what_a_sanction_forbids(kind, scopes):
    assert kind in Submission.Kind.values
    assert set(scopes_over(kind)) == scopes


def test_a_sanction_of_everything_leaves_leaving_claiming_answering_a_decision_and_reading_news():
    free = {kind for kind in Submission.Kind.values if Scope.ALL not in scopes_over(kind)}
    assert free == {"chat_end", "rights", "appeal", "follow"}


@pytest.mark.parametrize(
    ("starts", "until", "lifted", "in_force"),
    [
        (NOON - HOUR, NOON + HOUR, None, True),
        (NOON, None, None, True),
        (NOON - HOUR, NOON, None, False),
        (NOON + HOUR, None, None, False),
        (NOON - HOUR, NOON + HOUR, NOON - HOUR / 2, False),
    ],
)
def test_when_a_sanction_is_in_force(starts, until, lifted, in_force):
    assert is_in_force(starts_at=starts, until=until, lifted_at=lifted, now=NOON) is in_force


@pytest.mark.parametrize(
    ("days", "before", "suggested"),
    [
        ((1, 7, 0), 0, timedelta(days=1)),
        ((1, 7, 0), 1, timedelta(days=7)),
        ((1, 7, 0), 2, None),
        ((1, 7, 0), 9, None),
        ((3,), 5, timedelta(days=3)),
        ((), 0, None),
    ],
)
def test_the_next_sanction_is_suggested_longer(days, before, suggested):
    assert suggested_duration(days, before) == suggested


def no_holiday(day: date) -> bool:
    return False


@pytest.mark.parametrize(
    ("asked", "days", "due"),
    [
        (date(2026, 11, 23), 10, date(2026, 12, 7)),  # a Monday
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # a Friday
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # a Saturday
        (date(2026, 11, 23), 15, date(2026, 12, 14)),
    ],
)
def test_business_days_leave_out_weekends_and_the_day_of_arrival(asked, days, due):
    assert business_day_after(asked, days, is_holiday=no_holiday) == due


def test_business_days_leave_out_public_holidays():
    immaculate = date(2026, 12, 8)
    assert business_day_after(
        date(2026, 12, 7), 1, is_holiday=lambda day: day == immaculate
    ) == date(2026, 12, 9)
