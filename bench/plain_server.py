"""The plainest Bot API server there can be: it takes every message and answers after 100 to 300 ms.

``python -m bench.plain_server [--port N] [--slow MS MS]`` prints its address, then serves until its standard input
ends. It keeps to no limits and to HTTP only as far as an HTTP client needs it: a ``Content-Length``, one request at a
time on a connection. What it took is in ``GET /count`` and, with each message's instant, in ``GET /taken``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from itertools import count
from urllib.parse import parse_qs

ME = {"id": 1, "is_bot": True, "first_name": "Plain", "username": "plain_bot", "can_join_groups": True}
SLOW_MS = (100.0, 300.0)
LONGEST_POLL_S = 20.0


class Taken:
    """When messages came, in ms of the wall clock, and to which chat."""

    def __init__(self) -> None:
        self.messages: list[tuple[float, int]] = []
        self._ids = count(1)

    def message(self, fields: dict[str, object]) -> dict[str, object]:
        """The message as Telegram would tell of it."""
        now = time.time()
        chat_id = int(str(fields.get("chat_id", 0)))
        self.messages.append((now * 1_000, chat_id))
        chat = {"id": chat_id, "type": "private", "first_name": "Alice"}
        return {"message_id": next(self._ids), "date": int(now), "chat": chat, "text": str(fields.get("text", ""))}


class Connection(asyncio.Protocol):
    """One client's connection, kept alive."""

    def __init__(self, taken: Taken, slow_ms: tuple[float, float]) -> None:
        self._taken = taken
        self._slow_ms = slow_ms
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            length = int(headers.get("content-length", 0))
            if len(self._buffer) < end + 4 + length:
                return
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            self._answer(head[0].split(" ")[1], headers.get("content-type", ""), body)

    def _answer(self, path: str, kind: str, body: bytes) -> None:
        method = path.partition("?")[0].rpartition("/")[2]
        slow_s, result = 0.0, object()
        if method.startswith(("send", "edit")):
            slow_s = random.uniform(*self._slow_ms) / 1_000
            result = self._taken.message(fields_of(kind, body))
        elif method == "getUpdates":
            slow_s, result = min(LONGEST_POLL_S, float(str(fields_of(kind, body).get("timeout", 0)))), []
        elif method == "count":
            result = len(self._taken.messages)
        elif method == "taken":
            result = self._taken.messages
        else:
            result = ME if method == "getMe" else True
        asyncio.get_running_loop().call_later(slow_s, self._write, result)

    def _write(self, result: object) -> None:
        if self._transport is None:
            return
        body = json.dumps({"ok": True, "result": result}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def fields_of(kind: str, body: bytes) -> dict[str, object]:
    """A request's fields, whichever of the three ways the client has of sending them."""
    if kind.startswith("application/json"):
        return dict(json.loads(body or b"{}"))
    if kind.startswith("multipart/form-data"):
        return _multipart(body, kind.partition("boundary=")[2].strip('"').encode())
    return {name: values[-1] for name, values in parse_qs(body.decode()).items()}


def _multipart(body: bytes, boundary: bytes) -> dict[str, object]:
    fields: dict[str, object] = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = head.partition(b'name="')[2].partition(b'"')[0].decode()
        fields[name] = value.removesuffix(b"\r\n").decode()
    return fields


async def serve(port: int, slow_ms: tuple[float, float]) -> None:
    """Until standard input ends, which it does when whoever started this does."""
    loop, taken = asyncio.get_running_loop(), Taken()
    server = await loop.create_server(lambda: Connection(taken, slow_ms), "127.0.0.1", port, backlog=2_000)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.plain_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--slow", nargs=2, type=float, default=SLOW_MS, metavar=("FROM_MS", "TO_MS"))
    asked = parser.parse_args()
    asyncio.run(serve(asked.port, (asked.slow[0], asked.slow[1])))
