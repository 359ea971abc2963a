"""Errands: what takes longer than a handler may — fetching a file that was sent, putting an export together.

An errand is a row, made by the update that asks for it. What it needs is read or fetched, made ready apart from the
event loop, and taken in by transactions of which the last one drops the row: after a crash it is begun again, and goes
on where the last transaction left it. One that waits for its user's word is parked until then, for a while.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Protocol, TypeVar

from planner.circuit import backoff_ms
from planner.clock import Clock
from planner.model import DAY, MINUTE, SECOND
from planner.store import Store, Tx
from planner.store.db import StoreError
from planner.store.errands import Errand
from planner.store.news import News
from planner.telegram.outcomes import Outcome, Refused
from planner.telemetry import Telemetry
from planner.telemetry.shift import Shift
from planner.telemetry.tracing import current

log = logging.getLogger(__name__)

T = TypeVar("T")

FAULTS_MAX = 3
"""So often an errand may fail by our own fault before its user is told."""
GIVEN_UP_AFTER_MS = DAY
"""A file that could not be fetched for so long is given up, and its sender told."""
LONGEST_WAIT_MS = 10 * MINUTE
STORE_RETRY_MS = 5 * SECOND

REPORT = "Please report it, with this line."
DONE, LOST, WAITING, POSTPONED = "done", "lost", "waiting", "postponed"
RETRIED, GIVEN_UP = FAULTS = "retried", "given_up"
"""What becomes of an errand that is carried out; the last two by our own fault."""


class Lost:
    """What an errand is finished with when what it needs is not to be had."""


Ready = object
Apart = Callable[[Callable[[object], Ready], object], Awaitable[Ready]]
"""Runs a function on its argument without holding up the event loop."""


@dataclass(frozen=True, slots=True)
class Work:
    """How errands of one kind are done.

    ``collect`` reads what is needed, ``None``: that is the file, of at most ``max_bytes``. ``prepare`` makes of it, in
    a thread, what ``finish`` takes in, a part at a time: it says whether that was the last one, or parks the errand. It
    is given ``Lost`` where there is nothing to prepare. ``further`` goes on with what ``prepare`` gave, waiting for
    whatever it has to: a process of its own, the store.
    """

    prepare: Callable[[object], Ready]
    finish: Callable[[Tx, Errand, Ready | Lost, int], bool]
    collect: Callable[[Tx, Errand, int], object] | None = None
    max_bytes: int = 0
    further: Callable[[Store, Errand, Ready, int], Awaitable[Ready]] | None = None


class Source(Protocol):
    """Where files come from; ``planner.telegram.client.Telegram`` is one."""

    async def download(self, file_id: str, max_bytes: int) -> bytes | Outcome: ...


class Errands:
    def __init__(
        self,
        store: Store,
        source: Source,
        clock: Clock,
        bot_id: int,
        works: Mapping[str, Work],
        random: Random,
        apart: Apart = asyncio.to_thread,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._telemetry = telemetry or Telemetry()
        self._shift = Shift(self._telemetry.metrics, "errands")
        self._store = store
        self._source = source
        self._clock = clock
        self._bot_id = bot_id
        self._works = works
        self._random = random
        self._apart = apart
        self._wake = asyncio.Event()
        clock.on_jump(lambda _: self._wake.set())

    def changed(self, news: News) -> None:
        """A transaction has changed something."""
        if news.errands:
            self._wake.set()

    async def run(self) -> None:
        """Do what is to be done, one after the other, until cancelled."""
        while True:
            self._wake.clear()
            wait = await self._step()
            try:
                async with asyncio.timeout(None if wait is None else wait / SECOND):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _step(self) -> int | None:
        """Do the next one if it is time; milliseconds until the next look, ``None`` if only news can help."""
        try:
            errand = await self._store.read(lambda tx: tx.errands.next(self._bot_id))
            if errand is None:
                return None
            wait = errand.ready_at - self._clock.now()
            if wait <= 0 and errand.waiting:
                await self._store.write(lambda tx: tx.errands.give_up(errand.id))
            elif wait <= 0:
                await self._carry_out(errand)
            return max(0, wait)
        except StoreError as error:
            log.error("errands.no_store", extra={"cause": str(error), "do": "No errand is done now; see the cause."})
            return STORE_RETRY_MS

    async def _carry_out(self, errand: Errand) -> None:
        with self._shift.task() as task, self._telemetry.tracer.begin("errand") as span:
            span.set(**_named(errand))
            outcome = await self._done(errand, self._works[errand.kind])
            span.set(outcome=outcome)
            task.ok = outcome not in FAULTS
            log.info("errand.done", extra={**_named(errand), "outcome": outcome})

    async def _done(self, errand: Errand, work: Work) -> str:
        """Do it; what became of it."""
        try:
            material = await self._material(errand, work)
            if material is None:
                return POSTPONED
            done = await self._finish(errand, work, await self._ready(errand, work, material))
        except StoreError:
            raise
        except Exception as error:  # one errand's fault costs no other
            log.error("errand.crashed", exc_info=error, extra={**_named(errand), "do": REPORT})
            if span := current():
                span.fail(type(error).__name__)
            return await self._failed(errand, work)
        return LOST if isinstance(material, Lost) else DONE if done else WAITING

    async def _ready(self, errand: Errand, work: Work, material: object) -> Ready | Lost:
        if isinstance(material, Lost):
            return material
        ready = await self._apart(work.prepare, material)
        return ready if work.further is None else await work.further(self._store, errand, ready, self._clock.now())

    async def _material(self, errand: Errand, work: Work) -> object | None:
        """What the errand needs; ``None`` if it is tried again later."""
        collect = work.collect
        if collect is not None:
            now = self._clock.now()
            return await self._store.read(lambda tx: collect(tx, errand, now))
        content = await self._source.download(errand.file_id or "", work.max_bytes)
        if isinstance(content, bytes):
            return content
        log.warning("file.unfetched", extra={**_named(errand), "cause": getattr(content, "cause", "")})
        if isinstance(content, Refused) or self._clock.now() - errand.said_at > GIVEN_UP_AFTER_MS:
            return Lost()
        await self._postpone(errand)
        return None

    async def _finish(self, errand: Errand, work: Work, ready: Ready | Lost) -> bool:
        """Whether it is over, and does not wait for its user's word."""

        def job(tx: Tx) -> str:
            row = tx.errands.get(errand.id)
            if row is None:
                return DONE
            if work.finish(tx, row, ready, self._clock.now()):
                tx.errands.drop(row.id)
                return DONE
            row = tx.errands.get(errand.id)
            return DONE if row is None else WAITING if row.waiting else ""

        while not (became := await self._store.write(job)):
            pass
        return became == DONE

    async def _failed(self, errand: Errand, work: Work) -> str:
        if errand.tries + 1 < FAULTS_MAX:
            await self._postpone(errand)
            return RETRIED
        try:
            await self._finish(errand, work, Lost())
        except StoreError:
            raise
        except Exception as error:  # it would come up for ever
            log.error("errand.unsettled", exc_info=error, extra={**_named(errand), "do": REPORT})
            await self._store.write(lambda tx: tx.errands.drop(errand.id))
        return GIVEN_UP

    async def _postpone(self, errand: Errand) -> None:
        wait = backoff_ms(errand.tries + 1, self._random, longest_ms=LONGEST_WAIT_MS, quick_tries=0)
        later = self._clock.now() + wait
        await self._store.write(lambda tx: tx.errands.postpone(errand.id, later))


def _named(errand: Errand) -> dict[str, str | int]:
    """What of an errand is told."""
    tries = errand.tries + 1
    return {
        "errand": errand.id,
        "update": errand.update_id,
        "user": errand.user_id,
        "kind": errand.kind,
        "tries": tries,
    }
