"""What a promise's alert says, in each tier: how many of what were bad, what was promised, how long that can go on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner import promises
from planner.model import DAY, HOUR, MINUTE, SECOND
from planner.slo.alerts import Rule, rules
from planner.slo.generate import alerting
from planner.slo.lengths import last, spelled
from planner.slo.objectives import Links, Slo

PROMISES = {slo.id: slo for slo in promises.load().slos}


def rule(slo: Slo, tier: str) -> Rule:
    (found,) = [one for one in rules(slo) if one.tier == tier]
    return found


def said(slo: str, tier: str, bad: int, among: int) -> tuple[str, str, str]:
    of = rule(PROMISES[slo], tier)
    told = alerting.said_of(of, alerting.figures(of, bad, among))
    return told["subject"], told["summary"], told["description"]


@pytest.mark.parametrize(
    ("slo", "tier", "bad", "among", "expected"),
    [
        ("reminders", "fast", 7, 10, (
            "On-time reminders: too many bad within 1h",
            "On-time reminders: 7 of 10 bad within 1h",
            ("Bad in the last hour: 7 of 10 reminders (70%). Promised: 99% good over 7 days. At this pace the error"
            " budget is gone in less than 50 hours."),
        )),
        ("feeds", "medium", 1, 1, (
            "Calendars fresh: too many bad within 6h",
            "Calendars fresh: 1 of 1 bad within 6h",
            ("Bad in the last 6 hours: 1 of 1 minute of a calendar (100%). Promised: 95% good over 7 days. At this pace"
            " the error budget is gone in less than 5 days."),
        )),
        ("feeds", "slow", 400, 2880, (
            "Calendars fresh, early notice: too many bad within 1d",
            "Calendars fresh, early notice: 13.89% bad within 1d",
            ("Bad in the last day: 400 of 2880 minutes of a calendar (13.89%). Promised: 95% good over 7 days. This is"
            " an early notice, before it is broken."),
        )),
        ("probes", "outage", 3, 8, (
            "Synthetic reminders: too many bad within 15m",
            "Synthetic reminders: 3 of 8 bad within 15m",
            ("Bad in the last 15 minutes: 3 of 8 synthetic reminders (37.5%). Promised: 95% good over 7 days. At this"
            " pace the error budget is gone in less than 34 hours."),
        )),
        ("up", "below", 200, 10_080, (
            "Planner up: too many bad within 7d",
            "Planner up: 1.984% bad within 7d",
            ("Bad in the last 7 days: 200 of 10080 minutes (1.984%). Promised: 99.5% good over 7 days; this is told"
            " below 99%."),
        )),
    ],
)  # fmt: skip
def test_each_tier_says_what_a_person_asks(
    slo: str, tier: str, bad: int, among: int, expected: tuple[str, str, str]
) -> None:
    assert said(slo, tier, bad, among) == expected


def test_nothing_that_changes_stands_in_what_names_an_alert_at_its_end() -> None:
    every = [one for slo in PROMISES.values() for one in rules(slo)]
    subjects = [alerting.said_of(one, alerting.templates(one))["subject"] for one in every]
    assert not [one for one in subjects if "{" in one]
    assert len(set(subjects)) == len(every)
    assert "{" not in alerting.stale_annotations("{{ $value }}", Links())["summary"]


@pytest.mark.parametrize(
    ("one", "several"),
    [
        *((slo.counted, None) for slo in PROMISES.values()),
        ("minute of a calendar", "minutes of a calendar"),
        ("entry", "entries"),
        ("day", "days"),
        ("y", "ies"),
        ("box of tea", "boxes of tea"),
        ("batch", "batches"),
    ],
)
def test_what_is_counted_is_said_of_several(one: str, several: str | None) -> None:
    head, of, rest = one.partition(" of ")
    assert alerting.plural(one) == (f"{head}s{of}{rest}" if several is None else several)


@pytest.mark.parametrize(
    ("length_ms", "over", "in_the"),
    [(DAY, "1 day", "day"), (24 * HOUR, "1 day", "day"), (7 * DAY, "7 days", "7 days"), (HOUR, "1 hour", "hour"),
     (90 * SECOND, *["90 seconds"] * 2), (MINUTE, "1 minute", "minute"), (11 * SECOND, *["11 seconds"] * 2)],
)  # fmt: skip
def test_lengths_are_said_in_words(length_ms: int, over: str, in_the: str) -> None:
    assert (spelled(length_ms), last(length_ms)) == (over, in_the)


def test_where_there_is_no_grafana_alerts_lead_to_none() -> None:
    slo = replace(PROMISES["up"], links=Links("https://example.org", ""))
    one = rule(slo, "fast")
    told = (alerting.said_of(one, alerting.templates(one)), alerting.absent_annotations(slo),
            alerting.stale_annotations("1h", slo.links))  # fmt: skip
    assert all("dashboard_url" not in annotations for annotations in told)
    assert all(annotations["runbook_url"].startswith("https://example.org/") for annotations in told)
