"""Telegram's silence, told once: one line when it begins and one when it is over, whoever notices it."""

from __future__ import annotations

import logging

from planner.clock import Clock
from planner.model import SECOND

log = logging.getLogger(__name__)


class Silence:
    """Several ask Telegram; while any of them gets no answer, that is one silence."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by: set[str] = set()
        self._since = 0

    def noticed(self, by: str, cause: str) -> None:
        """``by``, a word for the log, gets no answer."""
        if not self._by:
            self._since = self._clock.mono()
            log.warning("telegram.unreachable", extra={"at": by, "cause": cause})
        self._by.add(by)

    def broken(self, by: str) -> bool:
        """``by`` has got an answer; says whether it had got none before."""
        if by not in self._by:
            return False
        self._by.remove(by)
        if not self._by:
            log.info("telegram.reachable", extra={"seconds": (self._clock.mono() - self._since) // SECOND})
        return True
