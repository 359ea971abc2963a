"""What is said about events that there are: a range of days, a question, a wish to change; no new event."""

from __future__ import annotations

from datetime import date

from planner.when.languages import likely
from planner.when.phrase import Phrase
from planner.when.question import Asked, Question, last_token, range_at, says_free
from planner.when.reading import now_in
from planner.when.scan import chart_of
from planner.when.understand import understand

__all__ = ["MAX_ASKED", "Asked", "asked", "days_of", "free_at", "shift_of"]

MAX_ASKED = 200
"""Characters: what is longer is no question or wish about an event."""


def days_of(text: str, *, now: int, zone: str, lang: str) -> tuple[date, date] | None:
    """The first and the last day of a text that is a range of days and nothing else, counted from ``now`` (UTC ms).

    A week begins on Monday. ``None`` when it is none, or when there is no such day. Never raises.
    """
    if len(text) > MAX_ASKED:
        return None
    for language in likely(text, lang):
        chart, size = chart_of(text, language)
        end = last_token(chart, size)
        start = next((at for at in range(size) if chart.tokens[at].kind != "mark"), size)
        found = range_at(chart, start, end, now_in(now, zone).today)
        if found:
            return found
    return None


def shift_of(text: str, *, lang: str) -> int | None:
    """Seconds that a text moves something by, earlier being negative: "by 30 minutes", "на час раньше"."""
    if len(text) > MAX_ASKED:
        return None
    for language in likely(text, lang):
        chart, size = chart_of(text, language)
        end = last_token(chart, size)
        seconds = next((value for at, value in chart.match("shift", 0) if at >= end), None)
        if seconds is not None:
            return int(seconds)
    return None


def asked(text: str, *, now: int, zone: str, lang: str) -> Asked | None:
    """What a text asks about events that there are; ``None`` when it asks nothing. See :class:`Asked`. Never raises."""
    if len(text) > MAX_ASKED or "\n" in text.strip():
        return None
    today = now_in(now, zone).today
    for language in likely(text, lang):
        found = Question(text, language, today).answer()
        if found:
            return found
    return None


def free_at(text: str, *, now: int, zone: str, lang: str) -> Phrase | None:
    """The time of "am I free tomorrow at 15:00?"; ``None`` when a text asks anything else. Never raises."""
    if len(text) > MAX_ASKED or not any(says_free(*chart_of(text, language)) for language in likely(text, lang)):
        return None
    found = understand(text, now=now, zone=zone, lang=lang)
    if found.start is None or found.all_day or found.rrule or not _am_free(found.title, lang):
        return None
    return found


def _am_free(text: str, lang: str) -> bool:
    """Whether "am I free" is all that a text says."""
    for language in likely(text, lang):
        chart, size = chart_of(text, language)
        end = last_token(chart, size)
        if any(stop >= end for stop, _ in chart.match("amfree", 0)):
            return True
    return False
