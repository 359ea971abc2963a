"""Where a fetch may lead: the address that is checked is the one that is connected to.

Names are not judged, nor what they resolve to: the check stands where the socket is made, so neither a literal address
(which no resolver sees), nor a redirect, nor a name that resolves to something else the second time gets past it.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]
"""As :func:`socket.getaddrinfo` gives it."""

_UNICAST = ip_network("2000::/3")
"""Global unicast (RFC 4291, section 2.4); what lies outside, NAT64 among it, leads elsewhere or nowhere."""
_TUNNELS = (
    ip_network("2002::/16"),  # 6to4, RFC 3056: an IPv4 address of any kind inside
    ip_network("2001::/32"),  # Teredo, RFC 4380: likewise
    ip_network("192.88.99.0/24"),  # the relays of 6to4, RFC 7526
)
_NOBODY_S = tuple(
    map(ip_network, ("0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
                     "240.0.0.0/4", "2001::/23", "2001:db8::/32", "3fff::/20"))
)  # fmt: skip
"""Of the registries of special addresses (RFC 6890) what is no server's: each Python knows others of them."""
_HOME = tuple(
    map(ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128",
                     "fc00::/7"))
)  # fmt: skip
_METADATA = (
    IPv4Address("100.100.100.200"),
    IPv4Address("168.63.129.16"),
    IPv4Address("192.0.0.192"),
    IPv6Address("fd00:ec2::254"),
)
"""Where clouds hand out their machines' secrets, other than by link-local addresses."""


class BlockedError(OSError):
    """The address is none that may be connected to; ``home``: unless private ones may be."""

    def __init__(self, *, home: bool) -> None:
        super().__init__(errno.EACCES, "blocked")
        self.home = home


def allowed(address: str, *, private: bool) -> bool:
    """Whether an IP address is public and unicast; with ``private``, on this machine or its own network as well."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip in _METADATA:
        return False
    return (private and any(ip in network for network in _HOME)) or _public(ip)


def _public(ip: IPv4Address | IPv6Address) -> bool:
    if not ip.is_global or ip.is_multicast or any(ip in network for network in (*_TUNNELS, *_NOBODY_S)):
        return False
    return isinstance(ip, IPv4Address) or ip in _UNICAST


def guarded(*, private: bool) -> Callable[[AddressInfo], socket.socket]:
    """What makes a connection's socket; it raises :class:`BlockedError` for an address that is not ``allowed``."""

    def make(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        if not allowed(str(address[0]), private=private):
            raise BlockedError(home=allowed(str(address[0]), private=True))
        return socket.socket(family, kind, protocol)

    return make
