"""When a promise's alert holds, and what becomes of it from one look to the next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner import promises
from planner.model import DAY, HOUR, MINUTE
from planner.slo.alerts import Alert, Rule, State, rules, step
from planner.slo.objectives import Severity

SLOS = {slo.id: slo for slo in promises.load().slos}
FAST = next(rules(SLOS["reminders"]))
NOW = 1_800_000_000_000


def counts(**windows: tuple[int, int]):
    by_length = {"short": FAST.short_ms, "long": FAST.long_ms}
    return {by_length[name]: count for name, count in windows.items()}.__getitem__


def holds(rule: Rule = FAST, **windows: tuple[int, int]) -> bool:
    return rule.holds(counts(**windows))


def test_every_promise_has_an_alert_a_tier_and_one_for_its_own_window() -> None:
    found = list(rules(SLOS["reminders"]))
    assert [rule.tier for rule in found] == ["fast", "medium", "slow", "below"]
    assert [rule.name for rule in found] == [
        "PlannerRemindersFastBurn", "PlannerRemindersMediumBurn", "PlannerRemindersSlowBurn", "PlannerRemindersBelow",
    ]  # fmt: skip
    assert [rule.id for rule in found] == ["reminders/fast", "reminders/medium", "reminders/slow", "reminders/below"]
    assert [rule.windows for rule in found] == [
        (HOUR, 5 * MINUTE), (6 * HOUR, 30 * MINUTE), (DAY, HOUR), (7 * DAY,),
    ]  # fmt: skip


def test_limits_are_the_burn_rate_times_the_budget() -> None:
    assert [rule.limit for rule in rules(SLOS["reminders"])] == [0.0336, 0.014, 0.007, 0.02]
    assert [rule.limit for rule in rules(SLOS["syncs"])] == [0.168, 0.07, 0.035, 0.05]


def test_a_page_needs_more_than_a_warning() -> None:
    slo = replace(SLOS["reminders"], min_bad=2, page_min_bad=3)
    assert [(rule.severity, rule.min_bad) for rule in rules(slo)] == [
        (Severity.CRITICAL, 3), (Severity.CRITICAL, 3), (Severity.WARNING, 2), (Severity.WARNING, 2),
    ]  # fmt: skip


def test_who_is_not_to_be_woken_is_warned() -> None:
    slo = replace(SLOS["reminders"], min_bad=2, page_min_bad=3, pages=False)
    assert {(rule.severity, rule.min_bad) for rule in rules(slo)} == {(Severity.WARNING, 2)}


def test_each_tier_says_how_long_it_is_kept_and_whether_it_is_early() -> None:
    slo = SLOS["reminders"]
    assert [rule.keep_ms for rule in rules(slo)] == [*(tier.keep_ms for tier in slo.tiers), HOUR]
    assert [rule.for_ms for rule in rules(slo)] == [0] * 4
    assert [rule.early for rule in rules(slo)] == [False, False, True, False]


@pytest.mark.parametrize(
    ("long", "short", "expected"),
    [
        ((0, 3), (0, 1), True),
        ((0, 2), (0, 2), False),
        ((1208, 42), (0, 1), False),
        ((1207, 42), (0, 1), True),
        ((0, 50), (1208, 42), False),
        ((0, 50), (1207, 42), True),
        ((0, 50), (0, 0), False),
        ((0, 0), (0, 0), False),
        ((50, 0), (5, 0), False),
    ],
)
def test_it_holds_above_its_limit_in_both_windows_with_enough_that_is_bad(
    long: tuple[int, int], short: tuple[int, int], expected: bool
) -> None:
    assert holds(long=long, short=short) is expected


def test_one_bad_thing_is_enough_where_one_is_asked_for() -> None:
    assert holds(replace(FAST, min_bad=1), long=(0, 1), short=(0, 1))


def looked(rule: Rule, *held: bool, every_ms: int = MINUTE) -> list[Alert | None]:
    found: list[Alert | None] = []
    alert = None
    for number, one in enumerate(held):
        alert = step(rule, alert, NOW + number * every_ms, holds=one)
        found.append(alert)
    return found


def states(rule: Rule, *held: bool) -> list[State | None]:
    return [alert and alert.state for alert in looked(rule, *held)]


P, F, R, INACTIVE = State.PENDING, State.FIRING, State.RESOLVED, State.INACTIVE
KEPT = replace(FAST, keep_ms=2 * MINUTE)
WAITING = replace(KEPT, for_ms=2 * MINUTE)


def test_it_fires_at_once_and_is_kept_for_a_while() -> None:
    assert states(KEPT, False, True, False, False, False) == [None, F, F, R, None]


def test_it_is_kept_from_when_it_last_held() -> None:
    assert states(KEPT, True, False, True, False, False) == [F, F, F, F, R]


def test_it_waits_as_long_as_it_is_told_to() -> None:
    assert states(WAITING, True, True, True, False) == [P, P, F, F]


def test_what_does_not_last_does_not_fire() -> None:
    assert states(WAITING, True, True, False, True, True, True) == [P, P, INACTIVE, P, P, F]


def test_what_comes_again_is_another_one() -> None:
    found = looked(replace(KEPT, keep_ms=0), True, False, True)
    assert [alert and alert.state for alert in found] == [F, R, F]
    assert [alert and alert.fired_at for alert in found] == [NOW, NOW, NOW + 2 * MINUTE]
    assert [alert and alert.resolved_at for alert in found] == [None, NOW + MINUTE, None]


def test_its_instants_are_kept() -> None:
    alert = looked(WAITING, True, True, True, True)[-1]
    assert alert == Alert(F, NOW, NOW + 3 * MINUTE, NOW + 2 * MINUTE)
    assert alert.open


def test_a_clock_that_was_ahead_prolongs_nothing() -> None:
    ahead = step(KEPT, None, NOW + 30 * DAY, holds=True)
    back = step(KEPT, ahead, NOW, holds=False)
    assert back == Alert(F, NOW, NOW, NOW)
    assert step(KEPT, back, NOW + 2 * MINUTE, holds=False) == Alert(R, NOW, NOW, NOW, NOW + 2 * MINUTE)
    waiting = step(WAITING, step(WAITING, None, NOW + 30 * DAY, holds=True), NOW, holds=True)
    assert waiting == Alert(P, NOW, NOW)
    assert step(WAITING, waiting, NOW + 2 * MINUTE, holds=True) == Alert(F, NOW, NOW + 2 * MINUTE, NOW + 2 * MINUTE)


def test_what_is_over_is_not_open() -> None:
    assert [Alert(state, NOW, NOW).open for state in (P, F, R, INACTIVE)] == [True, True, False, False]
