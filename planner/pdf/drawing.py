"""Charts on a page: shapes as lines, areas and letters, none of them a picture."""

from __future__ import annotations

from collections.abc import Callable

from fpdf import FPDF

from planner.slo.report.drawing import Box, Drawing, Letters, Stroke

LETTERS = 11.0
"""How high letters are in a drawing's own units."""
POINTS_A_MM = 72 / 25.4

Colour = Callable[[str], tuple[int, int, int]]


def draw(page: FPDF, drawing: Drawing, left: float, top: float, width: float, colour: Colour, family: str) -> None:
    """Draw it so wide, with its corner at ``left`` and ``top``."""
    scale = width / drawing.width
    for shape in drawing.shapes:
        match shape:
            case Box(x, y, wide, high, role):
                page.set_fill_color(*colour(role))
                page.rect(left + x * scale, top + y * scale, wide * scale, high * scale, style="F")
            case Stroke(points, role, thick, dashed):
                page.set_draw_color(*colour(role))
                page.set_line_width(thick * scale)
                page.set_dash_pattern(*((1.0, 0.8) if dashed else (0.0, 0.0)))
                page.polyline([(left + x * scale, top + y * scale) for x, y in points])
                page.set_dash_pattern()
                page.set_line_width(0.2)
            case Letters(x, y, text, role, anchor):
                page.set_font(family, "", round(LETTERS * scale * POINTS_A_MM))
                page.set_text_color(*colour(role))
                shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * page.get_string_width(text)
                page.text(left + x * scale - shift, top + y * scale, text)
