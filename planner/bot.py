"""The bot: its parts, made and joined, started and stopped; the same in production, tests and simulations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

from planner import journal
from planner.alerts import Alerts
from planner.chat import documents, export
from planner.chat.access import Access
from planner.chat.overseen import Machine, Overseen, Runs
from planner.chat.router import Router
from planner.clock import Clock
from planner.config import Settings
from planner.delivery import Delivery
from planner.errands import Apart, Errands
from planner.feeds.on_demand import OnDemand
from planner.health import Result
from planner.hindrances import WAS_DOWN, Hindrances
from planner.housekeeping import Housekeeping
from planner.intake import Intake
from planner.journeys import Journeys
from planner.scheduler import Job, Scheduler
from planner.slo.objectives import Slo
from planner.store import Store
from planner.sync import Fetcher, Reader, Sync
from planner.telegram.client import Telegram
from planner.telemetry import Telemetry

MEGABYTE = 1024 * 1024
FREE_RATE = 30
"""Messages a second that Telegram takes for nothing; more has to be paid for (Bot API, ``allow_paid_broadcast``)."""


class Planner:
    """A bot at work on a store, a Bot API and a clock; the same in production, tests and simulations."""

    def __init__(
        self,
        store: Store,
        telegram: Telegram,
        clock: Clock,
        settings: Settings,
        *,
        bot_id: int,
        local: bool,
        default_zone: str,
        random: Random,
        name: str = "",
        apart: Apart = asyncio.to_thread,
        fetcher: Fetcher | None = None,
        reader: Reader | None = None,
        telemetry: Telemetry | None = None,
        slos: Sequence[Slo] = (),
        health: Callable[[], Sequence[Result]] = tuple,
        alerting: bool = True,
        runs: Runs = Runs.BY_HAND,
    ) -> None:
        """``slos`` and ``health`` (what each check has found last) are what owners are shown in the chat.

        ``alerting``: whether somebody looks at ``slos`` all the time, and says when one is broken. ``runs``: how it was
        begun, for whoever has to begin it anew.
        """
        telemetry = telemetry or Telemetry()
        journeys = self._journeys = Journeys(telemetry)
        self._store, self._bot_id, self._clock = store, bot_id, clock
        self._hindrances = Hindrances()
        self.access = Access(settings.users, settings.admins, local, bot_id, settings.keep_days, name,
                             settings.public_url)  # fmt: skip
        self.delivery = Delivery(store, telegram, clock, rate=settings.send_rate, burst=settings.chat_burst,
                                 bot_id=bot_id, random=random, paid=_pays(settings), telemetry=telemetry,
                                 journeys=journeys, hindrances=self._hindrances)  # fmt: skip
        self._housekeeping = Housekeeping(store, clock, settings.keep_days, admits=self.access.admits,
                                          reachable=lambda: self.delivery.reachable, telemetry=telemetry)  # fmt: skip
        probing = self.delivery.probing
        jobs = [*self._housekeeping.jobs(), Job("probe", probing.plan)]
        admins = self.access.owners if settings.alerts == "process" else None
        self._alerts = Alerts(store, slos, admins, self.delivery) if alerting and slos else None
        if self._alerts is not None:
            jobs.append(Job("alerts", self._alerts.look))
        self.scheduler = Scheduler(clock, store, self.delivery.hand_over, jobs, telemetry, self._hindrances,
                                   probe=probing.hand_over)  # fmt: skip
        overseen = Overseen(slos, health, self._machine, runs)
        self.intake = Intake(store, telegram, clock, bot_id, Router(self.access, default_zone, overseen), self.delivery,
                             telemetry=telemetry, journeys=journeys)  # fmt: skip
        self._feeds = OnDemand(clock, private=settings.private_feeds, max_bytes=settings.feed_max_mb * MEGABYTE,
                               telemetry=telemetry)  # fmt: skip
        fetcher = self._feeds if fetcher is None else fetcher
        reader = self._feeds if reader is None else reader
        works = {export.KIND: export.work(self.access),
                 documents.KIND: documents.work(self.access, reader.read, telemetry.metrics)}  # fmt: skip
        self._errands = Errands(store, telegram, clock, bot_id, works, random, apart, telemetry)
        self.sync = Sync(store, fetcher, reader, clock, random, max_events=settings.feed_max_events,
                         owns=self.access.owns, telemetry=telemetry)  # fmt: skip
        self._started_at = clock.now()
        self._loops: list[asyncio.Task[None]] = []
        store.listen(partial(journal.changed, hindrances=self._hindrances))
        for part in (self._errands, self.sync, self.scheduler, self.delivery):
            store.listen(part.changed)

    async def start(self) -> None:
        """Take over what the last run left, then send, wake and listen."""
        self._started_at = self._clock.now()
        self._hindrances.note(WAS_DOWN, 0, self._started_at)
        await self._store.write(lambda tx: tx.users.serve(self._bot_id))
        if self._alerts is not None:
            await self._alerts.recover()
        await self.delivery.take_over()
        await self._housekeeping.recover()
        await self.scheduler.start()
        loop = asyncio.get_running_loop()
        works = (self.delivery.run(), self.intake.run(), self._errands.run(), self.sync.run())
        self._loops = [loop.create_task(work) for work in works]

    def _machine(self) -> Machine:
        return Machine(self._started_at, sum(self._store.sizes().values()), self.scheduler.held())

    async def failed(self) -> None:
        """Returns only by raising, when one of the loops has ended that never should."""
        await asyncio.gather(*self._loops)

    async def stop(self) -> None:
        """Take nothing new in, let what is under way end, give the rest back to the database."""
        delivery, *others = self._loops
        for loop in others:
            loop.cancel()
        await self.scheduler.stop()
        await self.intake.stop()
        await self.delivery.stop()
        self._journeys.close()
        delivery.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self._feeds.close()


def _pays(settings: Settings) -> bool:
    """Whether reminders leave as paid broadcasts."""
    return settings.paid_broadcast and settings.send_rate > FREE_RATE
