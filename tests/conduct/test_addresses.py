from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.conduct.addresses import client_address

PEER = "10.0.0.2"


@given(st.text())
def test_without_proxies_of_ours_the_header_is_never_believed(header):
    assert client_address(PEER, header, 0) == PEER


@given(st.text())
def test_any_header_gives_an_address_or_the_peer(header):
    assert client_address(PEER, header, 2) is not None


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ("203.0.113.9", 1, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", 1, "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.0.0.3", 2, "203.0.113.9"),
        ("203.0.113.9", 2, PEER),
        ("", 1, PEER),
        ("unknown", 1, PEER),
        ("203.0.113.9, garbage", 1, PEER),
        ("2001:db8::1", 1, "2001:db8::1"),
        ("[2001:db8::1]:443", 1, "2001:db8::1"),
        ("2001:0DB8:0:0::1", 1, "2001:db8::1"),
        ("::ffff:203.0.113.9", 1, "203.0.113.9"),
        ("fe80::1%eth0", 1, "fe80::1"),
    ],
)
def test_the_nth_from_the_right_is_the_client(forwarded, proxies, expected):
    assert client_address(PEER, forwarded, proxies) == expected


@pytest.mark.parametrize("peer", [None, "", "unix:"])
def test_a_peer_without_address_is_unknown(peer):
    assert client_address(peer, "203.0.113.9", 0) is None
