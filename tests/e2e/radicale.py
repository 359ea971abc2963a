"""A calendar server of the standard kind (Radicale), a process of its own on loopback, and who speaks CalDAV to it.

The planner's clock is virtual and that server's is not: while the planner fetches and reads, its clock stands still.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from base64 import b64encode
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from socket import create_connection, create_server
from time import monotonic, sleep
from typing import BinaryIO, TypeVar

from planner.clock import SystemClock
from planner.feeds.fetched import Fault, Fetched
from planner.feeds.on_demand import OnDemand
from planner.ics.prepare import Batch, Order

T = TypeVar("T")

ALICE, PASSWORD = "alice", "s3cret/pass:word"
WRONG = "wr0ng-pass"
CALENDAR = "/alice/work/"
MAKE = """<?xml version="1.0" encoding="utf-8"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<D:displayname>Work</D:displayname></D:prop></D:set></C:mkcalendar>"""
LIST = """<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/></D:prop></D:propfind>"""
STARTED_S = 20.0
LOOK_S = 0.02


class Radicale:
    """The server, and alice's calendar on it. ``stop`` and ``start`` keep the port and what is stored."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        with create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        (folder / "users").write_text(f"{ALICE}:{PASSWORD}\n")
        self.start()
        self._ask("MKCALENDAR", CALENDAR, MAKE, {201})

    def url(self, password: str = "s3cret%2Fpass%3Aword") -> str:
        return f"http://{ALICE}:{password}@127.0.0.1:{self.port}{CALENDAR}"

    def put(self, name: str, *components: tuple[str, ...]) -> None:
        """Store an event, or a series with its exceptions, in place of what has that name."""
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
        for one in components:
            lines += ["BEGIN:VEVENT", f"UID:{name}", "DTSTAMP:20261101T000000Z", *one, "END:VEVENT"]
        self._ask("PUT", f"{CALENDAR}{name}.ics", "\r\n".join([*lines, "END:VCALENDAR", ""]), {201, 204})

    def delete(self, name: str) -> None:
        self._ask("DELETE", f"{CALENDAR}{name}.ics", "", {200, 204})

    def names(self) -> int:
        """How many events are there."""
        return self._ask("PROPFIND", CALENDAR, LIST, {207}, Depth="1").count(b"<getetag>") - 1

    def start(self) -> None:
        options = {
            "server-hosts": f"127.0.0.1:{self.port}",
            "auth-type": "htpasswd",
            "auth-htpasswd-filename": str(self._folder / "users"),
            "auth-htpasswd-encryption": "plain",
            "auth-delay": "0",
            "storage-filesystem-folder": str(self._folder / "collections"),
            "logging-level": "critical",
        }
        command = [
            sys.executable,
            "-m",
            "radicale",
            "--config",
            "",
            *(f"--{key}={value}" for key, value in options.items()),
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ends = monotonic() + STARTED_S
        while not self._listens():
            assert monotonic() < ends, "the calendar server does not start"
            assert self._process.poll() is None, "the calendar server has ended"
            sleep(LOOK_S)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def _listens(self) -> bool:
        with suppress(OSError), create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def _ask(self, method: str, path: str, body: str, expected: set[int], **headers: str) -> bytes:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            secret = b64encode(f"{ALICE}:{PASSWORD}".encode()).decode()
            kind = "text/calendar; charset=utf-8" if method == "PUT" else "application/xml; charset=utf-8"
            connection.request(method, path, body.encode(), {"Authorization": f"Basic {secret}", "Content-Type": kind,
                                                             **headers})  # fmt: skip
            response = connection.getresponse()
            content = response.read()
            assert response.status in expected, (method, response.status, content[:500])
            return content
        finally:
            connection.close()


@contextmanager
def a_radicale(folder: Path) -> Iterator[Radicale]:
    folder.mkdir()
    server = Radicale(folder)
    try:
        yield server
    finally:
        server.stop()


class Standstill:
    """Fetches and reads calendars as the planner does, on a loop of its own; whoever asks stands still meanwhile."""

    def __init__(self, *, private: bool) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._runner = self._pool.submit(asyncio.Runner).result()
        self._feeds = OnDemand(SystemClock(), private=private, max_bytes=2**20)

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        return self._do(self._feeds.fetch(url, etag=etag, modified=modified))

    async def read(self, file: BinaryIO, order: Order) -> Batch | Fault:
        return self._do(self._feeds.read(file, order))

    def close(self) -> None:
        self._do(self._feeds.close())
        self._pool.submit(self._runner.close).result()
        self._pool.shutdown()

    def _do(self, work: Coroutine[object, object, T]) -> T:
        return self._pool.submit(self._runner.run, work).result()


@contextmanager
def standing_still(*, private: bool = True) -> Iterator[Standstill]:
    found = Standstill(private=private)
    try:
        yield found
    finally:
        found.close()
