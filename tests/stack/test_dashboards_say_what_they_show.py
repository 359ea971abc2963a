"""Every dashboard: it can be imported anywhere, asks for nothing that there is not, and says what to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from planner import catalogue, dashboards, promises
from planner.catalogue.metric import Kind
from planner.model import DAY, HOUR
from planner.slo import lengths
from planner.slo.generate import rules
from planner.slo.reading import read_slos
from tests.stack.boards import BOARDS, COLUMNS, PROMISES, asking, panels, promql, variables

PROMTOOL = shutil.which("promtool")
ROOT = Path(__file__).parents[2]
DESCRIPTION = 40
"""So many letters, at least, say what a panel shows and what to do."""
NOTHING = "nothing needs doing"
UNITS = {
    "none", "short", "s", "ms", "percentunit", "bytes", "Bps", "string", "dateTimeFromNow", "dateTimeAsIso",
    "cps", "ops", "reqps",
}  # fmt: skip
"""Those that are used; whoever adds one has looked it up among Grafana's."""
FOREIGN = ("prometheus_", "alertmanager_", "otelcol_", "loki_", "tempo_", "grafana_", "traces_", "go_", "process_",
           "scrape_")  # fmt: skip
"""How the metrics of whoever watches begin; what runs beside us is no part of the catalogue."""
KEYWORDS = {"and", "or", "unless", "bool", "offset", "group_left", "group_right", "end", "start", "Inf"}

every_board = pytest.mark.parametrize("board", BOARDS.values(), ids=[Path(path).stem for path in BOARDS])


def test_there_is_a_file_for_each_and_it_is_the_one_that_is_committed() -> None:
    kept = ROOT / "stack" / "generated"
    assert [path.relative_to(kept).as_posix() for path in sorted(kept.glob("dashboards/*"))] == sorted(BOARDS)
    assert dashboards.files(PROMISES) == dashboards.files(promises.load())
    uids = [board["uid"] for board in BOARDS.values()]
    assert uids == [f"planner-{Path(path).stem}" for path in BOARDS]
    assert len({board["title"] for board in BOARDS.values()}) == len(BOARDS)


@every_board
def test_it_can_be_imported_anywhere(board: Any) -> None:
    assert (board["schemaVersion"], board["refresh"], board["tags"]) == (42, "30s", ["planner"])
    assert len(board["description"]) > DESCRIPTION
    chosen = variables(board)
    for kind, uid in re.findall(r'"type": "(\w+)", "uid": "([^"]+)"', json.dumps(board)):
        assert uid == f"${{DS_{kind.upper()}}}"
        assert (chosen[f"DS_{kind.upper()}"]["type"], chosen[f"DS_{kind.upper()}"]["query"]) == ("datasource", kind)
    sources = re.findall(r'"uid": "([^"]+)"', json.dumps(board))
    assert {uid for uid in sources if not uid.startswith("${DS_")} == {board["uid"]}


@every_board
def test_it_has_what_all_have_and_leads_to_the_others(board: Any) -> None:
    chosen = variables(board)
    assert {"DS_PROMETHEUS", "instance", "window"} <= chosen.keys()
    window = chosen["window"]
    assert window["current"]["value"] in window["query"].split(", ")
    (link,) = board["links"]
    assert (link["type"], link["tags"], link["includeVars"], link["keepTime"]) == (
        "dashboards",
        ["planner"],
        True,
        True,
    )
    assert [one["name"] for one in board["annotations"]["list"]] == ["Alerts", "Deploys and starts"]


@every_board
def test_every_variable_that_is_used_is_there_and_what_is_asked_heeds_the_instance(board: Any) -> None:
    used = set(re.findall(r"\$\{?([A-Za-z]\w*)", json.dumps([board["panels"], board["annotations"]])))
    assert used <= variables(board).keys()
    own = {name for name in variables(board) if not name.startswith("DS_")} - {"instance", "window"}
    assert own <= used
    for panel in asking(board):
        for target in panel["targets"]:
            if target["datasource"]["type"] == "prometheus":
                for selector in re.findall(r"(?<![\w:])planner_\w+(\{[^}]*\})?", target["expr"]):
                    assert 'instance=~"$instance"' in selector, (panel["title"], target["expr"])


@every_board
def test_every_panel_has_a_unit_and_says_what_it_means_and_what_to_do(board: Any) -> None:
    for panel in asking(board):
        told, fields = panel["description"], panel["fieldConfig"]["defaults"]
        assert panel["title"]
        assert len(told) >= DESCRIPTION, panel["title"]
        assert fields["unit"] in UNITS, (panel["title"], fields["unit"])
        pages = re.findall(r"stack/runbooks/([\w-]+\.md)?", told)
        assert pages or NOTHING in told.lower(), (panel["title"], told)
        for page in pages:
            assert (ROOT / "stack" / "runbooks" / page).exists(), (panel["title"], page)
        for one in (fields, *(rule["value"] for rule in thresholds(panel))):
            above = [step["value"] for step in one.get("thresholds", one)["steps"]]
            assert above[0] is None
            assert above[1:] == sorted(set(above[1:])), panel["title"]


