"""Probes: a reminder to nobody every two minutes shows that the next real one would arrive, at night, too.

The same as for a real one: it is a row, committed before it is due; the scheduler's heap fires it; its claim is
committed before the request leaves; the request goes through the gateway, so an outage, a token that is not taken and
an orderly stop hold it up alike, and after an outage it may be the one request that tries; no answer is tried again
with growing pauses; outcome, verdict and count are one transaction; what comes due while the process is down is judged
at the next start, and bad by every reading before it.

Not the same: Telegram is asked ``getMe``, so no message is rendered or seen, and what only a chat can tell (blocked, a
pause of its own) stays unknown. It waits in no queue and takes none of the pace: it would pass a burst by. Nothing is
tried once it is a minute late, since the next one is due soon; and while the process is down no new ones are made: that
is the promise ``up``. What became of messages outweighs it: while they get no answer, its own ends no outage.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine
from random import Random

from planner.circuit import backoff_ms
from planner.clock import Clock
from planner.gateway import Gateway
from planner.model import DAY, MINUTE, SECOND
from planner.saving import Saving
from planner.store import Store, Tx
from planner.store.opening import UnavailableError
from planner.store.probes import Probe
from planner.telegram.outcomes import Accepted, Outcome, Paused

EVERY_MS = 2 * MINUTE
UNMADE_MAX = DAY // EVERY_MS
"""So many that the database refused are remembered until it takes them."""


Spawn = Callable[[Coroutine[object, object, None]], None]


class Probing:
    """``plan`` is the scheduler's; ``hand_over`` takes what has come due, and ``start`` sends what may leave."""

    def __init__(self, store: Store, saving: Saving, gateway: Gateway, clock: Clock, random: Random, *, spawn: Spawn,
                 wake: Callable[[], None]) -> None:  # fmt: skip
        self._store = store
        self._saving = saving
        self._gateway = gateway
        self._clock = clock
        self._random = random
        self._spawn = spawn
        self._wake = wake
        self._unmade: deque[int] = deque(maxlen=UNMADE_MAX)
        self._due: list[int] = []
        self._claimed: deque[Probe] = deque()
        self._claiming = False

    async def plan(self, now: int) -> int:
        """Owe the next one; returns when to come again, UTC ms.

        One that the database refuses is bad, as a real one would be: it is counted as soon as anything can be.
        """
        try:
            due_at = await self._store.write(lambda tx: self._planned(tx, now), hurry=False)
        except UnavailableError:
            self._unmade.append(now + EVERY_MS)
            return now + EVERY_MS
        # What the clock, set back, has put ahead again is counted when its time comes
        self._unmade = deque((one for one in self._unmade if one > now), maxlen=UNMADE_MAX)
        return due_at

    def _planned(self, tx: Tx, now: int) -> int:
        tx.probes.unmade([due_at for due_at in self._unmade if due_at <= now], "it could not be stored")
        return tx.probes.plan(now, EVERY_MS)

    def hand_over(self, ids: list[int]) -> None:
        """These are due."""
        if why := self._kept_by():
            self._spawn(self._saving.write(lambda tx: tx.probes.held(ids, why), "claim", hurry=False))
        self._due.extend(ids)
        self._wake()

    def _kept_by(self) -> str:
        """Why nothing may leave now; empty where something may."""
        if self._gateway.halted is not None:
            return "Telegram did not let it in"
        return "Telegram did not answer" if self._gateway.careful else ""

    def start(self) -> None:
        """Begin what may leave now."""
        if self._claimed:
            self._spawn(self._send(self._claimed.popleft()))
        elif self._due and not self._claiming:
            self._claiming = True
            self._spawn(self._claim())

    async def _claim(self) -> None:
        due, self._due = self._due, []
        try:
            claimed = await self._saving.write(lambda tx: tx.probes.claim(due, self._clock.now()), "claim", hurry=False)
            self._claimed.extend(claimed)
        finally:
            self._claiming = False

    async def _send(self, probe: Probe) -> None:
        outcome = await self._gateway.probe()
        settle = self._settle(probe, outcome, self._clock.now())
        await self._saving.write(settle, "outcome", hurry=False)

    def _settle(self, probe: Probe, outcome: Outcome, now: int) -> Callable[[Tx], None]:
        if isinstance(outcome, Accepted):
            return lambda tx: tx.probes.sent(probe.id, now)
        cause, pause = outcome.cause, backoff_ms(probe.attempts, self._random)
        if isinstance(outcome, Paused):
            pause = outcome.retry_after_s * SECOND
        return lambda tx: tx.probes.retry(probe.id, now + pause, cause)
