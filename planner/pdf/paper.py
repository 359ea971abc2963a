"""A4 pages: their measures, fonts and colours. Lengths are millimetres, sizes of letters points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from typing import Literal

from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue

from planner.model import SECOND
from planner.slo.report.document import Document
from planner.slo.report.style import LIGHT

MARGIN, BOTTOM = 15.0, 18.0
FAMILY = "Roboto"
Style = Literal["", "B"]
FILES: Mapping[Style, str] = {"": "Roboto-Regular.ttf", "B": "Roboto-Bold.ttf"}
NORMAL, SMALL, TITLE, LARGE, MIDDLE = 9, 8, 20, 15, 11
LINE, TAG = 4.6, 4.6
ROW = 5
PADDING = (0.6, 1.0, 0.6, 0.0)
"""Of a table's cells: above, right, below, left."""
GAP = 6.0
COLUMN = 34.0
"""Of the words that say what kind of point it is."""
TILE_HEIGHT = 17.0
COLUMNS = 2
HEAD, HEAD_AFTER, SUBHEAD = 7.0, 8.5, 6.1
CHART_HEAD, CHART_AFTER = 5.5, 2.5
TABLE_MAX = 70.0
"""A table higher than this is not kept together; its head is repeated on the next page."""
TABLE_BEGUN = 3
"""Its head and so many rows stand on the page that it begins on."""
INKS = {"": "ink", "good": "good", "bad": "bad", "dim": "faint"}


def colour(name: str) -> tuple[int, int, int]:
    """Of a role, as red, green and blue."""
    text = LIGHT[name].lstrip("#")
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


class Pages(FPDF):
    """A4, with the page's number and what the report is about at its foot."""

    def __init__(self, document: Document) -> None:
        super().__init__(format="A4")
        self._title = document.title
        for style, name in FILES.items():
            self.add_font(FAMILY, style, str(files("font_roboto") / "files" / name))
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, BOTTOM)
        self.c_margin = 0.0
        self.set_title(document.title)
        self.set_creator("planner")
        self.set_lang("en")
        self.set_creation_date(datetime.fromtimestamp(document.made_at // SECOND, UTC))
        self.add_page()

    def footer(self) -> None:
        self.set_y(-BOTTOM + 6)
        self.ink("dim", SMALL)
        self.cell(self.epw / 2, 5, self._title)
        self.cell(self.epw / 2, 5, f"{self.page_no()} / {{nb}}", align=Align.R)

    def ink(self, tone: str = "", size: int = NORMAL, *, bold: bool = False) -> None:
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour(INKS.get(tone, "ink")))

    def say(self, text: str, *, gap: float = 1.5, line: float = LINE) -> None:
        self.keep(self.height(text, self.epw, line))
        self.multi_cell(self.epw, line, text, align=Align.L, new_x="LMARGIN", new_y="NEXT")
        self.ln(gap)

    def height(self, text: str, width: float, line: float = LINE) -> float:
        """How much room a text takes."""
        lines = self.multi_cell(width, line, text, dry_run=True, output=MethodReturnValue.LINES, align=Align.L)
        return len(lines) * line if isinstance(lines, list) else line

    def keep(self, height: float) -> None:
        """Begin a page unless so much is left on this one."""
        if height > self.room and self.get_y() > MARGIN:
            self.add_page()

    @property
    def room(self) -> float:
        """What is left of this page."""
        return float(self.h - BOTTOM - self.get_y())
