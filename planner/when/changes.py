"""What is said of an event's length and end when it is changed: no new time of its beginning."""

from __future__ import annotations

from typing import Any

from planner.when.chart import Chart
from planner.when.languages import likely
from planner.when.scan import chart_of

MAX_CHANGE = 200
"""Characters: what is longer is no length and no end."""


def length_of(text: str, *, lang: str) -> int | None:
    """Seconds of a text that is how long something is to last and nothing else: "for 2 hours", "2 часа длиной".

    A month counts thirty days. ``None`` when it is none. Never raises.
    """
    found = _whole("newlength", text, lang)
    return found.total_s() or None if found else None


def until_of(text: str, *, lang: str) -> str | None:
    """The rest of a text that says when something ends: "12:00" of "until 12:00", "5 января" of "до 5 января".

    The rest is as it was said, unread; ``None`` when the text does not begin so. Never raises.
    """
    if len(text) > MAX_CHANGE:
        return None
    for language in likely(text, lang):
        chart, size = chart_of(text, language)
        for stop, _ in chart.match("endlink", _begin(chart, size)):
            if stop < size:
                return text[chart.tokens[stop].start :].strip()
    return None


def whole_day(text: str, *, lang: str) -> bool:
    """Whether a text says that something is to take the whole day, and nothing else. Never raises."""
    return bool(_whole("wholeday", text, lang))


def _whole(head: str, text: str, lang: str) -> Any:
    """What ``head`` means where it is all of a text."""
    if len(text) > MAX_CHANGE:
        return None
    for language in likely(text, lang):
        chart, size = chart_of(text, language)
        end = size
        while end and chart.tokens[end - 1].kind == "mark":
            end -= 1
        found = next((value for stop, value in chart.match(head, _begin(chart, size)) if stop >= end), None)
        if found is not None:
            return found
    return None


def _begin(chart: Chart, size: int) -> int:
    """The first token behind words of politeness."""
    at = 0
    while at < size - 1 and (found := chart.match("polite", at)):
        at = found[0][0]
    return at
