"""Looking: a day, a week, the plan; one message each, with pages where there is much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from planner import claim, due, messages, service
from planner.chat.talk import Talk
from planner.model import Occurrence
from planner.render import Button, Message, Text, bold, day, join, plain

ON_PAGE = 20
"""Entries on a page; each has a numbered button, and a phone shows that many without scrolling far."""
IN_ROW = 5
WEEK = 7


def today(talk: Talk, _: str) -> None:
    """/today: what is left of it and what is over."""
    _agenda(talk, _today(talk), 1, 0)


def tomorrow(talk: Talk, _: str) -> None:
    """/tomorrow: the next day."""
    _agenda(talk, _today(talk) + timedelta(days=1), 1, 0)


def week(talk: Talk, _: str) -> None:
    """/week: today and the six days after it."""
    _agenda(talk, _today(talk), WEEK, 0)


def plan(talk: Talk, _: str) -> None:
    """/plan: the daily plan now, as it comes by itself."""
    params = claim.plan(talk.tx, talk.user, talk.now, talk.now)
    talk.tx.inbox.owe(talk.update.update_id, talk.user.chat_id, "sendMessage", params, talk.now)


def agenda_page(talk: Talk, begin: str, days: str, page: str) -> None:
    """Another page of a list."""
    if not 1 <= int(days) <= WEEK:
        raise ValueError("no such list")
    _agenda(talk, date.fromisoformat(begin), int(days), int(page))


def _today(talk: Talk) -> date:
    return due.day_of(talk.now, talk.user.zone)


def _agenda(talk: Talk, begin: date, days: int, page: int) -> None:
    zone = talk.user.zone
    after, before = due.wall(begin, 0, zone), due.wall(begin + timedelta(days=days), 0, zone)
    page = max(page, 0)
    shown, total = service.agenda(talk.tx, talk.user, after, before, talk.now, limit=ON_PAGE, offset=page * ON_PAGE)
    pages = max(1, -(-total // ON_PAGE))
    if page >= pages:
        _agenda(talk, begin, days, pages - 1)
        return
    head = day(talk.words, after, zone, talk.now) if days == 1 else talk.words.t("The next 7 days")
    lines = [bold(head[:1].upper() + head[1:]), *_lines(talk, shown, page * ON_PAGE, days)]
    if not shown:
        lines.append(plain(talk.words.t("Nothing is planned.")))
    if pages > 1:
        lines.append(plain(talk.words.t("Page {page} of {pages}", page=page + 1, pages=pages)))
    talk.show(Message(join(lines, "\n"), _buttons(shown, page, pages, begin, days)))


def _lines(talk: Talk, shown: Sequence[Occurrence], first: int, days: int) -> Iterator[Text]:
    last = ""
    for number, one in enumerate(shown, start=first + 1):
        on = day(talk.words, one.start_at, talk.user.zone, talk.now)
        if days > 1 and on != last:
            yield join(("\n", bold(on[:1].upper() + on[1:])))
            last = on
        yield join((f"{number}. ", messages.line(talk.words, talk.user, one)))


def _buttons(
    shown: Sequence[Occurrence], page: int, pages: int, begin: date, days: int
) -> tuple[tuple[Button, ...], ...]:
    numbers = [
        Button(str(page * ON_PAGE + index), f"card:{one.event.id}:{one.start_at}")
        for index, one in enumerate(shown, start=1)
    ]
    rows = [tuple(numbers[start : start + IN_ROW]) for start in range(0, len(numbers), IN_ROW)]
    turn = [
        Button(label, f"agenda:{begin}:{days}:{other}")
        for label, other in (("◀", page - 1), ("▶", page + 1))
        if 0 <= other < pages
    ]
    return (*rows, tuple(turn)) if turn else tuple(rows)
