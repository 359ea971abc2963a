"""What is said about events that there are: a range of days, a question, a wish to change; no new event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from planner.when.chart import Chart
from planner.when.language import Language
from planner.when.languages import likely
from planner.when.phrase import Phrase
from planner.when.reading import now_in
from planner.when.scan import chart_of
from planner.when.slots import kind, merge
from planner.when.spans import days_of as span_of
from planner.when.understand import understand
from planner.when.values import Date, DayPart, Days, Filler, Important, Sometime

MAX_ASKED = 200
"""Characters: what is longer is no question or wish about an event."""

Kind = Literal["look", "find", "delete", "change", "skip", "rename", "done", "end", "undo"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request about events that there are.

    ``about`` are the words that name the event; empty: the one last spoken of, or none in particular. ``days`` are
    the first and the last day that it speaks of. ``phrase_text`` is how a change says the new time, for
    :func:`understand` or :func:`shift_of`: "to friday 15:00", "by 30 minutes"; of a renaming it is the new title, of
    a new length "for 2 hours", of a reminder "remind 1 hour before". ``free``: it asks when there is time rather
    than what is planned. ``all``: it means every event there is, of ``days`` where they are said. "end" is to end a
    series, "undo" to take back what was done last, or what was done to ``about``.

    A verb does not say whether the event exists: "find a plumber tomorrow 10:00", "cancel the subscription on friday"
    and "move the furniture saturday 10am" come back as requests too. Where no event matches ``about``, the text is a
    new event.
    """

    kind: Kind
    about: str = ""
    days: tuple[date, date] | None = None
    phrase_text: str = ""
    free: bool = False
    all: bool = False


def days_of(text: str, *, now: int, zone: str, lang: str) -> tuple[date, date] | None:
    """The first and the last day of a text that is a range of days and nothing else, counted from ``now`` (UTC ms).

    A week begins on Monday. ``None`` when it is none, or when there is no such day. Never raises.
    """
    if len(text) > MAX_ASKED:
        return None
    for language in likely(text, lang):
        chart, size = chart_of(text, language)
        end = _last(chart, size)
        start = next((at for at in range(size) if chart.tokens[at].kind != "mark"), size)
        found = _range_at(chart, start, end, now_in(now, zone).today)
        if found:
            return found
    return None


def shift_of(text: str, *, lang: str) -> int | None:
    """Seconds that a text moves something by, earlier being negative: "by 30 minutes", "на час раньше"."""
    if len(text) > MAX_ASKED:
        return None
    for language in likely(text, lang):
        chart, size = chart_of(text, language)
        end = _last(chart, size)
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
        found = _Question(text, language, today).answer()
        if found:
            return found
    return None


def free_at(text: str, *, now: int, zone: str, lang: str) -> Phrase | None:
    """The time of "am I free tomorrow at 15:00?"; ``None`` when a text asks anything else. Never raises."""
    if len(text) > MAX_ASKED or not any(_says_free(*chart_of(text, language)) for language in likely(text, lang)):
        return None
    found = understand(text, now=now, zone=zone, lang=lang)
    if found.start is None or found.all_day or found.rrule or not _am_free(found.title, lang):
        return None
    return found


def _says_free(chart: Chart, size: int) -> bool:
    return any(chart.match("free", at) for at in range(size))


def _am_free(text: str, lang: str) -> bool:
    """Whether "am I free" is all that a text says."""
    for language in likely(text, lang):
        chart, size = chart_of(text, language)
        end = _last(chart, size)
        if any(stop >= end for stop, _ in chart.match("amfree", 0)):
            return True
    return False


def _last(chart: Chart, size: int) -> int:
    """The end of the text without its closing punctuation."""
    while size and chart.tokens[size - 1].kind == "mark":
        size -= 1
    return size


def _range_at(chart: Chart, at: int, end: int, today: date) -> tuple[date, date] | None:
    """The range of days that fills the tokens from ``at`` to ``end``."""
    for head in ("dayrange", "part"):
        for stop, value in chart.match(head, at):
            found = _range(value if isinstance(value, tuple) else (value,), today) if stop >= end else None
            if found:
                return found
    return None


def _range(values: tuple[Any, ...], today: date) -> tuple[date, date] | None:
    """The days of what was caught, where it says days and at most a part of the day."""
    said: Date | Days | None = None
    for value in values:
        if isinstance(value, DayPart | Filler | Sometime | Important):
            continue
        if kind(value) != "date":
            return None
        if said is None:
            said = value
        elif isinstance(said, Days) or isinstance(value, Days):
            return None
        else:
            said = merge(said, value)
    return _span(said, today) if said is not None else None


def _span(said: Date | Days, today: date) -> tuple[date, date] | None:
    try:
        return span_of(said, today)
    except (ValueError, OverflowError):
        return None


