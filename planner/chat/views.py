"""Looking: a day, a week, any days, the plan; one message each, with pages where there is much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from planner import agenda as days
from planner import claim, due, happenings, lists
from planner.chat import listing, pictures
from planner.chat.listing import ON_PAGE
from planner.chat.talk import Talk
from planner.marks import Marks, once
from planner.model import DAY, Occurrence, Slot
from planner.render import Message, Text, bold, italic, join
from planner.when import days_of

WEEK = 7
AGENDA_DAYS = 14
"""What /agenda shows when no days are named."""
AGENDA_DAYS_MAX = 366
LOOK_BACK_MS = 60 * DAY
"""Dates without a year that are over are this year's where they began no longer ago."""
LOADED_DAYS = 31
LOADED_MAX = 2_000
"""Occurrences of a list over all its pages; beyond that it asks for fewer days."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are looked at, and the page of their list. ``opened``: with a button for each entry's number."""

    begin: date
    count: int
    page: int = 0
    opened: bool = False

    @property
    def until(self) -> date:
        return self.begin + timedelta(days=self.count)

    @property
    def data(self) -> str:
        return f"agenda:{self.begin}:{self.count}:{self.page}:{'open' * self.opened}".rstrip(":")


def today(talk: Talk, _: str) -> None:
    """/today: what is left of it and what is over."""
    show(talk, Days(today_of(talk), 1))


def tomorrow(talk: Talk, _: str) -> None:
    """/tomorrow: the next day."""
    show(talk, Days(today_of(talk) + timedelta(days=1), 1))


def week(talk: Talk, said: str) -> None:
    """/week: today and the six days after it; /week with the word for it: as a picture."""
    begin = today_of(talk)
    if pictures.wanted(said):
        picture(talk, begin.isoformat())
    else:
        show(talk, Days(begin, WEEK))


def picture(talk: Talk, begin: str, look: str = "") -> None:
    """The button that shows a week as a picture, light or dark."""
    first = date.fromisoformat(begin)
    found, marks, _ = happening(talk, first, first + timedelta(days=WEEK))
    pictures.send(talk, found, marks, first, dark=look == pictures.DARK)


def agenda(talk: Talk, said: str) -> None:
    """/agenda: the days that are named, else the next two weeks."""
    if not said:
        show(talk, Days(today_of(talk), AGENDA_DAYS), ["", italic(_how(talk))])
        return
    found = _days_meant(talk, said)
    if found is None:
        talk.say(talk.words.t("I did not understand which days you mean.") + " " + _how(talk))
        return
    show_range(talk, *found)


def _days_meant(talk: Talk, said: str) -> tuple[date, date] | None:
    """The days that are named; dates without a year that are over since not long are those, not next year's."""
    found, before = (
        days_of(said, now=at, zone=talk.user.zone, lang=talk.user.lang)
        for at in (talk.said_at, talk.said_at - LOOK_BACK_MS)
    )
    if found and before and before[1] < today_of(talk) < found[0] and _dates(found) == _dates(before):
        return before
    return found


def _dates(days: tuple[date, date]) -> list[tuple[int, int]]:
    return [(day.month, day.day) for day in days]


def show_range(talk: Talk, first: date, last: date) -> None:
    """The days from one to another, both included, in either order; of more than a year its beginning."""
    first, last = min(first, last), max(first, last)
    count = (last - first).days + 1
    cut = [talk.words.t("These are the first {n} days: I show a year at a time.", n=AGENDA_DAYS_MAX)]
    show(talk, Days(first, min(count, AGENDA_DAYS_MAX)), cut if count > AGENDA_DAYS_MAX else ())


def _how(talk: Talk) -> str:
    return talk.words.t(
        "Name the days like this: /agenda 7.11-11.11, /agenda next week, /agenda until the end of month"
    )


def plan(talk: Talk, _: str) -> None:
    """/plan: the daily plan now, as it comes by itself."""
    params = claim.plan(talk.tx, talk.user, talk.now, talk.now)
    talk.tx.inbox.owe(talk.update.update_id, talk.user.chat_id, "sendMessage", params, talk.now)


def agenda_page(talk: Talk, begin: str, count: str, page: str, opened: str = "") -> None:
    """Another page of a list, or the numbers that open its entries."""
    if not 1 <= int(count) <= AGENDA_DAYS_MAX:
        raise ValueError("no such list")
    show(talk, Days(date.fromisoformat(begin), int(count), max(0, int(page)), opened == "open"))


