"""Which reminders may be sent now, and which goes first, so that as many as can be are on time.

Reminders come here about ``HAND_OVER_MS`` before they are due and leave when they are taken to be claimed and sent.

* Nobody is reminded before ``due_at``, unless more is due at once than the pace can carry in time.
* Then sending begins as late as still suffices, at most ``EARLIEST_MS`` before ``due_at``, never before ``not_before``.
* The order is by the instant at which a chat has to begin if its last message is to be on time: the one due first, and
  among those due together the chat with most left.
* What cannot be on time any more follows, oldest first.

Pure: ``now`` is wall time (UTC ms), ``mono`` monotonic milliseconds.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import NamedTuple

from planner.bursts import EARLIEST_MS, MARGIN_MS, Bursts
from planner.model import MINUTE, ON_TIME, SECOND
from planner.pacing import CHAT_GAP_MS, Pace
from planner.timers import TimerHeap

HAND_OVER_MS = 3 * MINUTE
"""Hand reminders over so long before they are due: bursts that follow each other have to be seen together."""

HOPELESS_MS = ON_TIME - SECOND
"""Later than this, a reminder cannot be claimed, sent and answered in time."""

CLAIM_AHEAD_MS = SECOND // 2
"""A reminder may be taken this long before its chat is free again."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A reminder to be sent. ``not_before``: never earlier than this (quiet hours, the next try); 0 if whenever."""

    id: int
    chat_id: int
    due_at: int
    not_before: int = 0

    @property
    def released_at(self) -> int:
        """The earliest instant at which it may be sent if a burst needs it."""
        return max(self.not_before, self.due_at - EARLIEST_MS)


class _Turn(NamedTuple):
    """Where a chat stands: what to send it next, by when it has to begin, when to look at it again."""

    timely: Owed | None
    late: Owed | None
    begin_by: int
    look_at: int | None


