"""Russian."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from planner.when import build as b
from planner.when import build_weekends as w
from planner.when.common import COMMON
from planner.when.language import Language, Rule
from planner.when.ru_repeats import REPEATS
from planner.when.ru_requests import REQUESTS
from planner.when.ru_words import MONTHS, WEEKDAYS, WEEKDAYS_PLURAL, WORDS
from planner.when.stretch import stretch
from planner.when.values import (
    AllDay,
    Bad,
    Clock,
    DayPart,
    Filler,
    Important,
    InWeek,
    Leads,
    Length,
    Midnight,
    MonthDay,
    Offset,
    OneOf,
    PartName,
    Silent,
    Sometime,
    Vague,
    Weekday,
    Workday,
    Zone,
)

_AT = "в|во|к|ко|около|примерно|ровно|после|на|@|до|c|с|строго"


_FRACTIONS = {("1", "2"), ("1", "3"), ("2", "3"), ("1", "4"), ("3", "4")}


def _sub(first: int, second: int) -> Clock | Bad | None:
    """``9 30``, ``девять тридцать``."""
    return b.at_minute(first, second, "24") if 0 <= second <= 59 and 0 <= first <= 23 else None


def _sub_words(first: int, second: int) -> Clock | Bad | None:
    """``четыре тридцать``: in words few mean the small hours."""
    return b.at_minute(first, second) if 1 <= first <= 6 and 0 <= second <= 59 else _sub(first, second)


def _sub_dash(first: int, _dash: object, second: str) -> Clock | Bad | None:
    minute = int(second)
    is_range = minute % 5 and minute <= 24
    return b.at_minute(first, minute, "24") if minute <= 59 and first <= 23 and not is_range else None


def _half_past(hour: int) -> Clock | Bad | None:
    """Half of the ninth hour is half past eight."""
    return b.past(30, hour - 1 or 12)


def _into(minute: int, hour: int) -> Clock | Bad | None:
    """Ten minutes of the tenth hour are ten past nine."""
    return b.past(minute, hour - 1 or 12)


def _with_half(found: Clock | Bad | None, part: str | None) -> Any:
    if found is None or part is None:
        return found
    if isinstance(found, Clock) and 1 <= found.hour <= 12:
        found = replace(found, half="")
    return (found, DayPart(part))  # type: ignore[arg-type]  # the words of "dgen" are parts of the day


def _dotted_day(pieces: tuple[str, ...]) -> MonthDay | Bad | None:
    """``5.12`` and ``05.06``: a date where the month has two figures and exists."""
    return b.dmy(pieces) if len(pieces[1]) == 2 and 1 <= int(pieces[1]) <= 12 and 1 <= int(pieces[0]) <= 31 else None


def _short_dotted(pieces: tuple[str, ...]) -> MonthDay | None:
    """``5.6`` beside a time of day."""
    found = b.dmy(pieces) if len(pieces[1]) == 1 and int(pieces[0]) <= 31 else None
    return found if isinstance(found, MonthDay) else None


def _dotted_clock(pieces: tuple[str, ...]) -> Clock | Bad | None:
    return b.hm24(pieces) if len(pieces[1]) == 2 and int(pieces[0]) <= 24 and int(pieces[1]) <= 59 else None


def _sure_clock(pieces: tuple[str, ...]) -> Clock | Bad | None:
    """``8.30`` beside a day: no date, and written like a time."""
    return _dotted_clock(pieces) if int(pieces[1]) % 5 == 0 else None


def _glued_clock(figures: int) -> Clock | Bad | None:
    """``1830`` beside a day; a year is none."""
    hour, minute = divmod(figures, 100)
    is_year = 1900 <= figures <= 2100
    return b.at_minute(hour, minute, "24") if 1 <= hour <= 23 and minute <= 59 and not is_year else None


def _dotted_days(first: tuple[str, ...], last: tuple[str, ...]) -> Any:
    """``с 5.01 по 9.01``."""
    one, other = _dotted_day(first), _dotted_day(last)
    return b.days(one, other) if isinstance(one, MonthDay) and isinstance(other, MonthDay) else None


def _days_to(first: int, last: tuple[str, ...]) -> Any:
    """``7-9.12``: days of one month."""
    end = _dotted_day(last)
    return b.days_of_month(first, end.day, end.month) if isinstance(end, MonthDay) and end.month else None


def _unround_days(first: tuple[str, ...], last: tuple[str, ...]) -> Any:
    """``5.01-9.01``: days where no clock would be read out like that."""
    return _dotted_days(first, last) if int(first[1]) % 5 or int(last[1]) % 5 else None


def _season(month: int) -> tuple[Any, ...]:
    """The months of a season: which of them was not said."""
    return (*(b.edge_of_month(False, (month + n - 1) % 12 + 1) for n in range(3)), OneOf())


def _part_of(day: Any, part: str) -> tuple[Any, ...]:
    return (day, DayPart(part))  # type: ignore[arg-type]  # the words are parts of the day


def _dashed(hour: int, minute: str) -> Clock | Bad | None:
    """``10-00`` beside a day; ``10-12`` is from ten to twelve."""
    return b.at_minute(hour, int(minute), "24") if minute == "00" or (24 < int(minute) <= 59 and hour <= 23) else None


def _days_in(days: tuple[int, ...], month: int, year: int | None) -> Any:
    """``3 и 4 января``: days in a row are one event."""
    dates = tuple(b.day_month(day, month, year) for day in days)
    in_a_row = all(one + 1 == other for one, other in pairwise(days))
    return b.days(dates[0], dates[-1]) if in_a_row else dates


def _before(said: Length, date: Any) -> Any:
    """``за неделю до 31 декабря``: that day itself."""
    return b.days_after(-said.days, date) if said.of_days() and not said.months else None


def _at_the_end(said: Length) -> Any:
    """``встреча 2 часа``: what is said last, unless it is too long for anything but a title."""
    return b.lasting(said) if not said.months and said.days <= 90 and said.seconds < 24 * 3_600 else None


def _exact(said: Clock | Bad, part: PartName) -> Clock | Bad:
    """``8:00 вечера``."""
    open_ = isinstance(said, Clock) and 1 <= said.hour <= 12
    return b.in_half(replace(said, half="") if open_ and isinstance(said, Clock) else said, part)


def _span_in(first: int, last: int, part: PartName) -> Any:
    """``9-11 утра``."""
    end = b.clock(last)
    return b.span(b.clock(first), b.in_half(end, part)) if end else None


def _short_leads(said: Iterable[Length]) -> Leads | None:
    """Without a word for reminding, only what is hardly said of anything else."""
    found = b.leads(said)
    if found is None or any(seconds > 3 * 86_400 for seconds in found.seconds):
        return None
    return Leads(found.seconds, bare=True)


_CLOCKS = (
    Rule("part", "на <int> ч|час|часа|часов <int2>", lambda h, m: b.hours_or_clock(h, int(m))),
    Rule("clock", "<hm>", b.hm24),
    Rule("clock", "<hm> часов|час|часа|ч", b.hm24),
    Rule("clock", "<int> ч <int> мин|минут|м?", b.at_minute),
    Rule("clock", "половина|половине|половину|половины|пол <hourgen>", _half_past),
    Rule("clock", "<halfpast>", _half_past),
    Rule("clock", "без четверти <num>", lambda h: b.to(15, h)),
    Rule("clock", "без <num> минут <num>", b.to),
    Rule("clock", "без <num> <num>", b.to),
    Rule("clock", "четверть <hourgen>", lambda h: _into(15, h)),
    Rule("clock", "<num> минут|минуты|мин <hourgen>", _into),
    Rule("clock", "полдень|полудня|полудню", b.const(Clock(12, 0, "24"))),
    Rule("bare", "<clock>", b.same),
    Rule("bare", "<num> часов|часа|час|ч|часам?", b.clock),
    Rule("bare", "<num> часов|часа|час|ч .? <num> минут|минуты|мин", b.at_minute),
    Rule("bare", "<num> ноль -? ноль", b.clock),
    Rule("bare", "<num> ноль <n>", lambda h, m: _sub_words(h, m) if m < 10 else None),
    Rule("bare", "час <tens>", lambda m: b.at_minute(1, m)),
    Rule("clock", "пол <int>", _half_past),
    Rule("hourword", "<num>", lambda h: b.clock(h) if h <= 24 else None),
    Rule("bare", "<dots2> ч?", _dotted_clock),
    Rule("bare", "<int> <int2>", lambda h, m: _sub(h, int(m))),
    Rule("bare", "<int> <dash> <int2> ч?", _sub_dash),
    Rule("bare", "<n> <tens>", _sub_words),
    Rule("bare", "<n> <n>", lambda h, m: _sub_words(h, m) if m >= 10 else None),
    Rule("bare", "<tens> <n> <n>", lambda t, h, m: _sub(t + h, m) if m >= 10 else None),
    Rule("bare", "<n> <tens> <n>", lambda h, t, m: _sub_words(h, t + m)),
    Rule("bare", "<tens> <n> <tens> <n>", lambda t, h, m, n: _sub(t + h, m + n)),
    Rule("bare", "<tens> <n> <tens>", lambda t, n, m: _sub(t + n, m)),
    Rule("bare", "час|часу", b.const(Clock(1, 0, ""))),
    Rule("gen", "<bare> <dgen>", _with_half),
    Rule("part", "c|с|со|от <exact> и до|по <exact>", b.span),
    Rule("part", "<at> <bare> или|либо <at>? <bare>", lambda _, x, __, y: (x, y, OneOf())),
    Rule("part", "<at> <bare> и <at>? <bare>", lambda _, x, __, y: (x, y)),
    Rule("part", "<at> <bare> , <bare> и <bare>", lambda _, x, y, z: (x, y, z)),
    Rule("part", "<at>? <ofday> и <at>? <ofday>", lambda _, x, __, y: (x, y)),
    Rule("part", "<at>? <ofday> , <ofday> и <ofday>", lambda _, x, y, z: (x, y, z)),
    Rule("ofday", "<bare> <dgen>", _exact),
    Rule("midnight", "полночь|полуночи|полночи", b.const(Midnight())),
    Rule("at", f"{_AT} {_AT}?", b.const(True)),
    Rule("at", "где-то в|около|к", b.const(True)),
    Rule("at", "в районе", b.const(True)),
    Rule("at", "ближе к", b.const(True)),
    Rule("at", "начиная с|со|от", b.const(True)),
    Rule("at", "не позже|позднее|раньше чем? в|к?", b.const(True)),
    Rule("at", "самое позднее в?", b.const(True)),
    Rule("part", "в|во|на|к <bare> и? до|по <exact>", b.span),
    Rule("part", "<dated> ,? <besides>", lambda d, c: (d, c)),
    Rule("besides", "<int> <dash> <clock>", lambda f, _, l: b.span(b.clock(f), l) if f < 24 else None),
    Rule("besides", "<dots2>", _sure_clock),
    Rule("besides", "<int> <int2>", lambda h, m: _sub(h, int(m))),
    Rule("besides", "в? <int>", _glued_clock),
    Rule("besides", "<int> ч", lambda h: b.clock(h) if h <= 24 else None),
    Rule("besides", "<int> часов|часа|час", lambda h: b.clock(h) if 13 <= h <= 24 else None),
    Rule("besides", "<bareint> $", b.same),
    Rule("besides", "<int> - <int2>", _dashed),
    Rule("besides", "<closing>", b.same),
    Rule("part", "<at>? <int> - <int2> &<dated>", lambda _, h, m: _dashed(h, m)),
    Rule("part", "<at>? <int> - <int2> &<repeat>", lambda _, h, m: _dashed(h, m)),
    Rule("part", "на неделю с|со|начиная <date>", lambda d: (d, b.lasting(Length(0, 7, 0)))),
    Rule("part", "<ordgen> <time>", lambda n, c: (MonthDay(n), c)),
    Rule("part", "<ordgen> <gen>", lambda n, c: (MonthDay(n), *c) if isinstance(c, tuple) else None),
    Rule("part", "<ordgen> <at> <gen>", lambda n, _, c: (MonthDay(n), *c) if isinstance(c, tuple) else None),
    Rule("part", "<ordgen> $", MonthDay),
    Rule("bare", "<num> <hourgen>", lambda m, h: _into(m, h) if m in (5, 10, 20, 25) else None),
    Rule("ordgen", "<domgen>", b.same),
    Rule("ordgen", "<tens> <domgen>", lambda t, n: t + n if t in (20, 30) and t + n <= 31 and n < 10 else None),
    Rule("part", "<on>? <dots2> ,? <time>", lambda _, d, c: (d, c) if (d := _short_dotted(d)) else None),
    Rule("part", "<time> ,? <dots2>", lambda c, d: (d, c) if (d := _short_dotted(d)) else None),
    Rule("fill", "<dayposs>", lambda days: Offset(days, owns=True)),
    Rule("fill", "<wdposs>", lambda day: Weekday(day, owns=True)),
    Rule("part", "в? обеденный перерыв", b.const(DayPart("midday"))),
    Rule("bareint", "<int>", lambda n: b.clock(n) if 1 <= n <= 23 else None),
    Rule("time", "<at>? <clock>", b.last),
    Rule("time", "<at> <bare>", b.last),
    Rule("time", "<at>? <midnight>", b.last),
    Rule("part", "на <num> час|часа|часов", b.hours_or_clock),
    Rule("part", "на <num> час|часа|часов|ч <num> минут|минуты|минуту|мин|м", b.hours_or_clock),
    Rule("part", "на <num> ч", b.hours_or_clock),
    Rule("part", "на час", b.const(b.hours_or_clock(1))),
    Rule("part", "на <num> дня", lambda n: b.lasting(Length(0, n, 0))),
    Rule("part", "<int> - <int> ч|часов?", lambda f, l: b.span(b.clock(f), b.clock(l)) if f < l <= 24 else None),
    Rule("part", "в промежутке|интервале|период c|с|со|от <exact> до|по <exact>", b.span),
    Rule("part", "начало|начинается|начнется -|:|в? <clock>", b.same),
    Rule("part", "<time>", b.same),
    Rule("part", "<time> <ordgen>", lambda c, n: (MonthDay(n), c)),
    Rule("part", "<gen> <ordgen>", lambda c, n: (MonthDay(n), *c) if isinstance(c, tuple) else None),
    Rule("part", "<at> <int> - <int>", lambda _, f, l: b.span(b.clock(f), b.clock(l)) if f < l <= 24 else None),
    Rule("part", "<at>? <int> - <int> <dgen>", lambda _, f, l, p: _span_in(f, l, p)),
    Rule("part", "<at>? <gen>", b.last),
    Rule("part", "<dins>", DayPart),
    Rule("part", "рано|ранним|пораньше утром", b.const(DayPart("early"))),
    Rule("part", "с самого? раннего утра", b.const(DayPart("early"))),
    Rule("part", "утром пораньше", b.const(DayPart("early"))),
    Rule("part", "поздно|поздним вечером", b.const(DayPart("night"))),
    Rule("part", "вечером попозже", b.const(DayPart("night"))),
    Rule("part", "поздно|поздней ночью", b.const(DayPart("night"))),
    Rule("part", "часов|часа|часика|часиков|часам в|к|около|на <bare>", b.same),
    Rule("part", "часов|часа|часика|часиков|часам в|к|около|на <bare> <dgen>", b.in_half),
    Rule("part", "до обеда", b.const(DayPart("morning"))),
    Rule("part", "до? полудня", b.const(Clock(12, 0, "24"))),
    Rule("part", "ближе к обеду|полудню", b.const(DayPart("midday"))),
    Rule("part", "ближе? к ночи", b.const(DayPart("night"))),
    Rule("part", "ближе к утру", b.const(DayPart("early"))),
    Rule("part", "на ночь", b.const(DayPart("night"))),
    Rule("part", "перед сном", b.const(DayPart("night"))),
    Rule("part", "<dnom> <wd>", lambda p, d: _part_of(Weekday(d), p)),
    Rule("part", "<wd> <dnom>", lambda d, p: _part_of(Weekday(d), p)),
    Rule("part", "<dayword> <dnom>", lambda n, p: _part_of(Offset(n), p)),
    Rule("part", "под|ближе к? вечер|вечеру", b.const(DayPart("evening"))),
    Rule("part", "под утро", b.const(DayPart("early"))),
    Rule("part", "под ночь", b.const(DayPart("night"))),
    Rule("part", "в ночь на <wd>", lambda d: (Weekday(d), Bad())),
    Rule("part", "в? ночь с <wd> на <wd>", lambda _, d: (Weekday(d), Bad())),
    Rule("part", "<closing>", b.same),
    Rule("part", "<closing> <date>", lambda c, d: (c, d)),
    Rule("closing", "в|к|до|под конце|концу|конца|конец рабочего? дня", b.const(DayPart("closing"))),
    Rule("closing", "после окончания? рабочего дня", b.const(DayPart("closing"))),
    Rule("part", "<dated> после работы", lambda d: (d, DayPart("closing"))),
    Rule("part", "после работы <on>? <date>", lambda _, d: (d, DayPart("closing"))),
    Rule("part", "к|до утру|утра", b.const(DayPart("morning"))),
    Rule("part", "до вечера", b.const(DayPart("evening"))),
    Rule("part", "к вечеру", b.const(DayPart("evening"))),
    Rule("part", "ближе к вечеру", b.const(DayPart("evening"))),
    Rule("part", "в обед", b.const(DayPart("midday"))),
    Rule("part", "к обеду", b.const(DayPart("midday"))),
    Rule("part", "во второй половине дня", b.const(DayPart("afternoon"))),
    Rule("part", "в первой половине дня", b.const(DayPart("morning"))),
    Rule("part", "после обеда", b.const(DayPart("afternoon"))),
    Rule("part", "с утра", b.const(DayPart("morning"))),
    Rule("exact", "<bare>", b.same),
    Rule("exact", "<bare> <dgen>", _exact),
    Rule("part", "c|с|со|от <dots2> по <dots2>", _dotted_days),
    Rule("part", "c|с|со|от <int> по <dots2> .?", _days_to),
    Rule("part", "c|с|со|от <dots2> до <dots2>", _unround_days),
    Rule("part", "c|с|со|от? <dots2> <dash> <dots2>", lambda f, _, l: _unround_days(f, l)),
    Rule("part", "c|с|со|от <exact> и? до|по|- <exact>", b.span),
    Rule("part", "между <exact> и <exact> часами|часов?", b.span),
    Rule("part", "между <exact> и <exact>", b.span),
    Rule("part", "<at>? <dotted> <dash> <dotted>", lambda _, f, __, l: b.span(f, l)),
    Rule("dotted", "<dots2>", _dotted_clock),
    Rule("part", "<at>? <clock> <dash> <clock>", lambda _, f, _d, l: b.span(f, l)),
    Rule("part", "<at>? <clock> до <clock>", lambda _, f, l: b.span(f, l)),
    Rule("wholetime", "<gen>", b.same),
)
_DATES = (
    Rule("month", "<mon> .?", b.same),
    Rule("dom", "<ordinal>", b.same),
    Rule("dom", "<int>", b.same),
    Rule("dom", "<n>", b.same),
    Rule("adverb", "<dayword> же?", Offset),
    Rule("adverb", "после завтра", b.const(Offset(2))),
    Rule("adverb", "через <num> рабочих|рабочий дня|дней|день", b.workdays),
    Rule("adverb", "на следующий день", b.const(Offset(1))),
    Rule("adverb", "завтрашний|завтрашнего|завтрашнему день|дня|дню", b.const(Offset(1))),
    Rule("part", "в этот|тот же день", b.const(Filler(anywhere=True))),
    Rule("day", "<which>? <wd>", b.weekday),
    Rule("day", "<wd> <weekshift>", lambda d, w: InWeek(w, d)),
    Rule("day", "<wd> через неделю", lambda d: InWeek(1, d, near=True)),
    Rule("weekshift", "на этой неделе", b.const(0)),
    Rule("weekshift", "на? следующей|след|будущей|той неделе|недельке", b.const(1)),
    Rule("weekshift", "следующей|будущей недели", b.const(1)),
    Rule("weekshift", "этой недели", b.const(0)),
    Rule("weekshift", "на прошлой неделе", b.const(-1)),
    Rule("adverb", "на этой неделе", b.const(InWeek(0))),
    Rule("adverb", "на? следующей|след|будущей|той неделе|недельке", b.const(InWeek(1))),
    Rule("adverb", "на неделе", b.const(InWeek(0))),
    Rule("adverb", "начиная? с|со следующей|будущей недели", b.const(InWeek(1, 0, rough=True))),
    Rule("adverb", "на следующую неделю", b.const(InWeek(1))),
    Rule("adverb", "в? начале|начало <weekof>", lambda w: InWeek(w, 0, rough=True)),
    Rule("adverb", "в? середине|середину <weekof>", lambda w: InWeek(w, 2, rough=True)),
    Rule("adverb", "в? конце|конец <weekof>", lambda w: InWeek(w, 4, rough=True) if w else None),
    Rule("weekof", "недели", b.const(0)),
    Rule("weekof", "этой|текущей недели", b.const(0)),
    Rule("weekof", "следующей|след|будущей недели", b.const(1)),
    Rule("adverb", "на прошлой неделе", b.const(InWeek(-1))),
    Rule("adverb", "неделя|неделю от|с|со <date>", lambda d: b.weeks_after(1, d)),
    Rule("day", "через неделю после <date>", lambda d: b.weeks_after(1, d)),
    Rule("day", "через <num> недели|недель после <date>", b.weeks_after),
    Rule("day", "<dom> <month> <year>?", b.day_month),
    Rule("ondays", "<dom> <month> <theyear>", lambda d, m, y: (b.day_month(d, m), y)),
    Rule("year", "две тысячи <ordinal> года?", lambda n: 2_000 + n),
    Rule("theyear", "следующего|будущего года", b.const(Vague("year", shift=1))),
    Rule("theyear", "этого|текущего года", b.const(Vague("year"))),
    Rule("day", "<dom> <month> <int2> <yearword>", lambda d, m, y, _: b.day_month(d, m, 2000 + int(y))),
    Rule("day", "<dom> числа|число", b.day_said),
    Rule("day", "<dom> числа|число <monthshift>", lambda d, s: MonthDay(d, shift=s) if 1 <= d <= 31 else None),
    Rule("day", "<int> <ordsuf>", lambda n, _: b.only_day(n)),
    Rule("day", "<figures>", b.same),
    Rule("day", "<slash3>", b.dmy),
    Rule("day", "<slash2>", lambda pieces: None if pieces in _FRACTIONS else b.dmy(pieces)),
    Rule("part", "<on> <slash2>", lambda _, pieces: b.dmy(pieces)),
    Rule("day", "<dots2>", _dotted_day),
    Rule("day", "<dots2> .", _dotted_day),
    Rule("day", "<figures> <yearword>", lambda d, _: d),
    Rule("nthword", "<ordinal>", b.same),
    Rule("nthword", "<lastword>", b.const(-1)),
    Rule("day", "<nthword> <wd> <month> <year>?", b.nth),
    Rule("day", "<nthword> <wd> месяца", b.nth),
    Rule("day", "<dom> числа|число месяца", b.day_said),
    Rule("day", "<which> . <wd>", b.weekday),
    Rule("day", "через <wd>", lambda d: Weekday(d, weeks=1)),
    Rule("day", "<nthword> <wd> <monthshift>", b.nth_shift),
    Rule("day", "<nthword> <wd> в <monin> <year>?", b.nth),
    Rule("ondays", "<nthword> <working> месяца?", lambda n, _: Workday(n)),
    Rule("ondays", "<nthword> <working> <month>", lambda n, _, m: Workday(n, m)),
    Rule("ondays", "<nthword> <working> <monthshift>", lambda n, _, s: Workday(n, shift=s)),
    Rule("working", "рабочий|рабочего|будний|буднего день|дня", b.const(True)),
    Rule("part", "до нового года", b.const(b.until(MonthDay(31, 12)))),
    Rule("part", "накануне <fulldate>", lambda d: b.days_after(-1, d)),
    Rule("part", "накануне нового года", b.const(MonthDay(31, 12))),
    Rule("part", "перед новым годом", b.const(MonthDay(31, 12))),
    Rule("part", "на|к|в|под|до|перед рождество|рождеству|рождеством|рождества", b.const(b.feast(7, 1))),
    Rule("part", "в? сочельник", b.const(b.feast(6, 1))),
    Rule("part", "в? канун|накануне рождества", b.const(b.feast(6, 1))),
    Rule("part", "на|в старый новый год", b.const(b.feast(14, 1))),
    Rule("part", "на|ко|в день победы", b.const(b.feast(9, 5))),
    Rule("part", "к новому году", b.const(MonthDay(31, 12))),
    Rule("part", "под|на|в новый год", b.const(MonthDay(31, 12))),
    Rule("part", "<season>", _season),
    Rule("ondays", "<dom> <sep> <dom> <month> <year>?", lambda x, _, y, m, z: _days_in((x, y), m, z)),
    Rule(
        "ondays",
        "<dom> <sep> <dom> <sep> <dom> <month> <year>?",
        lambda x, _, y, __, z, m, n: _days_in((x, y, z), m, n),
    ),
    Rule("part", "<on>? <ondays>", b.last),
    Rule("part", "на? весь <month>", lambda m: b.days(b.edge_of_month(False, m), b.edge_of_month(True, m))),
    Rule("part", "следующие <num> дней|дня", lambda n: b.next_days(Length(0, n, 0), 1)),
    Rule("part", "ближайшие <num> дней|дня", lambda n: b.next_days(Length(0, n, 0), 0)),
    Rule("part", "всю неделю", b.const(b.rest_of("week"))),
    Rule("part", "на? всю следующую неделю", b.const(b.days(InWeek(1, 0), InWeek(1, 6)))),
    Rule("part", "на? все лето", b.const(b.days(b.edge_of_month(False, 6), b.edge_of_month(True, 8)))),
    Rule("part", "за <len> до <fulldate>", _before),
    Rule("part", "за <len> до нового года", lambda said: _before(said, MonthDay(1, 1))),
    Rule("day", "на? следующий день после <fulldate>", lambda d: b.days_after(1, d)),
    Rule("day", "через <num> дня|дней после <fulldate>", b.days_after),
    Rule("day", "через день после <fulldate>", lambda d: b.days_after(1, d)),
    Rule("day", "через <num> выходных", w.weekends_on),
    Rule("day", "через выходные", b.const(Vague("weekend", shift=1))),
    Rule("part", "этим|этой|следующим|следующей|будущим|будущей <season>", _season),
    Rule("monthshift", "этого месяца", b.const(0)),
    Rule("monthshift", "следующего|след месяца", b.const(1)),
    Rule("monthshift", "в следующем месяце", b.const(1)),
    Rule("monthshift", "в этом месяце", b.const(0)),
    Rule("edge", "конце|конца|концу|конец", b.const(True)),
    Rule("edge", "начале|начала|началу|начало", b.const(False)),
    Rule("edge", "последний|последнего день|дня", b.const(True)),
    Rule("edge", "первый|первого день|дня", b.const(False)),
    Rule("day", "<lastword> числа|число месяца?", b.const(b.edge(True, None, "month"))),
    Rule("day", "<lastword> числа|число <monthshift>", lambda _, s: b.edge(True, s, "month")),
    Rule("shift", "этого|этой|текущего|текущей", b.const(0)),
    Rule("shift", "следующего|следующей|след", b.const(1)),
    Rule("day", "<edge> <shift>? <unit>", b.edge),
    Rule("day", "<edge> <month>", b.edge_of_month),
    Rule("day", "выходные|выходных", b.const(Vague("weekend"))),
    Rule("day", "эти|этих|ближайшие|ближайших выходные|выходных", b.const(Vague("weekend"))),
    Rule("day", "следующие|следующих выходные|выходных", b.const(Vague("weekend", shift=1))),
    Rule("day", "выходные|выходных <fulldate>", w.weekend_of),
    Rule("day", "<nthword> выходные|выходных <month>", w.nth_weekend),
    Rule("day", "<nthword> выходные|выходных месяца", w.nth_weekend),
    Rule("day", "<nthword> выходные|выходных <monthshift>", lambda n, s: w.nth_weekend(n, shift=s)),
    Rule("day", "этом месяце", b.const(Vague("month"))),
    Rule("day", "следующем месяце", b.const(Vague("month", shift=1))),
    Rule("day", "прошлом месяце", b.const(Vague("month", shift=-1))),
    Rule("day", "этом году", b.const(Vague("year"))),
    Rule("day", "следующем году", b.const(Vague("year", shift=1))),
    Rule("day", "прошлом году", b.const(Vague("year", shift=-1))),
    Rule("part", "в <monin> <year>?", lambda m, y: Vague("month", m, year=y)),
    Rule("part", "в|к|до? середине|середину|середина|середины <month>", lambda m: Vague("month", m)),
    Rule("part", "в|к|до? середине|середину|середина|середины месяца", b.const(Vague("month"))),
    Rule("part", "к <monby>", lambda m: Vague("month", m)),
    Rule("on", "в|во|на|к|ко|c|с|со|до|после|начиная|от", b.const(True)),
    Rule("on", "не позже|позднее|раньше чем? в|во?", b.const(True)),
    Rule("on", "начиная с|со", b.const(True)),
    Rule("onadverb", "на|до|к|c|с|со|от", b.const(True)),
    Rule("onadverb", "не позже|позднее|раньше чем?", b.const(True)),
    Rule("onadverb", "начиная с|со", b.const(True)),
    Rule("date", "<adverb>", b.same),
    Rule("date", "<day>", b.same),
    Rule("dated", "<on>? <day>", b.last),
    Rule("dated", "начиная? c|с|со <adverb>", b.opening),
    Rule("dated", "<onadverb>? <adverb>", b.last),
    Rule("part", "<dated>", b.same),
    Rule("part", "c|с|со|от|на? <dom> по|до|- <dom> <month> <year>?", b.days_of_month),
    Rule("ondays", "<wd> ,? <int> &<time>", lambda d, n: (MonthDay(n), Weekday(d)) if 1 <= n <= 31 else None),
    Rule("part", "в? день святого валентина", b.const(MonthDay(14, 2))),
    Rule("ondays", "<dom> <andword> <dom> числа|число", lambda x, _, y: (b.day_said(x), b.day_said(y))),
    Rule("part", "c|с|со|от? <dom> по|до|- <dom> числа|число", lambda f, l: b.days(b.day_said(f), b.day_said(l))),
    Rule("part", "c|с|со|от <date> и? по|до <date>", b.days),
    Rule("part", "c|с|со|от <date> и? по|до <date> включительно", b.days),
    Rule("part", "c|с|со <day> <time> по|до|- <day> <time>", stretch),
    Rule("part", "<day> <time> - <day> <time>", stretch),
    Rule("part", "<fulldate> <dash> <fulldate>", lambda f, _, l: b.days(f, l)),
    Rule("part", "<int> <dash> <dots2> .?", lambda f, _, last: _days_to(f, last)),
    Rule("ondays", "<wd> <sep>? <wd>", lambda f, _, l: b.several(f, l)),
    Rule("ondays", "<wd> <sep>? <wd> <sep>? <wd>", lambda f, _, m, __, l: b.several(f, m, l)),
    Rule(
        "part", "с|со <month> по|до <month>", lambda f, l: b.days(b.edge_of_month(False, f), b.edge_of_month(True, l))
    ),
    Rule("part", "<wd> <dash> <wd>", lambda f, _, l: b.days(Weekday(f), Weekday(l))),
    Rule("fulldate", "<dom> <month> <year>?", b.day_month),
    Rule("fulldate", "<figures>", b.same),
    Rule("fulldate", "<dots2>", _dotted_day),
    Rule("fulldate", "<dayword>", Offset),
    Rule("part", "на? весь|целый день|денек", b.const(AllDay())),
    Rule("part", "в течение всего дня", b.const(AllDay())),
)
_LENGTHS = (
    Rule("onelen", "<one>", lambda u: b.length(1, u)),
    Rule("onelen", "<int> ч|час|часа|часов <int2>", lambda h, m: b.hours_minutes(h, m) if h < 10 else None),
    Rule(
        "part",
        "через|спустя <int> ч|час|часа|часов <int2>",
        lambda h, m: b.ahead(Length(0, 0, 3_600 * h + 60 * int(m))),
    ),
    Rule("onelen", "полчаса|полчасика|пол-часа|пол-часика", b.const(b.length(0.5, "hour"))),
    Rule("onelen", "пол часа", b.const(b.length(0.5, "hour"))),
    Rule("onelen", "полминуты", b.const(b.length(0.5, "minute"))),
    Rule("onelen", "полдня", b.const(b.length(12, "hour"))),
    Rule("onelen", "полгода", b.const(b.length(6, "month"))),
    Rule("onelen", "полтора|полторы <unit>", lambda u: b.length(1.5, u)),
    Rule("onelen", "полутора <unit>", lambda u: b.length(1.5, u)),
    Rule("onelen", "пару|пара|парочку <unit>", lambda u: b.length(2, u)),
    Rule("onelen", "<num> с половиной <unit>", b.halved),
    Rule("onelen", "час с четвертью", b.const(b.length(1.25, "hour"))),
    Rule("onelen", "<one> с половиной", lambda u: b.length(1.5, u)),
    Rule("onelen", "четверть часа", b.const(b.length(0.25, "hour"))),
    Rule("onelen", "три четверти часа", b.const(b.length(0.75, "hour"))),
    Rule("onelen", "половину часа", b.const(b.length(0.5, "hour"))),
    Rule("part", "ровно? через|спустя сутки", b.const(b.ahead(Length(0, 0, 86_400)))),
    Rule("part", "через|спустя примерно|около|где-то|ровно? <len>", b.ahead),
    Rule("part", "<len> спустя", b.ahead),
    Rule("part", "таймер на? <exactlen>", b.ahead),
    Rule("exactlen", "<len>", lambda found: found if found.seconds else None),
    Rule("part", "через|спустя <hm>", lambda c: b.ahead(Length(0, 0, 3_600 * int(c[0]) + 60 * int(c[1])))),
    Rule("part", "через месяц <dom> числа", lambda n: b.month_shift(n, 1)),
    Rule("part", "через|спустя час <minutes>", lambda m: b.ahead(Length(0, 0, 3_600 + 60 * m))),
    Rule("part", "через|спустя <num> часа|часов <minutes>", lambda h, m: b.ahead(Length(0, 0, 3_600 * h + 60 * m))),
    Rule("minutes", "<tens>", b.same),
    Rule("minutes", "<tens> <n>", lambda t, n: t + n),
    Rule("minutes", "<n>", lambda n: n if n >= 10 else None),
    Rule("part", "примерно|около|где-то|ровно через|спустя <len>", b.ahead),
    Rule("part", "через <int> $", b.minutes_or_hours),
    Rule("part", "через <num> - <num> <unit>", b.one_or_other),
    Rule("part", "через <num> или <num> <unit>", b.one_or_other),
    Rule("part", "через <n> <n> <unit>", b.one_or_other),
    Rule("part", "через <unitof> <num> - <num>", lambda u, f, l: b.one_or_other(f, l, u)),
    Rule("part", "<unitof> через <num> - <num>", lambda u, f, l: b.one_or_other(f, l, u)),
    Rule("part", "через <one> - два|две", lambda u: b.one_or_other(1, 2, u)),
    Rule("part", "через <one> или? два|две", lambda u: b.one_or_other(1, 2, u)),
    Rule("part", "через пару-тройку|парочку-тройку <unit>", lambda u: b.one_or_other(2, 3, u)),
    Rule("part", "через час-другой|часик-другой|часок-другой", b.const(b.one_or_other(1, 2, "hour"))),
    Rule("part", "через минуту-другую|минутку-другую", b.const(b.one_or_other(1, 2, "minute"))),
    Rule("part", "через день-другой|денек-другой", b.const(b.one_or_other(1, 2, "day"))),
    Rule("part", "через неделю-другую|недельку-другую", b.const(b.one_or_other(1, 2, "week"))),
    Rule("part", "через месяц-другой|месяцок-другой", b.const(b.one_or_other(1, 2, "month"))),
    Rule("part", "( <len> )", b.lasting),
    Rule("part", "в это|то же? время", b.const(Bad())),
    Rule("part", "через <unitof> <num>", lambda u, n: b.ahead_of(n, u)),
    Rule("part", "<unitof> через <num>", lambda u, n: b.ahead_of(n, u)),
    Rule("part", "через несколько <unit>", b.const(Bad())),
    Rule("part", "через некоторое время", b.const(Bad())),
    Rule("part", "<len> назад", b.ago),
    Rule("part", "на <len>", _at_the_end),
    Rule("part", "в течение <len>", b.within),
    Rule("part", "в течение <onegen>", lambda u: b.within(b.length(1, u))),
    Rule("part", "длительностью|продолжительностью|длительность|продолжительность -|:|в? <len>", b.lasting),
    Rule("part", "на протяжении <len>", b.lasting),
    Rule("part", "<unitof> на <num>", lambda unit, n: b.lasting_of(n, unit)),
    Rule("part", "продлится|займет|идет|длится примерно|около? <len>", b.lasting),
    Rule("aside", "<len> $", _at_the_end),
    Rule("aside", "<len> c|с|со <fulldate>", lambda said, day: (b.lasting(said), day) if said.of_days() else None),
    Rule("leads", "<lens>", b.leads),
    Rule("before", "за <lens>", b.same),
    Rule("before", "за <lens> и за <lens>", lambda x, y: (*x, *y)),
    Rule("before", "за <lens> , за <lens>", lambda x, y: (*x, *y)),
    Rule("before", "за <lens> , за <lens> и за <lens>", lambda x, y, z: (*x, *y, *z)),
    Rule("remind", "<remindverb> мне|меня|нам|нас? об|про? этом|это?", b.const(True)),
    Rule(
        "remindverb",
        "и? напомни|напомните|напоминать|напоминай|предупреди|предупредите|напомнить|предупредить|пни|пингани|маякни",
        b.const(True),
    ),
    Rule("remindverb", "и? дай|дайте знать", b.const(True)),
    Rule("part", "<remind> накануне", b.const(Leads((86_400,)))),
    Rule("part", "<remind> <dins> накануне", b.const(Bad())),
    Rule("part", "<remind> накануне <dins>", b.const(Bad())),
    Rule("part", "без напоминания|напоминаний|напоминалки|уведомления|уведомлений", b.const(Silent())),
    Rule("part", "не напоминай|напоминайте мне|нам?", b.const(Silent())),
    Rule("part", "напоминать|напоминание|напоминания не надо|нужно", b.const(Silent())),
    Rule("part", "не надо|нужно напоминать|напоминания|напоминаний", b.const(Silent())),
    Rule("aside", "<remind>? <before> до <occasion>", lambda _, found, __: b.leads(found)),
    Rule("remind", "с? напоминалка|напоминалку|напоминалкой|пуш|пушем", b.const(True)),
    Rule("remind", "с? напоминание|напоминанием|напоминания|уведомление|уведомлением|уведомления :?", b.const(True)),
    Rule("beforeit", "до этого|начала|события|того?", b.const(True)),
    Rule("beforeit", "заранее|вперед", b.const(True)),
    Rule("part", "<before> <remind>", lambda found, _: b.leads(found)),
    Rule("part", "<remind> <before> <beforeit>?", lambda _r, found, _b: b.leads(found)),
    Rule("part", "<before> <beforeit>", lambda found, _: b.leads(found)),
    Rule("part", "<before>", _short_leads),
    Rule("part", "<remind>? <lens> заранее", lambda _, found: b.leads(found)),
    Rule("part", "<remind>? заранее ,? <before>", lambda _, found: b.leads(found)),
)
_REST = (
    Rule("part", "<zone>", b.same),
    Rule("zone", "по <city> времени?", b.same),
    Rule("zone", "<city> времени", b.same),
    Rule("zone", "( по? <city> времени? )", b.same),
    Rule("zone", "время по? <city>", b.same),
    Rule("zone", "по времени <city>", b.same),
    Rule("zone", "по? <tzabbr>", Zone),
    Rule("part", "по местному времени", b.const(Filler(anywhere=True))),
    Rule("zone", "( <tzabbr> )", Zone),
    Rule("part", "<urgent>", b.const(Important())),
    Rule("part", "( <urgent> )", b.const(Important())),
    Rule("part", "это? очень|крайне|супер? <urgent>", b.const(Important())),
    Rule("urgent", "важно|срочно|важное|срочное|асап|asap", b.const(True)),
    Rule("keep", "не очень? важно|срочно", b.const(True)),
    Rule("part", "скоро|попозже|позже|сейчас|щас|потом $", b.const(Sometime())),
    Rule("part", "сегодня позже|попозже", b.const((Offset(0), Sometime()))),
    Rule("part", "позже|попозже сегодня", b.const((Offset(0), Sometime()))),
    Rule("part", "прямо сейчас", b.const(Sometime())),
    Rule("part", "как можно скорее|быстрее", b.const(Sometime())),
    Rule("keep", "план|планы|меню|бюджет|прогноз|список|расписание на <one>", b.const(True)),
    Rule("keep", "план|планы|меню|прогноз|расписание на завтра|сегодня", b.const(True)),
    Rule("keep", "понедельник - день тяжелый", b.const(True)),
    Rule("keep", "понедельник день тяжелый", b.const(True)),
    # Days that never come.
    Rule("part", "после дождичка в четверг", b.const(Bad())),
    Rule("part", "<int> мартобря", b.const(Bad())),
    Rule("feast", "новогодний|новогодняя|новогоднее|новогодние|новогоднюю", b.const(MonthDay(31, 12))),
    Rule("keep", "днем рождения", b.const(True)),
    Rule("keep", "один|одна|1 на один|одна|1", b.const(True)),
    Rule("keep", "<int> на|х|x <int>", b.const(True)),
    Rule("keep", "версия|версии|версию|версией|глава|главу|пункт|раздел <dots2>", b.const(True)),
    Rule("keep", "с днем рождения", b.const(True)),
    Rule("keep", "черная|черную|черной пятница|пятницу|пятницы", b.const(True)),
    Rule("keep", "среда|среды|среду|среде|средой обитания", b.const(True)),
    Rule("keep", "окружающая|окружающей|окружающую среда|среды|среду", b.const(True)),
)
RU = Language(
    code="ru",
    script="cyrillic",
    words=WORDS,
    rules=COMMON + REPEATS + _CLOCKS + _DATES + _LENGTHS + _REST + REQUESTS,
    weak=frozenset("среда мар сен май март".split()),
    typed=frozenset(
        word
        for group in (WEEKDAYS, WEEKDAYS_PLURAL, MONTHS)
        for words in group
        for word in words.split()
        if len(word) > 4
    )
    | {"сегодня", "завтра", "послезавтра"},
    not_typos=frozenset("среди завтрак четверо марка марки марку средой субботник пятничный средства".split()),
    suffixes=frozenset(
        "ч час часа часов мин м минут минуты сек д дн дня дней "
        "го ого его е ое й ый ой ий я ая ю ую г года ти ть мь ми х am pm".split()
    ),
    measures=frozenset(
        "км кг г гр л мл м см мм человек человека чел шт штук штуки руб рублей рубля р долларов евро % процентов "
        "страниц страницы билет билета билетов гб мб тыс тысяч этаж этаже этажа квартира квартире кабинет кабинете "
        "числа число "
        "кабинета подъезд подъезде класс классе комната комнате комнату аудитория аудитории вагон вагоне палата палате "
        "персон персоны персону гостей мест места номер номере доме корпусе ряду ряд глава серия серии".split()
    ),
    joints_before=frozenset("и , - : ; ( @".split()),
    joints_after=frozenset("и , - : ; . ) что чтобы о об обо про насчет".split()),
    clock24=True,
    order="dmy",
    small_names=True,
    introduce=frozenset({"в", "во", "к"}),
    named=frozenset({"таймер"}),
    ahead="заранее",
    lasting="длительностью",
)
