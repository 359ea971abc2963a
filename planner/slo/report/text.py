"""A report as text for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from planner.slo.report.document import Block, Charts, Document, Heading, Listing, Paragraph, Table, Tiles
from planner.slo.report.drawing import Drawing

WIDTH = 100
GAP = "  "


def as_text(document: Document) -> str:
    """The whole report, ending with a line break."""
    lines = [document.title, "=" * len(document.title), document.subtitle]
    for block in document.blocks:
        lines += ["", *_lines(block)]
    return "\n".join(lines) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level, tag):
            said = f"{text}: {tag.text}" if tag else text
            yield said
            if level == 2:
                yield "-" * len(said)
        case Paragraph(text):
            yield from wrap(text, WIDTH)
        case Tiles(tiles):
            yield "   ".join(f"{cell.text} {what}" for cell, what in tiles)
        case Listing(points):
            for cell, text in points:
                yield from wrap(f"{cell.text.capitalize()}: {text}", WIDTH, initial_indent="- ", subsequent_indent="  ")
        case Table():
            yield from _table(block)
        case Charts(drawings):
            yield from (line for one in drawings if one.words for line in _chart(one))


def _chart(one: Drawing) -> list[str]:
    said = f"{one.title}: {one.words}"
    return [f"{said}  ({one.legend})"] if one.legend else wrap(said, WIDTH)


def _table(table: Table) -> Iterator[str]:
    rows = [table.head, *(tuple(cell.text for cell in row) for row in table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.head))]
    for row in rows:
        cells = (
            text.rjust(width) if column in table.numbers else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        yield GAP.join(cells).rstrip()
