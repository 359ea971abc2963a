"""Which alerts fire, which did, and when: panels that more than one dashboard has."""

from __future__ import annotations

from collections.abc import Sequence

from planner.dashboards.grid import Panel
from planner.dashboards.panels import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    Steps,
    columns,
    override,
    stat,
    states,
    table,
    words,
)
from planner.dashboards.targets import Block, Json, Query
from planner.model import SECOND
from planner.slo.generate.routes import WATCHDOG
from planner.slo.objectives import Links

ALL = f'alertname!="{WATCHDOG}"'
"""Which alerts are shown: all but the one that always fires, to show that alerts arrive."""
FIRING = words((2, "firing", RED), (1, "pending", ORANGE))
GRAVE = words((3, "critical", RED), (2, "warning", ORANGE), (1, "info", BLUE))
"""An alert that fires, in the colour that its severity has in the tables."""
SEVERITIES: Json = [
    {
        "type": "value",
        "options": {
            "critical": {"color": RED, "index": 0, "text": "critical"},
            "warning": {"color": ORANGE, "index": 1, "text": "warning"},
            "info": {"color": BLUE, "index": 2, "text": "info"},
        },
    }
]
LOOK_MS = 30 * SECOND
"""How often the past is looked at: what fired for less may be missed."""

_TOLD = "alertname, severity, slo"
_TO_MS = SECOND
"""Prometheus' times are in seconds, Grafana's in ms."""


def how_many(links: Links, which: str = ALL, *, width: int = 4, height: int = 4) -> Panel:
    """The number that fire now."""
    return stat(
        "Alerts firing",
        "How many alerts fire now, of whatever severity. The table of alerts on this page says which, and since when;"
        f" {on_its_page(links)}",
        Query(f"count({_firing(which)}) or vector(0)"), "none", Steps(GREEN, ((1, ORANGE),)), width=width,
        height=height, digits=0,
    )  # fmt: skip


def now(links: Links, which: str = ALL, *, width: int = 12, height: int = 8) -> Panel:
    """What fires: how grave it is, and since when it is so."""
    began = f"min by ({_TOLD}) (ALERTS_FOR_STATE{{{which}}})"
    return table(
        "Firing now",
        "What fires, the latest first, and since when that which it is about has been so. Critical: look at once;"
        f" warning: today; info: when there is time. {on_its_page(links)}",
        [Query(f"{_TO_MS} * ({began} and on ({_TOLD}) {_firing(which)})", instant=True, table=True)],
        [*_told(), override("Since", unit="dateTimeFromNow")],
        columns({"alertname": "Alert", "severity": "Severity", "slo": "Promise", "Value": "Since"}, by="Since",
                falling=True),
        width=width, height=height, empty="Nothing fires.",
    )  # fmt: skip


def before(links: Links, which: str = ALL, *, width: int = 12, height: int = 8) -> Panel:
    """What fired within the time that is shown, what still fires included: when last, and for how long in all."""
    past = f"[$__range:{LOOK_MS // SECOND}s]"
    return table(
        "Fired within the time shown",
        "Every alert that fired within the time shown above, the latest first: when it last did, and for how long in"
        f" all. What comes back every day is worth an hour. {on_its_page(links)} It also says how to keep it from"
        " coming back.",
        [Query(f"{_TO_MS} * max_over_time(timestamp({_firing(which)}){past})", instant=True, table=True),
         Query(f"{LOOK_MS // SECOND} * count_over_time({_firing(which)}{past})", instant=True, table=True)],
        [*_told(), override("Last fired", unit="dateTimeFromNow"), override("For", unit="s", decimals=0)],
        columns({"alertname": "Alert", "severity": "Severity", "slo": "Promise", "Value #A": "Last fired",
                 "Value #B": "For"}, by="Last fired", falling=True),
        width=width, height=height, empty="Nothing fired.",
    )  # fmt: skip


def course(about: str, which: str = ALL, *, width: int = 12, height: int = 8) -> Panel:
    """What fired when, a line for each; ``about`` says what to do."""
    return states(
        "Alerts over time",
        f"Every alert that fired, and when. Red: critical; orange: warning; blue: info. {about}",
        Query(_fired(which), "{{alertname}}"), GRAVE, width=width, height=height, empty="Nothing fired.",
    )  # fmt: skip


def on_its_page(links: Links) -> str:
    """Where to read on, of alerts of many names."""
    pages = links.page("stack/runbooks/")
    return f"What to do stands in {pages}, on the page of the alert's name, or of its promise (slo-…)."


def _firing(which: str) -> str:
    return f'max by ({_TOLD}) (ALERTS{{alertstate="firing",{which}}})'


def _fired(which: str) -> str:
    """By name, its gravest severity as a number of ``GRAVE``. What is pending is left out: each start has some."""
    return "\nor ".join(
        f'{value} * max by (alertname) (ALERTS{{alertstate="firing",severity="{severity}",{which}}})'
        for value, severity in ((3, "critical"), (2, "warning"), (1, "info"))
    )


def _told() -> Sequence[Block]:
    colored: Json = {"type": "color-text"}
    return [
        override("Alert", custom__minWidth=190),
        override("Promise", noValue="–"),
        override("Severity", mappings=SEVERITIES, custom__cellOptions=colored, thresholds=Steps(GREY).json),
    ]
