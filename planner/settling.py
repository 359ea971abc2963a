"""Writing down what became of messages: what ends within a moment is saved together, and costs a fraction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence

from planner import settle
from planner.clock import Clock
from planner.saving import Saving
from planner.settle import Landed

log = logging.getLogger(__name__)

GATHERED_MS = 25
"""An outcome waits so long for others (DESIGN section 3: at most 50 ms until its commit)."""


class Settling:
    """``done`` is told what is on disk."""

    def __init__(self, saving: Saving, clock: Clock, *, spawn: Callable[[Coroutine[object, object, None]], None],
                 done: Callable[[Landed], None]) -> None:  # fmt: skip
        self._saving = saving
        self._clock = clock
        self._spawn = spawn
        self._done = done
        self._waiting: list[Landed] = []

    def add(self, one: Landed) -> None:
        self._waiting.append(one)
        if len(self._waiting) == 1:
            self._spawn(self._settle())

    async def _settle(self) -> None:
        await self._clock.sleep(GATHERED_MS)
        landed, self._waiting = self._waiting, []
        await self._save(landed)

    async def _save(self, landed: Sequence[Landed]) -> None:
        """All in one transaction; where one of them cannot be settled, the others are."""
        try:
            await self._saving.write(lambda tx: settle.together(tx, landed), "outcome")
        except Exception:
            if len(landed) > 1:
                for one in landed:
                    await self._save([one])
                return
            log.exception("reminder.unsettled", extra={
                "reminder": " ".join(map(str, landed[0].sending.ids)), "user": landed[0].sending.user_id,
                "do": "report this as a bug; it is sent again after a restart"})  # fmt: skip
        for one in landed:
            self._done(one)
