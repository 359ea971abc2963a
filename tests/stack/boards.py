"""The dashboards as Grafana gets them, taken apart for tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from planner import dashboards, promises

PROMISES = promises.load()
BOARDS: dict[str, Any] = {path: json.loads(text) for path, text in dashboards.files(PROMISES).items()}
"""By path, as they are written."""
COLUMNS = 24
STANDS_FOR = {
    "instance": ".*", "slo": ".*", "__rate_interval": "1m", "__interval": "1m", "__range": "6h",
}  # fmt: skip
"""What a variable may be. A choice with one value is tried with each of them, and a text with none and with one."""


def panels(board: Any) -> Iterator[Any]:
    """All of them, those of folded rows too; rows are none."""
    for one in board["panels"]:
        if one["type"] == "row":
            yield from one["panels"]
        else:
            yield one


def asking(board: Any) -> Iterator[Any]:
    """Those that ask for something: all but lines of words."""
    return (panel for panel in panels(board) if panel["type"] != "text")


def variables(board: Any) -> dict[str, Any]:
    return {one["name"]: one for one in board["templating"]["list"]}


def values(variable: Any) -> list[str]:
    """What may be put in its place."""
    if variable["type"] == "textbox":
        return ["", "4711"]
    if variable["type"] == "custom" and not variable["multi"]:
        return [one.rpartition(" : ")[2] for one in variable["query"].split(", ")]
    return [STANDS_FOR.get(variable["name"], ".*")]


def promql(board: Any) -> Iterator[str]:
    """Every query to Prometheus as Grafana sends it: with each value of what it chooses by."""
    found = [target["expr"] for panel in asking(board) for target in panel["targets"]
             if target["datasource"]["type"] == "prometheus"]  # fmt: skip
    found += [one["expr"] for one in board["annotations"]["list"]]
    for expression in found:
        yield from filled(board, expression)


def filled(board: Any, expression: str) -> Iterator[str]:
    """A query with every value of the first variable that it holds, and so on with the next."""
    expression = re.sub(r"\$(__\w+)", lambda name: STANDS_FOR[name[1]], expression)
    name = next(iter(re.findall(r"\$\{?([A-Za-z]\w*)", expression)), None)
    if name is None:
        yield expression
        return
    for value in values(variables(board)[name]):
        yield from filled(board, re.sub(rf"\$(\{{{name}(:\w+)?\}}|{name}\b)", lambda _, value=value: value, expression))
