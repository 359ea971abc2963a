"""The *Promises* dashboard: it can be imported, asks for nothing that there is not, and says what to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from planner import catalogue, dashboards, promises
from planner.catalogue.metric import Kind
from planner.model import DAY, SECOND
from planner.slo import budget
from planner.slo.generate import promql, rules
from planner.slo.lengths import named
from planner.slo.objectives import DASHBOARD, Slo
from planner.slo.status import Standing, Status

PROMTOOL = shutil.which("promtool")
PROMISES = promises.load()
SLOS = {slo.id: slo for slo in PROMISES.slos}
BOARD: Any = json.loads(dashboards.files(PROMISES)["dashboards/promises.json"])
WINDOWS = [named(window) for window in dashboards.promises.shared_windows(PROMISES)]
WORDS = {
    "abs", "max", "count", "sum", "changes", "time", "by", "or", "and", "bool", "on",
    "slo", "instance", "alertname", "alertstate", "severity", "firing", "pending",
}  # fmt: skip
"""What stands in PromQL and is no metric."""


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


def queries() -> Iterator[str]:
    """Every query as Grafana sends it: of each window that can be chosen."""
    found = [target["expr"] for panel in panels() for target in panel["targets"]]
    found += [one["expr"] for one in BOARD["annotations"]["list"]]
    for expression in found:
        for window in WINDOWS if "$window" in expression else ("",):
            yield expression.replace("$window", window).replace("$slo", ".*").replace("$instance", ".*")


def known() -> set[str]:
    """What the planner shows, what the rules record, and Prometheus' own."""
    recorded = {
        rule["record"]
        for text in rules.files(PROMISES).values()
        for group in yaml.safe_load(text)["groups"]
        for rule in group["rules"]
        if "record" in rule
    }
    shown = {one.prometheus for one in catalogue.all_metrics() if one.kind is not Kind.HISTOGRAM}
    return recorded | shown | {"ALERTS"}


def test_every_query_names_only_what_there_is() -> None:
    there, seen = known(), 0
    for query in queries():
        bare = re.sub(r'"[^"]*"|\[\w+\]', "", query)
        names = set(re.findall(r"(?<![\w:.])[A-Za-z_:][\w:]*", bare)) - WORDS
        assert names <= there, (names - there, query)
        assert names, query
        seen += 1
    assert seen > 10 * len(SLOS)


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed")
def test_every_query_parses(tmp_path: Path) -> None:
    made = [{"record": f"a:query{index}", "expr": query} for index, query in enumerate(queries())]
    file = tmp_path / "queries.yml"
    file.write_text(json.dumps({"groups": [{"name": "queries", "rules": made}]}))
    done = subprocess.run([str(PROMTOOL), "check", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_promise_has_a_row_that_tells_all_of_it() -> None:
    for slo in SLOS:
        assert [(panel["type"], panel["title"]) for panel in row_of(slo)] == [
            ("stat", "Now"),
            ("stat", "Status"),
            ("bargauge", "Budget left"),
            ("stat", "Burn rate over $window"),
            ("stat", "Budget lasts"),
            ("stat", "May still be bad"),
            ("timeseries", "The share over time"),
            ("timeseries", "Budget over time"),
            ("timeseries", "What came due within $window"),
            ("timeseries", "Burn rates of the alerts' windows"),
            ("state-timeline", "Alerts, now and before"),
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


def test_every_panel_has_a_unit_and_says_what_it_means_and_what_to_do() -> None:
    for panel in panels():
        assert panel["fieldConfig"]["defaults"]["unit"] in {"percentunit", "s", "none"}
        assert len(panel["description"]) > 40, panel["title"]
        steps(panel)
    for slo in SLOS.values():
        told = " ".join(panel["description"] for panel in row_of(slo.id))
        for part in (slo.description, slo.policy, slo.impact, slo.runbook):
            assert part in told


def test_no_two_panels_have_one_id_or_one_place() -> None:
    ids = [one["id"] for one in (*BOARD["panels"], *(panel for panel in panels() if panel not in BOARD["panels"]))]
    assert sorted(ids) == list(range(1, len(ids) + 1))
    taken_in(BOARD["panels"])
    for row in BOARD["panels"]:
        if row["type"] == "row" and row["collapsed"]:
            taken_in(row["panels"])


def taken_in(beside: list[Any]) -> None:
    """Fails where two of these overlap, or one does not fit."""
    taken: set[tuple[int, int]] = set()
    for one in beside:
        place = one["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}  # fmt: skip
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, one["title"]
        taken |= cells


def test_it_can_be_imported_anywhere_and_its_choices_are_real() -> None:
    assert (BOARD["uid"], BOARD["schemaVersion"], BOARD["refresh"]) == (DASHBOARD, 42, "30s")
    variables = {one["name"]: one for one in BOARD["templating"]["list"]}
    assert list(variables) == ["DS_PROMETHEUS", "instance", "window", "slo"]
    assert variables["DS_PROMETHEUS"]["type"] == "datasource"
    assert variables["window"]["query"].split(", ") == WINDOWS
    assert variables["window"]["current"]["value"] in WINDOWS
    assert [one.rpartition(" : ")[2] for one in variables["slo"]["query"].split(", ")] == list(SLOS)
    sources = re.findall(r'"uid": "([^"]+)"', json.dumps(BOARD))
    assert set(sources) == {"${DS_PROMETHEUS}", DASHBOARD}
    letters = [[target["refId"] for target in panel["targets"]] for panel in panels()]
    assert all(len(set(one)) == len(one) for one in letters)


def test_it_is_the_same_each_time_and_has_what_the_alerts_link_to() -> None:
    assert dashboards.files(PROMISES) == dashboards.files(promises.load())
    linked = [rule["annotations"]["dashboard_url"] for text in rules.files(PROMISES).values()
              for group in yaml.safe_load(text)["groups"] for rule in group["rules"] if "alert" in rule]  # fmt: skip
    assert all(f"/d/{BOARD['uid']}" in one for one in linked)


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
            "May still be bad": budget.allowed_bad(good + bad, slo.objective) - bad,
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


def test_the_table_shows_only_the_promises_that_are_chosen() -> None:
    table = next(panel for panel in panels() if panel["type"] == "table")
    for target in table["targets"]:
        selectors = re.findall(r"\{[^}]*\}", target["expr"])
        assert selectors
        assert all('slo=~"$slo"' in one for one in selectors)


def test_how_long_the_budget_lasts_is_told_of_a_day_where_there_is_one() -> None:
    slo = PROMISES.slos[0]
    lasts = next(panel for panel in row_of(slo.id) if panel["title"] == "Budget lasts")
    assert "burn_rate1d" in lasts["targets"][0]["expr"]
    assert f"* {slo.window_ms // 1_000} /" in lasts["targets"][0]["expr"]
    assert promql.budget_left(slo) in lasts["targets"][0]["expr"]
