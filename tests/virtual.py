"""An event loop whose time passes only when nothing else is left to do, and a clock on top of it.

A simulated week of an idle program costs what its timers cost. Sockets on loopback work: before time jumps, whatever
is on its way between two sockets of this process is let in.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import TypeVar

T = TypeVar("T")

START = 1_795_255_200_000
"""2026-11-21T10:00:00Z, a Saturday: where every fake clock starts unless a test says otherwise."""

IN_FLIGHT_S = 0.002
STUCK_S = 20.0


class _Selector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]  # a name for whichever class the system has
    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if len(self.get_map()) > 1 and (ready := super().select(IN_FLIGHT_S)):
            return ready
        if timeout is None:
            if not (ready := super().select(STUCK_S)):
                raise RuntimeError("nothing is scheduled and nothing arrives: the test waits for ever")
            return ready
        self.loop.passed += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """``time()`` starts at 0 and jumps to the next timer whenever nothing is ready."""

    def __init__(self) -> None:
        selector = _Selector()
        selector.loop = self
        self.passed = 0.0
        super().__init__(selector)
        self._clock_resolution = 1e-6  # the default vanishes in the float after 194 days, and the loop spins

    def time(self) -> float:
        return self.passed


class FakeClock:
    """Wall time follows the running loop's time; ``jump`` moves the wall alone, either way."""

    def __init__(self, start: int = START) -> None:
        self._offset = start
        self._listeners: list[Callable[[int], None]] = []

    def now(self) -> int:
        return self._offset + self.mono()

    def mono(self) -> int:
        return round(asyncio.get_running_loop().time() * 1_000)

    async def sleep(self, ms: int) -> None:
        await asyncio.sleep(ms / 1_000)

    def on_jump(self, listener: Callable[[int], None]) -> None:
        self._listeners.append(listener)

    def jump(self, ms: int) -> None:
        self._offset += ms
        for listener in self._listeners:
            listener(ms)


def run(main: Coroutine[object, object, T]) -> T:
    """Run to the end on a virtual loop of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
