"""The internet as far as linked calendars go: what is put at an address is what is fetched from it.

Calendars are read by the planner's own reader, in this process.
"""

from __future__ import annotations

from collections import UserDict
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

from planner.feeds.fetched import Body, Fault, Fetched, NotModified
from planner.ics.entry import UnreadableError
from planner.ics.prepare import Batch, Order, prepare
from planner.model import Outcome
from planner.providers import host
from tests.virtual import FakeClock

Answer = str | Fault | Exception


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was made; ``at`` in UTC ms."""

    url: str
    at: int
    etag: str | None
    modified: str | None


@dataclass
class Web(UserDict[str, Answer]):
    """Addresses and what is there: a calendar's text, a fault, or an exception that the fetcher should never raise.

    ``takes_ms``: so long a request takes (``takes``: one of a host's), and ``reads_ms`` reading what came. ``etags``:
    whether servers have them.
    """

    clock: FakeClock
    takes_ms: int = 0
    takes: dict[str, int] = field(default_factory=dict)
    reads_ms: int = 0
    etags: bool = True
    requests: list[Request] = field(default_factory=list)
    parsed: int = 0
    under_way: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        self.requests.append(Request(url, self.clock.now(), etag, modified))
        self.under_way.append(url)
        try:
            await self.clock.sleep(self.takes.get(host(url), self.takes_ms))
        finally:
            self.under_way.remove(url)
        found = self.get(url, Fault(Outcome.NETWORK, "dns"))
        if isinstance(found, Exception):
            raise found
        return found if isinstance(found, Fault) else self._body(found.encode(), etag)

    def _body(self, content: bytes, etag: str | None) -> Body | NotModified:
        digest = sha256(content).hexdigest()
        if self.etags and etag == f'"{digest}"':
            return NotModified()
        return Body(BytesIO(content), len(content), digest, f'"{digest}"' if self.etags else None, None)

    async def read(self, file: BinaryIO, order: Order) -> Batch | Fault:
        self.parsed += 1
        try:
            batch = prepare(file.read(), order)
        except UnreadableError as error:
            return Fault(Outcome.INVALID, str(error.args[0]))
        await self.clock.sleep(self.reads_ms)
        return batch

    def asked(self, url: str) -> int:
        """How often an address was fetched."""
        return sum(one.url == url for one in self.requests)


def calendar(*events: str, name: str = "Work", lines: str = "") -> str:
    """A calendar's text. ``lines`` stand before its events."""
    head = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//EN\nX-WR-CALNAME:{name}\n{lines}"
    return (head + "".join(events) + "END:VCALENDAR\n").replace("\n", "\r\n")


def event(uid: str, title: str, start: str, *lines: str, minutes: int = 30) -> str:
    """One event: ``start`` is ``20261122T100000Z``, without the Z it floats, and a date is a whole day."""
    if len(start) == len("20261122"):
        times = f"DTSTART;VALUE=DATE:{start}\n"
    else:
        times = f"DTSTART:{start}\nDURATION:PT{minutes}M\n"
    return f"BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{title}\n{times}" + "".join(f"{one}\n" for one in lines) + "END:VEVENT\n"
