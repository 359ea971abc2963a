"""A line for each thing, a column for each query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from tools.boards import colors, frames
from tools.boards.answers import Answer, Span
from tools.boards.drawn import Drawn
from tools.boards.fields import Field, Shown, field, nothing_shown


def draw(panel: Mapping[str, Any], answers: Sequence[Answer], _: Span) -> Drawn:
    """What the panel's transformations make of the answers; numbers at the right."""
    frame = frames.transformed(frames.frames(answers), panel.get("transformations", ()))
    if not frame.rows:
        return nothing_shown(field(panel, ""))
    columns = [field(panel, name) for name in frame.columns]
    right = [any(isinstance(row.get(name), float) for row in frame.rows) for name in frame.columns]
    head = "".join(f"<th{_side(at)}>{escape(one.title)}</th>" for one, at in zip(columns, right, strict=True))
    lines, values = [], []
    for row in frame.rows:
        shown = [_shown(one, row.get(name)) for one, name in zip(columns, frame.columns, strict=True)]
        values += [one.text for one in shown]
        cells = zip(columns, shown, right, strict=True)
        lines.append(f"<tr>{''.join(_cell(of, one, _side(at)) for of, one, at in cells)}</tr>")
    html = f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
    return Drawn(html, tuple(values), tuple(one.title for one in columns))


def _side(right: bool) -> str:
    return ' class="number"' if right else ""


def _shown(of: Field, value: float | str | None) -> Shown:
    return of.words(value) if isinstance(value, str) else of.shown(value)


def _cell(of: Field, shown: Shown, side: str) -> str:
    kind = (of.custom("cellOptions") or {}).get("type", "auto")
    style = {
        "color-text": f"color:{shown.color}",
        "color-background": f"background:{shown.color};color:{'#1b1c21' if colors.is_bright(shown.color) else '#fff'}",
    }.get(kind, "")
    return f'<td{side} style="{style}">{escape(shown.text)}</td>'
