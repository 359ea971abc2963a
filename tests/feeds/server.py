"""Calendar servers on loopback, good ones and bad: each answer is written byte by byte by the test that wants it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from socket import AF_INET, AI_NUMERICHOST, AddressFamily

from aiohttp.abc import AbstractResolver, ResolveResult

from planner.feeds.fetch import Fetcher
from planner.telemetry import Telemetry
from tests.virtual import FakeClock

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
MAX_BYTES = 1_000_000

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]
"""What is sent: bytes as they are, or whatever is done with the connection."""


def http(status: int, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    """An HTTP answer; ``length`` lies about how long its body is."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {size}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def unending(*headers: str) -> bytes:
    """The head of an answer whose body ends with the connection."""
    return "\r\n".join(["HTTP/1.1 200 X", "Connection: close", *headers, "", ""]).encode()


@dataclass
class Server:
    """Gives ``answers`` in turn, the last of them for ever; ``asked`` are the requests' heads as they came."""

    answers: list[Answer]
    greeting: bytes = b""
    port: int = 0
    asked: list[str] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/secret-path/basic.ics"

    def header(self, name: str, request: int = -1) -> str | None:
        """A header of a request."""
        fields = (line.partition(":") for line in self.asked[request].splitlines()[1:])
        return next((value.strip() for key, _, value in fields if key.lower() == name.lower()), None)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(self.greeting)
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.asked.append(head.decode())
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if not isinstance(answer, bytes):
                    await answer(writer)
                    break
                writer.write(answer)
                await writer.drain()
                if b"Content-Length" not in answer:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(*answers: Answer, tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> AsyncIterator[Server]:
    server = Server(list(answers), greeting)
    listening = await asyncio.start_server(server.accept, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in tuple(server.tasks):
            task.cancel()
        await asyncio.sleep(0.01)


@asynccontextmanager
async def fetching(
    *,
    private: bool = True,
    max_bytes: int = MAX_BYTES,
    resolver: AbstractResolver | None = None,
    tls: ssl.SSLContext | None = None,
    telemetry: Telemetry | None = None,
) -> AsyncIterator[Fetcher]:
    fetcher = Fetcher(FakeClock(), private=private, max_bytes=max_bytes, resolver=resolver, tls=tls,
                      telemetry=telemetry)  # fmt: skip
    try:
        yield fetcher
    finally:
        await fetcher.close()


class Names(AbstractResolver):
    """Resolves any name to the next of these addresses, the last of them for ever."""

    def __init__(self, *addresses: str | OSError) -> None:
        self.addresses: Sequence[str | OSError] = addresses
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: AddressFamily = AF_INET) -> list[ResolveResult]:
        address = self.addresses[min(len(self.asked), len(self.addresses) - 1)]
        self.asked.append(host)
        if isinstance(address, OSError):
            raise address
        return [ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=AI_NUMERICHOST)]

    async def close(self) -> None:
        pass
