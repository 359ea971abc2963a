"""People's own events at a secret address, for other calendars to read: HTTP, on a listener of its own.

Whoever has the address reads, and nobody else learns a thing: everything else is the same 404. The address appears in
no log, metric or error.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from aiohttp import web

from planner.chat.export import written
from planner.chat.published import FILE_NAME, token_of
from planner.clock import Clock
from planner.config import Address
from planner.errands import Apart
from planner.ics.write import Written, calendar
from planner.model import HOUR, MINUTE, SECOND, User
from planner.store import Store, Tx
from planner.store.published import Stamp

log = logging.getLogger(__name__)

FORM = "1"
"""Of what is written: another form makes another ETag."""
A_REQUEST_MS = MINUTE
"""One address is read so often in the long run, and within an hour as often as this fits into it."""
TOKENS_READ_MS = SECOND
"""Which addresses there are is read anew this often at most, so that guessing costs nothing but the guess."""
CACHE_MAX_BYTES = 8 * 1024 * 1024
"""Of all calendars that are kept ready together."""
SHUTDOWN_S = 1
REPORT = "A calendar is not served: please report it, with this line."
NO_LISTENER = "Nobody's events can be read elsewhere: name another address in PLANNER_FEED_HTTP."
HEADERS = {
    "Cache-Control": "private",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


class _Read(NamedTuple):
    """What is written, and how it stood then."""

    stamp: Stamp
    user: User
    events: list[Written]


class _Ready(NamedTuple):
    """A calendar as it goes out."""

    etag: str
    changed_at: int
    body: bytes


class Publisher:
    """Answers requests for calendars at ``public_url``."""

    def __init__(self, store: Store, clock: Clock, public_url: str, apart: Apart = asyncio.to_thread) -> None:
        self._store = store
        self._clock = clock
        self._public_url = public_url
        self._apart = apart
        self._tokens: frozenset[str] = frozenset()
        self._tokens_at: int | None = None
        self._paces: dict[str, int] = {}
        self._kept: OrderedDict[int, _Ready] = OrderedDict()
        self._reading = asyncio.Lock()
        self._writing = asyncio.Lock()

    def attach(self, app: web.Application) -> None:
        """Answer whatever is asked."""
        app.router.add_route("*", "/{path:.*}", self._answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._answered(request)
        except Exception as error:  # noqa: BLE001  # whatever it is, no word of what was asked for
            log.error("publish.failed", extra={"error": type(error).__name__, "do": REPORT})
            return web.Response(status=503, headers={"Retry-After": "60"})

    async def _answered(self, request: web.Request) -> web.StreamResponse:
        token = token_of(request.path, self._public_url) if request.method in {"GET", "HEAD"} else None
        if token is None or not await self._holds(token):
            return _not_found()
        stamp = await self._store.read(lambda tx: tx.published.stamp(token))
        if stamp is None:
            return _not_found()
        if wait := self._too_soon(token):
            return web.Response(status=429, headers={"Retry-After": str(-(-wait // SECOND))})
        etag = _etag(stamp)
        if any(one.value in {"*", etag} for one in request.if_none_match or ()):
            return _response(etag, stamp.changed_at, None)
        ready = await self._ready(token, stamp)
        return _not_found() if ready is None else _response(ready.etag, ready.changed_at, ready.body)

    async def _holds(self, token: str) -> bool:
        """Whether there is such an address, or was a moment ago."""
        if token in self._tokens:
            return True
        async with self._reading:
            now = self._clock.mono()
            if self._tokens_at is None or now - self._tokens_at >= TOKENS_READ_MS:
                self._tokens_at = now
                self._tokens = await self._store.read(lambda tx: tx.published.tokens())
                self._paces = {one: at for one, at in self._paces.items() if one in self._tokens}
        return token in self._tokens

    def _too_soon(self, token: str) -> int:
        """How long an address is not to be read, ms; what is asked for counts."""
        now = self._clock.mono()
        free_at = max(self._paces.get(token, now), now)
        wait = free_at + A_REQUEST_MS - now - HOUR
        if wait > 0:
            return wait
        self._paces[token] = free_at + A_REQUEST_MS
        return 0

    async def _ready(self, token: str, stamp: Stamp) -> _Ready | None:
        """The calendar, written one at a time and apart from the loop, if it is not there as it stands now."""
        async with self._writing:
            kept = self._kept.get(stamp.user_id)
            if kept is not None and kept.etag == _etag(stamp):
                self._kept.move_to_end(stamp.user_id)
                return kept
            found = await self._store.read(lambda tx: _read(tx, token))
            if found is None:
                return None
            ready = await self._apart(_written, found)
            assert isinstance(ready, _Ready)
            self._keep(stamp.user_id, ready)
            return ready

    def _keep(self, user_id: int, ready: _Ready) -> None:
        self._kept[user_id] = ready
        self._kept.move_to_end(user_id)
        while sum(len(one.body) for one in self._kept.values()) > CACHE_MAX_BYTES:
            self._kept.popitem(last=False)


def _read(tx: Tx, token: str) -> _Read | None:
    stamp = tx.published.stamp(token)
    user = None if stamp is None else tx.users.get(stamp.user_id)
    return None if stamp is None or user is None else _Read(stamp, user, written(tx, user))


def _written(found: object) -> object:
    assert isinstance(found, _Read)
    return _Ready(_etag(found.stamp), found.stamp.changed_at, calendar(found.events, found.user))


def _etag(stamp: Stamp) -> str:
    return hashlib.sha256(f"{FORM} {stamp.user_id} {stamp.state}".encode()).hexdigest()[:32]


def _response(etag: str, changed_at: int, body: bytes | None) -> web.Response:
    """``None``: it is what the other side has already (304)."""
    if body is None:
        response = web.Response(status=304, headers=HEADERS)
    else:
        shown = {"Content-Disposition": f'inline; filename="{FILE_NAME}"'}
        response = web.Response(
            body=body, content_type="text/calendar", charset="utf-8", headers={**HEADERS, **shown}
        )  # fmt: skip
    response.etag = etag
    response.last_modified = changed_at // SECOND
    return response


def _not_found() -> web.Response:
    return web.Response(status=404, text="Not found.\n")


@asynccontextmanager
async def listening(publisher: Publisher, address: Address) -> AsyncIterator[str | None]:
    """Serve; gives the address, ``None`` where nothing can listen there.

    Reminders do not depend on it, so the planner goes on without, and says so. No access log: the token is in the path.
    """
    app = web.Application()
    publisher.attach(app)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, address.host, address.port).start()
        except OSError as error:
            extra = {"host": address.host, "port": address.port, "cause": error.strerror, "do": NO_LISTENER}
            log.error("publish.no_listener", extra=extra)
        port = runner.addresses[0][1] if runner.addresses else None
        host = f"[{address.host}]" if ":" in address.host else address.host
        yield None if port is None else f"http://{host}:{port}"
    finally:
        await runner.cleanup()
