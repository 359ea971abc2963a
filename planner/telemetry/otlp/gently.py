"""A batch that is converted while it is encoded, one item at a time, and lets other threads run in between.

Encoding a batch holds Python's lock for tens of milliseconds: whoever waits for an answer would wait for it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

from planner.clock import rest

T = TypeVar("T")


class Gently(Sequence[T]):
    """``items``, each as ``convert`` makes it; made to be gone through once, as exporters do."""

    def __init__(self, items: Sequence[T], convert: Callable[[T], T]) -> None:
        self._items = items
        self._convert = convert

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return Gently(self._items[index], self._convert)
        return self._convert(self._items[index])

    def __iter__(self) -> Iterator[T]:
        for item in self._items:
            rest()
            yield self._convert(item)
