"""Health over HTTP: is it alive, is it ready, how do the promises stand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from planner.slo.status import Status, as_json

Check = Callable[[], Awaitable[str | None]]
"""Says what is wrong, ``None`` when nothing is."""


def attach(app: web.Application, checks: Mapping[str, Check], slos: Callable[[], Awaitable[list[Status]]]) -> None:
    """Add ``/livez``, ``/readyz`` and ``/slo``."""

    async def livez(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_: web.Request) -> web.Response:
        found = {name: await check() for name, check in checks.items()}
        healthy = not any(found.values())
        return web.json_response(
            {"status": "ok" if healthy else "failing", "checks": {name: fault or "ok" for name, fault in found.items()}},
            status=200 if healthy else 503,
        )

    async def slo(_: web.Request) -> web.Response:
        return web.json_response([as_json(status) for status in await slos()])

    app.add_routes([web.get("/livez", livez), web.get("/readyz", readyz), web.get("/slo", slo)])
