"""What every language shares: digits, dates in figures, and how parts become a phrase."""

from __future__ import annotations

from typing import Any

from planner.when import build as b
from planner.when.language import Rule as R


def _tens(tens: int, one: int) -> int | None:
    return tens + one if one < 10 else None


def _hours(number: int) -> int | None:
    return number if 0 <= number <= 24 else None


def _parts(*caught: Any) -> tuple[Any, ...]:
    flat: list[Any] = []
    for value in caught:
        flat += value if isinstance(value, tuple) else [value] if value is not None else []
    return tuple(flat)


COMMON = (
    R("num", "<int>", b.same),
    R("num", "<n>", b.same),
    R("num", "<tens>", b.same),
    R("num", "<tens> -? <n>", _tens),
    R("hour", "<num>", _hours),
    R("ordinal", "<int> <ordsuf>", lambda n, _: n),
    R("ordinal", "<ord>", b.same),
    R("ordinal", "<tens> -? <ord>", _tens),
    R("year", "<int>", b.year),
    R("year", "<int> <yearword>", lambda n, _: b.year(n)),
    R("figures", "<iso>", b.iso),
    R("figures", "<dots3>", b.dmy),
    R("sep", "<comma> <andword>", b.const(True)),
    R("sep", "<comma>", b.const(True)),
    R("sep", "<andword>", b.const(True)),
    R("comma", ",|&|+|/", b.const(True)),
    R("dash", "-", b.const(True)),
    # lengths
    R("len1", "<onelen>", b.same),
    R("len1", "<onelen> <onelen>", b.summed),
    R("len1", "<onelen> <onelen> <onelen>", b.summed),
    R("lens", "<len1>+", b.same),
    R("len", "<lens>", b.summed),
    R("onelen", "<num> <unit>", b.length),
    R("onelen", "<dec> <unit>", b.length),
    # weekdays
    R("wdset", "<wditem>+", b.each),
    R("wditem", "<wd>", b.same),
    R("wditem", "<wd> <dash> <wd>", lambda first, _, final: b.run_of_days(first, final)),
)

__all__ = ["COMMON", "_parts"]
