"""Which IP address a connection comes from, believing only proxies that are ours."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address


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
