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
from dataclasses import dataclass, field
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

MOVED_AT_ONCE = 1_000
"""Chats looked at in one call; a larger burst is sorted over several, so that no call takes longer than some 5 ms."""


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


@dataclass(slots=True)
class _Chat:
    """``held``: ``(due_at, id)`` in order. ``free_at`` (``mono``): what was taken will have left a second before."""

    held: list[tuple[int, int]] = field(default_factory=list)
    free_at: int = 0


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
        self._chat_step = CHAT_GAP_MS + round(SECOND / pace.per_second)  # its second, then a place among the others
        self._owed: dict[int, Owed] = {}
        self._chats: dict[int, _Chat] = {}
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
        insort(self._chats.setdefault(owed.chat_id, _Chat()).held, (owed.due_at, owed.id))
        self._bursts.count(owed.due_at, owed.released_at, 1)
        self._changed.add(owed.chat_id)

    def remove(self, id_: int) -> bool:
        """Forget a reminder; false if it is not held."""
        owed = self._owed.pop(id_, None)
        if owed is None:
            return False
        held = self._chats[owed.chat_id].held
        del held[bisect_left(held, (owed.due_at, id_))]
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
            chat = self._chats[owed.chat_id]
            chat.free_at = max(chat.free_at, mono) + CHAT_GAP_MS
            self._rest(owed.chat_id, chat.free_at - CLAIM_AHEAD_MS)
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
        return 1 if self._changed else max(1, min(waits))

    def _settle(self, now: int, mono: int) -> None:
        """Put the chats about which something has changed where they belong, so many at a call."""
        reach = self._bursts.reach(now)
        self._changed.update(self._coming.pop_due(reach if reach > self._reached else now), self._resting.pop_due(mono))
        self._reached = reach
        for _ in range(min(len(self._changed), MOVED_AT_ONCE)):
            self._place(self._changed.pop(), now)

    def _place(self, chat_id: int, now: int) -> None:
        self._withdraw(chat_id)
        if not self._chats[chat_id].held:
            self._resting.cancel(chat_id)
            del self._chats[chat_id]
        if chat_id not in self._chats or chat_id in self._resting:
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
        held = [self._owed[id_] for _, id_ in self._chats[chat_id].held]
        hopeless = 0
        while hopeless < len(held) and held[hopeless].due_at < now - HOPELESS_MS:
            hopeless += 1
        timely = next((owed for owed in held[hopeless:] if owed.released_at <= now), None)
        late = next((owed for owed in held[:hopeless] if owed.released_at <= now), None)
        # One message after the other, the last of each instant still in time: when the first has to leave.
        first_by = (owed.due_at - nth * self._chat_step for nth, owed in enumerate(held[hopeless:]))
        begin_by = min(first_by, default=now) + ON_TIME - MARGIN_MS
        looks = [owed.released_at for owed in held if owed.released_at > now]
        if timely:
            looks.append(min(timely.due_at, begin_by))
        return _Turn(timely, late, begin_by, min(looks, default=None))

    def _may_begin(self, turn: _Turn, now: int) -> bool:
        return turn.timely is not None and (turn.timely.due_at <= self._reached or turn.begin_by <= now)

    def _best(self, now: int, mono: int) -> Owed | None:
        """What goes first; it stays. Chats that are no longer where they belong are moved on the way."""
        if self._pace.pause(mono):
            return None
        while (chat_id := self._first()) is not None:
            turn = self._turn(chat_id, now)
            if (begin_by := self._ready.due(chat_id)) is None:
                owed = turn.late
            else:
                owed = turn.timely if self._may_begin(turn, now) and turn.begin_by == begin_by else None
            if owed is None:
                self._place(chat_id, now)
            elif not self._busy(chat_id, mono):
                return owed
        return None

    def _first(self) -> int | None:
        ready = self._ready.first()
        return self._late.first() if ready is None else ready

    def _busy(self, chat_id: int, mono: int) -> bool:
        """Whether Telegram must not hear of this chat yet; then it is put to rest."""
        wait = self._pace.chat_delay(chat_id, mono, answer=False) - CLAIM_AHEAD_MS
        if wait > 0:
            self._rest(chat_id, mono + wait)
        return wait > 0
