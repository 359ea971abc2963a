"""Grafana's password, its first page, and data sources that lead to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from planner.telemetry.otlp.resource import resource
from tests.stack.boards import BOARDS
from tests.stack.parts import LOKI, PROVIDER, SERVICES, SOURCES, STACK, mounts
from tools.stack import render


def test_grafana_has_no_password_that_somebody_could_know() -> None:
    given = SERVICES["grafana"]["environment"]
    inside = {str(target): source for source, target, _ in mounts("grafana")}
    folder, _, name = given["GF_SECURITY_ADMIN_PASSWORD__FILE"].rpartition("/")
    assert f"{inside[folder]}/{name}" == f"./run/{render.PASSWORD}"
    assert "GF_SECURITY_ADMIN_PASSWORD" not in given
    assert given["GF_AUTH_ANONYMOUS_ENABLED"] == given["GF_USERS_ALLOW_SIGN_UP"] == "false"


def test_grafana_begins_with_the_promises() -> None:
    home = PurePosixPath(SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    inside = {str(target): source for source, target, _ in mounts("grafana")}
    assert str(home.parent) == PROVIDER
    assert inside[PROVIDER] == "./run/dashboards"
    assert BOARDS[f"dashboards/{home.name}"]["uid"] == "planner-promises"


def uids(value: Any) -> Iterator[str]:
    """Every data source that another names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.lower().endswith("uid") and key != "uid":
                yield inner
            else:
                yield from uids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from uids(inner)


def test_data_sources_lead_to_each_other() -> None:
    assert set(uids([one["jsonData"] for one in SOURCES.values()])) == {"prometheus", "loki", "tempo", "alertmanager"}
    assert set(SOURCES) == {"prometheus", "loki", "tempo", "alertmanager"}
    assert [uid for uid, one in SOURCES.items() if one.get("isDefault")] == ["prometheus"]
    assert all(one["type"] == uid for uid, one in SOURCES.items())


def test_a_line_leads_to_all_that_happened_to_its_reminder() -> None:
    fields = {one["name"]: one for one in SOURCES["loki"]["jsonData"]["derivedFields"]}
    assert all(one["matcherType"] == "label" for one in fields.values()), "they stand beside the line"
    page, variable = re.fullmatch(r"/d/([\w-]+)\?var-(\w+)=\$\$\{__value\.raw\}", fields["reminder"]["url"]).groups()
    board = next(board for board in BOARDS.values() if board["uid"] == page)
    assert any(one["name"] == variable and one["type"] == "textbox" for one in board["templating"]["list"])


def test_dashboards_find_a_data_source_of_each_kind_that_they_ask_for() -> None:
    for board in BOARDS.values():
        for variable in board["templating"]["list"]:
            if variable["type"] == "datasource":
                assert variable["query"] in {one["type"] for one in SOURCES.values()}
    assert not re.findall(r'"uid": "(?!\$\{DS_|planner-)[^"]+"', str(BOARDS).replace("'", '"'))


def test_what_is_written_for_grafana_is_not_taken_for_its_environment() -> None:
    """Grafana fills in ``$NAME`` in these files; ``$$`` is a ``$``."""
    for path in (STACK / "grafana").rglob("*.yaml"):
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
        assert not [line for line in lines if re.search(r"(?<!\$)\$(?!\$)", line)], path


def test_lines_are_found_by_what_the_planner_says_of_itself() -> None:
    own = set(resource("1.0", "here", "production").attributes)
    chosen = {one["action"]: set(one["attributes"])
              for one in LOKI["limits_config"]["otlp_config"]["resource_attributes"]["attributes_config"]}  # fmt: skip
    assert chosen["index_label"] - own == {"service.namespace"}
    assert {"service.instance.id"} < chosen["structured_metadata"] <= own
    assert not chosen["index_label"] & {"service.instance.id", "service.version"}
    tags = SOURCES["tempo"]["jsonData"]["tracesToLogsV2"]["tags"]
    assert {one["key"]: one["value"] for one in tags} == {"service.name": "service_name"}
    assert "service.name" in chosen["index_label"]
