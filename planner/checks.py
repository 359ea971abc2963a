"""What ``/readyz`` looks at: the database, Telegram, the scheduler, linked calendars, the telemetry itself.

Where calendars or telemetry are not well it is said, and the bot stays ready: other people's servers are not ours to
answer for, and no reminder waits for either of the two.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol

from planner.clock import NS_A_MS, Clock, ticks
from planner.health import WELL, Check, Verdict, degraded, failing
from planner.model import MINUTE, ON_TIME, SECOND
from planner.store import Store
from planner.store.opening import StoreError

HEARTBEAT_OLD_MS = 3 * MINUTE
"""The heartbeat is written once a minute; so old, three of them could not be."""
JOB_OLD_MS = 5 * MINUTE
"""The same of the job that judges once a minute; what it does may take a while."""
OVERDUE_MS = 10 * SECOND
"""So late no timer fires on a machine that has any time for this process."""
LOOP_OLD_MS = 5 * MINUTE
"""Looking up which calendars are due takes milliseconds."""
TRIED_MS = 4
"""A write on a disk that is well takes about as long; whoever looks is not held up by one that is not."""
FAILING_SHARE = 0.5
"""So large a share of calendars that fail is no longer due to their servers."""


class Sends(Protocol):
    """``planner.delivery.Delivery`` is one."""

    @property
    def halted(self) -> str | None: ...

    @property
    def reachable(self) -> bool: ...


class Polls(Protocol):
    """``planner.intake.Intake`` is one."""

    @property
    def reachable(self) -> bool: ...


class Fires(Protocol):
    """``planner.scheduler.Scheduler`` is one."""

    def overdue_ms(self) -> int: ...

    def done_at(self, job: str) -> int: ...


class Exports(Protocol):
    """``planner.telemetry.setup.Running`` is one."""

    def fault(self) -> str | None: ...

    def fault_since(self) -> int | None: ...


class Turns(Protocol):
    """``planner.sync.Sync`` is one."""

    @property
    def looking_since(self) -> int | None: ...


class Database:
    """Both its threads answer, the file lets itself be written, and the heartbeat that is written each minute is young.

    Where it has refused to be written, each look tries to write the heartbeat: that it works again is known at once.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._trying: asyncio.Task[None] | None = None

    async def works(self) -> None:
        """Returns when both have answered, if only with an error: a new start would get the same."""
        for ask in (self._store.read, self._store.write):
            with suppress(StoreError):
                await ask(lambda _: None)

    async def look(self) -> Verdict:
        if self._store.refused is not None:
            await self._try()
        if (refused := self._store.refused) is not None:
            return failing(refused.cause, self._clock.now() - (ticks() - refused.since) // NS_A_MS)
        try:
            beat_at = await self._store.read(lambda tx: tx.pulse.last())
        except StoreError as error:
            return failing(str(error))
        age = 0 if beat_at is None else self._clock.now() - beat_at
        return WELL if age < HEARTBEAT_OLD_MS else failing(f"nothing could be written for {age // SECOND} s", beat_at)

    async def _try(self) -> None:
        """In the background, and one attempt at a time, for a disk may take as long as it likes."""
        if self._trying is None or self._trying.done():
            self._trying = asyncio.get_running_loop().create_task(self._write())
            await asyncio.wait({self._trying}, timeout=TRIED_MS / SECOND)

    async def _write(self) -> None:
        with suppress(StoreError):
            await self._store.write(lambda tx: tx.counts.beat(self._clock.now()), patient=False)


def database(one: Database) -> Check:
    return Check("database", one.look)


def telegram(sends: Sends, polls: Polls, clock: Clock) -> Check:
    """It lets this bot in and answers. For the minute in which a reminder is still on time, silence fails nothing."""
    silent_since: int | None = None

    async def look() -> Verdict:
        nonlocal silent_since
        if (why := sends.halted) is not None:
            return failing(why)
        what = [name for name, part in (("sending", sends), ("polling", polls)) if not part.reachable]
        if not what:
            silent_since = None
            return WELL
        if silent_since is None:
            silent_since = clock.mono()
        cause = f"no answer to {' and '.join(what)}"
        return degraded(cause) if clock.mono() - silent_since < ON_TIME else failing(cause)

    return Check("telegram", look, logged=False)


def scheduler(fires: Fires, clock: Clock) -> Check:
    """Its timers fire, and the job that keeps the promises true has ended well not long ago."""

    async def look() -> Verdict:
        if (late := fires.overdue_ms()) >= OVERDUE_MS:
            return failing(f"a timer is overdue by {late // SECOND} s")
        age = clock.now() - fires.done_at("minute")
        return WELL if age < JOB_OLD_MS else failing(f"the job of every minute last ended well {age // SECOND} s ago")

    return Check("scheduler", look)


def feeds(turns: Turns, store: Store, clock: Clock) -> Check:
    """The loop that syncs takes its turns, and most of the calendars can be read."""

    async def look() -> Verdict:
        since = turns.looking_since
        if since is not None and (age := clock.mono() - since) >= LOOP_OLD_MS:
            return failing(f"no calendar is synced: what is due has been looked up for {age // SECOND} s")
        try:
            states = await store.read(lambda tx: tx.figures.feed_states())
        except StoreError:
            return degraded("they cannot be looked up")
        linked = states.active + states.failing
        some = states.failing > linked * FAILING_SHARE
        return degraded(f"{states.failing} of {linked} cannot be synced") if some else WELL

    return Check("feeds", look, decides=False)


def telemetry(exports: Exports) -> Check:
    """What is exported arrives; well without an endpoint."""

    async def look() -> Verdict:
        why = exports.fault()
        return WELL if why is None else degraded(why, exports.fault_since())

    return Check("telemetry", look, decides=False, logged=False)
