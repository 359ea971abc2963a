"""Grafana's panels as plain dictionaries: what all of them have, and one function for each kind.

Classic dashboards (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/),
which Grafana 13 takes as they are. Where a panel stands is not its own affair: see ``placed``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Block: TypeAlias = "dict[str, Json]"

SOURCE: Mapping[str, Json] = {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}
COLUMNS = 24
GREEN, ORANGE, RED, BLUE, GREY = "green", "orange", "red", "blue", "#8e8e8e"


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL, and what its series are called. ``instant``: its value now, and not over time."""

    expression: str
    legend: str = ""
    instant: bool = False
    table: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """Colours of a value: the first below all of ``above``, and from each of these on its own."""

    first: str
    above: tuple[tuple[float, str], ...] = ()

    @property
    def json(self) -> Json:
        return {
            "mode": "absolute",
            "steps": [
                {"color": self.first, "value": None},
                *({"color": color, "value": value} for value, color in self.above),
            ],
        }


@dataclass(frozen=True, slots=True)
class Panel:
    """One of a dashboard's, of a width in columns (of 24) and a height in Grafana's rows."""

    json: Block
    width: int
    height: int


def stat(title: str, about: str, query: Query, unit: str, steps: Steps, *, width: int = 4, empty: str = "–",
         digits: int | None = None, mappings: Json = ()) -> Panel:  # fmt: skip
    """A number now; ``empty`` is shown where there is none."""
    options: Block = {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "colorMode": "background_solid" if mappings else "value",
        "graphMode": "none",
        "justifyMode": "auto",
        "orientation": "auto",
        "textMode": "value",
    }
    field = _field(unit, steps, noValue=empty, mappings=mappings, color={"mode": "thresholds"}, **_digits(digits))
    return _panel("stat", title, about, [query], field, options, width, 4)


def gauge(title: str, about: str, query: Query, unit: str, steps: Steps, *, width: int = 4, low: float = 0,
          high: float = 1, empty: str = "–") -> Panel:  # fmt: skip
    """A share now, on a bar from ``low`` to ``high``."""
    options: Block = {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "displayMode": "basic",
        "orientation": "horizontal",
        "showUnfilled": True,
        "valueMode": "color",
        "minVizHeight": 16,
        "minVizWidth": 8,
        "namePlacement": "hidden",
        "sizing": "auto",
    }
    field = _field(unit, steps, noValue=empty, min=low, max=high, color={"mode": "thresholds"}, decimals=0)
    return _panel("bargauge", title, about, [query], field, options, width, 4)


