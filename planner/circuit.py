"""Whether Telegram can be sent to at all: waits out an outage with growing pauses. Pure."""

from __future__ import annotations

from random import Random

from planner.model import SECOND

OPENS_AFTER = 3
"""So many requests in a row without an answer mean that it is not just one of them."""
FIRST_PAUSE_MS = 1 * SECOND
LONGEST_PAUSE_MS = 30 * SECOND
QUICK_TRIES = 10
QUICK_MS = 8 * SECOND
"""The first tries are no further apart: an outage of less than a minute makes nothing late that ends within it."""
JITTER = 0.25


class Circuit:
    """``mono`` is monotonic milliseconds. While it is open nothing leaves; after each pause a single request tries."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._failures = 0
        self._pauses = 0
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
        if self._until <= mono:
            self._pauses += 1
            self._until = mono + backoff_ms(
                self._pauses, self._random, first_ms=FIRST_PAUSE_MS, longest_ms=LONGEST_PAUSE_MS
            )
        return self._failures == OPENS_AFTER

    def hopeful(self) -> None:
        """Others got an answer: a single request may try at once."""
        self._until = 0

    def answered(self) -> bool:
        """Some answer came; says whether that closed the circuit just now."""
        was_open, self._failures, self._pauses, self._until = self.open, 0, 0, 0
        return was_open


def backoff_ms(
    attempts: int,
    random: Random,
    *,
    first_ms: int = SECOND,
    longest_ms: int = 60 * SECOND,
    quick_tries: int = QUICK_TRIES,
) -> int:
    """How long to wait after so many attempts: doubled each time, capped, with jitter so that retries spread.

    It is doubled up to ``QUICK_MS``, stays there for ``quick_tries``, and is doubled on from there to ``longest_ms``.
    """
    doubled = first_ms * 2 ** min(max(0, attempts - 1), 16)
    if attempts <= quick_tries:
        doubled = min(doubled, QUICK_MS)
    else:
        doubled = min(doubled, QUICK_MS * 2 ** min(attempts - quick_tries, 16))
    jittered: float = min(doubled, longest_ms) * (1 + random.uniform(-JITTER, JITTER))
    return round(jittered)
