"""A panel once it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Drawn:
    """What stands in a panel's frame, and every value of it that a person reads, as it is written."""

    html: str
    values: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Names and labels that are read beside the values."""
    is_empty: bool = False


def nothing(text: str) -> Drawn:
    """Where there is nothing, what is said instead."""
    return Drawn(f'<div class="nothing">{escape(text)}</div>', words=(text,), is_empty=True)
