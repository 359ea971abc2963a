"""What watches over the bot from within its process: health, the heartbeat, systemd, and what the process uses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack

from planner import checks, metrics, pauses, promises
from planner.bot import Planner
from planner.catalogue import cost
from planner.catalogue.metric import Reading
from planner.clock import Clock
from planner.config import Settings
from planner.health import Health
from planner.heartbeat import Heartbeat
from planner.ping import Pinger
from planner.process import Process
from planner.slo.objectives import Severity, Slo
from planner.slo.status import Status as Promise
from planner.store import SQLITE_VERSION, Store, Tx
from planner.systemd import Systemd
from planner.telemetry.registry import Registry
from planner.telemetry.setup import Running
from planner.web import Pages

log = logging.getLogger(__name__)


class Oversight:
    """All of it for one process. What it begins ends with ``stack``, the last begun first."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        slos: Sequence[Slo],
        clock: Clock,
        running: Running,
        stack: AsyncExitStack,
    ) -> None:
        self._settings = settings
        self._store = store
        self._slos = slos
        self._clock = clock
        self._running = running
        self._stack = stack
        self._metrics = running.telemetry.metrics
        self._database = checks.Database(store, clock)
        self._systemd = Systemd.of_this_process()
        self.health = Health(clock, running.telemetry)
        self.pages = Pages(self.health, self._promises, self._text)

    def begin(self) -> None:
        """As soon as there is a database: until Telegram can be reached it may take long, and others look already."""
        self._systemd.status("starting")
        self._metrics.set(cost.HOUR, self._settings.price_per_hour)
        Process(self._clock.now(), SQLITE_VERSION).watch(self._metrics)
        if self._settings.metrics or self._running.exporting:
            self._stack.enter_context(pauses.measured(self._metrics))
        self._stack.callback(self.health.close)
        if self._settings.heartbeat_url is not None:
            pinger = Pinger(self._settings.heartbeat_url)
            heartbeat = Heartbeat(pinger, self._clock, self.health, self._breaking, self._called,
                                  self._running.telemetry)  # fmt: skip
            self.beside(heartbeat.run())
        self._running.observe(self._read)
        self._stack.push_async_callback(self._running.unobserve)

    def beside(self, work: Coroutine[object, object, None]) -> None:
        """Do it beside the bot, which goes on without it: where it fails, the log says so."""
        task = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(_ended)
        self._stack.callback(task.cancel)

    def ready(self, planner: Planner) -> None:
        """The bot is at work: look at its parts from now on."""
        self.health.put(
            (
                checks.database(self._database),
                checks.telegram(planner.delivery, planner.intake, self._clock),
                checks.scheduler(planner.scheduler, self._clock),
                checks.feeds(planner.sync, self._store, self._clock),
                checks.telemetry(self._running),
            )
        )
        self.beside(self.health.watch())
        self.beside(self._systemd.watch(self._database.works, self._clock))
        self._systemd.ready()

    def stopping(self) -> None:
        self._systemd.stopping()

    async def _promises(self) -> list[Promise]:
        return await promises.read(self._store, self._slos, self._clock.now())

    async def _breaking(self) -> list[str]:
        return await self._store.read(_breaking)

    async def _called(self, at: int, good: bool) -> None:
        await self._store.write(lambda tx: tx.counts.add("heartbeat", at, good=good), hurry=False)

    async def _read(self) -> list[Reading]:
        await self.health.look()  # how it is stands among the metrics
        return await metrics.read(*self._known())

    async def _text(self) -> str:
        await self.health.look()
        return await metrics.text(*self._known())

    def _known(self) -> tuple[Store, Sequence[Slo], int, Registry, float]:
        return self._store, self._slos, self._clock.now(), self._metrics, self._settings.price_per_hour


def _breaking(tx: Tx) -> list[str]:
    return sorted({one.slo for one in tx.alerts.firing() if one.severity is Severity.CRITICAL})


def _ended(task: asyncio.Task[None]) -> None:
    """The bot goes on without it; nobody waits for it who would be told."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("oversight.failed", exc_info=error, extra={"do": "report this as a bug"})
