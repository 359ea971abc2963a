"""A report as blocks that follow each other: the same ones become text, a web page and a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from planner.slo.report.drawing import Drawing

GOOD, BAD, DIM = "good", "bad", "dim"
"""Tones: how something is meant."""


class Cell(NamedTuple):
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 2 begins a part, 3 something in it. ``tag`` stands beside it, in its tone.

    ``folded``: what it heads is read by few, and folded away where there is little room.
    """

    text: str
    level: int = 2
    tag: Cell | None = None
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Numbers to be seen first, each with what it is the number of."""

    tiles: tuple[tuple[Cell, str], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Points, each with a word that says what kind it is."""

    points: tuple[tuple[Cell, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``numbers``: which columns hold numbers; ``widths``: how wide columns are beside each other."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Charts:
    """Beside each other where there is room."""

    drawings: tuple[Drawing, ...]


Block = Heading | Paragraph | Tiles | Listing | Table | Charts


@dataclass(frozen=True, slots=True)
class Document:
    """``made_at`` in UTC ms; ``outcome`` says in a few words what it came to."""

    title: str
    subtitle: str
    made_at: int
    blocks: Sequence[Block] = field(default_factory=tuple)
    outcome: str = ""


def parts(blocks: Sequence[Block], level: int = 2) -> list[list[Block]]:
    """Cut before each heading that is no deeper than ``level``; what stands before the first is a part, too."""
    found: list[list[Block]] = []
    for block in blocks:
        if not found or (isinstance(block, Heading) and block.level <= level):
            found.append([])
        found[-1].append(block)
    return found
