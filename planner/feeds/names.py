"""Servers' names are looked up apart from everything else that waits for a thread.

The system's resolver can neither be cancelled nor told how long to take: a name whose server is silent would hold up
Telegram's own, and the end of the process, which waits for the threads that asyncio lends.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

AT_ONCE = 32
"""Names that are looked up at once. One that its fetch no longer waits for counts until the system gives it up."""

Found = list[tuple[Any, ...]]
"""As :func:`socket.getaddrinfo` gives it."""
Lookup = Callable[..., Found]


class Names(AbstractResolver):
    """Looks each name up in a thread of its own, which nothing waits for once nobody asks any more."""

    def __init__(self, lookup: Lookup | None = None) -> None:
        self._lookup = lookup or socket.getaddrinfo
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """A name's addresses. Raises ``OSError``, or ``UnicodeError`` for what can be no name."""
        await self._slots.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Found] = loop.create_future()
        arguments = (loop, answer, host, port, family)
        threading.Thread(target=self._look_up, args=arguments, name="feeds names", daemon=True).start()
        return [
            ResolveResult(hostname=host, host=address[0], port=address[1], family=found, proto=protocol,
                          flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV)
            for found, _, protocol, _, address in await answer
            if isinstance(address[0], str)  # else it is of a family that this Python was built without
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is held."""

    def _look_up(
        self,
        loop: asyncio.AbstractEventLoop,
        answer: asyncio.Future[Found],
        host: str,
        port: int,
        family: socket.AddressFamily,
    ) -> None:
        found: Found | Exception
        try:
            found = self._lookup(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        except (OSError, UnicodeError) as error:
            found = error
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(self._answer, answer, found)

    def _answer(self, answer: asyncio.Future[Found], found: Found | Exception) -> None:
        self._slots.release()
        if answer.done():
            return
        if isinstance(found, Exception):
            answer.set_exception(found)
        else:
            answer.set_result(found)
