"""Until when: a time and nothing else, as it is typed to put a reminder off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from planner import due
from planner.chat.parse import understand
from planner.model import DAY, MINUTE, SECOND
from planner.when import Phrase, durations, time_of_day, without

SNOOZE_MAX_MS = 60 * DAY
"""A reminder is put off by no more than this."""
LENGTHS_MAX = 4
"""Of "1 day, 2 hours and 5 minutes"; a text with more of them is no time."""
CHOICES_MAX = 6
MINUTES = frozenset(map(str, range(25, 181)))
"""Numbers alone that no clock shows as an hour: so many minutes."""


@dataclass(frozen=True, slots=True)
class Until:
    """``at`` (UTC ms) where one instant was said; else ``why`` not: ``past``, ``far``, ``unclear``, or ``several``.

    ``choices`` are the instants that may be meant, in order.
    """

    at: int | None = None
    why: str = ""
    choices: tuple[int, ...] = ()


UNCLEAR = Until(why="unclear")


def until(text: str, *, now: int, zone: str, lang: str, minute: int) -> Until:
    """When ``text``, said at ``now`` in ``zone``, puts a reminder off to. A day alone is that day at ``minute``."""
    whole = " ".join(text.strip(" .!").split())
    texts = dict.fromkeys((whole, without(whole, "leading")))
    found = [_one(one, now, zone, lang, minute) for one in texts if one]
    return next((one for one in found if one != UNCLEAR), UNCLEAR)


def _one(text: str, now: int, zone: str, lang: str, minute: int) -> Until:
    lengths = durations(text, lang=lang)
    if lengths is not None and len(lengths) <= LENGTHS_MAX:
        return _checked(now + sum(lengths) * SECOND, now)
    phrase = understand(text, now=now, zone=zone, lang=lang)
    if phrase.title and phrase.status != "refused":
        return UNCLEAR
    if phrase.rrule is None and phrase.why in ("no_title", "") and phrase.start is not None:
        return _checked(_instant(phrase, zone, minute), now)
    if phrase.why in ("past", "ambiguous", "no_day"):
        return _choice(phrase, now, zone, minute)
    clock = time_of_day(text, lang=lang)
    if clock is not None:
        return _checked(_next(clock, now, zone), now)
    return _checked(now + int(text) * MINUTE, now) if text in MINUTES else UNCLEAR


def _choice(phrase: Phrase, now: int, zone: str, minute: int) -> Until:
    instants = {_instant(one, zone, minute) for one in phrase.choices if one.start is not None and one.rrule is None}
    choices = tuple(sorted(at for at in instants if now < at <= now + SNOOZE_MAX_MS))[:CHOICES_MAX]
    why = "past" if phrase.why == "past" else "several"
    return Until(why=why, choices=choices) if choices or why == "past" else UNCLEAR


def _checked(at: int, now: int) -> Until:
    if at <= now:
        return Until(why="past")
    return Until(at) if at <= now + SNOOZE_MAX_MS else Until(why="far")


def _instant(phrase: Phrase, zone: str, minute: int) -> int:
    assert phrase.start is not None
    if phrase.all_day:
        return due.wall(phrase.start.date(), minute, zone)
    return round(phrase.start.timestamp() * SECOND)


def _next(clock: int, now: int, zone: str) -> int:
    """When the wall clock shows this minute next."""
    today = due.day_of(now, zone)
    at = due.wall(today, clock, zone)
    return at if at > now else due.wall(today + timedelta(days=1), clock, zone)
