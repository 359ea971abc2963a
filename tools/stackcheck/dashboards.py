"""Dashboards by their own logic, which no schema holds: ids, places, units, data sources, references, links."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from tools.stackcheck.found import STACK, Found
from tools.stackcheck.units import PREFIXES, UNITS

FOLDER = STACK / "generated" / "dashboards"
COLUMNS = 24
BY_GRAFANA: Mapping[str, str] = {
    "__rate_interval": "1m", "__interval": "1m", "__interval_ms": "60000", "__range": "1h", "__range_s": "3600",
    "__range_ms": "3600000", "__from": "1700000000000", "__to": "1700003600000", "__all": ".*",
    **dict.fromkeys(("__data", "__value", "__field", "__series", "__url_time_range", "__dashboard", "timezone"), ""),
}  # fmt: skip
"""Variables that every dashboard has: https://grafana.com/docs/grafana/latest/dashboards/variables/.

Each with what may stand for it in a query; those without stand in links.
"""
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)(?:[.:][^}]*)?\}|([A-Za-z_]\w*))")


def read(folder: Path = FOLDER) -> dict[str, Any]:
    """Every dashboard by its file's name."""
    return {path.name: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def check(boards: dict[str, Any] | None = None) -> Found:
    boards = read() if boards is None else boards
    panels = sum(len(list(all_panels(board))) for board in boards.values())
    found = [f"{name}: {fault}" for name, board in boards.items() for fault in _of_one(board)]
    twice = [uid for uid, times in Counter(board["uid"] for board in boards.values()).items() if times > 1]
    found += [f"the uid {uid} is that of several dashboards" for uid in twice]
    if not boards:
        found.append("there are no dashboards in stack/generated/dashboards")
    return Found(f"{len(boards)} dashboards, {panels} panels: ids, places, units, data sources, variables", found)


def all_panels(board: Any) -> Iterator[Any]:
    """Those in folded rows, too; no rows."""
    for panel in board["panels"]:
        if panel["type"] != "row":
            yield panel
        yield from panel.get("panels", ())


def _of_one(board: Any) -> Iterator[str]:
    yield from _ids(board)
    yield from _places(board)
    yield from _variables(board)
    for panel in all_panels(board):
        at = f"«{panel['title']}»"
        yield from (f"{at} {fault}" for fault in (*_units(panel), *_sources(panel), *_targets(panel)))


def _ids(board: Any) -> Iterator[str]:
    ids = Counter([*(row["id"] for row in board["panels"] if row["type"] == "row"),
                   *(panel["id"] for panel in all_panels(board))])  # fmt: skip
    yield from (f"the id {number} is that of {times} panels" for number, times in ids.items() if times > 1)


def _places(board: Any) -> Iterator[str]:
    """None upon another: those that are seen at once, and those within each folded row."""
    for together in (board["panels"], *(panel["panels"] for panel in board["panels"] if panel.get("panels"))):
        for panel in together:
            place = panel["gridPos"]
            if place["x"] < 0 or place["w"] < 1 or place["h"] < 1 or place["x"] + place["w"] > COLUMNS:
                yield f"«{panel['title']}» does not fit into {COLUMNS} columns: {place}"
        for one, other in combinations(together, 2):
            if _overlap(one["gridPos"], other["gridPos"]):
                yield f"«{one['title']}» and «{other['title']}» lie upon each other"


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return all(
        one[start] < other[start] + other[size] and other[start] < one[start] + one[size]
        for start, size in (("x", "w"), ("y", "h"))
    )


def _units(panel: Any) -> Iterator[str]:
    found = [panel["fieldConfig"]["defaults"].get("unit", "none")]
    found += [one["value"] for override in panel["fieldConfig"]["overrides"]
              for one in override["properties"] if one["id"] == "unit"]  # fmt: skip
    found += [axis["unit"] for axis in [panel["options"].get("yAxis", {})] if "unit" in axis]
    yield from (f"has a unit that Grafana does not know: {unit}" for unit in found if not _known_unit(unit))


def _known_unit(unit: str) -> bool:
    return unit in UNITS or unit.startswith(PREFIXES)


def _sources(panel: Any) -> Iterator[str]:
    """Variables alone, so that a dashboard can be imported elsewhere."""
    for source in (panel.get("datasource"), *(target["datasource"] for target in panel.get("targets", ()))):
        if source is not None and source["uid"] != f"${{DS_{source['type'].upper()}}}":
            yield f"asks a data source that is no variable of its kind: {source}"


def _targets(panel: Any) -> Iterator[str]:
    letters = [target["refId"] for target in panel.get("targets", ())]
    if len(set(letters)) < len(letters):
        yield f"has the same refId twice: {letters}"
    if not letters and panel["type"] != "text":
        yield "asks for nothing"
    if not panel.get("description", "").strip() and panel["type"] != "text":
        yield "says nothing about itself"


def _variables(board: Any) -> Iterator[str]:
    named = [variable["name"] for variable in board["templating"]["list"]]
    if len(set(named)) < len(named):
        yield f"has the same variable twice: {named}"
    texts = json.dumps([board["panels"], board["annotations"], board["links"]], ensure_ascii=False)
    used = {one or other for one, other in _VARIABLE.findall(texts)}
    for name in sorted(used - set(named) - BY_GRAFANA.keys()):
        yield f"asks for ${name}, which is none of its variables: {', '.join(named)}"
