"""Where panels stand: rows of them, from left to right and then below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.dashboards.targets import Block, Json, Query

COLUMNS = 24


@dataclass(frozen=True, slots=True)
class Panel:
    """One of a dashboard's, of a width in columns (of 24) and a height in Grafana's rows."""

    json: Block
    width: int
    height: int
    queries: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A heading with what stands below it; ``folded``: until somebody opens it."""

    title: str
    panels: tuple[Panel, ...]
    folded: bool = False


def placed(rows: Iterable[Row]) -> list[Json]:
    """The panels of a dashboard: each with an id of its own and a place, from left to right and then below."""
    found: list[Json] = []
    y, number = 0, 0
    for row in rows:
        number += 1
        head: Block = {
            "id": number,
            "type": "row",
            "title": row.title,
            "collapsed": row.folded,
            "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1},
        }
        inside, below = _flowing(row.panels, number, y + 1)
        number += len(inside)
        found += [{**head, "panels": inside}] if row.folded else [{**head, "panels": []}, *inside]
        y = y + 1 if row.folded else below
    return found


def _flowing(panels: Sequence[Panel], number: int, y: int) -> tuple[list[Block], int]:
    """The panels below each other where they do not fit beside each other, and the first free line after them."""
    found: list[Block] = []
    x, tallest = 0, 0
    for panel in panels:
        if x + panel.width > COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        number += 1
        place: Block = {"x": x, "y": y, "w": panel.width, "h": panel.height}
        found.append({"id": number, **panel.json, "gridPos": place})
        x, tallest = x + panel.width, max(tallest, panel.height)
    return found, y + tallest
