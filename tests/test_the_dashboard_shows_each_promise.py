"""The *Promises* dashboard: it shows all of each promise, and says what the planner says itself.

What it has in common with the others is in ``tests/stack/test_dashboards_say_what_they_show.py``.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner import dashboards, promises
from planner.dashboards import promises as promised
from planner.model import DAY, SECOND
from planner.slo import budget
from planner.slo.generate import promql
from planner.slo.lengths import named
from planner.slo.objectives import DASHBOARD, Slo
from planner.slo.status import Standing, Status

PROMTOOL = shutil.which("promtool")
PROMISES = promises.load()
SLOS = {slo.id: slo for slo in PROMISES.slos}
BOARD: Any = json.loads(dashboards.files(PROMISES)["dashboards/promises.json"])
WINDOWS = [named(window) for window in dashboards.promises.shared_windows(PROMISES)]


def panels(board: Any = BOARD) -> Iterator[Any]:
    """All of them, those of folded rows too; rows are none."""
    for one in board["panels"]:
        if one["type"] == "row":
            yield from one["panels"]
        else:
            yield one


def row_of(slo: str) -> list[Any]:
    """The panels below a promise's heading."""
    place = next(index for index, one in enumerate(BOARD["panels"]) if one["title"] == SLOS[slo].name)
    if BOARD["panels"][place]["collapsed"]:
        return BOARD["panels"][place]["panels"]
    after = BOARD["panels"][place + 1 :]
    return after[: next((index for index, one in enumerate(after) if one["type"] == "row"), len(after))]


def test_each_promise_has_a_row_that_tells_all_of_it() -> None:
    for slo in SLOS:
        assert [(panel["type"], panel["title"]) for panel in row_of(slo)] == [
            ("stat", "Now"),
            ("stat", "Status"),
            ("bargauge", "Budget left"),
            ("stat", "Burn rate over $window"),
            ("stat", "Budget lasts"),
            ("stat", "May still fail"),
            ("timeseries", "The share over time"),
            ("timeseries", "Budget over time"),
            ("timeseries", "What came due within $window"),
            ("timeseries", "Burn history"),
            ("state-timeline", "Alerts over time"),
        ]
        expressions = " ".join(target["expr"] for panel in row_of(slo) for target in panel["targets"])
        assert set(re.findall(r'slo="(\w+)"', expressions)) == {slo}


def test_thresholds_are_those_of_slo_toml() -> None:
    for slo in SLOS.values():
        share, _, left, *_ = (steps(panel) for panel in row_of(slo.id))
        warned = [(slo.alert_below, "orange")] if slo.alert_below < slo.objective else []
        assert share == [(None, "red"), *warned, (slo.objective, "green")]
        assert left == [(None, "red"), (0, "orange"), (slo.careful_below, "green")]
        rate = {color: value for value, color in steps(row_of(slo.id)[3])}
        assert rate["red"] == pytest.approx(slo.tiers[0].factor(slo.window_ms))


def steps(panel: Any) -> list[tuple[float | None, str]]:
    found = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    values = [one["value"] for one in found[1:]]
    assert values == sorted(set(values)), panel["title"]
    return [(one["value"], one["color"]) for one in found]


def test_what_every_promise_has_to_say_stands_in_its_row() -> None:
    for slo in SLOS.values():
        told = " ".join(panel["description"] for panel in row_of(slo.id))
        for part in (slo.description, slo.policy, slo.impact, slo.runbook):
            assert part in told


def test_its_choices_are_real() -> None:
    assert BOARD["uid"] == DASHBOARD
    variables = {one["name"]: one for one in BOARD["templating"]["list"]}
    assert list(variables) == ["DS_PROMETHEUS", "instance", "window", "slo"]
    assert variables["window"]["query"].split(", ") == WINDOWS
    assert [one.rpartition(" : ")[2] for one in variables["slo"]["query"].split(", ")] == list(SLOS)


def test_the_first_line_says_where_to_look_and_is_true() -> None:
    first, table, *_ = panels()
    assert (first["type"], table["title"]) == ("text", "All promises")
    titles = {panel["title"] for panel in panels()} | set(promised.COLUMNS.values())
    assert set(re.findall(r"(?<!\*)\*(\w[\w ]+)\*(?!\*)", first["options"]["content"])) <= titles | {"Planner"}
    assert list(promised.COLUMNS.values())[1] == "Status"


def asked(slo: str, title: str) -> str:
    """What a panel asks for, over the window of an hour."""
    panel = next(one for one in row_of(slo) if one["title"] == title)
    return panel["targets"][0]["expr"].replace("$window", "1h")


def recorded(slo: Slo, good: int, bad: int) -> dict[str, float]:
    """What the rules record of so many, if all of a week came due today."""
    share = bad / (good + bad)
    rate = share / promql.allowed(slo)
    return {
        promql.increase(slo, "good", slo.window_ms): good,
        promql.increase(slo, "bad", slo.window_ms): bad,
        promql.ratio(slo, slo.window_ms): share,
        promql.burn_rate(slo, DAY): rate,
        promql.budget_left(slo): 1 - rate,
        promql.objective(slo): slo.objective,
    }


VALUES = {Standing.KEPT: 2.0, Standing.BURNING: 1.0, Standing.BROKEN: 0.0}


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed")
def test_it_says_of_a_promise_what_the_planner_says_itself(tmp_path: Path) -> None:
    slo = PROMISES.slos[0]
    cases = []
    for good, bad in ((1_000, 0), (998, 2), (993, 7), (985, 15), (900, 100)):
        status = Status(slo, good, bad, {"1d": budget.burn_rate(good, bad, slo.objective)})
        lasts = status.time_to_exhaustion
        expected = {
            "Now": status.rate,
            "Status": VALUES[status.standing],
            "Budget left": status.budget_left,
            "Budget lasts": None if lasts is None else lasts // SECOND,
            "May still fail": budget.allowed_bad(good + bad, slo.objective) - bad,
        }
        series = [{"series": f'{name}{{slo="{slo.id}"}}', "values": repr(value)}
                  for name, value in recorded(slo, good, bad).items()]  # fmt: skip
        cases.append({
            "interval": "1m",
            "input_series": series,
            "promql_expr_test": [
                {"expr": f"max(round({asked(slo.id, title)}, 0.0001))", "eval_time": "0m",
                 "exp_samples": [] if value is None else [{"labels": "{}", "value": round(value, 4)}]}
                for title, value in expected.items()
            ],
        })  # fmt: skip
    (tmp_path / "test.yml").write_text(json.dumps({"rule_files": [], "tests": cases}))
    done = subprocess.run([str(PROMTOOL), "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def tables() -> list[Any]:
    return [panel for panel in panels() if panel["type"] == "table"]


def test_the_tables_show_only_the_promises_that_are_chosen() -> None:
    queries = [target for panel in tables() for target in panel["targets"]]
    assert len(queries) > len(promised.COLUMNS)
    for target in queries:
        selectors = re.findall(r"\{[^}]*\}", target["expr"])
        assert selectors
        assert all('slo=~"$slo"' in one for one in selectors)


def test_how_long_the_budget_lasts_is_told_of_a_day_where_there_is_one() -> None:
    slo = PROMISES.slos[0]
    lasts = next(panel for panel in row_of(slo.id) if panel["title"] == "Budget lasts")
    assert "burn_rate1d" in lasts["targets"][0]["expr"]
    assert f"* {slo.window_ms // 1_000} /" in lasts["targets"][0]["expr"]
    assert promql.budget_left(slo) in lasts["targets"][0]["expr"]
