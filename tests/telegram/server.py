"""A server on loopback that answers with whatever bytes it is told to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from planner.telegram.client import Telegram
from planner.telemetry import Telemetry
from tests.virtual import FakeClock

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_"
"""Of a real token's shape, so that every net is tried."""

DROP = b""
"""Close the connection without a word."""

SILENT = None
"""Take the request, and never answer."""

Reply = bytes | None


def http(
    status: int, body: bytes | str | dict[str, object] = b"", *, headers: str = "", length: int | None = None
) -> bytes:
    """An HTTP answer; ``length`` lies about how long its body is."""
    content = json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
    size = len(content) if length is None else length
    return f"HTTP/1.1 {status} X\r\nContent-Length: {size}\r\n{headers}\r\n".encode() + content


def ok(result: object) -> bytes:
    return http(200, {"ok": True, "result": result})


def refused(status: int, description: str, **parameters: int) -> bytes:
    """An error in the Bot API's own form."""
    body: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    return http(status, body | ({"parameters": parameters} if parameters else {}))


@dataclass
class Asked:
    """One request as it arrived."""

    path: str
    body: bytes

    @property
    def fields(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.body)
        return found


@dataclass
class Server:
    """Gives ``replies`` in turn, the last of them for ever."""

    replies: list[Reply]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        sizes = [line.split(":")[1] for line in head.splitlines() if line.lower().startswith("content-length:")]
        body = await reader.readexactly(int(sizes[0])) if sizes else b""
        self.asked.append(Asked(head.split()[1], body))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply is SILENT:
            await reader.read()
            return False
        writer.write(reply)
        await writer.drain()
        declared = int(reply.partition(b"Content-Length: ")[2].partition(b"\r\n")[0] or 0)
        return reply != DROP and declared == len(reply.partition(b"\r\n\r\n")[2])


@asynccontextmanager
async def serving(*replies: Reply) -> AsyncIterator[Server]:
    server = Server(list(replies))
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for writer in server.writers:
            writer.close()
        await asyncio.sleep(0.01)


@asynccontextmanager
async def telegram_at(url: str, connections: int = 10, telemetry: Telemetry | None = None) -> AsyncIterator[Telegram]:
    telegram = Telegram(TOKEN, base_url=url, connections=connections, clock=FakeClock(), telemetry=telemetry)
    try:
        yield telegram
    finally:
        await telegram.close()


async def free_port() -> int:
    """A port that nobody listens on."""
    listening = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port: int = listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()
    return port
