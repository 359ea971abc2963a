"""Builders: weekends."""

from __future__ import annotations

from typing import Any

from planner.when.values import Bad, Date, Nth, OneOf, Vague

WEEKENDS_MAX = 520


def weekend_of(date: Date | Bad) -> Vague | Bad:
    """The weekend of the week that a day is in."""
    return Bad() if isinstance(date, Bad) else Vague("weekend", of=date)


def nth_weekend(n: int, month: int | None = None, shift: int | None = None) -> Vague | None:
    """The n-th (-1: last) weekend of a month."""
    return Vague("weekend", of=Nth(n, 5, month, shift=shift)) if n == -1 or 1 <= n <= 5 else None


def weekends_on(count: int) -> tuple[Any, ...] | None:
    """``in 3 weekends``: whether the coming one counts as the first was not said."""
    if not 1 <= count <= WEEKENDS_MAX:
        return None
    return (Vague("weekend", shift=count - 1), Vague("weekend", shift=count), OneOf())
