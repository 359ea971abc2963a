"""Blocks on A4 pages, and what stays together there; all fpdf2 stands in this package."""

from __future__ import annotations

from collections.abc import Sequence

from fpdf.enums import Align, TableCellFillMode
from fpdf.fonts import FontFace
from fpdf.util import Padding

from planner.pdf import heights
from planner.pdf.drawing import draw
from planner.pdf.paper import (
    BOTTOM,
    CHART_AFTER,
    CHART_HEAD,
    COLUMN,
    COLUMNS,
    FAMILY,
    GAP,
    HEAD,
    HEAD_AFTER,
    INKS,
    LARGE,
    LINE,
    MARGIN,
    MIDDLE,
    PADDING,
    ROW,
    SMALL,
    TAG,
    TILE_HEIGHT,
    TITLE,
    Pages,
    colour,
)  # fmt: skip
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
    parts,
)  # fmt: skip

HOLE = 0.42
"""A part that does not fit begins a new page where no more than this share of the page stays empty; else it goes on."""


def drawn(document: Document) -> bytes:
    """As ``pdf.as_pdf`` says. Raises ``FileNotFoundError`` and ``ImportError`` where the font is not there."""
    pages = Pages(document)
    pages.ink(size=TITLE, bold=True)
    pages.say(document.title, line=9)
    pages.ink("dim")
    pages.say(document.subtitle, gap=3)
    for part in _joined(parts(document.blocks)):
        _part(pages, part)
    return bytes(pages.output())


def _joined(found: list[list[Block]]) -> list[list[Block]]:
    """Notes do not stand on a page alone: they belong to the part before them."""
    last = found[-1][0] if found else None
    if len(found) > 2 and isinstance(last, Heading) and last.folded:
        return [*found[:-2], found[-2] + found[-1]]
    return found


def _part(pages: Pages, part: Sequence[Block]) -> None:
    """On this page, or on the next; where either left a hole on both, what belongs together stays together."""
    whole, page = sum(heights.of(pages, block) for block in part), pages.h - MARGIN - BOTTOM
    if whole > pages.room and whole <= page and pages.room <= HOLE * page:
        pages.add_page()
    for piece in _pieces(part):
        pages.keep(_least(pages, piece))
        for block in piece:
            _block(pages, block)


def _pieces(part: Sequence[Block]) -> list[list[Block]]:
    """What is not torn: a heading with all up to the first charts; a table with its heading; else each for itself."""
    found: list[list[Block]] = []
    open_still = False
    for block in part:
        if isinstance(block, Heading) or not open_still:
            found.append([])
        found[-1].append(block)
        open_still = isinstance(block, Heading | Paragraph) and isinstance(found[-1][0], Heading)
    return found


def _least(pages: Pages, piece: Sequence[Block]) -> float:
    """How much room it needs on the page that it begins on."""
    return sum(heights.begun(pages, block) for block in piece)


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
        pages.ln(1)
        pages.ink(size=MIDDLE, bold=True)
        pages.say(block.text, gap=0.5)
        return
    pages.ln(4)
    pages.set_draw_color(*colour("rule"))
    pages.line(MARGIN, pages.get_y(), pages.w - MARGIN, pages.get_y())
    pages.ln(3)
    pages.ink(size=LARGE, bold=True)
    pages.cell(pages.get_string_width(block.text) + 4, HEAD, block.text)
    if block.tag is not None:
        _tag(pages, block.tag, HEAD)
    pages.ln(HEAD_AFTER)


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
        headings_style=head, cell_fill_mode=TableCellFillMode.NONE, padding=Padding(*PADDING),
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
        high = [one.height / one.width * width for one in row]
        pages.keep(max(high) + CHART_HEAD)
        top = pages.get_y()
        for index, one in enumerate(row):
            left = MARGIN + index * (width + GAP)
            pages.set_xy(left, top)
            pages.ink("dim", SMALL)
            pages.cell(width, 5, one.title)
            draw(pages, one, left, top + CHART_HEAD, width, colour, FAMILY)
        pages.set_xy(MARGIN, top + max(high) + CHART_HEAD + CHART_AFTER)
