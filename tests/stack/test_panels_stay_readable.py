"""Numbers are those of now, lines are few, and queries say which of a histogram's values they count."""

from __future__ import annotations

import re
from typing import Any

import pytest

from planner import catalogue, dashboards
from planner.catalogue import outside, process
from planner.catalogue.metric import Kind
from planner.dashboards.queries import beyond, greatest, grown, now, whole, within
from planner.slo.reading import read_slos
from tests.e2e.watchers import SLO_TOML
from tests.stack.boards import BOARDS, asking
from tools.stackcheck.dashboards import all_panels

CUT = ("outside", "database", "process")
LINES = 10
"""More lines are not told apart."""


def of(name: str) -> Any:
    return BOARDS[f"dashboards/{name}.json"]


@pytest.mark.parametrize("path", BOARDS)
def test_a_number_is_of_now_and_a_line_is_of_all_the_time_shown(path: str) -> None:
    for panel in asking(BOARDS[path]):
        for target in panel["targets"]:
            if target["datasource"]["type"] == "prometheus":
                is_now = panel["type"] in {"stat", "bargauge", "table"}
                assert (target["instant"], target["range"]) == (is_now, not is_now), panel["title"]


@pytest.mark.parametrize("name", CUT)
def test_where_nobody_knows_how_many_lines_there_are_only_the_first_are_drawn(name: str) -> None:
    unknown, known = names(few=False), names(few=True)
    seen = 0
    for panel in asking(of(name)):
        if panel["type"] in {"timeseries", "bargauge"}:
            for target in panel["targets"]:
                by = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", target["expr"])))) - {"le"}
                cut = re.search(r"topk\((\d+), ", target["expr"])
                assert by <= unknown | known
                assert (cut is not None) or not by & unknown, panel["title"]
                assert cut is None or int(cut[1]) <= LINES
                seen += 1
    assert seen


def names(*, few: bool) -> set[str]:
    """Labels whose values the catalogue has, or has not; a label of both kinds is of the second."""
    labels = [label for metric in catalogue.all_metrics() for label in metric.labels]
    unknown = {label.name for label in labels if not label.values}
    return {label.name for label in labels} - unknown if few else unknown


def test_what_is_counted_above_a_length_is_above_one_of_its_buckets() -> None:
    assert 2.5 in outside.DURATION.bounds
    assert within(2.5, outside.DURATION) == (
        'sum (increase(planner_telegram_duration_seconds_bucket{instance=~"$instance", le="2.5"}[$window]))'
    )
    assert beyond(10.0, outside.DURATION, "method", window="1h") == (
        'sum by (method) (increase(planner_telegram_duration_seconds_count{instance=~"$instance"}[1h])) - '
        'sum by (method) (increase(planner_telegram_duration_seconds_bucket{instance=~"$instance",'
        ' le=~"10|10[.]0"}[1h]))'
    )
    with pytest.raises(ValueError, match="has no bucket that ends at 3"):
        within(3.0, outside.DURATION)


def test_the_greatest_are_those_of_all_the_time_shown() -> None:
    assert process.THREADS.kind is Kind.GAUGE
    assert greatest(3, whole(grown(outside.REQUESTS, "method")), "method").endswith(
        "and on (method) topk(3, round(sum by (method) "
        '(increase(planner_telegram_requests_total{instance=~"$instance"}[$__range] @ end()))))'
    )
    assert greatest(3, now(process.THREADS, "instance"), "instance").endswith(
        'topk(3, max by (instance) (max_over_time(planner_process_threads{instance=~"$instance"}[$__range] @ end())))'
    )


def test_where_nothing_is_promised_of_calendars_their_share_has_no_colour_of_a_promise() -> None:
    promises = read_slos(SLO_TOML)
    assert [slo.id for slo in promises.slos] == ["reminders"]
    (board,) = (one.json for one in dashboards.boards(promises) if one.name == "outside")
    found = [panel for panel in all_panels(board) if panel["title"].startswith("Syncs that succeeded")]
    assert [len(panel["fieldConfig"]["defaults"]["thresholds"]["steps"]) for panel in found] == [1, 1]
    promised = [panel for panel in all_panels(of("outside")) if panel["title"].startswith("Syncs that succeeded")]
    assert [len(panel["fieldConfig"]["defaults"]["thresholds"]["steps"]) for panel in promised] == [2, 2]