def thresholds(panel: Any) -> list[Any]:
    """What a column, or a series, has of its own."""
    own = [one for override in panel["fieldConfig"]["overrides"] for one in override["properties"]]
    return [one for one in own if one["id"] == "thresholds"]


@every_board
def test_no_two_panels_have_one_id_or_one_place_and_no_place_is_empty(board: Any) -> None:
    inside = [panel for row in board["panels"] if row["type"] == "row" for panel in row["panels"]]
    ids = [one["id"] for one in (*board["panels"], *inside)]
    assert sorted(ids) == list(range(1, len(ids) + 1))
    full(board["panels"])
    for row in board["panels"]:
        if row["type"] == "row":
            assert bool(row["panels"]) == row["collapsed"]
            full(row["panels"])
    letters = [[target["refId"] for target in panel["targets"]] for panel in asking(board)]
    assert all(len(set(one)) == len(one) for one in letters)


def full(beside: list[Any]) -> None:
    """Fails where two of these overlap, one does not fit, or a place between them is left empty."""
    taken: dict[tuple[int, int], str] = {}
    for one in beside:
        place = one["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert 0 <= x < COLUMNS, one["title"]
                assert (x, y) not in taken, (one["title"], taken[x, y])
                taken[x, y] = one["title"]
    lines = {y for _, y in taken}
    empty = [(x, y) for y in sorted(lines) for x in range(COLUMNS) if (x, y) not in taken]
    assert not empty, [(x, y, taken.get((x, y - 1))) for x, y in empty[:1]]
    if lines:
        assert lines == set(range(min(lines), max(lines) + 1))


def known() -> set[str]:
    """What the planner shows, what the rules record, and Prometheus' own."""
    recorded = {
        rule["record"]
        for text in rules.files(PROMISES).values()
        for group in yaml.safe_load(text)["groups"]
        for rule in group["rules"]
        if "record" in rule
    }
    shown = {f"{one.prometheus}{part}" for one in catalogue.all_metrics()
             for part in (("_bucket", "_count", "_sum") if one.kind is Kind.HISTOGRAM else ("",))}  # fmt: skip
    return recorded | shown | {"ALERTS", "ALERTS_FOR_STATE", "up"}


def names(query: str) -> set[str]:
    """The metrics that a query names: whatever is no function, no keyword, no label and no length."""
    by_pattern = set(re.findall(r'__name__=~?"(\w+)', query))
    bare = re.sub(r'"[^"]*"', "", query)
    bare = re.sub(r"\[[^\]]*\]|\{[^}]*\}|\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", "", bare)
    return set(re.findall(r"(?<![\w:.])[A-Za-z_:][\w:]*(?![\w:])(?!\s*\()", bare)) - KEYWORDS | by_pattern


@every_board
def test_every_query_names_only_what_there_is(board: Any) -> None:
    there = known()
    for query in promql(board):
        found = names(query)
        assert {name for name in found if not name.startswith(FOREIGN)} <= there, (found - there, query)
        assert found or "vector(" in query, query


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed")
def test_every_query_parses(tmp_path: Path) -> None:
    queries = [query for board in BOARDS.values() for query in promql(board)]
    made = [{"record": f"a:query{index}", "expr": query} for index, query in enumerate(queries)]
    file = tmp_path / "queries.yml"
    file.write_text(json.dumps({"groups": [{"name": "queries", "rules": made}]}))
    done = subprocess.run([str(PROMTOOL), "check", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_demo_of_minutes_is_not_a_dot_on_a_picture_of_a_day() -> None:
    demo = read_slos((ROOT / "stack" / "demo" / "slo.toml").read_text())
    longest = max(slo.window_ms for slo in demo.slos)
    assert longest < HOUR
    for board in dashboards.boards(demo):
        made: Any = board.json
        assert longest < lengths.read(made["time"]["from"].removeprefix("now-")) < DAY
        assert lengths.read(variables(made)["window"]["current"]["value"]) < longest
    assert {board.since for board in dashboards.boards(PROMISES)} <= {"now-24h", "now-7d"}


def test_every_alert_leads_to_a_dashboard_that_there_is() -> None:
    linked = [rule["annotations"]["dashboard_url"] for text in rules.files(PROMISES).values()
              for group in yaml.safe_load(text)["groups"] for rule in group["rules"] if "alert" in rule]  # fmt: skip
    uids = {board["uid"] for board in BOARDS.values()}
    assert linked
    assert all(re.search(r"/d/([\w-]+)", one)[1] in uids for one in linked)  # type: ignore[index]  # fails if none


def test_every_line_of_words_says_something() -> None:
    for board in BOARDS.values():
        for panel in panels(board):
            if panel["type"] == "text":
                assert len(panel["options"]["content"]) > DESCRIPTION
