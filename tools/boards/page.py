"""The pages: a board each, and one that leads to them. They need nothing but themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from tools.boards import axes
from tools.boards.rendering import Page, Rendered, Section
from tools.boards.style import CSS

SMALL = (6, 5)
"""A panel of so few columns and lines has half a narrow screen's width."""
INDEX = "index"


def page(drawn: Page, boards: Sequence[Mapping[str, Any]], *, unfolded: bool = False) -> str:
    """One board's; the others are linked from it."""
    board = drawn.board
    when = f"{axes.clock(drawn.span.begin, '%d %b %H:%M')} to {axes.clock(drawn.span.end, '%d %b %H:%M')}"
    head = f'<header><h1>{escape(board["title"])}</h1><p>{escape(board["description"])}</p><span class="span">{when}</span></header>'  # noqa: E501
    sections = "".join(_section(one, unfolded=unfolded) for one in drawn.sections)
    return _document(str(board["title"]), f"{_links(boards, board)}{head}{sections}")


def picture(drawn: Page) -> str:
    """One that nobody can press anything on: without links, and with every row open."""
    return _document(str(drawn.board["title"]), "".join(_section(one, unfolded=True) for one in drawn.sections))


def index(boards: Sequence[Mapping[str, Any]]) -> str:
    """Where to begin."""
    entries = "".join(
        f'<a href="{_file(one)}"><b>{escape(one["title"])}</b><p>{escape(one["description"])}</p></a>' for one in boards
    )
    return _document("Planner", f'{_links(boards, None)}<div class="list">{entries}</div>')


def _file(board: Mapping[str, Any]) -> str:
    return f"{board['uid']}.html"


def _links(boards: Sequence[Mapping[str, Any]], here: Mapping[str, Any] | None) -> str:
    pages = [(f"{INDEX}.html", "All", here is None), *((_file(one), str(one["title"]), one is here) for one in boards)]
    return "<nav>" + "".join(
        f'<a href="{file}"{" class=here" if chosen else ""}>{escape(title)}</a>' for file, title, chosen in pages
    ) + "</nav>"  # fmt: skip


def _section(section: Section, *, unfolded: bool) -> str:
    top = min((one.panel["gridPos"]["y"] for one in section.panels), default=0)
    count = f"<small>({len(section.panels)} panels)</small>" if section.folded else ""
    inside = "".join(_panel(one, top) for one in section.panels)
    is_open = "" if section.folded and not unfolded else " open"
    return (
        f"<details{is_open}><summary>{escape(section.title)}{count}</summary>"
        f'<div class="grid-of-panels">{inside}</div></details>'
    )


def _panel(one: Rendered, top: int) -> str:
    place, about = one.panel["gridPos"], escape(one.panel["description"])
    where = f"--x:{place['x'] + 1};--y:{place['y'] - top + 1};--w:{place['w']};--h:{place['h']}"
    hint = f'<abbr title="{about}">i</abbr>' if about else ""
    errors = "".join(f'<div class="error">{escape(error)}</div>' for error in one.errors)
    title = escape(one.panel["title"])
    head = f'<h2 title="{about}">{title}{hint}</h2>' if title else ""
    is_small = place["w"] <= SMALL[0] and place["h"] <= SMALL[1]
    kind = " ".join(["panel", *["small"] * is_small, *["bare"] * bool(one.panel.get("transparent"))])
    return f'<section class="{kind}" style="{where}">{head}<div class="body">{errors or one.drawn.html}</div></section>'


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{CSS}</style></head><body>{body}</body></html>\n"
    )
