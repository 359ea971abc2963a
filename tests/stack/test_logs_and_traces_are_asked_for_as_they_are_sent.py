"""What *Logs and traces* asks Loki and Tempo for is what the planner sends: events, fields, levels, steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.catalogue.events import EVENTS, FIELDS
from planner.dashboards import traces
from planner.telemetry.otlp import records, resource
from tests.stack.boards import BOARDS, asking
from tools.stackcheck import asked

BOARD = BOARDS["dashboards/traces.json"]
SOURCE = "\n".join(path.read_text() for path in (Path(__file__).parents[2] / "planner").rglob("*.py")
                   if "dashboards" not in path.parts)  # fmt: skip
BESIDE = {"event", "severity_text", "service_instance_id", "trace_id", "exception_type"}
"""What a line has beside its fields."""
MADE_OF_ERRORS = "error.type"
"""The attribute of a span that failed, which the conventions name."""


def sent_to(kind: str) -> Iterator[tuple[str, str]]:
    for panel in asking(BOARD):
        for target in panel["targets"]:
            if target["datasource"]["type"] == kind:
                yield panel["title"], target.get("expr", target.get("query", ""))


def test_lines_are_found_by_what_stands_beside_them() -> None:
    queries = list(sent_to("loki"))
    assert len(queries) >= 6
    for title, query in queries:
        assert query.removeprefix("sum by").count('{service_name="planner"}') == 1, title
        parts = re.sub(r"`[^`]*`", "``", query)
        beside = set(re.findall(r"\| (\w+)\s*(?:=~|!=|=|!~)", parts)) | set(re.findall(r"by \((\w+)\)", parts))
        assert beside <= BESIDE | FIELDS.keys(), title
        for names in re.findall(r"\^\(([\w.|]+)\)\$", query):
            assert set(names.split("|")) <= EVENTS.keys(), title


def test_what_a_line_is_made_of_are_fields_that_there_are() -> None:
    assert set(traces.SHOWN) <= FIELDS.keys() | BESIDE
    for one in traces.SHOWN:
        assert f"{{{{if .{one}}}}} {one}={{{{.{one}}}}}{{{{end}}}}" in traces.FORMAT


def test_levels_and_the_service_are_named_as_they_are_exported() -> None:
    assert list(traces.SEVERITIES) == list(records._TEXTS.values())
    assert resource.SERVICE == traces.SERVICE


@pytest.mark.parametrize(
    ("typed", "found", "left"),
    [
        ("4711", ["4711", "4710 4711", "4711 4712", "4710 4711 4712"], ["471", "47110", "14711", "4710 47110"]),
        ("", ["4711", "4711 4712"], []),
    ],
)
def test_a_reminder_is_found_alone_and_among_others(typed: str, found: list[str], left: list[str]) -> None:
    (query,) = (query for title, query in sent_to("loki") if title == "The life of a reminder")
    (pattern,) = re.findall(r"reminder=~`([^`]*)`", query)
    filter_ = re.compile(pattern.replace("$reminder", typed))
    assert [one for one in found if not filter_.fullmatch(one)] == []
    assert [one for one in left if filter_.fullmatch(one)] == []


def test_nothing_typed_is_as_good_as_something() -> None:
    typed = [one.text for one in asked.in_dashboards({"traces.json": BOARD}) if one.language == "logql"
             and ("trace" in one.place.partition("«")[2] or "reminder" in one.place)]  # fmt: skip
    assert {"4711" in one for one in typed} == {True, False}
    assert not any("$" in one.replace(")$", "") for one in typed)


def test_traces_are_found_by_steps_and_attributes_that_the_planner_sends() -> None:
    queries = list(sent_to("tempo"))
    assert len(queries) >= 4
    for title, query in queries:
        assert 'resource.service.name = "planner"' in query, title
        for names in re.findall(r'\bname =~? "([\w| ]+)"', query.replace("service.name", "")):
            for name in names.split("|"):
                assert re.search(rf'begin\(\s*"{name}"', SOURCE), (title, name)
        for attribute in set(re.findall(r"span\.([\w.]+)", query)) - {MADE_OF_ERRORS}:
            assert re.search(rf"\b{attribute}=", SOURCE), (title, attribute)
