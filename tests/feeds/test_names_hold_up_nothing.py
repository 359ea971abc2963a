"""A name whose server is silent holds up its own fetch, and neither the end of the process nor anybody else's names."""

from __future__ import annotations

import asyncio
import socket
import threading
from time import monotonic

import pytest

from planner.feeds.fetched import Fault
from planner.feeds.names import Names
from planner.model import Outcome
from tests.feeds.server import fetching

HELD_S = 20
LONG_S = 5
KEPT = ("::1", 80, 0, 0)


class Silent:
    """Answers no name before it is let go, the way the system's resolver waits for a server that does not answer."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.let_go = threading.Event()

    def __call__(self, *_: object, **__: object) -> list[tuple[object, ...]]:
        self.asked.set()
        self.let_go.wait(HELD_S)
        return []


def test_the_process_ends_while_a_name_is_looked_up() -> None:
    silent = Silent()

    async def main() -> None:
        async with fetching(resolver=Names(silent)) as fetcher:
            fetch = asyncio.get_running_loop().create_task(fetcher.fetch("http://tarpit.example/"))
            await asyncio.get_running_loop().run_in_executor(None, silent.asked.wait, HELD_S)
            fetch.cancel()
            await asyncio.gather(fetch, return_exceptions=True)

    began = monotonic()
    asyncio.run(main())
    assert silent.asked.is_set()
    assert monotonic() - began < LONG_S
    (thread,) = [one for one in threading.enumerate() if one.name == "feeds names"]
    assert thread.daemon
    silent.let_go.set()
    thread.join(HELD_S)  # it finds its loop ended, and says nothing


def test_names_are_looked_up_by_the_fetcher_s_own_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = Silent()
    monkeypatch.setattr(socket, "getaddrinfo", silent)

    async def main() -> None:
        async with fetching() as fetcher:
            fetch = asyncio.get_running_loop().create_task(fetcher.fetch("http://tarpit.example/"))
            await asyncio.get_running_loop().run_in_executor(None, silent.asked.wait, HELD_S)
            fetch.cancel()
            await asyncio.gather(fetch, return_exceptions=True)
            silent.let_go.set()

    began = monotonic()
    asyncio.run(main())
    assert monotonic() - began < LONG_S


async def test_an_answer_is_that_of_the_system() -> None:
    def lookup(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        kind = socket.SOCK_STREAM
        return [(socket.AF_INET, kind, 6, "", ("127.0.0.1", port)), (socket.AF_INET6, kind, 6, "", KEPT),
                (socket.AF_INET6, kind, 6, "", (10, b"\0"))]  # fmt: skip

    found = await Names(lookup).resolve("calendar.example", 80)
    assert [(one["hostname"], one["host"], one["port"], one["family"]) for one in found] == [
        ("calendar.example", "127.0.0.1", 80, socket.AF_INET),
        ("calendar.example", "::1", 80, socket.AF_INET6),
    ]


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("too long")])
async def test_a_name_that_is_not_found_is_an_outcome(error: Exception) -> None:
    def lookup(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise error

    async with fetching(resolver=Names(lookup)) as fetcher:
        assert await fetcher.fetch("http://calendar.example/") == Fault(Outcome.NETWORK, "dns")
