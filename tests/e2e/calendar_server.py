"""A calendar's server of real HTTP, in a thread: it gives what it is told to, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

from tests.serving import QuietServer


class CalendarServer:
    """Any path gives ``body``, with ``status``; ``asked`` holds what it was asked, in order: path, headers and body."""

    def __init__(self) -> None:
        self.status = 200
        self.body = ""
        self.asked: list[tuple[str, str, str]] = []
        server = self

        class Handler(_Handler):
            to = server

        self._http = QuietServer(("127.0.0.1", 0), Handler)
        self.port = self._http.server_port
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """From now on connections are refused. Once is enough."""
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    to: CalendarServer

    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        said = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.to.asked.append((self.path, str(self.headers), said))
        body = self.to.body.encode()
        self.send_response(self.to.status)
        self.send_header("Content-Type", "text/calendar; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def soon(seconds: float) -> str:
    """An instant that much later, as iCalendar writes it."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y%m%dT%H%M%SZ")


@contextmanager
def serving_calendars() -> Iterator[CalendarServer]:
    """A server on a free port of this machine."""
    server = CalendarServer()
    try:
        yield server
    finally:
        server.close()
