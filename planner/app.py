"""The composition root: makes the parts, joins them, starts and stops them. Nobody imports it but the command line."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from functools import partial
from random import Random
from typing import TypeVar

from planner import localchat, metrics, promises, publish
from planner import web as health
from planner.chat import documents, export
from planner.chat.access import Access
from planner.chat.commands import homes, register
from planner.chat.router import Router
from planner.clock import Clock, SystemClock, host_zone
from planner.config import SettingError, Settings
from planner.delivery import Delivery
from planner.errands import Apart, Errands
from planner.feeds.on_demand import OnDemand
from planner.housekeeping import Housekeeping
from planner.intake import Intake
from planner.journeys import Journeys
from planner.model import MINUTE, SECOND
from planner.scheduler import Scheduler
from planner.slo.objectives import Slo
from planner.store import Store
from planner.store.db import StoreError
from planner.store.lock import RunLock
from planner.store.news import News
from planner.sync import Fetcher, Reader, Sync
from planner.telegram.client import Telegram
from planner.telegram.outcomes import Accepted, Halted, Paused
from planner.telemetry import Telemetry
from planner.web import CannotStartError

log = logging.getLogger(__name__)

T = TypeVar("T")
Say = Callable[[str], None]

LOCAL_TOKEN = "1:local-chat"  # noqa: S105  # opens nothing but the local chat
REGISTER_AGAIN_MS = 10 * MINUTE
THREAD_TURN_S = 0.001
"""The store's threads give way to the event loop after so long, instead of 5 ms."""
COLLECTED_AFTER = 10_000
"""So many new objects make a garbage collection, instead of 700: hundreds of requests under way are no garbage."""
MEGABYTE = 1024 * 1024
START_WAITS_MS = (1 * SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND)


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
    ) -> None:
        telemetry = telemetry or Telemetry()
        journeys = Journeys(telemetry)
        self.access = Access(settings.users, settings.admins, local, bot_id, settings.keep_days, name,
                             settings.public_url)  # fmt: skip
        self._store, self._bot_id = store, bot_id
        self.delivery = Delivery(
            store,
            telegram,
            clock,
            rate=settings.send_rate,
            burst=settings.chat_burst,
            bot_id=bot_id,
            random=random,
            telemetry=telemetry,
            journeys=journeys,
        )
        self._housekeeping = Housekeeping(
            store,
            clock,
            settings.keep_days,
            admits=self.access.admits,
            reachable=lambda: self.delivery.reachable,
            telemetry=telemetry,
        )
        self.scheduler = Scheduler(clock, store, self.delivery.hand_over, self._housekeeping.jobs(), telemetry)
        self.intake = Intake(
            store,
            telegram,
            clock,
            bot_id,
            Router(self.access, default_zone),
            self.delivery,
            telemetry=telemetry,
            journeys=journeys,
        )
        self._feeds = OnDemand(clock, private=settings.private_feeds, max_bytes=settings.feed_max_mb * MEGABYTE)
        read = (self._feeds if reader is None else reader).read
        works = {export.KIND: export.work(self.access), documents.KIND: documents.work(self.access, read)}
        self._errands = Errands(store, telegram, clock, bot_id, works, random, apart, telemetry)
        self._sync = Sync(
            store,
            self._feeds if fetcher is None else fetcher,
            self._feeds if reader is None else reader,
            clock,
            random,
            max_events=settings.feed_max_events,
            owns=self.access.owns,
            telemetry=telemetry,
        )
        self._loops: list[asyncio.Task[None]] = []
        store.listen(self._errands.changed)
        store.listen(self._sync.changed)
        store.listen(self.scheduler.changed)
        store.listen(self.delivery.changed)

    async def start(self) -> None:
        """Take over what the last run left, then send, wake and listen."""
        await self._store.write(lambda tx: tx.users.serve(self._bot_id))
        await self.delivery.take_over()
        await self._housekeeping.recover()
        await self.scheduler.start()
        loop = asyncio.get_running_loop()
        works = (self.delivery.run(), self.intake.run(), self._errands.run(), self._sync.run())
        self._loops = [loop.create_task(work) for work in works]

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
        delivery.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self._feeds.close()


