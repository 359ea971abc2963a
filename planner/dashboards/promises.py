"""The *Promises* dashboard: how each promise stands, what is left of its budget, how fast it burns, which alerts fire.

It reads the recorded rules, so that it says what the alerts go by, and of the catalogue's metrics only what tells that
somebody reports at all. Thresholds and words are those of ``slo.toml``.
"""

from __future__ import annotations

from collections.abc import Callable

from planner.catalogue.slo import HEARTBEAT, SLI
from planner.dashboards import promise_row
from planner.dashboards.board import TAG, Board, custom
from planner.dashboards.panels import (
    GREEN,
    ORANGE,
    RED,
    Json,
    Panel,
    Query,
    Row,
    Steps,
    over_time,
    override,
    stat,
    states,
    table,
)
from planner.model import HOUR, MINUTE, SECOND
from planner.slo.generate import promql
from planner.slo.generate.alerting import STALE_MS
from planner.slo.lengths import named
from planner.slo.objectives import DASHBOARD, Links, Promises, Slo

NAME = DASHBOARD.removeprefix(f"{TAG}-")
LOOK_MS = HOUR
"""The window that burn rates are shown over until another is chosen."""

COLUMNS = {
    "slo": "Promise",
    "Value #A": "Now",
    "Value #B": "Objective",
    "Value #C": "Budget left",
    "Value #D": "Burn rate",
    "Value #E": "Budget lasts",
    "Value #F": "Alerts firing",
}


def board(promises: Promises) -> Board:
    """The page to begin with, and the one that alerts lead to."""
    first, *others = promises.slos
    rows = (
        _all(promises),
        Row(first.name, tuple(promise_row.panels(first))),
        *(Row(slo.name, tuple(promise_row.panels(slo)), folded=True) for slo in others),
    )
    shared = [named(window) for window in shared_windows(promises)]
    slos = ", ".join(f"{slo.name.replace(',', '')} : {slo.id}" for slo in promises.slos)
    return Board(
        NAME,
        "Promises",
        "What the planner promises, and whether it keeps it. Made of slo.toml; change it there.",
        rows,
        since="now-7d",
        windows=shared,
        window=named(LOOK_MS) if named(LOOK_MS) in shared else shared[0],
        alerts='slo=~"$slo"',
        variables=(custom("slo", "Promise", slos),),
    )


def shared_windows(promises: Promises) -> list[int]:
    """Those, in ms, over which every promise is recorded."""
    return sorted(set.intersection(*(set(promql.windows(slo)) for slo in promises.slos)))


def _all(promises: Promises) -> Row:
    return Row("All promises", (_table(promises), _heard(promises.links), _own(promises.links), _alerts_of_all()))


def _table(promises: Promises) -> Panel:
    found = [
        _across(promises, promise_row.sli),
        _across(promises, lambda slo: promise_row.of(promql.objective, slo)),
        _across(promises, lambda slo: promise_row.of(promql.budget_left, slo)),
        _across(promises, lambda slo: promql.of(promise_row.chosen(promql.burn_rate, slo), slo)),
        _across(promises, promise_row.lasts),
        'count by (slo) (ALERTS{alertstate="firing",slo=~"$slo"})',
    ]
    names: Json = [
        {"type": "value", "options": {slo.id: {"index": index, "text": slo.name}}}
        for index, slo in enumerate(promises.slos)
    ]
    colored: Json = {"type": "color-text"}
    return table(
        "All promises",
        "A line a promise: the share that was good over its own window, beside what is promised. No number: nothing"
        " came due, and so nothing is broken. What is red has a row of its own below, and its alert a runbook.",
        [Query(expression, instant=True, table=True) for expression in found],
        [
            override("Promise", mappings=names),
            *(override(column, unit="percentunit", decimals=2) for column in ("Now", "Objective")),
            override("Budget left", unit="percentunit", decimals=0, custom__cellOptions=colored,
                     thresholds=Steps(RED, ((0, ORANGE), (_careful(promises), GREEN))).json),
            override("Burn rate", decimals=2, custom__cellOptions=colored,
                     thresholds=Steps(GREEN, ((1, ORANGE),)).json),
            override("Budget lasts", unit="s", noValue="lasts"),
            override("Alerts firing", noValue="0", custom__cellOptions=colored,
                     thresholds=Steps(GREEN, ((1, RED),)).json),
        ],
        [
            {"id": "merge", "options": {}},
            {
                "id": "organize",
                "options": {
                    "excludeByName": {"Time": True},
                    "indexByName": {name: index for index, name in enumerate(COLUMNS)},
                    "renameByName": COLUMNS,
                },
            },
        ],
    )  # fmt: skip


def _across(promises: Promises, expression: Callable[[Slo], str]) -> str:
    """The same of every promise that is chosen."""
    found = (f"max by (slo) ({expression(slo)})".replace(*_if_chosen(slo)) for slo in promises.slos)
    return "\nor ".join(found)


def _if_chosen(slo: Slo) -> tuple[str, str]:
    """A selector of a promise, and the one that finds nothing unless that is chosen above."""
    return f'slo="{slo.id}"', f'slo="{slo.id}",slo=~"$slo"'


def _careful(promises: Promises) -> float:
    return max(slo.careful_below for slo in promises.slos)


def _heard(links: Links) -> Panel:
    age = f'time() - max by (instance) ({HEARTBEAT.prometheus}{{instance=~"$instance"}})'
    return stat(
        "Last noted that it is there",
        "How long ago the planner noted in its database that it is there, which it does once a minute. Where it is red,"
        f" nothing else on this page is news: see {links.page('stack/runbooks/PlannerDown.md')}.",
        Query(age, "{{instance}}"),
        "s",
        Steps(GREEN, ((3 * MINUTE / SECOND, ORANGE), (STALE_MS / SECOND, RED))),
        width=6,
        empty="nobody reports",
    )


def _own(links: Links) -> Panel:
    return over_time(
        "As the planner itself has it",
        "The same shares, straight from the planner's database: each over its promise's own window. Where the rows"
        " below say otherwise for long, Prometheus has missed something: see"
        f" {links.page('stack/runbooks/PlannerCountsStale.md')}.",
        [Query(f'max by (slo) ({SLI.prometheus}{{instance=~"$instance",slo=~"$slo"}})', "{{slo}}")],
        "percentunit",
        width=9,
        height=8,
        max=1,
    )


def _alerts_of_all() -> Panel:
    return states(
        "Alerts, now and before",
        "Every alert of the chosen promises that fired or was about to. Each names its runbook.",
        Query(promise_row.alert_states('slo=~"$slo"'), "{{alertname}}"),
        promise_row.FIRING,
        width=9,
        height=8,
        empty="none",
    )
