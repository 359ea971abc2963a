"""The *Promises* dashboard: how each promise stands, what is left of its budget, how fast it burns, which alerts fire.

It reads the recorded rules, so that it says what the alerts go by, and of the catalogue's metrics only what tells that
somebody reports at all. Thresholds and words are those of ``slo.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from planner.catalogue.slo import ALERTS as OWN_ALERTS
from planner.catalogue.slo import HEARTBEAT, OBJECTIVE, SLI
from planner.dashboards import alerts, promise_row, queries
from planner.dashboards.board import TAG, Board, custom
from planner.dashboards.grid import Panel, Row
from planner.dashboards.panels import (
    GREEN,
    GREY,
    ORANGE,
    RED,
    Steps,
    columns,
    missing,
    note,
    over_time,
    override,
    stat,
    states,
    table,
    words,
)
from planner.dashboards.queries import WINDOW
from planner.dashboards.targets import Json, Query
from planner.dashboards.written import DOWN, above, runbooks
from planner.model import HOUR
from planner.slo.generate import promql
from planner.slo.lengths import named
from planner.slo.objectives import DASHBOARD, Links, Promises, Slo

NAME = DASHBOARD.removeprefix(f"{TAG}-")
LOOK_MS = HOUR
"""The window that burn rates are shown over until another is chosen."""
FASTER = Steps(GREEN, ((1, ORANGE),))
"""Above 1 a budget does not last."""

LASTS = -1
"""Stands for a budget that lasts, for which there is no time."""

COLUMNS = {
    "slo": "Promise",
    "Value #A": "Status",
    "Value #B": "Now",
    "Value #C": "Objective",
    "Value #D": "Budget left",
    "Value #E": "Burn rate",
    "Value #F": "Budget lasts",
    "Value #G": "Alerts firing",
}
CHOSEN = 'slo=~"$slo"'
ALERTS = f"{CHOSEN},{alerts.ALL}"
"""Those of the chosen promises; where all are, also those of no promise, such as that the planner is down."""
FIRST = (
    "**Where to look first:** the column *Status*. Green is kept; grey is idle, since nothing came due. If it is red or"
    " orange, *Firing now* and *Fired within the time shown* say when an alert told of it, the promise's row below how"
    " much more may go wrong, and each panel's (i) what to do. Why it is so, the other dashboards say: they are in the"
    " menu *Planner* above."
)


def board(promises: Promises) -> Board:
    """The page to begin with, and the one that alerts lead to."""
    first, *others = promises.slos
    rows = (
        Row("All promises", tuple(_all(promises))),
        Row("All promises over time", tuple(_over_time(promises))),
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
        alerts=ALERTS,
        variables=(custom("slo", "Promise", slos),),
    )


def shared_windows(promises: Promises) -> list[int]:
    """Those, in ms, over which every promise is recorded."""
    return sorted(set.intersection(*(set(promql.windows(slo)) for slo in promises.slos)))


def _all(promises: Promises) -> Iterator[Panel]:
    yield note(FIRST)
    yield _table(promises)
    yield _heard(promises.links)
    yield alerts.now(promises.links, ALERTS, width=10)
    yield alerts.before(promises.links, ALERTS, width=10)


def _table(promises: Promises) -> Panel:
    objectives = _across(promises, lambda slo: promise_row.of(promql.objective, slo))
    shares = _across(promises, promise_row.sli)
    found = [
        _or_idle(_across(promises, promise_row.standing), objectives),
        _or_idle(shares, objectives),
        objectives,
        _or_idle(_across(promises, lambda slo: promise_row.of(promql.budget_left, slo)), objectives),
        _or_idle(_across(promises, _burning), objectives),
        _or_idle(f"{_across(promises, promise_row.lasts)}\nor {LASTS} + 0 * ({shares})", objectives),
        f'count by (slo) (ALERTS{{alertstate="firing",slo!="",{CHOSEN}}})\nor 0 * ({objectives})',
    ]
    names: Json = [
        {"type": "value", "options": {slo.id: {"index": index, "text": slo.name}}}
        for index, slo in enumerate(promises.slos)
    ]
    colored: Json = {"type": "color-text"}
    return table(
        "All promises",
        "A line a promise: the share that was good over its own window, beside what is promised. Idle, with no number:"
        " nothing came due, and so nothing is broken. What is red has a row of its own below, which names its page of"
        f" {promises.links.page('stack/runbooks/')}.",
        [Query(expression, instant=True, table=True) for expression in found],
        [
            override("Promise", mappings=names),
            override("Status", noValue="idle", mappings=[*promise_row.STANDING, missing("idle")],
                     custom__cellOptions={"type": "color-background"}, thresholds=Steps(GREY).json),
            *(override(column, unit="percentunit", decimals=2, mappings=[missing("–")])
              for column in ("Now", "Objective")),
            override("Budget left", unit="percentunit", decimals=0, custom__cellOptions=colored,
                     thresholds=_left(promises).json, mappings=[missing("–")]),
            override("Burn rate", decimals=2, custom__cellOptions=colored, thresholds=FASTER.json,
                     mappings=[missing("–")]),
            override("Budget lasts", unit="s", mappings=[*words((LASTS, "lasts", GREEN)), missing("–")]),
            override("Alerts firing", noValue="0", custom__cellOptions=colored,
                     thresholds=Steps(GREEN, ((1, RED),)).json),
        ],
        columns(COLUMNS), height=2 + len(promises.slos),
    )  # fmt: skip


def _or_idle(expression: str, objectives: str) -> str:
    """No number for a promise that is idle, so that the column is there even where all are."""
    return f"({expression})\nor NaN * ({objectives})"


def _over_time(promises: Promises) -> Iterator[Panel]:
    pages = alerts.on_its_page(promises.links)
    named_so = [override(slo.id, displayName=slo.name) for slo in promises.slos]
    yield over_time(
        "Budgets over time",
        "What is left of each promise's error budget over its own window; below 0 it is overdrawn, and the promise is"
        " not kept. A fall is a bad hour, and it is forgotten a window later. What is overdrawn by more than all of it"
        f" is not drawn. {pages}",
        [Query(_across(promises, lambda slo: promise_row.of(promql.budget_left, slo)), "{{slo}}")],
        "percentunit", _left(promises), height=8, overrides=named_so, min=-1, max=1,
    )  # fmt: skip
    yield over_time(
        f"Burn history, over {WINDOW} each",
        f"How fast each budget was spent over the {WINDOW} before each moment: 1 spends it exactly within the promise's"
        f" window, and above that it does not last. A gap: nothing came due. {pages}",
        [Query(_across(promises, _burning), "{{slo}}")],
        "none", FASTER, height=8, overrides=named_so, min=0,
    )  # fmt: skip
    yield alerts.course(f"Each has a line of its own while it did. {pages}", ALERTS, width=24, height=7)
    yield from _by_its_own_account(promises.links, named_so)


def _burning(slo: Slo) -> str:
    return promql.of(promise_row.chosen(promql.burn_rate, slo), slo)


def _across(promises: Promises, expression: Callable[[Slo], str]) -> str:
    """The same of every promise that is chosen."""
    found = (f"max by (slo) ({expression(slo)})".replace(*_if_chosen(slo)) for slo in promises.slos)
    return "\nor ".join(found)


def _if_chosen(slo: Slo) -> tuple[str, str]:
    """A selector of a promise, and the one that finds nothing unless that is chosen above."""
    return f'slo="{slo.id}"', f'slo="{slo.id}",slo=~"$slo"'


def _left(promises: Promises) -> Steps:
    """Colours of a budget: those of whoever is careful first."""
    return Steps(RED, ((0, ORANGE), (max(slo.careful_below for slo in promises.slos), GREEN)))


def _heard(links: Links) -> Panel:
    age = f"time() - {queries.now(HEARTBEAT, 'instance')}"
    return stat(
        "Last sign of life",
        "How long ago the planner noted in its database that it is there, which it does once a minute. Where it is red,"
        f" nothing else on this page is news. {runbooks(links, DOWN)}",
        Query(age, "{{instance}}"),
        "s",
        above(DOWN),
        height=8,
        empty="nobody reports",
    )


def _by_its_own_account(links: Links, named_so: Json) -> Iterator[Panel]:
    missed = (
        "Where this and the panels above differ for long, Prometheus has missed something: see"
        f" {links.page('stack/runbooks/PlannerCountsStale.md')}."
    )
    kept, promised = (f"max by (slo) ({queries.of(metric, CHOSEN)})" for metric in (SLI, OBJECTIVE))
    yield over_time(
        "Above what is promised, by the planner's own account",
        "By how much the share that was good is above what is promised, straight from the planner's database; below 0"
        f" the promise is not kept. {missed}",
        [Query(f"{kept} - {promised}", "{{slo}}")],
        "percentunit", Steps(RED, ((0, GREEN),)), height=8, overrides=named_so,
    )  # fmt: skip
    told = (queries.of(OWN_ALERTS, CHOSEN, f'state="{state}"') for state in ("firing", "pending"))
    firing, pending = (f"max by (slo, tier) ({one})" for one in told)
    yield states(
        "Alerts, by the planner's own account",
        "What the planner itself finds to be firing, or about to: it tells its admins of these where there is no stack."
        f" {missed}",
        Query(f"2 * {firing} + {pending} > 0", "{{slo}}, {{tier}}"), alerts.FIRING, height=8, empty="Nothing fired.",
    )  # fmt: skip
