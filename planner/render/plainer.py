"""The same recurrence by the rule that is said most plainly: every day on Mondays is every Monday."""

from __future__ import annotations

from dataclasses import replace

from planner.rrule import Freq, Rule


def plainer(rule: Rule) -> Rule:
    """A rule with the very same occurrences, counted in the period that people would count in."""
    if rule.freq is Freq.HOURLY and rule.by_hour:  # its interval is 1, see planner.rrule
        return replace(rule, freq=Freq.DAILY)
    rule = _picked(rule)
    return replace(rule, freq=_freq(rule)) if rule.interval == 1 and not rule.by_set_pos else rule


def one_time(rule: Rule) -> bool:
    """Whether a day has one time only, so that picking a time is picking a day."""
    return len(rule.by_hour) < 2 and len(rule.by_minute) < 2


def week_matters(rule: Rule, started_on: int | None) -> bool:
    """Whether another first day of the week would give other occurrences. ``started_on``: the weekday, if known."""
    if rule.freq is not Freq.WEEKLY or (rule.interval == 1 and not rule.by_set_pos):
        return False
    if rule.by_set_pos or rule.by_month_day:
        return rule.week_start > 0
    days = {day for day, _ in rule.by_day} | ({started_on} if started_on is not None else set())
    return any(day < rule.week_start for day in days) and any(day >= rule.week_start for day in days)


def _picked(rule: Rule) -> Rule:
    """In a week, the first of Monday and Friday is Monday."""
    if rule.freq is not Freq.WEEKLY or not rule.by_set_pos or rule.by_month or rule.by_month_day or not one_time(rule):
        return rule
    days = sorted({day for day, _ in rule.by_day}, key=lambda day: (day - rule.week_start) % 7)
    places = {place - 1 if place > 0 else len(days) + place for place in rule.by_set_pos}
    kept = sorted(days[place] for place in places if 0 <= place < len(days))
    return replace(rule, by_day=tuple((day, 0) for day in kept), by_set_pos=()) if kept else rule


def _freq(rule: Rule) -> Freq:
    counted = any(which for _, which in rule.by_day)
    if rule.by_year_day or (counted and rule.freq is Freq.YEARLY):
        return Freq.YEARLY
    if counted or rule.by_month_day:
        return Freq.YEARLY if rule.by_month else Freq.MONTHLY
    if rule.by_day:
        return Freq.WEEKLY
    return Freq.YEARLY if rule.freq is Freq.MONTHLY and rule.by_month else rule.freq
