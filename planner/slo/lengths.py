"""Lengths of time as ``slo.toml`` and PromQL write them, a whole number and a unit; and in words."""

from __future__ import annotations

import re

from planner.model import DAY, HOUR, MINUTE, SECOND

_UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
_WORDS = {"d": "day", "h": "hour", "m": "minute", "s": "second"}


def read(text: str) -> int:
    """``90s``, ``90m``, ``24h`` or ``7d`` in milliseconds. Raises ``ValueError``."""
    found = re.fullmatch(r"([1-9][0-9]{0,3})([smhd])", text)
    if found is None:
        raise ValueError(f"{text!r} is no length of time")
    return int(found[1]) * _UNITS[found[2]]


def named(length_ms: int) -> str:
    """The shortest way to write it: ``1d``, not ``24h``. What is no whole number of seconds is refused."""
    for unit, size in _UNITS.items():
        if length_ms % size == 0:
            return f"{length_ms // size}{unit}"
    raise ValueError(f"{length_ms} ms are no whole seconds")


def spelled(length_ms: int) -> str:
    """The same in words: ``1 day``, ``90 seconds``."""
    said = named(length_ms)
    number, word = said[:-1], _WORDS[said[-1]]
    return f"{number} {word}" if number == "1" else f"{number} {word}s"


def last(length_ms: int) -> str:
    """The same behind “the last”: ``day``, ``90 seconds``."""
    return spelled(length_ms).removeprefix("1 ")
