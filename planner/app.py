"""The composition root: what a process has beside the bot. Nobody imports it but the command line."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

from planner import __version__, localchat, pauses, publish, signon
from planner.bot import Planner
from planner.chat.overseen import Runs
from planner.clock import Clock, SystemClock, host_zone
from planner.config import LOCAL_TOKEN, Settings
from planner.offer import Offer, Say
from planner.oversight import Oversight
from planner.slo.objectives import Slo
from planner.store import Store
from planner.store.lock import RunLock
from planner.systemd import Systemd
from planner.telegram.client import Telegram
from planner.telemetry import Telemetry
from planner.telemetry.setup import Running
from planner.web import Attach, CannotStartError, listening

log = logging.getLogger(__name__)

T = TypeVar("T")

CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")
"""Docker and Podman put them into what they run."""


async def run(settings: Settings, slos: Sequence[Slo], say: Say, running: Running | None = None) -> None:
    """Run until SIGTERM or SIGINT; ``say`` tells people where to find the bot. Whoever began ``running`` stops it.

    Raises ``CannotStartError``, ``StoreError`` or, for a token that Telegram refuses, ``SettingError``.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    running = running or Running(Telemetry())
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _told, stop, running)
    clock = SystemClock()
    telemetry = running.telemetry
    async with AsyncExitStack() as stack:
        stack.callback(RunLock(settings.db).release)
        store = Store(settings.db, telemetry=telemetry)
        stack.callback(store.close)
        oversight = Oversight(settings, store, slos, clock, running, stack)
        oversight.beside(clock.watch())
        oversight.begin()
        local = settings.token is None
        attached = [oversight.pages.attach, *([_local_chat(settings, clock, stack)] if local else [])]
        url = await stack.enter_async_context(listening(attached, settings.http, needed=local))
        token = settings.token or LOCAL_TOKEN
        telegram = Telegram(
            token, base_url=url if local else settings.bot_api, connections=0, clock=clock, telemetry=telemetry
        )
        stack.push_async_callback(telegram.close)
        name = await _unless(stop, signon.name(telegram, clock))
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
            slos=slos,
            health=oversight.health.known,
            runs=_runs(),
        )
        await planner.start()
        stack.push_async_callback(planner.stop)
        oversight.beside(signon.commands(telegram, clock, store, planner.access))
        if settings.public_url is not None:
            publisher = publish.Publisher(store, clock, settings.public_url)
            await stack.enter_async_context(publish.listening(publisher, settings.feed_http))
        _say_where(say, url if local else None)
        offer = Offer(store, planner.access, say)
        await offer.make()
        store.listen(offer.again)
        oversight.ready(planner)
        log.info("planner.ready", extra={"version": __version__, "local_chat": local})
        pauses.shorten()
        await _unless(stop, planner.failed())
        oversight.stopping()
        log.info("planner.stopping")


def _runs() -> Runs:
    if Systemd.of_this_process().there:
        return Runs.SYSTEMD
    return Runs.CONTAINER if any(Path(one).exists() for one in CONTAINER_MARKS) else Runs.BY_HAND


def _told(stop: asyncio.Event, running: Running) -> None:
    running.stopping()
    stop.set()


async def serve_local_chat(settings: Settings, say: Say) -> None:
    """The local chat's server alone, until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        attached = [_local_chat(settings, SystemClock(), stack)]
        url = await stack.enter_async_context(listening(attached, settings.http, needed=True))
        say(f"The local chat is at {url} — a bot talks to it with PLANNER_BOT_API={url}")
        await stop.wait()


def _local_chat(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Attach:
    """It is closed with ``stack``."""
    _on_this_machine(settings)
    chat = localchat.open_local_chat(settings.db, clock)
    stack.callback(chat.close)
    return partial(localchat.attach, chat=chat, any_host=settings.localchat_any)


def _on_this_machine(settings: Settings) -> None:
    """The local chat has no password; only whoever says so lets others than this machine reach it."""
    host = settings.http.host
    if not settings.localchat_any and not localchat.is_loopback(f"[{host}]" if ":" in host else host):
        raise CannotStartError(
            f"PLANNER_HTTP: {host} is open to other machines, and the local chat has no password; an example:"
            " PLANNER_HTTP=127.0.0.1:8085 (in a container, where only you reach it: PLANNER_LOCALCHAT_ANY=1)"
        )


def _say_where(say: Say, local_url: str | None) -> None:
    if local_url is not None:
        say(f"No BOT_TOKEN is set, so the planner talks on its local chat: open {local_url}")


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
