"""Blocks on A4 pages. Lengths are millimetres, sizes of letters points; all fpdf2 stands in this package."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from typing import Literal

from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, TableCellFillMode
from fpdf.fonts import FontFace

from planner.model import SECOND
from planner.pdf.drawing import draw
from planner.slo.report.document import (
    Block,
    Cell,
    Charts,
    Document,
    Heading,
    Listing,
    Paragraph,
    Table,
    Tiles,
)  # fmt: skip
from planner.slo.report.style import LIGHT

MARGIN, BOTTOM = 15.0, 18.0
FAMILY = "Roboto"
Style = Literal["", "B"]
FILES: Mapping[Style, str] = {"": "Roboto-Regular.ttf", "B": "Roboto-Bold.ttf"}
NORMAL, SMALL, TITLE, LARGE, MIDDLE = 9, 8, 20, 15, 11
LINE, TAG = 4.6, 4.6
ROW = 5
GAP = 6.0
COLUMN = 34.0
"""Of the words that say what kind of point it is."""
TILE_HEIGHT = 17.0
COLUMNS = 2
KEEP_WITH = 95.0
"""A part begins on a new page where less than this is left: a heading and a chart belong together."""
KEEP_TABLE = 30.0
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
        if self.get_y() + height > self.h - BOTTOM:
            self.add_page()


def drawn(document: Document) -> bytes:
    """As ``pdf.as_pdf`` says. Raises ``FileNotFoundError`` and ``ImportError`` where the font is not there."""
    pages = Pages(document)
    pages.ink(size=TITLE, bold=True)
    pages.say(document.title, line=9)
    pages.ink("dim")
    pages.say(document.subtitle, gap=3)
    for block in document.blocks:
        _block(pages, block)
    return bytes(pages.output())


def _block(pages: Pages, block: Block) -> None:
    match block:
        case Heading():
            _heading(pages, block)
        case Paragraph(text, tone):
            pages.ink(tone)
            pages.say(text)
        case Tiles():
            _tiles(pages, block)
        case Listing():
            _listing(pages, block)
        case Table():
            _table(pages, block)
        case Charts():
            _charts(pages, block)


def _heading(pages: Pages, block: Heading) -> None:
    if block.level > 2:
        pages.keep(KEEP_TABLE)
        pages.ln(1)
        pages.ink(size=MIDDLE, bold=True)
        pages.say(block.text, gap=0.5)
        return
    pages.keep(KEEP_WITH)
    pages.ln(4)
    pages.set_draw_color(*colour("rule"))
    pages.line(MARGIN, pages.get_y(), pages.w - MARGIN, pages.get_y())
    pages.ln(3)
    pages.ink(size=LARGE, bold=True)
    pages.cell(pages.get_string_width(block.text) + 4, 7, block.text)
    if block.tag is not None:
        _tag(pages, block.tag, 7)
    pages.ln(8.5)


def _tag(pages: Pages, tag: Cell, height: float) -> float:
    """Draws it where the next word would stand; returns how wide it is."""
    pages.ink(tag.tone, SMALL, bold=True)
    width = pages.get_string_width(tag.text) + 4
    pages.set_fill_color(*colour(f"{tag.tone}-ground" if tag.tone in {"good", "bad"} else "card"))
    x, y = pages.get_x(), pages.get_y() + (height - TAG) / 2
    pages.rect(x, y, width, TAG, style="F", round_corners=True, corner_radius=2)
    pages.cell(width, height, tag.text, align=Align.C)
    return width


def _tiles(pages: Pages, block: Tiles) -> None:
    width = (pages.epw - GAP * (len(block.tiles) - 1)) / len(block.tiles)
    top = pages.get_y()
    for index, (cell, what) in enumerate(block.tiles):
        left = MARGIN + index * (width + GAP)
        pages.set_fill_color(*colour("card"))
        pages.rect(left, top, width, TILE_HEIGHT, style="F", round_corners=True, corner_radius=2)
        pages.set_xy(left + 3, top + 2)
        pages.ink(cell.tone, LARGE, bold=True)
        pages.cell(width - 6, 7, cell.text)
        pages.set_xy(left + 3, top + 9.5)
        pages.ink("dim")
        pages.cell(width - 6, 5, what)
    pages.set_xy(MARGIN, top + TILE_HEIGHT + 4)


def _listing(pages: Pages, block: Listing) -> None:
    for tag, text in block.points:
        pages.ink()
        pages.keep(pages.height(text, pages.epw - COLUMN))
        top = pages.get_y()
        _tag(pages, tag, LINE)
        pages.set_xy(MARGIN + COLUMN, top)
        pages.ink()
        pages.multi_cell(pages.epw - COLUMN, LINE, text, align=Align.L, new_x="LMARGIN", new_y="NEXT")
        pages.ln(1.8)


def _table(pages: Pages, block: Table) -> None:
    pages.ink(size=SMALL)
    pages.set_draw_color(*colour("rule"))
    pages.set_fill_color(*colour("ground"))
    head = FontFace(color=colour("faint"), fill_color=None)
    aligns = tuple(Align.R if column in block.numbers else Align.L for column in range(len(block.head)))
    with pages.table(
        col_widths=block.widths, text_align=aligns, borders_layout="HORIZONTAL_LINES", line_height=ROW,
        headings_style=head, cell_fill_mode=TableCellFillMode.NONE, padding=0.6,
    ) as table:  # fmt: skip
        table.row(block.head)
        for cells in block.rows:
            row = table.row()
            for cell in cells:
                row.cell(cell.text, style=FontFace(color=colour(INKS.get(cell.tone, "ink"))))
    pages.ln(3)


def _charts(pages: Pages, block: Charts) -> None:
    width = (pages.epw - GAP) / COLUMNS
    for first in range(0, len(block.drawings), COLUMNS):
        row = block.drawings[first : first + COLUMNS]
        heights = [one.height / one.width * width for one in row]
        pages.keep(max(heights) + 6)
        top = pages.get_y()
        for index, one in enumerate(row):
            left = MARGIN + index * (width + GAP)
            pages.set_xy(left, top)
            pages.ink("dim", SMALL)
            pages.cell(width, 5, one.title)
            draw(pages, one, left, top + 5.5, width, colour, FAMILY)
        pages.set_xy(MARGIN, top + max(heights) + 8)
