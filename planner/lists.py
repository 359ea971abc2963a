"""Lists of what is planned: a day, a stretch of days, what was found, the daily plan; each fits into one message. Pure.

Titles go in as plain text, whatever is in them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Generic, NamedTuple

from planner import agenda
from planner.agenda import Key, One, Placed, key
from planner.due import day_bounds, day_of, wall
from planner.marks import NONE, Marks
from planner.messages import titled
from planner.model import ON_TIME, Occurrence, User
from planner.render import (
    MAX_ENTITIES,
    MAX_UNITS,
    Message,
    Text,
    Words,
    as_params,
    bold,
    clock_time,
    cut,
    day,
    how_late,
    italic,
    join,
    moment,
    plain,
    shorten,
)
from planner.render.times import months, weekdays_short

CAPS = (200, 120, 80, 50, 30, 15)
"""A title is cut to so many UTF-16 units, the most that lets all of a list stand in one message."""
PLACE_UNITS = 40
LISTED = 60
"""Entries of a plan in one message."""
ROWS_MAX = 5_000
"""Lines of a list over all its pages: an event that goes on for days has one on each."""
FREE_SHOWN = 4
"""Stretches of free time that are named; a day with more has none of use."""


class Row(NamedTuple, Generic[One]):
    """An occurrence on one of its days. ``number`` opens it; ``None`` where it stands in the list already."""

    on: date
    one: One
    number: int | None


def rows(found: Iterable[One], zone: str, first: date, until: date) -> list[Row[One]]:
    """What is on each day of ``first <= day < until``: all-day events before the others, in order."""
    placed: list[Row[One]] = []
    number = 0
    for days, there in enumerate(_spread(found, zone, first, until)):
        on = first + timedelta(days=days)
        for one, again in sorted(there, key=_in_day):
            number += not again
            placed.append(Row(on, one, None if again else number))
    return placed


def _spread(found: Iterable[One], zone: str, first: date, until: date) -> list[list[tuple[One, bool]]]:
    """What is on each of the days, and whether it was on the one before, too.

    Days are told apart by when they begin: a local date of each occurrence would take longer.
    """
    days: list[list[tuple[One, bool]]] = [[] for _ in range((until - first).days)]
    begins = [wall(first + timedelta(days=number), 0, zone) for number in range(len(days) + 1)]
    left = ROWS_MAX
    for one in found:
        begin = max(0, bisect_right(begins, one.start_at) - 1)
        last = bisect_right(begins, max(one.start_at, agenda.ends(one, zone) - 1), begin) - 1
        for number in range(begin, min(last + 1, len(days), begin + left)):
            days[number].append((one, number > begin))
            left -= 1
    return days


def _in_day(there: tuple[Placed, bool]) -> tuple[bool, int, int]:
    one = there[0]
    return not one.all_day, one.start_at, one.event_id


def days_text(
    words: Words,
    user: User,
    head: Text | str,
    shown: Sequence[Row[Occurrence]],
    clashes: Mapping[Key, Placed],
    tail: Sequence[Text | str],
    now: int,
    *,
    several: bool,
    marks: Marks = NONE,
) -> Text:
    """A page of a list: ``head``, the rows, under the names of their days where there are ``several``, and ``tail``."""

    def text(cap: int) -> Text:
        return join((head, *_page(words, user, shown, clashes, now, cap, marks, several=several), *tail), "\n")

    return fitting(text)


def _page(
    words: Words, user: User, shown: Sequence[Row[Occurrence]], clashes: Mapping[Key, Placed], now: int, cap: int,
    marks: Marks, *, several: bool,
) -> Iterator[Text]:  # fmt: skip
    last: date | None = None
    for row in shown:
        if several and row.on != last:
            yield join(("\n", bold(capital(day_name(words, row.on, user.zone, now)))))
            last = row.on
        clash = clashes.get(key(row.one)) if row.number is not None else None
        yield join((
            "· " if row.number is None else f"{row.number}. ",
            entry(words, user, row.one, row.on, now, cap, marks),
            "" if clash is None else " ⚠️" if several else _clash(words, row.one, clash, cap, marks),
        ))  # fmt: skip


def _clash(words: Words, one: Occurrence, other: Placed, cap: int, marks: Marks) -> Text:
    title = shorten(titled(words, other.title), min(cap, PLACE_UNITS))
    calendar = shorten(marks.elsewhere(other, one), PLACE_UNITS)
    if calendar:
        said = words.t("overlaps with “{title}” ({calendar})", title=title, calendar=calendar)
    else:
        said = words.t("overlaps with “{title}”", title=title)
    return plain("\n    ⚠️ " + said)


def entry(words: Words, user: User, one: Occurrence, on: date, now: int, cap: int, marks: Marks = NONE) -> Text:
    """An occurrence in a list of a day: times, its calendar's mark, title, place.

    🔁 stands where it recurs, ❗ where it nags until Done.
    """
    event = one.event
    title = marks.before(one) + shorten(titled(words, event.title), cap)
    signs = " 🔁" * bool(event.rrule) + " ❗" * event.nag
    place = f" · {shorten(event.place, min(cap, PLACE_UNITS))}" if event.place.strip() else ""
    return join((times(words, user, one, on, now), "  ", plain(title), signs, plain(place)))


def times(words: Words, user: User, one: Occurrence, on: date, now: int) -> Text:
    """When an occurrence is on a day: ``09:30–10:00``, ``09:30``, ``until 02:00``, ``all day``, ``day 2 of 5``."""
    begin, end = day_bounds(on, user.zone)
    starts, ends = one.start_at, agenda.ends(one, user.zone)
    if one.event.all_day:
        first, last = agenda.days_of(one, user.zone)
        if first == last:
            return italic(words.t("all day"))
        return italic(words.t("day {n} of {all}", n=(on - first).days + 1, all=(last - first).days + 1))
    if starts < begin and ends >= end:
        return italic(words.t("goes on all day"))
    until = moment(clock_time(ends, user.zone), ends, now)
    if starts < begin:
        return bold(join((words.t("until"), " ", until)))
    since = moment(clock_time(starts, user.zone), starts, now)
    if ends == starts:
        return bold(since)
    over = (day_of(ends, user.zone) - on).days
    return bold(join((since, "–", until, f" (+{over})" if over else "")))


def found_text(words: Words, user: User, head: Text | str, shown: Sequence[tuple[int, Occurrence]],
               tail: Sequence[Text | str], now: int, marks: Marks = NONE) -> Text:  # fmt: skip
    """A page of what was found, each under its day, in the order given."""

    def text(cap: int) -> Text:
        return join(
            (bold(head), *(_found(words, user, number, one, now, cap, marks) for number, one in shown), *tail), "\n"
        )

    return fitting(text)


def _found(words: Words, user: User, number: int, one: Occurrence, now: int, cap: int, marks: Marks) -> Text:
    on = day_of(one.start_at, user.zone)
    said = capital(day(words, one.start_at, user.zone, now))
    return join((f"{number}. {said}, ", entry(words, user, one, on, now, cap, marks)))


def free_line(words: Words, user: User, found: Iterable[Placed], on: date, now: int) -> str:
    """The free time of a day in a line, ``🟢 Free: 09:00–11:00, 14:00–21:00``; empty when its waking hours are over."""
    left = agenda.free(found, on, user.zone, user.quiet, now)
    if left:
        return "🟢 " + words.t("Free: {times}", times=stretches(user, left[:FREE_SHOWN]))
    if agenda.free((), on, user.zone, user.quiet, now):
        return words.t("No free hour is left between {first} and {last}.", **waking(user, on))
    return ""


def stretches(user: User, times: Iterable[tuple[int, int]]) -> str:
    """``09:00–11:00, 14:00–21:00``."""
    return ", ".join(f"{clock_time(low, user.zone)}–{clock_time(high, user.zone)}" for low, high in times)


def waking(user: User, on: date) -> dict[str, str]:
    """The first and the last time of the day that free time is told for."""
    first, last = (clock_time(wall(on, minute, user.zone), user.zone) for minute in agenda.WAKING_MINUTES)
    return {"first": first, "last": last}


def plan(
    words: Words, user: User, occurrences: Sequence[Occurrence], left: int, due_at: int, now: int, marks: Marks = NONE
) -> dict[str, object]:
    """The day that ``due_at`` falls in: one message, however much there is; ``left`` says how much more."""
    on = day_of(due_at, user.zone)
    head: list[Text] = [bold(words.t("Your day, {day}", day=date_text(words, on)))]
    if now - due_at > ON_TIME:
        head.append(italic(how_late(words, due_at, now, user.zone)))
    tail: list[str] = [] if occurrences else [words.t("Nothing is planned.")]
    if left:
        tail.append(words.n("and {n} more: /today", "and {n} more: /today", left))
    elif occurrences and (line := free_line(words, user, occurrences, on, due_at)):
        tail.append(line)
    clashes = agenda.overlaps(occurrences, user.zone)
    placed = rows(occurrences, user.zone, on, on + timedelta(days=1))

    def text(cap: int) -> Text:
        lines = (
            join((entry(words, user, row.one, on, now, cap, marks), " ⚠️" if key(row.one) in clashes else ""))
            for row in placed
        )
        return join((*head, *lines, *tail), "\n")

    return as_params(Message(fitting(text)))


def fitting(text: Callable[[int], Text]) -> Text:
    """The text with titles as long as one message can hold, and as many times of the readers' own as it may have."""
    made = text(CAPS[0])
    for cap in CAPS[1:]:
        if made.units <= MAX_UNITS:
            break
        made = text(cap)
    return cut(_thinned(made), MAX_UNITS)


