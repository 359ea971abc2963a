"""Is it well: checks of each part, each with how it is, why, and since when. Looking never waits for what hangs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.catalogue import process
from planner.clock import NS_A_MS, Clock, ticks
from planner.model import MINUTE, SECOND
from planner.telemetry import Telemetry
from planner.telemetry.tracing import NOTHING, within

log = logging.getLogger(__name__)

ANSWER_MS = 8
"""Who asks gets what is known by then; a check that takes longer goes on by itself."""
FIRST_ANSWER_MS = 80
"""The same where nothing is known of a check yet."""
HANGS_MS = 5 * SECOND
"""A check that has not answered for so long has failed."""
LOOK_EVERY_MS = MINUTE
MEASURED = frozenset(process.HEALTHY.labels[0].values)


class Status(StrEnum):
    """``degraded``: something is not as it should be, and what is promised is kept all the same."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a part is. ``cause``: why it is not well, without any secret. ``since``: UTC ms, where that is known."""

    status: Status
    cause: str = ""
    since: int | None = None


WELL = Verdict(Status.OK)


def failing(cause: str, since: int | None = None) -> Verdict:
    return Verdict(Status.FAILING, cause, since)


STARTING = failing("starting")


def degraded(cause: str, since: int | None = None) -> Verdict:
    return Verdict(Status.DEGRADED, cause, since)


@dataclass(frozen=True, slots=True)
class Check:
    """``decides``: where it fails, the whole is not ready; what others owe us never decides.

    ``logged``: its changes are logged here; not where whoever it looks at does so, for one line an outage is enough.
    """

    name: str
    look: Callable[[], Awaitable[Verdict]]
    decides: bool = True
    logged: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What a check has found: it took ``duration_ms``, and the status is this one ``since`` (UTC ms)."""

    check: Check
    verdict: Verdict
    duration_ms: float
    since: int

    @property
    def unready(self) -> bool:
        """Whether the whole is not ready by this alone."""
        return self.check.decides and self.verdict.status is Status.FAILING


class _Watched:
    """A check, what it has found last, and the look that is under way."""

    def __init__(self, check: Check, clock: Clock) -> None:
        self.check = check
        self.last: Result | None = None
        self.running: asyncio.Task[None] | None = None
        self._clock = clock
        self._began_ns = 0
        self._began = 0

    def begin(self) -> asyncio.Task[None]:
        """The look under way, begun now if there is none."""
        if self.running is None or self.running.done():
            self._began_ns, self._began = ticks(), self._clock.mono()
            with within(NOTHING):
                self.running = asyncio.get_running_loop().create_task(self._look())
        return self.running

    async def _look(self) -> None:
        try:
            verdict = await self.check.look()
        except Exception as error:
            log.exception("health.check.broken", extra={"check": self.check.name})
            verdict = failing(f"cannot be looked at ({type(error).__name__})")
        self.note(verdict)

    def note(self, verdict: Verdict) -> Result:
        took = (ticks() - self._began_ns) / NS_A_MS
        last = self.last
        since = self._clock.now() if verdict.since is None else verdict.since
        if last is not None and last.verdict.status is verdict.status:
            since = last.since
        elif self.check.logged and (last is not None or verdict.status is not Status.OK) and verdict is not STARTING:
            said = {"check": self.check.name, "status": str(verdict.status)}
            if verdict.status is Status.OK:
                log.info("health.regained", extra=said)
            else:
                log.warning("health.impaired", extra={**said, "cause": verdict.cause})
        self.last = Result(self.check, verdict, took, since)
        return self.last

    def result(self) -> Result:
        """What is known of it now."""
        hangs = self.running is not None and not self.running.done() and self._clock.mono() - self._began >= HANGS_MS
        if hangs:
            return self.note(failing(f"no answer for {(self._clock.mono() - self._began) // SECOND} s"))
        if self.last is None:
            return Result(self.check, failing("no answer yet"), 0.0, self._clock.now())
        return self.last


class Health:
    """All checks together. ``put`` says what is looked at from then on; until then it is starting, and not ready."""

    def __init__(self, clock: Clock, telemetry: Telemetry | None = None) -> None:
        self._clock = clock
        self._metrics = (telemetry or Telemetry()).metrics
        self._watched: list[_Watched] = [_Watched(Check("start", _starting), clock)]

    def put(self, checks: Sequence[Check]) -> None:
        self._watched = [_Watched(check, self._clock) for check in checks]

    async def look(self) -> list[Result]:
        """Each check's result: a fresh one from all that answer at once, else the last. Takes some milliseconds."""
        watched = list(self._watched)
        looks = {one: one.begin() for one in watched}
        await asyncio.wait(looks.values(), timeout=ANSWER_MS / SECOND)
        if unknown := [look for one, look in looks.items() if one.last is None]:
            await asyncio.wait(unknown, timeout=(FIRST_ANSWER_MS - ANSWER_MS) / SECOND)
        found = [one.result() for one in watched]
        for one in found:
            if one.check.name in MEASURED:
                self._metrics.set(process.HEALTHY, float(one.verdict.status is Status.OK), one.check.name)
        return found

    def known(self) -> list[Result]:
        """What each check has found last, without a look: for those who may not wait, in any thread."""
        now = self._clock.now()
        return [one.last or Result(one.check, failing("no answer yet"), 0.0, now) for one in self._watched]

    def close(self) -> None:
        """Look no more."""
        for one in self._watched:
            if one.running is not None:
                one.running.cancel()

    async def watch(self) -> None:
        """Look once a minute, for ever, so that changes are in the log and in the metrics though nobody asks."""
        while True:
            await self.look()
            await self._clock.sleep(LOOK_EVERY_MS)


def overall(results: Sequence[Result]) -> Status:
    """The whole: ``failing`` (not ready) if a check that decides fails, ``degraded`` if any is not well."""
    if any(one.unready for one in results):
        return Status.FAILING
    return Status.OK if all(one.verdict.status is Status.OK for one in results) else Status.DEGRADED


async def _starting() -> Verdict:
    return STARTING
