"""How often and on which days a recurrence rule comes, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from planner.render import names
from planner.render.names import Noun, listed
from planner.render.plainer import one_time
from planner.render.words import Words
from planner.rrule import Freq, Rule

_RUN = 4
"""So many numbers in a row are said as the first to the last."""


def picked(words: Words, rule: Rule) -> tuple[str, list[str]] | None:
    """``every month on the last weekday``: BYSETPOS where it picks one of the days that BYDAY names."""
    by_day = rule.by_day and not any(which for _, which in rule.by_day)
    simple = by_day and one_time(rule) and not rule.by_month_day and not rule.by_year_day
    if not (rule.by_set_pos and simple) or rule.freq not in (Freq.YEARLY, Freq.MONTHLY):
        return None
    if rule.freq is Freq.YEARLY and len(rule.by_month) > 1:
        return None
    noun = names.counted_days(words, sorted({day for day, _ in rule.by_day}))
    on = _on_the(words, rule.by_set_pos, noun)
    monthly = rule.freq is Freq.MONTHLY
    if monthly and (rule.interval > 1 or not rule.by_month):
        return f"{_every(words, rule)} {on}", _in_months(words, rule)
    period = _months_of(words, rule) or words.c("of", "the year")
    return f"{_every(words, replace(rule, freq=Freq.YEARLY))} {_of(words, on, period)}", []


def days(words: Words, rule: Rule) -> tuple[str, list[str]]:
    """How often and on which days; and what else must hold of them."""
    every, weekdays, dates, months = (
        _every(words, rule),
        _weekdays(words, rule),
        _dates(words, rule),
        _in_months(words, rule),
    )
    match rule.freq:
        case Freq.YEARLY:
            return _yearly(words, rule)
        case Freq.MONTHLY:
            on = dates + weekdays
            return " ".join((every, *on[:1])), on[1:] + months
        case Freq.WEEKLY if rule.interval == 1:
            return " ".join((_weekly(words, rule), *months)), []
        case Freq.WEEKLY:
            return " ".join((every, *weekdays)), dates + months
        case Freq.DAILY if rule.interval == 1:
            return " ".join((every, *months)), []
    return every, weekdays + dates + months


def _yearly(words: Words, rule: Rule) -> tuple[str, list[str]]:
    every, weekdays, months = _every(words, rule), _weekdays(words, rule), _in_months(words, rule)
    if rule.by_year_day:
        day = _of(words, _on_the(words, rule.by_year_day, names.any_day(words)), words.c("of", "the year"))
        return f"{every} {day}", weekdays + _dates(words, rule) + months
    if rule.by_month_day:
        return f"{every} {_dates_in_year(words, rule)}", weekdays
    return " ".join((every, *(_weekdays(words, rule, in_months=True) or months))), []


def _every(words: Words, rule: Rule) -> str:
    every = rule.interval
    match rule.freq:
        case Freq.HOURLY:
            return words.n("every {n} hour", "every {n} hours", every) if every > 1 else words.t("every hour")
        case Freq.DAILY:
            return words.n("every {n} day", "every {n} days", every) if every > 1 else words.t("every day")
        case Freq.WEEKLY:
            return words.n("every {n} week", "every {n} weeks", every) if every > 1 else words.t("every week")
        case Freq.MONTHLY:
            return words.n("every {n} month", "every {n} months", every) if every > 1 else words.t("every month")
    return words.n("every {n} year", "every {n} years", every) if every > 1 else words.t("every year")


def _weekly(words: Words, rule: Rule) -> str:
    days = sorted({day for day, _ in rule.by_day})
    if not days:
        return words.t("every week")
    if days == [0, 1, 2, 3, 4]:
        return words.t("every weekday")
    if len(days) == 7:
        return words.t("every day")
    return words.t("every {weekdays}", weekdays=listed(words, [names.weekdays_every(words)[day] for day in days]))


def _weekdays(words: Words, rule: Rule, *, in_months: bool = False) -> list[str]:
    """``on Mondays and on the first Friday``, nothing without BYDAY; ``in_months`` adds of or in which months."""
    said = []
    if every := sorted({day for day, which in rule.by_day if not which}):
        on = words.t("on {weekdays}", weekdays=listed(words, [names.weekdays_on(words)[day] for day in every]))
        if every == [0, 1, 2, 3, 4]:
            on = words.t("on weekdays")
        said.append(" ".join((on, *(_in_months(words, rule) if in_months else ()))))
    of = _months_of(words, rule) if in_months else ""
    if rule.freq is Freq.YEARLY and not rule.by_month:
        of = words.c("of", "the year")
    for day, noun in enumerate(names.weekdays(words)):
        if which := {number for weekday, number in rule.by_day if weekday == day and number}:
            on = _on_the(words, which, noun)
            said.append(_of(words, on, of) if of else on)
    return [listed(words, said)] if said else []


def _dates(words: Words, rule: Rule) -> list[str]:
    """``on the 1st and 15th and on the last day``, nothing without BYMONTHDAY."""
    said = []
    if days := sorted(day for day in rule.by_month_day if day > 0):
        said.append(words.t("on the {days}", days=_runs(words, days, lambda day: names.day_of_month(words, day))))
    if from_end := [day for day in rule.by_month_day if day < 0]:
        on = _on_the(words, from_end, names.any_day(words))
        said.append(_of(words, on, words.c("of", "the month")) if rule.freq in (Freq.WEEKLY, Freq.DAILY) else on)
    return [listed(words, said)] if said else []


def _dates_in_year(words: Words, rule: Rule) -> str:
    """``on 8 March``, ``on the 1st and 15th of March and June``, ``on the last day of every month``."""
    months, days = _months_of(words, rule), sorted(rule.by_month_day)
    if not months:
        return _of(words, "".join(_dates(words, rule)), words.c("of", "every month"))
    if days[0] < 0:
        return _of(words, "".join(_dates(words, rule)), months)
    if len(rule.by_month) == 1:
        return words.t("on {days} {month}", days=_runs(words, days, str), month=months)
    return words.t(
        "on the {days} of {months}", days=_runs(words, days, lambda day: names.day_of_month(words, day)), months=months
    )


def _of(words: Words, days: str, period: str) -> str:
    return words.t("{days} of {period}", days=days, period=period)


def _months_of(words: Words, rule: Rule) -> str:
    return listed(words, [names.months_of(words)[month - 1] for month in sorted(rule.by_month)])


def _in_months(words: Words, rule: Rule) -> list[str]:
    months = listed(words, [names.months_in(words)[month - 1] for month in sorted(rule.by_month)])
    return [words.t("in {months}", months=months)] if months else []


def _on_the(words: Words, numbers: Iterable[int], noun: Noun) -> str:
    """``on the first and last Monday``."""
    numbers = names.from_the_end_last(numbers)
    which = _runs(words, numbers, lambda number: names.ordinal(words, number, noun.gender))
    if numbers[0] == 2:
        return words.c("second", "on the {which} {noun}", which=which, noun=noun.text)
    return words.t("on the {which} {noun}", which=which, noun=noun.text)


def _runs(words: Words, numbers: Sequence[int], say: Callable[[int], str]) -> str:
    """``1st, 3rd and 10th to 20th``."""
    said = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        row = [number for _, number in run]
        if len(row) < _RUN:
            said += [say(number) for number in row]
        else:
            said.append(words.c("a run of days", "{first} to {last}", first=say(row[0]), last=say(row[-1])))
    return listed(words, said)
