"""What promtool is asked of Prometheus' rules is what the process' own alerts do on the same history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planner import promises
from planner.slo.alerts import Alert, Rule, State, rules, step
from planner.slo.generate import files
from planner.slo.generate.cases import Case, cases
from planner.slo.lengths import read
from planner.slo.objectives import SloError
from planner.slo.reading import read_slos
from planner.slo_commands.generate import write
from tools import promtool

OURS = promises.load()
RULES = [rule for slo in OURS.slos for rule in rules(slo)]
ODD = """
[tier.odd]
long = "100m"
short = "7m"
budget = 0.037
severity = "critical"
keep = "11m"

[slo.reminders]
name = "Odd"
description = "Odd numbers everywhere."
owner = "host"
counted = "reminder"
objective = 0.913
window = "10d"
alert_below = 0.71
tiers = ["odd"]
min_bad = 1
page_min_bad = 1
careful_below = 0.25
impact = "None."
policy = "None."
runbook = "stack/runbooks/slo-reminders.md"
metric = "planner.sli.events"
"""


def seen(rule: Rule, case: Case) -> Iterator[Alert | None]:
    """What the process has of an alert at each step."""
    alert = None
    for at in range(case.history.length):
        holds = rule.holds(lambda window, at=at: case.history.counted(at, window))
        alert = step(rule, alert, at * case.history.step_ms, holds=holds)
        yield alert


@pytest.mark.parametrize("rule", [*RULES, *rules(read_slos(ODD).slos[0])], ids=lambda rule: rule.name)
def test_the_process_fires_where_promtool_expects_it(rule: Rule) -> None:
    agrees(rule)


@pytest.mark.parametrize("waits", ["1s", "7m", "10m", "100m"])
def test_what_waits_fires_where_promtool_expects_it(waits: str) -> None:
    given = read_slos(ODD.replace("[slo.", f'for = "{waits}"\n[slo.', 1))
    (waiting, _) = rules(given.slos[0])
    assert waiting.for_ms == read(waits)
    agrees(waiting)
    assert any(f'for: "{waits}"' in text or f"for: {waits}" in text for text in files(given).values())


def agrees(rule: Rule) -> None:
    """But for how long an alert is kept: Prometheus counts from the first look at which it no longer holds."""
    for case in cases(rule):
        alerts = list(seen(rule, case))
        for look in case.looks:
            alert = alerts[look.step]
            firing = alert is not None and alert.state is State.FIRING
            ending = "kept" in case.what and look.step == case.looks[-2].step
            assert ending or firing == (look.fires is not None), (case.what, look)
            if look.fires is not None and "kept" not in case.what:
                assert case.history.counted(look.step, rule.long_ms) == look.fires, case.what


@st.composite
def odd_files(draw: st.DrawFn) -> str:
    """Any that is read, of windows that no two tests share."""
    short = draw(st.integers(10, 4_999))
    long = draw(st.integers(2 * short, min(60 * short, 9_999)))
    objective = draw(st.integers(500, 999)) / 1_000
    share = draw(st.floats(0.001, 0.9)) * min(1, long / 9_999 / (1 - objective))
    text = ODD.replace("100m", f"{long}s").replace('"7m"', f'"{short}s"').replace("0.037", f"{max(share, 1e-4):.6f}")
    text = text.replace("10d", draw(st.sampled_from(["9999s", f"{max(long, 4_000)}s", "3h"])))
    return text.replace("0.913", str(objective)).replace("0.71", "0.4").replace('"11m"', f'"{draw(lengths)}"')


lengths = st.builds("{}{}".format, st.integers(1, 90), st.sampled_from("smh"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(odd_files())
def test_whatever_can_be_read_is_generated_and_its_tests_agree_with_the_process(text: str) -> None:
    try:
        odd = read_slos(text.replace("[slo.", "early = true\n[slo.", 1))
    except SloError as error:
        assume("never fire" not in str(error) and "further than" not in str(error) and "keeps" not in str(error))
        raise
    assert files(odd)
    for rule in rules(odd.slos[0]):
        agrees(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_alert_is_tested_where_it_fires_where_not_and_at_the_edge(rule: Rule) -> None:
    given = {case.what: case for case in cases(rule)}
    fires = [look for case in given.values() for look in case.looks if look.fires is not None]
    quiet = [look for case in given.values() for look in case.looks if look.fires is None]
    assert len(fires) >= 2
    assert len(quiet) >= 2
    limit = given["exactly at the limit, and just above it"]
    good, bad = limit.history.counted(limit.looks[0].step, rule.long_ms)
    assert bad / (good + bad) == rule.limit
    few = given["all bad, one fewer than needed, and as many"]
    assert few.history.counted(few.looks[-2].step, rule.long_ms) == (0, rule.min_bad - 1)


def test_every_alert_that_is_generated_is_tested() -> None:
    given = files(OURS)
    tests = "".join(text for path, text in given.items() if path.startswith("tests/"))
    rules_files = [text for path, text in given.items() if path.endswith(".rules.yml")]
    names = {line.split(": ")[1] for text in rules_files for line in text.splitlines() if "- alert:" in line}
    assert len(names) >= 40
    for name in names:
        there = tests.split(f"alertname: {name}\n")[1:]
        assert sum("exp_alerts" in one.split("- alertname")[0] for one in there) >= 1, name
        assert sum("exp_alerts" not in one.split("- alertname")[0].split("- name")[0] for one in there) >= 2, name


@pytest.mark.skipif(promtool.PROMTOOL is None, reason="promtool is not installed: make check says so, too")
@pytest.mark.parametrize("waits", ["", 'for = "10m"'])
def test_odd_promises_are_tested_as_well(tmp_path: Path, waits: str) -> None:
    given = files(read_slos(ODD.replace("[slo.", f"{waits}\n[slo.", 1)))
    write(tmp_path, given, given)
    assert promtool.all_faults([tmp_path]) == []
