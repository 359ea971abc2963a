"""How high blocks are, in millimetres, before they are drawn: what stays together is known by it."""

from __future__ import annotations

from planner.pdf.paper import (
    CHART_AFTER,
    CHART_HEAD,
    COLUMN,
    COLUMNS,
    GAP,
    HEAD_AFTER,
    PADDING,
    ROW,
    SMALL,
    SUBHEAD,
    TABLE_BEGUN,
    TABLE_MAX,
    TILE_HEIGHT,
    Pages,
)  # fmt: skip
from planner.slo.report.document import Block, Charts, Heading, Listing, Paragraph, Table, Tiles

RULE = 7.0
"""Above a heading, with the line over it."""
AFTER, AFTER_POINT, AFTER_TABLE, AFTER_TILES = 1.5, 1.8, 3.0, 4.0


def of(pages: Pages, block: Block) -> float:
    """The whole of it."""
    match block:
        case Heading(_, level):
            return RULE + HEAD_AFTER if level == 2 else SUBHEAD
        case Paragraph(text):
            pages.ink()
            return pages.height(text, pages.epw) + AFTER
        case Tiles():
            return TILE_HEIGHT + AFTER_TILES
        case Listing(points):
            pages.ink()
            return sum(pages.height(text, pages.epw - COLUMN) + AFTER_POINT for _, text in points)
        case Table():
            return _rows(pages, block, len(block.rows)) + AFTER_TABLE
        case Charts(drawings):
            width = (pages.epw - GAP) / COLUMNS
            rows = [drawings[first : first + COLUMNS] for first in range(0, len(drawings), COLUMNS)]
            high = sum(max(one.height / one.width * width for one in row) for row in rows)
            return high + len(rows) * (CHART_HEAD + CHART_AFTER)


def begun(pages: Pages, block: Block) -> float:
    """So much of it that it may go on upon the next page."""
    whole = of(pages, block)
    if isinstance(block, Table) and whole > TABLE_MAX:
        return _rows(pages, block, TABLE_BEGUN)
    return whole


def _rows(pages: Pages, table: Table, count: int) -> float:
    """With the head."""
    pages.ink(size=SMALL)
    shares = [pages.epw * width / sum(table.widths) - PADDING[1] - PADDING[3] for width in table.widths]
    rows = [table.head, *(tuple(cell.text for cell in row) for row in table.rows[:count])]
    return sum(
        max(pages.height(text, share, ROW) for text, share in zip(row, shares, strict=True)) + PADDING[0] + PADDING[2]
        for row in rows
    )
