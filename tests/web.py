"""The internet as far as linked calendars go: what is put at an address is what is fetched from it.

Calendars are read by the planner's own reader, in this process.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from planner.feeds.fetched import Body, Fault, Fetched, NotModified
from planner.ics.entry import UnreadableError
from planner.model import Outcome
from tests.virtual import FakeClock

if TYPE_CHECKING:
    from planner.ics.prepare import Batch, Order

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

    ``takes_ms``: so long a request takes. ``etags``: whether servers have them.
    """

    clock: FakeClock
    takes_ms: int = 0
    etags: bool = True
    requests: list[Request] = field(default_factory=list)
    parsed: int = 0
    under_way: list[str] = field(default_factory=list)
    on_read: Callable[[], None] | None = None
    """Called after a calendar was read and before it is stored."""

    def __post_init__(self) -> None:
        super().__init__()

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        self.requests.append(Request(url, self.clock.now(), etag, modified))
        self.under_way.append(url)
        try:
            await self.clock.sleep(self.takes_ms)
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
        from planner.ics.prepare import prepare  # noqa: PLC0415

        self.parsed += 1
        try:
            batch = prepare(file.read(), order)
        except UnreadableError as error:
            return Fault(Outcome.INVALID, str(error.args[0]))
        if self.on_read is not None:
            self.on_read()
        return batch

    def asked(self, url: str) -> int:
        """How often an address was fetched."""
        return sum(one.url == url for one in self.requests)