def over_time(title: str, about: str, queries: Sequence[Query], unit: str, steps: Steps | None = None, *,
              width: int = 12, height: int = 7, bars: bool = False, overrides: Json = (),
              **limits: Json) -> Panel:  # fmt: skip
    """Lines, or bars upon each other; ``steps`` are drawn as dashed lines."""
    custom: Block = {
        "drawStyle": "bars" if bars else "line",
        "fillOpacity": 70 if bars else 8,
        "lineWidth": 1 if bars else 2,
        "showPoints": "never",
        "spanNulls": False,
        "stacking": {"group": "A", "mode": "normal" if bars else "none"},
        "thresholdsStyle": {"mode": "off" if steps is None else "dashed"},
    }
    options: Block = {
        "legend": {"calcs": ["lastNotNull"], "displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "none"},
    }
    field = _field(unit, steps or Steps(GREEN), color={"mode": "palette-classic"}, custom=custom, **limits)
    return _panel("timeseries", title, about, queries, {**field, "overrides": overrides}, options, width, height)


def states(title: str, about: str, query: Query, mappings: Json, *, width: int = 12, height: int = 7,
           empty: str = "–") -> Panel:  # fmt: skip
    """What was so when, a line for each series."""
    options: Block = {
        "alignValue": "left",
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": False},
        "mergeValues": True,
        "rowHeight": 0.8,
        "showValue": "never",
        "tooltip": {"mode": "single", "sort": "none"},
    }
    custom: Block = {"fillOpacity": 80, "lineWidth": 0, "spanNulls": False}
    field = _field("none", Steps(GREY), noValue=empty, mappings=mappings, color={"mode": "thresholds"}, custom=custom)
    return _panel("state-timeline", title, about, [query], field, options, width, height)


def table(title: str, about: str, queries: Sequence[Query], overrides: Json, transformations: Json, *,
          width: int = COLUMNS, height: int = 10, empty: str = "–") -> Panel:  # fmt: skip
    """A line for each thing, a column for each query."""
    options: Block = {"cellHeight": "sm", "showHeader": True, "footer": {"show": False, "reducer": ["sum"]}}
    field = _field("none", Steps(GREEN), noValue=empty, color={"mode": "thresholds"},
                   custom={"align": "auto", "cellOptions": {"type": "auto"}})  # fmt: skip
    made = _panel("table", title, about, queries, {**field, "overrides": overrides}, options, width, height)
    return Panel({**made.json, "transformations": transformations}, width, height)


def words(*meanings: tuple[float, str, str]) -> Json:
    """Values that are shown as a word, in a colour."""
    return [
        {
            "type": "value",
            "options": {
                f"{value:g}": {"color": color, "index": index, "text": text}
                for index, (value, text, color) in enumerate(meanings)
            },
        }
    ]


def override(column: str, **properties: Json) -> Block:
    """What holds for one column, or series, alone; ``__`` in a name stands for a dot."""
    return {
        "matcher": {"id": "byName", "options": column},
        "properties": [{"id": name.replace("__", "."), "value": value} for name, value in properties.items()],
    }


def _field(unit: str, steps: Steps, **more: Json) -> Block:
    defaults: Block = {"unit": unit, "thresholds": steps.json, "mappings": [], **more}
    return {"defaults": defaults, "overrides": []}


def _digits(digits: int | None) -> Block:
    return {} if digits is None else {"decimals": digits}


def _panel(kind: str, title: str, about: str, queries: Sequence[Query], field: Block, options: Block,
           width: int, height: int) -> Panel:  # fmt: skip
    targets: Json = [_target(letter, query) for letter, query in zip("ABCDEFGHIJ", queries, strict=False)]
    made: Block = {
        "type": kind,
        "title": title,
        "description": about,
        "datasource": SOURCE,
        "targets": targets,
        "fieldConfig": field,
        "options": options,
    }
    return Panel(made, width, height)


def _target(letter: str, query: Query) -> Block:
    return {
        "refId": letter,
        "datasource": SOURCE,
        "expr": query.expression,
        "legendFormat": query.legend or "__auto",
        "instant": query.instant,
        "range": not query.instant,
        "format": "table" if query.table else "time_series",
    }


@dataclass(frozen=True, slots=True)
class Row:
    """A heading with what stands below it; ``folded``: until somebody opens it."""

    title: str
    panels: tuple[Panel, ...]
    folded: bool = False


def placed(rows: Iterable[Row]) -> list[Json]:
    """The panels of a dashboard: each with an id of its own and a place, from left to right and then below."""
    found: list[Json] = []
    y, number = 0, 0
    for row in rows:
        number += 1
        head: Block = {
            "id": number,
            "type": "row",
            "title": row.title,
            "collapsed": row.folded,
            "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1},
        }
        inside, below = _flowing(row.panels, number, y + 1)
        number += len(inside)
        found += [{**head, "panels": inside}] if row.folded else [{**head, "panels": []}, *inside]
        y = y + 1 if row.folded else below
    return found


def _flowing(panels: Sequence[Panel], number: int, y: int) -> tuple[list[Block], int]:
    """The panels below each other where they do not fit beside each other, and the first free line after them."""
    found: list[Block] = []
    x, tallest = 0, 0
    for panel in panels:
        if x + panel.width > COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        number += 1
        place: Block = {"x": x, "y": y, "w": panel.width, "h": panel.height}
        found.append({"id": number, **panel.json, "gridPos": place})
        x, tallest = x + panel.width, max(tallest, panel.height)
    return found, y + tallest
