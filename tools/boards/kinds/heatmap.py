"""How many lay where when: a histogram's buckets over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import inf, isfinite
from typing import Any

from tools.boards import axes, colors, units
from tools.boards.answers import Answer, Series, Span
from tools.boards.drawn import Drawn
from tools.boards.fields import field, nothing_shown

LABELS_MAX = 8


def draw(panel: Mapping[str, Any], answers: Sequence[Answer], span: Span) -> Drawn:
    """A line a bucket, the lowest at the bottom; buckets hold those below them, too, and are parted here."""
    buckets = sorted((float(one.labels["le"]), one) for answer in answers for one in answer.series)
    cells = {bound: dict(points) for bound, points in _parted(buckets)}
    most = max((count for points in cells.values() for count in points.values()), default=0.0)
    if most <= 0:
        return nothing_shown(field(panel, ""))
    used = _used(cells)
    color, unit = panel["options"]["color"], str(panel["options"]["yAxis"].get("unit", "none"))
    words = ["more" if bound == inf else str(units.written(bound, unit)) for bound in used]
    room, step = axes.SIZE / len(used), max(answer.step for answer in answers)
    shapes = "".join(
        _cell(axes.x(moment, span), (len(used) - 1 - row) * room, (axes.SIZE * step / span.length, room),
              (count / most) ** float(color.get("exponent", 1)), f"{axes.clock(moment)}\n≤ {words[row]}: {count:.4g}")
        for row, bound in enumerate(used) for moment, count in cells[bound].items() if count > 0
    )  # fmt: skip
    every = 1 + (len(used) - 1) // LABELS_MAX
    places = [((len(used) - row - 0.5) * room, words[row]) for row in range(0, len(used), every)]
    most_written = str(units.written(most, "none"))
    return Drawn(axes.chart(axes.Words(places), shapes, span) + _key(most_written),
                 (*words, most_written))  # fmt: skip


def _parted(buckets: list[tuple[float, Series]]) -> Iterator[tuple[float, list[tuple[float, float]]]]:
    below: dict[float, float] = {}
    for bound, one in buckets:
        here = {moment: value for moment, value in one.points if isfinite(value)}
        yield bound, [(moment, max(0.0, value - below.get(moment, 0.0))) for moment, value in here.items()]
        below = here


def _used(cells: Mapping[float, Mapping[float, float]]) -> list[float]:
    """From the lowest bucket that holds something to the highest, with one more at either side."""
    bounds = list(cells)
    full = [index for index, bound in enumerate(bounds) if max(cells[bound].values(), default=0) > 0]
    return bounds[max(0, full[0] - 1) : full[-1] + 2]


def _cell(right: float, top: float, size: tuple[float, float], share: float, said: str) -> str:
    width, height = size
    return (
        f'<rect x="{right - width + 1:.1f}" y="{top + 2:.1f}" width="{max(width - 2, 1):.1f}"'
        f' height="{max(height - 4, 1):.1f}" fill="{colors.heat(share)}"><title>{escape(said)}</title></rect>'
    )


def _key(most: str) -> str:
    steps = ", ".join(colors.heat(share / 4) for share in range(5))
    return (
        f'<div class="legend"><span>0</span><i class="key" style="background:linear-gradient(90deg,{steps})"></i>'
        f"<span>{escape(most)}</span></div>"
    )
