"""Grafana's panels as plain dictionaries: what all of them have, and one function for each kind.

Classic dashboards (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/),
which Grafana 13 takes as they are. What a panel asks is ``targets``'s, and where it stands ``grid``'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.dashboards.grid import COLUMNS, Panel
from planner.dashboards.targets import Block, Json, Query, targets

GREEN, ORANGE, RED, BLUE, GREY = "green", "orange", "red", "blue", "#8e8e8e"
LAST: Json = {"calcs": ["lastNotNull"], "fields": "", "values": False}
"""Of a series the last value that there is."""


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


NEUTRAL = Steps(BLUE)
"""Where no value is worse than another."""


def stat(title: str, about: str, query: Query, unit: str, steps: Steps, *, width: int = 4, height: int = 4,
         empty: str = "–", digits: int | None = None, mappings: Json = (), several: bool = False) -> Panel:  # fmt: skip
    """A number now, or ``several`` with their names; ``empty`` is shown where there is none."""
    options: Block = {
        "reduceOptions": LAST,
        "colorMode": "background_solid" if mappings else "value",
        "graphMode": "none",
        "justifyMode": "auto",
        "orientation": "auto",
        "textMode": "value_and_name" if several else "value",
    }
    field = _field(unit, steps, noValue=empty, mappings=[*_each(mappings), missing(empty)],
                   color={"mode": "thresholds"}, **_digits(digits))  # fmt: skip
    return _panel("stat", title, about, [_present(query)], field, options, width, height)


def gauge(title: str, about: str, query: Query, unit: str, steps: Steps, *, width: int = 4, low: float = 0,
          high: float = 1, empty: str = "–") -> Panel:  # fmt: skip
    """A share now, on a bar from ``low`` to ``high``."""
    field = _field(unit, steps, noValue=empty, mappings=[missing(empty)], min=low, max=high,
                   color={"mode": "thresholds"}, decimals=0)  # fmt: skip
    return _panel("bargauge", title, about, [_present(query)], field, _bars("hidden"), width, 4)


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
    custom: Block = {"fillOpacity": 80, "lineWidth": 0}
    field = _field("none", Steps(GREY), noValue=empty, mappings=mappings, color={"mode": "thresholds"}, custom=custom)
    return _panel("state-timeline", title, about, [query], field, options, width, height)


def table(title: str, about: str, queries: Sequence[Query], overrides: Json, transformations: Json, *,
          width: int = COLUMNS, height: int = 10, empty: str = "–") -> Panel:  # fmt: skip
    """A line for each thing, a column for each query."""
    options: Block = {"cellHeight": "sm", "showHeader": True}
    field = _field("none", Steps(GREEN), noValue=empty, color={"mode": "thresholds"},
                   custom={"align": "auto", "cellOptions": {"type": "auto"}})  # fmt: skip
    made = _panel("table", title, about, queries, {**field, "overrides": overrides}, options, width, height)
    return Panel({**made.json, "transformations": transformations}, width, height, made.queries)


def columns(names: Mapping[str, str], *, by: str = "", falling: bool = False) -> Json:
    """A table of all queries' values: the columns in this order under these names, sorted ``by`` one of the names."""
    organized: Json = {
        "excludeByName": {"Time": True},
        "indexByName": {name: index for index, name in enumerate(names)},
        "renameByName": names,
    }
    found: list[Json] = [{"id": "merge", "options": {}}, {"id": "organize", "options": organized}]
    if by:
        found.append({"id": "sortBy", "options": {"sort": [{"field": by, "desc": falling}]}})
    return found


def bars(title: str, about: str, query: Query, unit: str, steps: Steps, *, width: int = 6, height: int = 7,
         empty: str = "–", **limits: Json) -> Panel:  # fmt: skip
    """A bar for each series, now, with its name: what is most."""
    field = _field(unit, steps, noValue=empty, mappings=[missing(empty)], color={"mode": "thresholds"},
                   **{"min": 0, **limits})  # fmt: skip
    return _panel("bargauge", title, about, [_present(query)], field, _bars("left"), width, height)


def _bars(names: str) -> Block:
    """Options of lying bars, ``names`` saying where theirs stand."""
    return {
        "reduceOptions": LAST,
        "displayMode": "basic",
        "orientation": "horizontal",
        "showUnfilled": True,
        "valueMode": "color",
        "minVizHeight": 16,
        "minVizWidth": 8,
        "namePlacement": names,
        "sizing": "auto",
    }


