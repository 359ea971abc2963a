"""The rules that are written by hand, and their tests, as they stand in the stack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from planner.catalogue import all_metrics
from planner.catalogue.metric import Kind
from tools.stackcheck import others

STACK = Path(__file__).parents[2] / "stack"
RULES = STACK / "prometheus"
TESTS = RULES / "tests"
RUNBOOKS = STACK / "runbooks"

OTHERS = others.names()
"""Metrics that are not the planner's."""

_NAME = re.compile(r"\b(?:planner|prometheus|alertmanager|otelcol|loki)_\w+|\bup\b|\bALERTS\b")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


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
    return yaml.safe_load(path.read_text())


def alerts_of(path: Path) -> list[Alert]:
    return [
        Alert(rule["alert"], path.name, rule["expr"], rule["labels"], rule["annotations"])
        for group in read(path)["groups"]
        for rule in group["rules"]
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
    return frozenset(
        name + end
        for metric in all_metrics()
        for name in [metric.prometheus]
        for end in (("_bucket", "_sum", "_count") if metric.kind is Kind.HISTOGRAM else ("",))
    )


def metrics_in(query: str) -> set[str]:
    """Names of metrics that a query asks for; what stands in quotes is no name, unless it is asked for by name."""
    by_name = re.findall(r'__name__=~"([a-z_]+)\(_total\)\?"', query)
    return {*_NAME.findall(_QUOTED.sub("", query)), *by_name}
