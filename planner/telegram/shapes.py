"""Parameters of a shape that aiogram has taken before, and left as it was, are sent without asking it again.

Its models cost more than all else about a request, and of what is in use they judge names and types, besides constants
of the planner's own: whatever agrees in names and types with what was taken is taken as well. So a shape is every name
with the type of its value; of a list, what its items are, however many.
"""

from __future__ import annotations

from collections.abc import Mapping

SHAPES_MAX = 1_000
"""So many are known at most, then they are learnt anew."""

_PLAIN = frozenset({str, int, float, bool})


class Shapes:
    """Those that are known."""

    def __init__(self) -> None:
        self._known: set[object] = set()

    def knows(self, method: str, params: Mapping[str, object]) -> bool:
        """Whether aiogram would send these parameters, and as they are."""
        return (method, _of(params)) in self._known

    def learn(self, method: str, params: Mapping[str, object], sent: Mapping[str, object]) -> None:
        """aiogram has taken parameters, and makes of them what is ``sent``."""
        if not _same(dict(params), sent):
            return
        if len(self._known) >= SHAPES_MAX:
            self._known.clear()
        self._known.add((method, _of(params)))


def _of(named: Mapping[str, object]) -> object:
    return tuple([(name, _shape(value)) for name, value in named.items()])


def _shape(value: object) -> object:
    kind = type(value)
    if kind in _PLAIN:
        return kind
    if isinstance(value, dict):
        return _of(value)
    if isinstance(value, list):
        return frozenset([_shape(one) for one in value])
    return object()  # of a kind that JSON does not have: like nothing else


def _same(one: object, other: object) -> bool:
    """Whether two values are equal and of one type all through: 1 is not true."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other
