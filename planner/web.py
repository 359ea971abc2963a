"""HTTP: one listener for what has pages, and the pages about health."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from aiohttp import web

from planner import exposition
from planner.config import Address
from planner.health import Health, Result, Status, overall
from planner.model import SECOND
from planner.slo.status import Status as Promise
from planner.slo.status import as_json
from planner.store.opening import StoreError

log = logging.getLogger(__name__)

SHUTDOWN_S = 1
FRESH = {"Cache-Control": "no-store"}

Attach = Callable[[web.Application], None]
"""Adds the pages of one part."""


class CannotStartError(Exception):
    """Why the planner does not start, and what the host does about it, in one line."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Is it alive (``/livez``), ready (``/readyz``), how do the promises stand (``/slo``), and ``/metrics``."""

    health: Health
    slos: Callable[[], Awaitable[list[Promise]]]
    metrics: Callable[[], Awaitable[str]]

    def attach(self, app: web.Application) -> None:
        pages = {"livez": self._livez, "readyz": self._readyz, "slo": self._slo, "metrics": self._metrics}
        app.add_routes([web.get(f"/{name}", page) for name, page in pages.items()])

    async def _livez(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _readyz(self, request: web.Request) -> web.Response:
        """503 where a check fails that decides; with ``?verbose`` all that is known of each."""
        results = await self.health.look()
        status = overall(results)
        said = _at_length if "verbose" in request.query else _in_short
        body = {"status": str(status), "checks": {one.check.name: said(one) for one in results}}
        return _json(body, 503 if status is Status.FAILING else 200)

    async def _slo(self, _: web.Request) -> web.Response:
        try:
            found = await self.slos()
        except StoreError as error:
            return _json({"error": str(error)}, 503)
        return _json([as_json(status) for status in found])

    async def _metrics(self, _: web.Request) -> web.Response:
        try:
            body = await self.metrics()
        except StoreError as error:
            return web.Response(status=503, text=f"{error}\n")
        return web.Response(body=body.encode(), headers={"Content-Type": exposition.CONTENT_TYPE})


def _json(body: object, status: int = 200) -> web.Response:
    """For people, too, who look at it in a browser."""
    return web.json_response(body, status=status, headers=FRESH, dumps=partial(json.dumps, indent=2))


def _in_short(one: Result) -> str:
    return one.verdict.cause or str(one.verdict.status)


def _at_length(one: Result) -> dict[str, object]:
    return {
        "status": str(one.verdict.status),
        "cause": one.verdict.cause or None,
        "duration_ms": round(one.duration_ms, 3),
        "since": datetime.fromtimestamp(one.since / SECOND, UTC).isoformat(timespec="milliseconds"),
        "decides": one.check.decides,
    }


@asynccontextmanager
async def listening(parts: Sequence[Attach], address: Address, *, needed: bool) -> AsyncIterator[str]:
    """Serve the parts; gives the address. Where nothing can listen there, ``CannotStartError`` if it is ``needed``.

    Reminders do not depend on the health pages, so without those the planner goes on, and says so. No access log: the
    local chat has the token in its paths.
    """
    app = web.Application()
    for attach in parts:
        attach(app)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await _start(runner, address, needed=needed)
        port = runner.addresses[0][1] if runner.addresses else address.port
        yield f"http://{f'[{address.host}]' if ':' in address.host else address.host}:{port}"
    finally:
        await runner.cleanup()


async def _start(runner: web.AppRunner, address: Address, *, needed: bool) -> None:
    try:
        await web.TCPSite(runner, address.host, address.port).start()
    except OSError as error:
        where = f"{address.host}:{address.port}"
        cause, do = f"cannot listen on {where} ({error.strerror})", "name another address in PLANNER_HTTP"
        if needed:
            raise CannotStartError(f"{cause}: {do}") from None
        log.error("pages.unavailable", extra={"cause": cause, "do": do})  # the cause says it all