def heatmap(title: str, about: str, query: Query, unit: str, *, width: int = 12, height: int = 8) -> Panel:
    """How many lay where when; ``query`` gives a histogram's buckets by ``le``, which are of ``unit``."""
    options: Block = {
        "calculate": False,
        "cellGap": 1,
        "color": {"mode": "scheme", "scheme": "Oranges", "scale": "exponential", "exponent": 0.5, "steps": 64,
                  "fill": "dark-orange", "reverse": False},
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "tooltip": {"mode": "single", "showColorScale": False, "yHistogram": False},
        "yAxis": {"axisPlacement": "left", "reverse": False, "unit": unit},
    }  # fmt: skip
    custom: Block = {
        "hideFrom": {"legend": False, "tooltip": False, "viz": False},
        "scaleDistribution": {"type": "linear"},
    }
    made = _panel("heatmap", title, about, [query], _field("none", Steps(GREEN), custom=custom), options, width, height)
    (target,) = targets([query])
    return Panel({**made.json, "targets": [{**target, "format": "heatmap", "legendFormat": "{{le}}"}]},
                 width, height, made.queries)  # fmt: skip


def log(title: str, about: str, query: Query, *, width: int = COLUMNS, height: int = 10) -> Panel:
    """Lines of the log, the newest first. ``query`` is LogQL."""
    options: Block = {
        "dedupStrategy": "none",
        "enableLogDetails": True,
        "prettifyLogMessage": False,
        "showCommonLabels": False,
        "showLabels": False,
        "showTime": True,
        "sortOrder": "Descending",
        "wrapLogMessage": True,
    }
    return _panel("logs", title, about, [query], _field("none", Steps(GREEN)), options, width, height)


def traces(title: str, about: str, query: Query, *, width: int = COLUMNS, height: int = 10,
           spans: bool = False) -> Panel:  # fmt: skip
    """A line for each trace that was found, or for each of their ``spans``. ``query`` is TraceQL."""
    found = table(title, about, [query], (), (), width=width, height=height, empty="none")
    (target,) = targets([query])
    return Panel(
        {**found.json, "targets": [{**target, "tableType": "spans" if spans else "traces"}]},
        width,
        height,
        found.queries,
    )


def note(text: str, *, height: int = 2) -> Panel:
    """A line of words, in Markdown: where to look first."""
    made: Block = {
        "type": "text",
        "title": "",
        "description": "",
        "transparent": True,
        "targets": [],
        "fieldConfig": {"defaults": {}, "overrides": []},
        "options": {"mode": "markdown", "content": text},
    }
    return Panel(made, COLUMNS, height)


def words(*meanings: tuple[float, str, str]) -> list[Json]:
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


def missing(text: str) -> Json:
    """Where there is no value, this in grey; Grafana by itself takes the colour of the lowest step, maybe red."""
    return {"type": "special", "options": {"match": "null+nan", "result": {"color": GREY, "index": 99, "text": text}}}


def _each(mappings: Json) -> Sequence[Json]:
    return mappings if isinstance(mappings, Sequence) and not isinstance(mappings, str) else ()


def override(column: str, **properties: Json) -> Block:
    """What holds for one column, or series, alone; ``__`` in a name stands for a dot."""
    return {
        "matcher": {"id": "byName", "options": column},
        "properties": [{"id": name.replace("__", "."), "value": value} for name, value in properties.items()],
    }


def _present(query: Query) -> Query:
    """Its value now: the last one of a day's would look like it long after whoever told it is gone."""
    return replace(query, instant=True)


def _field(unit: str, steps: Steps, **more: Json) -> Block:
    defaults: Block = {"unit": unit, "thresholds": steps.json, "mappings": [], **more}
    return {"defaults": defaults, "overrides": []}


def _digits(digits: int | None) -> Block:
    return {} if digits is None else {"decimals": digits}


def _panel(kind: str, title: str, about: str, queries: Sequence[Query], field: Block, options: Block,
           width: int, height: int) -> Panel:  # fmt: skip
    made: Block = {
        "type": kind,
        "title": title,
        "description": about,
        "datasource": queries[0].source.json,
        "targets": targets(queries),
        "fieldConfig": field,
        "options": options,
    }
    return Panel(made, width, height, tuple(queries))
