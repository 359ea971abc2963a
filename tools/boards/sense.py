"""What a person who looks at a panel would stumble over: numbers that are none, and words that do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.boards.rendering import Rendered

PAGE_PX, GAP_PX, COLUMNS, ROW_PX = 1_368, 8, 24, 30
"""Of a page on a screen of 1400 pixels; Grafana's has about as much."""
EDGES_PX, MARK_PX = 18, 19
TITLE_PX, SMALL_PX, CELL_PX = 6.6, 6.0, 6.4
"""How wide a letter is on average."""
CELL_EDGES_PX = 20
NAMES_SHARE = 0.45
"""So much of a picture's width, at most, is for what is written beside it."""
LEGEND_SHARE, LEGEND_LINE_PX, LEGEND_MARK_PX = 0.36, 20, 34
DIGITS = 4
"""So many behind the point are the most that anybody reads."""
NONSENSE = re.compile(r"NaN|nan|undefined|None|null|\$\w|\{\{|Infinity|\de[+-]?\d")
ZEROS = re.compile(r"^\D*0\.000+\D*$")
NEVER_BELOW_ZERO = frozenset({"bytes", "Bps", "s", "ms", "reqps", "ops", "cps"})


def faults(one: Rendered) -> list[str]:
    """Of what the panel shows."""
    return [*_of_numbers(one), *_of_room(one)]


def _of_numbers(one: Rendered) -> Iterator[str]:
    defaults = one.panel["fieldConfig"]["defaults"]
    for text in (*one.drawn.values, *one.drawn.words, one.panel["title"]):
        if NONSENSE.search(text):
            yield f"nonsense: {text!r}"
    for text in one.drawn.values:
        if re.search(rf"\.\d{{{DIGITS + 1},}}", text):
            yield f"more digits than anybody reads: {text!r}"
        if ZEROS.match(text):
            yield f"so small that its digits show nothing: {text!r}"
        if text.startswith("-") and defaults.get("unit") in NEVER_BELOW_ZERO:
            yield f"less than nothing: {text!r}"


def _of_room(one: Rendered) -> Iterator[str]:
    width, height = _size(one)
    if len(one.panel["title"]) * TITLE_PX > width - MARK_PX:
        yield f"the title does not fit into {width} px"
    kind, words = one.panel["type"], one.drawn.words
    if one.drawn.is_empty or not one.is_asked:
        return
    if kind == "state-timeline" and max(map(len, words)) * SMALL_PX > NAMES_SHARE * width:
        yield f"a name does not fit: {max(words, key=len)!r}"
    if kind == "timeseries":
        yield from _of_legend(one, width, height)
    if kind == "table" and _columns_px(one) > width + EDGES_PX:
        yield f"the columns do not fit into {width} px"


def _size(one: Rendered) -> tuple[float, float]:
    """Of what is inside the frame."""
    place = one.panel["gridPos"]
    column = (PAGE_PX - (COLUMNS - 1) * GAP_PX) / COLUMNS
    width = place["w"] * column + (place["w"] - 1) * GAP_PX - EDGES_PX
    return round(width), place["h"] * ROW_PX + (place["h"] - 1) * GAP_PX - EDGES_PX - ROW_PX


def _of_legend(one: Rendered, width: float, height: float) -> Iterator[str]:
    lines, used = 1, 0.0
    for name, value in zip(one.drawn.words, one.drawn.values, strict=True):
        needed = (len(name) + len(value)) * SMALL_PX + LEGEND_MARK_PX
        lines, used = (lines + 1, needed) if used + needed > width else (lines, used + needed)
    if lines * LEGEND_LINE_PX > LEGEND_SHARE * height:
        yield f"{len(one.drawn.words)} names below the picture need {lines} lines, for which there is no room"


def _columns_px(one: Rendered) -> float:
    heads = one.drawn.words
    cells = [one.drawn.values[at :: len(heads)] for at in range(len(heads))]
    longest = (max(map(len, (head, *column))) for head, column in zip(heads, cells, strict=True))
    return sum(letters * CELL_PX + CELL_EDGES_PX for letters in longest)
