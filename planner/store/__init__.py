"""The store: all SQL of the planner.

What a command needs of it is a part, and importing all of it takes longer than most of them run: ``Store`` and ``Tx``
are imported when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.store.store import SQLITE_VERSION, Store, Tx

__all__ = ["SQLITE_VERSION", "Store", "Tx"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from planner.store import store  # noqa: PLC0415  # see above

    return getattr(store, name)
