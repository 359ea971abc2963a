"""A delivery that exists only on paper: it takes, lets leave, and writes down when each reminder left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from planner.backlog import Backlog, Owed
from planner.pacing import Pace

DUE = 1_795_255_200_000
LATENCY_MS = (100, 300)


@dataclass(frozen=True, slots=True)
class Sent:
    """``left_at`` and ``answered_at`` on the wall clock."""

    owed: Owed
    left_at: int
    answered_at: int

    @property
    def lateness(self) -> int:
        return self.answered_at - self.owed.due_at

    @property
    def left_early(self) -> int:
        return self.owed.due_at - self.left_at


@dataclass
class Delivery:
    """Takes half a second's worth at a time, as the real one does, ``hand_over`` ms before it is due."""

    rate: float = 30
    hand_over: int = 57_000
    take_s: float = 0.5
    seed: int = 1
    on_step: Callable[[Delivery, int], None] = lambda delivery, now: None
    sent: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pace = Pace(self.rate)
        self.backlog = Backlog(self.pace)
        self.line: list[Owed] = []
        self._random = Random(self.seed)

    def run(self, reminders: Sequence[Owed], start: int | None = None) -> list[Sent]:
        """Until all have left, in the order in which they did."""
        coming = sorted(reminders, key=lambda owed: (owed.due_at, owed.id), reverse=True)
        now = first = coming[-1].due_at - self.hand_over if start is None else start
        while coming or self.backlog or self.line:
            while coming and coming[-1].due_at - self.hand_over <= now:
                self.backlog.add(coming.pop())
            self.on_step(self, now)
            waits = [*self._take(now, now - first), *self._let_leave(now, now - first)]
            if coming:
                waits.append(coming[-1].due_at - self.hand_over - now)
            now += max(1, min(waits, default=1))
        return self.sent

    def _take(self, now: int, mono: int) -> list[int]:
        batch = max(1, int(self.pace.per_second * self.take_s))
        if len(self.line) > batch // 2:
            return []
        self.line += self.backlog.take(now, mono, batch - len(self.line))
        wait = self.backlog.wait(now, mono)
        return [] if wait is None else [wait]

    def _let_leave(self, now: int, mono: int) -> list[int]:
        waits = []
        for owed in list(self.line):
            if gap := self.pace.gap(mono):
                return [gap]
            if delay := self.pace.delay(owed.chat_id, mono, answer=False):
                waits.append(delay)
                continue
            self.line.remove(owed)
            self.pace.sent(owed.chat_id, mono, answer=False)
            self.sent.append(Sent(owed, now, now + self._random.randint(*LATENCY_MS)))
        return waits


def burst(count: int, per_chat: int = 1, *, due: int = DUE, first_id: int = 0, not_before: int = 0) -> list[Owed]:
    """``count`` reminders due together, ``per_chat`` to each chat."""
    return [Owed(first_id + nth, first_id + nth // per_chat, due, not_before) for nth in range(count)]


def most_in_a_second(instants: Sequence[int]) -> int:
    """The most that fall into any span of 1,000 ms."""
    most = first = 0
    for nth, instant in enumerate(instants):
        while instants[first] <= instant - 1_000:
            first += 1
        most = max(most, nth - first + 1)
    return most
