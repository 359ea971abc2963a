"""A recurrence rule that was typed by hand and is none: what is wrong with it, and one that works."""

from __future__ import annotations

from planner.render import Words
from planner.rrule import MAX_COUNT, MAX_INTERVAL, MAX_LENGTH, MAX_TIMES_A_DAY


def refused(words: Words, code: str) -> str:
    """What to tell a user about a code of :class:`planner.rrule.RefusedError`: the fault and an example.

    ``never`` is a rule that :class:`planner.scopes.CannotMoveError` finds to have no start.
    """
    match code:
        case "unknown":
            return words.t(
                "That rule has a part I don’t know. I know FREQ, INTERVAL, COUNT, UNTIL, WKST, BYMONTH, BYMONTHDAY, "
                "BYYEARDAY, BYDAY, BYHOUR, BYMINUTE and BYSETPOS. For example: {example}",
                example="FREQ=WEEKLY;BYDAY=MO,WE",
            )
        case "freq":
            return words.t(
                "A rule needs FREQ to say how often: HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY. For example: {example}",
                example="FREQ=DAILY",
            )
        case "interval":
            return words.t(
                "INTERVAL is a whole number from 1 to {most}. For every second week: {example}",
                most=MAX_INTERVAL,
                example="FREQ=WEEKLY;INTERVAL=2",
            )
        case "count":
            return words.t(
                "COUNT is how many times it comes, a whole number from 1 to {most}. For example: {example}",
                most=MAX_COUNT,
                example="FREQ=DAILY;COUNT=10",
            )
        case "until":
            return words.t(
                "UNTIL is the last day, written as year, month, day, and COUNT cannot stand beside it. "
                "For example: {example}",
                example="FREQ=WEEKLY;UNTIL=20271231",
            )
        case "never":
            return words.t(
                "That repetition ends before the event begins, so it would never come. "
                "Give it a later end, or none: “every day”."
            )
        case "too_often":
            return words.t(
                "That is too often: BYHOUR and BYMINUTE may give at most {most} times a day. For example: {example}",
                most=MAX_TIMES_A_DAY,
                example="FREQ=DAILY;BYHOUR=9,18;BYMINUTE=0",
            )
        case "part":
            return words.t(
                "One part of that rule has a value that cannot be, or does not go with its FREQ. "
                "The last Friday of each month, for example: {example}",
                example="FREQ=MONTHLY;BYDAY=-1FR",
            )
    return words.t(
        "I can’t read that rule: it is NAME=VALUE parts with “;” between them, each once, {most} characters at most. "
        "For example: {example}",
        most=MAX_LENGTH,
        example="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
    )
