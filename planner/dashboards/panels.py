"""Grafana's panels as plain dictionaries: what all of them have, and one function for each kind.

Classic dashboards (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/),
which Grafana 13 takes as they are. Where a panel stands is not its own affair: see ``placed``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Block: TypeAlias = "dict[str, Json]"

COLUMNS = 24
GREEN, ORANGE, RED, BLUE, GREY = "green", "orange", "red", "blue", "#8e8e8e"


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of data source. Which one it is, whoever looks chooses above."""

    kind: str

    @property
    def variable(self) -> str:
        return f"DS_{self.kind.upper()}"

    @property
    def json(self) -> Mapping[str, Json]:
        return {"type": self.kind, "uid": f"${{{self.variable}}}"}


PROMETHEUS, LOKI, TEMPO = Source("prometheus"), Source("loki"), Source("tempo")


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL, LogQL or TraceQL by its ``source``, and what its series are called. ``instant``: its value now."""

    expression: str
    legend: str = ""
    instant: bool = False
    table: bool = False
    source: Source = PROMETHEUS


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


@dataclass(frozen=True, slots=True)
class Panel:
    """One of a dashboard's, of a width in columns (of 24) and a height in Grafana's rows."""

    json: Block
    width: int
    height: int
    queries: tuple[Query, ...] = ()


def stat(title: str, about: str, query: Query, unit: str, steps: Steps, *, width: int = 4, height: int = 4,
         empty: str = "–", digits: int | None = None, mappings: Json = (), several: bool = False) -> Panel:  # fmt: skip
    """A number now, or ``several`` with their names; ``empty`` is shown where there is none."""
    options: Block = {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
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
    field = _field(unit, steps, noValue=empty, mappings=[missing(empty)], min=low, max=high,
                   color={"mode": "thresholds"}, decimals=0)  # fmt: skip
    return _panel("bargauge", title, about, [_present(query)], field, options, width, 4)


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
    options: Block = {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "displayMode": "basic",
        "orientation": "horizontal",
        "showUnfilled": True,
        "valueMode": "color",
        "minVizHeight": 16,
        "minVizWidth": 8,
        "namePlacement": "left",
        "sizing": "auto",
    }
    field = _field(unit, steps, noValue=empty, mappings=[missing(empty)], color={"mode": "thresholds"},
                   **{"min": 0, **limits})  # fmt: skip
    return _panel("bargauge", title, about, [_present(query)], field, options, width, height)


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
    (target,) = _targets([query])
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
    (target,) = _targets([query])
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
        "targets": _targets(queries),
        "fieldConfig": field,
        "options": options,
    }
    return Panel(made, width, height, tuple(queries))


def _targets(queries: Sequence[Query]) -> list[Block]:
    return [_target(letter, query) for letter, query in zip("ABCDEFGHIJKLMNOP", queries, strict=False)]


def _target(letter: str, query: Query) -> Block:
    return {"refId": letter, "datasource": query.source.json, **KINDS[query.source](query)}


def _promql(query: Query) -> Block:
    return {
        "expr": query.expression,
        "exemplar": BUCKETS in query.expression and not query.instant,
        "legendFormat": query.legend or "__auto",
        "instant": query.instant,
        "range": not query.instant,
        "format": "table" if query.table else "time_series",
    }


def _logql(query: Query) -> Block:
    return {
        "expr": query.expression,
        "legendFormat": query.legend,
        "queryType": "instant" if query.instant else "range",
    }


def _traceql(query: Query) -> Block:
    return {"query": query.expression, "queryType": "traceql", "limit": 50}


BUCKETS = "_bucket{"
"""Where a histogram is asked for, the traces of some of its values are shown with it."""
KINDS: Mapping[Source, Callable[[Query], Block]] = {PROMETHEUS: _promql, LOKI: _logql, TEMPO: _traceql}
"""How each data source is asked."""


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
