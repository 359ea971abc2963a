"""Every dashboard: it can be imported anywhere, leaves no hole, and says what to do.

Whether it is sound, and what it asks for is there, ``make stack-check`` says.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from planner import dashboards, promises
from planner.model import DAY, HOUR
from planner.slo import lengths
from planner.slo.reading import read_slos
from tests.slo.written import generated
from tests.stack.boards import BOARDS, PROMISES, asking, variables
from tools.stackcheck.dashboards import COLUMNS, all_panels

ROOT = Path(__file__).parents[2]
DESCRIPTION = 40
"""So many letters, at least, say what a panel shows and what to do."""
NOTHING = "nothing needs doing"
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
def test_every_variable_is_used_and_what_is_asked_heeds_the_instance(board: Any) -> None:
    used = set(re.findall(r"\$\{?([A-Za-z]\w*)", json.dumps([board["panels"], board["annotations"]])))
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
        assert fields["unit"], panel["title"]
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
def test_no_place_is_empty(board: Any) -> None:
    full(board["panels"])
    for row in board["panels"]:
        if row["type"] == "row":
            assert bool(row["panels"]) == row["collapsed"]
            full(row["panels"])


def full(beside: list[Any]) -> None:
    """Fails where a place between these is left empty."""
    taken = {
        (x, y): one["title"]
        for one in beside
        for place in [one["gridPos"]]
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    }
    lines = {y for _, y in taken}
    empty = [(x, y) for y in sorted(lines) for x in range(COLUMNS) if (x, y) not in taken]
    assert not empty, [(x, y, taken.get((x, y - 1))) for x, y in empty[:1]]
    if lines:
        assert lines == set(range(min(lines), max(lines) + 1))


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
    linked = [alert.annotations["dashboard_url"] for alert in generated()]
    uids = {board["uid"] for board in BOARDS.values()}
    assert linked
    assert all(re.search(r"/d/([\w-]+)", one)[1] in uids for one in linked)  # type: ignore[index]  # fails if none


def test_every_line_of_words_says_something() -> None:
    for board in BOARDS.values():
        for panel in all_panels(board):
            if panel["type"] == "text":
                assert len(panel["options"]["content"]) > DESCRIPTION
