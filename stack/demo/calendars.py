"""The calendars that are linked in the day: one server, on which each address behaves in its own way.

All are calendars when they are first looked at, or they could not be linked; then each has a fault of its own.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CLOUD = "http://169.254.169.254/latest/meta-data/team.ics"
"""Where clouds hand out their machines' secrets: no calendar may lead there."""
HUGE_BYTES = 300_000_000
"""More than any planner takes."""
HANG_S = 20.0
"""Longer than the planner waits between two bytes."""
PAGE = b"<!DOCTYPE html><title>Sign in</title><p>Please sign in to see this calendar.</p>\n"


def calendar(version: int, *, broken: bool = False) -> bytes:
    """Lessons of the next days; the second version has one moved, one gone and one more. ``broken``: one of no date."""
    begin = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
    titles = ["Algebra", "Biology", "Chemistry"] if version == 1 else ["Algebra", "Chemistry", "Drawing"]
    events = [_event(title, begin + timedelta(days=number, minutes=30 * version * (title == "Chemistry")), begin)
              for number, title in enumerate(titles)]  # fmt: skip
    if broken:
        events.append("BEGIN:VEVENT\r\nUID:no-date@demo\r\nSUMMARY:Nobody knows when\r\nEND:VEVENT\r\n")
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//demo//day//EN\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


def _event(title: str, start: datetime, made: datetime) -> str:
    form = "%Y%m%dT%H%M%SZ"
    return (
        f"BEGIN:VEVENT\r\nUID:{title.lower()}@demo\r\nDTSTAMP:{made:{form}}\r\nSUMMARY:{title}\r\n"
        f"DTSTART:{start:{form}}\r\nDTEND:{start + timedelta(hours=1):{form}}\r\nEND:VEVENT\r\n"
    )


class _Answers(BaseHTTPRequestHandler):
    """The address says how it behaves."""

    server: Calendars

    def do_GET(self) -> None:
        name = self.path.strip("/").removesuffix(".ics")
        look = self.server.looked(name)
        with suppress(ConnectionError):  # whoever asked may not wait for what hangs, or take what is too large
            getattr(self, f"_{name}", self._missing)(look)

    def _changes(self, look: int) -> None:
        self._calendar(calendar(min(look, 2), broken=True))

    def _same(self, _: int) -> None:
        """What it says of itself makes it unchanged."""
        if self.headers.get("If-None-Match") == '"1"':
            self._answer(304)
        else:
            self._calendar(calendar(1), ETag='"1"')

    def _faulty(self, look: int) -> None:
        self._calendar(calendar(1)) if look == 1 else self._answer(500)

    def _huge(self, look: int) -> None:
        self._calendar(calendar(1)) if look == 1 else self._head(200, HUGE_BYTES)

    def _page(self, look: int) -> None:
        self._calendar(calendar(1)) if look == 1 else self._answer(200, PAGE)

    def _inward(self, look: int) -> None:
        self._calendar(calendar(1)) if look == 1 else self._answer(302, Location=CLOUD)

    def _gone(self, look: int) -> None:
        if look == 1:
            self._calendar(calendar(1))
        self.close_connection = True

    def _slow(self, look: int) -> None:
        if look > 1:
            time.sleep(HANG_S)
        self._calendar(calendar(1))

    def _hangs(self, _: int) -> None:
        time.sleep(HANG_S)

    def _missing(self, _: int) -> None:
        self._answer(404)

    def _calendar(self, body: bytes, **headers: str) -> None:
        self._answer(200, body, **{"Content-Type": "text/calendar"}, **headers)

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self._head(status, len(body), **headers)
        self.wfile.write(body)

    def _head(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(length)}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """The day itself says what happens."""


class Calendars(ThreadingHTTPServer):
    """Listens at the address that the planner reaches it by."""

    daemon_threads = True

    def __init__(self, host: str, port: int) -> None:
        super().__init__((host, port), _Answers)
        self._host = host
        self._looks: Counter[str] = Counter()
        self._lock = threading.Lock()

    def address(self, name: str) -> str:
        return f"http://{self._host}:{self.server_port}/{name}.ics"

    def looked(self, name: str) -> int:
        """The how manieth look at it this is."""
        with self._lock:
            self._looks[name] += 1
            return self._looks[name]


@contextmanager
def serving(host: str, port: int) -> Iterator[Calendars]:
    with Calendars(host, port) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
