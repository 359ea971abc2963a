"""What is simulated is what the planner does: the same rules, looked at in the same rhythm; and a quiet year."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner import alerts, probing, promises
from planner.model import DAY, HOUR, MINUTE, SECOND
from planner.slo.alerts import Rule, State, rules, step
from planner.slo.objectives import Severity
from planner.slo.simulate import peers, traffic, watchers, year
from planner.slo.simulate.ledger import Ledger, Verdict
from planner.slo.simulate.play import EVERY_MS, Firing, play
from planner.slo.simulate.scenarios import Scenario, dead, failing, single, standard, unreachable
from planner.slo.simulate.timeline import ledgers, timeline
from planner.slo.simulate.traffic import Traffic

SLOS = promises.load().slos
REMINDERS = SLOS[0]
ROOT = Path(__file__).parents[2]
BEGIN = 20_000 * DAY + 10 * HOUR
QUIET = Traffic()


def looked_at(rule: Rule, ledger: Ledger, until: int) -> list[Firing]:
    """The rule as the planner looks at it: every ten seconds, one step after the other."""
    found, alert = [], None
    for now in range(0, until, EVERY_MS):
        before = alert
        alert = step(rule, alert, now, holds=rule.holds(lambda window, at=now: ledger.counts(at, window)))
        if alert is not None and alert.state is State.RESOLVED and before is not None and before.open:
            found.append(Firing(rule, alert.pending_at, alert.fired_at or 0, alert.resolved_at or 0))
    return found


instants = st.integers(0, 150).map(lambda number: number * EVERY_MS) | st.integers(0, 25 * MINUTE)
verdicts = st.lists(st.builds(Verdict, instants, st.booleans()), min_size=1, max_size=60)
made_up = st.builds(
    Rule,
    st.just(REMINDERS),
    st.just("fast"),
    st.just(Severity.CRITICAL),
    st.sampled_from([2 * MINUTE, 5 * MINUTE, 7 * MINUTE + 3 * SECOND]),
    st.sampled_from([None, MINUTE, 90 * SECOND]),
    st.sampled_from([0.0, 0.2, 0.5, 0.99]),
    st.integers(1, 4),
    st.sampled_from([0, 20 * SECOND, MINUTE, 25 * SECOND]),
    st.sampled_from([0, 20 * SECOND, MINUTE]),
)


KEPT = Rule(REMINDERS, "fast", Severity.CRITICAL, 2 * MINUTE, None, 0.0, 1, keep_ms=MINUTE)


@example(KEPT, [Verdict(0, bad=True), Verdict(2 * MINUTE - EVERY_MS + MINUTE, bad=True)])
@settings(max_examples=150, deadline=None)
@given(made_up, verdicts)
def test_a_played_rule_fires_when_one_that_is_looked_at_every_ten_seconds_does(
    rule: Rule, history: list[Verdict]
) -> None:
    ledger = Ledger(history)
    assert play(rule, ledger) == looked_at(rule, ledger, 50 * MINUTE)


def told(scenario: Scenario, seed: int = 1) -> list[str]:
    kept = ledgers(scenario, SLOS, QUIET, Random(seed))
    return [line.alert for line in timeline(scenario, SLOS, kept)]


def test_one_bad_reminder_in_a_quiet_week_wakes_nobody() -> None:
    for seed in range(5):
        assert told(single(BEGIN), seed) == []


def test_what_a_quiet_service_tells_of_an_outage_is_its_own_probes_and_the_heartbeats_receiver() -> None:
    assert told(unreachable(BEGIN, 2 * HOUR))[:2] == ["heartbeat says: failing", "PlannerProbesOutageBurn"]


def test_of_a_dead_process_others_tell_and_it_does_itself_when_it_is_back() -> None:
    lines = timeline(dead(BEGIN, 2 * HOUR), SLOS, ledgers(dead(BEGIN, 2 * HOUR), SLOS, QUIET, Random(1)))
    while_dead = [line for line in lines if line.at < BEGIN + 2 * HOUR]
    assert [line.alert for line in while_dead] == ["no heartbeat", "PlannerDown"]
    assert "PlannerUpFastBurn" in {line.alert for line in lines if line.at >= BEGIN + 2 * HOUR}


def test_after_a_day_of_death_the_planner_counts_by_when_it_was_due_and_prometheus_by_when_it_was_known() -> None:
    scenario = dead(BEGIN, DAY)
    lines = timeline(scenario, SLOS, ledgers(scenario, SLOS, QUIET, Random(1)))
    by = {line.alert: line.by for line in lines if line.at >= scenario.end}
    assert by["PlannerRemindersFastBurn"] == watchers.STACK, "no hour of a quiet day has three reminders"
    assert by["PlannerUpFastBurn"] == by["PlannerRemindersBelow"] == watchers.BOTH


def test_lost_telemetry_is_no_broken_promise() -> None:
    (blind,) = [one for one in standard(BEGIN, 2 * HOUR, 0.3) if one.name == "blind"]
    assert told(blind) == ["PlannerDown"]


@pytest.mark.parametrize("scenario", standard(BEGIN, 2 * HOUR, 0.3), ids=lambda one: one.name)
def test_each_scenario_is_the_same_for_the_same_seed(scenario: Scenario) -> None:
    assert told(scenario, 7) == told(scenario, 7)


def test_a_year_at_half_a_percent_wakes_somebody_twice_at_most_and_peers_far_more_often() -> None:
    found = {one.rules: one for one in year.alarms(SLOS, QUIET, 0.005, [3])}
    assert found[year.ALL].pages <= 2
    for name in peers.PEERS:
        assert found[name].pages >= 10


@pytest.mark.parametrize("make", [dead, unreachable])
def test_an_outage_is_paged_within_ten_minutes_by_day_and_by_night(make: type[dead]) -> None:
    ways = [make(at, HOUR) for at in year.starts(20_000 * DAY, 8)]
    for paged in year.outages(ways, SLOS, QUIET, Random(1)).values():
        assert {one.by_day for one in paged} == {True, False}
        assert all(one.after is not None and one.after <= 10 * MINUTE for one in paged)


def test_budget_gone_is_what_was_bad_of_what_may_be() -> None:
    ledger = Ledger([Verdict(number * MINUTE, bad=number < 3) for number in range(200)])
    assert ledger.spent(REMINDERS, 200 * MINUTE) == pytest.approx(3 / 200 / 0.01)
    assert ledger.spent(REMINDERS, 30 * DAY) is None


def test_a_share_that_fails_is_that_share() -> None:
    scenario = failing(0.3, BEGIN, 24 * HOUR)
    ledger = ledgers(scenario, [slo for slo in SLOS if slo.id == "probes"], QUIET, Random(5))["probes"]
    good, bad = ledger.counts(BEGIN + 24 * HOUR, 24 * HOUR)
    assert bad / (good + bad) == pytest.approx(0.3, abs=0.05)


def test_every_rule_has_windows_that_lie_within_what_was_well_before() -> None:
    month = replace(REMINDERS, id="month", window_ms=30 * DAY)
    for slos in (SLOS, (*SLOS, month)):
        kept = ledgers(single(BEGIN), slos, QUIET, Random(1))
        longest = max(rule.long_ms for slo in slos for rule in rules(slo))
        assert kept["up"].times[0] <= BEGIN - longest + MINUTE


def test_the_watchers_wait_as_long_as_is_written_elsewhere() -> None:
    rules_by_hand = yaml.safe_load((ROOT / "stack" / "prometheus" / "process.rules.yml").read_text())
    (down,) = [one for one in rules_by_hand["groups"][0]["rules"] if one["alert"] == "PlannerDown"]
    assert f"> {(watchers.DOWN_MS - MINUTE) // SECOND}" in down["expr"]
    assert down["for"] == "1m"
    advised = (ROOT / "docs" / "observability.md").read_text()
    assert f"a grace of {watchers.GRACE_MS // MINUTE}" in advised


def test_it_is_looked_and_probed_as_often_as_the_planner_does() -> None:
    assert (EVERY_MS, traffic.PROBE_EVERY_MS) == (alerts.EVERY_MS, probing.EVERY_MS)


def test_of_a_single_bad_one_there_is_one_however_many_are_due_at_once() -> None:
    found = single(BEGIN).verdicts("reminders", [BEGIN - 1, BEGIN, BEGIN, BEGIN + 1], Random(1))
    assert [one.bad for one in found] == [False, True]
