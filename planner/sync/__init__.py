"""Feeds are kept up to date: fetched when they are due, a few at once, read apart, and applied as a difference.

All that came of an attempt is written in one transaction. Nothing of a feed is kept in memory between attempts.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import closing
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from planner import service
from planner.clock import Clock
from planner.feeds.fetched import Body, Fault, Fetched, NotModified
from planner.ics.entry import READER, Limits
from planner.model import DAY, MINUTE, SECOND, Feed, Outcome
from planner.providers import host
from planner.store import Store, Tx
from planner.store.db import StoreError
from planner.store.feeds import Held
from planner.store.news import News
from planner.sync import said
from planner.sync.record import Came, Owns, record
from planner.telemetry import Telemetry
from planner.telemetry.shift import Shift
from planner.telemetry.tracing import Span, current

if TYPE_CHECKING:  # only a sync needs what reads calendars
    from planner.ics.prepare import Batch, Order

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Feeds that are synced side by side."""
AT_ONCE_OF_HOST = 2
MORE_FOR_ASKED = 2
"""So many more, where their users have asked for it: they wait behind nobody's slow servers."""
LOOKED_AT = 50
"""Feeds that are due and of servers that are not busy: so many are looked at, of which each may be of the same one."""
READ_WHOLE_EVERY_MS = 7 * DAY
"""So often a feed is read though it has not changed: events that recur as no rule says are written out for a year."""
STORE_RETRY_MS = 5 * SECOND
LONGEST_WAIT_MS = MINUTE
OURS = "ours"
"""The fault of an attempt that failed by our own fault."""


class Fetcher(Protocol):
    """Whatever happens is an answer; :class:`planner.feeds.fetch.Fetcher` is one."""

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched: ...


class Reader(Protocol):
    """Reads a calendar without holding up the event loop; :class:`planner.feeds.apart.Apart` is one."""

    async def read(self, file: BinaryIO, order: Order) -> Batch | Fault: ...


class _Begun(NamedTuple):
    """An attempt under way."""

    feed: Feed
    held: Held
    started_at: int
    mono: int

    @property
    def conditional(self) -> bool:
        """Whether it is enough to hear that nothing has changed."""
        read_at = self.held.read_at
        return self.known and read_at is not None and self.started_at - read_at < READ_WHOLE_EVERY_MS

    @property
    def known(self) -> bool:
        """Whether what was read last was read as it would be now."""
        return self.held.read_as == read_as(self.feed)