class _Question:
    """One text in one language."""

    def __init__(self, text: str, language: Language, today: date) -> None:
        self.text = text
        self.today = today
        self.chart, size = chart_of(text, language)
        self.end = self._without("closing_word", _last(self.chart, size))

    def _without(self, head: str, end: int) -> int:
        """``end`` less the words of ``head`` before it."""
        while end and (self.chart.match(head, end - 1) or self.chart.tokens[end - 1].kind == "mark"):
            end -= 1
        return end

    def _past(self, head: str, at: int) -> int:
        """Behind the words of ``head`` and the marks that stand at ``at``."""
        while at < self.end:
            found = self.chart.match(head, at)
            if not found and self.chart.tokens[at].kind != "mark":
                break
            at = found[0][0] if found else at + 1
        return at

    def answer(self) -> Asked | None:
        start = self._past("polite", 0)
        for at, what in self.chart.match("asking", start):
            if at > self.end or (at < self.end and self.chart.tokens[at].low == ":"):
                continue
            found = self._about(what, at)
            if found:
                return found
        return None

    def _about(self, what: str, at: int) -> Asked | None:
        match what:
            case "look" | "show":
                return self._look(at) or (self._named("find", at) if what == "show" else None)
            case "change" | "sooner":
                return self._change(at, sooner=what == "sooner")
            case "rename":
                return self._rename(at)
            case "find" | "done":
                found = self._named("find" if what == "find" else "done", at)
                return found if found and (found.about or what == "done") else None
            case _:
                return self._named("skip" if what == "skip" else "delete", at)

    def _look(self, at: int) -> Asked | None:
        """Nothing but words for a plan, and the days: what else is left names something."""
        days: tuple[date, date] | None = None
        while at < self.end:
            here = _range_at(self.chart, at, self.end, self.today)
            if here:
                return self._looked(here)
            noise = self.chart.match("noise", at) or self._part_of_day(at)
            range_here = None if days else self._head_range(at)
            if range_here:
                at, days = range_here
            elif noise or self.chart.tokens[at].kind == "mark":
                at = noise[0][0] if noise else at + 1
            else:
                return None
        return self._looked(days)

    def _looked(self, days: tuple[date, date] | None) -> Asked:
        return Asked("look", "", days, free=_says_free(self.chart, self.end))

    def _part_of_day(self, at: int) -> tuple[tuple[int, Any], ...]:
        return tuple((stop, value) for stop, value in self.chart.match("part", at) if isinstance(value, DayPart))

    def _head_range(self, at: int) -> tuple[int, tuple[date, date]] | None:
        for head in ("dayhead", "dayrange"):
            for stop, value in self.chart.match(head, at):
                found = _range(value if isinstance(value, tuple) else (value,), self.today)
                if found and stop <= self.end:
                    return stop, found
        return None

    def _named(self, what: Kind, at: int) -> Asked | None:
        """Words that name an event, and days before or after them."""
        at, days = self._days_first(at)
        tail = next((n for n in range(at, self.end) if self._is_when(n)), self.end)
        days = self._days_in(tail) or days
        return Asked(what, self._words(at, tail), days)

    def _days_first(self, at: int) -> tuple[int, tuple[date, date] | None]:
        head = self._head_range(at)
        return head if head and head[0] < self.end else (at, None)

    def _is_when(self, at: int) -> bool:
        """Whether only days and times stand from ``at`` to the end."""
        if _range_at(self.chart, at, self.end, self.today):
            return True
        return any(stop >= self.end for stop, _ in self.chart.match("newtime", at))

    def _days_in(self, at: int) -> tuple[date, date] | None:
        whole = _range_at(self.chart, at, self.end, self.today) if at < self.end else None
        return whole or next(self._ranges(at), None)

    def _ranges(self, at: int) -> Iterator[tuple[date, date]]:
        for n in range(at, self.end):
            for _, value in self.chart.match("part", n)[:1]:
                values = value if isinstance(value, tuple) else (value,)
                found = _range(tuple(one for one in values if kind(one) == "date"), self.today)
                if found:
                    yield found

    def _words(self, first: int, end: int) -> str:
        """The user's own words between two tokens, without article; empty for "it"."""
        first = self._past("article", first) if not self._is_pronoun(first, end) else end
        while first < end and self.chart.tokens[end - 1].kind == "mark":
            end -= 1
        if first >= end or self._is_pronoun(first, end):
            return ""
        return self.text[self.chart.tokens[first].start : self.chart.tokens[end - 1].end]

    def _is_pronoun(self, first: int, end: int) -> bool:
        return any(stop == end for stop, _ in self.chart.match("pronoun", first))

    def _change(self, at: int, *, sooner: bool) -> Asked:
        at, days = (at, None) if self._is_when(at) else self._days_first(at)
        for n in range(at, self.end):
            old = self.chart.match("fromold", n)
            if old and any(stop >= self.end for stop, _ in self.chart.match("newtime", old[0][0])):
                return Asked("change", self._words(at, n), self._day(old[0][1]), self._from(old[0][0]))
            if any(stop >= self.end for stop, _ in self.chart.match("newtime", n)):
                return Asked("change", self._words(at, n), days, self._from(n, sooner=sooner))
        return Asked("change", self._words(at, self.end), days)

    def _rename(self, at: int) -> Asked | None:
        for n in range(at, self.end - 1):
            if self.chart.match("newname", n):
                return Asked("rename", self._words(at, n), None, self._words(n + 1, self.end))
        return None

    def _day(self, said: Date) -> tuple[date, date] | None:
        return _range((said,), self.today)

    def _from(self, at: int, *, sooner: bool = False) -> str:
        said = self.text[self.chart.tokens[at].start : self.chart.tokens[self.end - 1].end]
        plain = sooner and self.chart.match("shift", at) and not self._ends_in("sooner")
        return f"{said} {self.chart.language.sooner}" if plain else said

    def _ends_in(self, head: str) -> bool:
        return bool(self.chart.match(head, self.end - 1))
