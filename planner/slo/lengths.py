"""Lengths of time as ``slo.toml`` and PromQL write them: a whole number and a unit."""

from __future__ import annotations

import re

from planner.model import DAY, HOUR, MINUTE, SECOND

_UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}


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
