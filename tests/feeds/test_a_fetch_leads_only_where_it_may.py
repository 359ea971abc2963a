"""A feed's address leads to the public internet, and to one's own network only where the host allows it."""

from __future__ import annotations

import asyncio
import errno
import socket

import pytest

from planner.feeds import guard
from planner.feeds.fetched import Body, Fault
from planner.feeds.guard import BlockedError, allowed, guarded
from planner.model import Outcome
from tests.feeds.server import CALENDAR, Names, fetching, http, serving

BLOCKED = Fault(Outcome.BLOCKED, "private")
NEVER = Fault(Outcome.BLOCKED, "link_local")

PUBLIC = ("8.8.8.8", "1.1.1.1", "99.255.255.255", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1",
          "192.167.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001:829::200e",
          "::ffff:8.8.8.8")  # fmt: skip
HOME = ("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1",
        "100.127.255.255", "::1", "fc00::1", "fd12:3456::1", "::ffff:127.0.0.1", "::ffff:192.168.1.2")  # fmt: skip
NOWHERE = (
    "0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "169.254.170.2", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "192.88.99.1", "100.100.100.200", "::", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1",
    "fd00:ec2::254", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808",
    "192.0.0.192", "192.0.0.9", "168.63.129.16", "3fff::1", "2001:20::1", "2001:4:112::1",
    "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::1", "100::1", "5f00::1",
    "not an address", "",
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_connected_to(address: str) -> None:
    assert allowed(address, private=False)
    assert allowed(address, private=True)


@pytest.mark.parametrize("address", HOME)
def test_addresses_at_home_are_connected_to_where_the_host_allows_it(address: str) -> None:
    assert not allowed(address, private=False)
    assert allowed(address, private=True)


@pytest.mark.parametrize("address", NOWHERE)
def test_all_other_addresses_are_never_connected_to(address: str) -> None:
    assert not allowed(address, private=False)
    assert not allowed(address, private=True)


def test_a_blocked_address_gets_no_socket() -> None:
    make = guarded(private=False)
    with pytest.raises(BlockedError):
        make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80)))
    with make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 80))) as made:
        assert made.family == socket.AF_INET


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1.", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "alice@127.0.0.1",
                                  "8.8.8.8@127.0.0.1", "８.8.8.8@１２７.0.0.1", "0x7f.1", "0177.0.0.1", "localhost",
                                  "localhost.", "2130706433", "0x7f000001", "127.1", "0"])  # fmt: skip
def test_loopback_is_refused_however_it_is_written(host: str) -> None:
    async def main() -> list[object]:
        async with serving(http(200, CALENDAR)) as server, fetching(private=False) as fetcher:
            fetched = await fetcher.fetch(f"http://{host}:{server.port}/")
            return [fetched, server.asked, len(server.tasks)]

    fetched, *reached = asyncio.run(main())
    assert fetched in {BLOCKED, NEVER, Fault(Outcome.BLOCKED, "address"), Fault(Outcome.NETWORK, "dns")}
    assert reached == [[], 0]


async def test_a_name_is_judged_by_the_address_that_is_connected_to() -> None:
    async with serving(http(200, CALENDAR)) as server:
        for private, expected in ((False, BLOCKED), (True, None)):
            async with fetching(private=private, resolver=Names("127.0.0.1")) as fetcher:
                fetched = await fetcher.fetch(f"http://calendar.example:{server.port}/")
            if isinstance(fetched, Body):
                fetched.file.close()
            assert isinstance(fetched, Body) if expected is None else fetched == expected
    assert len(server.asked) == 1


async def test_a_redirect_to_the_metadata_of_a_cloud_is_refused_at_home_too() -> None:
    for location in ("http://169.254.169.254/latest/meta-data/", "http://[::ffff:a9fe:a9fe]/", "//169.254.169.254/"):
        async with serving(http(302, b"", f"Location: {location}")) as server, fetching() as fetcher:
            assert await fetcher.fetch(server.url) == NEVER


async def test_a_redirect_to_another_server_says_so_where_that_is_to_blame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        guard, "allowed", lambda address, *, private: address == "127.0.0.1" or allowed(address, private=private)
    )
    faults = {
        "http://10.0.0.1/": Fault(Outcome.BLOCKED, "elsewhere_private"),
        "http://calendar.invalid/": Fault(Outcome.NETWORK, "elsewhere"),
        "gopher://calendar.example/": Fault(Outcome.BLOCKED, "scheme"),
        "http://calendar.example:70000/": Fault(Outcome.BLOCKED, "address"),
        "http://[calendar/": Fault(Outcome.BLOCKED, "address"),
    }
    names = Names(OSError(errno.ENOENT, "no such name"))
    for location, fault in faults.items():
        async with (
            serving(http(302, b"", f"Location: {location}")) as server,
            fetching(private=False, resolver=names) as fetcher,
        ):
            assert await fetcher.fetch(server.url) == fault, location
    async with serving(http(302, b"", "Location: http://127.0.0.1:1/")) as server, fetching() as fetcher:
        assert await fetcher.fetch(server.url) == Fault(Outcome.NETWORK, "refused")


async def test_a_name_that_resolves_to_loopback_the_second_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer of its name server is public; the connection is made with the second."""
    tried: list[object] = []

    def refuse(_self: object, _sock: object, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    names = Names("8.8.8.8", "127.0.0.1")
    async with serving(http(200, CALENDAR)) as server, fetching(private=False, resolver=names) as fetcher:
        with monkeypatch.context() as patch:
            patch.setattr(asyncio.SelectorEventLoop, "sock_connect", refuse)
            url = f"http://calendar.example:{server.port}/"
            assert await fetcher.fetch(url) == Fault(Outcome.NETWORK, "refused")
            assert await fetcher.fetch(url) == BLOCKED
    assert names.asked == ["calendar.example"] * 2
    assert tried == [("8.8.8.8", server.port)]
    assert server.asked == []


async def test_a_name_with_addresses_of_both_kinds_leads_to_the_public_one_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Both(Names):
        async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET):
            private = await Names("127.0.0.1").resolve(host, port, family)
            return private + await Names("8.8.8.8").resolve(host, port, family)

    tried: list[object] = []

    async def refuse(_self: object, _sock: object, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    async with serving(http(200, CALENDAR)) as server, fetching(private=False, resolver=Both()) as fetcher:
        with monkeypatch.context() as patch:
            patch.setattr(asyncio.SelectorEventLoop, "sock_connect", refuse)
            fetched = await fetcher.fetch(f"http://calendar.example:{server.port}/")
    assert isinstance(fetched, Fault)
    assert set(tried) == {("8.8.8.8", server.port)}
    assert server.asked == []
