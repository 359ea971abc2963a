"""Numbers in the reader's language: shares, sizes, factors."""

from __future__ import annotations

from math import floor

from planner.render.words import Words
from planner.slo.figures import PERCENT

KB = 1024


def number(words: Words, value: float, digits: int = 1) -> str:
    """With at most so many digits after the point, and no zeros at its end: ``1.4``, in Russian ``1,4``."""
    said = f"{value:.{digits}f}"
    if "." in said:
        said = said.rstrip("0").rstrip(".")
    return said.replace(".", words.c("between a number and its fraction", ".")).replace("-", "−")


def percent(words: Words, share: float, digits: int = 2) -> str:
    """A share of 1, rounded down, so that none that falls short of a mark reads as if it reached it: ``98.99 %``."""
    size = 10**digits
    return number(words, floor(share * 100 * size + 1e-7) / size, digits) + PERCENT


def size(words: Words, count: int) -> str:
    """Bytes: ``512 KB``, ``1.4 MB``."""
    if count < KB * KB:
        return words.t("{n} KB", n=number(words, count / KB, 0))
    if count < KB**3:
        return words.t("{n} MB", n=number(words, count / KB**2))
    return words.t("{n} GB", n=number(words, count / KB**3))
