"""What stands under a list: buttons that open its entries and turn its pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from planner.chat.talk import Talk
from planner.messages import titled
from planner.model import Occurrence
from planner.render import Button, shorten

ON_PAGE = 20
"""Entries on a page: a phone shows that many without scrolling far."""
TITLED_MAX = 8
"""So few entries have a button with their title each; more have a button that brings their numbers."""
TITLE_UNITS = 22
IN_ROW, TITLED_IN_ROW = 5, 2

Numbered = Sequence[tuple[int, Occurrence]]
Rows = tuple[tuple[Button, ...], ...]


def keyboard(
    talk: Talk,
    numbered: Numbered,
    page: int,
    pages: int,
    data: Callable[[int, str], str],
    more: Sequence[Button] = (),
    *,
    opened: bool = False,
) -> Rows:
    """``data(page, "open" or "")`` is what a button carries that shows this list's page, with numbers or without."""
    few = len(numbered) <= TITLED_MAX
    back, on = (
        [Button(label, data(other, ""))] if 0 <= other < pages else []
        for label, other in (("◀", page - 1), ("▶", page + 1))
    )
    opening = [] if few or opened else [Button(talk.words.t("Open one…"), data(page, "open"))]
    entries = _titled(talk, numbered) if few else _numbers(numbered) if opened else ()
    return (*entries, *(tuple(row) for row in ([*back, *opening, *on], more) if row))


def _titled(talk: Talk, numbered: Numbered) -> Rows:
    named = ((number, one, titled(talk.words, one.event.title)) for number, one in numbered)
    return _in_rows([_opens(f"{number}. {shorten(title, TITLE_UNITS)}", one) for number, one, title in named],
                    TITLED_IN_ROW)  # fmt: skip


def _numbers(numbered: Numbered) -> Rows:
    return _in_rows([_opens(str(number), one) for number, one in numbered], IN_ROW)


def _opens(label: str, one: Occurrence) -> Button:
    return Button(label, f"card:{one.event.id}:{one.start_at}")


def _in_rows(buttons: Sequence[Button], size: int) -> Rows:
    return tuple(tuple(buttons[start : start + size]) for start in range(0, len(buttons), size))


def pages_of(total: int) -> int:
    return max(1, -(-total // ON_PAGE))


def page_line(talk: Talk, page: int, pages: int) -> list[str]:
    """``Page 2 of 3``, where there are several."""
    return [talk.words.t("Page {page} of {pages}", page=page + 1, pages=pages)] if pages > 1 else []