class Backlog:
    """The reminders that wait to be claimed. A reminder costs O(log n) on its way from ``add`` to ``take``."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._bursts = Bursts(pace.per_second)
        self._owed: dict[int, Owed] = {}
        self._chats: dict[int, list[tuple[int, int]]] = {}  # (due_at, id), in order
        self._changed: set[int] = set()
        self._reached = 0
        # Every chat with something to send is in one of these, or in both of the last two.
        self._resting: TimerHeap[int] = TimerHeap()  # by the monotonic instant at which it may be sent to again
        self._ready: TimerHeap[int] = TimerHeap()  # by the instant by which it has to begin
        self._late: TimerHeap[int] = TimerHeap()  # by the instant at which its oldest was due
        self._coming: TimerHeap[int] = TimerHeap()  # by the instant at which to look at it again

    def __len__(self) -> int:
        return len(self._owed)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._owed

    def add(self, owed: Owed) -> None:
        """Hold a reminder; one with the same id is replaced."""
        self.remove(owed.id)
        self._owed[owed.id] = owed
        insort(self._chats.setdefault(owed.chat_id, []), (owed.due_at, owed.id))
        self._bursts.count(owed.due_at, owed.released_at, 1)
        self._changed.add(owed.chat_id)

    def remove(self, id_: int) -> bool:
        """Forget a reminder; false if it is not held."""
        owed = self._owed.pop(id_, None)
        if owed is None:
            return False
        items = self._chats[owed.chat_id]
        del items[bisect_left(items, (owed.due_at, id_))]
        self._bursts.count(owed.due_at, owed.released_at, -1)
        self._changed.add(owed.chat_id)
        return True

    def take(self, now: int, mono: int, limit: int) -> list[Owed]:
        """Take out what should be claimed now, best first: at most ``limit``, at most one a second to one chat."""
        taken: list[Owed] = []
        self._settle(now, mono)
        while len(taken) < limit and (owed := self._best(now, mono)):
            taken.append(owed)
            self.remove(owed.id)
            self._rest(owed.chat_id, mono + CHAT_GAP_MS)
        return taken

    def wait(self, now: int, mono: int) -> int | None:
        """Milliseconds until ``take`` is worth a call (0: now); ``None`` while nothing is held.

        Ask again after ``add`` and ``Pace.refused``, and when the clock has jumped.
        """
        if not self._owed:
            return None
        if pause := self._pace.pause(mono):
            return pause
        self._settle(now, mono)
        if self._best(now, mono):
            return 0
        at_wall = (self._coming.head(), self._bursts.next_start(now))
        waits = [instant - now for instant in at_wall if instant is not None]
        if (rested := self._resting.head()) is not None:
            waits.append(rested - mono)
        return max(1, min(waits))

    def _settle(self, now: int, mono: int) -> None:
        """Put every chat about which something has changed where it belongs."""
        reach = self._bursts.reach(now)
        moved = self._changed.union(
            self._resting.pop_due(mono), self._coming.pop_due(reach if reach > self._reached else now)
        )
        self._changed.clear()
        self._reached = reach
        for chat_id in moved:
            self._place(chat_id, now)

    def _place(self, chat_id: int, now: int) -> None:
        self._withdraw(chat_id)
        if chat_id in self._resting:
            return
        if not self._chats[chat_id]:
            del self._chats[chat_id]
            return
        turn = self._turn(chat_id, now)
        if self._may_begin(turn, now):
            self._ready.add(chat_id, turn.begin_by)
            return
        if turn.late:
            self._late.add(chat_id, turn.late.due_at)
        if turn.look_at is not None:
            self._coming.add(chat_id, turn.look_at)

    def _withdraw(self, chat_id: int) -> None:
        for heap in (self._ready, self._late, self._coming):
            heap.cancel(chat_id)

    def _rest(self, chat_id: int, until: int) -> None:
        self._withdraw(chat_id)
        self._resting.add(chat_id, until)

    def _turn(self, chat_id: int, now: int) -> _Turn:
        held = [self._owed[id_] for _, id_ in self._chats[chat_id]]
        hopeless = sum(owed.due_at < now - HOPELESS_MS for owed in held)
        timely = next((owed for owed in held[hopeless:] if owed.released_at <= now), None)
        late = next((owed for owed in held[:hopeless] if owed.released_at <= now), None)
        # Each message a second after the one before, the last of each instant in time: the first has to leave by then.
        first_by = (owed.due_at - nth * CHAT_GAP_MS for nth, owed in enumerate(held[hopeless:]))
        begin_by = min(first_by, default=now) + ON_TIME - MARGIN_MS
        looks = [owed.released_at for owed in held if owed.released_at > now]
        if timely:
            looks.append(min(timely.due_at, begin_by))
        return _Turn(timely, late, begin_by, min(looks, default=None))

    def _may_begin(self, turn: _Turn, now: int) -> bool:
        return turn.timely is not None and (turn.timely.due_at <= self._bursts.reach(now) or turn.begin_by <= now)

    def _best(self, now: int, mono: int) -> Owed | None:
        """What goes first; it stays. Chats that are no longer where they belong are moved on the way."""
        if self._pace.pause(mono):
            return None
        while (chat_id := self._ready.first()) is not None:
            turn = self._turn(chat_id, now)
            if self._may_begin(turn, now) and turn.begin_by == self._ready.due(chat_id):
                if not self._busy(chat_id, mono):
                    return turn.timely
            else:
                self._place(chat_id, now)
        while (chat_id := self._late.first()) is not None:
            if (late := self._turn(chat_id, now).late) is None:
                self._place(chat_id, now)
            elif not self._busy(chat_id, mono):
                return late
        return None

    def _busy(self, chat_id: int, mono: int) -> bool:
        """Whether Telegram must not hear of this chat yet; then it is put to rest."""
        wait = self._pace.chat_delay(chat_id, mono, answer=False) - CLAIM_AHEAD_MS
        if wait > 0:
            self._rest(chat_id, mono + wait)
        return wait > 0
