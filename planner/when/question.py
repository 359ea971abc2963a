"""One text that asks or wishes something of events that there are, read in one language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from planner.when.chart import Chart
from planner.when.language import Language
from planner.when.scan import chart_of
from planner.when.slots import kind, merge
from planner.when.spans import days_of as span_of
from planner.when.values import Date, DayPart, Days, Filler, Important, Sometime

Kind = Literal["look", "find", "delete", "change", "skip", "rename", "done", "end", "undo", "place"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request about events that there are.

    ``about`` are the words that name the event; empty: the one last spoken of, or none in particular. ``days`` are
    the first and the last day that it speaks of. ``phrase_text`` is how a change says the new time, for
    :func:`understand` or :func:`shift_of`: "to friday 15:00", "by 30 minutes"; of a new length it is "for 2 hours",
    of a reminder "1 hour before"; of a renaming it is the new title, of a "place" the place. ``free``: it asks when
    there is time rather than what is planned. ``all``: it means every event there is, of ``days`` where they are
    said. "end" is to end a series, "undo" to take back what was done last, or what was done to ``about``.

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


def says_free(chart: Chart, size: int) -> bool:
    return any(chart.match("free", at) for at in range(size))


def last_token(chart: Chart, size: int) -> int:
    """The end of the text without its closing punctuation."""
    while size and chart.tokens[size - 1].kind == "mark":
        size -= 1
    return size


def range_at(chart: Chart, at: int, end: int, today: date) -> tuple[date, date] | None:
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


class Question:
    """One text in one language."""

    def __init__(self, text: str, language: Language, today: date) -> None:
        self.text = text
        self.today = today
        self.chart, size = chart_of(text, language)
        self.end = self._without("closing_word", last_token(self.chart, size))

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
        return self._told(start)

    def _told(self, start: int) -> Asked | None:
        """What is said of an event by words behind its name: "dentist moved to 16:00", "gym is cancelled"."""
        for n in range(start + 1, self.end):
            for at, what in self.chart.match("told", n):
                over = at >= self.end
                if what == "change" and self._is_new(at):
                    return self._with_days(Asked("change", phrase_text=self._from(at)), start, n)
                if what == "done" and over:
                    return self._with_days(Asked("done"), start, n)
                if what not in ("change", "done") and (over or range_at(self.chart, at, self.end, self.today)):
                    found = self._with_days(Asked(what, days=self._days_in(at)), start, n)
                    return found if found.about or found.all else None
        return None

    def _with_days(self, found: Asked, at: int, end: int) -> Asked:
        """``found`` with the name between two tokens, and with the days that stand before or after the name."""
        at, first = self._days_first(at, end)
        tail = next((n for n in range(at, end) if range_at(self.chart, n, end, self.today)), end)
        last = range_at(self.chart, tail, end, self.today) if tail < end else None
        days = found.days or last or first
        return replace(found, about=self._words(at, tail), days=days, all=self._is_all(at, tail))

    def _is_new(self, at: int) -> bool:
        """Whether a new time, and nothing else, stands from ``at`` to the end."""
        return any(stop >= self.end for stop, _ in self.chart.match("newtime", at))

    def _about(self, what: str, at: int) -> Asked | None:
        match what:
            case "undo":
                return Asked("undo", self._words(at, self.end))
            case "mark":
                return self._marked(at)
            case "lead":
                return self._reminded(at, at)
            case "make":
                return self._reminder_in(at) or self._long(at)
            case "place":
                return self._placed(at)
            case "end":
                found = self._named("end", at) if not self._is_time(at) else None
                return found if found and found.about else None
            case "look" | "show":
                return self._look(at) or (self._named("find", at) if what == "show" else None)
            case "change" | "sooner":
                return self._change(at, sooner=what == "sooner")
            case "rename":
                return self._rename(at)
            case "find" | "done":
                found = self._named("find" if what == "find" else "done", at)
                if found and what == "find" and found.all:
                    return Asked("look", "", found.days)
                return found if found and (found.about or what == "done") else None
            case "skip":
                return self._named("skip", at)
            case _:
                return self._named("delete", at)

    def _look(self, at: int) -> Asked | None:
        """Nothing but words for a plan, and the days: what else is left names something."""
        days: tuple[date, date] | None = None
        while at < self.end:
            here = range_at(self.chart, at, self.end, self.today)
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
        return Asked("look", "", days, free=says_free(self.chart, self.end))

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
        return Asked(what, self._words(at, tail), days, all=self._is_all(at, tail))

    def _days_first(self, at: int, end: int | None = None) -> tuple[int, tuple[date, date] | None]:
        head = self._head_range(at)
        return head if head and head[0] < (end or self.end) else (at, None)

    def _is_all(self, first: int, end: int) -> bool:
        return any(stop == end for stop, _ in self.chart.match("everything", first))

    def _is_time(self, at: int) -> bool:
        """Whether the verb before ``at`` is a word of time with what follows: "end of the month"."""
        return any(stop > at for stop, _ in self.chart.match("part", at - 1))

    def _is_when(self, at: int) -> bool:
        """Whether only days and times stand from ``at`` to the end."""
        if range_at(self.chart, at, self.end, self.today):
            return True
        return any(stop >= self.end for stop, _ in self.chart.match("newtime", at))

    def _days_in(self, at: int) -> tuple[date, date] | None:
        whole = range_at(self.chart, at, self.end, self.today) if at < self.end else None
        return whole or next(self._ranges(at), None)

    def _ranges(self, at: int, end: int | None = None) -> Iterator[tuple[date, date]]:
        for n in range(at, self.end if end is None else end):
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
        reminded = self._reminder_in(at)
        if reminded:
            return reminded
        at, days = (at, None) if self._is_when(at) and not self._source(at) else self._days_first(at)
        for n in range(at, self.end):
            old = self.chart.match("fromold", n)
            if old and self._is_new(old[0][0]):
                return self._changed(at, n, self._day(old[0][1]), self._from(old[0][0]))
            source = self._source(n)
            if source:
                return self._changed(at, n, source[1], self._from(source[0]))
            if self._is_new(n):
                return self._changed(at, n, days, self._from(n, sooner=sooner))
        return Asked("change", self._words(at, self.end), days, all=self._is_all(at, self.end))

    def _changed(self, at: int, end: int, days: tuple[date, date] | None, said: str) -> Asked:
        return Asked("change", self._words(at, end), days, said, all=self._is_all(at, end))

    def _source(self, at: int) -> tuple[int, tuple[date, date]] | None:
        """The days that something is moved from, and where the new time begins: "on 7 december to 8 december"."""
        if self.chart.match("target", at):
            return None
        for stop, value in self.chart.match("dayrange", at):
            days = _range(value if isinstance(value, tuple) else (value,), self.today)
            if days and stop < self.end and self.chart.match("target", stop) and self._is_new(stop):
                return stop, days
        return None

    def _reminder_in(self, at: int) -> Asked | None:
        """The name, and how long before it to remind: "dentist reminder to 1 hour"."""
        for n in range(at, self.end):
            for stop, _ in self.chart.match("leadlink", n):
                found = self._reminded(at, stop, n)
                if found:
                    return found
        return None

    def _reminded(self, at: int, begin: int, end: int | None = None) -> Asked | None:
        """How long before to remind stands from ``begin`` or later to the end; before it, or to ``end``, the name."""
        for n in range(begin, self.end):
            said = self._lead(n)
            if said:
                timed = any(self._ranges(at, n)) or any(self.chart.match("time", k) for k in range(at, n))
                return Asked("change", self._words(at, n if end is None else end), None, said) if not timed else None
            if end is not None:
                return None
        return None

    def _lead(self, at: int) -> str:
        """How long before to remind, where that and nothing else stands from ``at`` to the end, as a phrase."""
        if any(stop >= self.end for stop, _ in self.chart.match("earlysaid", at)):
            return self._from(at + bool(self.chart.match("tolink", at)))
        if any(stop >= self.end for stop, _ in self.chart.match("earlybare", at)):
            begin = next((n for n in range(at, self.end) if self.chart.match("leads", n)), at)
            return f"{self._from(begin)} {self.chart.language.ahead}"
        return ""

    def _long(self, at: int) -> Asked | None:
        for n in range(at, self.end):
            found = next((value for stop, value in self.chart.match("longlen", n) if stop >= self.end), None)
            if found is not None:
                about = self._words(at, n)
                return Asked("change", about, None, self._lasting(n)) if found.of_days() or found.seconds else None
        return None

    def _lasting(self, at: int) -> str:
        """The length that stands at ``at`` or behind the words that introduce it, as a phrase of its own."""
        for n in range(at, self.end):
            stop = next((stop for stop, _ in self.chart.match("len", n)), None)
            if stop is not None:
                said = self.text[self.chart.tokens[n].start : self.chart.tokens[stop - 1].end]
                return f"{self.chart.language.lasting} {said}"
        return ""

    def _marked(self, at: int) -> Asked | None:
        for n in range(at, self.end):
            if any(stop >= self.end for stop, _ in self.chart.match("asdone", n)):
                return Asked("done", self._words(at, n))
        return None

    def _placed(self, at: int) -> Asked | None:
        for n in range(at + 1, self.end - 1):
            if self.chart.match("placeto", n):
                return Asked("place", self._words(n + 1, self.end), None, self._words(at, n))
        return None

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