def today_of(talk: Talk) -> date:
    return due.day_of(talk.now, talk.user.zone)


class Happening(NamedTuple):
    """What is on, a meeting that stands in several calendars once, and the marks of all. ``cut``: not all of it."""

    found: list[Slot]
    marks: Marks
    cut: bool


def happening(talk: Talk, first: date, until: date) -> Happening:
    """What is on in ``first <= day < until``; at most ``LOADED_MAX`` of it, read no further than that."""
    zone = talk.user.zone
    found: dict[days.Key, Slot] = {}
    while first < until and len(found) < LOADED_MAX:
        following = min(first + timedelta(days=LOADED_DAYS), until)
        begin, end = due.wall(first, 0, zone), due.wall(following, 0, zone)
        part = happenings.slots(talk.tx, talk.user, begin, end, talk.now, limit=LOADED_MAX)
        found |= {days.key(one): one for one in part}
        first = following
    kept, known = once(list(found.values())[:LOADED_MAX], talk.tx.feeds.of_user(talk.user.id))
    return Happening(kept, known, len(found) >= LOADED_MAX)


def show(talk: Talk, asked: Days, tail: Sequence[Text | str] = (), answer: str = "") -> None:
    """A page of what is on in some days. ``tail`` is what else is said below it, ``answer`` what is said first."""
    user, zone = talk.user, talk.user.zone
    found, marks, cut = happening(talk, asked.begin, asked.until)
    rows = lists.rows(found, zone, asked.begin, asked.until)
    pages = listing.pages_of(len(rows))
    page = min(asked.page, pages - 1)
    shown = _loaded(talk, rows[page * ON_PAGE : (page + 1) * ON_PAGE])
    below = [
        *([] if shown else _nothing(talk)),
        *_free(talk, asked, found),
        *_limits(talk, rows, cut=cut),
        *listing.page_line(talk, page, pages),
        *tail,
    ]
    clashes = days.overlaps(found, zone)
    head, several = join((f"{answer}\n\n" if answer else "", bold(_head(talk, asked)))), asked.count > 1
    text = lists.days_text(talk.words, user, head, shown, clashes, below, talk.now, several=several, marks=marks)
    numbered = [(row.number, row.one) for row in shown if row.number is not None]
    buttons = listing.keyboard(
        talk,
        numbered,
        page,
        pages,
        lambda other, opened: Days(asked.begin, asked.count, other, bool(opened)).data,
        pictures.button(talk, asked.begin) if asked.count == WEEK and rows else (),
        opened=asked.opened,
    )
    talk.show(Message(text, buttons))


def _loaded(talk: Talk, rows: Sequence[lists.Row[Slot]]) -> list[lists.Row[Occurrence]]:
    """The rows with their events."""
    events = talk.tx.events.some({row.one.event_id for row in rows})
    return [lists.Row(row.on, Occurrence(events[row.one.event_id], row.one.start_at), row.number) for row in rows]


def _nothing(talk: Talk) -> list[str]:
    """That nothing is planned; to whoever has never planned anything, how to."""
    first = not talk.tx.account.count(talk.user.id)
    hint = [talk.words.t("Write what and when, such as “dentist tomorrow at 9:30”.")] if first else []
    return [talk.words.t("Nothing is planned."), *hint]


def _head(talk: Talk, asked: Days) -> str:
    zone, now, words = talk.user.zone, talk.now, talk.words
    if asked.count == 1:
        return lists.capital(lists.day_name(words, asked.begin, zone, now))
    if asked.begin == today_of(talk) and asked.count in (WEEK, AGENDA_DAYS):
        return words.n("The next {n} day", "The next {n} days", asked.count)
    return lists.capital(lists.range_name(words, asked.begin, asked.until - timedelta(days=1), zone, now))


def _free(talk: Talk, asked: Days, found: Sequence[Slot]) -> list[str]:
    """The free time of a single day that has something in it and is not over."""
    if asked.count > 1 or not any(map(days.timed, found)):
        return []
    line = lists.free_line(talk.words, talk.user, found, asked.begin, talk.now)
    return [line] if line else []


def _limits(talk: Talk, rows: Sequence[lists.Row[Slot]], *, cut: bool) -> list[str]:
    if not cut and len(rows) < lists.ROWS_MAX:
        return []
    return [talk.words.t("There is more than I can list at once. Ask for fewer days.")]
