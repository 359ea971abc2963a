"""The heartbeat: somebody outside hears once a minute that all is well, and so notices when nothing is heard."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

from planner.catalogue import slo
from planner.clock import Clock
from planner.health import Health
from planner.model import MINUTE
from planner.ping import Ping
from planner.store.opening import StoreError
from planner.telemetry import Telemetry

log = logging.getLogger(__name__)

EVERY_MS = MINUTE

Breaking = Callable[[], Awaitable[Sequence[str]]]
"""Which promises are being broken so fast that a critical alert fires. Raises ``StoreError``.

A promise over a week stays broken for days; were that told all the while, nobody would hear the bot die.
"""
Note = Callable[[int, bool], Awaitable[None]]
"""Count a call that was made at an instant (UTC ms): whether it was answered. Raises ``StoreError``."""


class Caller(Protocol):
    """Who is told; ``planner.ping.Pinger`` is one."""

    async def call(self, ping: Ping, body: str) -> str | None: ...


class Heartbeat:
    """Nothing waits for it, and nothing that it tells names more than checks and promises."""

    def __init__(self, caller: Caller, clock: Clock, health: Health, breaking: Breaking, note: Note,
                 telemetry: Telemetry | None = None) -> None:  # fmt: skip
        self._caller = caller
        self._clock = clock
        self._health = health
        self._breaking = breaking
        self._note = note
        self._metrics = (telemetry or Telemetry()).metrics
        self._failed = 0

    async def run(self) -> None:
        """Tell that it starts; then, once a minute and for ever, whether all is well."""
        next_at = self._clock.mono()
        await self._tell(Ping.START, "")
        while True:
            next_at = max(next_at + EVERY_MS, self._clock.mono())
            await self._clock.sleep(next_at - self._clock.mono())
            faults = await self._faults()
            await self._tell(Ping.FAIL if faults else Ping.SUCCESS, "; ".join(faults))

    async def _faults(self) -> list[str]:
        """Why it is not well; nothing where it is."""
        found = [f"{one.check.name} is failing" for one in await self._health.look() if one.unready]
        try:
            breaking = await self._breaking()
        except StoreError:
            return found or ["the alerts cannot be read"]
        return found + [f"promise broken: {one}" for one in breaking]

    async def _tell(self, ping: Ping, body: str) -> None:
        called_at = self._clock.now()
        fault = await self._caller.call(ping, body)
        with suppress(StoreError):  # whoever listens hears of that as a failing check
            await self._note(called_at, not fault)
        self._metrics.add(slo.PINGS, "failed" if fault else "ok")
        if fault and not self._failed:
            log.warning("heartbeat.unreachable", extra={"cause": fault})
        elif not fault and self._failed:
            log.info("heartbeat.reachable", extra={"failed_pings": self._failed})
        self._failed = self._failed + 1 if fault else 0
