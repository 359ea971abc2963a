"""The rules that are written by hand, and their tests, as they stand in the stack."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from planner.catalogue import all_metrics
from tools.stackcheck import asked, others, reading, used

STACK = Path(__file__).parents[2] / "stack"
RULES = STACK / "prometheus"
TESTS = RULES / "tests"
RUNBOOKS = STACK / "runbooks"

OTHERS = others.names() | asked.recorded()
"""Metrics that are not in the planner's catalogue: of those that watch it, and what rules record."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert of a file of rules."""

    name: str
    file: str
    expr: str
    labels: dict[str, str]
    annotations: dict[str, str]


@cache
def read(path: Path) -> Any:
    return reading.read(path)


def alerts_of(path: Path) -> list[Alert]:
    return [
        Alert(rule["alert"], path.name, rule["expr"], rule["labels"], rule["annotations"])
        for rule in asked.rules_of(path)
        if "alert" in rule
    ]


@cache
def written() -> tuple[Alert, ...]:
    return tuple(alert for path in sorted(RULES.glob("*.rules.yml")) for alert in alerts_of(path))


@cache
def generated() -> tuple[Alert, ...]:
    return tuple(alert for path in sorted((STACK / "generated").glob("*.rules.yml")) for alert in alerts_of(path))


@cache
def ours() -> frozenset[str]:
    """Every name that a metric of the catalogue has in a query."""
    return frozenset(name for metric in all_metrics() for name in used.series_of(metric))


def metrics_in(query: str) -> set[str]:
    """Names of metrics that a query asks for."""
    return used.names_in(query, ours() | OTHERS)
