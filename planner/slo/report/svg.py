"""A chart as SVG that stands in a page: colours are classes, so that they follow the page's light or dark."""

from __future__ import annotations

from html import escape

from planner.slo.report.drawing import Box, Drawing, Letters, Shape, Stroke


def as_svg(drawing: Drawing) -> str:
    """``<svg>…</svg>``; what it shows is said for those who cannot see it."""
    shapes = "".join(_shape(one) for one in drawing.shapes)
    return (
        f'<svg viewBox="0 0 {_number(drawing.width)} {_number(drawing.height)}" role="img"'
        f' aria-label="{escape(drawing.about)}">{shapes}</svg>'
    )


def _shape(shape: Shape) -> str:
    match shape:
        case Box(x, y, width, height, role, hint):
            title = f"<title>{escape(hint)}</title>" if hint else ""
            return (
                f'<rect class="fill-{role}" x="{_number(x)}" y="{_number(y)}" width="{_number(width)}"'
                f' height="{_number(height)}">{title}</rect>'
            )
        case Stroke(points, role, width, dashed):
            places = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
            dashes = ' stroke-dasharray="4 3"' if dashed else ""
            return f'<polyline class="line-{role}" points="{places}" stroke-width="{_number(width)}"{dashes}/>'
        case Letters(x, y, text, role, anchor):
            place = f'x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}"'
            return f'<text class="fill-{role}" {place}>{escape(text)}</text>'


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
