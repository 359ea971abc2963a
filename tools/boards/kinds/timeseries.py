"""Lines over time, or bars upon each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite
from typing import Any

from tools.boards import axes, colors
from tools.boards.answers import Answer, Span
from tools.boards.drawn import Drawn
from tools.boards.fields import Field, Named, field, named, nothing_shown

BAR = 0.75
"""How much of its time's room a bar takes."""
HINTS_MAX = 90
"""So many places, at most, say their values to who points at them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A series with its colour; its points are where it stands upon others, if it does."""

    of: Named
    color: str
    points: Mapping[float, float]
    bottom: Mapping[float, float]

    @property
    def is_bars(self) -> bool:
        return bool(self.of.field.custom("drawStyle") == "bars")


def draw(panel: Mapping[str, Any], answers: Sequence[Answer], span: Span) -> Drawn:
    """The picture, and below it each series' name and last value."""
    found = [one for one in named(panel, answers) if one.series.last is not None]
    whole = field(panel, "")
    if not found:
        return nothing_shown(whole)
    lines = _lines(found)
    reached = [value for line in lines for value in (*line.points.values(), *line.bottom.values())]
    along = axes.scale(reached, _telling(found, whole), from_zero=any(line.is_bars for line in lines))
    shapes = [axes.grid(along, whole, span), *_thresholds(whole, along)]
    shapes += [_bars(line, along, span) if line.is_bars else _curve(line, along, span) for line in lines]
    shapes += _hints(lines, span)
    values = tuple(line.of.field.shown(line.of.series.last).text for line in lines)
    html = axes.chart(axes.beside(along, _telling(found, whole)), "".join(shapes), span) + _legend(lines, values)
    return Drawn(html, values, tuple(line.of.field.title for line in lines))


def _telling(found: list[Named], whole: Field) -> Field:
    """Whose unit the axis has: the panel's, unless all series have another."""
    others = {one.field.unit for one in found}
    return found[0].field if len(others) == 1 else whole


def _lines(found: list[Named]) -> list[Line]:
    lines: list[Line] = []
    for index, one in enumerate(found):
        points = {moment: value for moment, value in one.series.points if isfinite(value)}
        stacked = (one.field.custom("stacking") or {}).get("mode") == "normal"
        bottom = {moment: sum(_own(other, moment) for other in lines) if stacked else 0.0 for moment in points}
        raised = {moment: value + bottom[moment] for moment, value in points.items()}
        lines.append(Line(one, one.field.color(index), raised, bottom if stacked else {}))
    return lines


def _own(line: Line, moment: float) -> float:
    return line.points.get(moment, 0.0) - line.bottom.get(moment, 0.0)


def _curve(line: Line, along: axes.Scale, span: Span) -> str:
    return "".join(_piece(piece, line, along, span) for piece in _pieces(line))


def _pieces(line: Line) -> Iterator[list[tuple[float, float]]]:
    """What belongs together: a look that found nothing parts it."""
    piece: list[tuple[float, float]] = []
    for moment, value in line.points.items():
        if piece and moment - piece[-1][0] > 1.5 * line.of.step and not line.of.field.custom("spanNulls"):
            yield piece
            piece = []
        piece.append((moment, value))
    if piece:
        yield piece


def _piece(piece: list[tuple[float, float]], line: Line, along: axes.Scale, span: Span) -> str:
    places = [(axes.x(moment, span), along.y(value)) for moment, value in piece]
    if len(places) == 1:
        ((x, y),) = places
        places = [(x - 1, y), (x + 1, y)]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    width = line.of.field.custom("lineWidth", 1)
    bottom = along.y(max(along.low, 0) if along.holds(0) else along.low)
    filled = f"{places[0][0]:.1f},{bottom:.1f} {drawn} {places[-1][0]:.1f},{bottom:.1f}"
    opacity = line.of.field.custom("fillOpacity", 0) / 100
    return (
        f'<polygon points="{filled}" fill="{line.color}" fill-opacity="{opacity}"/>'
        f'<polyline points="{drawn}" fill="none" stroke="{line.color}" stroke-width="{width}"{_dashes(line)}/>'
    )


def _dashes(line: Line) -> str:
    style = line.of.field.custom("lineStyle") or {}
    return ' stroke-dasharray="6 4"' if style.get("fill") == "dash" else ""


def _bars(line: Line, along: axes.Scale, span: Span) -> str:
    width = BAR * axes.SIZE * line.of.step / span.length
    opacity = line.of.field.custom("fillOpacity", 100) / 100
    inside = "".join(
        f'<rect x="{axes.x(moment, span) - width:.1f}" y="{along.y(top):.1f}" width="{width:.1f}"'
        f' height="{along.y(line.bottom.get(moment, 0.0)) - along.y(top):.1f}"/>'
        for moment, top in line.points.items()
        if top > line.bottom.get(moment, 0.0)
    )
    return f'<g fill="{line.color}" fill-opacity="{opacity}">{inside}</g>'


def _thresholds(whole: Field, along: axes.Scale) -> Iterator[str]:
    """Dashed lines at where the colour changes, if the panel has them drawn."""
    if (whole.custom("thresholdsStyle") or {}).get("mode", "off") == "off":
        return
    for step in whole.steps():
        if step["value"] is not None and along.holds(step["value"]):
            y, color = along.y(step["value"]), colors.code(step["color"])
            yield f'<line class="step" x1="0" x2="{axes.SIZE}" y1="{y:.1f}" y2="{y:.1f}" stroke="{color}"/>'


def _hints(lines: list[Line], span: Span) -> Iterator[str]:
    """For who points at a moment: what it was, and every value then."""
    all_moments = sorted({moment for line in lines for moment in line.points})
    every = all_moments[:: 1 + len(all_moments) // HINTS_MAX]
    width = axes.SIZE / max(1, len(every))
    for moment in every:
        said = [axes.clock(moment), *(_said(line, moment) for line in lines if moment in line.points)]
        yield (
            f'<rect class="hint" x="{axes.x(moment, span) - width / 2:.1f}" y="0" width="{width:.1f}"'
            f' height="{axes.SIZE}"><title>{escape(chr(10).join(said))}</title></rect>'
        )


def _said(line: Line, moment: float) -> str:
    return f"{line.of.field.title}: {line.of.field.shown(_own(line, moment)).text}"


def _legend(lines: list[Line], values: tuple[str, ...]) -> str:
    return legend((line.color, line.of.field.title, value) for line, value in zip(lines, values, strict=True))


def legend(entries: Iterator[tuple[str, str, str]]) -> str:
    inside = "".join(
        f'<span><i style="background:{color}"></i>{escape(name)} <b>{escape(value)}</b></span>'
        for color, name, value in entries
    )
    return f'<div class="legend">{inside}</div>'