async def run(settings: Settings, slos: Sequence[Slo], say: Say) -> None:
    """Run until SIGTERM or SIGINT; ``say`` tells people where to find the bot.

    Raises ``CannotStartError``, ``StoreError`` or, for a token that Telegram refuses, ``SettingError``.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    clock = SystemClock()
    telemetry = Telemetry()
    async with AsyncExitStack() as stack:
        stack.callback(RunLock(settings.db).release)
        store = Store(settings.db, telemetry=telemetry)
        stack.callback(store.close)
        stack.callback(loop.create_task(clock.watch()).cancel)
        checks: dict[str, health.Check] = {"start": _starting}
        attached = [_pages(checks, store, slos, clock, telemetry).attach]
        local = settings.token is None
        if local:
            _on_this_machine(settings)
            chat = localchat.open_local_chat(settings.db, clock)
            stack.callback(chat.close)
            attached.append(partial(localchat.attach, chat=chat, any_host=settings.localchat_any))
        url = await stack.enter_async_context(health.listening(attached, settings.http, needed=local))
        token = settings.token or LOCAL_TOKEN
        telegram = Telegram(
            token, base_url=url if local else settings.bot_api, connections=0, clock=clock, telemetry=telemetry
        )
        stack.push_async_callback(telegram.close)
        name = await _unless(stop, _name(telegram, clock))
        if name is None:
            return
        planner = Planner(
            store,
            telegram,
            clock,
            settings,
            bot_id=int(token.split(":")[0]),
            local=local,
            default_zone=host_zone(),
            random=Random(),
            name=name,
            telemetry=telemetry,
        )
        await planner.start()
        stack.push_async_callback(planner.stop)
        stack.callback(loop.create_task(_register(telegram, clock, store, planner.access)).cancel)
        checks.clear()
        checks.update(_checks(store, planner))
        if settings.public_url is not None:
            publisher = publish.Publisher(store, clock, settings.public_url)
            await stack.enter_async_context(publish.listening(publisher, settings.feed_http))
        _say_where(say, url if local else None)
        offer = Offer(store, planner.access, say)
        await offer.make()
        store.listen(offer.again)
        log.info("ready")
        _shorten_pauses()
        await _unless(stop, planner.failed())
        log.info("stopping")


def _pages(checks: dict[str, health.Check], store: Store, slos: Sequence[Slo], clock: Clock,
           telemetry: Telemetry) -> health.Pages:  # fmt: skip
    return health.Pages(
        checks,
        lambda: promises.read(store, slos, clock.now()),
        lambda: metrics.text(store, slos, clock.now(), telemetry.metrics),
    )


def _shorten_pauses() -> None:
    """Python's own ways of stopping the event loop, made shorter or rarer; they cost a burst its pace."""
    sys.setswitchinterval(THREAD_TURN_S)
    gc.collect()
    gc.freeze()  # what start-up made stays; a full collection of it would stop the loop for tens of milliseconds
    gc.set_threshold(COLLECTED_AFTER)


async def serve_local_chat(settings: Settings, say: Say) -> None:
    """The local chat's server alone, until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    _on_this_machine(settings)
    async with AsyncExitStack() as stack:
        chat = localchat.open_local_chat(settings.db, SystemClock())
        stack.callback(chat.close)
        attached = [partial(localchat.attach, chat=chat, any_host=settings.localchat_any)]
        url = await stack.enter_async_context(health.listening(attached, settings.http, needed=True))
        say(f"The local chat is at {url} — a bot talks to it with PLANNER_BOT_API={url}")
        await stop.wait()


def _on_this_machine(settings: Settings) -> None:
    """The local chat has no password; only whoever says so lets others than this machine reach it."""
    host = settings.http.host
    if not settings.localchat_any and not localchat.is_loopback(f"[{host}]" if ":" in host else host):
        raise CannotStartError(
            f"PLANNER_HTTP: {host} is open to other machines, and the local chat has no password; an example:"
            " PLANNER_HTTP=127.0.0.1:8085 (in a container, where only you reach it: PLANNER_LOCALCHAT_ANY=1)"
        )


async def _name(telegram: Telegram, clock: Clock) -> str:
    """The bot's name at Telegram, waited for as long as that cannot be reached."""
    failures = 0
    while True:
        outcome = await telegram.call("getMe")
        if isinstance(outcome, Accepted):
            found = outcome.result if isinstance(outcome.result, dict) else {}
            await telegram.call("deleteWebhook", {"drop_pending_updates": False})  # with one set, polling is refused
            return str(found.get("username", ""))
        if isinstance(outcome, Halted):
            raise SettingError(
                f"Telegram refuses the token ({outcome.cause}): copy it anew from @BotFather to BOT_TOKEN"
            )
        if not failures:
            log.warning("Telegram cannot be reached; waiting for it", extra={"cause": getattr(outcome, "cause", "")})
        wait = START_WAITS_MS[min(failures, len(START_WAITS_MS) - 1)]
        await clock.sleep(max(wait, outcome.retry_after_s * SECOND) if isinstance(outcome, Paused) else wait)
        failures += 1


async def _register(telegram: Telegram, clock: Clock, store: Store, access: Access) -> None:
    while not await register(telegram, await store.read(lambda tx: homes(tx, access))):
        await clock.sleep(REGISTER_AGAIN_MS)


def _say_where(say: Say, local_url: str | None) -> None:
    if local_url is not None:
        say(f"No BOT_TOKEN is set, so the planner talks on its local chat: open {local_url}")


class Offer:
    """Tells whoever reads the log how a bot that nobody owns is claimed: at the start, and when its owner has gone."""

    def __init__(self, store: Store, access: Access, say: Say) -> None:
        self._store, self._access, self._say = store, access, say
        self._tasks: set[asyncio.Task[None]] = set()

    async def make(self) -> None:
        code = await self._store.write(self._access.code)
        if code is not None:
            self._say(f"This bot belongs to whoever opens https://t.me/{self._access.name}?start={code} first")

    def again(self, news: News) -> None:
        """A transaction has changed something: somebody may have been forgotten."""
        if news.forgotten:
            task = asyncio.get_running_loop().create_task(self.make())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


async def _starting() -> str | None:
    return "starting"


def _checks(store: Store, planner: Planner) -> dict[str, health.Check]:
    async def database() -> str | None:
        try:
            await store.read(lambda tx: tx.settings.get("any"))
        except StoreError as error:
            return str(error)
        return None

    async def telegram() -> str | None:
        return planner.delivery.halted

    return {"database": database, "telegram": telegram}


async def _unless(stop: asyncio.Event, work: Coroutine[object, object, T]) -> T | None:
    """What ``work`` gives; ``None`` when it was stopped before."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        return None
    return working.result()
