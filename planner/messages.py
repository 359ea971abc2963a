"""The messages that the planner sends by itself, as Bot API parameters: reminders, plans, what came late or too late.

Pure. Titles go in as plain text, whatever is in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planner.due import day_of
from planner.model import MINUTE, ON_TIME, SECOND, Event, Occurrence, User
from planner.render import (
    MAX_ENTITIES,
    MAX_UNITS,
    Button,
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
    pages,
    plain,
    say,
    shorten,
    span,
    when,
)
from planner.render.times import months, weekdays_short

TITLE_UNITS = 200
"""A title in a list is cut to this many UTF-16 units; a card shows all of it."""
LISTED = 60
"""The most reminders that are looked at for one message of late ones."""
LATE_UNITS, LATE_ENTITIES = MAX_UNITS - 500, MAX_ENTITIES - 2
"""What the entries of a message of late reminders may take; the rest is its head's and its last line's."""
SNOOZES_MIN = (10, 60)


class Item(NamedTuple):
    """Something a reminder spoke of: its title, when it starts, and when the reminder was due; UTC ms."""

    title: str
    start_at: int
    due_at: int


def title_text(title: str) -> Text:
    """A title as it stands in a list: one line, not too long."""
    return plain(shorten(title, TITLE_UNITS))


def reminder(words: Words, user: User, item: Item, now: int, *, reminder_id: int, all_day: bool) -> dict[str, object]:
    """One reminder: title, when, how long until then; and when it was due, if it comes late."""
    lines = [
        join(("⏰ ", bold(cut(plain(item.title), 3_000)))),
        _starts(words, user, item.start_at, now, all_day=all_day),
    ]
    if now - item.due_at > ON_TIME:
        lines.append(italic(how_late(words, item.due_at, now, user.zone)))
    return as_params(Message(join(lines, "\n"), (_reminder_buttons(words, reminder_id),)))


def _starts(words: Words, user: User, start_at: int, now: int, *, all_day: bool) -> Text:
    if all_day:
        return plain(words.t("{day}, all day", day=day(words, start_at, user.zone, now)))
    said = moment(when(words, start_at, user.zone, now), start_at, now)
    return join((said, ", ", span(words, _rounded(start_at - now))))


def _rounded(ms: int) -> int:
    """Half a minute either way is nothing a reader wants to know: "in 15 min", not "in 14"."""
    return round(ms / MINUTE) * MINUTE


def _reminder_buttons(words: Words, reminder_id: int) -> tuple[Button, ...]:
    return (
        Button(words.t("Done"), f"done:{reminder_id}"),
        *(
            Button(words.t("{n} min", n=n) if n < 60 else words.t("{n} h", n=n // 60), f"snooze:{reminder_id}:{n}")
            for n in SNOOZES_MIN
        ),
        Button(words.t("Tomorrow"), f"snooze:{reminder_id}:tomorrow"),
    )


def fitting(words: Words, user: User, items: Sequence[Item], now: int) -> int:
    """How many of the items, from the first on, fit into one message of ``late``; at least one."""
    used = marked = 0
    for number, one in enumerate(_late_lines(words, user, items, now)):
        used += one.units + 1
        marked += len(one.entities)
        if used > LATE_UNITS or marked > LATE_ENTITIES:
            return max(1, number)
    return len(items)


def late(words: Words, user: User, items: Sequence[Item], now: int) -> dict[str, object]:
    """Several reminders that come late, in one message; as many as are ``fitting``."""
    head = words.n("{n} reminder comes late, all at once:", "{n} reminders come late, all at once:", len(items))
    how = words.t("To change one of today, open it from /today.")
    return as_params(Message(join((bold(head), *_late_lines(words, user, items, now), how), "\n")))


def missed(words: Words, user: User, items: Sequence[Item], now: int) -> list[dict[str, object]]:
    """What was not reminded, because it is over a day too late; in as many messages as it takes."""
    head = words.n(
        "{n} reminder came due more than a day ago and could not be sent in time:",
        "{n} reminders came due more than a day ago and could not be sent in time:",
        len(items),
    )
    lines = join((bold(head), *_late_lines(words, user, items, now)), "\n")
    return [as_params(Message(page)) for page in pages(lines)]


def _late_lines(words: Words, user: User, items: Iterable[Item], now: int) -> list[Text]:
    return [
        join(
            (
                "• ",
                bold(title_text(item.title)),
                ", ",
                when(words, item.start_at, user.zone, now),
                " ",
                italic(say(words, "(due {when})", when=when(words, item.due_at, user.zone, now))),
            )
        )
        for item in items
    ]
