"""IP addresses: which one a connection comes from, and the networks it belongs to. Pure."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

IPV6_CUSTOMER = 64  # bits: the network that a provider gives to one customer (RFC 6177)
WIDEST = {4: 16, 6: 32}  # bits: larger networks are whole providers


def client_address(peer: str | None, forwarded_for: str, trusted_proxies: int) -> str | None:
    """The address of the client.

    ``peer`` is the other end of the connection; ``forwarded_for`` the ``X-Forwarded-For`` header
    as received ("" when absent); ``trusted_proxies`` how many proxies of ours each request passes.
    Each proxy appends the address it saw, so with N proxies of ours the client is the Nth from
    the right; anything further left was written by the client and is ignored.

    Falls back to the peer when the header is shorter than it must be or is not an address:
    somebody reached the server around the proxies. Returns ``None`` if there is no valid peer.
    """
    if trusted_proxies > 0:
        hops = [hop.strip() for hop in forwarded_for.split(",")]
        if len(hops) >= trusted_proxies:
            address = _valid(hops[-trusted_proxies])
            if address:
                return address
    return _valid(peer or "")


@lru_cache(maxsize=4096)
def _valid(text: str) -> str | None:
    """``text`` as a canonical address without zone or port; IPv4 inside IPv6 is unpacked."""
    if text.startswith("[") and "]" in text:
        text = text[1 : text.index("]")]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)


@lru_cache(maxsize=4096)
def customer_network(ip: str) -> str:
    """The smallest network that belongs to one customer: an IPv4 address, or 64 bits of IPv6."""
    address = ip_address(ip)
    bits = 32 if address.version == 4 else IPV6_CUSTOMER
    return str(ip_network((address, bits), strict=False))


def network_in(text: str) -> str | None:
    """The network that a person wrote, as an address or in CIDR, in its one canonical form.

    Never smaller than one customer's. ``None`` if it is none, or wider than ``WIDEST``.
    """
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    if network.prefixlen < WIDEST[network.version]:
        return None
    if isinstance(network, IPv6Network) and network.prefixlen > IPV6_CUSTOMER:
        network = network.supernet(new_prefix=IPV6_CUSTOMER)
    return str(network)


@lru_cache(maxsize=4096)
def networks_around(ip: str) -> tuple[str, ...]:
    """Every network that ``ip`` is in, from one customer's to the widest, as they are stored."""
    network = ip_network(customer_network(ip))
    widest = WIDEST[network.version]
    bits = range(network.prefixlen, widest - 1, -1)
    return tuple(str(network.supernet(new_prefix=each)) for each in bits)


@lru_cache(maxsize=4096)
def sort_key(ip: str) -> str:
    """32 hexadecimal digits that sort as addresses do: a network is a range of them."""
    return _digits(ip_address(ip))


def key_range(network: str) -> tuple[str, str]:
    """The first and the last ``sort_key`` of a canonical network."""
    parsed: IPv4Network | IPv6Network = ip_network(network)
    return _digits(parsed[0]), _digits(parsed[-1])


def _digits(address: IPv4Address | IPv6Address) -> str:
    number = int(address)
    if not isinstance(address, IPv6Address):
        number += 0xFFFF << 32  # ::ffff:0:0/96, where IPv4 lies inside IPv6
    return f"{number:032x}"
