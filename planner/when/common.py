"""What every language shares: digits, dates in figures, and how parts become a phrase."""

from __future__ import annotations

from typing import Any

from planner.when import build as b
from planner.when import build_repeats as r
from planner.when.language import Rule


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
    Rule("num", "<int>", b.same),
    Rule("num", "<n>", b.same),
    Rule("num", "<tens>", b.same),
    Rule("num", "<tens> -? <n>", _tens),
    Rule("hour", "<num>", _hours),
    Rule("ordinal", "<int> <ordsuf>", lambda n, _: n),
    Rule("ordinal", "<ord>", b.same),
    Rule("ordinal", "<tens> -? <ord>", _tens),
    Rule("year", "<int>", b.year),
    Rule("year", "<int> <yearword>", lambda n, _: b.year(n)),
    Rule("figures", "<iso>", b.iso),
    Rule("figures", "<dots3>", b.dmy),
    Rule("sep", "<comma> <andword>", b.const(True)),
    Rule("sep", "<comma>", b.const(True)),
    Rule("sep", "<andword>", b.const(True)),
    Rule("comma", ",|&|+|/", b.const(True)),
    Rule("dash", "-", b.const(True)),
    # lengths
    Rule("len1", "<onelen>", b.same),
    Rule("len1", "<onelen> <onelen>", b.falling),
    Rule("len1", "<onelen> <onelen> <onelen>", b.falling),
    Rule("lens", "<len1>+", b.same),
    Rule("len", "<len1>", b.same),
    Rule("len", "<len1> <andword> <onelen>", lambda first, _, second: b.falling(first, second)),
    Rule("onelen", "<num> <unit>", b.length),
    Rule("onelen", "<dec> <unit>", b.length),
    # weekdays
    Rule("wdset", "<wditem>+", r.each),
    Rule("wditem", "<wd>", b.same),
    Rule("wditem", "<wd> <dash> <wd>", lambda first, _, final: r.run_of_days(first, final)),
)

__all__ = ["COMMON", "_parts"]
