"""What was so when: a line for each series, in its states' colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from tools.boards import axes
from tools.boards.answers import Answer, Span
from tools.boards.drawn import Drawn
from tools.boards.fields import Named, Shown, field, named, nothing_shown

HEIGHT = 0.8
"""How much of its line's room a series takes."""


def draw(panel: Mapping[str, Any], answers: Sequence[Answer], span: Span) -> Drawn:
    """Stretches that are the same are one."""
    found = [one for one in named(panel, answers) if one.series.last is not None]
    if not found:
        return nothing_shown(field(panel, ""))
    room = axes.SIZE / len(found)
    rects = "".join(_row(one, index * room, room, span) for index, one in enumerate(found))
    names = axes.Words([((index + 0.5) * room, one.field.title) for index, one in enumerate(found)])
    upright = f'<g class="grid">{"".join(_upright(span))}</g>'
    seen = {shown.text: None for one in found for shown in _states(one)}
    return Drawn(f'<div class="states">{axes.chart(names, upright + rects, span)}</div>',
                 tuple(seen), tuple(one.field.title for one in found))  # fmt: skip


def _upright(span: Span) -> Iterator[str]:
    for moment in axes.moments(span):
        x = axes.x(moment, span)
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{axes.SIZE}"/>'


def _states(one: Named) -> list[Shown]:
    return [one.field.shown(value) for _, value in one.series.points]


def _row(one: Named, top: float, room: float, span: Span) -> str:
    return "".join(_stretch(one, stretch, top, room, span) for stretch in _stretches(one))


def _stretches(one: Named) -> Iterator[tuple[float, float, Shown]]:
    """From when until when it was in which state."""
    open_since, last, state = None, 0.0, Shown("", "")
    for (moment, _), shown in zip(one.series.points, _states(one), strict=True):
        if open_since is not None and (shown != state or moment - last > 1.5 * one.step):
            yield open_since, min(last + one.step, moment), state
            open_since = None
        open_since, last, state = moment if open_since is None else open_since, moment, shown
    if open_since is not None:
        yield open_since, last + one.step, state


def _stretch(one: Named, stretch: tuple[float, float, Shown], top: float, room: float, span: Span) -> str:
    begin, end, shown = stretch
    left, right = axes.x(begin, span), min(axes.x(end, span), axes.SIZE)
    said = f"{one.field.title}: {shown.text}\n{axes.clock(begin)} to {axes.clock(end)}"
    return (
        f'<rect x="{left:.1f}" y="{top + room * (1 - HEIGHT) / 2:.1f}" width="{max(right - left, 1):.1f}"'
        f' height="{room * HEIGHT:.1f}" fill="{shown.color}" fill-opacity="0.8"><title>{escape(said)}</title></rect>'
    )
