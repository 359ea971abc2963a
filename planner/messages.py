"""The messages that the planner sends by itself, as Bot API parameters: reminders, plans, what came late or too late.

Pure. Titles go in as plain text, whatever is in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planner.model import MINUTE, ON_TIME, User
from planner.render import (
    MAX_ENTITIES,
    MAX_UNITS,
    Button,
    Message,
    Text,
    Words,
    as_params,
    bold,
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

TITLE_UNITS = 200
"""A title in a list is cut to this many UTF-16 units; a card shows all of it."""
LISTED = 60
"""The most reminders that are looked at for one message of late ones."""
LATE_UNITS, LATE_ENTITIES = MAX_UNITS - 500, MAX_ENTITIES - 2
"""What the entries of a message of late reminders may take; the rest is its head's and its last line's."""
SNOOZES_MIN = (10, 60)


class Item(NamedTuple):
    """Something a reminder spoke of: its title, when it starts, and when the reminder was due; UTC ms.

    ``mark``: that of the linked calendar it is in.
    """

    title: str
    start_at: int
    due_at: int
    all_day: bool = False
    mark: str = ""

    @property
    def before(self) -> str:
        """What stands before its title."""
        return f"{self.mark} " if self.mark else ""


def titled(words: Words, title: str) -> str:
    """What an event calls itself; calendars have some that say nothing."""
    return title if title.strip() else words.t("(no title)")


def title_text(title: str) -> Text:
    """A title as it stands in a list: one line, not too long."""
    return plain(shorten(title, TITLE_UNITS))


def named(title: str) -> Text:
    """What a sentence speaks of; its own question mark would be one too many."""
    return bold(cut(plain(title.rstrip("?") or title), TITLE_UNITS))


def reminder(
    words: Words, user: User, item: Item, now: int, *, reminder_id: int, nag: tuple[int, int] | None = None
) -> Message:
    """One reminder: title, when, how long until then; when it was due, if it comes late.

    ``nag``: which repetition until Done it is, and of how many.
    """
    lines = [
        join((f"⏰ {item.before}", bold(cut(plain(titled(words, item.title)), 3_000)))),
        _starts(words, user, item, now),
    ]
    if nag is not None:
        lines.append(plain(words.t("Again, {n} of {most}, until you press Done.", n=nag[0], most=nag[1])))
    if now - item.due_at > ON_TIME:
        lines.append(italic(how_late(words, item.due_at, now, user.zone)))
    return Message(join(lines, "\n"), _reminder_buttons(words, reminder_id))


def _starts(words: Words, user: User, item: Item, now: int) -> Text:
    if item.all_day:
        return plain(_start(words, user, item, now))
    said = moment(_start(words, user, item, now), item.start_at, now)
    return join((said, ", ", span(words, _rounded(item.start_at - now))))


def _start(words: Words, user: User, item: Item, now: int) -> str:
    if item.all_day:
        return words.t("{day}, all day", day=day(words, item.start_at, user.zone, now))
    return when(words, item.start_at, user.zone, now)


def _rounded(ms: int) -> int:
    """Half a minute either way is nothing a reader wants to know: "in 15 min", not "in 14"."""
    return round(ms / MINUTE) * MINUTE


def _reminder_buttons(words: Words, reminder_id: int) -> tuple[tuple[Button, ...], ...]:
    done = Button(words.t("Done"), f"done:{reminder_id}")
    *soon, tomorrow = snoozes(words, f"snooze:{reminder_id}")
    return (done, *soon), (tomorrow, Button(words.t("Other…"), f"later:{reminder_id}"))


def snoozes(words: Words, verb: str) -> tuple[Button, ...]:
    """A button for each time that a reminder is put off to without asking; ``verb`` begins its data."""
    minutes = (
        Button(words.t("{n} min", n=n) if n < 60 else words.t("{n} h", n=n // 60), f"{verb}:{n}") for n in SNOOZES_MIN
    )
    return (*minutes, Button(words.t("Tomorrow"), f"{verb}:tomorrow"))


def put_off(words: Words, user: User, item: Item, until: int, now: int, *, reminder_id: int) -> Message:
    """A reminder that will come again at ``until``."""
    said = words.t("I will remind you {when}.", when=when(words, until, user.zone, now))
    buttons = (
        Button(words.t("Done"), f"done:{reminder_id}"),
        Button(words.t("Change"), f"later:{reminder_id}"),
    )
    return Message(_became(words, user, item, now, "💤", said), (buttons,))


def done(words: Words, user: User, item: Item, now: int, *, reminder_id: int | None = None) -> Message:
    """A reminder whose user is done with what it spoke of; ``reminder_id`` where that can be taken back here."""
    rows = () if reminder_id is None else ((Button(words.c("after Done", "Undo"), f"undone:{reminder_id}"),),)
    return Message(_became(words, user, item, now, "✅", words.t("Done.")), rows)


def gone(words: Words, user: User, item: Item, now: int) -> Message:
    """A reminder of what will not happen."""
    return Message(_became(words, user, item, now, "🗑", words.t("Deleted.")))


def moved(words: Words, user: User, item: Item, start_at: int, now: int) -> Message:
    """A reminder of what will happen at another time, ``start_at``."""
    said = words.t("Moved to {when}.", when=when(words, start_at, user.zone, now))
    return Message(_became(words, user, item, now, "✏️", said))


def _became(words: Words, user: User, item: Item, now: int, mark: str, said: str) -> Text:
    start = _start(words, user, item, now)
    return join((f"{mark} {item.before}", bold(cut(plain(titled(words, item.title)), 3_000)), "\n", start, "\n", said))


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
                f"• {item.before}",
                bold(title_text(titled(words, item.title))),
                ", ",
                when(words, item.start_at, user.zone, now),
                " ",
                italic(say(words, "(due {when})", when=when(words, item.due_at, user.zone, now))),
            )
        )
        for item in items
    ]
