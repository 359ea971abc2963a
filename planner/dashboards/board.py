"""What every dashboard of the planner's has: its choices, its links to the others, what happened when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.catalogue.process import STARTS
from planner.catalogue.slo import HEARTBEAT
from planner.dashboards.alerts import ALL
from planner.dashboards.grid import Row, placed
from planner.dashboards.panels import BLUE, RED
from planner.dashboards.targets import LOKI, PROMETHEUS, TEMPO, Block, Json, Source

SCHEMA = 42
"""Of Grafana 13; older ones take what they know of it."""
TAG = "planner"
"""What the planner's dashboards have in common: each links to the others by it."""
WINDOWS = ("5m", "15m", "1h", "6h", "1d", "7d")
"""Over which rates and counts are shown; the third until another is chosen."""


@dataclass(frozen=True, slots=True)
class Board:
    """One dashboard. ``name`` is its file's and, after ``planner-``, its uid; ``since`` is how far back it looks.

    ``windows`` may be chosen, and ``window`` is until another is. ``variables`` and ``annotations`` are its own, beside
    those that all have; ``alerts`` says which alerts it marks, as a selector's labels.
    """

    name: str
    title: str
    about: str
    rows: tuple[Row, ...]
    since: str = "now-24h"
    windows: Sequence[str] = WINDOWS
    window: str = "1h"
    alerts: str = ALL
    variables: tuple[Block, ...] = ()

    @property
    def uid(self) -> str:
        return f"{TAG}-{self.name}"

    @property
    def json(self) -> Block:
        """As Grafana keeps one."""
        return {
            "uid": self.uid,
            "title": self.title,
            "description": self.about,
            "tags": [TAG],
            "schemaVersion": SCHEMA,
            "version": 1,
            "editable": True,
            "graphTooltip": 1,
            "timezone": "browser",
            "time": {"from": self.since, "to": "now"},
            "refresh": "30s",
            "links": [_to_the_others()],
            "templating": {"list": list(self._variables())},
            "annotations": {"list": list(_annotations(self.alerts))},
            "panels": placed(self.rows),
        }

    def _variables(self) -> Iterator[Block]:
        used = {query.source for row in self.rows for panel in row.panels for query in panel.queries}
        yield from (
            datasource(source) for source in (PROMETHEUS, LOKI, TEMPO) if source is PROMETHEUS or source in used
        )
        yield _instances()
        yield custom("window", "Window", ", ".join(self.windows), chosen=self.window)
        yield from self.variables


def _to_the_others() -> Json:
    return {
        "title": "Planner",
        "type": "dashboards",
        "tags": [TAG],
        "asDropdown": True,
        "icon": "external link",
        "includeVars": True,
        "keepTime": True,
        "targetBlank": False,
        "tooltip": "",
        "url": "",
    }


def datasource(source: Source) -> Block:
    """A variable, so that a dashboard can be imported wherever there is one of the kind."""
    return {
        "name": source.variable,
        "label": source.kind.title(),
        "type": "datasource",
        "query": source.kind,
        "regex": "",
        "hide": 0,
        "multi": False,
        "includeAll": False,
        "options": [],
        "refresh": 1,
    }


def _instances() -> Block:
    query = f"label_values({HEARTBEAT.prometheus}, instance)"
    return {
        "name": "instance",
        "label": "Instance",
        "type": "query",
        "datasource": PROMETHEUS.json,
        "definition": query,
        "query": {"query": query, "refId": "instance"},
        "refresh": 2,
        "sort": 1,
        **_choice("All", "$__all", several=True),
    }


def custom(name: str, label: str, values: str, *, chosen: str = "") -> Block:
    """A choice among ``values``, with commas between; without one that is ``chosen``, all of them are."""
    choice = _choice(chosen, chosen, several=False) if chosen else _choice("All", "$__all", several=True)
    return {"name": name, "label": label, "type": "custom", "query": values, **choice}


def textbox(name: str, label: str) -> Block:
    """Something to look for; empty until something is typed."""
    return {"name": name, "label": label, "type": "textbox", "query": "", "hide": 0,
            "current": {"selected": True, "text": "", "value": ""}}  # fmt: skip


def _choice(text: str, value: str, *, several: bool) -> Block:
    return {
        "hide": 0,
        "multi": several,
        "includeAll": several,
        **({"allValue": ".*"} if several else {}),
        "current": {"selected": True, "text": text, "value": value},
    }


def _annotations(alerts: str) -> Iterator[Block]:
    yield _annotation("Alerts", RED, f'max by (alertname, slo, severity) (ALERTS{{alertstate="firing",{alerts}}})',
                      "{{alertname}}", "slo,severity")  # fmt: skip
    yield _annotation("Deploys and starts", BLUE, f"sum(changes({STARTS.prometheus}[2m])) > 0",
                      "The planner was started", "")  # fmt: skip


def _annotation(name: str, color: str, expression: str, title: str, tags: str) -> Block:
    return {
        "name": name,
        "datasource": PROMETHEUS.json,
        "enable": True,
        "hide": False,
        "iconColor": color,
        "expr": expression,
        "step": "60s",
        "titleFormat": title,
        "tagKeys": tags,
    }