def _thinned(text: Text) -> Text:
    """The last times become plain where there are more entities than Telegram takes: what comes first matters more."""
    over = len(text.entities) - MAX_ENTITIES
    if over <= 0:
        return text
    last = {place for place, one in enumerate(text.entities) if one.type == "date_time"}
    last = set(sorted(last)[-over:])
    return Text(text.text, tuple(one for place, one in enumerate(text.entities) if place not in last))


def day_name(words: Words, on: date, zone: str, now: int) -> str:
    """``today``, ``tomorrow``, ``yesterday`` or ``Mon 23 Nov``."""
    return day(words, wall(on, 0, zone), zone, now)


def date_text(words: Words, on: date) -> str:
    """``Mon 23 Nov``, whatever today is."""
    weekday, month = weekdays_short(words)[on.weekday()], months(words)[on.month - 1]
    return words.t("{weekday} {day} {month}", weekday=weekday, day=on.day, month=month)


def range_name(words: Words, first: date, last: date, zone: str, now: int) -> str:
    """``Mon 23 Nov – Sun 29 Nov``; with the year at its end where that is another one."""
    year = "" if last.year == day_of(now, zone).year == first.year else f" {last.year}"
    begin = "" if first.year == last.year or not year else f" {first.year}"
    return words.t("{first} – {last}", first=date_text(words, first) + begin, last=date_text(words, last) + year)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
