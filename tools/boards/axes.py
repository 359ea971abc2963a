"""Where values and times lie in a picture, and what is written beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from math import ceil, floor, log10

from tools.boards import colors, units
from tools.boards.answers import NICE_S, Span
from tools.boards.fields import Field

SIZE = 1_000
"""A picture's width and height in its own numbers; it is stretched to whatever room there is."""
TICKS = 4
MOMENTS = 5
EDGE = 25
"""So near the left and the right there is no room for a time."""
DIGITS_MAX = 6
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` at the bottom to ``high`` at the top."""

    low: float
    high: float

    def y(self, value: float) -> float:
        """From the top, in the picture's numbers."""
        return SIZE * (1 - (value - self.low) / (self.high - self.low))

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def scale(values: Iterable[float], field: Field, *, from_zero: bool = False) -> Scale:
    """One that has room for all of them, and for what the panel says there must be room for."""
    found = list(values) or [0.0]
    low, high = min(found), max(found)
    if from_zero or 0 <= low <= high / 2:
        low = min(low, 0.0)
    room = (high - low) / 10
    low, high = low if low == 0 else low - room, high + room / 2
    soft_low, soft_high = field.custom("axisSoftMin"), field.custom("axisSoftMax")
    low = low if soft_low is None else min(low, float(soft_low))
    high = high if soft_high is None else max(high, float(soft_high))
    least, most = field.limit("min"), field.limit("max")
    low, high = low if least is None else least, high if most is None else most
    if high <= low:
        low, high = (min(0.0, low), high) if low > 0 else (low, low + 1)
    return Scale(low, high)


def ticks(along: Scale, unit: str, count: int = TICKS) -> list[float]:
    """Round values between its ends."""
    step = _step((along.high - along.low) / count, unit)
    first = ceil(along.low / step - 1e-9)
    return [step * number for number in range(first, floor(along.high / step + 1e-9) + 1)]


def _step(least: float, unit: str) -> float:
    if unit in units.LASTING and least > 1:
        return next((float(nice) for nice in NICE_S if nice >= least), ceil(least / _DAY_S) * float(_DAY_S))
    base = 1.0
    while unit in units.BINARY and least / base >= 1_024:
        base *= 1_024
    ten = float(10 ** floor(log10(least / base)))
    return base * next(nice * ten for nice in (1, 2, 2.5, 5, 10) if nice * ten >= least / base * (1 - 1e-9))


def labelled(values: list[float], field: Field) -> list[str]:
    """Each with as few digits as say it exactly."""
    return [str(units.written(value, field.unit, _digits(value, field.unit))) for value in values]


def _digits(value: float, unit: str) -> int:
    exact = units.written(value, unit, DIGITS_MAX).number
    return len(exact.rstrip("0").partition(".")[2]) if "." in exact else 0


@dataclass(frozen=True, slots=True)
class Words:
    """What is written at the left: each at its height in the picture's numbers."""

    places: list[tuple[float, str]]

    @property
    def longest(self) -> int:
        return max((len(word) for _, word in self.places), default=0)

    @property
    def html(self) -> str:
        inside = "".join(f'<span style="top:{y / 10:.2f}%" title="{escape(word)}">{escape(word)}</span>'
                         for y, word in self.places)  # fmt: skip
        return f'<div class="ys">{inside}</div>'


def beside(along: Scale, field: Field) -> Words:
    """What is written at the left."""
    values = ticks(along, field.unit)
    words = labelled(values, field)
    return Words([(along.y(value), word) for value, word in zip(values, words, strict=True)])


def moments(span: Span) -> list[float]:
    """Round times within it, by the clock of whoever draws."""
    step = next((nice for nice in (*NICE_S, 2 * _DAY_S, 7 * _DAY_S) if span.length / nice <= MOMENTS), 30 * _DAY_S)
    offset = datetime.fromtimestamp(span.end).astimezone().utcoffset()
    ahead = offset.total_seconds() if offset else 0.0
    first = ceil((span.begin + ahead) / step)
    return [step * number - ahead for number in range(first, floor((span.end + ahead) / step) + 1)]


def x(moment: float, span: Span) -> float:
    """From the left, in the picture's numbers."""
    return SIZE * (moment - span.begin) / span.length


def below(span: Span) -> str:
    """What is written below."""
    shape = "%H:%M:%S" if span.length < 300 else "%H:%M" if span.length <= _DAY_S else "%d %b"
    inside = "".join(
        f'<span style="left:{x(moment, span) / 10:.2f}%">{clock(moment, shape)}</span>'
        for moment in moments(span)
        if EDGE <= x(moment, span) <= SIZE - EDGE
    )
    return f'<div class="xs">{inside}</div>'


def clock(moment: float, shape: str = "%d %b %H:%M:%S") -> str:
    return datetime.fromtimestamp(moment).astimezone().strftime(shape)


def grid(along: Scale, field: Field, span: Span) -> str:
    """Fine lines at what is written beside and below."""
    across = (_line(0, along.y(value), SIZE, along.y(value)) for value in ticks(along, field.unit))
    upright = (_line(x(moment, span), 0, x(moment, span), SIZE) for moment in moments(span))
    return f'<g class="grid">{"".join((*across, *upright))}</g>{marks(span)}'


def marks(span: Span) -> str:
    """What happened when: a line each."""
    return "".join(
        f'<g class="mark" stroke="{colors.code(one.color)}">{_line(place, 0, place, SIZE)}'
        f"<title>{escape(one.text)}&#10;{clock(one.moment)}</title></g>"
        for one in span.marks
        for place in [x(one.moment, span)]
    )


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def picture(shapes: str) -> str:
    return f'<svg viewBox="0 0 {SIZE} {SIZE}" preserveAspectRatio="none">{shapes}</svg>'


def chart(left: Words, shapes: str, span: Span) -> str:
    """A picture between what is written beside and below."""
    plot = f'<div class="plot">{picture(shapes)}</div>'
    return f'<div class="chart" style="--letters:{left.longest}">{left.html}{plot}{below(span)}</div>'
