"""Which of many instants comes next: a heap of timers, each held under the key of what it is for."""

from __future__ import annotations

from collections.abc import Hashable
from heapq import heapify, heappop, heappush
from typing import Any, Generic, Protocol, TypeVar

STALE_SPARED = 64
"""So many outdated entries are always tolerated, so that a small heap is not rebuilt at every cancel."""


class Key(Hashable, Protocol):
    """Keys are hashable and can be ordered among each other (numbers, or tuples of one shape)."""

    def __lt__(self, other: Any, /) -> bool: ...  # as in typeshed: an operand of one's own type cannot be named here


K = TypeVar("K", bound=Key)


class TimerHeap(Generic[K]):
    """At most one timer a key. Timers due at the same millisecond come in the order of their keys.

    ``add`` and ``cancel`` cost O(log n) amortised, memory stays proportional to the timers held.

    Moving or cancelling leaves the old entry in the heap: an entry counts only while the dict holds the same instant
    for its key. Two entries that agree on both are the same timer, whichever comes out first.
    """

    __slots__ = ("_due", "_heap")

    def __init__(self) -> None:
        self._due: dict[K, int] = {}
        self._heap: list[tuple[int, K]] = []

    def __len__(self) -> int:
        return len(self._due)

    def __contains__(self, key: object) -> bool:
        return key in self._due

    def due(self, key: K) -> int | None:
        """When ``key`` is due, ``None`` if it has no timer."""
        return self._due.get(key)

    def add(self, key: K, due_ms: int) -> None:
        """Set the timer of ``key``, or move the one it has."""
        held = self._due.get(key)
        if held == due_ms:
            return
        self._due[key] = due_ms
        heappush(self._heap, (due_ms, key))
        if held is not None:
            self._compact()

    def cancel(self, key: K) -> bool:
        """Drop the timer of ``key``; false if it has none."""
        if self._due.pop(key, None) is None:
            return False
        self._compact()
        return True

    def head(self) -> int | None:
        """When the first timer is due, ``None`` if there is none."""
        return self._heap[0][0] if self._fresh() else None

    def first(self) -> K | None:
        """The key that is due first, ``None`` if there is none. It stays."""
        return self._heap[0][1] if self._fresh() else None

    def pop_due(self, now_ms: int) -> list[K]:
        """Take out all that is due at ``now_ms`` or before, in order."""
        heap, due = self._heap, self._due
        keys = []
        while heap and heap[0][0] <= now_ms:
            first, key = heappop(heap)
            if due.get(key) == first:
                del due[key]
                keys.append(key)
        return keys

    def _fresh(self) -> bool:
        """Drop outdated entries from the top; true if something is left."""
        heap, due = self._heap, self._due
        while heap and due.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
        return bool(heap)

    def _compact(self) -> None:
        if len(self._heap) > 2 * len(self._due) + STALE_SPARED:
            self._heap = [(due, key) for key, due in self._due.items()]
            heapify(self._heap)
