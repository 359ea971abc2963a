"""The clock: the one place that asks the system for the time.

Wall time (UTC epoch milliseconds) says when something is due; the loop's monotonic time says how long to wait.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Protocol
from zoneinfo import available_timezones

JUMP_MS = 500
"""Wall and monotonic time may drift apart by this much between two looks before it counts as a jump."""

LOOK_S = 1.0
"""How often the system clock is looked at for jumps."""

JumpListener = Callable[[int], None]


class Clock(Protocol):
    """What time it is, and a word when it jumps."""

    def now(self) -> int:
        """Wall time, UTC epoch milliseconds. May jump either way."""
        ...

    def mono(self) -> int:
        """Milliseconds that never go back and never jump; the origin means nothing."""
        ...

    async def sleep(self, ms: int) -> None:
        """Wait for ``ms`` of monotonic time."""
        ...

    def on_jump(self, listener: JumpListener) -> None:
        """Call ``listener(milliseconds)`` within a second of every jump of the wall clock (suspend, NTP, by hand)."""
        ...


class SystemClock:
    """The machine's clocks. ``watch`` must run for jumps to be noticed."""

    def __init__(self) -> None:
        self._listeners: list[JumpListener] = []

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def mono(self) -> int:
        return time.monotonic_ns() // 1_000_000

    async def sleep(self, ms: int) -> None:
        import asyncio  # noqa: PLC0415  # a command that asks what time it is does not pay for it

        await asyncio.sleep(ms / 1_000)

    def on_jump(self, listener: JumpListener) -> None:
        self._listeners.append(listener)

    async def watch(self) -> None:
        """Compare the two clocks once a second, for ever. Linux' monotonic clock stands still in suspend."""
        import asyncio  # noqa: PLC0415  # likewise

        offset = self.now() - self.mono()
        while True:
            await asyncio.sleep(LOOK_S)
            latest = self.now() - self.mono()
            jump, offset = latest - offset, latest
            if abs(jump) > JUMP_MS:
                for listener in self._listeners:
                    listener(jump)


def host_zone() -> str:
    """The IANA zone of this machine (``TZ``, else ``/etc/localtime``), ``UTC`` where it names none."""
    named = os.environ.get("TZ", "").removeprefix(":")
    if not named:
        _, _, named = os.path.realpath("/etc/localtime").partition("/zoneinfo/")
    return named if named in available_timezones() else "UTC"


NS, NS_A_MS = 1_000_000_000, 1_000_000
"""Nanoseconds in a second and in a millisecond."""

ticks = time.perf_counter_ns
"""Nanoseconds, to measure how long something took; the origin means nothing. Real, also where a clock is fake."""