class Sync:
    """``max_events`` is what a feed may hold; ``owns`` says who runs the bot."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        reader: Reader,
        clock: Clock,
        random: Random,
        *,
        max_events: int,
        owns: Owns,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._telemetry = telemetry or Telemetry()
        self._shift = Shift(self._telemetry.metrics, "sync")
        self._store = store
        self._fetcher = fetcher
        self._reader = reader
        self._clock = clock
        self._random = random
        self._limits = Limits(max_events)
        self._owns = owns
        self._running: dict[int, asyncio.Task[None]] = {}
        self._hosts: Counter[str] = Counter()
        self._wake = asyncio.Event()
        self._looking_since: int | None = None
        self._back_ms = 0
        clock.on_jump(self._jumped)

    def _jumped(self, ms: int) -> None:
        """What is due at an instant is due sooner once the clock was set forward; set back, all would wait as long."""
        self._back_ms += max(0, -ms)
        self._wake.set()

    @property
    def looking_since(self) -> int | None:
        """Since when (monotonic ms) it looks for what is due; ``None`` while it waits for the next time."""
        return self._looking_since

    def changed(self, news: News) -> None:
        """A transaction has changed something."""
        if news.feeds:
            self._wake.set()

    async def run(self) -> None:
        """Sync what is due, until cancelled."""
        try:
            while True:
                self._wake.clear()
                self._looking_since = self._clock.mono()
                wait = await self._start_due()
                self._looking_since = None
                try:
                    async with asyncio.timeout(None if wait is None else wait / SECOND):
                        await self._wake.wait()
                except TimeoutError:
                    pass
        finally:
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _start_due(self) -> int | None:
        """Begin what can be begun; milliseconds until the next look, ``None`` if only news can help."""
        now = self._clock.now()
        try:
            await self._set_back()
            while await self._begin_some(now):
                pass
            next_at = await self._store.read(lambda tx: tx.feeds.next_after(now))
        except StoreError as error:
            log.error("sync.no_store", extra={"cause": str(error), "do": "No calendar is synced now; see the cause."})
            return STORE_RETRY_MS
        return None if next_at is None else min(max(0, next_at - now), LONGEST_WAIT_MS)

    async def _begin_some(self, now: int) -> bool:
        """Begin what there are slots for; whether there may be more."""
        asked_for = len(self._running) >= AT_ONCE
        busy = [server for server, running in self._hosts.items() if running >= AT_ONCE_OF_HOST]
        running = list(self._running)
        found = await self._store.read(
            lambda tx: tx.feeds.due(now, LOOKED_AT, asked_for=asked_for, busy=busy, without=running)
        )
        begun = [self._begin(feed) for feed in found]
        return any(begun) and len(found) == LOOKED_AT

    async def _set_back(self) -> None:
        if back_ms := self._back_ms:
            await self._store.write(lambda tx: tx.feeds.sooner(back_ms))
            self._back_ms -= back_ms

    def _begin(self, feed: Feed) -> bool:
        server = host(feed.url)
        most = AT_ONCE if feed.asked_at is None else AT_ONCE + MORE_FOR_ASKED
        if len(self._running) >= most or self._hosts[server] >= AT_ONCE_OF_HOST or feed.id in self._running:
            return False
        self._hosts[server] += 1
        self._running[feed.id] = asyncio.get_running_loop().create_task(self._carry_out(feed, server))
        return True

    async def _carry_out(self, feed: Feed, server: str) -> None:
        try:
            with said.begun(self._telemetry, feed) as span:
                wait = await self._tried(feed, span)
            if wait:
                await self._clock.sleep(wait)
        finally:
            del self._running[feed.id]
            self._hosts[server] -= 1
            if not self._hosts[server]:
                del self._hosts[server]
            self._wake.set()

    async def _tried(self, feed: Feed, span: Span) -> int:
        """Milliseconds to wait, where not even what came of it could be written down."""
        try:
            with self._shift.task() as task:
                task.ok = await self._attempt(feed)
        except StoreError as error:
            said.not_kept(feed, str(error))
            span.fail(type(error).__name__)
            return STORE_RETRY_MS
        except Exception as error:  # noqa: BLE001  # one feed's fault costs no other
            said.crashed(feed, error)
            span.fail(type(error).__name__)
            return LONGEST_WAIT_MS
        return 0

    async def _attempt(self, feed: Feed) -> bool:
        """Whether it went as it should, whatever the calendar's server did."""
        started_at, mono = self._clock.now(), self._clock.mono()
        found, held = await self._store.read(lambda tx: (tx.feeds.get(feed.id), tx.feeds.held(feed.id)))
        if found is None:
            return True
        begun = _Begun(found, held, started_at, mono)
        try:
            await self._fetch(begun)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  # one calendar's sync costs no other
            said.crashed(begun.feed, error)
            await self._record(self._came(begun, Outcome.INVALID, OURS))
            return False
        return True

    async def _fetch(self, begun: _Begun) -> None:
        held = begun.held
        validators = (held.etag, held.modified) if begun.conditional else (None, None)
        fetched = await self._fetcher.fetch(begun.feed.url, etag=validators[0], modified=validators[1])
        match fetched:
            case NotModified():
                await self._record(self._came(begun, Outcome.NOT_MODIFIED))
            case Fault():
                await self._failed(begun, fetched)
            case Body(file):
                with closing(file):
                    await self._take_in(begun, fetched)

    async def _take_in(self, begun: _Begun, body: Body) -> None:
        if begun.conditional and body.digest == begun.held.digest:
            held = begun.held._replace(etag=body.etag, modified=body.modified)
            came = replace(self._came(begun, Outcome.NOT_MODIFIED), bytes=body.size, held=held)
            await self._record(came)
            return
        while not await self._read(begun, body):  # its user has changed what it was read for
            body.file.seek(0)

    async def _read(self, begun: _Begun, body: Body, *, whole: bool = False) -> bool:
        """Read and record; false, and nothing is recorded, where that has to be done again."""
        now = self._clock.now()
        order = await self._store.read(lambda tx: self._order(tx, begun, now, whole=whole))
        if order is None:
            return True
        batch = await self._reader.read(body.file, order)
        if isinstance(batch, Fault):
            await self._failed(begun, batch, body.size)
            return True
        if batch.crowded and order.known:  # what there is room for shows only the whole of it
            body.file.seek(0)
            return await self._read(begun, body, whole=True)
        as_read = read_as(replace(begun.feed, leads_s=order.leads_s, alarms=order.alarms, muted=order.muted))
        held = Held(body.etag, body.modified, body.digest, now, as_read)
        came = self._came(begun, Outcome.OK)
        return await self._record(replace(came, bytes=body.size, held=held, order=order, batch=batch))

    def _order(self, tx: Tx, begun: _Begun, now: int, *, whole: bool) -> Order | None:
        from planner.ics.prepare import STARTS_OFTEN, Order  # noqa: PLC0415  # only a sync needs what reads calendars

        feed = tx.feeds.get(begun.feed.id)
        user = None if feed is None else tx.users.get(feed.user_id)
        if feed is None or user is None:
            return None
        order = Order(
            user.id, feed.id, service.owner(user), feed.leads_s, feed.alarms, feed.muted, frozenset(), now, self._limits
        )
        if whole or begun.held.read_as != read_as(feed):
            return order
        return order._replace(
            known=tx.feed_events.digests(feed.id), starts=tx.feed_events.starts(feed.id, STARTS_OFTEN)
        )

    async def _failed(self, begun: _Begun, fault: Fault, size: int = 0) -> None:
        said.failed(begun.feed, fault.outcome, fault.code)
        came = self._came(begun, fault.outcome, fault.code)
        await self._record(replace(came, retry_after_s=fault.retry_after_s, bytes=size))

    def _came(self, begun: _Begun, outcome: Outcome, fault: str = "") -> Came:
        return Came(begun.feed, begun.held, begun.started_at, self._clock.mono() - begun.mono, outcome, fault)

    async def _record(self, came: Came) -> bool:
        asked_for = came.feed.asked_at is not None
        made = await self._store.write(
            lambda tx: record(tx, came, self._clock.now(), self._random, self._owns), hurry=asked_for
        )
        if made is not None:
            said.recorded(self._telemetry, current(), came, made)
        return made is not None


def read_as(feed: Feed) -> str:
    """What a reading depends on besides the bytes: who reads, and with which settings."""
    return f"{READER} alarms={feed.alarms:d} muted={feed.muted:d} leads={feed.leads_s}"
