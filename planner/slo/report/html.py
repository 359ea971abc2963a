"""A report as one web page that needs nothing from elsewhere: no scripts, no fonts, no pictures but its own charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

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
from planner.slo.report.style import SHEET
from planner.slo.report.svg import as_svg


def as_html(document: Document) -> str:
    """The whole page. Every text in it is escaped."""
    body = "\n".join(line for part in parts(document.blocks) for line in _part(part))
    title = escape(document.title)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{SHEET}</style></head>\n<body>\n"
        f'<header><h1>{title}</h1><p class="dim">{escape(document.subtitle)}</p></header>\n<main>\n{body}\n</main>\n'
        "</body></html>\n"
    )


def _part(part: Sequence[Block]) -> Iterator[str]:
    yield "<section>"
    for piece in parts(part, 3):
        head = piece[0]
        if isinstance(head, Heading) and head.folded:
            yield f"<details><summary>{next(_block(head))}</summary>"
            yield from (line for block in piece[1:] for line in _block(block))
            yield "</details>"
        else:
            yield from (line for block in piece for line in _block(block))
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level, tag):
            yield f"<h{level}>{escape(text)}{' ' + _tag(tag) if tag else ''}</h{level}>"
        case Paragraph(text, tone):
            yield f"<p{_class(tone)}>{escape(text)}</p>"
        case Tiles(tiles):
            yield '<div class="tiles">'
            for cell, what in tiles:
                yield f'<div class="tile"><b{_class(cell.tone)}>{escape(cell.text)}</b>{escape(what)}</div>'
            yield "</div>"
        case Listing(points):
            yield "<ul>"
            yield from (f"<li>{_tag(cell)}{escape(text)}</li>" for cell, text in points)
            yield "</ul>"
        case Table():
            yield from _table(block)
        case Charts(drawings):
            yield '<div class="charts">'
            for one in drawings:
                yield f"<figure><figcaption>{escape(one.title)}</figcaption>{as_svg(one)}</figure>"
            yield "</div>"


def _table(table: Table) -> Iterator[str]:
    names = "".join(
        f'<th scope="col"{_class("number" if column in table.numbers else "")}>{escape(name)}</th>'
        for column, name in enumerate(table.head)
    )
    yield f"<table><thead><tr>{names}</tr></thead><tbody>"
    for row in table.rows:
        cells = (_cell(cell, table.head[column], column in table.numbers) for column, cell in enumerate(row))
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table>"


def _cell(cell: Cell, name: str, is_number: bool) -> str:
    classes = " ".join(one for one in ("number" if is_number else "", cell.tone) if one)
    return f'<td data-label="{escape(name)}"{_class(classes)}><span>{escape(cell.text)}</span></td>'


def _tag(cell: Cell) -> str:
    return f'<span class="{f"tag {cell.tone}".strip()}">{escape(cell.text)}</span>'


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""
