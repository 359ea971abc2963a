"""HTTP: one listener for what has pages, and the pages about health."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from planner import exposition
from planner.config import Address
from planner.slo.status import Status, as_json
from planner.store.db import StoreError

log = logging.getLogger(__name__)

SHUTDOWN_S = 1

Check = Callable[[], Awaitable[str | None]]
"""Says what is wrong, ``None`` when nothing is."""

Attach = Callable[[web.Application], None]
"""Adds the pages of one part."""


class CannotStartError(Exception):
    """Why the planner does not start, and what the host does about it, in one line."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Is it alive (``/livez``), ready (``/readyz``), how do the promises stand (``/slo``), and ``/metrics``."""

    checks: Mapping[str, Check]
    slos: Callable[[], Awaitable[list[Status]]]
    metrics: Callable[[], Awaitable[str]]

    def attach(self, app: web.Application) -> None:
        pages = {"livez": self._livez, "readyz": self._readyz, "slo": self._slo, "metrics": self._metrics}
        app.add_routes([web.get(f"/{name}", page) for name, page in pages.items()])

    async def _livez(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _readyz(self, _: web.Request) -> web.Response:
        found = {name: await check() for name, check in self.checks.items()}
        healthy = not any(found.values())
        checks = {name: fault or "ok" for name, fault in found.items()}
        body = {"status": "ok" if healthy else "failing", "checks": checks}
        return web.json_response(body, status=200 if healthy else 503)

    async def _slo(self, _: web.Request) -> web.Response:
        return web.json_response([as_json(status) for status in await self.slos()])

    async def _metrics(self, _: web.Request) -> web.Response:
        try:
            body = await self.metrics()
        except StoreError as error:
            return web.Response(status=503, text=f"{error}\n")
        return web.Response(body=body.encode(), headers={"Content-Type": exposition.CONTENT_TYPE})


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
        cause = f"cannot listen on {where} ({error.strerror}): name another address in PLANNER_HTTP"
        if needed:
            raise CannotStartError(cause) from None
        log.error("no health pages", extra={"cause": cause})  # the cause says it all
