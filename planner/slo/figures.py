"""Figures of promises: shares, rates and lengths of time in few letters for people, and tidied for programs."""

from __future__ import annotations

from math import floor

from planner.model import DAY, HOUR, MINUTE

NONE = "–"
PERCENT = "\N{NO-BREAK SPACE}%"
"""No line ends between a number and its sign."""
DAYS_FROM, HOURS_ONLY_FROM = 2 * DAY, 10 * HOUR
MOST = 999
"""More than this is said as more than this, so that columns stay as wide as they are."""
LEFT_MOST = 9_999
"""So far a budget is overdrawn in figures: where all is bad, one of 99 % is by 9,900 %."""
HALF = 0.005
"""A percent's half."""
DIGITS = 9
"""After the point, of what programs read: one bad among many millions still shows."""
NEARLY = 1e-9
"""What binary fractions lack: 0.99 and not 0.98999999."""


def tidy(number: float | None) -> float | None:
    """Without what binary fractions add: -99, and not -98.99999999999991."""
    return None if number is None else round(number, DIGITS)


def percent(share: float | None, digits: int = 2) -> str:
    """A rate, rounded down, so that no broken promise reads as kept; a dash where there is none: ``98.99 %``."""
    if share is None:
        return NONE
    said = f"{floor((share * 100 + NEARLY) * 10**digits) / 10**digits:.{digits}f}"
    return (said.rstrip("0").rstrip(".") if digits else said) + PERCENT


def part(share: float | None) -> str:
    """A part of a whole, in whole percent, rounded, so that parts add up: ``67 %``.

    What is something does not read as nothing, nor what is not all as all: ``<1 %``, ``>99 %``.
    """
    if share is None:
        return NONE
    if 0 < share < HALF:
        return f"<1{PERCENT}"
    if 1 - HALF < share < 1:
        return f">99{PERCENT}"
    whole = floor(share * 100 + 0.5 + NEARLY)
    return f"{whole or floor(share * 100)}{PERCENT}"


def left(share: float | None) -> str:
    """What is left of a budget, as ``part`` says it; below 0 it is overdrawn."""
    return f"<-{LEFT_MOST}{PERCENT}" if share is not None and share * 100 < -LEFT_MOST - 0.5 else part(share)


def burning(rate: float | None) -> str:
    """A burn rate; what is not 0 does not read as 0."""
    if rate is None:
        return NONE
    if rate > MOST:
        return f">{MOST}"
    if 0 < rate < 0.05:
        return "<0.1"
    return f"{rate:.0f}" if rate == 0 or rate >= 9.95 else f"{rate:.1f}"


def many(count: int) -> str:
    """A number in at most five letters."""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if count >= 100 * size or (unit == "M" and count >= size):
            return f"{floor(count / size * 10) / 10:g}{unit}" if count < 100 * size else f"{count // size}{unit}"
    return str(count)


def length(ms: int) -> str:
    """Rounded down, in at most eight letters: ``2 d 4 h``, ``14 h``, ``5 h 10 m``, ``12 m``."""
    if ms >= DAYS_FROM:
        return _two(ms, DAY, "d", HOUR, "h")
    if ms >= HOURS_ONLY_FROM:
        return f"{ms // HOUR} h"
    return _two(ms, HOUR, "h", MINUTE, "m") if ms >= HOUR else f"{ms // MINUTE} m"


def _two(ms: int, large: int, large_name: str, small: int, small_name: str) -> str:
    rest = ms % large // small
    return f"{ms // large} {large_name}" + (f" {rest} {small_name}" if rest else "")
