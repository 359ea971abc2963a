"""Courses and tables of the catalogue's metrics, as more than one dashboard draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

from planner.catalogue import outside
from planner.catalogue.metric import Metric
from planner.dashboards.grid import Panel
from planner.dashboards.panels import GREEN, RED, Steps, columns, over_time, override, table, words
from planner.dashboards.queries import WINDOW, grown, quantile, there
from planner.dashboards.targets import LETTERS, Block, Query

WELL = words((1, "well", GREEN), (0, "not well", RED))
"""Of a check of /readyz."""
SHARES = (0.5, 0.95, 0.99)
FAULTS = ("red", "orange", "purple", "yellow", "blue", "dark-red", "dark-orange", "dark-purple")
"""What went wrong is not drawn in green."""
BEFORE = f"within {WINDOW} before each moment"
"""What a course of counts counts."""


def percentiles(title: str, about: str, metric: Metric, steps: Steps | None = None, *, width: int = 12,
                height: int = 7) -> Panel:  # fmt: skip
    """Below which a half, 95 and 99 in 100 of a histogram's values lay, in seconds; a gap where there were none.

    Dots are single ones that lead to their traces.
    """
    asked = [Query(there(quantile(share, metric)), f"p{100 * share:.0f}") for share in SHARES]
    return over_time(title, about, asked, "s", steps, width=width, height=height, min=0)


def counts(title: str, about: str, metric: Metric, label: str, colors: Mapping[str, str] | None = None, *,
           matchers: tuple[str, ...] = (), width: int = 8, height: int = 7) -> Panel:  # fmt: skip
    """How many there were before each moment, upon each other by ``label``; ``colors`` by its values."""
    asked = [Query(grown(metric, label, matchers=matchers), f"{{{{{label}}}}}")]
    return over_time(title, about, asked, "none", width=width, height=height, bars=True, min=0, decimals=0,
                     overrides=painted(colors or {}))  # fmt: skip


def each(title: str, about: str, label: tuple[str, str], asked: Sequence[tuple[str, str, Block]], *, height: int,
         width: int = 140, most: str = "") -> Panel:  # fmt: skip
    """A line for each value of the label, under its name; a column for each of what is asked, and how it is shown.

    By the label's values, or with the ``most`` in that column first; the first column is ``width`` pixels at least.
    """
    name, shown = label
    names = {f"Value #{letter}": column for letter, (column, _, _) in zip(LETTERS, asked, strict=False)}
    return table(
        title, about, [Query(expression, instant=True, table=True) for _, expression, _ in asked],
        [override(shown, custom__minWidth=width), *(how for _, _, how in asked)],
        columns({name: shown, **names}, by=most or shown, falling=bool(most)), height=height,
    )  # fmt: skip


def traffic() -> Panel:
    """What requests to Telegram cost whoever pays by traffic."""
    return over_time(
        "Traffic with Telegram",
        f"Bytes of requests and answers {BEFORE}. Nothing needs doing; who pays by traffic finds it here.",
        [Query(grown(outside.TRAFFIC, "direction"), "{{direction}}")], "bytes", width=8, min=0,
    )  # fmt: skip


def faults(metric: Metric, label: str) -> dict[str, str]:
    """A colour for each of the label's values, all of which are something that went wrong."""
    values = next(one.values for one in metric.labels if one.name == label)
    return dict(zip(values, cycle(FAULTS), strict=False))


def painted(colors: Mapping[str, str]) -> list[Block]:
    """Series by their names, in the colours that mean something."""
    return [override(name, color={"mode": "fixed", "fixedColor": color}) for name, color in colors.items()]
