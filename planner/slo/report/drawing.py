"""Charts as shapes: whoever shows them knows colours and fonts. The origin is top left; units are CSS pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

KEPT, BROKEN, IDLE, OBJECTIVE, AXIS, INK, FAINT = "kept", "broken", "idle", "objective", "axis", "ink", "faint"
SHARES = ("share0", "share1", "share2", "share3", "share4", "share5")
"""Roles that shapes have; each has a colour."""


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    role: str
    hint: str = ""


class Stroke(NamedTuple):
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    role: str
    width: float = 1.0
    dashed: bool = False


class Letters(NamedTuple):
    """``y`` is the base line; ``anchor``: start, middle or end."""

    x: float
    y: float
    text: str
    role: str = FAINT
    anchor: str = "start"


Shape = Box | Stroke | Letters


@dataclass(frozen=True, slots=True)
class Drawing:
    """``about`` says what it shows, ``words`` the same in a line of text, and ``legend`` what they mean."""

    title: str
    about: str
    words: str
    width: float
    height: float
    shapes: tuple[Shape, ...]
    legend: str = ""
