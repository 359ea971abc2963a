"""Whether Telegram can be sent to at all: waits out an outage with growing pauses. Pure."""

from __future__ import annotations

from random import Random

from planner.model import SECOND

OPENS_AFTER = 3
"""So many requests in a row without an answer mean that it is not just one of them."""
FIRST_PAUSE_MS = 1 * SECOND
LONGEST_PAUSE_MS = 30 * SECOND
JITTER = 0.25


class Circuit:
    """``mono`` is monotonic milliseconds. While it is open nothing leaves; after each pause a single request tries."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._failures = 0
        self._until = 0

    @property
    def open(self) -> bool:
        """Whether the last requests failed: be careful, even when ``wait`` is over."""
        return self._failures >= OPENS_AFTER

    @property
    def troubled(self) -> bool:
        """Whether the last request failed."""
        return self._failures > 0

    def wait(self, mono: int) -> int:
        """Milliseconds until something may leave."""
        return max(0, self._until - mono)

    def failed(self, mono: int) -> bool:
        """No answer came; says whether that opened the circuit just now."""
        self._failures += 1
        if not self.open:
            return False
        doubled = FIRST_PAUSE_MS * 2 ** min(self._failures - OPENS_AFTER, 10)
        pause = min(doubled, LONGEST_PAUSE_MS) * (1 + self._random.uniform(-JITTER, JITTER))
        if self._until <= mono:
            self._until = mono + round(pause)
        return self._failures == OPENS_AFTER

    def answered(self) -> bool:
        """Some answer came; says whether that closed the circuit just now."""
        was_open, self._failures, self._until = self.open, 0, 0
        return was_open


def backoff_ms(attempts: int, random: Random, *, first_ms: int = SECOND, longest_ms: int = 60 * SECOND) -> int:
    """How long to wait after so many attempts: doubled each time, capped, with jitter so that retries spread."""
    doubled = first_ms * 2 ** min(max(0, attempts - 1), 16)
    jittered: float = min(doubled, longest_ms) * (1 + random.uniform(-JITTER, JITTER))
    return round(jittered)
